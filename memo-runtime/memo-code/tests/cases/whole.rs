//! The level `crate`: the whole package and its dependencies count, and still no comment does.

use memo_code::Level;
use memo_code::model::DependencyKind;

use super::case::{case, made};
use super::judge::table;

#[test]
fn level_crate() {
    table([
        case("an unrelated function")
            .lib("#[memo] fn train() -> i32 { 1 } fn other() -> i32 { 7 }")
            .edit("{ 7 }", "{ 8 }")
            .stays("train")
            .at(Level::Crate)
            .changes("train"),
        case("an unrelated function, for a function that a macro makes")
            .lib("make!(train); fn other() -> i32 { 7 }")
            .edit("{ 7 }", "{ 8 }")
            .stays(made("fn train() -> i32 { 1 }", "src/lib.rs", 1))
            .at(Level::Crate)
            .changes(made("fn train() -> i32 { 1 }", "src/lib.rs", 1)),
        case("an unrelated module in a file")
            .lib("mod tools; #[memo] fn train() -> i32 { 1 }")
            .file("src/tools.rs", "fn other() -> i32 { 7 }")
            .edit("{ 7 }", "{ 8 }")
            .at(Level::Crate)
            .changes("train"),
        case("an unrelated impl")
            .lib("#[memo] fn train() -> i32 { 1 } struct X; impl Drop for X { fn drop(&mut self) { go(7) } }")
            .edit("go(7)", "go(8)")
            .at(Level::Crate)
            .changes("train"),
        case("an unrelated macro")
            .lib("#[memo] fn train() -> i32 { 1 } macro_rules! other { () => { 7 } }")
            .edit("7", "8")
            .at(Level::Crate)
            .changes("train"),
        case("an unrelated import")
            .lib("#[memo] fn train() -> i32 { 1 } use std::path::Path;")
            .edit("Path", "PathBuf")
            .at(Level::Crate)
            .changes("train"),
        case("an unrelated dependency")
            .lib("#[memo] fn train() -> i32 { 1 }")
            .external("ndarray", "0.16.0")
            .upgrade("ndarray", "0.17.1")
            .at(Level::Crate)
            .changes("train"),
        case("an unrelated package of the workspace")
            .lib("#[memo] fn train() -> i32 { 1 }")
            .dependency("tools", "pub use base::step;")
            .dependency_of("tools", "base", "pub fn step() -> i32 { 7 }")
            .edit("{ 7 }", "{ 8 }")
            .at(Level::Crate)
            .changes("train"),
        case("an unrelated condition")
            .lib("#[memo] fn train() -> i32 { 1 } #[cfg(slow)] fn other() {}")
            .flag("slow")
            .at(Level::Crate)
            .changes("train"),
        case("an unrelated text")
            .lib("#[memo] fn train() -> i32 { 1 } const WORDS: &str = include_str!(\"words.txt\");")
            .file("src/words.txt", "alpha")
            .edit("alpha", "beta")
            .at(Level::Crate)
            .changes("train"),
        case("an unrelated variable")
            .lib("#[memo] fn train() -> i32 { 1 } const MODEL: &str = env!(\"MODEL\");")
            .environment("MODEL", "small", "large")
            .at(Level::Crate)
            .changes("train"),
        case("an unrelated generated function")
            .lib("#[memo] fn train() -> i32 { 1 } include!(concat!(env!(\"OUT_DIR\"), \"/t.rs\"));")
            .build_script("app", "fn main() {}")
            .file("OUT_DIR/t.rs", "fn other() -> i32 { 7 }")
            .edit("{ 7 }", "{ 8 }")
            .at(Level::Crate)
            .changes("train"),
        case("the library of a program")
            .lib("pub fn other() -> i32 { 7 }")
            .in_program("tool", "#[memo] fn train() -> i32 { 1 } fn main() {}")
            .edit("{ 7 }", "{ 8 }")
            .at(Level::Crate)
            .changes("train"),
        case("a comment")
            .lib("#[memo] fn train() -> i32 { 1 } fn other() -> i32 { 7 }")
            .edit("{ 7 }", "{ /* seven */ 7 }")
            .at(Level::Crate)
            .stays("train"),
        case("documentation")
            .lib("//! A model.\n#[memo] fn train() -> i32 { 1 } fn other() -> i32 { 7 }")
            .edit("fn other", "/// Another.\nfn other")
            .edit("A model", "The model")
            .at(Level::Crate)
            .stays("train"),
        case("the order of items")
            .lib("#[memo] fn train() -> i32 { 1 } fn a() {} fn b() {}")
            .edit("fn a() {} fn b() {}", "fn b() {} fn a() {}")
            .at(Level::Crate)
            .stays("train"),
        case("a test")
            .lib("#[memo] fn train() -> i32 { 1 } #[cfg(test)] mod tests { #[test] fn t() { go(7) } }")
            .edit("go(7)", "go(8)")
            .at(Level::Crate)
            .stays("train")
            .in_tests()
            .changes("train"),
        case("a dependency of tests, in a build without tests")
            .lib("#[memo] fn train() -> i32 { 1 }")
            .external("proptest", "1.5.0")
            .only_for(DependencyKind::Development)
            .upgrade("proptest", "1.6.0")
            .at(Level::Crate)
            .stays("train"),
    ]);
}
