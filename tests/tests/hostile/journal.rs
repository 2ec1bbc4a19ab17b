//! A journal that was prepared to keep its readers busy.

use std::fs;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use memo_runtime::manage::{JournalPosition, Vault};
use memo_runtime::{Memo, Share};

/// Records that all claim to be as long as a record may be: each claim would have to be checked
/// against the bytes that follow.
#[test]
fn a_journal_of_false_claims_is_read_in_time() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("store");
    Memo::open(&dir)
        .unwrap()
        .call("function")
        .get_or_compute(|| 1);
    let claim = [&b"\xF1mr\n"[..], &(1_u32 << 20).to_le_bytes()].concat();
    let mut log = fs::read(dir.join("journal/log")).unwrap();
    log.splice(0..0, claim.repeat(3 << 17));
    fs::write(dir.join("journal/log"), log).unwrap();

    let (end, ended) = mpsc::channel();
    thread::spawn(move || {
        let vault = Vault::open(&dir, Share::None).unwrap().unwrap();
        let mut records = 0;
        vault
            .each_execution(JournalPosition::default(), |_| records += 1)
            .unwrap();
        end.send(records).unwrap();
    });
    let records = ended
        .recv_timeout(Duration::from_secs(10))
        .expect("it keeps its reader busy");
    assert_eq!(records, 1, "the record after the claims was lost");
}
