//! `init`: puts memo-runtime into a package. First all changes are made in
//! memory; then they are shown, or all written.

mod change;
mod manifest;
mod package;
mod script;
mod wanted;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use similar::TextDiff;

use super::Verdict;
use crate::cli::{Common, Format, InitOptions};
use crate::failure::Failure;
use crate::render::{Fields, document, escape};
use crate::shell::Shell;
use change::{Change, write_all};
use manifest::Manifest;
use package::Package;
use wanted::{Source, Wanted};

/// A change, and what it is for.
struct Planned {
    change: Change,
    /// What is added.
    adds: Vec<String>,
}

/// What there is to do.
struct Plan {
    /// Nothing if all is there.
    changes: Vec<Planned>,
    /// What is there otherwise than it would be written, in words.
    otherwise: Vec<String>,
    /// Whether the package can derive what arguments and results need.
    has_serde: bool,
    /// Whether a registry is to have what was added.
    wants_registry: bool,
    /// The name by which the package knows memo-runtime.
    runtime: String,
}

/// The name of memo-runtime in code, unless a package gives it another.
const RUNTIME: &str = "memo_runtime";

/// Runs the verb.
pub(crate) fn run(
    common: &Common,
    shell: &Shell,
    options: &InitOptions,
) -> Result<Verdict, Failure> {
    let package = Package::choose(common.manifest_path.as_deref(), options.package.as_deref())?;
    let plan = plan(&package, options)?;
    let planned = &plan.changes;
    if !options.dry_run {
        let changes: Vec<Change> = planned.iter().map(|one| one.change.clone()).collect();
        write_all(&changes).map_err(|(path, error)| {
            Failure::Failed(format!(
                "cannot write {}: {error}: nothing was changed",
                quoted(&path)
            ))
        })?;
    }
    shell.print(&match common.format {
        Format::Json => json(&package, planned, options),
        _ if options.dry_run => planned.iter().map(difference).collect(),
        _ => summary(&package, planned),
    })?;
    if common.format == Format::Table {
        note_next(shell, &package, &plan, options);
    }
    Ok(Verdict::Done)
}

/// Says what is left to do.
fn note_next(shell: &Shell, package: &Package, plan: &Plan, options: &InitOptions) {
    let name = escape(&package.name);
    for otherwise in &plan.otherwise {
        shell.note(otherwise);
    }
    let is_set_up = plan.changes.is_empty();
    shell.note(&match (is_set_up, options.dry_run) {
        (true, _) => format!("`{name}` is already set up"),
        (false, true) => "nothing was written".to_owned(),
        (false, false) => format!(
            "put `{}` on a slow, pure function of `{name}` (`use {}::memo;`) and run the program \
             twice: `cargo memo` shows what was kept{}",
            match &*plan.runtime {
                RUNTIME => "#[memo]".to_owned(),
                other => format!("#[memo(crate = ::{other})]"),
            },
            plan.runtime,
            match plan.wants_registry {
                true => " (from a checkout: `cargo memo init --path DIR`)",
                false => "",
            }
        ),
    });
    if !is_set_up && !options.dry_run && !plan.has_serde {
        shell.note(
            "structs as arguments and results want serde: `cargo add serde --features derive`",
        );
    }
}

/// Looks at what there is to do.
fn plan(package: &Package, options: &InitOptions) -> Result<Plan, Failure> {
    let text = read(&package.manifest)?;
    let root = Manifest::read(&read(&package.root_manifest)?);
    let unreadable = |path: &Path, error: &dyn std::fmt::Display| {
        let error = escape(error.to_string().trim_end());
        Failure::Failed(format!("cannot read {} as TOML: {error}", quoted(path)))
    };
    let root = root.map_err(|error| unreadable(&package.root_manifest, &error))?;
    let manifest = Manifest::read(&text).map_err(|error| unreadable(&package.manifest, &error))?;
    let mut manifest = manifest.within(&root);
    let mut adds = Vec::new();
    let mut otherwise = Vec::new();
    let mut wants_registry = false;
    for wanted in wanted(package, &root, options.path.as_deref())? {
        otherwise.extend(manifest.otherwise(&wanted).map(|there| {
            format!(
                "`{}` is there as `{}` and stays so, though `{}` was to be added",
                wanted.package,
                escape(&there),
                escape(&wanted.source.to_string())
            )
        }));
        let added = manifest.add(&wanted).map_err(|problem| {
            Failure::Failed(format!(
                "cannot add `{}` to {}: {problem}",
                wanted.package,
                quoted(&package.manifest)
            ))
        })?;
        if added {
            let table = manifest.spelled(wanted.table);
            adds.push(format!("{} in [{table}]", wanted.package));
            wants_registry |= matches!(wanted.source, Source::Version(_));
        }
        otherwise.extend(manifest.only_for(&wanted).map(|target| {
            format!(
                "`{}` is there for `{}` alone and stays so",
                wanted.package,
                escape(target)
            )
        }));
    }
    let mut changes = Vec::new();
    if !adds.is_empty() {
        let change = Change {
            path: package.manifest.clone(),
            before: Some(text),
            after: manifest.text(),
        };
        changes.push(Planned { change, adds });
    }
    changes.extend(script_change(package, &manifest)?);
    Ok(Plan {
        changes,
        otherwise,
        has_serde: manifest.depends_on("serde"),
        wants_registry,
        runtime: manifest.name_in_code("dependencies", "memo-runtime"),
    })
}

/// The dependencies, and where they are to come from.
fn wanted(
    package: &Package,
    root: &Manifest,
    checkout: Option<&Path>,
) -> Result<[Wanted; 2], Failure> {
    let of = |table, name: &'static str, below: &str| -> Result<Wanted, Failure> {
        let source = match checkout {
            Some(checkout) => Source::Path(package.path_to(&checkout.join(below))?),
            None if root.declares(name) => Source::Workspace,
            None => Source::Version(env!("CARGO_PKG_VERSION")),
        };
        Ok(Wanted {
            table,
            package: name,
            source,
        })
    };
    Ok([
        of("dependencies", "memo-runtime", "memo-runtime")?,
        of(
            "build-dependencies",
            "memo-build",
            "memo-runtime/memo-build",
        )?,
    ])
}

/// What there is to change in the build script.
fn script_change(package: &Package, manifest: &Manifest) -> Result<Option<Planned>, Failure> {
    let file = match manifest.build() {
        None => "build.rs",
        Some(build) if build.as_bool() == Some(true) => "build.rs",
        Some(build) => build.as_str().ok_or_else(|| {
            Failure::Failed(format!(
                "`build` in {} names no build script: remove it, or name one",
                quoted(&package.manifest)
            ))
        })?,
    };
    let name = manifest.name_in_code("build-dependencies", "memo-build");
    let statement = script::statement(&name);
    let path = package.dir().join(file);
    let before = match fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(cannot_read(&path, &error)),
    };
    let after = match &before {
        None => Some(script::whole(&name)),
        Some(text) => script::with_statement(text, &name).map_err(|problem| {
            Failure::Failed(format!(
                "cannot edit {}: {problem}: put `{statement}` into it by hand, and try again",
                quoted(&path)
            ))
        })?,
    };
    Ok(after.map(|after| Planned {
        change: Change {
            path,
            before,
            after,
        },
        adds: vec![statement],
    }))
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| cannot_read(path, &error))
}

fn cannot_read(path: &Path, error: &io::Error) -> Failure {
    Failure::Failed(format!("cannot read {}: {error}", quoted(path)))
}

fn quoted(path: &Path) -> String {
    format!("`{}`", escape(&path.to_string_lossy()))
}

/// A path as seen from the current directory, if it is below.
fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).to_owned()
}

fn summary(package: &Package, planned: &[Planned]) -> String {
    let mut fields = Fields::default();
    fields.add("package", &package.name);
    for Planned { change, adds } in planned {
        let path = shown(&change.path);
        let path = path.to_string_lossy();
        match change.before {
            Some(_) => fields.add("edited", format!("{path}: {}", adds.join(", "))),
            None => fields.add("created", path),
        };
    }
    fields.render()
}

/// A change as a unified difference.
fn difference(planned: &Planned) -> String {
    const OLD: Style = AnsiColor::Red.on_default();
    const NEW: Style = AnsiColor::Green.on_default();
    const PLACE: Style = AnsiColor::Cyan.on_default();
    let mut lines = String::new();
    for line in unified(&planned.change).lines() {
        let style = match line.as_bytes().first() {
            Some(b'-') => OLD,
            Some(b'+') => NEW,
            Some(b'@') => PLACE,
            _ => Style::new(),
        };
        lines.push_str(&format!("{style}{}{style:#}\n", escape(line)));
    }
    lines
}

fn unified(change: &Change) -> String {
    let path = shown(&change.path);
    let path = path.to_string_lossy();
    let before = change.before.as_deref();
    let from = before.map_or("/dev/null", |_| &path);
    TextDiff::from_lines(before.unwrap_or_default(), &change.after)
        .unified_diff()
        .header(from, &path)
        .to_string()
}

#[derive(Serialize)]
struct InitDocument<'a> {
    package: &'a str,
    dry_run: bool,
    files: Vec<FileDocument<'a>>,
}

#[derive(Serialize)]
struct FileDocument<'a> {
    path: String,
    action: &'static str,
    adds: &'a [String],
    difference: String,
}

fn json(package: &Package, planned: &[Planned], options: &InitOptions) -> String {
    let files = planned.iter().map(|Planned { change, adds }| FileDocument {
        path: change.path.to_string_lossy().into_owned(),
        action: match change.before {
            Some(_) => "edited",
            None => "created",
        },
        adds,
        difference: unified(change),
    });
    document(
        "init",
        InitDocument {
            package: &package.name,
            dry_run: options.dry_run,
            files: files.collect(),
        },
    )
}
