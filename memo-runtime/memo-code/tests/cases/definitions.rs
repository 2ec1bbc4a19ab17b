//! What macros define: functions, impls, modules, imports, other macros.

use super::case::{case, made};
use super::judge::table;

#[test]
fn definitions() {
    table([
        case("a function that a macro defines by its argument")
            .lib(
                "macro_rules! constant { ($name:ident, $x:expr) => { fn $name() -> i32 { $x } } }
                constant!(step, 1);
                constant!(other, 7);
                #[memo] fn train() -> i32 { step() }",
            )
            .edit("step, 1", "step, 2")
            .changes("train"),
        case("another function that the macro defines")
            .lib(
                "macro_rules! constant { ($name:ident, $x:expr) => { fn $name() -> i32 { $x } } }
                constant!(step, 1);
                constant!(other, 7);
                #[memo] fn train() -> i32 { step() }",
            )
            .edit("other, 7", "other, 8")
            .stays("train"),
        case("the body of a macro that defines a function")
            .lib(
                "macro_rules! constant { ($name:ident) => { fn $name() -> i32 { 1 } } }
                constant!(step);
                #[memo] fn train() -> i32 { step() }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a function that a macro's body names")
            .lib(
                "macro_rules! define { () => { fn step() -> i32 { 1 } } }
                define!();
                #[memo] fn train() -> i32 { step() }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a function that a macro in a macro's body names")
            .lib(
                "macro_rules! define { () => { fn step() -> i32 { 1 } } }
                macro_rules! all { () => { define!(); } }
                all!();
                #[memo] fn train() -> i32 { step() }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a macro that a macro defines")
            .lib(
                "macro_rules! make { ($name:ident) => { macro_rules! $name { () => { 1 } } } }
                make!(step);
                #[memo] fn train() -> i32 { step!() }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("an impl that a macro writes")
            .lib(
                "macro_rules! negate {
                    ($t:ty) => { impl Neg for $t { type Output = i32; fn neg(self) -> i32 { -self.0 } } }
                }
                struct Money(i32);
                negate!(Money);
                #[memo] fn train(x: Money) -> i32 { -x }",
            )
            .edit("-self.0", "self.0")
            .changes("train"),
        case("an impl that a macro writes for a type that its body names")
            .lib(
                "macro_rules! negate {
                    () => { impl Neg for Money { type Output = i32; fn neg(self) -> i32 { -self.0 } } }
                }
                struct Money(i32);
                negate!();
                #[memo] fn train(x: Money) -> i32 { -x }",
            )
            .edit("-self.0", "self.0")
            .changes("train"),
        case("an impl for a type that a macro elsewhere is given")
            .lib(
                "macro_rules! define { ($name:ident $b:block) => { fn $name() -> Guard $b } }
                define! { other { Guard } }
                struct Guard;
                impl Drop for Guard { fn drop(&mut self) { release(7) } }
                #[memo] fn train() -> i32 { 1 }",
            )
            .edit("release(7)", "release(8)")
            .stays("train"),
        case("an impl that a macro writes for a trait object")
            .lib(
                "macro_rules! sided {
                    ($t:ident, $x:expr) => { struct $t; impl Shape for $t { fn sides(&self) -> i32 { $x } } }
                }
                trait Shape { fn sides(&self) -> i32; }
                sided!(Square, 4);
                #[memo] fn train(x: &dyn Shape) -> i32 { x.sides() }",
            )
            .edit("Square, 4", "Square, 5")
            .changes("train"),
        case("methods that a macro writes into an impl")
            .lib(
                "macro_rules! getter { ($name:ident, $x:expr) => { fn $name(&self) -> i32 { $x } } }
                struct Net;
                impl Net { getter!(depth, 1); }
                #[memo] fn train(x: Net) -> i32 { x.depth() }",
            )
            .edit("depth, 1", "depth, 2")
            .changes("train"),
        case("methods that a macro's body writes into an impl")
            .lib(
                "macro_rules! getters { () => { fn depth(&self) -> i32 { 1 } } }
                struct Net;
                impl Net { getters!(); }
                #[memo] fn train(x: Net) -> i32 { x.depth() }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("statics of a thread")
            .lib(
                "thread_local! { static SCALE: Cell<i32> = Cell::new(1); }
                thread_local! { static OTHER: Cell<i32> = Cell::new(7); }
                #[memo] fn train() -> i32 { SCALE.with(Cell::get) }",
            )
            .edit("Cell::new(1)", "Cell::new(2)")
            .changes("train"),
        case("other statics of a thread")
            .lib(
                "thread_local! { static SCALE: Cell<i32> = Cell::new(1); }
                thread_local! { static OTHER: Cell<i32> = Cell::new(7); }
                #[memo] fn train() -> i32 { SCALE.with(|it| it.get()) }",
            )
            .edit("Cell::new(7)", "Cell::new(8)")
            .stays("train"),
        case("a static of a foreign macro")
            .lib(
                "lazy_static! { static ref TABLE: Vec<i32> = fill(); }
                fn fill() -> Vec<i32> { vec![1] }
                #[memo] fn train() -> i32 { TABLE[0] }",
            )
            .edit("vec![1]", "vec![2]")
            .changes("train"),
        case("a type of a foreign macro")
            .lib(
                "bitflags! { pub struct Mode: u8 { const FAST = 1; const SAFE = 2; } }
                #[memo] fn train(x: Mode) -> bool { x.contains(Mode::FAST) }",
            )
            .edit("FAST = 1", "FAST = 4")
            .changes("train"),
        case("a function whose name a macro pastes together")
            .lib(
                "macro_rules! step { ($n:ident) => { paste::paste! { [<step_ $n>]() } } }
                #[memo] fn train() -> i32 { step!(one) }
                fn step_one() -> i32 { 1 }",
            )
            .external("paste", "1.0.15")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a function that a macro pastes together")
            .lib(
                "macro_rules! define { ($n:ident) => { paste::paste! { fn [<step_ $n>]() -> i32 { 1 } } } }
                define!(one);
                #[memo] fn train() -> i32 { step_one() }",
            )
            .external("paste", "1.0.15")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a function whose name a foreign macro counts")
            .lib(
                "seq_macro::seq!(N in 0..3 { fn step~N() -> i32 { N + 1 } });
                #[memo] fn train() -> i32 { step2() }",
            )
            .external("seq-macro", "0.3.5")
            .edit("N + 1", "N + 2")
            .changes("train"),
        case("a module that a macro writes")
            .lib(
                "macro_rules! wrap { ($($it:item)*) => { $($it)* } }
                wrap! { mod tools { pub fn step() -> i32 { 1 } } }
                #[memo] fn train() -> i32 { tools::step() }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("an import that a macro writes")
            .lib(
                "macro_rules! prefer { ($m:ident) => { use $m::step; } }
                prefer!(fast);
                mod fast { pub fn step() -> i32 { 1 } }
                mod slow { pub fn step() -> i32 { 2 } }
                #[memo] fn train() -> i32 { step() }",
            )
            .edit("prefer!(fast)", "prefer!(slow)")
            .changes("train"),
        case("a glob that a macro writes")
            .lib(
                "macro_rules! all_of { ($m:ident) => { use $m::*; } }
                all_of!(fast);
                mod fast { pub fn step() -> i32 { 1 } }
                #[memo] fn train() -> i32 { step() }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a glob that a macro's body writes")
            .lib(
                "macro_rules! prelude { () => { use $crate::fast::*; } }
                prelude!();
                mod fast { pub fn step() -> i32 { 1 } }
                #[memo] fn train() -> i32 { step() }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a function that a macro defines in the function around it")
            .lib(
                "macro_rules! define { ($name:ident, $x:expr) => { fn $name() -> i32 { $x } } }
                fn main() -> i32 {
                    define!(step, 1);
                    #[memo] fn train() -> i32 { step() }
                    train()
                }",
            )
            .edit("step, 1", "step, 2")
            .changes("train"),
        case("an impl that a macro writes in a function that nobody calls")
            .lib(
                "macro_rules! negate {
                    ($t:ty) => { impl Neg for $t { type Output = i32; fn neg(self) -> i32 { -self.0 } } }
                }
                struct Money(i32);
                fn unused() { negate!(Money); }
                #[memo] fn train(x: Money) -> i32 { -x }",
            )
            .edit("-self.0", "self.0")
            .changes("train"),
        case("a function whose name a foreign macro counts, by way of ours")
            .lib(
                "macro_rules! steps { ($x:expr) => { seq_macro::seq!(N in 0..3 { fn step~N() -> i32 { $x } }); } }
                steps!(1);
                #[memo] fn train() -> i32 { step2() }",
            )
            .external("seq-macro", "0.3.5")
            .edit("steps!(1)", "steps!(2)")
            .changes("train"),
        case("a trait object that a macro makes")
            .lib(
                "macro_rules! object { ($t:ident) => { &dyn $t } }
                #[memo] fn train(x: object!(Shape)) -> i32 { x.sides() }
                trait Shape { fn sides(&self) -> i32; }
                struct Square;
                impl Shape for Square { fn sides(&self) -> i32 { 4 } }",
            )
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("a module in a file that a macro declares")
            .lib(
                "macro_rules! modules { ($($m:ident)*) => { $(mod $m;)* } }
                modules!(tools);
                #[memo] fn train() -> i32 { tools::step() }",
            )
            .file("src/tools.rs", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a module in a file that a choice by condition declares")
            .lib(
                "cfg_if::cfg_if! {
                    if #[cfg(unix)] { mod fast; use fast::step; } else { mod slow; use slow::step; }
                }
                #[memo] fn train() -> i32 { step() }",
            )
            .file("src/fast.rs", "pub fn step() -> i32 { 1 }")
            .file("src/slow.rs", "pub fn step() -> i32 { 2 }")
            .edit("{ 1 }", "{ 3 }")
            .changes("train"),
        case("a memoized function that a macro is given")
            .lib(
                "macro_rules! wrap { ($($it:item)*) => { $($it)* } }
                wrap! { #[memo] fn train() -> i32 { step() } }
                fn step() -> i32 { 1 }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes(made("fn train() -> i32 { step() }", "src/lib.rs", 2)),
    ]);
}
