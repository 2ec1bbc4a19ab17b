//! A program that fills the journal: it computes one result after another until it is told
//! that it is enough, and then says how many.

use std::sync::atomic::{AtomicBool, Ordering};
use std::{process, thread};

use memo_runtime::{Memo, Share, StoreError};
use memo_tests::stage;

fn main() -> Result<(), StoreError> {
    let dir = std::env::var_os("MEMO_DIR").unwrap_or_default();
    let memo = Memo::builder(&dir).share(Share::None).open()?;
    let over = AtomicBool::new(false);
    let mut written: u64 = 0;
    thread::scope(|scope| {
        scope.spawn(|| {
            stage::hear();
            over.store(true, Ordering::Relaxed);
        });
        while !over.load(Ordering::Relaxed) {
            memo.call("lab::note")
                .arg("process", &process::id())
                .arg("number", &written)
                .get_or_compute(|| written);
            written += 1;
        }
    });
    stage::say(written);
    Ok(())
}
