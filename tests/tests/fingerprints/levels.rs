//! How much of the code counts: what the build script and the setting `code` decide.

use crate::fingerprints::project::Project;

const LIB: &str = r#"
use memo_runtime::memo;

mod steps;

#[memo]
pub fn usual(n: i64) -> i64 {
    ledger::computed("usual");
    steps::helper(n)
}

#[memo(code = "function")]
pub fn own(n: i64) -> i64 {
    ledger::computed("own");
    steps::helper(n)
}

#[memo(code = "none", version = 1)]
pub fn nothing(n: i64) -> i64 {
    ledger::computed("nothing");
    steps::helper(n)
}
"#;

const WHOLE: &str = r#"
#[memo(code = "crate")]
pub fn whole(n: i64) -> i64 {
    ledger::computed("whole");
    n
}
"#;

const STEPS: &str = "
pub(crate) fn helper(n: i64) -> i64 { n + 1 }
pub fn unrelated(n: i64) -> i64 { n - 1 }
";

#[test]
fn without_a_build_script_only_the_own_tokens_count() {
    let project = Project::new();
    project.package_without_script("scriptless", "");
    project.write("scriptless/src/lib.rs", LIB);
    project.write("scriptless/src/steps.rs", STEPS);
    project.write(
        "scriptless/src/main.rs",
        "use scriptless::{nothing, own, usual};
        fn main() { println!(\"{}\", usual(1) + own(1) + nothing(1)); }",
    );
    project.computes(&["usual", "own", "nothing"]);
    project.edit("scriptless/src/steps.rs", "n + 1", "n + 2");
    project.computes(&[]);
    for function in ["usual", "own", "nothing"] {
        let from = format!("computed(\"{function}\");");
        project.edit(
            "scriptless/src/lib.rs",
            &from,
            &format!("{from} let n = n + 1;"),
        );
    }
    project.computes(&["usual", "own"]);
}

#[test]
fn the_setting_says_how_much_counts() {
    let project = Project::new();
    project.package("levels", "levels-far.path = \"../levels-far\"\n");
    project.plain_package(
        "levels-far",
        "[package]\nname = \"levels-far\"\nedition = \"2024\"\n",
    );
    project.write("levels-far/src/lib.rs", "pub fn distance() -> i64 { 1 }");
    project.write("levels/src/lib.rs", &format!("{LIB}{WHOLE}"));
    project.write("levels/src/steps.rs", STEPS);
    project.write(
        "levels/src/main.rs",
        "use levels::{nothing, own, usual, whole};
        fn main() { println!(\"{}\", usual(1) + own(1) + nothing(1) + whole(1)); }",
    );
    project.computes(&["usual", "own", "nothing", "whole"]);
    project.settle();

    project.edit("levels/src/steps.rs", "n + 1", "n + 2");
    project.computes(&["usual", "whole"]);
    project.undo();
    project.edit("levels/src/steps.rs", "n - 1", "n - 2");
    project.computes(&["whole"]);
    project.undo();
    project.edit("levels-far/src/lib.rs", "{ 1 }", "{ 2 }");
    project.computes(&["whole"]);
    project.undo();
    project.edit(
        "levels/src/steps.rs",
        "pub fn unrelated",
        "/// One less.\npub fn unrelated",
    );
    project.computes(&[]);
}
