//! The judge itself: a row that says the wrong thing is found out.

use memo_code::{Analysis, Level, Memory, Surroundings, tokens};

use super::case::{Case, case};
use super::judge::judge;
use super::project::Project;

fn row() -> Case {
    case("a row").lib(
        "#[memo] fn train() -> i32 { step() }
        #[cfg(slow)] fn step() -> i32 { 1 }
        fn other() -> i32 { 7 }",
    )
}

#[test]
fn a_wrong_verdict_is_found_out() {
    let judged = |case: Case| judge(&case).len();
    assert_eq!(judged(row().edit("{ 1 }", "{ 2 }").changes("train")), 0);
    assert_eq!(judged(row().edit("{ 1 }", "{ 2 }").stays("train")), 1);
    assert_eq!(judged(row().edit("{ 7 }", "{ 8 }").stays("train")), 0);
    assert_eq!(judged(row().edit("{ 7 }", "{ 8 }").changes("train")), 1);
    assert_eq!(judged(row().flag("slow").changes("train")), 0);
    assert_eq!(judged(row().flag("slow").stays("train")), 1);
    assert_eq!(judged(row().flag("fast").changes("train")), 1);
    assert_eq!(judged(row().asks("train", "slow")), 0);
    assert_eq!(judged(row().asks("train", "fast")), 1);
    assert_eq!(judged(row().tells_tests("train")), 1);
    let whole = || row().edit("{ 7 }", "{ 8 }").at(Level::Crate);
    assert_eq!(judged(whole().changes("train")), 0);
    assert_eq!(judged(whole().stays("train")), 1);
}

#[test]
fn trouble_that_is_not_expected_is_found_out() {
    let broken = || case("a row").lib("mod gone; #[memo] fn train() {}");
    assert_eq!(
        judge(&broken().trouble("src/lib.rs").stays("train")).len(),
        0
    );
    assert_eq!(judge(&broken().stays("train")).len(), 1);
}

#[test]
#[should_panic(expected = "should occur exactly once")]
fn an_edit_that_fits_nowhere_is_found_out() {
    judge(&row().edit("{ 3 }", "{ 4 }").stays("train"));
}

#[test]
#[should_panic(expected = "is not one of")]
fn a_function_that_is_not_there_is_found_out() {
    judge(&row().edit("{ 7 }", "{ 8 }").stays("test"));
}

#[test]
fn a_memoized_function_is_told_with_its_place_and_settings() {
    let mut project = Project::new();
    project.write(
        "src/lib.rs",
        "mod model {
            impl Net {
                #[memo_runtime::memo(version = 2, code = \"crate\")]
                pub fn fit(&self) -> i32 { 1 }
            }
        }
        #[memo]
        fn train() -> i32 { 2 }",
    );
    let surroundings = Surroundings {
        sources: &project.files,
        generated: None,
        environment: None,
    };
    let model = project.model();
    let analysis = Analysis::new(
        &model,
        project.target(),
        surroundings,
        &mut Memory::default(),
    );
    let told: Vec<_> = analysis
        .memoized()
        .into_iter()
        .map(|it| (it.path, it.file, it.line, it.code, it.tokens))
        .collect();
    let tokens = |text: &str| *tokens::digest(&text.parse().unwrap()).as_bytes();
    let file = "src/lib.rs".to_owned();
    assert_eq!(
        told,
        [
            (
                "model::Net::fit".to_owned(),
                file.clone(),
                4,
                Some("crate".to_owned()),
                tokens("pub fn fit(&self) -> i32 { 1 }"),
            ),
            (
                "train".to_owned(),
                file,
                8,
                None,
                tokens("fn train() -> i32 { 2 }")
            ),
        ]
    );
}
