//! Where items are, and who sees them.

use super::case::case;
use super::judge::table;

#[test]
fn visibility() {
    table([
        case("a private function of another module cannot be meant")
            .lib(
                "#[memo] fn train() -> i32 { step() }
                fn step() -> i32 { 1 }
                mod far { fn step() -> i32 { 2 } }",
            )
            .edit("{ 2 }", "{ 3 }")
            .stays("train"),
        case("a private function of the parent")
            .lib(
                "fn step() -> i32 { 1 }
                mod near { #[memo] pub fn train() -> i32 { super::step() } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a function that is public in the crate")
            .lib(
                "#[memo] fn train() -> i32 { tools::step() }
                mod tools { pub(crate) fn step() -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a function that is public in a module above")
            .lib(
                "mod model {
                    #[memo] pub fn train() -> i32 { deep::step() }
                    mod deep { pub(in crate::model) fn step() -> i32 { 1 } }
                }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("the path of a function")
            .lib(
                "#[memo] fn train() -> i32 { crate::a::b::step() }
                mod a { pub mod b { pub fn step() -> i32 { 1 } } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a new function of a name that it mentions")
            .lib(
                "mod near { #[memo] pub fn train() -> i32 { use super::*; step() } }
                mod tools { pub fn step() -> i32 { 1 } }
                use tools::*;",
            )
            .edit("use tools::*;", "use tools::*; pub fn step() -> i32 { 2 }")
            .changes("train"),
        case("a new function of another name")
            .lib("#[memo] fn train() -> i32 { step() } fn step() -> i32 { 1 }")
            .edit("fn step", "fn stride() -> i32 { 2 } fn step")
            .stays("train"),
        case("a field of the name of a function")
            .lib(
                "#[memo] fn train(x: &Plan) -> i32 { x.steps }
                struct Plan { steps: i32 }
                mod far { fn steps() -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .stays("train"),
    ]);
}

#[test]
fn files() {
    table([
        case("a file in the directory that a module in braces names")
            .lib("mod deep; #[memo] fn train() -> i32 { deep::inner::leaf::step() }")
            .file(
                "src/deep.rs",
                "#[path = \"elsewhere\"] pub mod inner { pub mod leaf; }",
            )
            .file("src/elsewhere/leaf.rs", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a module in a file")
            .lib("mod tools; #[memo] fn train() -> i32 { tools::step() }")
            .file("src/tools.rs", "pub fn step() -> i32 { 1 } pub fn other() -> i32 { 7 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("another function of a module in a file")
            .lib("mod tools; #[memo] fn train() -> i32 { tools::step() }")
            .file("src/tools.rs", "pub fn step() -> i32 { 1 } pub fn other() -> i32 { 7 }")
            .edit("{ 7 }", "{ 8 }")
            .stays("train"),
        case("a module of a module in a file")
            .lib("mod tools; #[memo] fn train() -> i32 { tools::deep::step() }")
            .file("src/tools.rs", "pub mod deep;")
            .file("src/tools/deep.rs", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a module of an inline module")
            .lib("mod tools { pub mod deep; } #[memo] fn train() -> i32 { tools::deep::step() }")
            .file("src/tools/deep.rs", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a module in mod.rs")
            .lib("mod tools; #[memo] fn train() -> i32 { tools::deep::step() }")
            .file("src/tools/mod.rs", "pub mod deep;")
            .file("src/tools/deep.rs", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a module at a path")
            .lib("#[path = \"fast/v2.rs\"] mod tools; #[memo] fn train() -> i32 { tools::step() }")
            .file("src/fast/v2.rs", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a module at another path")
            .lib("#[path = \"v1.rs\"] mod tools; #[memo] fn train() -> i32 { tools::step() }")
            .file("src/v1.rs", "pub fn step() -> i32 { 1 }")
            .file("src/v2.rs", "pub fn step() -> i32 { 2 }")
            .edit("v1.rs", "v2.rs")
            .changes("train"),
        case("a module at a path in an inline module")
            .lib(
                "mod a { #[path = \"other.rs\"] pub mod b; }
                #[memo] fn train() -> i32 { a::b::step() }",
            )
            .file("src/a/other.rs", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a module at a path in a file that is no mod.rs")
            .lib("mod a; #[memo] fn train() -> i32 { a::b::step() }")
            .file("src/a.rs", "#[path = \"other.rs\"] pub mod b;")
            .file("src/other.rs", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a module at a path below an inline module of a file that is no mod.rs")
            .lib("mod a; #[memo] fn train() -> i32 { a::b::c::step() }")
            .file("src/a.rs", "pub mod b { #[path = \"other.rs\"] pub mod c; }")
            .file("src/a/b/other.rs", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a module of a module at a path")
            .lib("#[path = \"x/y.rs\"] mod a; #[memo] fn train() -> i32 { a::b::step() }")
            .file("src/x/y.rs", "pub mod b;")
            .file("src/x/b.rs", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("one file as two modules")
            .lib(
                "#[path = \"step.rs\"] mod a;
                #[path = \"step.rs\"] mod b;
                #[memo] fn train() -> i32 { a::step() + b::step() }",
            )
            .file("src/step.rs", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a module in a function")
            .lib("#[memo] fn train() -> i32 { mod tools { pub fn step() -> i32 { 1 } } tools::step() }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a module with a raw name")
            .lib("mod r#gen; #[memo] fn train() -> i32 { r#gen::step() }")
            .file("src/gen.rs", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a file that no module is in")
            .lib("#[memo] fn train() -> i32 { 1 }")
            .write("src/draft.rs", "pub fn train() -> i32 { 2 }")
            .stays("train"),
        case("an attribute of a module around it")
            .lib("#[rustfmt::skip] mod near { #[memo] pub fn train() -> i32 { 1 } }")
            .edit("#[rustfmt::skip]", "#[my::wrap]")
            .changes("train"),
        case("an attribute of a module around a helper")
            .lib(
                "#[memo] fn train() -> i32 { tools::step() }
                #[my::wrap(1)] mod tools { pub fn step() -> i32 { 1 } }",
            )
            .edit("wrap(1)", "wrap(2)")
            .changes("train"),
        case("an inner attribute of a module around it")
            .lib("mod near;")
            .file("src/near.rs", "#![my::wrap(1)] #[memo] pub fn train() -> i32 { 1 }")
            .edit("wrap(1)", "wrap(2)")
            .changes("train"),
        case("an inner attribute of the crate")
            .lib("#![recursion_limit = \"256\"] #[memo] fn train() -> i32 { 1 }")
            .edit("#![recursion_limit", "#![no_implicit_prelude] #![recursion_limit")
            .changes("train"),
    ]);
}

/// So many items of a name that not each mention looks at all of them.
#[test]
fn names_of_many_items() {
    let functions: String = (10..20)
        .map(|number| format!("mod m{number} {{ pub fn step() -> i32 {{ {number} }} }}\n"))
        .collect();
    let methods: String = (10..20)
        .map(|number| {
            format!(
                "mod m{number} {{
                    pub struct Cell;
                    impl Cell {{ pub fn step(&self) -> i32 {{ {number} }} }}
                }}\n"
            )
        })
        .collect();
    table([
        case("a function of a module that a function elsewhere mentions too")
            .lib(&format!(
                "#[memo] fn train() -> i32 {{ m10::step() + near::run() }}
                mod near {{ pub fn run() -> i32 {{ step() }} fn step() -> i32 {{ 1 }} }}
                {functions}"
            ))
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a function of a module in a function body, for an impl there")
            .lib(&format!(
                "pub struct Tool;
                pub trait Work {{ fn work(&self) -> i32; }}
                #[memo] fn train() -> i32 {{ m10::step() + Tool.work() }}
                fn elsewhere() {{
                    mod inner {{ pub fn step() -> i32 {{ 1 }} }}
                    impl Work for Tool {{ fn work(&self) -> i32 {{ inner::step() }} }}
                }}
                {functions}"
            ))
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a private method that a function body gives a type of its module")
            .lib(&format!(
                "#[memo] fn train() -> i32 {{ m10::Cell.step() + home::run() }}
                mod home {{
                    pub struct Tool;
                    pub fn run() -> i32 {{ Tool.step() }}
                    fn elsewhere() {{ impl Tool {{ fn step(&self) -> i32 {{ 1 }} }} }}
                }}
                {methods}"
            ))
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a method of a type that nothing mentions")
            .lib(&format!(
                "#[memo] fn train() -> i32 {{ m10::Cell.step() }} {methods}
                struct Tool;
                impl Tool {{ fn step(&self) -> i32 {{ 1 }} }}"
            ))
            .edit("{ 1 }", "{ 2 }")
            .stays("train"),
    ]);
}
