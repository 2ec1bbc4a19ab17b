//! What a compiler engineer would try: names that mean something else than they seem to.

use super::case::case;
use super::judge::table;

#[test]
fn names_that_the_prelude_has() {
    table([
        case("an alias named like the prelude's, in a conversion by the question mark")
            .lib(
                "use error::Result;
                #[memo] fn train() -> Result<i32> { Ok(\"1\".parse::<i32>()?) }
                mod error {
                    pub type Result<T> = std::result::Result<T, Failure>;
                    pub struct Failure(i32);
                    impl From<std::num::ParseIntError> for Failure {
                        fn from(_: std::num::ParseIntError) -> Self { Self(1) }
                    }
                }",
            )
            .edit("Self(1)", "Self(2)")
            .changes("train"),
        case("a type named like the prelude's")
            .lib(
                "use text::String;
                #[memo] fn train(x: String) -> i32 { -x }
                mod text {
                    pub struct String(i32);
                    impl std::ops::Neg for String { type Output = i32; fn neg(self) -> i32 { -self.0 } }
                }",
            )
            .edit("-self.0", "self.0")
            .changes("train"),
        case("a method of a type named like the prelude's")
            .lib(
                "#[memo] fn train(x: &Vec) -> i32 { x.len() }
                struct Vec(i32);
                impl Vec { fn len(&self) -> i32 { self.0 + 1 } }",
            )
            .edit("self.0 + 1", "self.0 + 2")
            .changes("train"),
        case("a trait named like one of the standard library")
            .lib(
                "#[memo] fn train(x: &dyn Display) -> i32 { x.show() }
                trait Display { fn show(&self) -> i32; }
                struct Square;
                impl Display for Square { fn show(&self) -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a variant named like the prelude's")
            .lib(
                "use Maybe::*;
                enum Maybe { Some(i32), None }
                impl Maybe { fn get(self) -> i32 { 1 } }
                #[memo] fn train() -> i32 { Some(4).get() }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a function named like the prelude's")
            .lib("#[memo] fn train(x: Vec<i32>) { drop(x) } fn drop(x: Vec<i32>) { assert!(x.len() > 7) }")
            .edit("7", "8")
            .changes("train"),
        case("a module named like the standard library")
            .lib(
                "#[memo] fn train() -> i32 { self::std::step() }
                mod std { pub fn step() -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a derive named like the standard library's")
            .lib(
                "use derives::Clone;
                #[derive(Clone)] struct Net(i32);
                #[memo] fn train(x: &Net) -> Net { x.clone() }",
            )
            .proc_macro(
                "derives",
                "#[proc_macro_derive(Clone)] pub fn derive_clone(x: TokenStream) -> TokenStream { body(4) }",
            )
            .edit("body(4)", "body(5)")
            .changes("train"),
        case("an attribute named like a known one")
            .lib(
                "use macros::instrument;
                #[memo] fn train() -> i32 { step() }
                #[instrument] fn step() -> i32 { 1 }",
            )
            .proc_macro(
                "macros",
                "#[proc_macro_attribute]
                pub fn instrument(_: TokenStream, x: TokenStream) -> TokenStream { body(4) }",
            )
            .edit("body(4)", "body(5)")
            .changes("train"),
    ]);
}

#[test]
fn macros_in_odd_places() {
    table([
        case("the type of a result")
            .lib(
                "macro_rules! output { () => { Money } }
                #[memo] fn train() -> i32 { -load() }
                fn load() -> output!() { todo!() }
                struct Money(i32);
                impl std::ops::Neg for Money { type Output = i32; fn neg(self) -> i32 { -self.0 } }",
            )
            .edit("-self.0", "self.0")
            .changes("train"),
        case("the type of an impl")
            .lib(
                "macro_rules! money { () => { Money } }
                #[memo] fn train(x: Money) -> i32 { -x }
                struct Money(i32);
                impl std::ops::Neg for money!() { type Output = i32; fn neg(self) -> i32 { -self.0 } }",
            )
            .edit("-self.0", "self.0")
            .changes("train"),
        case("the type of an inherent impl")
            .lib(
                "macro_rules! money { () => { Money } }
                #[memo] fn train(x: Money) -> i32 { x.worth() }
                struct Money(i32);
                impl money!() { fn worth(&self) -> i32 { self.0 + 1 } }",
            )
            .edit("self.0 + 1", "self.0 + 2")
            .changes("train"),
        case("a pattern")
            .lib(
                "macro_rules! low { () => { LOW..=9 } }
                const LOW: i32 = 1;
                #[memo] fn train(x: i32) -> bool { match x { low!() => true, _ => false } }",
            )
            .edit("LOW: i32 = 1", "LOW: i32 = 2")
            .changes("train"),
        case("the body of a trait")
            .lib(
                "macro_rules! methods { () => { fn depth(&self) -> i32 { 1 } } }
                trait Depth { methods!(); }
                struct Net;
                impl Depth for Net {}
                #[memo] fn train(x: Net) -> i32 { x.depth() }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("the body of the impl of a trait")
            .lib(
                "macro_rules! methods { ($x:expr) => { fn depth(&self) -> i32 { $x } } }
                trait Depth { fn depth(&self) -> i32; }
                struct Net;
                impl Depth for Net { methods!(1); }
                #[memo] fn train(x: Net) -> i32 { x.depth() }",
            )
            .edit("methods!(1)", "methods!(2)")
            .changes("train"),
        case("the foreign functions of a block")
            .lib(
                "macro_rules! kernel { () => { fn kernel(x: f64) -> f64; } }
                unsafe extern \"C\" { kernel!(); }
                #[memo] fn train(x: f64) -> f64 { unsafe { kernel(x) } }
                mod c { #[unsafe(no_mangle)] extern \"C\" fn kernel(x: f64) -> f64 { x + 1.0 } }",
            )
            .edit("x + 1.0", "x + 2.0")
            .changes("train"),
        case("the value of a discriminant")
            .lib(
                "macro_rules! first { () => { 1 } }
                enum Color { Red = first!() }
                #[memo] fn train() -> i32 { Color::Red as i32 }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("the name of a file")
            .lib(
                "macro_rules! file { () => { \"words.txt\" } }
                #[memo] fn train() -> &'static str { include_str!(file!()) }",
            )
            .file("src/words.txt", "alpha")
            .edit("alpha", "beta")
            .changes("train"),
    ]);
}

#[test]
fn detours() {
    table([
        case("a trait under another name in a path")
            .lib(
                "use Shape as Form;
                #[memo] fn train(x: &Square) -> i32 { Form::area(x) }
                trait Shape { fn area(&self) -> i32; }
                struct Square;
                impl Shape for Square { fn area(&self) -> i32 { 4 } }",
            )
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("a type under another name in a path")
            .lib(
                "use net::Deep as Net;
                #[memo] fn train() -> i32 { Net::depth() }
                mod net { pub struct Deep; impl Deep { pub fn depth() -> i32 { 1 } } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("an alias of a trait object in a dependency")
            .lib(
                "#[memo] fn train(x: &shapes::Any) -> i32 { x.area() }
                struct Square;
                impl shapes::Shape for Square { fn area(&self) -> i32 { 4 } }",
            )
            .dependency(
                "shapes",
                "pub type Any = Box<dyn Shape>; pub trait Shape { fn area(&self) -> i32; }",
            )
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("a trait object inside of an argument's type")
            .lib(
                "#[memo] fn train(x: &Scene) -> i32 { x.shapes[0].area() }
                struct Scene { shapes: Vec<Box<dyn Shape>> }
                trait Shape { fn area(&self) -> i32; }
                struct Square;
                impl Shape for Square { fn area(&self) -> i32 { 4 } }",
            )
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("a trait that is bound inside of an argument's type")
            .lib(
                "#[memo] fn train<L>(x: &Net<L>) -> i32 where Net<L>: Run { x.run() }
                struct Net<L>(L);
                trait Run { fn run(&self) -> i32; }
                impl<L: Layer> Run for Net<L> { fn run(&self) -> i32 { self.0.forward() } }
                trait Layer { fn forward(&self) -> i32; }
                struct Relu;
                impl Layer for Relu { fn forward(&self) -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("an argument whose type leaves open what its own impls need")
            .lib(
                "#[memo] fn train<L>(x: Net<L>) -> i32 { x.finish() }
                struct Net<L>(L);
                impl<L> Net<L> { fn finish(self) -> i32 { 1 } }
                impl<L> Drop for Net<L> { fn drop(&mut self) { flush(7) } }",
            )
            .edit("flush(7)", "flush(8)")
            .changes("train"),
        case("a blanket impl in a dependency for a type of ours")
            .lib(
                "use shapes::{Shape, Twice};
                #[memo] fn train(x: Square) -> i32 { x.twice() }
                struct Square;
                impl Shape for Square { fn area(&self) -> i32 { 4 } }",
            )
            .dependency(
                "shapes",
                "pub trait Shape { fn area(&self) -> i32; }
                pub trait Twice { fn twice(&self) -> i32; }
                impl<S: Shape> Twice for S { fn twice(&self) -> i32 { self.area() * 2 } }",
            )
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("an impl for references to whatever implements it")
            .lib(
                "#[memo] fn train(x: &Square) -> i32 { measure(&x) }
                fn measure(x: impl Shape) -> i32 { x.area() }
                trait Shape { fn area(&self) -> i32; }
                impl<S: Shape + ?Sized> Shape for &S { fn area(&self) -> i32 { (**self).area() + 7 } }
                struct Square;
                impl Shape for Square { fn area(&self) -> i32 { 4 } }",
            )
            .edit("+ 7", "+ 8")
            .changes("train"),
        case("a module outside of the package")
            .lib("#[path = \"../../shared/step.rs\"] mod step; #[memo] fn train() -> i32 { step::go() }")
            .file("../shared/step.rs", "pub fn go() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a text beside an included file of items")
            .lib("include!(\"deep/items.rs\"); #[memo] fn train() -> &'static str { WORDS }")
            .file("src/deep/items.rs", "const WORDS: &str = include_str!(\"words.txt\");")
            .file("src/deep/words.txt", "alpha")
            .edit("alpha", "beta")
            .changes("train"),
        case("a module that an included file of items declares")
            .lib("include!(\"deep/items.rs\"); #[memo] fn train() -> i32 { tools::step() }")
            .file("src/deep/items.rs", "mod tools;")
            .file("src/deep/tools.rs", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a text whose name is put together")
            .lib("#[memo] fn train() -> &'static str { include_str!(concat!(\"wor\", \"ds.txt\")) }")
            .file("src/words.txt", "alpha")
            .edit("alpha", "beta")
            .changes("train"),
        case("an attribute above its memo")
            .lib("#[macros::twice] #[memo] fn train() -> i32 { 1 }")
            .proc_macro(
                "macros",
                "#[proc_macro_attribute]
                pub fn twice(_: TokenStream, x: TokenStream) -> TokenStream { body(4) }",
            )
            .edit("body(4)", "body(5)")
            .changes("train"),
        case("a memo by condition")
            .lib(
                "#[cfg_attr(unix, memo)] fn train() -> i32 { step() }
                fn step() -> i32 { 1 }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a glob of globs in a circle")
            .lib(
                "use a::*;
                #[memo] fn train() -> i32 { step() }
                mod a { pub use super::b::*; }
                mod b { pub use super::a::*; pub use self::c::*; mod c { pub fn step() -> i32 { 1 } } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a glob of an enum under another name")
            .lib(
                "use Color as Hue;
                enum Color { Red = 1 }
                mod near { use super::Hue::*; #[memo] pub fn train() -> i32 { Red as i32 } }",
            )
            .edit("Red = 1", "Red = 2")
            .changes("train"),
        case("a static that holds a closure")
            .lib(
                "#[memo] fn train() -> i32 { STEP() }
                static STEP: fn() -> i32 = || size();
                fn size() -> i32 { 1 }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a crate that a block names")
            .lib("#[memo] fn train() -> i32 { extern crate tools as kit; kit::step() }")
            .dependency("tools", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a function that a dependency takes from a type of ours by its trait's const")
            .lib(
                "struct Net;
                impl engine::Plugin for Net { const STEP: fn() -> i32 = step; }
                fn step() -> i32 { 1 }
                #[memo] fn train() -> i32 { engine::run::<Net>() }",
            )
            .dependency(
                "engine",
                "pub trait Plugin { const STEP: fn() -> i32; }
                pub fn run<P: Plugin>() -> i32 { (P::STEP)() }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
    ]);
}
