//! Where the workspace is does not count.

use crate::fingerprints::project::Project;

#[test]
fn a_moved_checkout_keeps_its_results() {
    let project = Project::new();
    project.package("moved", "moved-units.path = \"../moved-units\"\n");
    project.plain_package(
        "moved-units",
        "[package]\nname = \"moved-units\"\nedition = \"2024\"\n",
    );
    project.write(
        "moved-units/src/lib.rs",
        "pub fn scaled(n: i64) -> i64 { n * 10 }",
    );
    project.write(
        "moved/build.rs",
        "fn main() {
            memo_build::fingerprint();
            println!(\"cargo::rerun-if-changed=build.rs\");
            let made = std::env::var(\"OUT_DIR\").unwrap() + \"/made.rs\";
            std::fs::write(made, \"pub fn quantity() -> i64 { 7 }\").unwrap();
        }",
    );
    project.write("moved/data.txt", "five!");
    project.write(
        "moved/src/main.rs",
        "mod made { include!(concat!(env!(\"OUT_DIR\"), \"/made.rs\")); }
        #[memo_runtime::memo]
        fn reaching(n: i64) -> i64 {
            ledger::computed(\"reaching\");
            let data = include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/data.txt\"));
            moved_units::scaled(n) + made::quantity() + data.len() as i64
        }
        #[memo_runtime::memo(code = \"crate\")]
        fn whole(n: i64) -> i64 { ledger::computed(\"whole\"); n }
        fn main() { println!(\"{}\", reaching(1) + whole(1)); }",
    );
    project.computes(&["reaching", "whole"]);
    project.move_away();
    project.computes(&[]);
    project.edit("moved-units/src/lib.rs", "n * 10", "n * 11");
    project.computes(&["reaching", "whole"]);
}
