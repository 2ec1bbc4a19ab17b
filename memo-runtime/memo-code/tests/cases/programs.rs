//! Whole programs: what `main` reaches, what runs unnamed, and what only a build can tell.

use memo_code::{Analysis, Memory, Program, Surroundings};

use super::case::{Case, Expected, Verdict, case};
use super::project::Project;

/// What the analysis of the program tells.
fn program(project: &Project, memory: &mut Memory) -> Program {
    let model = project.model();
    let environment = |name: &str| project.environment.get(name).cloned();
    let surroundings = Surroundings {
        sources: &project.files,
        generated: None,
        environment: Some(&environment),
    };
    Analysis::new(&model, project.target(), surroundings, memory).program()
}

/// What is wrong in one row: the verdict is about the program, whatever function it names; and the
/// troubles are what the program does not tell.
fn judge(case: &Case) -> Vec<String> {
    let mut edited = case.project.clone();
    case.edits.iter().for_each(|edit| edit(&mut edited));
    let mut memory = Memory::default();
    let [before, after, undone] =
        [&case.project, &edited, &case.project].map(|project| program(project, &mut memory));

    let mut wrong = Vec::new();
    let seen = |program: &Program| (program.fingerprint.digest, program.unknown.clone());
    for verdict in &case.verdicts {
        match verdict.expected {
            Expected::Changes if seen(&before) == seen(&after) => wrong.push("should change"),
            Expected::Stays if seen(&before) != seen(&after) => wrong.push("should stay"),
            Expected::Asks(condition)
                if !after.fingerprint.conditions.contains(&condition.to_owned()) =>
            {
                wrong.push("should ask");
            }
            _ => {}
        }
    }
    let asks = |verdict: &Verdict| matches!(verdict.expected, Expected::Asks(_));
    if !case.verdicts.iter().any(asks) && !after.fingerprint.conditions.is_empty() {
        wrong.push("should not ask");
    }
    if undone != before {
        wrong.push("undoing the edit does not give the old fingerprint");
    }
    let told: Vec<&str> = after.unknown.iter().map(|it| it.place.as_str()).collect();
    let is_expected = |place: &&str| case.troubles.iter().any(|end| place.ends_with(end));
    if !told.iter().all(is_expected) || told.is_empty() != case.troubles.is_empty() {
        wrong.push("what is unknown is not what should be");
    }
    let (name, unknown) = (case.name, &after.unknown);
    wrong
        .iter()
        .map(|what| format!("  {name}: {what}; unknown: {unknown:?}"))
        .collect()
}

fn programs<const ROWS: usize>(cases: [Case; ROWS]) {
    let wrong: Vec<String> = cases.iter().flat_map(judge).collect();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// A row about the program `train` with this root file.
fn train(name: &'static str, text: &str) -> Case {
    case(name).in_program("train", text)
}

#[test]
fn what_main_reaches_counts() {
    const CALLS: &str = "fn main() { step(); } fn step() -> i32 { 1 } fn other() -> i32 { 7 }";
    programs([
        train("main itself", "fn main() { println!(\"1\"); }").edit("1", "2").changes("main"),
        train("a function that it calls", CALLS).edit("{ 1 }", "{ 2 }").changes("main"),
        train("a function that it does not call", CALLS).edit("{ 7 }", "{ 8 }").stays("main"),
        train("one of a name like an attribute's", "fn main() {} fn unused() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .stays("main"),
        train("a comment", CALLS).edit("fn step", "/* one step */ fn step").stays("main"),
        train("documentation", CALLS).edit("fn step", "/// One step.\nfn step").stays("main"),
        train("spacing", CALLS).edit("{ step(); }", "{\n    step ();\n}").stays("main"),
        train("a test", "fn main() {} #[test] fn t() { assert_eq!(1, 1); }")
            .edit("(1, 1)", "(2, 2)")
            .stays("main"),
        train("a module in a file", "mod steps; fn main() { steps::one(); }")
            .file("src/bin/steps.rs", "pub fn one() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("main"),
        train("the library of the package", "fn main() { app::step(); }")
            .lib("pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("main"),
        train("what the program does not use of it", "fn main() { app::step(); }")
            .lib("pub fn step() {} pub fn other() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .stays("main"),
        train("a path dependency", "fn main() { dep::step(); }")
            .dependency("dep", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("main"),
        train("one beneath that", "fn main() { dep::step(); }")
            .dependency("dep", "pub fn step() -> i32 { below::step() }")
            .dependency_of("dep", "below", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("main"),
        train("the version of a package", "fn main() { fast::go(); }")
            .external("fast", "1.0.0")
            .upgrade("fast", "1.0.1")
            .changes("main"),
        train("one that it does not name", "fn main() {}")
            .external("fast", "1.0.0")
            .upgrade("fast", "1.0.1")
            .stays("main"),
        train("a feature of a package", "fn main() { fast::go(); }")
            .external("fast", "1.0.0")
            .then(|project| project.external("fast").features = vec!["wide".to_owned()])
            .changes("main"),
        train("an included text", "fn main() { print!(include_str!(\"words.txt\")); }")
            .file("src/bin/words.txt", "alpha")
            .edit("alpha", "beta")
            .changes("main"),
        train("a variable", "fn main() { println!(env!(\"LEVEL\")); }")
            .environment("LEVEL", "1", "2")
            .changes("main"),
        train("another variable", "fn main() { println!(env!(\"LEVEL\")); }")
            .environment("OTHER", "1", "2")
            .stays("main"),
        train("what is dropped", "struct S; fn main() { S; } impl Drop for S { fn drop(&mut self) { one() } } fn one() {}")
            .edit("fn one() {}", "fn one() { two() } fn two() {}")
            .changes("main"),
        train("the edition", "fn main() {}")
            .then(|project| project.package("app").targets[1].edition = 2021)
            .changes("main"),
    ]);
}

#[test]
fn what_main_is() {
    const MADE: &str = "program! { step } fn step() {} fn other() -> i32 { 1 }";
    const ASYNC: &str = "#[tokio::main] async fn main() { step().await; }
        async fn step() -> i32 { 1 } fn other() -> i32 { 7 }";
    const TWO: &str = "#[cfg(unix)] fn main() { one(); } #[cfg(not(unix))] fn main() { two(); }
        fn one() -> i32 { 1 } fn two() -> i32 { 7 }";
    programs([
        train("made by a macro", MADE)
            .external("program", "1.0.0")
            .edit("{ 1 }", "{ 2 }")
            .changes("main"),
        train("asynchronous", ASYNC)
            .external("tokio", "1.0.0")
            .edit("{ 1 }", "{ 2 }")
            .changes("main"),
        train("what it does not await", ASYNC)
            .external("tokio", "1.0.0")
            .edit("{ 7 }", "{ 8 }")
            .stays("main"),
        train("the macro around it", ASYNC)
            .external("tokio", "1.0.0")
            .upgrade("tokio", "1.1.0")
            .changes("main"),
        train("one of two", TWO)
            .edit("{ 1 }", "{ 2 }")
            .changes("main")
            .asks("main", "unix"),
        train("the other of two", TWO)
            .edit("{ 7 }", "{ 8 }")
            .changes("main")
            .asks("main", "unix"),
        train(
            "none, but for the linker",
            "#![no_main] fn other() -> i32 { 1 }",
        )
        .edit("{ 1 }", "{ 2 }")
        .changes("main"),
        train(
            "another of that name",
            "fn main() {} mod m { fn main() -> i32 { 1 } }",
        )
        .edit("{ 1 }", "{ 2 }")
        .stays("main"),
        train("a second program", "fn main() {}")
            .file("src/bin/eval.rs", "fn main() { 1; }")
            .edit("{ 1; }", "{ 2; }")
            .stays("main"),
    ]);
}

#[test]
fn what_runs_without_being_named_counts() {
    programs([
        train("before main", "fn main() {} #[ctor::ctor] fn early() { one() } fn one() -> i32 { 1 }")
            .external("ctor", "0.2.0")
            .edit("{ 1 }", "{ 2 }")
            .changes("main"),
        train("what is registered", "fn main() {} hooks::register! { one } fn one() -> i32 { 1 }")
            .external("hooks", "1.0.0")
            .edit("{ 1 }", "{ 2 }")
            .changes("main"),
        train("the allocator", "struct A; #[global_allocator] static GLOBAL: A = A::new(1); impl A { const fn new(n: u8) -> A { A } } fn main() {}")
            .edit("(1)", "(2)")
            .changes("main"),
        train("for the linker", "fn main() {} #[unsafe(no_mangle)] extern \"C\" fn write() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("main"),
        train("in a section", "fn main() {} #[used] #[unsafe(link_section = \".init_array\")] static INIT: fn() = one; fn one() { 1; }")
            .edit("{ 1; }", "{ 2; }")
            .changes("main"),
        train("in a library that is linked", "use dep as _; fn main() {}")
            .dependency("dep", "#[ctor::ctor] fn early() -> i32 { 1 }")
            .external_of("dep", "ctor", "0.2.0")
            .edit("{ 1 }", "{ 2 }")
            .changes("main"),
        train("a test of another framework", "fn main() {} #[cfg(test)] mod tests { #[rstest] fn t() -> i32 { 1 } }")
            .edit("{ 1 }", "{ 2 }")
            .stays("main"),
    ]);
}

#[test]
fn conditions_are_settled_or_left() {
    const FAST: &str = "fn main() { #[cfg(feature = \"fast\")] one(); } fn one() -> i32 { 1 }";
    const DEBUG: &str = "fn main() { if cfg!(debug_assertions) { one(); } } fn one() -> i32 { 1 }";
    programs([
        train("a feature that it asks for", FAST).feature_on("app", "fast").changes("main"),
        train("what is compiled with it", FAST).edit("{ 1 }", "{ 2 }").changes("main"),
        train("a feature that it does not ask for", "fn main() {}")
            .feature_on("app", "fast")
            .stays("main"),
        train("a feature of the library", "fn main() { app::one(); }")
            .lib("#[cfg(feature = \"fast\")] pub fn one() {} #[cfg(not(feature = \"fast\"))] pub fn one() {}")
            .feature_on("app", "fast")
            .changes("main"),
        train("a feature of a dependency", "fn main() { dep::one(); }")
            .dependency("dep", "pub fn one() { if cfg!(feature = \"fast\") {} }")
            .feature_on("dep", "fast")
            .changes("main"),
        train("debug or release", DEBUG).flag("debug_assertions").stays("main"),
        train("what is compiled for debugging", DEBUG).edit("{ 1 }", "{ 2 }").changes("main"),
        train("how panics end", "fn main() { if cfg!(panic = \"abort\") {} }")
            .flag("panic = \"abort\"")
            .stays("main"),
        train("the platform", "fn main() { if cfg!(target_os = \"linux\") {} }")
            .edit("\"linux\"", "\"macos\"")
            .changes("main")
            .asks("main", "target_os = \"macos\""),
        train("a platform with a feature", "fn main() { if cfg!(all(unix, feature = \"fast\")) {} }")
            .edit("fast", "slow")
            .asks("main", "all(unix, any())"),
        train("whether tests are compiled", "fn main() { if cfg!(test) {} }")
            .feature_on("app", "fast")
            .stays("main"),
    ]);
}

#[test]
fn what_only_a_build_tells_is_unknown() {
    const SCRIPT: &str = "fn main() { generate(); }";
    const OURS: &str = "fn main() { memo_build::fingerprint(); }";
    const TABLE: &str = "include!(concat!(env!(\"OUT_DIR\"), \"/table.rs\"));";
    let in_main = format!("{TABLE} fn main() {{ step(); }}");
    programs([
        train("generated code", &in_main)
            .build_script("app", SCRIPT)
            .file("OUT_DIR/table.rs", "fn step() {}")
            .trouble("train.rs"),
        train(
            "a generated text",
            "fn main() { print!(include_str!(concat!(env!(\"OUT_DIR\"), \"/w\"))); }",
        )
        .build_script("app", SCRIPT)
        .trouble("train.rs"),
        train(
            "a file of which nobody knows",
            "fn main() { print!(include_str!(path!())); }",
        )
        .trouble("train.rs"),
        train(
            "a variable of a build script",
            "fn main() { println!(env!(\"COMMIT\")); }",
        )
        .build_script("app", SCRIPT)
        .trouble("train.rs"),
        train(
            "a condition of a build script",
            "fn main() { if cfg!(has_blas) {} }",
        )
        .build_script("app", SCRIPT)
        .asks("main", "has_blas")
        .trouble("app"),
        train(
            "a macro that may read what is generated",
            "fn main() { proto::include_proto!(\"step\"); }",
        )
        .external("proto", "1.0.0")
        .build_script("app", SCRIPT)
        .trouble("train.rs"),
        train("a module that is not there", "mod gone; fn main() {}").trouble("train.rs"),
        train("a file that is no code", "mod odd; fn main() {}")
            .file("src/bin/odd.rs", "fn (")
            .trouble("odd.rs"),
        train(
            "generated code in a dependency",
            "fn main() { dep::step(); }",
        )
        .dependency("dep", TABLE)
        .build_script("dep", SCRIPT)
        .trouble("lib.rs"),
        train(
            "a build script of which nothing is asked",
            "fn main() { println!(\"1\"); }",
        )
        .build_script("app", SCRIPT)
        .edit("1", "2")
        .changes("main"),
        train(
            "a macro that reads nothing",
            "fn main() { log::info!(\"1\"); }",
        )
        .external("log", "0.4.0")
        .build_script("app", SCRIPT)
        .edit("1", "2")
        .changes("main"),
        train(
            "the line of memo",
            "fn main() { println!(env!(\"COMMIT\")); proto::say!(\"x\"); }",
        )
        .external("proto", "1.0.0")
        .build_script("app", OURS)
        .environment("COMMIT", "1", "2")
        .changes("main"),
        train("no build script", "fn main() { if cfg!(has_blas) {} }")
            .edit("has_blas", "has_cuda")
            .changes("main")
            .asks("main", "has_cuda"),
    ]);
}
