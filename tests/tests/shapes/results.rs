//! What is kept of a result, and bodies that leave early or wait.

use std::num::ParseIntError;

use memo_runtime::{call, memo};
use serde::Serialize;

use crate::{block_on, computed, shape};

#[memo]
fn nothing(x: u64) {
    assert_eq!(x, 1);
    computed(());
}

#[memo]
fn parsed(text: &str) -> Result<u64, ParseIntError> {
    computed(());
    let number: u64 = text.parse()?;
    if number == 0 {
        return Ok(1);
    }
    Ok(number)
}

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

#[memo]
fn aliased(text: &str) -> Fallible<u64> {
    computed(());
    Ok(text.parse::<u64>()? + 1)
}

#[memo(cache_err)]
fn failing(text: &str) -> Result<u64, String> {
    computed(Err(format!("no number: {text}")))
}

#[memo(cache_if = is_even)]
fn sometimes(x: u64) -> u64 {
    computed(x)
}

// The runtime hands out a reference, whatever the type.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_even(x: &u64) -> bool {
    x.is_multiple_of(2)
}

#[memo]
fn fibonacci(n: u64) -> u64 {
    computed(());
    if n < 2 {
        n
    } else {
        fibonacci(n - 1) + fibonacci(n - 2)
    }
}

#[memo]
async fn later((a, b): (u64, u64), mut text: String) -> Result<String, ParseIntError> {
    text.push('0');
    let number: u64 = std::future::ready(text.parse::<u64>()).await?;
    if number == 0 {
        return Ok(String::new());
    }
    computed(Ok((a + b + number).to_string()))
}

#[memo]
async fn countdown(n: u64) -> u64 {
    computed(());
    if n == 0 {
        return 0;
    }
    1 + Box::pin(countdown(n - 1)).await
}

#[derive(Serialize)]
struct Model(u64);

impl Model {
    #[memo]
    async fn fit(&self, x: &u64) -> u64 {
        computed(self.0 + x)
    }
}

trait Fit {
    async fn fit_later(&self, x: u64) -> u64;
}

impl Fit for Model {
    #[memo]
    async fn fit_later(&self, x: u64) -> u64 {
        computed(self.0 * x)
    }
}

fn is_send<T: Send>(value: T) -> T {
    value
}

pub(super) fn all() {
    shape("no result", 1, &(), || nothing(1));
    shape("a Result that is Ok", 2, &[Ok(12), Ok(1)], || {
        [parsed("12"), parsed("0")]
    });
    shape("an alias of Result", 1, &Some(13), || aliased("12").ok());
    shape(
        "an error that is kept",
        1,
        &Err("no number: x".to_owned()),
        || failing("x"),
    );
    shape("a result that is wanted", 1, &2, || sometimes(2));
    shape("recursion", 20, &4181, || fibonacci(19));
    shape("an async function", 1, &Ok("123".to_owned()), || {
        block_on(is_send(later((1, 2), "12".to_owned())))
    });
    shape(
        "an async function that leaves early",
        0,
        &Ok(String::new()),
        || block_on(later((1, 2), String::new())),
    );
    shape("async recursion", 4, &3, || block_on(is_send(countdown(3))));
    shape("an async method", 1, &7, || block_on(Model(3).fit(&4)));
    shape("an async trait method", 1, &12, || {
        block_on(Model(3).fit_later(4))
    });
    shape("async calls as values", 0, &(Some(7), 3), || {
        (
            call!(Model(3).fit(&4)).cached(),
            block_on(call!(countdown(3)).get()),
        )
    });
}

#[test]
fn errors_and_unwanted_results_are_computed_again() {
    let store = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "shapes::results::what_is_not_kept"])
        .env_remove("MEMO")
        .env("MEMO_DIR", store.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}"
    );
}

#[test]
#[ignore = "it is the program that the other test runs"]
fn what_is_not_kept() {
    let computations = |call: &dyn Fn()| {
        crate::COMPUTATIONS.set(0);
        call();
        call();
        crate::COMPUTATIONS.take()
    };
    assert_eq!(computations(&|| drop(parsed("x"))), 2);
    assert_eq!(computations(&|| drop(aliased("x"))), 2);
    assert_eq!(computations(&|| assert_eq!(sometimes(3), 3)), 2);
}
