//! Functions and whatever they name: what is called from afar counts, what stands near does not.

use super::case::case;
use super::judge::table;

#[test]
fn helpers() {
    table([
        case("its own body")
            .lib(
                "#[memo] fn train() -> i32 { 1 }
                #[memo] fn other() -> i32 { 0 }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train")
            .stays("other"),
        case("a helper three calls away")
            .lib(
                "#[memo] fn train() -> i32 { a() }
                #[memo] fn other() {}
                fn a() -> i32 { b() }
                fn b() -> i32 { c() }
                fn c() -> i32 { 1 }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train")
            .stays("other"),
        case("a helper that calls back")
            .lib(
                "#[memo] fn train(n: i32) -> i32 { even(n) }
                fn even(n: i32) -> i32 { if n == 0 { 1 } else { odd(n - 1) } }
                fn odd(n: i32) -> i32 { if n == 0 { 7 } else { even(n - 1) } }",
            )
            .edit("7", "8")
            .changes("train"),
        case("a memoized helper")
            .lib(
                "#[memo] fn train() -> i32 { features() }
                #[memo] fn features() -> i32 { 1 }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train")
            .changes("features"),
        case("the version of a memoized helper says that its results are others")
            .lib(
                "#[memo] fn train() -> i32 { features() }
                #[memo(version = 1)] fn features() -> i32 { 1 }",
            )
            .edit("version = 1", "version = 2")
            .changes("train"),
        case("a function passed by name")
            .lib(
                "#[memo] fn train() -> Vec<i32> { (0..9).map(step).collect() }
                fn step(x: i32) -> i32 { x + 1 }",
            )
            .edit("x + 1", "x + 2")
            .changes("train"),
        case("a method passed by path")
            .lib(
                "#[memo] fn train() -> Vec<i32> { cells().iter().map(Cell::value).collect() }
                fn cells() -> Vec<Cell> { vec![Cell(1)] }
                struct Cell(i32);
                impl Cell { fn value(&self) -> i32 { self.0 + 1 } }",
            )
            .edit("self.0 + 1", "self.0 + 2")
            .changes("train"),
        case("a table of functions")
            .lib(
                "#[memo] fn train(i: usize) -> i32 { STEPS[i]() }
                static STEPS: [fn() -> i32; 2] = [one, two];
                fn one() -> i32 { 1 }
                fn two() -> i32 { 2 }",
            )
            .edit("{ 2 }", "{ 3 }")
            .changes("train"),
        case("inside a closure")
            .lib(
                "#[memo] fn train() -> i32 { let go = |x| scale(x); go(1) }
                fn scale(x: i32) -> i32 { x * 2 }",
            )
            .edit("x * 2", "x * 3")
            .changes("train"),
        case("what makes a closure")
            .lib(
                "#[memo] fn train() -> i32 { adder(1)(2) }
                fn adder(by: i32) -> impl Fn(i32) -> i32 { move |x| x + by }",
            )
            .edit("x + by", "x - by")
            .changes("train"),
        case("inside an async block")
            .lib(
                "#[memo] async fn train() -> i32 { async { load().await }.await }
                async fn load() -> i32 { 1 }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a generic function")
            .lib(
                "#[memo] fn train() -> u8 { pick::<u8>(3) }
                fn pick<T: From<u8>>(x: u8) -> T { T::from(x + 1) }",
            )
            .edit("x + 1", "x + 2")
            .changes("train"),
        case("the bound of a generic function")
            .lib(
                "#[memo] fn train() -> usize { size(1_u8) }
                fn size<T: Copy>(_: T) -> usize { size_of::<T>() }",
            )
            .edit("T: Copy", "T: Clone")
            .changes("train"),
        case("in a const argument")
            .lib(
                "#[memo] fn train() -> usize { Grid::<{ width() }>::new().len() }
                const fn width() -> usize { 4 }
                struct Grid<const N: usize>([u8; N]);
                impl<const N: usize> Grid<N> {
                    fn new() -> Self { Self([0; N]) }
                    fn len(&self) -> usize { self.0.len() }
                }",
            )
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("in the length of an array type")
            .lib(
                "#[memo] fn train(x: [u8; width()]) -> usize { x.len() }
                const fn width() -> usize { 4 }",
            )
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("in a default argument of a const parameter")
            .lib(
                "#[memo] fn train() -> usize { <Grid>::LEN }
                struct Grid<const N: usize = WIDTH>;
                const WIDTH: usize = 4;
                impl<const N: usize> Grid<N> { const LEN: usize = N; }",
            )
            .edit("= 4", "= 5")
            .changes("train"),
        case("in a pattern")
            .lib(
                "#[memo] fn train(x: i32) -> bool { matches!(x, LOW..=9) }
                const LOW: i32 = 1;",
            )
            .edit("LOW: i32 = 1", "LOW: i32 = 2")
            .changes("train"),
        case("a raw name is the same name")
            .lib(
                "#[memo] fn train() -> i32 { r#helper() }
                fn helper() -> i32 { 1 }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a name that is only a keyword elsewhere")
            .lib(
                "#[memo] fn train() -> i32 { r#try() }
                fn r#try() -> i32 { 1 }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("two spellings of one letter are one name")
            .lib(
                "#[memo] fn train() -> i32 { caf\u{e9}() }
                fn cafe\u{301}() -> i32 { 1 }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a loop's iterator")
            .lib(
                "#[memo] fn train() -> i32 { let mut n = 0; for x in steps() { n += x } n }
                fn steps() -> Vec<i32> { vec![1] }",
            )
            .edit("vec![1]", "vec![2]")
            .changes("train"),
    ]);
}

#[test]
fn functions_in_functions() {
    table([
        case("a function inside")
            .lib("#[memo] fn train() -> i32 { fn step() -> i32 { 1 } step() }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a helper of a function inside")
            .lib(
                "#[memo] fn train() -> i32 { fn step() -> i32 { size() } step() }
                fn size() -> i32 { 1 }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("memoized inside another")
            .lib(
                "fn main() -> i32 { #[memo] fn train() -> i32 { size() } train() }
                fn size() -> i32 { 1 }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("its neighbour inside the same function")
            .lib(
                "fn main() -> i32 {
                    #[memo] fn train() -> i32 { near() }
                    fn near() -> i32 { 1 }
                    train()
                }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("the rest of the function it is in")
            .lib("fn main() -> i32 { #[memo] fn train() -> i32 { 1 } let x = 5; train() + x }")
            .edit("= 5", "= 6")
            .stays("train"),
        case("an import of the function it is in")
            .lib(
                "fn main() -> i32 {
                    use fast::step;
                    #[memo] fn train() -> i32 { step() }
                    train()
                }
                mod fast { pub fn step() -> i32 { 1 } }
                mod slow { pub fn step() -> i32 { 2 } }",
            )
            .edit("use fast::step", "use slow::step")
            .changes("train"),
        case("inside a block")
            .lib(
                "fn main() {
                    if true { #[memo] fn train() -> i32 { near() } fn near() -> i32 { 1 } train(); }
                }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("two of one name")
            .lib(
                "mod a { #[memo] pub fn train() -> i32 { 1 } }
                mod b { #[memo] pub fn train() -> i32 { 2 } }",
            )
            .edit("{ 2 }", "{ 3 }")
            .stays("a::train")
            .changes("b::train"),
    ]);
}
