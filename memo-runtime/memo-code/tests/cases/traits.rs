//! Traits of ours: their impls count for the types that can be reached.

use super::case::case;
use super::judge::table;

#[test]
fn traits_of_ours() {
    table([
        case("a method found through a trait object")
            .lib(
                "#[memo] fn train() -> i32 { let it: Box<dyn Shape> = Box::new(Square(2)); it.area() }
                trait Shape { fn area(&self) -> i32; }
                struct Square(i32);
                impl Shape for Square { fn area(&self) -> i32 { self.0 * self.0 } }",
            )
            .edit("self.0 * self.0", "self.0 + self.0")
            .changes("train"),
        case("a method that a trait has by default")
            .lib(
                "#[memo] fn train(s: Square) -> i32 { s.area() }
                trait Shape { fn area(&self) -> i32 { 0 } }
                struct Square;
                impl Shape for Square {}",
            )
            .edit("{ 0 }", "{ 1 }")
            .changes("train"),
        case("a method that a type has no longer by default")
            .lib(
                "#[memo] fn train(s: Square) -> i32 { s.area() }
                trait Shape { fn area(&self) -> i32 { 0 } }
                struct Square;
                impl Shape for Square {}",
            )
            .edit("for Square {}", "for Square { fn area(&self) -> i32 { 4 } }")
            .changes("train"),
        case("another method of the trait and the type")
            .lib(
                "#[memo] fn train(s: Square) -> i32 { s.area() }
                trait Shape { fn area(&self) -> i32; fn sides(&self) -> i32; }
                struct Square;
                impl Shape for Square {
                    fn area(&self) -> i32 { 4 }
                    fn sides(&self) -> i32 { 7 }
                }",
            )
            .edit("{ 7 }", "{ 8 }")
            .stays("train"),
        case("an impl of the trait for a type that it cannot reach")
            .lib(
                "#[memo] fn train(s: Square) -> i32 { s.area() }
                trait Shape { fn area(&self) -> i32; }
                struct Square;
                impl Shape for Square { fn area(&self) -> i32 { 4 } }
                struct Circle;
                impl Shape for Circle { fn area(&self) -> i32 { 3 } }",
            )
            .edit("{ 3 }", "{ 31 }")
            .stays("train"),
        case("a blanket impl")
            .lib(
                "#[memo] fn train(s: Square) -> i32 { s.twice() }
                trait Shape { fn area(&self) -> i32; }
                trait Twice { fn twice(&self) -> i32; }
                impl<S: Shape> Twice for S { fn twice(&self) -> i32 { self.area() * 2 } }
                struct Square;
                impl Shape for Square { fn area(&self) -> i32 { 4 } }",
            )
            .edit("* 2", "* 3")
            .changes("train"),
        case("what a blanket impl calls")
            .lib(
                "#[memo] fn train(s: Square) -> i32 { s.twice() }
                trait Shape { fn area(&self) -> i32; }
                trait Twice { fn twice(&self) -> i32; }
                impl<S: Shape> Twice for S { fn twice(&self) -> i32 { self.area() * 2 } }
                struct Square;
                impl Shape for Square { fn area(&self) -> i32 { 4 } }",
            )
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("a trait of ours on a foreign type")
            .lib(
                "#[memo] fn train(x: f64) -> f64 { x.double() }
                trait Double { fn double(self) -> f64; }
                impl Double for f64 { fn double(self) -> f64 { self * 2.0 } }",
            )
            .edit("* 2.0", "* 3.0")
            .changes("train"),
        case("a trait of ours on a reference to a type of ours")
            .lib(
                "#[memo] fn train(x: &Square) -> i32 { x.area() }
                trait Shape { fn area(self) -> i32; }
                struct Square;
                impl Shape for &Square { fn area(self) -> i32 { 4 } }",
            )
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("a trait of ours on a boxed type of ours")
            .lib(
                "#[memo] fn train(x: Box<Square>) -> i32 { x.area() }
                trait Shape { fn area(self) -> i32; }
                struct Square;
                impl Shape for Box<Square> { fn area(self) -> i32 { 4 } }",
            )
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("an impl that is chosen by how often a value is borrowed")
            .lib(
                "#[memo] fn train(x: Tag) -> i32 { (&&x).kind() }
                struct Tag;
                trait Exact { fn kind(&self) -> i32; }
                trait Rough { fn kind(&self) -> i32; }
                impl Exact for &Tag { fn kind(&self) -> i32 { 1 } }
                impl<T> Rough for T { fn kind(&self) -> i32 { 2 } }",
            )
            .edit("impl Exact for &Tag", "impl Exact for u8")
            .changes("train"),
        case("an associated const of a trait")
            .lib(
                "#[memo] fn train() -> i32 { Square::SIDES }
                trait Shape { const SIDES: i32 = 0; }
                struct Square;
                impl Shape for Square { const SIDES: i32 = 4; }",
            )
            .edit("= 4", "= 5")
            .changes("train"),
        case("an associated type that is only inferred")
            .lib(
                "#[memo] fn train(s: Square) -> usize { size_of_val(&s.unit()) }
                trait Shape { type Unit; fn unit(&self) -> Self::Unit; }
                struct Square;
                impl Shape for Square { type Unit = u8; fn unit(&self) -> Self::Unit { 1 } }",
            )
            .edit("type Unit = u8", "type Unit = u16")
            .changes("train"),
        case("the methods of a trait object itself")
            .lib(
                "#[memo] fn train(s: &dyn Shape) -> i32 { s.twice() }
                trait Shape { fn area(&self) -> i32; }
                impl dyn Shape { fn twice(&self) -> i32 { self.area() * 2 } }",
            )
            .edit("* 2", "* 3")
            .changes("train"),
        case("an auto trait that is claimed")
            .lib(
                "#[memo] fn train(x: Shared) -> i32 { spread(&x) }
                fn spread<T: Sync>(_: &T) -> i32 { 1 }
                struct Shared(*const u8);
                unsafe impl Sync for Shared {}",
            )
            .edit("unsafe impl Sync", "unsafe impl Send")
            .changes("train"),
        case("a bound by the position of an argument in a helper")
            .lib(
                "#[memo] fn train() -> i32 { measure(&load()) }
                fn load() -> Square { Square }
                fn measure(s: &impl Shape) -> i32 { s.area() }
                trait Shape { fn area(&self) -> i32; }
                struct Square;
                impl Shape for Square { fn area(&self) -> i32 { 4 } }",
            )
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("what an opaque result hides")
            .lib(
                "#[memo] fn train() -> i32 { load().area() }
                fn load() -> impl Shape { Square }
                trait Shape { fn area(&self) -> i32; }
                struct Square;
                impl Shape for Square { fn area(&self) -> i32 { 4 } }",
            )
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
    ]);
}
