//! Methods: found by name on the types that can be reached.

use super::case::case;
use super::judge::table;

#[test]
fn methods() {
    table([
        case("a method of the same type")
            .lib(
                "struct Net(i32);
                impl Net {
                    #[memo] fn fit(&self) -> i32 { self.step() }
                    fn step(&self) -> i32 { self.0 + 1 }
                    fn show(&self) -> i32 { self.0 + 5 }
                }",
            )
            .edit("+ 1", "+ 2")
            .changes("fit"),
        case("a method that it does not name")
            .lib(
                "struct Net(i32);
                impl Net {
                    #[memo] fn fit(&self) -> i32 { self.step() }
                    fn step(&self) -> i32 { self.0 + 1 }
                    fn show(&self) -> i32 { self.0 + 5 }
                }",
            )
            .edit("+ 5", "+ 6")
            .stays("fit"),
        case("a method by the path of its type")
            .lib(
                "#[memo] fn train() -> i32 { Net::new(1).0 }
                struct Net(i32);
                impl Net { fn new(x: i32) -> Self { Self(x + 1) } }",
            )
            .edit("x + 1", "x + 2")
            .changes("train"),
        case("a method of the type of a field")
            .lib(
                "#[memo] fn train(net: &Net) -> i32 { net.layer.forward() }
                struct Net { layer: Layer }
                struct Layer;
                impl Layer { fn forward(&self) -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a method of a type that only an inferred result has")
            .lib(
                "#[memo] fn train() -> i32 { load().forward() }
                fn load() -> Layer { Layer }
                struct Layer;
                impl Layer { fn forward(&self) -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a method behind an alias of its type")
            .lib(
                "#[memo] fn train(net: Net) -> i32 { net.forward() }
                type Net = Deep;
                struct Deep;
                impl Deep { fn forward(&self) -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a method whose impl is for an alias")
            .lib(
                "#[memo] fn train(net: Deep) -> i32 { net.forward() }
                struct Deep;
                type Net = Deep;
                impl Net { fn forward(&self) -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a method whose impl is for an imported alias")
            .lib(
                "mod net { pub struct Deep; }
                #[memo] fn train(net: net::Deep) -> i32 { net.forward() }
                mod more {
                    use crate::net::Deep as Net;
                    impl Net { pub fn forward(&self) -> i32 { 1 } }
                }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a method of a type that it cannot reach")
            .lib(
                "#[memo] fn train(net: &Near) -> i32 { net.forward() }
                struct Near;
                impl Near { fn forward(&self) -> i32 { 1 } }
                struct Far;
                impl Far { fn forward(&self) -> i32 { 2 } }",
            )
            .edit("{ 2 }", "{ 3 }")
            .stays("train"),
        case("a private method in another module of its type")
            .lib(
                "#[memo] fn train(net: &Net) -> i32 { net.forward() }
                pub struct Net;
                mod forward { impl super::Net { pub(super) fn forward(&self) -> i32 { 1 } } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("the header of its impl")
            .lib(
                "struct Net<T>(T);
                impl<T: Copy> Net<T> { #[memo] fn fit(&self) -> usize { size_of::<T>() } }",
            )
            .edit("T: Copy", "T: Clone")
            .changes("fit"),
        case("an associated const of its impl")
            .lib(
                "struct Net;
                impl Net { const RATE: i32 = 1; #[memo] fn fit(&self) -> i32 { Self::RATE } }",
            )
            .edit("= 1", "= 2")
            .changes("fit"),
        case("a new inherent method hides that of a trait")
            .lib(
                "#[memo] fn train(net: &Net) -> i32 { net.size() }
                struct Net;
                impl Net { fn new() -> Self { Self } }
                trait Size { fn size(&self) -> i32; }
                impl Size for Net { fn size(&self) -> i32 { 1 } }",
            )
            .edit("fn new()", "fn size(&self) -> i32 { 2 } fn new()")
            .changes("train"),
        case("a new method of the wrapper hides that of the wrapped")
            .lib(
                "#[memo] fn train(net: &Outer) -> i32 { net.size() }
                struct Outer(Inner);
                impl std::ops::Deref for Outer {
                    type Target = Inner;
                    fn deref(&self) -> &Inner { &self.0 }
                }
                struct Inner;
                impl Inner { fn size(&self) -> i32 { 1 } }
                mod later {}",
            )
            .edit(
                "mod later {}",
                "mod later { impl super::Outer { pub fn size(&self) -> i32 { 2 } } }",
            )
            .changes("train"),
        case("a method in a trait impl")
            .lib(
                "trait Fit { fn fit(&self) -> i32; }
                struct Net;
                impl Fit for Net { #[memo] fn fit(&self) -> i32 { step() } }
                fn step() -> i32 { 1 }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("fit"),
        case("a method that a trait has by default")
            .lib(
                "trait Fit { fn rate(&self) -> i32; #[memo] fn fit(&self) -> i32 { self.rate() } }
                struct Net;
                impl Fit for Net { fn rate(&self) -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("fit"),
    ]);
}
