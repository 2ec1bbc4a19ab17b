//! Memoized functions whose computations a test directs.

use std::process::{Command, Stdio};

use memo_runtime::{call, memo};
use memo_tests::stage;

#[memo]
fn square(x: u64) -> u64 {
    stage::directed(format_args!("square {x}"), || x * x).unwrap_or_else(|error| panic!("{error}"))
}

#[memo]
fn root(x: u64) -> Result<u64, String> {
    stage::directed(format_args!("root {x}"), || x.isqrt())
}

/// Calls itself with `then`, if there is one, before it returns.
#[memo(ignore(then))]
fn node(x: u64, then: Option<u64>) -> u64 {
    let compute = || {
        if let Some(then) = then {
            assert_eq!(node(then, None), then + 1);
        }
        x + 1
    };
    stage::directed(format_args!("node {x}"), compute).unwrap_or_else(|error| panic!("{error}"))
}

/// Starts a program that outlives this one, and says its process id.
#[memo]
#[allow(clippy::zombie_processes, reason = "it is to outlive this program")]
fn daemon() -> u64 {
    let daemon = Command::new("sleep")
        .arg("600")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot start sleep: {error}"));
    stage::say(daemon.id());
    stage::directed("daemon", || 7).unwrap_or_else(|error| panic!("{error}"))
}

fn main() {
    let number = |word: &str| {
        word.parse::<u64>()
            .unwrap_or_else(|_| panic!("no number: {word}"))
    };
    stage::play(|words| match *words {
        ["square", x] => stage::announce(|| call!(square(number(x))).fetch()),
        ["root", x] => stage::announce(|| call!(root(number(x))).fetch()),
        ["node", x, then] => {
            stage::announce(|| call!(node(number(x), Some(number(then)))).fetch());
        }
        ["daemon"] => stage::announce(|| call!(daemon()).fetch()),
        _ => panic!("not a thing to do: {words:?}"),
    });
}
