use std::path::Path;

use cargo_metadata::{Metadata, MetadataCommand};

use super::super::choice::choose;
use super::super::{CargoFlags, Wanted};

/// A workspace whose packages have these binaries, as cargo tells it: each package's name, its
/// default binary, and its binaries.
fn workspace(packages: &[(&str, Option<&str>, &[&str])]) -> Metadata {
    let listed = packages.iter().map(|(name, default, binaries)| {
        let binaries = binaries.iter().map(|name| ("bin", *name));
        let targets = binaries.chain([("lib", *name)]).map(|(kind, name)| {
            serde_json::json!({
                "kind": [kind], "crate_types": [kind], "name": name, "edition": "2024",
                "src_path": format!("/ws/{name}.rs"), "test": true,
            })
        });
        serde_json::json!({
            "name": name, "version": "0.1.0", "id": format!("path+file:///ws/{name}"),
            "dependencies": [], "features": {}, "default_run": default,
            "manifest_path": format!("/ws/{name}/Cargo.toml"),
            "targets": targets.collect::<Vec<_>>(),
        })
    });
    let members = packages
        .iter()
        .map(|(name, ..)| format!("path+file:///ws/{name}"));
    let text = serde_json::json!({
        "packages": listed.collect::<Vec<_>>(),
        "workspace_members": members.collect::<Vec<_>>(),
        "workspace_root": "/ws", "target_directory": "/ws/target", "version": 1, "metadata": null,
    });
    MetadataCommand::parse(text.to_string()).unwrap()
}

/// Which binary is chosen in a directory, as `package name`, or what is said.
fn chosen(
    workspace: &Metadata,
    bin: Option<&str>,
    package: Option<&str>,
    dir: &str,
) -> Result<String, String> {
    let wanted = Wanted {
        bin,
        package,
        exact: false,
        cargo: &CargoFlags::default(),
        command: None,
    };
    match choose(workspace, &wanted, Path::new(dir)) {
        Ok(choice) => Ok(format!("{} {}", choice.package.name, choice.target.name)),
        Err(failure) => {
            assert_eq!(failure.exit_code(), crate::failure::USAGE);
            Err(failure.message().unwrap())
        }
    }
}

#[test]
fn a_binary_is_found_by_its_name() {
    let workspace = workspace(&[
        ("lab", None, &["train", "eval"]),
        ("tools", None, &["plot"]),
    ]);
    let chosen = |bin, package| chosen(&workspace, Some(bin), package, "/ws");
    assert_eq!(chosen("eval", None).unwrap(), "lab eval");
    assert_eq!(chosen("plot", None).unwrap(), "tools plot");
    assert_eq!(chosen("plot", Some("tools")).unwrap(), "tools plot");
}

#[test]
fn what_is_not_there_is_told_with_what_is() {
    let workspace = workspace(&[("lab", None, &["train", "eval"]), ("only-lib", None, &[])]);
    for (bin, package, parts) in [
        (
            "trian",
            None,
            &[
                "no binary `trian` in the workspace, only these; did you mean `train`?",
                "\n  eval\n  train",
            ][..],
        ),
        (
            "plot",
            None,
            &["no binary `plot` in the workspace, only these\n"],
        ),
        (
            "train",
            Some("labs"),
            &["no package `labs` in the workspace; did you mean `lab`?"],
        ),
        (
            "eva",
            Some("lab"),
            &["in the package `lab`, only these; did you mean `eval`?"],
        ),
        (
            "train",
            Some("only-lib"),
            &["no binary in the package `only-lib`, only libraries"],
        ),
        ("a\u{1b}b", None, &["no binary `a\\u{1b}b`"]),
    ] {
        let message = chosen(&workspace, Some(bin), package, "/ws").unwrap_err();
        for part in parts {
            assert!(message.contains(part), "{bin}: {message}");
        }
    }
}

#[test]
fn of_several_of_a_name_that_of_the_package_around_is_meant() {
    let workspace = workspace(&[("lab", None, &["train"]), ("more", None, &["train"])]);
    let chosen = |package, dir| chosen(&workspace, Some("train"), package, dir);
    assert_eq!(chosen(None, "/ws/more/src").unwrap(), "more train");
    assert_eq!(chosen(Some("lab"), "/ws/more").unwrap(), "lab train");
    let message = chosen(None, "/ws").unwrap_err();
    assert!(
        message.contains("several packages have a binary `train`"),
        "{message}"
    );
    assert!(message.ends_with("--package\n  lab\n  more"), "{message}");
}

#[test]
fn without_a_name_it_is_the_only_one_or_the_default() {
    let only = workspace(&[("lab", None, &["train"]), ("only-lib", None, &[])]);
    assert_eq!(chosen(&only, None, None, "/ws").unwrap(), "lab train");
    let default = workspace(&[("lab", Some("eval"), &["train", "eval"])]);
    assert_eq!(chosen(&default, None, None, "/ws").unwrap(), "lab eval");
    let several = workspace(&[("lab", None, &["train", "eval"])]);
    let message = chosen(&several, None, None, "/ws").unwrap_err();
    assert!(
        message.contains("name one of these with --bin\n  eval\n  train"),
        "{message}"
    );
    let none = workspace(&[("only-lib", None, &[])]);
    let message = chosen(&none, None, None, "/ws").unwrap_err();
    assert!(message.contains("only libraries"), "{message}");
}
