//! Features of a library that depend on what else is built.

use crate::project::{BUILD_SCRIPT, Project, manifest};

const LIBRARY: &str = "
    #[cfg(feature = \"fast\")]
    pub fn steps() -> u64 { 1 }
    #[cfg(not(feature = \"fast\"))]
    pub fn steps() -> u64 { 100 }
    pub fn plain() -> u64 { 7 }
";

/// A library, as cargo begins with it while those that it uses are still being compiled.
const FUNCTIONS: &str = "
    #[memo_runtime::memo]
    pub fn by_way() -> u64 { features_middle::steps() }
    #[memo_runtime::memo]
    pub fn directly() -> u64 { features_library::steps() }
    #[memo_runtime::memo]
    pub fn plain() -> u64 { features_library::plain() }
";

const PROGRAM: &str = "
    use features_app::*;
    fn main() {
        let key = |key: Option<memo_runtime::Digest>| key.unwrap().to_string();
        println!(\"{} {} {} {} {}\", by_way(), directly(),
            key(memo_runtime::call!(features_app::by_way()).key()),
            key(memo_runtime::call!(features_app::directly()).key()),
            key(memo_runtime::call!(features_app::plain()).key()));
    }
";

#[test]
fn a_library_that_others_give_features_is_not_taken_for_one_without() {
    const LIBRARY_WITH: &str = "[dependencies.features-library]\npath = \"../library\"";
    let middle = format!("[package]\nname = \"features-middle\"\n{LIBRARY_WITH}\n");
    let fast =
        format!("[package]\nname = \"features-fast\"\n{LIBRARY_WITH}\nfeatures = [\"fast\"]\n");
    let app = manifest(
        "features-app",
        &format!("{LIBRARY_WITH}\n[dependencies.features-middle]\npath = \"../middle\""),
    );
    let project = Project::new(
        &["library", "middle", "fast", "app"],
        &[
            (
                "library/Cargo.toml",
                "[package]\nname = \"features-library\"\n[features]\nfast = []\n",
            ),
            ("library/src/lib.rs", LIBRARY),
            ("middle/Cargo.toml", &middle),
            (
                "middle/src/lib.rs",
                "pub fn steps() -> u64 { features_library::steps() }",
            ),
            ("fast/Cargo.toml", &fast),
            ("fast/src/lib.rs", ""),
            ("app/Cargo.toml", &app),
            ("app/build.rs", BUILD_SCRIPT),
            ("app/src/lib.rs", FUNCTIONS),
            ("app/src/main.rs", PROGRAM),
        ],
    );
    let run = |arguments: &[&str]| {
        let said = project.run(arguments, "features-app");
        let parts: Vec<String> = said.split_whitespace().map(str::to_owned).collect();
        <[String; 5]>::try_from(parts).unwrap()
    };
    let alone = run(&["-p", "features-app"]);
    let together = run(&["--workspace"]);
    assert_eq!((alone[0].as_str(), alone[1].as_str()), ("100", "100"));
    assert_eq!((together[0].as_str(), together[1].as_str()), ("1", "1"));
    assert_ne!(alone[2..4], together[2..4]);
    assert_eq!(alone[4], together[4], "it asks for no feature");

    project.write("app/src/lib.rs", &format!("// again\n{FUNCTIONS}"));
    assert_eq!(run(&["-p", "features-app"]), alone);
    assert_eq!(run(&["--workspace"]), together);
    let optimized = "profile.dev.package.features-library.opt-level=1";
    let told_exactly = run(&["--workspace", "--config", optimized]);
    assert_eq!(told_exactly, together);
}
