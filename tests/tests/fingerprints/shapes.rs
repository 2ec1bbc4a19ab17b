//! A fingerprint is found for every shape of function, wherever it stands, and no function is taken
//! for another of its name.

use crate::fingerprints::project::Project;

const LIB: &str = r#"
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use memo_runtime::memo;
use serde::Serialize;

mod steps;

#[derive(Serialize)]
pub struct Near(pub i64);

#[derive(Serialize)]
pub struct Far(pub i64);

impl Near {
    #[memo]
    pub fn fit(&self) -> i64 {
        ledger::computed("Near::fit");
        steps::near(self.0)
    }
}

impl Far {
    #[memo]
    pub fn fit(&self) -> i64 {
        ledger::computed("Far::fit");
        steps::far(self.0)
    }

    #[memo]
    pub fn made(start: i64) -> i64 {
        ledger::computed("Far::made");
        steps::started(start)
    }
}

pub trait Model {
    fn train(&self) -> i64;
}

impl Model for Near {
    #[memo]
    fn train(&self) -> i64 {
        ledger::computed("Near::train");
        steps::trained(self.0)
    }
}

pub fn outer(n: i64) -> i64 {
    #[memo]
    fn inner(n: i64) -> i64 {
        ledger::computed("inner");
        steps::deep(n)
    }
    inner(n)
}

pub trait Weight {
    fn weight(&self) -> i64;
}

impl Weight for Near {
    fn weight(&self) -> i64 { 1 }
}

impl Weight for Far {
    fn weight(&self) -> i64 { 2 }
}

#[memo]
pub fn generic<T: Weight + Serialize>(value: &T) -> i64 {
    ledger::computed("generic");
    value.weight()
}

macro_rules! memoized {
    ($name:ident, $step:path) => {
        #[memo]
        pub fn $name(n: i64) -> i64 {
            ledger::computed(stringify!($name));
            $step(n)
        }
    };
}

memoized!(one_made, steps::one);
memoized!(two_made, steps::two);

#[memo]
pub async fn waited(n: i64) -> i64 {
    ledger::computed("waited");
    steps::slow(n).await
}

pub fn block_on<R>(future: impl Future<Output = R>) -> R {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("a future that waits"),
    }
}
"#;

const STEPS: &str = "
pub(crate) fn near(n: i64) -> i64 { n + 1 }
pub(crate) fn far(n: i64) -> i64 { n + 2 }
pub(crate) fn started(n: i64) -> i64 { n + 3 }
pub(crate) fn trained(n: i64) -> i64 { n + 4 }
pub(crate) fn deep(n: i64) -> i64 { n + 5 }
pub(crate) fn one(n: i64) -> i64 { n + 6 }
pub(crate) fn two(n: i64) -> i64 { n + 7 }
pub(crate) async fn slow(n: i64) -> i64 { n + 8 }
";

const MAIN: &str = "
use shapes::{Far, Model, Near, block_on, generic, one_made, outer, two_made, waited};

fn main() {
    println!(\"{}\", Near(1).fit() + Far(1).fit() + Far::made(1) + Near(1).train() + outer(1));
    println!(\"{}\", generic(&Near(1)) + one_made(1) + two_made(1) + block_on(waited(1)));
}
";

#[test]
fn every_shape_of_function_has_its_own_code() {
    let project = Project::new();
    project.package(
        "shapes",
        "serde = { version = \"1\", features = [\"derive\"] }\n",
    );
    project.write("shapes/src/lib.rs", LIB);
    project.write("shapes/src/steps.rs", STEPS);
    project.write("shapes/src/main.rs", MAIN);
    project.computes(&[
        "Near::fit",
        "Far::fit",
        "Far::made",
        "Near::train",
        "inner",
        "generic",
        "one_made",
        "two_made",
        "waited",
    ]);
    project.settle();

    let steps = "shapes/src/steps.rs";
    project.edit(steps, "n + 1", "n + 10");
    project.edit(steps, "n + 4", "n + 40");
    project.edit(steps, "n + 6", "n + 60");
    project.edit(steps, "n + 8", "n + 80");
    project.computes(&["Near::fit", "Near::train", "one_made", "waited"]);
    project.undo();

    project.edit(steps, "n + 2", "n + 20");
    project.edit(steps, "n + 3", "n + 30");
    project.edit(steps, "n + 5", "n + 50");
    project.edit(steps, "n + 7", "n + 70");
    project.edit("shapes/src/lib.rs", "{ 1 }", "{ 10 }");
    project.computes(&["Far::fit", "Far::made", "inner", "generic", "two_made"]);
    project.undo();

    project.edit(
        "shapes/src/lib.rs",
        "            $step(n)",
        "            $step(n) + 1",
    );
    project.computes(&["one_made", "two_made"]);
    project.undo();
    project.computes(&[]);
}
