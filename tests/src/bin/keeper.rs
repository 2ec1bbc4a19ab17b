//! A program that removes entries, for tests that kill it: `keeper STORE gc
//! NUMBER` leaves so many, `keeper STORE clear` none, `keeper STORE repair`
//! those that are whole.
//!
//! It runs on one core, so that it does all the same in each run.

use std::path::Path;
use std::process::ExitCode;

use memo_runtime::manage::{Criterion, Limits, Vault};
use memo_runtime::{Share, StoreError};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The path that is looked at to mark a place in a trace of system calls.
const MARK: &str = "/memo-tests-mark";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    on_one_core();
    let _ = std::fs::symlink_metadata(MARK);
    let done = match words[..] {
        [store, "gc", number] => number.parse().ok().map(|number| gc(store, number)),
        [store, "clear"] => Some(clear(store)),
        [store, "repair"] => Some(repair(store)),
        _ => None,
    };
    match done {
        Some(Ok(())) => ExitCode::SUCCESS,
        Some(Err(error)) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
        None => ExitCode::from(2),
    }
}

fn open(store: &str) -> Result<Vault, StoreError> {
    let vault = Vault::open(Path::new(store), Share::None)?;
    Ok(vault.unwrap_or_else(|| panic!("there is no store at {store}")))
}

fn gc(store: &str, number: u64) -> Result<(), StoreError> {
    let vault = open(store)?;
    let limits = Limits {
        max_entries: Some(number),
        ..Limits::default()
    };
    let lock = vault.lock_upkeep(&(), |_| ())?;
    if let (Some(lock), Some(plan)) = (lock, vault.plan_upkeep(&limits, &())?) {
        let removed = vault.carry_out(&plan, &())?;
        vault.end_upkeep(lock, &plan, &removed);
    }
    Ok(())
}

fn clear(store: &str) -> Result<(), StoreError> {
    let vault = open(store)?;
    let plan = vault.plan(&Criterion::All)?;
    vault.carry_out(&plan, &()).map(drop)
}

fn repair(store: &str) -> Result<(), StoreError> {
    let vault = open(store)?;
    vault.repair(&vault.verify(&())?);
    Ok(())
}

fn on_one_core() {
    let Ok(allowed) = sched_getaffinity(None) else {
        return;
    };
    let first = (0..CpuSet::MAX_CPU).find(|&cpu| allowed.is_set(cpu));
    let mut one = CpuSet::new();
    one.set(first.unwrap_or(0));
    let _ = sched_setaffinity(None, &one);
}
