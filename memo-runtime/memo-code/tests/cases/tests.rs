//! Tests, which count where they are compiled, and only there.

use memo_code::Level;

use super::case::case;
use super::judge::table;

#[test]
fn tests() {
    table([
        case("a test")
            .lib(
                "#[memo] fn train() -> i32 { 1 }
                #[test] fn it_trains() { assert_eq!(train(), 7); }",
            )
            .edit("7", "8")
            .stays("train")
            .at(Level::Crate)
            .stays("train"),
        case("a module of tests")
            .lib(
                "#[memo] fn train() -> i32 { step() } fn step() -> i32 { 1 }
                #[cfg(test)] mod tests { use super::*; pub fn step() -> i32 { 7 } }",
            )
            .edit("{ 7 }", "{ 8 }")
            .stays("train")
            .at(Level::Crate)
            .stays("train"),
        case("a module of tests in a file")
            .lib(
                "#[memo] fn train() -> i32 { step() } fn step() -> i32 { 1 }
                #[cfg(test)] mod tests;",
            )
            .file("src/tests.rs", "use super::*; pub fn step() -> i32 { 7 }")
            .edit("{ 7 }", "{ 8 }")
            .stays("train"),
        case("a mock in the tests")
            .lib(
                "#[memo] fn train(x: &dyn Layer) -> i32 { x.forward() }
                trait Layer { fn forward(&self) -> i32; }
                #[cfg(test)] mod tests {
                    struct Mock;
                    impl super::Layer for Mock { fn forward(&self) -> i32 { 7 } }
                }",
            )
            .edit("{ 7 }", "{ 8 }")
            .stays("train")
            .in_tests()
            .changes("train"),
        case("a mock in a test")
            .lib(
                "#[memo] fn train(x: &dyn Layer) -> i32 { x.forward() }
                trait Layer { fn forward(&self) -> i32; }
                #[test] fn it_trains() {
                    struct Mock;
                    impl Layer for Mock { fn forward(&self) -> i32 { 7 } }
                }",
            )
            .edit("{ 7 }", "{ 8 }")
            .stays("train")
            .in_tests()
            .changes("train"),
        case("a helper that is another one in tests")
            .lib(
                "#[memo] fn train() -> i32 { step() }
                #[cfg(not(test))] fn step() -> i32 { 1 }
                #[cfg(test)] fn step() -> i32 { 2 }",
            )
            .edit("{ 2 }", "{ 3 }")
            .stays("train")
            .in_tests()
            .changes("train"),
        case("a condition on tests in its body")
            .lib("#[memo] fn train() -> i32 { if cfg!(test) { 1 } else { 2 } }")
            .tells_tests("train"),
        case("a condition on tests on a statement of a helper")
            .lib(
                "#[memo] fn train() -> i32 { step() }
                fn step() -> i32 { #[cfg(test)] return 1; 2 }",
            )
            .tells_tests("train"),
        case("a condition on tests on a variant")
            .lib("#[memo] fn train() -> i32 { E::Last as i32 } enum E { #[cfg(test)] First, Last }")
            .tells_tests("train"),
        case("a condition on tests on an attribute")
            .lib(
                "#[memo] fn train() -> usize { size_of::<Plan>() }
                #[cfg_attr(test, repr(packed))] struct Plan { a: u8, n: i32 }",
            )
            .tells_tests("train"),
        case("a condition on tests in a macro's body")
            .lib(
                "macro_rules! step { () => { if cfg!(test) { 1 } else { 2 } } }
                #[memo] fn train() -> i32 { step!() }",
            )
            .tells_tests("train"),
        case("a mock that tests put in its place")
            .lib(
                "#[memo] fn train() -> i32 { source::next() }
                #[cfg_attr(test, path = \"mock.rs\")] mod source;",
            )
            .file("src/source.rs", "pub fn next() -> i32 { 1 }")
            .file("src/mock.rs", "pub fn next() -> i32 { 2 }")
            .tells_tests("train"),
        case("a helper that is there in no test")
            .lib(
                "#[memo] fn train() -> i32 { step() }
                #[cfg(not(test))] fn step() -> i32 { 1 }
                #[cfg(test)] fn step() -> i32 { 2 }",
            )
            .edit("{ 1 }", "{ 3 }")
            .changes("train"),
        case("a condition of which tests are a part")
            .lib(
                "#[memo] fn train() -> i32 { step() }
                #[cfg(any(test, slow))] fn step() -> i32 { 1 }
                #[cfg(not(any(test, slow)))] fn step() -> i32 { 2 }",
            )
            .edit("{ 1 }", "{ 3 }")
            .changes("train"),
        case("tests in a dependency are compiled in no build of ours")
            .lib("#[memo] fn train() -> i32 { tools::step() }")
            .dependency(
                "tools",
                "pub fn step() -> i32 { 1 } #[cfg(test)] mod tests { pub fn step() -> i32 { 7 } }",
            )
            .edit("{ 7 }", "{ 8 }")
            .stays("train")
            .in_tests()
            .stays("train"),
        case("a memoized function in the tests")
            .lib(
                "pub fn step() -> i32 { 1 }
                #[cfg(test)] mod tests { #[memo] fn train() -> i32 { super::step() } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .in_tests()
            .changes("train"),
    ]);
}
