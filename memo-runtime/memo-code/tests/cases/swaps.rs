//! The same items in other roles: what changes places changes a result, though nothing is new.

use memo_code::model::TargetKind;

use super::case::case;
use super::judge::table;
use super::project::target;

#[test]
fn what_changes_places() {
    const PLATFORMS: &str = "
        #[cfg(unix)] #[path = \"unix.rs\"] mod platform;
        #[cfg(windows)] #[path = \"windows.rs\"] mod platform;
        #[memo] fn train() -> i32 { platform::step() }";
    table([
        case("the bodies of two functions")
            .lib(
                "#[memo] fn train() -> i32 { a() - b() }
                fn a() -> i32 { 1 }
                fn b() -> i32 { 2 }",
            )
            .swap("{ 1 }", "{ 2 }")
            .changes("train"),
        case("the bodies of a function for each condition")
            .lib(
                "#[memo] fn train() -> i32 { step() }
                #[cfg(unix)] fn step() -> i32 { 1 }
                #[cfg(windows)] fn step() -> i32 { 2 }",
            )
            .swap("{ 1 }", "{ 2 }")
            .changes("train"),
        case("the contents of a module for each condition")
            .lib(
                "#[cfg(unix)] mod platform { pub fn step() -> i32 { 1 } }
                #[cfg(windows)] mod platform { pub fn step() -> i32 { 2 } }
                #[memo] fn train() -> i32 { platform::step() }",
            )
            .swap("{ 1 }", "{ 2 }")
            .changes("train"),
        case("the files of a module for each condition")
            .lib(PLATFORMS)
            .file("src/unix.rs", "pub fn step() -> i32 { 1 }")
            .file("src/windows.rs", "pub fn step() -> i32 { 2 }")
            .swap("{ 1 }", "{ 2 }")
            .changes("train"),
        case("the paths of a module for each condition")
            .lib(PLATFORMS)
            .file("src/unix.rs", "pub fn step() -> i32 { 1 }")
            .file("src/windows.rs", "pub fn step() -> i32 { 2 }")
            .swap("\"unix.rs\"", "\"windows.rs\"")
            .changes("train"),
        case("the conditions of a module at two paths")
            .lib(PLATFORMS)
            .file("src/unix.rs", "pub fn step() -> i32 { 1 }")
            .file("src/windows.rs", "pub fn step() -> i32 { 2 }")
            .swap("cfg(unix)", "cfg(windows)")
            .changes("train"),
        case("the methods of an impl for each condition")
            .lib(
                "#[memo] fn train(x: Net) -> i32 { x.depth() }
                struct Net;
                #[cfg(unix)] impl Net { fn depth(&self) -> i32 { 1 } }
                #[cfg(windows)] impl Net { fn depth(&self) -> i32 { 2 } }",
            )
            .swap("{ 1 }", "{ 2 }")
            .changes("train"),
        case("the methods of a trait for each condition")
            .lib(
                "#[memo] fn train(x: Net) -> i32 { x.depth() }
                struct Net;
                impl Depth for Net {}
                #[cfg(unix)] trait Depth { fn depth(&self) -> i32 { 1 } }
                #[cfg(windows)] trait Depth { fn depth(&self) -> i32 { 2 } }",
            )
            .swap("{ 1 }", "{ 2 }")
            .changes("train"),
        case("the methods of two impls of one trait")
            .lib(
                "#[memo] fn train() -> i32 { Near.depth() - Far.depth() }
                struct Near;
                struct Far;
                trait Depth { fn depth(&self) -> i32; }
                impl Depth for Near { fn depth(&self) -> i32 { 1 } }
                impl Depth for Far { fn depth(&self) -> i32 { 2 } }",
            )
            .swap("{ 1 }", "{ 2 }")
            .changes("train"),
        case("the methods of two impls of one generic trait")
            .lib(
                "#[memo] fn train(x: Net) -> i32 { Depth::<u8>::depth(&x) - Depth::<u16>::depth(&x) }
                struct Net;
                trait Depth<T> { fn depth(&self) -> i32; }
                impl Depth<u8> for Net { fn depth(&self) -> i32 { 1 } }
                impl Depth<u16> for Net { fn depth(&self) -> i32 { 2 } }",
            )
            .swap("{ 1 }", "{ 2 }")
            .changes("train"),
        case("the methods of two impls that differ in bounds")
            .lib(
                "#[memo] fn train() -> i32 { Net(1_u8).depth() - Net(\"1\").depth() }
                struct Net<T>(T);
                trait Depth { fn depth(&self) -> i32; }
                trait Kind { type Of; }
                impl Kind for u8 { type Of = u8; }
                impl Kind for &str { type Of = u16; }
                mod a { impl<T> super::Depth for super::Net<T> where T: super::Kind<Of = u8> {
                    fn depth(&self) -> i32 { 1 } } }
                mod b { impl<T> super::Depth for super::Net<T> where T: super::Kind<Of = u16> {
                    fn depth(&self) -> i32 { 2 } } }",
            )
            .swap("{ 1 }", "{ 2 }")
            .changes("train"),
        case("the types of two impls")
            .lib(
                "#[memo] fn train() -> i32 { Near.depth() - Far.depth() }
                struct Near;
                struct Far;
                trait Depth { fn depth(&self) -> i32; }
                impl Depth for Near { fn depth(&self) -> i32 { 1 } }
                impl Depth for Far { fn depth(&self) -> i32 { 2 } }",
            )
            .swap("Depth for Near", "Depth for Far")
            .changes("train"),
        case("functions in two functions")
            .lib(
                "#[memo] fn train() -> i32 { a() - b() }
                fn a() -> i32 { fn step() -> i32 { 1 } step() }
                fn b() -> i32 { fn step() -> i32 { 2 } step() }",
            )
            .swap("{ 1 }", "{ 2 }")
            .changes("train"),
        case("functions in two methods of one name")
            .lib(
                "#[memo] fn train() -> i32 { A::new() - B::new() }
                struct A;
                struct B;
                impl A { fn new() -> i32 { fn step() -> i32 { 1 } step() } }
                impl B { fn new() -> i32 { fn step() -> i32 { 2 } step() } }",
            )
            .swap("{ 1 }", "{ 2 }")
            .changes("train"),
        case("functions in two blocks")
            .lib(
                "#[memo] fn train() -> i32 { helper() }
                fn helper() -> i32 {
                    { fn step() -> i32 { 1 } step() } - { fn step() -> i32 { 2 } step() }
                }",
            )
            .swap("{ 1 }", "{ 2 }")
            .changes("train"),
        case("the names of two imports")
            .lib(
                "use tools::{one as a, two as b};
                #[memo] fn train() -> i32 { a() - b() }
                mod tools { pub fn one() -> i32 { 1 } pub fn two() -> i32 { 2 } }",
            )
            .swap("one as", "two as")
            .changes("train"),
        case("the contents of two included files")
            .lib(
                "#[memo] fn train() -> String {
                    [include_str!(\"a.txt\"), include_str!(\"b.txt\")].concat()
                }",
            )
            .file("src/a.txt", "alpha")
            .file("src/b.txt", "omega")
            .swap("alpha", "omega")
            .changes("train"),
        case("the names of two dependencies")
            .lib("#[memo] fn train() -> i32 { a::step() - b::step() }")
            .dependency("tools", "pub fn step() -> i32 { 1 }")
            .known_as("a")
            .dependency("kit", "pub fn step() -> i32 { 2 }")
            .known_as("b")
            .then(|project| {
                let dependencies = &mut project.package("app").dependencies;
                dependencies[0].name = "b".into();
                dependencies[1].name = "a".into();
            })
            .changes("train"),
        case("the names of two versions of a package")
            .lib("#[memo] fn train() -> i32 { rand::random() - rand_old::random() }")
            .external("rand", "0.8.5")
            .with(|project| project.add_external("app", "rand_old", "rand", "0.7.3"))
            .then(|project| {
                let dependencies = &mut project.package("app").dependencies;
                dependencies[0].name = "rand_old".into();
                dependencies[1].name = "rand".into();
            })
            .changes("train"),
        case("functions of a library and a program of one name")
            .lib("pub fn step() -> i32 { 1 }")
            .in_target(
                target("app", TargetKind::Binary, "src/main.rs"),
                "#[memo] fn train() -> i32 { app::step() - step() } pub fn step() -> i32 { 2 }",
            )
            .swap("{ 1 }", "{ 2 }")
            .changes("train"),
        case("files of macros of one name")
            .lib(
                "#[macro_use] mod a;
                #[macro_use] mod b;
                #[memo] fn train() -> i32 { step!() }",
            )
            .file("src/a.rs", "macro_rules! step { () => { 1 } }")
            .file("src/b.rs", "macro_rules! step { () => { 2 } }")
            .swap("mod a;", "mod b;")
            .changes("train"),
        case("a module between macros of one name")
            .lib(
                "macro_rules! step { () => { 1 } }
                mod near;
                macro_rules! step { () => { 2 } }",
            )
            .file("src/near.rs", "#[memo] pub fn train() -> i32 { step!() }")
            .edit("mod near;", "")
            .edit("{ 2 } }", "{ 2 } } mod near;")
            .changes("train"),
        case("a macro of the prelude's name, and who uses that")
            .lib(
                "#[memo] fn train() -> Vec<i32> { vec![1] }
                macro_rules! vec { ($x:expr) => { Vec::new() } }",
            )
            .edit("#[memo] fn train() -> Vec<i32> { vec![1] }", "")
            .edit("Vec::new() } }", "Vec::new() } } #[memo] fn train() -> Vec<i32> { vec![1] }")
            .changes("train"),
    ]);
}
