//! The workspace that a package belongs to: as the package's build script told
//! it, or found without running cargo.
//!
//! Cargo's own rule: the nearest Cargo.toml at or above the package that has
//! a `[workspace]` table, unless it excludes the package; a package may name
//! its workspace in `package.workspace`; without any, a package is its own
//! workspace. Packages from a registry or a git checkout have no workspace
//! of ours: the workspace is then looked for from the current directory.

use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::settings::{Settings, Written};

/// The root and the settings of the workspace of the package at
/// `manifest_dir`, or else of the one around `current_dir`.
pub(crate) fn find_workspace(
    manifest_dir: &Path,
    current_dir: Option<&Path>,
) -> Option<(PathBuf, Settings)> {
    let own = (!is_downloaded(manifest_dir))
        .then(|| search(manifest_dir))
        .flatten();
    own.or_else(|| search(current_dir?))
}

/// The workspace that the package at `manifest_dir` was compiled in, given its
/// root relative to that, and its settings; `None` if it is not there, or not
/// ours.
pub(crate) fn known_workspace(
    manifest_dir: &Path,
    root: &str,
    settings: &[(&str, &str)],
) -> Option<(PathBuf, Settings)> {
    let root = normal(&manifest_dir.join(root));
    let is_ours = !is_downloaded(manifest_dir) && root.is_dir();
    let settings = settings
        .iter()
        .map(|(key, value)| (*key, Written::Text((*value).to_owned())));
    is_ours.then(|| (root, Settings::read(settings)))
}

/// Whether cargo downloaded the package: it then lies below a `registry` or
/// `git` directory of cargo's home, next to which nothing is kept.
fn is_downloaded(manifest_dir: &Path) -> bool {
    let names: Vec<_> = manifest_dir
        .components()
        .map(|part| part.as_os_str())
        .collect();
    names.windows(2).any(|pair| {
        (pair[0] == "registry" && pair[1] == "src") || (pair[0] == "git" && pair[1] == "checkouts")
    })
}

fn search(start: &Path) -> Option<(PathBuf, Settings)> {
    let mut nearest = None;
    for dir in start.ancestors() {
        let Some(text) = read(dir) else { continue };
        let Some(manifest) = parse(&text) else {
            continue;
        };
        if let Some(workspace) = table(&manifest, "workspace") {
            if nearest.is_none() || !excludes(dir, workspace, start) {
                return Some((dir.to_owned(), settings(workspace)));
            }
            break;
        }
        if nearest.is_none() {
            let named = table(&manifest, "package").and_then(|package| package.get("workspace"));
            if let Some(named) = named.and_then(|it| it.get_ref().as_str()) {
                let root = normal(&dir.join(named));
                let text = read(&root)?;
                let settings = settings(table(&parse(&text)?, "workspace")?);
                return Some((root, settings));
            }
            nearest = Some(dir);
        }
    }
    nearest.map(|dir| (dir.to_owned(), Settings::default()))
}

fn read(dir: &Path) -> Option<String> {
    std::fs::read_to_string(dir.join("Cargo.toml")).ok()
}

/// What a manifest says, as it is written: making values of all of it takes
/// longer than looking for the few that count.
fn parse(manifest: &str) -> Option<DeTable<'_>> {
    Some(DeTable::parse(manifest).ok()?.into_inner())
}

fn table<'a, 'b>(of: &'a DeTable<'b>, name: &str) -> Option<&'a DeTable<'b>> {
    of.get(name)?.get_ref().as_table()
}

/// Whether a workspace leaves out the package at or above `start`.
fn excludes(root: &Path, workspace: &DeTable<'_>, start: &Path) -> bool {
    let excluded = workspace.get("exclude");
    let excluded = excluded.and_then(|it| it.get_ref().as_array());
    excluded
        .into_iter()
        .flatten()
        .filter_map(|it| it.get_ref().as_str())
        .any(|path| start.starts_with(normal(&root.join(path))))
}

/// The path without `.` and `..`, by its text alone.
fn normal(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

fn settings(workspace: &DeTable<'_>) -> Settings {
    let memo = table(workspace, "metadata").and_then(|metadata| table(metadata, "memo"));
    Settings::read(
        memo.into_iter()
            .flatten()
            .map(|(key, value)| (key.get_ref().as_ref(), written(value.get_ref()))),
    )
}

fn written(value: &DeValue<'_>) -> Written {
    match value {
        DeValue::String(text) => Written::Text(text.to_string()),
        DeValue::Integer(number) => {
            let decimal = i64::from_str_radix(number.as_str(), number.radix());
            Written::Other(decimal.map_or_else(|_| number.to_string(), |it| it.to_string()))
        }
        DeValue::Float(number) => Written::Other(number.to_string()),
        DeValue::Boolean(truth) => Written::Other(truth.to_string()),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => {
            Written::Other(value.type_str().to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Fsync, Options};

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let temp = tempfile::tempdir().unwrap();
        for (dir, manifest) in files {
            std::fs::create_dir_all(temp.path().join(dir)).unwrap();
            std::fs::write(temp.path().join(dir).join("Cargo.toml"), manifest).unwrap();
        }
        temp
    }

    fn root_of(temp: &tempfile::TempDir, package: &str) -> PathBuf {
        let (root, _) = find_workspace(&temp.path().join(package), None).unwrap();
        root.strip_prefix(temp.path()).unwrap().to_owned()
    }

    const PACKAGE: &str = "[package]\nname = \"p\"\n";

    #[test]
    fn a_member_belongs_to_the_workspace_above_it() {
        let temp = tree(&[("", "[workspace]\nmembers = [\"a/b\"]"), ("a/b", PACKAGE)]);
        assert_eq!(root_of(&temp, "a/b"), Path::new(""));
    }

    #[test]
    fn a_lone_package_is_its_own_workspace() {
        let temp = tree(&[("p", PACKAGE)]);
        assert_eq!(root_of(&temp, "p"), Path::new("p"));
    }

    #[test]
    fn an_excluded_package_is_its_own_workspace() {
        let temp = tree(&[
            ("", "[workspace]\nexclude = [\"./out\"]"),
            ("out/p", PACKAGE),
        ]);
        assert_eq!(root_of(&temp, "out/p"), Path::new("out/p"));
    }

    #[test]
    fn a_package_may_name_its_workspace() {
        let named = "[package]\nname = \"p\"\nworkspace = \"../ws\"\n";
        let temp = tree(&[("ws", "[workspace]"), ("p", named)]);
        assert_eq!(root_of(&temp, "p"), Path::new("ws"));
    }

    #[test]
    fn settings_are_those_of_the_workspace() {
        let temp = tree(&[
            ("", "[workspace.metadata.memo]\ndir = \"cache\"\nwait = 5\n"),
            ("p", PACKAGE),
        ]);
        let (_, settings) = find_workspace(&temp.path().join("p"), None).unwrap();
        assert_eq!(settings.values.dir.as_deref(), Some(Path::new("cache")));
        assert_eq!(
            settings.bad[0].problem,
            "`5` is not a number and a unit (ms, s, m, h, d or w), or auto"
        );
    }

    #[test]
    fn a_number_may_be_written_in_every_way_that_manifests_allow() {
        for (written, max_entries) in [("16", 16), ("+16", 16), ("1_000", 1000), ("0x1f", 31)] {
            let manifest = format!("[workspace.metadata.memo]\nmax-entries = {written}\n");
            let temp = tree(&[("", &manifest)]);
            let (_, settings) = find_workspace(temp.path(), None).unwrap();
            let mut options = Options::default();
            settings.values.apply(&mut options);
            assert_eq!(options.limits.max_entries, Some(max_entries), "{written}");
            assert_eq!(settings.bad, []);
        }
    }

    #[test]
    fn a_manifest_that_is_none_is_passed_over() {
        let temp = tree(&[("", "[workspace]"), ("p", "[package")]);
        assert_eq!(root_of(&temp, "p"), Path::new(""));
    }

    #[test]
    fn a_workspace_that_is_known_is_not_looked_for() {
        let temp = tree(&[("", "[workspace]"), ("ws/p", PACKAGE)]);
        let known = |package: &str, root| {
            let known = known_workspace(&temp.path().join(package), root, &[("fsync", "never")]);
            known.map(|(root, settings)| {
                (
                    root.strip_prefix(temp.path()).unwrap().to_owned(),
                    settings.values.fsync,
                )
            })
        };
        assert_eq!(known("ws/p", ".."), Some(("ws".into(), Some(Fsync::Never))));
        assert_eq!(known("ws/p", ""), Some(("ws/p".into(), Some(Fsync::Never))));
        assert_eq!(known("gone/p", ".."), None);
        assert_eq!(known("registry/src/p-1.0.0/p", "../../../.."), None);
    }

    #[test]
    fn a_downloaded_package_takes_the_workspace_of_the_current_directory() {
        let temp = tree(&[("home/registry/src/x/p-1.0.0", PACKAGE), ("mine", PACKAGE)]);
        let downloaded = temp.path().join("home/registry/src/x/p-1.0.0");
        let mine = temp.path().join("mine");
        assert_eq!(find_workspace(&downloaded, Some(&mine)).unwrap().0, mine);
        assert_eq!(find_workspace(&downloaded, None), None);
    }
}
