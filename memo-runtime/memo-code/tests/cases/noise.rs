//! What users edit all day, and what must not compute anything again.

use super::case::case;
use super::judge::table;

const MODEL: &str = "
//! A model.

use std::collections::BTreeMap;
use std::fmt::{self, Display};

/// Steps that are taken.
const STEPS: usize = 10;

/// A net.
pub struct Net {
    /// Its weights.
    weights: Vec<f64>,
}

impl Net {
    fn forward(&self, x: f64) -> f64 { self.weights.iter().map(|w| w * x).sum() }
    fn describe(&self) -> String { format!(\"{} weights\", self.weights.len()) }
}

impl Display for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, \"net\") }
}

/// Trains a net.
#[memo(ttl = \"7d\")]
pub fn train(net: Net, rate: f64) -> f64 {
    let mut total = 0.0;
    for _ in 0..STEPS { total += net.forward(rate); }
    total
}

pub fn plot(net: &Net) -> usize { net.describe().len() + 77 }
";

#[test]
fn text() {
    table([
        case("a comment")
            .lib(MODEL)
            .edit("let mut total", "// the sum of all\nlet mut /* all */ total")
            .stays("train"),
        case("a comment before everything")
            .lib(MODEL)
            .edit("//! A model.", "// Copyright.\n\n\n//! A model.")
            .stays("train"),
        case("documentation of the function")
            .lib(MODEL)
            .edit("/// Trains a net.", "/// Trains a net until it is trained.\n///\n/// # Panics")
            .stays("train"),
        case("documentation of a field")
            .lib(MODEL)
            .edit("/// Its weights.", "/// What it has learnt.")
            .stays("train"),
        case("documentation of the module")
            .lib(MODEL)
            .edit("//! A model.", "//! The model.\n//!\n//! It is better.")
            .stays("train"),
        case("documentation as an attribute")
            .lib(MODEL)
            .edit("/// A net.", "#[doc = \"A net.\"] #[doc(alias = \"network\")]")
            .stays("train"),
        case("a format")
            .lib(MODEL)
            .edit(
                "for _ in 0..STEPS { total += net.forward(rate); }",
                "for _ in 0 .. STEPS\n{\n    total\n        += net.forward(\n            rate,\n        );\n}",
            )
            .stays("train"),
        case("ends of lines")
            .lib(MODEL)
            .then(|project| {
                let text = project.remove("src/lib.rs").replace('\n', "\r\n");
                project.write("src/lib.rs", &text);
            })
            .stays("train"),
        case("a byte order mark")
            .lib(MODEL)
            .then(|project| {
                let text = project.remove("src/lib.rs");
                project.write("src/lib.rs", &format!("\u{feff}{text}"));
            })
            .stays("train"),
        case("a first line for the shell")
            .lib(MODEL)
            .then(|project| {
                let text = project.remove("src/lib.rs");
                project.write("src/lib.rs", &format!("#!/usr/bin/env cargo\n{text}"));
            })
            .stays("train"),
        case("the settings of its own memo")
            .lib(MODEL)
            .edit("ttl = \"7d\"", "ttl = \"30d\", cache_if = fine")
            .stays("train"),
    ]);
}

#[test]
fn elsewhere() {
    table([
        case("an unrelated function of the same file")
            .lib(MODEL)
            .edit("+ 77", "+ 78")
            .stays("train"),
        case("an unrelated method of the same impl")
            .lib(MODEL)
            .edit("{} weights", "{} numbers")
            .stays("train"),
        case("a new method of a type that it uses")
            .lib(MODEL)
            .edit("fn describe", "fn depth(&self) -> usize { 1 } fn describe")
            .stays("train"),
        case("a new impl block of a type that it uses")
            .lib(MODEL)
            .edit(
                "impl Net {",
                "impl Net { fn depth(&self) -> usize { 1 } } impl Net {",
            )
            .stays("train"),
        case("a new function")
            .lib(MODEL)
            .edit(
                "pub fn plot",
                "pub fn show(net: &Net) { plot(net); } pub fn plot",
            )
            .stays("train"),
        case("a function that calls it")
            .lib(MODEL)
            .edit(
                "pub fn plot",
                "pub fn run(n: Net) -> f64 { train(n, 0.1) } pub fn plot",
            )
            .stays("train"),
        case("a new type with impls")
            .lib(MODEL)
            .edit(
                "/// A net.",
                "#[derive(Debug, Clone)] pub struct Log(String);
                impl Display for Log {
                    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, \"log\") }
                }
                /// A net.",
            )
            .stays("train"),
        case("a new memoized function")
            .lib(MODEL)
            .edit(
                "pub fn plot",
                "#[memo] pub fn load(path: &str) -> Vec<u8> { vec![] } pub fn plot",
            )
            .stays("train"),
        case("a new module")
            .lib(MODEL)
            .edit("/// A net.", "mod plots;\n/// A net.")
            .write("src/plots.rs", "pub fn draw() {}")
            .stays("train"),
        case("a new import that nobody needs")
            .lib(MODEL)
            .edit("use std::collections::BTreeMap;", "use std::path::Path;")
            .stays("train"),
        case("a new file of tests")
            .lib(MODEL)
            .write("tests/training.rs", "#[test] fn train() {}")
            .write("benches/training.rs", "fn train() {}")
            .write("examples/train.rs", "fn main() {}")
            .stays("train"),
        case("a read-me")
            .lib(MODEL)
            .write("README.md", "Now with a net.")
            .write("Cargo.lock", "version = 4")
            .stays("train"),
        case("a setting of the workspace")
            .lib(MODEL)
            .then(|project| {
                let settings = &mut project.model_mut().settings;
                settings.push(("max-size".into(), "1GB".into()));
            })
            .stays("train"),
        case("where the package is in the workspace")
            .lib(MODEL)
            .then(|project| project.model_mut().workspace_root = "../../..".into())
            .stays("train"),
        case("where a dependency is in the workspace")
            .lib("#[memo] fn train() -> i32 { tools::step() }")
            .dependency("tools", "pub fn step() -> i32 { 1 }")
            .then(|project| {
                let text = project.remove("../tools/src/lib.rs");
                project.write("../../crates/tools/src/lib.rs", &text);
                project.package("tools").dir = "../../crates/tools".into();
            })
            .stays("train"),
    ]);
}

#[test]
fn order_and_place() {
    const TOOLS: &str =
        "pub fn step() -> i32 { deep::one() } pub mod deep { pub fn one() -> i32 { 1 } }";
    table([
        case("the order of functions")
            .lib("#[memo] fn train() -> i32 { a() + b() } fn a() -> i32 { 1 } fn b() -> i32 { 2 }")
            .edit("fn a() -> i32 { 1 } fn b() -> i32 { 2 }", "fn b() -> i32 { 2 }\n\nfn a() -> i32 { 1 }")
            .stays("train"),
        case("the order of methods")
            .lib(
                "#[memo] fn train(x: X) -> i32 { x.a() + x.b() }
                struct X;
                impl X { fn a(&self) -> i32 { 1 } fn b(&self) -> i32 { 2 } }",
            )
            .edit(
                "fn a(&self) -> i32 { 1 } fn b(&self) -> i32 { 2 }",
                "fn b(&self) -> i32 { 2 } fn a(&self) -> i32 { 1 }",
            )
            .stays("train"),
        case("the order of imports")
            .lib(
                "use tools::a; use tools::b;
                #[memo] fn train() -> i32 { a() + b() }
                mod tools { pub fn a() -> i32 { 1 } pub fn b() -> i32 { 2 } }",
            )
            .edit("use tools::a; use tools::b;", "use tools::b; use tools::a;")
            .stays("train"),
        case("imports that are merged")
            .lib(
                "use tools::a; use tools::b;
                #[memo] fn train() -> i32 { a() + b() }
                mod tools { pub fn a() -> i32 { 1 } pub fn b() -> i32 { 2 } }",
            )
            .edit("use tools::a; use tools::b;", "use tools::{b, a};")
            .stays("train"),
        case("the function goes to the end of its file")
            .lib("#[memo] fn train() -> i32 { a() } fn a() -> i32 { 1 }")
            .edit("#[memo] fn train() -> i32 { a() } fn a() -> i32 { 1 }", "fn a() -> i32 { 1 }\n\n#[memo] fn train() -> i32 { a() }")
            .stays("train"),
        case("a module goes to a file")
            .lib("mod tools { pub fn step() -> i32 { 1 } } #[memo] fn train() -> i32 { tools::step() }")
            .edit("mod tools { pub fn step() -> i32 { 1 } }", "mod tools;")
            .write("src/tools.rs", "//! Tools.\n\npub fn step() -> i32 {\n    1\n}")
            .stays("train"),
        case("a module goes to mod.rs")
            .lib("mod tools; #[memo] fn train() -> i32 { tools::step() }")
            .file("src/tools.rs", TOOLS)
            .rename("src/tools.rs", "src/tools/mod.rs")
            .stays("train"),
        case("a module goes to another file by a path")
            .lib("mod tools; #[memo] fn train() -> i32 { tools::step() }")
            .file("src/tools.rs", TOOLS)
            .edit("mod tools;", "#[path = \"kit/tools.rs\"] mod tools;")
            .rename("src/tools.rs", "src/kit/tools.rs")
            .stays("train"),
        case("the root of the crate goes to another file")
            .lib("mod tools; #[memo] fn train() -> i32 { tools::step() }")
            .file("src/tools.rs", TOOLS)
            .rename("src/lib.rs", "lib/app.rs")
            .rename("src/tools.rs", "lib/tools.rs")
            .then(|project| project.package("app").targets[0].root = "lib/app.rs".into())
            .stays("train"),
        case("the program goes to another file")
            .in_program("tool", "#[memo] fn train() -> i32 { 1 } fn main() {}")
            .rename("src/bin/tool.rs", "src/bin/tool/main.rs")
            .then(|project| project.package("app").targets[1].root = "src/bin/tool/main.rs".into())
            .stays("train"),
        case("other programs are added before it")
            .in_program("tool", "#[memo] fn train() -> i32 { 1 } fn main() {}")
            .then(|project| {
                let first = super::project::target("a", memo_code::model::TargetKind::Binary, "src/bin/a.rs");
                project.write("src/bin/a.rs", "fn main() {}");
                project.package("app").targets.insert(0, first);
            })
            .stays("train"),
    ]);
}
