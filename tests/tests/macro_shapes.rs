//! `#[memo]` works on every shape of function: each is computed once, and not again by the next
//! process. The shapes are one program, which the test runs twice on one store.

#![deny(warnings, clippy::pedantic)]

use std::cell::Cell;
use std::fmt::Debug;
use std::pin::pin;
use std::process::Command;
use std::task::{Context, Poll, Waker};

mod shapes;

/// Tells the program whether its results are in the store already.
const KEPT: &str = "RESULTS_ARE_KEPT";

#[test]
fn every_shape_is_computed_once_and_not_again_by_the_next_process() {
    let store = tempfile::tempdir().unwrap();
    for kept in ["no", "yes"] {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "program"])
            .env_remove("MEMO")
            .env("MEMO_DIR", store.path())
            .env(KEPT, kept)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "results are kept: {kept}\n{text}");
        assert!(text.contains("1 passed"), "{text}");
    }
}

#[test]
#[ignore = "it is the program that the other test runs"]
fn program() {
    shapes::all();
}

thread_local!(static COMPUTATIONS: Cell<u32> = const { Cell::new(0) });

/// Marks a computation: the body of every shape passes its result through here.
fn computed<T>(result: T) -> T {
    COMPUTATIONS.set(COMPUTATIONS.get() + 1);
    result
}

/// Makes a call twice and expects the result each time, and `computations` in all unless they are
/// in the store already.
fn shape<R: Debug + PartialEq>(name: &str, computations: u32, result: &R, call: impl Fn() -> R) {
    let computations = match std::env::var(KEPT).as_deref() {
        Ok("no") => computations,
        Ok("yes") => 0,
        _ => panic!("{KEPT} is not set: this program is run by a test"),
    };
    COMPUTATIONS.set(0);
    assert_eq!(call(), *result, "{name}");
    assert_eq!(call(), *result, "{name}, again");
    let counted = COMPUTATIONS.take() + memo_tests_renamed::computations();
    assert_eq!(counted, computations, "computations of {name}");
}

/// Runs a future that never waits.
fn block_on<R>(future: impl Future<Output = R>) -> R {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("a future that waits"),
    }
}
