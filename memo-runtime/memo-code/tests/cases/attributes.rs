//! Attributes and derives: what they name, what they register, and which crate expands them.

use super::case::case;
use super::judge::table;

#[test]
fn derives_and_attributes() {
    table([
        case("the version of a derive from the registry")
            .lib(
                "use serde::Serialize;
                #[derive(Serialize)] struct Plan { steps: i32 }
                #[memo] fn train(x: Plan) -> i32 { x.steps }
                #[memo] fn other() {}",
            )
            .external("serde", "1.0.200")
            .upgrade("serde", "1.0.201")
            .changes("train")
            .stays("other"),
        case("the version of a derive by its path")
            .lib(
                "#[derive(serde::Serialize)] struct Plan { steps: i32 }
                #[memo] fn train(x: Plan) -> i32 { x.steps }",
            )
            .external("serde", "1.0.200")
            .upgrade("serde", "1.0.201")
            .changes("train"),
        case("what a derive from the registry stands on")
            .lib(
                "#[derive(serde::Serialize)] struct Plan { steps: i32 }
                #[memo] fn train(x: Plan) -> i32 { x.steps }",
            )
            .external("serde", "1.0.200")
            .beneath("serde", "serde_derive", "1.0.200")
            .beneath("serde_derive", "syn", "2.0.1")
            .upgrade("syn", "2.0.2")
            .changes("train"),
        case("the version of an attribute macro from the registry")
            .lib("#[memo] fn train() -> i32 { step() } #[slow::down] fn step() -> i32 { 1 }")
            .external("slow", "1.0.0")
            .upgrade("slow", "1.1.0")
            .changes("train"),
        case("a derive from the workspace")
            .lib(
                "use derives::Size;
                #[derive(Size)] struct Plan { steps: i32 }
                #[memo] fn train(x: Plan) -> usize { x.size() }
                #[memo] fn other() -> i32 { 1 }",
            )
            .proc_macro(
                "derives",
                "mod expand;
                #[proc_macro_derive(Size)] pub fn derive_size(x: TokenStream) -> TokenStream { x }",
            )
            .file("../derives/src/expand.rs", "fn unrelated() -> i32 { 4 }")
            .edit("{ 4 }", "{ 5 }")
            .changes("train")
            .stays("other"),
        case("a derive from the workspace on the trait's own type")
            .lib(
                "#[derive(derives::Layer)] struct Relu;
                trait Layer { fn forward(&self) -> i32; }
                #[memo] fn train(x: &dyn Layer) -> i32 { x.forward() }",
            )
            .proc_macro(
                "derives",
                "#[proc_macro_derive(Layer)] pub fn layer(x: TokenStream) -> TokenStream { body(4) }",
            )
            .edit("body(4)", "body(5)")
            .changes("train"),
        case("a type that gets a derived impl of an object's trait")
            .lib(
                "use derives::Layer;
                #[derive(Layer)] struct Relu { slope: f32 }
                trait Layer { fn forward(&self) -> i32; }
                #[memo] fn train(x: &dyn Layer) -> i32 { x.forward() }",
            )
            .proc_macro(
                "derives",
                "#[proc_macro_derive(Layer)] pub fn layer(x: TokenStream) -> TokenStream { x }",
            )
            .edit("slope: f32", "slope: f64")
            .changes("train"),
        case("an attribute macro from the workspace")
            .lib(
                "#[memo] fn train() -> i32 { step() }
                #[macros::twice] fn step() -> i32 { 1 }",
            )
            .proc_macro(
                "macros",
                "#[proc_macro_attribute]
                pub fn twice(_: TokenStream, x: TokenStream) -> TokenStream { body(4) }",
            )
            .edit("body(4)", "body(5)")
            .changes("train"),
        case("an attribute macro from the workspace on the module around it")
            .lib("#[macros::twice] mod near { #[memo] pub fn train() -> i32 { 1 } }")
            .proc_macro(
                "macros",
                "#[proc_macro_attribute]
                pub fn twice(_: TokenStream, x: TokenStream) -> TokenStream { body(4) }",
            )
            .edit("body(4)", "body(5)")
            .changes("train"),
        case("a procedural macro from the workspace")
            .lib("use macros::compute; #[memo] fn train() -> i32 { compute!(3) }")
            .proc_macro(
                "macros",
                "#[proc_macro] pub fn compute(x: TokenStream) -> TokenStream { body(4) }",
            )
            .edit("body(4)", "body(5)")
            .changes("train"),
        case("a procedural macro by way of the crate that uses it")
            .lib("use tools::compute; #[memo] fn train() -> i32 { compute!(3) }")
            .dependency("tools", "pub use macros::compute;")
            .proc_macro(
                "macros",
                "#[proc_macro] pub fn compute(x: TokenStream) -> TokenStream { body(4) }",
            )
            .depends("tools", "macros")
            .edit("body(4)", "body(5)")
            .changes("train"),
        case("a crate that a procedural macro uses")
            .lib("#[memo] fn train() -> i32 { macros::compute!(3) }")
            .proc_macro(
                "macros",
                "#[proc_macro] pub fn compute(x: TokenStream) -> TokenStream { core_of_macros::body() }",
            )
            .dependency_of("macros", "core-of-macros", "pub fn body() -> i32 { 4 }")
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("a package from the registry that a procedural macro uses")
            .lib("#[memo] fn train() -> i32 { macros::compute!(3) }")
            .proc_macro("macros", "#[proc_macro] pub fn compute(x: TokenStream) -> TokenStream { x }")
            .external_of("macros", "syn", "2.0.1")
            .upgrade("syn", "2.0.2")
            .changes("train"),
        case("a procedural macro that it does not use")
            .lib("#[memo] fn train() -> i32 { 1 } #[macros::twice] fn step() -> i32 { 1 }")
            .proc_macro(
                "macros",
                "#[proc_macro_attribute]
                pub fn twice(_: TokenStream, x: TokenStream) -> TokenStream { body(4) }",
            )
            .edit("body(4)", "body(5)")
            .stays("train"),
        case("a type that a derive makes")
            .lib(
                "#[derive(derive_builder::Builder)] struct Plan { #[builder(default = 3)] steps: i32 }
                #[memo] fn train() -> i32 { run(PlanBuilder::default()) }
                fn run<T>(x: T) -> i32 { 1 }",
            )
            .external("derive_builder", "0.20.0")
            .edit("default = 3", "default = 4")
            .changes("train"),
        case("a type that an attribute makes")
            .lib(
                "#[mockall::automock] trait Source { fn next(&self) -> i32; }
                #[memo] fn train(x: MockSource) -> bool { probe(x) }
                fn probe<T>(x: T) -> bool { true }",
            )
            .external("mockall", "0.13.0")
            .edit("-> i32", "-> i64")
            .changes("train"),
        case("a default in a derive's attribute")
            .lib(
                "#[derive(Parser)] struct Options { #[arg(default_value_t = RATE)] rate: f64 }
                const RATE: f64 = 0.1;
                #[memo] fn train(x: &Options) -> f64 { x.rate }",
            )
            .edit("0.1", "0.2")
            .changes("train"),
        case("a function in the string of an attribute")
            .lib(
                "#[derive(Deserialize)] struct Plan { #[serde(default = \"steps\")] steps: i32 }
                fn steps() -> i32 { 1 }
                #[memo] fn train(x: &Plan) -> i32 { 0 }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a path in the string of an attribute")
            .lib(
                "#[derive(Deserialize)] struct Plan { #[serde(default = \"given::steps\")] n: i32 }
                mod given { pub fn steps() -> i32 { 1 } }
                #[memo] fn train(x: &Plan) -> i32 { 0 }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a module in the string of an attribute")
            .lib(
                "#[derive(Serialize)] struct Plan { #[serde(with = \"seconds\")] pause: Duration }
                mod seconds;
                #[memo] fn train(x: &Plan) -> i32 { 0 }",
            )
            .file(
                "src/seconds.rs",
                "pub fn serialize<S: Serializer>(x: &Duration, to: S) -> Result<S::Ok, S::Error> {
                    to.serialize_u64(x.as_secs() * 2)
                }",
            )
            .edit("* 2", "* 3")
            .changes("train"),
        case("a type in the string of an attribute")
            .lib(
                "#[derive(Deserialize)] #[serde(from = \"Raw\")] struct Plan { n: i32 }
                struct Raw { n: i32 }
                impl From<Raw> for Plan { fn from(x: Raw) -> Self { Self { n: x.n + 1 } } }
                #[memo] fn train(x: &Plan) -> i32 { 0 }",
            )
            .edit("struct Raw { n: i32 }", "struct Raw { n: i64 }")
            .changes("train"),
        case("an attribute of a helper")
            .lib("#[memo] fn train() -> i32 { step() } #[wrap(1)] fn step() -> i32 { 1 }")
            .edit("wrap(1)", "wrap(2)")
            .changes("train"),
        case("an attribute of a field")
            .lib(
                "#[memo] fn train(x: &Plan) -> i32 { 0 }
                #[derive(Serialize)] struct Plan { #[serde(rename = \"a\")] n: i32 }",
            )
            .edit("\"a\"", "\"b\"")
            .changes("train"),
        case("an attribute of an impl")
            .lib(
                "#[memo] fn train(x: Net) -> i32 { x.depth() }
                struct Net;
                #[wrap(1)] impl Net { fn depth(&self) -> i32 { 1 } }",
            )
            .edit("wrap(1)", "wrap(2)")
            .changes("train"),
        case("another method of an impl that an attribute may rewrite")
            .lib(
                "#[memo] fn train(x: Net) -> i32 { x.depth() }
                struct Net;
                #[duplicate_item(name; [depth]; [width])]
                impl Net { fn name(&self) -> i32 { 1 } }",
            )
            .external("duplicate", "2.0.0")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a method of a trait that an attribute may rewrite")
            .lib(
                "#[memo] fn train(x: Net) -> i32 { x.depth() }
                struct Net;
                #[wrap] trait Depth { fn depth(&self) -> i32; fn base(&self) -> i32 { 1 } }
                impl Depth for Net { fn depth(&self) -> i32 { 2 } }",
            )
            .edit("{ 1 }", "{ 3 }")
            .changes("train"),
        case("a derive of ours by another name")
            .lib(
                "use derives::Layer as Derived;
                #[derive(Derived)] struct Relu { slope: f32 }
                trait Layer { fn forward(&self) -> i32; }
                #[memo] fn train(x: &dyn Layer) -> i32 { x.forward() }",
            )
            .proc_macro(
                "derives",
                "#[proc_macro_derive(Layer)] pub fn layer(x: TokenStream) -> TokenStream { x }",
            )
            .edit("slope: f32", "slope: f64")
            .changes("train"),
        case("an attribute of a trait")
            .lib(
                "#[memo] fn train(x: Net) -> i32 { x.depth() }
                struct Net;
                #[wrap(1)] trait Depth { fn depth(&self) -> i32; }
                impl Depth for Net { fn depth(&self) -> i32 { 1 } }",
            )
            .edit("wrap(1)", "wrap(2)")
            .changes("train"),
    ]);
}

#[test]
fn registries() {
    table([
        case("an element of a distributed slice")
            .lib(
                "#[distributed_slice] static STEPS: [fn() -> i32];
                #[distributed_slice(STEPS)] fn one() -> i32 { 1 }
                #[memo] fn train() -> i32 { STEPS.iter().map(|f| f()).sum() }",
            )
            .external("linkme", "0.3.0")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a new element of a distributed slice, in another module")
            .lib(
                "#[distributed_slice] static STEPS: [fn() -> i32];
                mod more;
                #[memo] fn train() -> i32 { STEPS.iter().map(|f| f()).sum() }
                #[memo] fn other() -> i32 { 1 }",
            )
            .file("src/more.rs", "")
            .write("src/more.rs", "#[distributed_slice(crate::STEPS)] fn two() -> i32 { 2 }")
            .changes("train")
            .stays("other"),
        case("an element of another distributed slice")
            .lib(
                "#[distributed_slice] static STEPS: [fn() -> i32];
                #[distributed_slice] static LOGS: [fn() -> i32];
                #[distributed_slice(LOGS)] fn log() -> i32 { 7 }
                #[memo] fn train() -> i32 { STEPS.iter().map(|f| f()).sum() }",
            )
            .edit("{ 7 }", "{ 8 }")
            .stays("train"),
        case("what an inventory is given")
            .lib(
                "struct Plugin(fn() -> i32);
                inventory::collect!(Plugin);
                inventory::submit! { Plugin(one) }
                fn one() -> i32 { 1 }
                #[memo] fn train() -> i32 { inventory::iter::<Plugin>().map(|p| (p.0)()).sum() }",
            )
            .external("inventory", "0.3.0")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a plugin in another crate that the program links")
            .lib("")
            .in_program(
                "main",
                "use plugins as _;
                #[memo] fn train() -> i32 { registry::STEPS.iter().map(|f| f()).sum() }",
            )
            .dependency("registry", "#[distributed_slice] pub static STEPS: [fn() -> i32];")
            .dependency(
                "plugins",
                "#[distributed_slice(registry::STEPS)] fn one() -> i32 { 1 }",
            )
            .depends("plugins", "registry")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("an impl that registers itself for a trait object")
            .lib(
                "#[typetag::serde] trait Shape { fn sides(&self) -> i32; }
                struct Square;
                #[typetag::serde] impl Shape for Square { fn sides(&self) -> i32 { 4 } }
                #[memo] fn train(json: &str) -> i32 { parse::<Box<dyn Shape>>(json).sides() }",
            )
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("a function that an attribute of ours registers without saying where")
            .lib(
                "#[plugins::step] fn double(x: i32) -> i32 { x * 2 }
                #[memo] fn train() -> i32 { registry::all().iter().map(|f| f(1)).sum() }",
            )
            .dependency("registry", "pub fn all() -> Vec<fn(i32) -> i32> { inventory::iter().collect() }")
            .proc_macro(
                "plugins",
                "#[proc_macro_attribute] pub fn step(_: TokenStream, x: TokenStream) -> TokenStream {
                    quote!(#x registry::submit!(#x))
                }",
            )
            .edit("x * 2", "x * 3")
            .changes("train"),
    ]);
}
