//! Packages of the workspace, which count item by item, and the targets of one package.

use memo_code::model::{DependencyKind, TargetKind};

use super::case::case;
use super::judge::table;
use super::project::target;

#[test]
fn of_the_workspace() {
    table([
        case("a function of a dependency")
            .lib("#[memo] fn train() -> i32 { tools::step() }")
            .dependency("tools", "pub fn step() -> i32 { 1 } pub fn other() -> i32 { 7 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("another function of a dependency")
            .lib("#[memo] fn train() -> i32 { tools::step() }")
            .dependency("tools", "pub fn step() -> i32 { 1 } pub fn other() -> i32 { 7 }")
            .edit("{ 7 }", "{ 8 }")
            .stays("train"),
        case("a private helper in a dependency")
            .lib("#[memo] fn train() -> i32 { tools::step() }")
            .dependency("tools", "pub fn step() -> i32 { inner() } fn inner() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a private function of a dependency cannot be meant")
            .lib("#[memo] fn train() -> i32 { step() } fn step() -> i32 { 1 }")
            .dependency("tools", "fn step() -> i32 { 7 }")
            .edit("{ 7 }", "{ 8 }")
            .stays("train"),
        case("an import from a dependency")
            .lib("use tools::step as go; #[memo] fn train() -> i32 { go() }")
            .dependency("tools", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a glob from a dependency")
            .lib("use tools::*; #[memo] fn train() -> i32 { step() }")
            .dependency("tools", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a dependency under another name")
            .lib("#[memo] fn train() -> i32 { kit::step() }")
            .dependency("tools", "pub fn step() -> i32 { 1 }")
            .known_as("kit")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a dependency that another one re-exports")
            .lib("#[memo] fn train() -> i32 { kit::tools::step() }")
            .dependency("kit", "pub use tools;")
            .dependency_of("kit", "tools", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a function that a dependency re-exports")
            .lib("#[memo] fn train() -> i32 { kit::go() }")
            .dependency("kit", "pub use tools::step as go;")
            .dependency_of("kit", "tools", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a dependency of a dependency")
            .lib("#[memo] fn train() -> i32 { kit::step() } #[memo] fn other() {}")
            .dependency("kit", "pub fn step() -> i32 { tools::step() }")
            .dependency_of("kit", "tools", "pub fn step() -> i32 { base::step() }")
            .dependency_of("tools", "base", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train")
            .stays("other"),
        case("a crate under another name by extern crate")
            .lib("extern crate tools as kit; #[memo] fn train() -> i32 { kit::step() }")
            .dependency("tools", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("itself under another name by extern crate")
            .lib(
                "extern crate self as app;
                #[memo] fn train() -> i32 { app::tools::step() }
                mod tools { pub fn step() -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a trait of a dependency, a type of ours")
            .lib(
                "struct Net;
                impl engine::Layer for Net { fn forward(&self) -> i32 { 1 } }
                #[memo] fn train(x: Net) -> i32 { engine::run(&x) }",
            )
            .dependency(
                "engine",
                "pub trait Layer { fn forward(&self) -> i32; }
                pub fn run(x: &dyn Layer) -> i32 { x.forward() + 4 }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("what a dependency does with a type of ours")
            .lib(
                "struct Net;
                impl engine::Layer for Net { fn forward(&self) -> i32 { 1 } }
                #[memo] fn train(x: Net) -> i32 { engine::run(&x) }",
            )
            .dependency(
                "engine",
                "pub trait Layer { fn forward(&self) -> i32; }
                pub fn run(x: &dyn Layer) -> i32 { x.forward() + 4 }",
            )
            .edit("+ 4", "+ 5")
            .changes("train"),
        case("an operator impl in a dependency")
            .lib("use money::Money; #[memo] fn train(x: Money) -> Money { -x }")
            .dependency(
                "money",
                "pub struct Money(i32);
                impl std::ops::Neg for Money { type Output = Self; fn neg(self) -> Self { Self(-self.0) } }",
            )
            .edit("Self(-self.0)", "Self(self.0)")
            .changes("train"),
        case("an impl in the crate of the trait, found through a trait object")
            .lib("#[memo] fn train(x: &dyn shapes::Shape) -> i32 { x.sides() }")
            .dependency(
                "shapes",
                "pub trait Shape { fn sides(&self) -> i32; }
                struct Square;
                impl Shape for Square { fn sides(&self) -> i32 { 4 } }",
            )
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("an impl in a third crate, found through a trait object")
            .lib("#[memo] fn train(x: &dyn shapes::Shape) -> i32 { x.sides() }")
            .dependency("shapes", "pub trait Shape { fn sides(&self) -> i32; }")
            .dependency(
                "squares",
                "pub struct Square;
                impl shapes::Shape for Square { fn sides(&self) -> i32 { 4 } }",
            )
            .depends("squares", "shapes")
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("a dependency gets what hides a glob")
            .lib("use tools::*; use kit::*; #[memo] fn train() -> i32 { step() }")
            .dependency("tools", "pub fn step() -> i32 { 1 }")
            .dependency("kit", "pub mod inner { pub fn step() -> i32 { 2 } }")
            .edit("pub mod inner", "pub use inner::step; pub mod inner")
            .changes("train"),
        case("the edition of its own crate")
            .lib("#[memo] fn train() -> i32 { 1 }")
            .edition("app", 2021)
            .changes("train"),
        case("the edition of a dependency")
            .lib("#[memo] fn train() -> i32 { tools::step() } #[memo] fn other() {}")
            .dependency("tools", "pub fn step() -> i32 { 1 }")
            .edition("tools", 2021)
            .changes("train")
            .stays("other"),
        case("the version of a dependency whose sources are at hand")
            .lib("#[memo] fn train() -> i32 { tools::step() }")
            .dependency("tools", "pub fn step() -> i32 { 1 }")
            .then(|project| project.package("tools").version = "0.2.0".into())
            .stays("train"),
        case("a new dependency that nobody names")
            .lib("#[memo] fn train() -> i32 { 1 }")
            .then(|project| {
                project.add_package("app", "tools", TargetKind::Library, "pub fn step() {}");
            })
            .stays("train"),
    ]);
}

#[test]
fn targets() {
    table([
        case("a program that uses its package's library")
            .lib("pub fn step() -> i32 { 1 }")
            .in_program(
                "tool",
                "#[memo] fn train() -> i32 { app::step() } fn main() {}",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("an import from its package's library")
            .lib("pub mod model { pub fn step() -> i32 { inner() } fn inner() -> i32 { 1 } }")
            .in_program(
                "tool",
                "use app::model; #[memo] fn train() -> i32 { model::step() }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a program's main function")
            .lib("")
            .in_program(
                "tool",
                "#[memo] fn train() -> i32 { 1 } fn main() { show(7); }",
            )
            .edit("show(7)", "show(8)")
            .stays("train"),
        case("a program, seen from the library")
            .lib("#[memo] fn train() -> i32 { step() } fn step() -> i32 { 1 }")
            .in_program("tool", "fn main() { step(); } fn step() -> i32 { 7 }")
            .in_library()
            .edit("{ 7 }", "{ 8 }")
            .stays("train"),
        case("another program")
            .lib("")
            .in_program("other", "fn main() { step(); } fn step() -> i32 { 7 }")
            .in_program(
                "tool",
                "#[memo] fn train() -> i32 { step() } fn step() -> i32 { 1 }",
            )
            .edit("{ 7 }", "{ 8 }")
            .stays("train"),
        case("a module that a program and the library share")
            .lib("mod shared;")
            .file("src/shared.rs", "pub fn step() -> i32 { 1 }")
            .in_program(
                "tool",
                "#[path = \"../shared.rs\"] mod shared;
                #[memo] fn train() -> i32 { shared::step() }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("an integration test that uses a dependency for tests")
            .lib("")
            .dependency("tools", "pub fn step() -> i32 { 1 }")
            .only_for(DependencyKind::Development)
            .in_target(
                target("it", TargetKind::Test, "tests/it.rs"),
                "#[memo] fn train() -> i32 { tools::step() }",
            )
            .in_tests()
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("an example that uses its package's library")
            .lib("pub fn step() -> i32 { 1 }")
            .in_target(
                target("show", TargetKind::Example, "examples/show.rs"),
                "#[memo] fn train() -> i32 { app::step() } fn main() {}",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a library whose crate has another name than its package")
            .lib("pub fn step() -> i32 { 1 }")
            .with(|project| project.package("app").targets[0].name = "core_of_app".into())
            .in_program("tool", "#[memo] fn train() -> i32 { core_of_app::step() }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
    ]);
}
