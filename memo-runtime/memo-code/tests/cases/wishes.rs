//! What would be nicer than the rules promise: run with `--ignored` to see which wishes are open.

use super::case::{case, made_nowhere};
use super::judge::table;

#[test]
#[ignore = "the rules do not promise it"]
fn nothing_is_computed_again_for() {
    table([
        case("a lint level on a helper")
            .lib("#[memo] fn train() -> i32 { step() } fn step() -> i32 { 1 }")
            .edit("fn step", "#[allow(clippy::all)] #[must_use] fn step")
            .stays("train"),
        case("a helper that is made public")
            .lib("#[memo] fn train() -> i32 { step() } fn step() -> i32 { 1 }")
            .edit("fn step", "pub fn step")
            .stays("train"),
        case("a function of the same name at another path")
            .lib(
                "#[memo] fn train() -> i32 { fast::step() }
                mod fast { pub fn step() -> i32 { 1 } }
                mod slow { pub fn step() -> i32 { 7 } }",
            )
            .edit("{ 7 }", "{ 8 }")
            .stays("train"),
        case("a function of the name of a local variable")
            .lib(
                "#[memo] fn train() -> i32 { let total = 1; total + 1 }
                pub fn total() -> i32 { 7 }",
            )
            .edit("{ 7 }", "{ 8 }")
            .stays("train"),
        case("a display that nobody formats with")
            .lib(
                "#[memo] fn train(x: Net) -> i32 { x.0 }
                struct Net(i32);
                impl Display for Net { fn fmt(&self, f: &mut Formatter) -> fmt::Result { f.pad(\"7\") } }",
            )
            .edit("\"7\"", "\"8\"")
            .stays("train"),
        case("an impl block that is split")
            .lib(
                "#[memo] fn train(x: X) -> i32 { x.a() + x.b() }
                struct X;
                impl X { fn a(&self) -> i32 { 1 } fn b(&self) -> i32 { 2 } }",
            )
            .edit("{ 1 } fn b", "{ 1 } } impl X { fn b")
            .stays("train"),
        case("documentation in the arguments of a macro")
            .lib(
                "thread_local! { /** Once. */ static SCALE: Cell<i32> = Cell::new(1); }
                #[memo] fn train() -> i32 { SCALE.with(Cell::get) }",
            )
            .edit("Once", "Twice")
            .stays("train"),
        case("the time to live of a memoized helper")
            .lib(
                "#[memo] fn train() -> i32 { features() }
                #[memo(ttl = \"7d\")] fn features() -> i32 { 1 }",
            )
            .edit("7d", "8d")
            .stays("train"),
        case("a helper that gets memoized")
            .lib("#[memo] fn train() -> i32 { step() } fn step() -> i32 { 1 }")
            .edit("fn step", "#[memo] fn step")
            .stays("train"),
        case("braces that a formatter takes away")
            .lib("#[memo] fn train(x: i32) -> i32 { match x { 0 => { 1 } _ => 2 } }")
            .edit("{ 1 }", "1,")
            .stays("train"),
        case("what a function that a macro makes somewhere does not name")
            .lib("make!(train); fn step() -> i32 { 1 } fn other() -> i32 { 7 }")
            .edit("{ 7 }", "{ 8 }")
            .stays(made_nowhere("fn train() -> i32 { step() }")),
        case("a function that a string merely shows in doubled braces")
            .lib("#[memo] fn train() -> String { format!(\"{{step}}\") } fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .stays("train"),
        case("an impl that a macro writes for a type that it cannot reach")
            .lib(
                "macro_rules! sized {
                    ($t:ty, $x:expr) => { impl Sized2 for $t { fn size(&self) -> i32 { $x } } }
                }
                trait Sized2 { fn size(&self) -> i32; }
                struct Near;
                struct Far;
                sized!(Near, 1);
                sized!(Far, 7);
                #[memo] fn train(x: Near) -> i32 { x.size() }",
            )
            .edit("Far, 7", "Far, 8")
            .stays("train"),
    ]);
}

#[test]
#[ignore = "the rules do not promise it"]
fn everything_that_shows_is_computed_again() {
    table([
        case("the line that a function shows")
            .lib("#[memo] fn train() -> u32 { line!() }")
            .edit("#[memo]", "\n#[memo]")
            .changes("train"),
        case("documentation that a derive makes a text of")
            .lib(
                "/// Trains.\n#[derive(clap::Parser)] struct Options;
                #[memo] fn train() -> String { Options::help() }",
            )
            .external("clap", "4.5.0")
            .edit("Trains", "Learns")
            .changes("train"),
    ]);
}
