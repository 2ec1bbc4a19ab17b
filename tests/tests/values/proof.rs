//! A function whose first result survived bincode may have others that do not. With the macro, the
//! codec that was found to work for one result is remembered for the function; what must hold is
//! that no result ever comes back as another, and that each is kept or told of, not computed again
//! and again.
//!
//! The functions are a program, which the test runs twice on one store.

use std::cell::Cell;
use std::process::Command;

use memo_runtime::memo;
use serde::{Deserialize, Serialize};

thread_local!(static COMPUTED: Cell<u32> = const { Cell::new(0) });

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Skipping {
    #[serde(skip_serializing_if = "is_zero")]
    count: u8,
    bytes: Vec<u8>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(count: &u8) -> bool {
    *count == 0
}

/// Without its count, the second reads as a count of one and no bytes.
#[memo]
fn skipping(count: u8) -> Skipping {
    COMPUTED.set(COMPUTED.get() + 1);
    Skipping {
        count,
        bytes: vec![count],
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Mixed {
    Plain(u8),
    Any(serde_json::Value),
}

/// The second cannot be read back from bincode.
#[memo]
fn mixed(any: bool) -> Mixed {
    COMPUTED.set(COMPUTED.get() + 1);
    if any {
        Mixed::Any(serde_json::json!({"a": 1}))
    } else {
        Mixed::Plain(1)
    }
}

#[test]
#[ignore = "it is the program that the other tests run"]
fn program() {
    match std::env::var("PART").as_deref() {
        Ok("skipping") => {
            assert_eq!(
                skipping(5),
                Skipping {
                    count: 5,
                    bytes: vec![5]
                }
            );
            assert_eq!(
                skipping(0),
                Skipping {
                    count: 0,
                    bytes: vec![0]
                }
            );
        }
        _ => {
            assert_eq!(mixed(false), Mixed::Plain(1));
            assert_eq!(mixed(true), Mixed::Any(serde_json::json!({"a": 1})));
        }
    }
    let expected: u32 = std::env::var("COMPUTED").unwrap().parse().unwrap();
    assert_eq!(COMPUTED.get(), expected, "computations");
}

fn survives(part: &str) {
    let temp = tempfile::tempdir().unwrap();
    for computed in ["2", "0"] {
        let output = Command::new(std::env::current_exe().unwrap())
            .args([
                "--ignored",
                "--exact",
                "values::proof::program",
                "--nocapture",
            ])
            .env_remove("MEMO")
            .env("MEMO_DIR", temp.path().join("store"))
            .env("MEMO_LOG", "warn")
            .env("PART", part)
            .env("COMPUTED", computed)
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        assert!(
            output.status.success() && text[0].contains("1 passed"),
            "{computed}: {text:#?}"
        );
        assert!(!text[1].contains("memo: "), "{computed}: {text:#?}");
    }
}

#[test]
fn a_result_that_skips_a_field_never_comes_back_as_another() {
    survives("skipping");
}

#[test]
fn a_result_that_another_codec_must_keep_is_kept() {
    survives("mixed");
}
