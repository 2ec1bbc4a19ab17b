//! What cargo resolves.

use memo_code::model::TargetKind;

use crate::project::{Project, dependencies, names, package};

const VIRTUAL: &str = "[workspace]\nresolver = \"3\"\nmembers = [\"a\", \"b\", \"c\"]\n";
const B: &str = "[package]\nname = \"b\"\n";
const C: &str = "[package]\nname = \"c\"\n";

/// Packages `a` with this manifest, `b` and `c`, in a virtual workspace.
fn three(a: &str, b: &str, c: &str) -> Project {
    let a = format!("[package]\nname = \"a\"\n{a}");
    let files = [
        ("Cargo.toml", VIRTUAL),
        ("a/Cargo.toml", &a),
        ("b/Cargo.toml", b),
        ("c/Cargo.toml", c),
    ];
    Project::locked("", &files)
}

#[test]
fn a_package_comes_first_and_then_what_it_reaches() {
    let c = "[package]\nname = \"c\"\n[dependencies]\nb = { path = \"../b\" }\n";
    let project = three("[dependencies]\nc = { path = \"../c\" }\n", B, c);
    let model = project.model("a");
    let places: Vec<_> = model
        .packages
        .iter()
        .map(|it| (it.name.as_str(), it.version.as_str(), it.dir.as_str()))
        .collect();
    assert_eq!(
        places,
        [
            ("a", "0.0.0", ""),
            ("b", "0.0.0", "../b"),
            ("c", "0.0.0", "../c")
        ]
    );
    assert_eq!(model.workspace_root, "..");
    assert_eq!(model.trouble, None);
    assert_eq!(names(&project.model("c")), ["c", "b"]);
    assert_eq!(names(&project.model("b")), ["b"]);
}

#[test]
fn a_dependency_has_the_name_that_code_knows_it_by() {
    let c = "[package]\nname = \"c\"\n[lib]\nname = \"see\"\n";
    let b = "[package]\nname = \"b-b\"\n";
    let project = three(
        "[dependencies]\n\
         my-bee = { path = \"../b\", package = \"b-b\" }\n\
         c = { path = \"../c\" }\n",
        b,
        c,
    );
    let model = project.model("a");
    assert_eq!(
        dependencies(&model, "a"),
        ["my_bee Normal b-b", "see Normal c"]
    );
}

#[test]
fn a_dependency_is_for_everything_for_development_or_for_the_build() {
    let b = "[package]\nname = \"b\"\n[dev-dependencies]\nc = { path = \"../c\" }\n";
    let project = three(
        "[dependencies]\nb = { path = \"../b\" }\n\
         [dev-dependencies]\nb = { path = \"../b\" }\n\
         [build-dependencies]\nb = { path = \"../b\" }\n",
        b,
        C,
    );
    let model = project.model("a");
    assert_eq!(
        dependencies(&model, "a"),
        ["b Normal b", "b Development b", "b Build b"]
    );
    assert_eq!(names(&model), ["a", "b"], "b is not tested");
    assert_eq!(names(&project.model("b")), ["b", "c"]);
}

#[test]
fn a_test_may_depend_on_what_depends_on_the_package() {
    let b = "[package]\nname = \"b\"\n[dependencies]\na = { path = \"../a\" }\n";
    let project = three("[dev-dependencies]\nb = { path = \"../b\" }\n", b, C);
    let model = project.model("a");
    assert_eq!(dependencies(&model, "a"), ["b Development b"]);
    assert_eq!(dependencies(&model, "b"), ["a Normal a"]);
}

#[test]
fn features_are_those_in_force() {
    let b = "[package]\nname = \"b\"\n[features]\ndefault = [\"fast\"]\nfast = []\nsame = []\n";
    let project = three(
        "[features]\ndefault = [\"one\"]\none = []\nsame = []\ntwo = [\"b/same\", \"dep:c\"]\n\
         [dependencies]\n\
         b = { path = \"../b\", default-features = false }\n\
         c = { path = \"../c\", optional = true }\n",
        b,
        C,
    );
    let by_default = project.model("a");
    assert_eq!(package(&by_default, "a").features, ["default", "one"]);
    assert_eq!(package(&by_default, "b").features, [""; 0]);
    assert_eq!(names(&by_default), ["a", "b"], "c is optional");
    assert_eq!(project.model_with("a", &["one", "default"]), by_default);

    let mut query = project.query("a");
    query.features = Some(vec!["default".to_owned(), "one".to_owned()]);
    query.out_dir = Some(project.path("target/debug/build/a/out"));
    assert_eq!(memo_build::model(&query).unwrap(), by_default);

    let none = project.model_with("a", &[]);
    assert_eq!(package(&none, "a").features, [""; 0]);

    let same = project.model_with("a", &["same"]);
    assert_eq!(package(&same, "a").features, ["same"]);
    assert_eq!(
        package(&same, "b").features,
        [""; 0],
        "it has only the name"
    );

    let two = project.model_with("a", &["two"]);
    assert_eq!(package(&two, "b").features, ["same"]);
    assert_eq!(dependencies(&two, "a"), ["b Normal b", "c Normal c"]);
}

#[test]
fn features_of_a_package_that_cargo_resolves_in_the_old_way() {
    let root = "[package]\nname = \"root\"\nedition = \"2018\"\n[workspace]\nmembers = [\"a\"]\n\
                [features]\nx = []\n[dependencies]\na = { path = \"a\" }\n";
    let a = "[package]\nname = \"a\"\nedition = \"2018\"\n[features]\nx = []\n";
    let project = Project::locked("", &[("Cargo.toml", root), ("a/Cargo.toml", a)]);
    let model = project.model_with("", &["x"]);
    assert_eq!(package(&model, "root").features, ["x"]);
    assert_eq!(package(&model, "a").features, [""; 0]);
    let model = project.model_with("a", &["x"]);
    assert_eq!(package(&model, "a").features, ["x"]);
    assert_eq!(model.workspace_root, "..");
}

#[test]
fn everything_that_a_package_compiles_to() {
    let project = three(
        "edition = \"2021\"\nbuild = \"make/build.rs\"\n\
         [lib]\npath = \"code/root.rs\"\n\
         [[bin]]\nname = \"run-it\"\npath = \"programs/it.rs\"\n\
         [[example]]\nname = \"shown\"\npath = \"shown.rs\"\nedition = \"2018\"\n\
         [[test]]\nname = \"tried\"\npath = \"../shared/tried.rs\"\n\
         [[bench]]\nname = \"timed\"\npath = \"timed.rs\"\n\
         [dependencies]\nb = { path = \"../b\" }\n",
        B,
        C,
    );
    for path in [
        "a/make/build.rs",
        "a/code/root.rs",
        "a/programs/it.rs",
        "a/src/main.rs",
        "a/src/bin/other.rs",
        "a/shown.rs",
        "shared/tried.rs",
        "a/tests/found/main.rs",
        "a/timed.rs",
        "b/src/main.rs",
    ] {
        project.write(path, "fn main() {}");
    }
    let model = project.model("a");
    let a = package(&model, "a");
    let targets: Vec<_> = a
        .targets
        .iter()
        .map(|it| (it.kind, it.name.as_str(), it.root.as_str(), it.edition))
        .collect();
    assert_eq!(
        targets,
        [
            (TargetKind::Library, "a", "code/root.rs", 2021),
            (TargetKind::Binary, "a", "src/main.rs", 2021),
            (TargetKind::Binary, "other", "src/bin/other.rs", 2021),
            (TargetKind::Binary, "run_it", "programs/it.rs", 2021),
            (TargetKind::Example, "shown", "shown.rs", 2018),
            (TargetKind::Test, "found", "tests/found/main.rs", 2021),
            (TargetKind::Test, "tried", "../shared/tried.rs", 2021),
            (TargetKind::Benchmark, "timed", "timed.rs", 2021),
        ]
    );
    assert_eq!(a.build_script.as_deref(), Some("make/build.rs"));
    let b = package(&model, "b");
    let roots: Vec<_> = b.targets.iter().map(|it| it.root.as_str()).collect();
    assert_eq!(roots, ["src/lib.rs"], "another's programs do not count");
    assert_eq!(b.build_script, None);
}

#[test]
fn libraries_that_are_not_plain() {
    let b = "[package]\nname = \"b\"\n[lib]\nproc-macro = true\n";
    let c = "[package]\nname = \"c\"\n[lib]\ncrate-type = [\"cdylib\", \"rlib\"]\n";
    let project = three(
        "[dependencies]\nb = { path = \"../b\" }\nc = { path = \"../c\" }\n",
        b,
        c,
    );
    let model = project.model("a");
    let kind = |name| package(&model, name).targets[0].kind;
    assert_eq!(kind("b"), TargetKind::ProcMacro);
    assert_eq!(kind("c"), TargetKind::Library);
    assert_eq!(dependencies(&model, "a"), ["b Normal b", "c Normal c"]);
}

#[test]
fn a_package_that_compiles_another_language_has_foreign_code() {
    let root = VIRTUAL.replace("\"c\"", "\"c\", \"cc\"");
    let project = Project::locked(
        "",
        &[
            ("Cargo.toml", &root),
            (
                "a/Cargo.toml",
                "[package]\nname = \"a\"\n[build-dependencies]\nb = { path = \"../b\" }\n",
            ),
            (
                "b/Cargo.toml",
                "[package]\nname = \"b\"\nlinks = \"z\"\nbuild = \"build.rs\"\n",
            ),
            ("b/build.rs", "fn main() {}"),
            (
                "c/Cargo.toml",
                "[package]\nname = \"c\"\n[build-dependencies]\n\
                 compile = { path = \"../cc\", package = \"cc\" }\n",
            ),
            ("cc/Cargo.toml", "[package]\nname = \"cc\"\n"),
        ],
    );
    let a = project.model("a");
    assert!(!package(&a, "a").foreign_code);
    assert!(package(&a, "b").foreign_code, "it has a `links` key");
    let c = project.model("c");
    assert!(package(&c, "c").foreign_code, "it is built with cc");
    assert!(!package(&c, "cc").foreign_code);
}

#[test]
fn settings_of_the_workspace() {
    let project = three("", B, C);
    let metadata = "[workspace.metadata.memo]\nmax-size = \"2GB\"\ndir = \"kept\"\nwait = 5\n";
    project.write("Cargo.toml", &format!("{VIRTUAL}{metadata}"));
    let expected = [("dir", "kept"), ("max-size", "2GB"), ("wait", "5")];
    let expected = expected.map(|(key, text)| (key.to_owned(), text.to_owned()));
    assert_eq!(project.model("a").settings, expected);
}

#[test]
fn dependencies_of_the_platform_count() {
    let project = three(
        "[target.'cfg(windows)'.dependencies]\nb = { path = \"../b\" }\n\
         [target.'cfg(target_os = \"linux\")'.dependencies]\nc = { path = \"../c\" }\n",
        B,
        C,
    );
    let (linux, windows) = ("x86_64-unknown-linux-gnu", "x86_64-pc-windows-msvc");
    let on = |platforms: &[&str]| {
        let mut query = project.query("a");
        query.platforms = platforms.iter().map(|&it| it.to_owned()).collect();
        memo_build::model(&query).unwrap()
    };
    assert_eq!(names(&on(&[linux])), ["a", "c"]);
    assert_eq!(names(&on(&[windows])), ["a", "b"]);
    assert_eq!(names(&on(&[windows, linux])), ["a", "b", "c"]);
    let here = names(&project.model("a")).len();
    assert_eq!(here > 1, cfg!(any(windows, target_os = "linux")));
    assert!(here < 3);
}

#[test]
fn names_that_another_package_gives_its_crates_are_known_to_be_ambiguous() {
    let program = "[[bin]]\nname = \"a\"\npath = \"src/lib.rs\"\n";
    let project = three("", B, &format!("{C}{program}"));
    assert_eq!(project.model("a").ambiguous, ["a"]);
    assert_eq!(project.model("b").ambiguous, [""; 0]);
    assert_eq!(three("", B, C).model("a").ambiguous, [""; 0]);
}
