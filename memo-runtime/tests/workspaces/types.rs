//! A generic function in a library, and types of the program that links it.

use crate::project::{BUILD_SCRIPT, Project, manifest};

const LIBRARY: &str = "
    pub trait Score { fn score(&self) -> u64; }

    #[derive(serde::Serialize)]
    pub struct Known;
    impl Score for Known { fn score(&self) -> u64 { 1 } }

    #[memo_runtime::memo]
    pub fn doubled<T: Score + serde::Serialize>(what: &T) -> u64 { 2 * what.score() }
";

/// A program in which a type of its own scores like this.
fn program(score: &str) -> String {
    format!(
        "use types_library::{{Known, Score}};
        #[derive(serde::Serialize)]
        struct Own;
        impl Score for Own {{ fn score(&self) -> u64 {{ {score} }} }}
        fn main() {{
            let key = |key: Option<memo_runtime::Digest>| key.unwrap().to_string();
            let known = memo_runtime::call!(types_library::doubled(&Known));
            println!(\"{{}} {{}}\", types_library::doubled(&Own), key(known.key()));
        }}"
    )
}

#[test]
fn an_edit_of_a_type_that_the_library_cannot_see_is_no_stale_result() {
    let library = manifest("types-library", "");
    let app = manifest(
        "types-app",
        "[dependencies.types-library]\npath = \"../library\"",
    );
    let project = Project::new(
        &["library", "app"],
        &[
            ("library/Cargo.toml", &library),
            ("library/build.rs", BUILD_SCRIPT),
            ("library/src/lib.rs", LIBRARY),
            ("app/Cargo.toml", &app),
            ("app/build.rs", BUILD_SCRIPT),
            ("app/src/main.rs", &program("10")),
        ],
    );
    let run = || {
        let said = project.run(&["-p", "types-app"], "types-app");
        let (value, key) = said.trim().split_once(' ').unwrap();
        (value.to_owned(), key.to_owned())
    };
    let (ten, known) = run();
    project.write("app/src/main.rs", &program("11"));
    let (eleven, known_again) = run();
    assert_eq!((ten.as_str(), eleven.as_str()), ("20", "22"));
    assert_eq!(known, known_again, "the library knows this type");
}
