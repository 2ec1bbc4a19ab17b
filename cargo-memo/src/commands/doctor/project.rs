//! How the workspace is set up: settings, build scripts, versions.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use cargo_metadata::{DependencyKind, Metadata, Package, TargetKind};
use memo_code::Memory;
use memo_runtime::manage::Verdict as Gravity;
use toml_edit::DocumentMut;

use super::line::Line;
use crate::cli::Common;
use crate::code_state::Members;
use crate::locate::Place;
use crate::suggest;
use crate::workspace::{ask_cargo, is_around};

/// The packages that belong together.
const OURS: [&str; 2] = ["memo-runtime", "memo-build"];
/// The version of this program, and of all that belongs to it.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What there is to say of the workspace around.
pub(super) fn lines(common: &Common, place: Option<&Place>) -> Vec<Line> {
    let mut lines: Vec<Line> = place.map(settings).unwrap_or_default();
    let manifest_path = common.manifest_path.as_deref();
    if !is_around(manifest_path) {
        lines.push(Line::fine("workspace", "there is none around"));
        return lines;
    }
    match ask_cargo(manifest_path, None) {
        Ok(workspace) => {
            lines.extend(build_scripts(&workspace));
            lines.extend(versions(workspace.workspace_root.as_std_path()));
        }
        Err(failure) => lines.push(Line::amiss(
            Gravity::Broken,
            "workspace",
            failure.message().unwrap_or_default(),
            "mend its Cargo.toml",
        )),
    }
    lines
}

fn settings(place: &Place) -> Vec<Line> {
    if place.bad.is_empty() {
        return vec![Line::fine("settings", "all are understood")];
    }
    let bad = place.bad.iter().map(|bad| {
        Line::amiss(
            Gravity::Broken,
            "settings",
            suggest::in_words(bad),
            format!(
                "correct {}; `cargo memo config` shows all settings",
                bad.place
            ),
        )
    });
    bad.collect()
}

/// Whether the members with memoized functions tell what they are made of.
fn build_scripts(workspace: &Metadata) -> Vec<Line> {
    let members = workspace.workspace_packages().into_iter();
    let users: Vec<&Package> = members.filter(|member| uses_runtime(member)).collect();
    if users.is_empty() {
        return vec![Line::amiss(
            Gravity::Odd,
            "packages",
            "none of the workspace uses memo-runtime",
            "`cargo memo init -p PACKAGE` adds it to one",
        )];
    }
    let members = Members::of(workspace);
    let mut memory = Memory::default();
    let users = users.into_iter();
    let memoizing = users.filter(|member| members.may_memoize(&member.name, &mut memory));
    memoizing.map(build_script).collect()
}

fn uses_runtime(member: &Package) -> bool {
    member.dependencies.iter().any(|dependency| {
        dependency.name == "memo-runtime" && dependency.kind != DependencyKind::Build
    })
}

fn build_script(member: &Package) -> Line {
    let name = &member.name;
    let script = member
        .targets
        .iter()
        .find(|target| target.kind.contains(&TargetKind::CustomBuild));
    let has_dependency = member.dependencies.iter().any(|dependency| {
        dependency.name == "memo-build" && dependency.kind == DependencyKind::Build
    });
    let calls = script.is_some_and(|script| calls_fingerprint(script.src_path.as_std_path()));
    let missing = match (has_dependency, script.is_some(), calls) {
        (true, true, true) => {
            return Line::fine("build script", format!("{name} tells what its code needs"));
        }
        (_, false, _) => "has no build script",
        (false, ..) => "does not have memo-build among its build dependencies",
        _ => "has a build script without `memo_build::fingerprint();`",
    };
    Line::amiss(
        Gravity::Odd,
        "build script",
        format!("{name} {missing}: of its functions only their own code is part of the key"),
        format!("`cargo memo init -p {name}`"),
    )
}

/// Whether the call stands in the source, and not in a comment.
fn calls_fingerprint(script: &Path) -> bool {
    let source = fs::read_to_string(script).unwrap_or_default();
    source.lines().any(|line| {
        let code = line.split("//").next().unwrap_or_default();
        code.contains("fingerprint(")
    })
}

/// Whether the versions of what belongs together are the same.
fn versions(root: &Path) -> Vec<Line> {
    let locked = locked(&root.join("Cargo.lock"));
    let Some(runtimes) = locked.get("memo-runtime") else {
        return Vec::new();
    };
    let together = |versions: &BTreeSet<String>| {
        let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
        versions.join(" and ")
    };
    let mut others = locked.iter().filter(|(_, versions)| *versions != runtimes);
    let text = format!("memo-runtime {}", together(runtimes));
    let line = |text, cure: &str| vec![Line::amiss(Gravity::Odd, "versions", text, cure)];
    if runtimes.len() > 1 {
        return line(
            format!("{text} are used side by side"),
            "have all packages ask for one version: what one keeps another may not find",
        );
    }
    if let Some((name, versions)) = others.next() {
        return line(
            format!("{text}, but {name} {}", together(versions)),
            "give both the same version in Cargo.toml, and `cargo update`",
        );
    }
    if !runtimes.contains(VERSION) {
        return line(
            format!("{text}, but cargo-memo {VERSION}"),
            "install the cargo-memo of the same version: `cargo install cargo-memo --version`",
        );
    }
    vec![Line::fine("versions", format!("all are {VERSION}"))]
}

/// The versions of our packages in a lock file.
fn locked(file: &Path) -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut found: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    let text = fs::read_to_string(file).unwrap_or_default();
    let lock: DocumentMut = text.parse().unwrap_or_default();
    let packages = lock.get("package").and_then(|it| it.as_array_of_tables());
    for package in packages.into_iter().flatten() {
        let field = |name| package.get(name).and_then(|it| it.as_str());
        let ours = OURS.into_iter().find(|ours| field("name") == Some(ours));
        if let (Some(ours), Some(version)) = (ours, field("version")) {
            found.entry(ours).or_default().insert(version.to_owned());
        }
    }
    found
}
