//! The targets of a package: each has its own memoized functions, and an edit of one recompiles no
//! other.

use crate::fingerprints::project::Project;

fn memoized(name: &str) -> String {
    format!(
        "#[memo_runtime::memo]
        fn {name}(n: i64) -> i64 {{
            ledger::computed({name:?});
            targets::helper(n) + own()
        }}
        fn own() -> i64 {{ 1 }}
        "
    )
}

fn project(name: &str) -> Project {
    let project = Project::new();
    project.package(name, "");
    project
}

#[test]
fn every_target_has_memoized_functions_of_its_own() {
    let project = project("targets");
    project.write(
        "targets/src/lib.rs",
        "pub fn helper(n: i64) -> i64 { n + 1 }
        pub fn unrelated(n: i64) -> i64 { n - 1 }
        #[memo_runtime::memo]
        pub fn shared(n: i64) -> i64 { ledger::computed(\"shared\"); n }",
    );
    let main = "fn main() { println!(\"{}\", NAME(1) + targets::shared(1)); }";
    let test = "#[test] fn it() { assert!(NAME(1) + targets::shared(1) > 0); }";
    for (path, name, main) in [
        ("src/bin/targets-one.rs", "one", main),
        ("src/bin/targets-two.rs", "two", main),
        ("examples/targets-shown.rs", "shown", main),
        ("tests/targets_tested.rs", "tested", test),
    ] {
        let main = main.replace("NAME", name);
        project.write(
            &format!("targets/{path}"),
            &format!("{}{main}", memoized(name)),
        );
    }
    let computes = |expected: &[&str]| {
        let built = project.cargo(&["build", "--all-targets"]);
        project.run(&built.programs(), expected);
    };
    computes(&["one", "two", "shown", "tested", "shared"]);
    project.settle();

    project.edit("targets/src/lib.rs", "n + 1", "n + 2");
    computes(&["one", "two", "shown", "tested"]);
    project.undo();

    let own = "fn own() -> i64 { 1 }";
    project.edit(
        "targets/src/bin/targets-one.rs",
        own,
        "fn own() -> i64 { 2 }",
    );
    project.edit(
        "targets/tests/targets_tested.rs",
        own,
        "fn own() -> i64 { 2 }",
    );
    project.edit("targets/src/lib.rs", "n - 1", "n - 2");
    computes(&["one", "tested"]);
    project.undo();
    project.edit(
        "targets/examples/targets-shown.rs",
        own,
        "fn own() -> i64 { 2 }",
    );
    computes(&["shown"]);
}

#[test]
fn an_edit_recompiles_nothing_that_does_not_depend_on_the_file() {
    let project = project("recompiled");
    project.write(
        "recompiled/src/lib.rs",
        "#[memo_runtime::memo]
        pub fn shared(n: i64) -> i64 { ledger::computed(\"shared\"); n }",
    );
    project.write(
        "recompiled/src/main.rs",
        "fn main() { println!(\"{}\", recompiled::shared(1)); }",
    );
    project.write("recompiled/src/bin/recompiled-other.rs", "fn main() {}");
    project.write("recompiled/src/nobody.rs", "pub fn nobody() {}");
    project.write("recompiled/notes.txt", "Notes.");
    project.computes(&["shared"]);

    project.edit(
        "recompiled/src/main.rs",
        "fn main",
        "// Here it begins.\nfn main",
    );
    assert_eq!(project.cargo(&["build"]).compiled(), ["bin recompiled"]);
    assert!(project.cargo(&["build"]).compiled().is_empty());

    project.edit("recompiled/src/nobody.rs", "pub fn", "/// Nothing.\npub fn");
    project.edit("recompiled/notes.txt", "Notes", "Some notes");
    assert!(project.cargo(&["build"]).compiled().is_empty());
    project.computes(&[]);
}
