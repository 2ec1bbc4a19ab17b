//! What a function reaches decides whether it is computed again; what stands beside it does not.

use crate::fingerprints::project::Project;

/// One memoized function for each way to reach something.
const LIB: &str = r##"
//! Functions that reach different things.

use memo_runtime::memo;

mod chain;
mod shapes;
mod values;

#[memo]
pub fn helpers(n: i64) -> i64 {
    ledger::computed("helpers");
    chain::first(n)
}

#[memo]
pub fn object(n: i64) -> i64 {
    ledger::computed("object");
    shapes::all().iter().map(|shape| shape.area(n)).sum()
}

#[memo]
pub fn operator(n: i64) -> i64 {
    ledger::computed("operator");
    let sum = shapes::Meters(n) + shapes::Meters(1);
    sum.0
}

#[memo]
pub fn constant(n: i64) -> i64 {
    ledger::computed("constant");
    n + values::OFFSET
}

#[memo]
pub fn table(n: i64) -> i64 {
    ledger::computed("table");
    values::TABLE[n as usize % 3]
}

#[memo]
pub fn expanded(n: i64) -> i64 {
    ledger::computed("expanded");
    values::twice!(n)
}

#[memo]
pub fn variant(n: i64) -> i64 {
    ledger::computed("variant");
    values::Grade::Good as i64 + n
}

#[memo]
pub fn dropped(n: i64) -> i64 {
    ledger::computed("dropped");
    let total = std::cell::Cell::new(n);
    drop(values::Guard(&total));
    total.get()
}

#[memo]
pub fn included(n: i64) -> i64 {
    ledger::computed("included");
    n + include_str!("../data.txt").len() as i64
}

#[memo]
pub fn dependency(n: i64) -> i64 {
    ledger::computed("dependency");
    reached_units::scaled(n)
}

#[memo]
pub fn alone(n: i64) -> i64 {
    ledger::computed("alone");
    n * 3
}

pub fn unrelated(n: i64) -> i64 {
    n - 1
}

#[cfg(test)]
mod tests {
    #[test]
    fn one_less() {
        assert_eq!(super::unrelated(1), 0);
    }
}
"##;

const CHAIN: &str = "
pub(crate) fn first(n: i64) -> i64 { second(n) + 1 }
fn second(n: i64) -> i64 { third(n) + 1 }
fn third(n: i64) -> i64 { n * 2 }
";

const SHAPES: &str = "
use std::ops::Add;

pub(crate) trait Shape {
    fn area(&self, n: i64) -> i64;
}

struct Square(i64);

impl Shape for Square {
    fn area(&self, n: i64) -> i64 { self.0 * n }
}

pub(crate) fn all() -> Vec<Box<dyn Shape>> { vec![Box::new(Square(2))] }

pub(crate) struct Meters(pub(crate) i64);

impl Add for Meters {
    type Output = Self;

    fn add(self, other: Self) -> Self { Self(self.0 + other.0) }
}
";

const VALUES: &str = "
pub(crate) const OFFSET: i64 = 5;
pub(crate) static TABLE: [i64; 3] = [1, 2, 3];

macro_rules! twice {
    ($n:expr) => { $n + $n };
}
pub(crate) use twice;

pub(crate) enum Grade { Bad = 1, Good = 2 }
pub fn worst() -> i64 { Grade::Bad as i64 }

pub(crate) struct Guard<'a>(pub(crate) &'a std::cell::Cell<i64>);

impl Drop for Guard<'_> {
    fn drop(&mut self) { self.0.set(self.0.get() + 7); }
}
";

const UNITS: &str = "
pub fn scaled(n: i64) -> i64 { n * factor() }
fn factor() -> i64 { 10 }
pub fn unused(n: i64) -> i64 { n }
";

const UNUSED: &str = "
pub fn blurred(image: f64) -> f64 { image / 1.0 }
";

const MAIN: &str = "
fn main() {
    println!(\"{}\", reached::helpers(1) + reached::object(1) + reached::operator(1));
    println!(\"{}\", reached::constant(1) + reached::table(1) + reached::expanded(1));
    println!(\"{}\", reached::variant(1) + reached::dropped(1) + reached::included(1));
    println!(\"{}\", reached::dependency(1) + reached::alone(1));
}
";

const ALL: [&str; 11] = [
    "helpers",
    "object",
    "operator",
    "constant",
    "table",
    "expanded",
    "variant",
    "dropped",
    "included",
    "dependency",
    "alone",
];

#[test]
fn what_is_reached_counts_and_nothing_else_does() {
    let project = Project::new();
    project.package(
        "reached",
        "reached-units.path = \"../reached-units\"\nreached-unused.path = \"../reached-unused\"\n",
    );
    for (name, text) in [("reached-units", UNITS), ("reached-unused", UNUSED)] {
        project.plain_package(
            name,
            &format!("[package]\nname = {name:?}\nedition = \"2024\"\n"),
        );
        project.write(&format!("{name}/src/lib.rs"), text);
    }
    project.write("reached/src/lib.rs", LIB);
    project.write("reached/src/chain.rs", CHAIN);
    project.write("reached/src/shapes.rs", SHAPES);
    project.write("reached/src/values.rs", VALUES);
    project.write("reached/src/main.rs", MAIN);
    project.write("reached/src/bin/other.rs", "fn main() {}");
    project.write("reached/data.txt", "five!");
    project.computes(&ALL);
    project.settle();

    let lib = "reached/src/lib.rs";
    let values = "reached/src/values.rs";
    let shapes = "reached/src/shapes.rs";
    let units = "reached-units/src/lib.rs";
    project.edit(
        lib,
        "//! Functions that reach",
        "//! Some functions that reach",
    );
    project.edit(
        lib,
        "    n * 3",
        "    // Three times,\n    n\n        * 3 // as it were",
    );
    project.edit(lib, "n - 1", "n - 2");
    project.edit(lib, "unrelated(1), 0", "unrelated(2), 0");
    project.edit(
        "reached/src/chain.rs",
        "fn second",
        "/// The next.\nfn second",
    );
    project.edit(values, "{ Grade::Bad", "{ 1 + Grade::Bad");
    project.edit("reached/src/bin/other.rs", "{}", "{ println!(\"other\"); }");
    project.edit(units, "{ n }", "{ n + 1 }");
    project.edit("reached-unused/src/lib.rs", "1.0", "2.0");
    project.computes(&[]);
    project.undo();

    project.edit("reached/src/chain.rs", "n * 2", "n * 3");
    project.edit(shapes, "self.0 * n", "self.0 * n + 1");
    project.edit(values, "OFFSET: i64 = 5", "OFFSET: i64 = 6");
    project.edit(values, "$n + $n", "$n * 2 + 0");
    project.edit(values, "get() + 7", "get() + 8");
    project.computes(&["helpers", "object", "constant", "expanded", "dropped"]);
    project.undo();
    project.computes(&[]);

    project.edit(shapes, "self.0 + other.0", "self.0 + other.0 + 1");
    project.edit(values, "[1, 2, 3]", "[2, 3, 4]");
    project.edit(values, "Bad = 1, Good = 2", "Good = 1, Bad = 2");
    project.edit("reached/data.txt", "five!", "seven!!");
    project.edit(units, "{ 10 }", "{ 100 }");
    project.computes(&["operator", "table", "variant", "included", "dependency"]);
    project.undo();
    project.computes(&[]);
}
