//! Imports: which item a name means.

use super::case::case;
use super::judge::table;

#[test]
fn imports() {
    table([
        case("an import that now means another function")
            .lib(
                "use a::step;
                #[memo] fn train() -> i32 { step() }
                mod a { pub fn step() -> i32 { 1 } }
                mod b { pub fn step() -> i32 { 2 } }",
            )
            .edit("use a::step", "use b::step")
            .changes("train"),
        case("an import under another name")
            .lib(
                "use tools::step as go;
                #[memo] fn train() -> i32 { go() }
                mod tools { pub fn step() -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a name that now stands for something else")
            .lib(
                "use tools::one as go;
                #[memo] fn train() -> i32 { go() }
                mod tools { pub fn one() -> i32 { 1 } pub fn two() -> i32 { 2 } }",
            )
            .edit("one as go", "two as go")
            .changes("train"),
        case("a chain of re-exports")
            .lib(
                "use api::go;
                #[memo] fn train() -> i32 { go() }
                mod api { pub use super::inner::step as go; }
                mod inner { pub use self::deep::step; mod deep { pub fn step() -> i32 { 1 } } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a module under another name")
            .lib(
                "use tools as t;
                #[memo] fn train() -> i32 { t::step() }
                mod tools { pub fn step() -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a module name that now stands for another module")
            .lib(
                "use fast as kernel;
                #[memo] fn train() -> i32 { kernel::step() }
                mod fast { pub fn step() -> i32 { 1 } }
                mod slow { pub fn step() -> i32 { 2 } }",
            )
            .edit("use fast as", "use slow as")
            .changes("train"),
        case("a glob")
            .lib(
                "use tools::*;
                #[memo] fn train() -> i32 { step() }
                mod tools { pub fn step() -> i32 { 1 } pub fn other() -> i32 { 7 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("another function behind a glob")
            .lib(
                "use tools::*;
                #[memo] fn train() -> i32 { step() }
                mod tools { pub fn step() -> i32 { 1 } pub fn other() -> i32 { 7 } }",
            )
            .edit("{ 7 }", "{ 8 }")
            .stays("train"),
        case("a glob that now brings another function")
            .lib(
                "use a::*;
                #[memo] fn train() -> i32 { step() }
                mod a { pub fn step() -> i32 { 1 } }
                mod b { pub fn step() -> i32 { 2 } }",
            )
            .edit("use a::*", "use b::*")
            .changes("train"),
        case("an explicit import hides a glob")
            .lib(
                "use a::*;
                #[memo] fn train() -> i32 { step() }
                mod a { pub fn step() -> i32 { 1 } }
                mod b { pub fn step() -> i32 { 2 } }",
            )
            .edit("use a::*;", "use a::*; use b::step;")
            .changes("train"),
        case("an item of the module hides a glob")
            .lib(
                "use a::*;
                #[memo] fn train() -> i32 { step() }
                mod a { pub fn step() -> i32 { 1 } }",
            )
            .edit("#[memo]", "fn step() -> i32 { 2 } #[memo]")
            .changes("train"),
        case("a chain of globs")
            .lib(
                "use prelude::*;
                #[memo] fn train() -> i32 { step() }
                mod prelude { pub use super::tools::*; }
                mod tools { pub fn step() -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a glob of the parent")
            .lib(
                "fn step() -> i32 { 1 }
                mod near { use super::*; #[memo] pub fn train() -> i32 { step() } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a group of imports")
            .lib(
                "use tools::{self, deep::{step, Other}};
                #[memo] fn train() -> i32 { step() }
                mod tools { pub mod deep { pub fn step() -> i32 { 1 } pub struct Other(u8); } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("another import of the group")
            .lib(
                "use tools::{step, other};
                #[memo] fn train() -> i32 { step() }
                mod tools { pub fn step() -> i32 { 1 } pub fn other() {} pub fn more() {} }",
            )
            .edit("{step, other}", "{more, step}")
            .stays("train"),
        case("a trait import that now brings other methods")
            .lib(
                "use a::Ops;
                #[memo] fn train(x: i32) -> i32 { x.twice() }
                mod a { pub trait Ops { fn twice(self) -> i32; }
                    impl Ops for i32 { fn twice(self) -> i32 { self * 2 } } }
                mod b { pub trait Ops { fn twice(self) -> i32; }
                    impl Ops for i32 { fn twice(self) -> i32 { self + 2 } } }",
            )
            .edit("use a::Ops", "use b::Ops")
            .changes("train"),
        case("a trait import without a name that now brings other methods")
            .lib(
                "use a::Ops as _;
                #[memo] fn train(x: i32) -> i32 { x.twice() }
                mod a { pub trait Ops { fn twice(self) -> i32; }
                    impl Ops for i32 { fn twice(self) -> i32 { self * 2 } } }
                mod b { pub trait Ops { fn twice(self) -> i32; }
                    impl Ops for i32 { fn twice(self) -> i32 { self + 2 } } }",
            )
            .edit("use a::Ops", "use b::Ops")
            .changes("train"),
        case("a trait import that decides what a macro calls")
            .lib(
                "use a::Ops;
                macro_rules! twice { ($x:expr) => { $x.twice() } }
                #[memo] fn train(x: i32) -> i32 { twice!(x) }
                mod a { pub trait Ops { fn twice(self) -> i32; }
                    impl Ops for i32 { fn twice(self) -> i32 { self * 2 } } }
                mod b { pub trait Ops { fn twice(self) -> i32; }
                    impl Ops for i32 { fn twice(self) -> i32 { self + 2 } } }",
            )
            .edit("use a::Ops", "use b::Ops")
            .changes("train"),
        case("a trait import that decides what a macro of another crate calls")
            .lib(
                "use a::Ops;
                #[memo] fn train(x: i32) -> i32 { tools::twice!(x) }
                mod a { pub trait Ops { fn twice(self) -> i32; }
                    impl Ops for i32 { fn twice(self) -> i32 { self * 2 } } }
                mod b { pub trait Ops { fn twice(self) -> i32; }
                    impl Ops for i32 { fn twice(self) -> i32 { self + 2 } } }",
            )
            .dependency("tools", "#[macro_export] macro_rules! twice { ($x:expr) => { $x.twice() } }")
            .edit("use a::Ops", "use b::Ops")
            .changes("train"),
        case("a trait import that decides what a procedural macro calls")
            .lib(
                "use a::Ops;
                #[memo] fn train(x: i32) -> i32 { macros::twice!(x) }
                mod a { pub trait Ops { fn twice(self) -> i32; }
                    impl Ops for i32 { fn twice(self) -> i32 { self * 2 } } }
                mod b { pub trait Ops { fn twice(self) -> i32; }
                    impl Ops for i32 { fn twice(self) -> i32 { self + 2 } } }",
            )
            .proc_macro(
                "macros",
                "#[proc_macro] pub fn twice(x: TokenStream) -> TokenStream { quote!((#x).twice()) }",
            )
            .edit("use a::Ops", "use b::Ops")
            .changes("train"),
        case("an import that decides what a macro calls")
            .lib(
                "use a::step;
                macro_rules! go { () => { step() } }
                #[memo] fn train() -> i32 { go!() }
                mod a { pub fn step() -> i32 { 1 } }
                mod b { pub fn step() -> i32 { 2 } }",
            )
            .edit("use a::step", "use b::step")
            .changes("train"),
        case("a glob that decides what a macro of another crate calls")
            .lib(
                "use a::*;
                #[memo] fn train() -> i32 { tools::go!() }
                mod a { pub fn step() -> i32 { 1 } }
                mod b { pub fn step() -> i32 { 2 } }",
            )
            .dependency("tools", "#[macro_export] macro_rules! go { () => { step() } }")
            .edit("use a::*", "use b::*")
            .changes("train"),
        case("a glob of the grandparent")
            .lib(
                "fn step() -> i32 { 1 }
                mod a { pub mod b { use super::super::*; #[memo] pub fn train() -> i32 { step() } } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a glob of a module under another name, which another module has")
            .lib(
                "use tools as kit;
                use kit::*;
                #[memo] fn train() -> i32 { step() }
                mod tools { pub fn step() -> i32 { 1 } }
                mod far { pub mod kit {} }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a glob of a crate under another name, which a module has")
            .lib(
                "use kit::*;
                #[memo] fn train() -> i32 { step() }
                mod far { pub mod kit {} }",
            )
            .dependency("tools", "pub fn step() -> i32 { 1 }")
            .known_as("kit")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a glob of what another glob brings")
            .lib(
                "use outer::*;
                use inner::*;
                #[memo] fn train() -> i32 { step() }
                mod outer { pub mod inner { pub fn step() -> i32 { 1 } } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a glob of the parent brings what the parent imports")
            .lib(
                "use tools::step;
                mod tools { pub fn step() -> i32 { 1 } }
                mod near { use super::*; #[memo] pub fn train() -> i32 { step() } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("an import inside a function")
            .lib(
                "#[memo] fn train() -> i32 { helper() }
                fn helper() -> i32 { use a::step; step() }
                mod a { pub fn step() -> i32 { 1 } }
                mod b { pub fn step() -> i32 { 2 } }",
            )
            .edit("use a::step", "use b::step")
            .changes("train"),
        case("an import that it does not need")
            .lib("#[memo] fn train() -> i32 { 1 }")
            .edit("#[memo]", "use std::collections::HashMap; #[memo]")
            .stays("train"),
        case("what the prelude had is defined")
            .lib("#[memo] fn train() -> Option<i32> { Some(1) }")
            .edit("#[memo]", "fn Some(x: i32) -> Option<i32> { None } #[memo]")
            .changes("train"),
        case("a macro of the prelude is defined")
            .lib("#[memo] fn train() -> Vec<i32> { vec![1] }")
            .edit(
                "#[memo]",
                "macro_rules! vec { ($x:expr) => { Vec::new() } } #[memo]",
            )
            .changes("train"),
        case("a module that hides a crate")
            .lib(
                "#[memo] fn train() -> i32 { rand::random() }
                mod inner {}",
            )
            .external("rand", "0.8.5")
            .edit("mod inner {}", "mod rand { pub fn random() -> i32 { 4 } }")
            .changes("train"),
        case("a primitive type is defined")
            .lib("#[memo] fn train() -> usize { size_of::<u8>() }")
            .edit(
                "#[memo]",
                "#[allow(non_camel_case_types)] type u8 = u16; #[memo]",
            )
            .changes("train"),
        case("an import in braces in a body")
            .lib(
                "#[memo] fn train() -> i32 { use crate::visit::{deep}; deep() }
                mod visit { pub fn deep() -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("an import by another name in a body")
            .lib(
                "#[memo] fn train() -> i32 { use crate::visit::{self, deep as down}; down() }
                mod visit { pub fn deep() -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a function of the name of a module that leads on")
            .lib(
                "#[memo] fn train() -> i32 { cell::count() + cell::<u8>() }
                mod cell { pub fn count() -> i32 { 1 } }
                fn cell<T>() -> i32 { 7 }",
            )
            .edit("{ 7 }", "{ 8 }")
            .changes("train"),
        case("a function of the name of a module that only leads on")
            .lib(
                "#[memo] fn train() -> i32 { cell::count() }
                mod cell { pub fn count() -> i32 { 1 } }
                fn cell() -> i32 { 7 }",
            )
            .edit("{ 7 }", "{ 8 }")
            .stays("train"),
        case("a trait for a foreign type that a glob of the parent brings, with a namesake")
            .lib(
                "use ndarray::*; mod plot { pub struct Array; }
                mod s { use super::*;
                    pub trait Score { fn score(&self) -> i32; }
                    impl Score for Array { fn score(&self) -> i32 { 1 } } }
                use s::Score;
                #[memo] fn train() -> i32 { arr(1).score() }",
            )
            .external("ndarray", "0.16.0")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a foreign trait that a module hands on, with a namesake")
            .lib(
                "mod prelude { pub use std::fmt::*; } mod other { pub trait Display {} }
                use prelude::*;
                pub struct X;
                impl Display for X { fn fmt(&self, f: &mut Formatter) -> Result { f.pad(\"1\") } }
                #[memo] fn train() -> String { X.to_string() }",
            )
            .edit("\"1\"", "\"2\"")
            .changes("train"),
        case("a trait of a package that a module hands on")
            .lib(
                "mod prelude { pub use itertools::*; } use crate::prelude::Itertools;
                #[memo] fn train(v: Vec<i32>) -> i32 { v.iter().sorted_unstable().sum() }",
            )
            .external("itertools", "0.14.0")
            .upgrade("itertools", "0.15.0")
            .changes("train"),
        case("an impl in a constant that has no name")
            .lib(
                "pub struct X; const _: () = { impl X { pub fn helper(&self) -> i32 { 1 } } };
                #[memo] fn train() -> i32 { X.helper() }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a method that a macro of the standard library calls")
            .lib(
                "struct B(String);
                impl B { fn write_fmt(&mut self, _: std::fmt::Arguments<'_>) { self.0 += \"1\" } }
                #[memo] fn train() -> String { let mut b = B(String::new()); write!(b, \"x\"); b.0 }",
            )
            .edit("\"1\"", "\"2\"")
            .changes("train"),
        case("a builder by a name that an attribute gives")
            .lib(
                "#[derive(derive_builder::Builder)] #[builder(name = \"Maker\")]
                struct Config { #[builder(default = \"7\")] x: i32 }
                #[memo] fn train() -> i32 { Maker::default().build().unwrap().x }",
            )
            .external("derive_builder", "0.20.0")
            .edit("\"7\"", "\"8\"")
            .changes("train"),
    ]);
}
