//! What the compiler calls without being told: operators, conversions, drop glue, formatting.

use super::case::case;
use super::judge::table;

#[test]
fn foreign_traits() {
    table([
        case("an operator")
            .lib(
                "#[memo] fn train(x: Money) -> Money { x + x }
                struct Money(i32);
                impl std::ops::Add for Money {
                    type Output = Money;
                    fn add(self, by: Money) -> Money { Money(self.0 + by.0) }
                }",
            )
            .edit("self.0 + by.0", "self.0 - by.0")
            .changes("train"),
        case("an operator of another type")
            .lib(
                "#[memo] fn train(x: i32) -> i32 { x + x }
                struct Money(i32);
                impl std::ops::Add for Money {
                    type Output = Money;
                    fn add(self, by: Money) -> Money { Money(self.0 + by.0) }
                }",
            )
            .edit("self.0 + by.0", "self.0 - by.0")
            .stays("train"),
        case("an operator whose left side is foreign")
            .lib(
                "#[memo] fn train(x: Money) -> Money { 2 * x }
                struct Money(i32);
                impl std::ops::Mul<Money> for i32 {
                    type Output = Money;
                    fn mul(self, by: Money) -> Money { Money(self * by.0) }
                }",
            )
            .edit("self * by.0", "self * by.0 * 2")
            .changes("train"),
        case("an operator on a reference")
            .lib(
                "#[memo] fn train(x: &Money) -> i32 { -x }
                struct Money(i32);
                impl std::ops::Neg for &Money { type Output = i32; fn neg(self) -> i32 { -self.0 } }",
            )
            .edit("-self.0", "1 - self.0")
            .changes("train"),
        case("an assignment with an operator")
            .lib(
                "#[memo] fn train(mut x: Money) -> i32 { x += 1; x.0 }
                struct Money(i32);
                impl std::ops::AddAssign<i32> for Money {
                    fn add_assign(&mut self, by: i32) { self.0 += by }
                }",
            )
            .edit("self.0 += by", "self.0 -= by")
            .changes("train"),
        case("an index")
            .lib(
                "#[memo] fn train(x: &Row) -> i32 { x[0] }
                struct Row(Vec<i32>);
                impl std::ops::Index<usize> for Row {
                    type Output = i32;
                    fn index(&self, at: usize) -> &i32 { &self.0[at + 1] }
                }",
            )
            .edit("at + 1", "at + 2")
            .changes("train"),
        case("a deref before a method")
            .lib(
                "#[memo] fn train(x: &Names) -> usize { x.len() }
                struct Names(Vec<u8>, Vec<u8>);
                impl std::ops::Deref for Names {
                    type Target = Vec<u8>;
                    fn deref(&self) -> &Vec<u8> { &self.0 }
                }",
            )
            .edit("&self.0", "&self.1")
            .changes("train"),
        case("a drop")
            .lib(
                "#[memo] fn train() -> i32 { let mut n = 0; drop(Guard(&mut n)); n }
                struct Guard<'a>(&'a mut i32);
                impl Drop for Guard<'_> { fn drop(&mut self) { *self.0 += 1; } }",
            )
            .edit("+= 1", "+= 2")
            .changes("train"),
        case("the drop of a field of what is dropped")
            .lib(
                "#[memo] fn train() { let _scope = Scope::default(); }
                #[derive(Default)] struct Scope { timer: Timer }
                #[derive(Default)] struct Timer;
                impl Drop for Timer { fn drop(&mut self) { unsafe { TICKS += 1 } } }
                static mut TICKS: i32 = 0;",
            )
            .edit("+= 1", "+= 2")
            .changes("train"),
        case("an iterator")
            .lib(
                "#[memo] fn train() -> i32 { Count(0).sum() }
                struct Count(i32);
                impl Iterator for Count {
                    type Item = i32;
                    fn next(&mut self) -> Option<i32> {
                        self.0 += 1;
                        (self.0 < 9).then_some(self.0)
                    }
                }",
            )
            .edit("< 9", "< 8")
            .changes("train"),
        case("a collection that a loop consumes")
            .lib(
                "#[memo] fn train(x: Bag) -> i32 { let mut n = 0; for i in x { n += i } n }
                struct Bag(Vec<i32>);
                impl IntoIterator for Bag {
                    type Item = i32;
                    type IntoIter = std::vec::IntoIter<i32>;
                    fn into_iter(mut self) -> Self::IntoIter { self.0.pop(); self.0.into_iter() }
                }",
            )
            .edit("self.0.pop();", "")
            .changes("train"),
        case("a display in a format string")
            .lib(
                "#[memo] fn train(x: Name) -> String { format!(\"{x}\") }
                struct Name;
                impl std::fmt::Display for Name {
                    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(\"name\")
                    }
                }",
            )
            .edit("\"name\"", "\"Name\"")
            .changes("train"),
        case("a conversion by the question mark")
            .lib(
                "#[memo] fn train() -> Result<i32, Failure> { Ok(\"1\".parse::<i32>()?) }
                struct Failure(i32);
                impl From<std::num::ParseIntError> for Failure {
                    fn from(_: std::num::ParseIntError) -> Self { Self(1) }
                }",
            )
            .edit("Self(1)", "Self(2)")
            .changes("train"),
        case("a conversion into a type that only a helper's signature names")
            .lib(
                "#[memo] fn train() -> i32 { read(1_u8.into()) }
                fn read(x: Level) -> i32 { x.0 }
                struct Level(i32);
                impl From<u8> for Level { fn from(x: u8) -> Self { Self(x as i32 + 1) } }",
            )
            .edit("as i32 + 1", "as i32 + 2")
            .changes("train"),
        case("a comparison")
            .lib(
                "#[memo] fn train(mut x: Vec<Run>) -> Vec<Run> { x.sort(); x }
                #[derive(PartialEq, Eq, PartialOrd)] struct Run(i32);
                impl Ord for Run {
                    fn cmp(&self, by: &Run) -> std::cmp::Ordering { self.0.cmp(&by.0) }
                }",
            )
            .edit("self.0.cmp(&by.0)", "by.0.cmp(&self.0)")
            .changes("train"),
        case("a hash")
            .lib(
                "#[memo] fn train(x: HashMap<Id, i32>) -> i32 { x[&Id(1)] }
                #[derive(PartialEq, Eq)] struct Id(i32);
                impl Hash for Id { fn hash<H: Hasher>(&self, to: &mut H) { (self.0 % 2).hash(to) } }",
            )
            .edit("% 2", "% 3")
            .changes("train"),
        case("a default")
            .lib(
                "#[memo] fn train() -> i32 { Plan::default().steps }
                struct Plan { steps: i32 }
                impl Default for Plan { fn default() -> Self { Self { steps: 3 } } }",
            )
            .edit("steps: 3", "steps: 4")
            .changes("train"),
        case("a future")
            .lib(
                "#[memo] async fn train() -> i32 { Ready.await }
                struct Ready;
                impl Future for Ready {
                    type Output = i32;
                    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<i32> { Poll::Ready(1) }
                }",
            )
            .edit("Poll::Ready(1)", "Poll::Ready(2)")
            .changes("train"),
        case("a serialization by hand")
            .lib(
                "#[memo] fn train(x: &Rate) -> i32 { 1 }
                struct Rate(f64);
                impl serde::Serialize for Rate {
                    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                        to.serialize_f64(self.0 * 2.0)
                    }
                }",
            )
            .edit("* 2.0", "* 3.0")
            .changes("train"),
        case("an impl in another module")
            .lib(
                "#[memo] fn train(x: Money) -> Money { -x }
                struct Money(i32);
                mod ops;",
            )
            .file(
                "src/ops.rs",
                "use std::ops::Neg;
                impl Neg for super::Money {
                    type Output = Self;
                    fn neg(self) -> Self { Self(-self.0) }
                }",
            )
            .edit("Self(-self.0)", "Self(self.0)")
            .changes("train"),
        case("an impl in a function that nobody calls")
            .lib(
                "#[memo] fn train(x: Money) -> i32 { -x }
                struct Money(i32);
                fn unused() {
                    impl std::ops::Neg for Money { type Output = i32; fn neg(self) -> i32 { -self.0 } }
                }",
            )
            .edit("-self.0", "self.0")
            .changes("train"),
        case("an impl for a type by its alias")
            .lib(
                "#[memo] fn train(x: Money) -> i32 { -x }
                struct Money(i32);
                type Cash = Money;
                impl std::ops::Neg for Cash { type Output = i32; fn neg(self) -> i32 { -self.0 } }",
            )
            .edit("-self.0", "self.0")
            .changes("train"),
        case("an impl for a type by a projection")
            .lib(
                "#[memo] fn train(x: Money) -> i32 { -x }
                struct Money(i32);
                trait Has { type It; }
                impl Has for u8 { type It = Money; }
                impl std::ops::Neg for <u8 as Has>::It {
                    type Output = i32;
                    fn neg(self) -> i32 { -self.0 }
                }",
            )
            .edit("-self.0", "self.0")
            .changes("train"),
        case("a helper of a drop")
            .lib(
                "#[memo] fn train(x: Guard) {}
                struct Guard;
                impl Drop for Guard { fn drop(&mut self) { release() } }
                fn release() { let _ = 1; }",
            )
            .edit("= 1", "= 2")
            .changes("train"),
    ]);
}
