//! Functions that macros make: known by their tokens, and perhaps by where the compiler thinks
//! that they stand.

use super::case::{case, made, made_nowhere};
use super::judge::table;

#[test]
fn functions_that_macros_make() {
    table([
        case("a helper of a made function")
            .lib("make!(train); fn step() -> i32 { 1 } fn other() -> i32 { 7 }")
            .edit("{ 1 }", "{ 2 }")
            .changes(made("fn train() -> i32 { step() }", "src/lib.rs", 1))
            .changes(made_nowhere("fn train() -> i32 { step() }"))
            .stays(made("fn idle() -> i32 { 0 }", "src/lib.rs", 1)),
        case("what a made function does not name")
            .lib("make!(train); fn step() -> i32 { 1 } fn other() -> i32 { 7 }")
            .edit("{ 7 }", "{ 8 }")
            .stays(made("fn train() -> i32 { step() }", "src/lib.rs", 1)),
        case("a private helper in the module of a made function")
            .lib("mod near { make!(train); fn step() -> i32 { 1 } }")
            .edit("{ 1 }", "{ 2 }")
            .changes(made("fn train() -> i32 { step() }", "src/lib.rs", 1))
            .changes(made_nowhere("fn train() -> i32 { step() }")),
        case("a private helper in the file of a made function")
            .lib("mod near;")
            .file("src/near.rs", "make!(train);\nfn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes(made("fn train() -> i32 { step() }", "src/near.rs", 1)),
        case("the import of a module around a made function")
            .lib("mod near;\nmod a { pub fn step() {} }\nmod b { pub fn step() { 4; } }")
            .file("src/near.rs", "use crate::a::step;\nmake!(train);")
            .edit("crate::a::step", "crate::b::step")
            .changes(made("fn train() { step() }", "src/near.rs", 2)),
        case("a method of the type that a made method belongs to")
            .lib(
                "struct Net(i32);
                impl Net { make!(fit); fn step(&self) -> i32 { self.0 + 1 } }",
            )
            .edit("self.0 + 1", "self.0 + 2")
            .changes(made("fn fit(&self) -> i32 { self.step() }", "src/lib.rs", 2))
            .changes(made_nowhere("fn fit(&self) -> i32 { self.step() }")),
        case("an operator on the type of the field of a made method")
            .lib(
                "struct Net(Money);
                impl Net { make!(fit); }
                struct Money(i32);
                impl std::ops::Neg for Money { type Output = i32; fn neg(self) -> i32 { -self.0 } }",
            )
            .edit("-self.0", "self.0")
            .changes(made("fn fit(self) -> i32 { -self.0 }", "src/lib.rs", 2))
            .changes(made_nowhere("fn fit(self) -> i32 { -self.0 }")),
        case("the macro that makes it")
            .lib(
                "macro_rules! make { ($name:ident) => { #[memo] fn $name() -> i32 { scale(1) } } }
                make!(train);
                fn scale(x: i32) -> i32 { x * 2 }",
            )
            .edit("x * 2", "x * 3")
            .changes(made("fn train() -> i32 { scale(1) }", "src/lib.rs", 2))
            .changes(made("fn train() -> i32 { scale(1) }", "src/lib.rs", 1)),
        case("a bound that a made function has")
            .lib(
                "make!(train);
                trait Layer { fn forward(&self) -> i32; }
                struct Relu;
                impl Layer for Relu { fn forward(&self) -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes(made("fn train<L: Layer>(l: &L) -> i32 { l.forward() }", "src/lib.rs", 1)),
        case("a dependency of a made function")
            .lib("make!(train);")
            .external("ndarray", "0.16.0")
            .upgrade("ndarray", "0.17.1")
            .changes(made("fn train() -> f64 { ndarray::arr0(1.0).sum() }", "src/lib.rs", 1))
            .stays(made("fn train() -> f64 { 1.0 }", "src/lib.rs", 1)),
        case("a made function in a file that is not at hand")
            .lib("make!(train); mod near { fn step() -> i32 { 1 } }")
            .edit("{ 1 }", "{ 2 }")
            .changes(made("fn train() -> i32 { step() }", "../far/src/lib.rs", 7)),
    ]);
}
