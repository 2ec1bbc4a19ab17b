//! Types from outside: behind a trait object or a type argument, whatever implements the trait
//! counts.

use super::case::case;
use super::judge::table;

#[test]
fn types_from_outside() {
    table([
        case("a trait object from a type that it does not name")
            .lib(
                "#[memo] fn train(shape: &dyn Shape) -> i32 { shape.area() }
                trait Shape { fn area(&self) -> i32; }
                struct Square(i32);
                impl Shape for Square { fn area(&self) -> i32 { self.0 * self.0 } }",
            )
            .edit("self.0 * self.0", "self.0 + self.0")
            .changes("train"),
        case("an impl for a type argument from outside")
            .lib(
                "#[memo] fn train<S: Shape>() -> i32 { S::SIDES }
                trait Shape { const SIDES: i32; }
                struct Square;
                impl Shape for Square { const SIDES: i32 = 4; }",
            )
            .edit("= 4", "= 5")
            .changes("train"),
        case("a bound in a where clause")
            .lib(
                "#[memo] fn train<S>(s: &S) -> i32 where S: Shape { s.sides() }
                trait Shape { fn sides(&self) -> i32; }
                struct Square;
                impl Shape for Square { fn sides(&self) -> i32 { 4 } }",
            )
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("a bound of the impl around it")
            .lib(
                "struct Net<L>(L);
                impl<L: Layer> Net<L> { #[memo] fn fit(&self) -> i32 { self.0.forward() } }
                trait Layer { fn forward(&self) -> i32; }
                struct Relu;
                impl Layer for Relu { fn forward(&self) -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("fit"),
        case("a helper of an impl for a type argument from outside")
            .lib(
                "#[memo] fn train<S: Shape>(s: &S) -> i32 { s.area() }
                trait Shape { fn area(&self) -> i32; }
                struct Square;
                impl Shape for Square { fn area(&self) -> i32 { square(2) } }
                fn square(x: i32) -> i32 { x * x }",
            )
            .edit("x * x", "x + x")
            .changes("train"),
        case("a foreign bound of an argument")
            .lib(
                "#[memo] fn train<S: std::fmt::Display>(s: &S) -> String { s.to_string() }
                struct Square;
                impl std::fmt::Display for Square {
                    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result { f.write_str(\"square\") }
                }",
            )
            .edit("\"square\"", "\"Square\"")
            .changes("train"),
        case("a foreign trait object")
            .lib(
                "#[memo] fn train(s: &dyn std::fmt::Display) -> String { s.to_string() }
                struct Square;
                impl std::fmt::Display for Square {
                    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result { f.write_str(\"square\") }
                }",
            )
            .edit("\"square\"", "\"Square\"")
            .changes("train"),
        case("a supertrait")
            .lib(
                "#[memo] fn train(s: &dyn Shape) -> i32 { s.id() }
                trait Named { fn id(&self) -> i32; }
                trait Shape: Named {}
                struct Square;
                impl Shape for Square {}
                impl Named for Square { fn id(&self) -> i32 { 1 } }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a trait object by another name of its trait")
            .lib(
                "use Shape as Form;
                #[memo] fn train(s: &dyn Form) -> i32 { s.sides() }
                trait Shape { fn sides(&self) -> i32; }
                struct Square;
                impl Shape for Square { fn sides(&self) -> i32 { 4 } }",
            )
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("a bound by another name of its trait")
            .lib(
                "use Shape as Form;
                #[memo] fn train<S: Form>(s: &S) -> i32 { s.sides() }
                trait Shape { fn sides(&self) -> i32; }
                struct Square;
                impl Shape for Square { fn sides(&self) -> i32 { 4 } }",
            )
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("an impl for another name of its trait")
            .lib(
                "use Shape as Form;
                #[memo] fn train(s: &dyn Shape) -> i32 { s.sides() }
                trait Shape { fn sides(&self) -> i32; }
                struct Square;
                impl Form for Square { fn sides(&self) -> i32 { 4 } }",
            )
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("a foreign bound by another name of its trait")
            .lib(
                "use std::fmt::Display as Show;
                #[memo] fn train<S: Show>(s: &S) -> String { s.to_string() }
                struct Square;
                impl std::fmt::Display for Square {
                    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result { f.write_str(\"square\") }
                }",
            )
            .edit("\"square\"", "\"Square\"")
            .changes("train"),
        case("a bound that a conversion the other way fulfils")
            .lib(
                "#[memo] fn train<T: Into<f64>>(x: T) -> f64 { x.into() }
                struct Money(f64);
                impl From<Money> for f64 { fn from(x: Money) -> f64 { x.0 * 2.0 } }",
            )
            .edit("* 2.0", "* 3.0")
            .changes("train"),
        case("a bound that a display fulfils")
            .lib(
                "#[memo] fn train<T: ToString>(x: T) -> String { x.to_string() }
                struct Square;
                impl std::fmt::Display for Square {
                    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result { f.write_str(\"square\") }
                }",
            )
            .edit("\"square\"", "\"Square\"")
            .changes("train"),
        case("a bound that an iterator fulfils")
            .lib(
                "#[memo] fn train<T: IntoIterator<Item = i32>>(x: T) -> i32 { x.into_iter().sum() }
                struct Count;
                impl Iterator for Count { type Item = i32; fn next(&mut self) -> Option<i32> { stop(1) } }",
            )
            .edit("stop(1)", "stop(2)")
            .changes("train"),
        case("a foreign bound that an impl of another foreign trait fulfils")
            .lib(
                "#[memo] fn train<R: rand::Rng>(r: &mut R) -> u32 { r.random() }
                struct Fixed;
                impl rand::RngCore for Fixed { fn next_u32(&mut self) -> u32 { 4 } }",
            )
            .external("rand", "0.9.0")
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("a derived default of a type argument from outside")
            .lib(
                "#[memo] fn train<T: Default + Debug>() -> String { format!(\"{:?}\", T::default()) }
                #[derive(Default, Debug)] struct Plan { steps: u8 }",
            )
            .edit("steps: u8", "steps: u8, rate: u8")
            .changes("train"),
        case("the size of a type argument from outside")
            .lib(
                "#[memo] fn train<T>() -> usize { size_of::<T>() }
                pub fn plan() -> usize { train::<Plan>() }
                struct Plan { steps: u8 }",
            )
            .edit("steps: u8", "steps: u16")
            .changes("train"),
        case("a bound that a derive of another name fulfils")
            .lib(
                "#[memo] fn train<E: std::fmt::Display>(e: &E) -> String { e.to_string() }
                #[derive(Debug, thiserror::Error)] #[error(\"bad\")] struct Failure;",
            )
            .external("thiserror", "2.0.0")
            .edit("\"bad\"", "\"worse\"")
            .changes("train"),
        case("a trait object that a derive of another name makes")
            .lib(
                "#[memo] fn train(s: &dyn Shape) -> i32 { s.sides() }
                trait Shape { fn sides(&self) -> i32; }
                #[derive(macros::Polygon)] #[polygon(sides = 4)] struct Square;",
            )
            .proc_macro(
                "macros",
                "#[proc_macro_derive(Polygon, attributes(polygon))]
                pub fn polygon(x: TokenStream) -> TokenStream { quote!(impl Shape for #name {}) }",
            )
            .edit("sides = 4", "sides = 5")
            .changes("train"),
        case("a trait object that an attribute makes")
            .lib(
                "#[memo] fn train(s: &dyn Shape) -> i32 { s.sides() }
                trait Shape { fn sides(&self) -> i32; }
                #[macros::polygon(4)] struct Square;",
            )
            .proc_macro(
                "macros",
                "#[proc_macro_attribute]
                pub fn polygon(n: TokenStream, x: TokenStream) -> TokenStream { quote!(impl Shape for #x {}) }",
            )
            .edit("polygon(4)", "polygon(5)")
            .changes("train"),
        case("a foreign supertrait")
            .lib(
                "#[memo] fn train(s: &dyn Shape) -> String { s.to_string() }
                trait Shape: std::fmt::Display {}
                struct Square;
                impl Shape for Square {}
                impl std::fmt::Display for Square {
                    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result { f.write_str(\"square\") }
                }",
            )
            .edit("\"square\"", "\"Square\"")
            .changes("train"),
        case("an alias of a trait object")
            .lib(
                "#[memo] fn train(s: Any) -> i32 { s.area() }
                type Any = Box<dyn Shape>;
                trait Shape { fn area(&self) -> i32; }
                struct Square;
                impl Shape for Square { fn area(&self) -> i32 { 4 } }",
            )
            .edit("{ 4 }", "{ 5 }")
            .changes("train"),
        case("a method of an associated type")
            .lib(
                "#[memo] fn train<S: Shape>(s: S) -> i32 { s.unit().length() }
                trait Length { fn length(&self) -> i32; }
                trait Shape { type Unit: Length; fn unit(&self) -> Self::Unit; }
                struct Square;
                struct Metre;
                impl Length for Metre { fn length(&self) -> i32 { 100 } }
                impl Shape for Square { type Unit = Metre; fn unit(&self) -> Metre { Metre } }",
            )
            .edit("100", "101")
            .changes("train"),
        case("a new impl for a trait object")
            .lib(
                "#[memo] fn train(s: &dyn Shape) -> i32 { s.area() }
                trait Shape { fn area(&self) -> i32; }",
            )
            .edit(
                "trait Shape",
                "struct Dot; impl Shape for Dot { fn area(&self) -> i32 { 0 } } trait Shape",
            )
            .changes("train"),
        case("an impl in a function, for a trait object")
            .lib(
                "#[memo] fn train(s: &dyn Shape) -> i32 { s.area() }
                trait Shape { fn area(&self) -> i32; }
                fn dot() -> Box<dyn Shape> {
                    struct Dot;
                    impl Shape for Dot { fn area(&self) -> i32 { 1 } }
                    Box::new(Dot)
                }",
            )
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
    ]);
}
