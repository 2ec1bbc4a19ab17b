//! Every kind of item that a function can name.

use super::case::case;
use super::judge::table;

#[test]
fn values() {
    table([
        case("a const")
            .lib("#[memo] fn train() -> f64 { RATE } const RATE: f64 = 0.1;")
            .edit("0.1", "0.2")
            .changes("train"),
        case("a const that another const is made of")
            .lib(
                "#[memo] fn train() -> u32 { STEPS }
                const STEPS: u32 = EPOCHS * 10;
                const EPOCHS: u32 = 3;
                const UNUSED: u32 = 7;",
            )
            .edit("= 3", "= 4")
            .changes("train"),
        case("a const that it does not name")
            .lib(
                "#[memo] fn train() -> u32 { STEPS }
                const STEPS: u32 = 10;
                const UNUSED: u32 = 7;",
            )
            .edit("= 7", "= 8")
            .stays("train"),
        case("a const fn in a const")
            .lib(
                "#[memo] fn train() -> u32 { STEPS }
                const STEPS: u32 = twice(5);
                const fn twice(x: u32) -> u32 { x * 2 }",
            )
            .edit("x * 2", "x + x + 1")
            .changes("train"),
        case("a static")
            .lib("#[memo] fn train() -> f64 { RATES[0] } static RATES: [f64; 1] = [0.1];")
            .edit("0.1", "0.2")
            .changes("train"),
        case("a lazy static")
            .lib(
                "#[memo] fn train() -> i32 { TABLE[0] }
                static TABLE: LazyLock<Vec<i32>> = LazyLock::new(fill);
                fn fill() -> Vec<i32> { vec![1] }",
            )
            .edit("vec![1]", "vec![2]")
            .changes("train"),
        case("an unnamed const is only checked, but may hold impls")
            .lib(
                "#[memo] fn train(x: Money) -> Money { x + x }
                struct Money(i32);
                const _: () = {
                    impl std::ops::Add for Money {
                        type Output = Money;
                        fn add(self, by: Money) -> Money { Money(self.0 + by.0) }
                    }
                };",
            )
            .edit("self.0 + by.0", "self.0 - by.0")
            .changes("train"),
        case("a foreign function")
            .lib(
                "#[memo] fn train(x: f64) -> f64 { unsafe { kernel(x) } }
                #[link(name = \"fast\")] unsafe extern \"C\" { fn kernel(x: f64) -> f64; }",
            )
            .edit("\"fast\"", "\"slow\"")
            .changes("train"),
        case("the signature of a foreign function")
            .lib(
                "#[memo] fn train(x: f64) -> f64 { unsafe { kernel(x as _) as _ } }
                unsafe extern \"C\" { fn kernel(x: f64) -> f64; fn other(y: u8); }",
            )
            .edit("kernel(x: f64) -> f64", "kernel(x: f32) -> f32")
            .changes("train"),
        case("another foreign function of the block")
            .lib(
                "#[memo] fn train(x: f64) -> f64 { unsafe { kernel(x) } }
                unsafe extern \"C\" { fn kernel(x: f64) -> f64; fn other(y: u8); }",
            )
            .edit("y: u8", "y: u16")
            .stays("train"),
        case("a foreign static")
            .lib(
                "#[memo] fn train() -> i32 { unsafe { LEVEL } }
                unsafe extern \"C\" { #[link_name = \"level_1\"] static LEVEL: i32; }",
            )
            .edit("level_1", "level_2")
            .changes("train"),
        case("a function that the linker finds, though it is private")
            .lib(
                "#[memo] fn train(x: f64) -> f64 { unsafe { kernel(x) } }
                unsafe extern \"C\" { safe fn kernel(x: f64) -> f64; }
                mod c { #[unsafe(no_mangle)] extern \"C\" fn kernel(x: f64) -> f64 { x + 1.0 } }",
            )
            .edit("x + 1.0", "x + 2.0")
            .changes("train"),
        case("a function that the linker finds under another name")
            .lib(
                "#[memo] fn train(x: f64) -> f64 { unsafe { kernel(x) } }
                unsafe extern \"C\" { fn kernel(x: f64) -> f64; }
                mod c {
                    #[unsafe(export_name = \"kernel\")]
                    extern \"C\" fn portable(x: f64) -> f64 { x + 1.0 }
                }",
            )
            .edit("x + 1.0", "x + 2.0")
            .changes("train"),
        case("a function that is linked by the name in an attribute")
            .lib(
                "#[memo] fn train(x: f64) -> f64 { unsafe { kernel(x) } }
                unsafe extern \"C\" { #[link_name = \"portable\"] fn kernel(x: f64) -> f64; }
                mod c { #[unsafe(no_mangle)] extern \"C\" fn portable(x: f64) -> f64 { x + 1.0 } }",
            )
            .edit("x + 1.0", "x + 2.0")
            .changes("train"),
        case("a function that the linker finds for a block in a function")
            .lib(
                "#[memo] fn train(x: f64) -> f64 {
                    unsafe extern \"C\" { safe fn kernel(x: f64) -> f64; }
                    kernel(x)
                }
                mod c { #[unsafe(no_mangle)] extern \"C\" fn kernel(x: f64) -> f64 { x + 1.0 } }",
            )
            .edit("x + 1.0", "x + 2.0")
            .changes("train"),
        case("a function that the linker finds in a dependency")
            .lib(
                "use fast as _;
                #[memo] fn train(x: f64) -> f64 { kernel(x) }
                unsafe extern \"C\" { safe fn kernel(x: f64) -> f64; }",
            )
            .dependency(
                "fast",
                "#[unsafe(no_mangle)] extern \"C\" fn kernel(x: f64) -> f64 { x + 1.0 }",
            )
            .edit("x + 1.0", "x + 2.0")
            .changes("train"),
        case("a function of ours that the linker finds for a dependency")
            .lib(
                "#[memo] fn train(x: f64) -> f64 { fast::run(x) }
                mod c { #[unsafe(no_mangle)] extern \"C\" fn kernel(x: f64) -> f64 { x + 1.0 } }",
            )
            .dependency(
                "fast",
                "unsafe extern \"C\" { safe fn kernel(x: f64) -> f64; }
                pub fn run(x: f64) -> f64 { kernel(x) }",
            )
            .edit("x + 1.0", "x + 2.0")
            .changes("train"),
        case("a function in assembly")
            .lib(
                "#[memo] fn train() -> i32 { unsafe { seven() } }
                unsafe extern \"C\" { fn seven() -> i32; }
                std::arch::global_asm!(\".global seven\", \"seven:\", \"mov eax, 7\", \"ret\");",
            )
            .edit("eax, 7", "eax, 8")
            .changes("train"),
    ]);
}

#[test]
fn types() {
    table([
        case("a field of a struct")
            .lib(
                "#[memo] fn train(x: Point) -> usize { size_of_val(&x) }
                struct Point { x: u8 }
                struct Other { y: u8 }",
            )
            .edit("x: u8", "x: u16")
            .changes("train"),
        case("a field of a struct that it cannot reach")
            .lib(
                "#[memo] fn train(x: Point) -> usize { size_of_val(&x) }
                struct Point { x: u8 }
                struct Other { y: u8 }",
            )
            .edit("y: u8", "y: u16")
            .stays("train"),
        case("the order of the fields of a struct")
            .lib(
                "#[memo] fn train() -> Point { load() }
                fn load() -> Point { todo!() }
                struct Point { x: u8, y: u8 }",
            )
            .edit("x: u8, y: u8", "y: u8, x: u8")
            .changes("train"),
        case("the order of the fields of an argument's field")
            .lib(
                "#[memo] fn train(of: &Line) {}
                struct Line { from: Point }
                struct Point { x: u8, y: u8 }",
            )
            .edit("x: u8, y: u8", "y: u8, x: u8")
            .changes("train"),
        case("the layout of a struct")
            .lib(
                "#[memo] fn train() -> usize { size_of::<Point>() }
                #[repr(C)] struct Point { x: u8, y: u32 }",
            )
            .edit("repr(C)", "repr(C, packed)")
            .changes("train"),
        case("the discriminant of a variant")
            .lib(
                "#[memo] fn train() -> i32 { Color::Red as i32 }
                enum Color { Red = 1, Green = 2 }",
            )
            .edit("Red = 1", "Red = 3")
            .changes("train"),
        case("a variant before it")
            .lib(
                "#[memo] fn train() -> i32 { Color::Green as i32 }
                enum Color { Red, Green }",
            )
            .edit("Red, Green", "Red, Blue, Green")
            .changes("train"),
        case("a const that makes a discriminant")
            .lib(
                "#[memo] fn train() -> i32 { Color::Red as i32 }
                enum Color { Red = FIRST }
                const FIRST: isize = 1;",
            )
            .edit("= 1", "= 2")
            .changes("train"),
        case("a variant that is imported")
            .lib(
                "use Color::Red;
                #[memo] fn train() -> i32 { Red as i32 }
                enum Color { Red = 1 }",
            )
            .edit("Red = 1", "Red = 2")
            .changes("train"),
        case("a variant that is imported by a glob")
            .lib(
                "mod color { pub use self::Color::*; pub enum Color { Red = 1 } }
                #[memo] fn train() -> i32 { color::Red as i32 }",
            )
            .edit("Red = 1", "Red = 2")
            .changes("train"),
        case("a variant that is imported by a glob inside")
            .lib(
                "enum Color { Red = 1 }
                #[memo] fn train() -> i32 { use Color::*; Red as i32 }",
            )
            .edit("Red = 1", "Red = 2")
            .changes("train"),
        case("a type in a variant")
            .lib(
                "#[memo] fn train(x: &Shape) -> usize { size_of_val(x) }
                enum Shape { Round(Circle) }
                struct Circle { r: f32 }",
            )
            .edit("r: f32", "r: f64")
            .changes("train"),
        case("a union")
            .lib(
                "#[memo] fn train(x: u32) -> f32 { unsafe { Bits { whole: x }.real } }
                #[repr(C)] union Bits { whole: u32, real: f32 }",
            )
            .edit("#[repr(C)] union", "#[repr(C, packed)] union")
            .changes("train"),
        case("what a type alias stands for")
            .lib(
                "#[memo] fn train() -> usize { size_of::<Real>() }
                type Real = f32;",
            )
            .edit("= f32", "= f64")
            .changes("train"),
        case("a type alias of a type alias")
            .lib(
                "#[memo] fn train(x: Matrix) -> usize { size_of_val(&x) }
                type Matrix = [Real; 4];
                type Real = f32;",
            )
            .edit("= f32", "= f64")
            .changes("train"),
        case("the default of a type parameter")
            .lib(
                "#[memo] fn train() -> usize { size_of::<Cell>() }
                struct Cell<T = Real>(T);
                struct Real(f32);",
            )
            .edit("f32", "f64")
            .changes("train"),
        case("a zero-sized type gets a size")
            .lib(
                "#[memo] fn train() -> usize { size_of::<Tag>() }
                struct Tag;",
            )
            .edit("struct Tag;", "struct Tag(u8);")
            .changes("train"),
        case("a new struct")
            .lib("#[memo] fn train() -> i32 { 1 }")
            .edit("#[memo]", "struct New { x: u8 } #[memo]")
            .stays("train"),
        case("the derives of a struct")
            .lib(
                "#[memo] fn train(a: Version, b: Version) -> bool { a < b }
                #[derive(PartialEq, PartialOrd)] struct Version { major: u8 }",
            )
            .edit(
                "#[derive(PartialEq, PartialOrd)] struct Version { major: u8 }",
                "#[derive(PartialEq)] struct Version { major: u8 }
                impl PartialOrd for Version {
                    fn partial_cmp(&self, _: &Self) -> Option<std::cmp::Ordering> { None }
                }",
            )
            .changes("train"),
        case("a path that a type's name shows")
            .lib(
                "use a::Net;
                #[memo] fn train() -> &'static str { std::any::type_name::<Net>() }
                mod a { pub struct Net; }
                mod b {}",
            )
            .edit(
                "mod a { pub struct Net; }",
                "mod a { pub use super::b::Net; }",
            )
            .edit("mod b {}", "mod b { pub struct Net; }")
            .changes("train"),
        case("the module that it is in shows itself")
            .lib("mod near { #[memo] pub fn train() -> &'static str { module_path!() } }")
            .edit("mod near", "mod far")
            .changes("train"),
    ]);
}
