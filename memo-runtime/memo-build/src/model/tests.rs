//! Models of metadata as cargo would give it, for what needs a registry.

use cargo_metadata::{Metadata, PackageId};
use memo_code::Model;
use memo_code::model::DependsOn;
use serde_json::{Value, json};

use super::from_metadata;

const REGISTRY: &str = "registry+https://example.org/index";

/// Identifiers sort otherwise than names, as those that cargo gives do.
fn id(package: &str) -> String {
    package.chars().rev().collect()
}

/// A package with a library; from the registry if it has no directory.
fn package(name: &str, version: &str, dir: Option<&str>) -> Value {
    let source = dir.is_none().then_some(REGISTRY);
    let dir = dir.map_or_else(|| format!("/registry/{name}-{version}"), str::to_owned);
    json!({
        "name": name,
        "version": version,
        "id": id(&format!("{name}@{version}")),
        "source": source,
        "manifest_path": format!("{dir}/Cargo.toml"),
        "edition": "2021",
        "dependencies": [],
        "features": {},
        "targets": [{
            "name": name,
            "kind": ["lib"],
            "src_path": format!("{dir}/src/lib.rs"),
            "edition": "2021",
        }],
    })
}

/// What is resolved for a package: `(name, kind, package)` for each dependency.
fn node(package: &str, features: &[&str], dependencies: &[(&str, Option<&str>, &str)]) -> Value {
    let dependencies = dependencies.iter().map(|(name, kind, package)| {
        json!({ "name": name, "pkg": id(package), "dep_kinds": [{ "kind": kind, "target": null }] })
    });
    json!({
        "id": id(package),
        "features": features,
        "dependencies": [],
        "deps": dependencies.collect::<Vec<_>>(),
    })
}

fn model(packages: &[Value], nodes: &[Value], lock: &str) -> Model {
    let metadata = json!({
        "packages": packages,
        "workspace_members": [],
        "resolve": { "nodes": nodes, "root": null },
        "workspace_root": "/w",
        "target_directory": "/w/target",
        "version": 1,
    });
    let metadata: Metadata = serde_json::from_value(metadata).unwrap();
    let first = PackageId {
        repr: id("first@0.1.0"),
    };
    from_metadata(&metadata, &first, lock)
}

fn first() -> Value {
    package("first", "0.1.0", Some("/w/first"))
}

#[test]
fn two_versions_of_one_package_are_two_externals() {
    let lock = format!(
        "[[package]]\nname = \"rand\"\nversion = \"0.8.5\"\nsource = \"{REGISTRY}\"\n\
         checksum = \"08\"\n\
         [[package]]\nname = \"rand\"\nversion = \"0.9.1\"\nsource = \"{REGISTRY}\"\n\
         checksum = \"09\"\n"
    );
    let model = model(
        &[
            package("rand", "0.9.1", None),
            first(),
            package("rand", "0.8.5", None),
        ],
        &[
            node(
                "first@0.1.0",
                &[],
                &[
                    ("rand", None, "rand@0.9.1"),
                    ("old_rand", None, "rand@0.8.5"),
                ],
            ),
            node("rand@0.8.5", &["std", "alloc"], &[]),
            node("rand@0.9.1", &[], &[]),
        ],
        &lock,
    );
    assert_eq!(model.ambiguous, ["rand"]);
    let externals: Vec<_> = model
        .externals
        .iter()
        .map(|it| {
            (
                it.version.as_str(),
                it.checksum.as_deref(),
                it.features.as_slice(),
            )
        })
        .collect();
    let features = ["alloc".to_owned(), "std".to_owned()];
    assert_eq!(
        externals,
        [
            ("0.8.5", Some("08"), features.as_slice()),
            ("0.9.1", Some("09"), &[]),
        ]
    );
    let dependencies = model.packages[0].dependencies.iter();
    let dependencies: Vec<_> = dependencies.map(|it| (it.name.as_str(), it.on)).collect();
    assert_eq!(
        dependencies,
        [
            ("old_rand", DependsOn::External(0)),
            ("rand", DependsOn::External(1)),
        ]
    );
    assert!(model.externals.iter().all(|it| it.source == "registry"));
}

#[test]
fn a_dependency_that_is_declared_twice_for_one_purpose_is_one() {
    let twice = [("a", None, "a@1.0.0"), ("a", None, "a@1.0.0")];
    let model = model(
        &[first(), package("a", "1.0.0", None)],
        &[node("first@0.1.0", &[], &twice), node("a@1.0.0", &[], &[])],
        "",
    );
    assert_eq!(model.packages[0].dependencies.len(), 1);
}

#[test]
fn of_an_external_counts_what_it_is_compiled_with() {
    let model = model(
        &[
            first(),
            package("a", "1.0.0", None),
            package("built-with", "1.0.0", None),
            package("tested-with", "1.0.0", None),
            package("unreached", "1.0.0", None),
            package("uses", "1.0.0", None),
        ],
        &[
            node("first@0.1.0", &[], &[("a", None, "a@1.0.0")]),
            node(
                "a@1.0.0",
                &[],
                &[
                    ("uses", None, "uses@1.0.0"),
                    ("built_with", Some("build"), "built-with@1.0.0"),
                    ("tested_with", Some("dev"), "tested-with@1.0.0"),
                ],
            ),
            node("uses@1.0.0", &[], &[]),
            node("built-with@1.0.0", &[], &[]),
            node("tested-with@1.0.0", &[], &[]),
            node("unreached@1.0.0", &[], &[]),
        ],
        "",
    );
    let names: Vec<_> = model.externals.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["a", "built-with", "uses"]);
    assert_eq!(model.externals[0].dependencies, [1, 2]);
}

#[test]
fn a_package_that_stands_in_for_a_downloaded_one_is_trouble() {
    let model = model(
        &[
            first(),
            package("a", "1.0.0", None),
            package("patched", "1.0.0", Some("/w/patched")),
        ],
        &[
            node("first@0.1.0", &[], &[("a", None, "a@1.0.0")]),
            node("a@1.0.0", &[], &[("patched", None, "patched@1.0.0")]),
            node("patched@1.0.0", &[], &[]),
        ],
        "",
    );
    assert_eq!(model.packages[1].name, "patched");
    assert!(model.trouble.unwrap().contains("`patched`"));
}

#[test]
fn the_order_in_which_cargo_tells_does_not_show() {
    let mut packages = [
        first(),
        package("b", "1.0.0", Some("/w/b")),
        package("c", "1.0.0", None),
        package("a", "2.0.0", Some("/elsewhere/a")),
        package("d", "1.0.0", None),
    ];
    let mut nodes = [
        node(
            "first@0.1.0",
            &["y", "x"],
            &[
                ("d", None, "d@1.0.0"),
                ("c", None, "c@1.0.0"),
                ("c", Some("build"), "c@1.0.0"),
                ("b", None, "b@1.0.0"),
                ("a", None, "a@2.0.0"),
            ],
        ),
        node("b@1.0.0", &[], &[]),
        node("c@1.0.0", &[], &[]),
        node("a@2.0.0", &[], &[]),
        node("d@1.0.0", &[], &[]),
    ];
    let program = json!({
        "name": "alpha",
        "kind": ["bin"],
        "src_path": "/w/first/src/main.rs",
        "edition": "2021",
    });
    let targets = packages[0]["targets"].as_array_mut().unwrap();
    targets.push(program);
    let one = model(&packages, &nodes, "");
    packages.reverse();
    let targets = packages[4]["targets"].as_array_mut().unwrap();
    targets.reverse();
    nodes.reverse();
    let dependencies = nodes[4]["deps"].as_array_mut().unwrap();
    dependencies.reverse();
    let other = model(&packages, &nodes, "");
    assert_eq!(one.packages.len(), 3);
    assert_eq!(one.packages[1].dir, "../../elsewhere/a");
    assert_eq!(one.packages[0].features, ["x", "y"]);
    assert_eq!(one.to_bytes(), other.to_bytes());
}
