//! Macros by example: their bodies, and the names that they are given.

use super::case::case;
use super::judge::table;

#[test]
fn bodies() {
    table([
        case("the body of a macro")
            .lib(
                "macro_rules! step { ($x:expr) => { $x + 1 } }
                #[memo] fn train() -> i32 { step!(3) }",
            )
            .edit("$x + 1", "$x + 2")
            .changes("train"),
        case("a macro that it does not name")
            .lib(
                "macro_rules! step { ($x:expr) => { $x + 1 } }
                macro_rules! other { ($x:expr) => { $x + 5 } }
                #[memo] fn train() -> i32 { step!(3) }",
            )
            .edit("$x + 5", "$x + 6")
            .stays("train"),
        case("a function that a macro calls")
            .lib(
                "macro_rules! step { ($x:expr) => { scale($x) } }
                #[memo] fn train() -> i32 { step!(3) }
                fn scale(x: i32) -> i32 { x * 2 }",
            )
            .edit("x * 2", "x * 3")
            .changes("train"),
        case("a private function that a macro calls from its own module")
            .lib(
                "mod tools {
                    macro_rules! step { ($x:expr) => { $crate::tools::scale($x) } }
                    pub(crate) use step;
                    pub(crate) fn scale(x: i32) -> i32 { x * 2 }
                }
                #[memo] fn train() -> i32 { tools::step!(3) }",
            )
            .edit("x * 2", "x * 3")
            .changes("train"),
        case("a macro that a macro uses")
            .lib(
                "macro_rules! outer { ($x:expr) => { inner!($x) } }
                macro_rules! inner { ($x:expr) => { $x + 1 } }
                #[memo] fn train() -> i32 { outer!(3) }",
            )
            .edit("$x + 1", "$x + 2")
            .changes("train"),
        case("a function named in the arguments of a macro")
            .lib(
                "macro_rules! call { ($f:ident) => { $f() } }
                #[memo] fn train() -> i32 { call!(step) }
                fn step() -> i32 { 1 }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a method named in the arguments of a macro")
            .lib(
                "macro_rules! on { ($x:expr, $m:ident) => { $x.$m() } }
                #[memo] fn train(x: Net) -> i32 { on!(x, depth) }
                struct Net;
                impl Net { fn depth(&self) -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a method that only a macro calls")
            .lib(
                "macro_rules! depth { ($x:expr) => { $x.depth() } }
                #[memo] fn train(x: Net) -> i32 { depth!(x) }
                struct Net;
                impl Net { fn depth(&self) -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("in the arguments of a foreign macro")
            .lib(
                "#[memo] fn train() -> Vec<i32> { vec![step(); SIZE] }
                fn step() -> i32 { 1 }
                const SIZE: usize = 9;",
            )
            .edit("= 9", "= 8")
            .changes("train"),
        case("a macro that hides an earlier one")
            .lib(
                "macro_rules! step { () => { 1 } }
                #[memo] fn train() -> i32 { step!() }",
            )
            .edit("#[memo]", "macro_rules! step { () => { 2 } } #[memo]")
            .changes("train"),
        case("two macros that change places")
            .lib(
                "macro_rules! step { () => { 1 } }
                macro_rules! step { () => { 2 } }
                #[memo] fn train() -> i32 { step!() }",
            )
            .edit("{ 1 }", "{ 3 }")
            .edit("{ 2 }", "{ 1 }")
            .edit("{ 3 }", "{ 2 }")
            .changes("train"),
        case("two macros of one name around it change places")
            .lib(
                "macro_rules! step { () => { 1 } }
                #[memo] fn train() -> i32 { step!() }
                macro_rules! step { () => { 2 } }
                #[memo] fn other() -> i32 { step!() }",
            )
            .then(|project| {
                let text = project.remove("src/lib.rs");
                let swapped = text.replace('1', "3").replace('2', "1").replace('3', "2");
                project.write("src/lib.rs", &swapped);
            })
            .changes("train")
            .changes("other"),
        case("a macro in the function")
            .lib(
                "#[memo] fn train() -> i32 {
                    macro_rules! step { () => { scale(1) } }
                    step!()
                }
                fn scale(x: i32) -> i32 { x * 2 }",
            )
            .edit("x * 2", "x * 3")
            .changes("train"),
        case("a macro of another module by macro_use")
            .lib("#[macro_use] mod tools; #[memo] fn train() -> i32 { step!() }")
            .file("src/tools.rs", "macro_rules! step { () => { 1 } }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a macro under another name")
            .lib(
                "macro_rules! step { () => { 1 } }
                use step as go;
                #[memo] fn train() -> i32 { go!() }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a macro of another crate")
            .lib("#[memo] fn train() -> i32 { tools::step!() }")
            .dependency("tools", "#[macro_export] macro_rules! step { () => { 1 } }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a hidden function that a macro of another crate calls")
            .lib("use tools::step; #[memo] fn train() -> i32 { step!() }")
            .dependency(
                "tools",
                "#[macro_export] macro_rules! step { () => { $crate::__private::one() } }
                #[doc(hidden)] pub mod __private { pub fn one() -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a function of the caller that a macro of another crate names")
            .lib(
                "use tools::run;
                #[memo] fn train() -> i32 { run!() }
                fn step() -> i32 { 1 }",
            )
            .dependency(
                "tools",
                "#[macro_export] macro_rules! run { () => { step() } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a macro of another crate by macro_use")
            .lib("#[macro_use] extern crate tools; #[memo] fn train() -> i32 { step!() }")
            .dependency("tools", "#[macro_export] macro_rules! step { () => { 1 } }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
    ]);
}

#[test]
fn format_strings() {
    table([
        case("a const in a format string")
            .lib("#[memo] fn train() -> String { format!(\"{LIMIT}\") } const LIMIT: i32 = 1;")
            .edit("= 1", "= 2")
            .changes("train"),
        case("a const with a format")
            .lib("#[memo] fn train() -> String { format!(\"{LIMIT:>8?}\") } const LIMIT: i32 = 1;")
            .edit("= 1", "= 2")
            .changes("train"),
        case("a const as the width")
            .lib("#[memo] fn train(x: f64) -> String { format!(\"{x:WIDE$}\") } const WIDE: usize = 1;")
            .edit("= 1", "= 2")
            .changes("train"),
        case("a const as the precision")
            .lib("#[memo] fn train(x: f64) -> String { format!(\"{x:>9.FINE$}\") } const FINE: usize = 1;")
            .edit("= 1", "= 2")
            .changes("train"),
        case("a const in a raw format string")
            .lib("#[memo] fn train() -> String { format!(r#\"\"{LIMIT}\"\"#) } const LIMIT: i32 = 1;")
            .edit("= 1", "= 2")
            .changes("train"),
        case("a const in a format string with escapes")
            .lib("#[memo] fn train() -> String { format!(\"\\t{{{LIMIT}\") } const LIMIT: i32 = 1;")
            .edit("= 1", "= 2")
            .changes("train"),
        case("a const whose braces are escapes")
            .lib("#[memo] fn train() -> String { format!(\"\\u{7b}LIMIT\\x7d\") } const LIMIT: i32 = 1;")
            .edit("= 1", "= 2")
            .changes("train"),
        case("a const in a format string of a macro of ours")
            .lib(
                "macro_rules! say { ($($x:tt)*) => { format!($($x)*) } }
                #[memo] fn train() -> String { say!(\"{LIMIT}\") }
                const LIMIT: i32 = 1;",
            )
            .edit("= 1", "= 2")
            .changes("train"),
        case("a static in the message of a panic")
            .lib("#[memo] fn train() { panic!(\"{LIMIT}\") } static LIMIT: i32 = 1;")
            .edit("= 1", "= 2")
            .changes("train"),
    ]);
}
