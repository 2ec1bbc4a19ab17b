//! Entries that are damaged, or made by somebody who means no good.

use std::os::unix::fs::FileExt;

use super::*;
use crate::codec::{Codec, record};
use crate::header;
use crate::run::format::{StreamSum, Summary};
use crate::store::entry::{Facts, Sealed};
use crate::store::payload::OpenPayload;
use crate::store::{FunctionName, Store};

/// Computed again, and nothing else.
#[track_caller]
fn is_noticed(scratch: &Scratch, call: &RunCall, what: &str) {
    match scratch.vault().recording(&scratch.entries()[0]) {
        Err(Unreadable::Damaged(_) | Unreadable::Newer(_)) => {}
        other => panic!("{what}: {other:?}"),
    }
    match call.begin(&manner()) {
        Begun::Compute(recorder) => assert_eq!(recorder.cause(), Cause::Damaged, "{what}"),
        other => panic!("{what}: {other:?}"),
    }
    assert!(scratch.entries().is_empty(), "{what}");
}

fn entry_file(scratch: &Scratch) -> std::path::PathBuf {
    scratch.vault().entry_path(&scratch.entries()[0])
}

#[test]
fn every_altered_bit_of_a_small_recording_is_noticed() {
    let scratch = Scratch::new();
    let call = run_of(&scratch.memo(), 1);
    let mut recorder = computes(call.begin(&manner()));
    recorder.write(Stream::Stdout, b"out");
    leave(&mut recorder, &scratch.work(), &[("o", b"left")]);
    assert!(recorder.finish(facts(0), Duration::ZERO).kept);
    let path = entry_file(&scratch);
    let good = std::fs::read(&path).unwrap();
    for bit in 0..good.len() * 8 {
        let mut bytes = good.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&path, &bytes).unwrap();
        is_noticed(&scratch, &call, &format!("bit {bit}"));
    }
    std::fs::write(&path, &good).unwrap();
    assert_eq!(stdout(&found(call.begin(&manner())).0), b"out");
}

#[test]
fn altered_and_truncated_large_recordings_are_noticed() {
    let scratch = Scratch::new();
    let call = run_of(&scratch.memo(), 1);
    record(&call, &vec![b'x'; LARGE]);
    let path = entry_file(&scratch);
    let good = std::fs::read(&path).unwrap();
    for at in (0..good.len()).step_by(997) {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        is_noticed(&scratch, &call, &format!("byte {at}"));
        std::fs::write(&path, &good[..at]).unwrap();
        is_noticed(&scratch, &call, &format!("cut at {at}"));
    }
    let longer = [good.as_slice(), b"x"].concat();
    std::fs::write(&path, longer).unwrap();
    is_noticed(&scratch, &call, "longer");
    std::fs::write(&path, &good).unwrap();
    found(call.begin(&manner()));
}

/// Puts an entry with this payload, and with digests that are right, in the
/// place of a run.
fn forge(scratch: &Scratch, call: &RunCall, header: Option<&[u8]>, payload: &[u8]) {
    let about = &call.call.about;
    let facts = Facts {
        key: call.key(),
        value_type: about.value_type,
        codec: Codec::Recording.id(),
        created: 1,
        duration: 1,
        ttl: 0,
    };
    let mut plain = Vec::new();
    let said = header::Header::<String, Vec<Argument>> {
        package: "lab".to_owned(),
        package_version: String::new(),
        function: "train".to_owned(),
        instance: None,
        version: 0,
        code_level: crate::manage::CodeLevel::Program,
        fingerprint: None,
        arguments: Vec::new(),
        value_type: "recording".to_owned(),
        host: String::new(),
        pid: 0,
        commit: None,
    };
    record::append(&said, &mut plain).unwrap();
    header::append_run(&super::facts(0), &mut plain).unwrap();
    let pieces = [payload.into()];
    let sealed = Sealed::new(&facts, header.unwrap_or(&plain), &pieces);
    let store = Store::open(&scratch.store(), false).unwrap();
    let owner = FunctionName::default();
    store
        .publish_unlocked(&call.call.about.place, &owner, &sealed, true, false)
        .unwrap();
}

fn sum(bytes: u64) -> StreamSum {
    StreamSum {
        bytes,
        digest: Digest::from_bytes([0; 32]),
    }
}

fn left(path: &str, bytes: u64) -> RecordedOutput {
    RecordedOutput {
        path: path.to_owned(),
        mode: 0o4777,
        kind: OutputKind::File,
        bytes,
        digest: Digest::from_bytes([0; 32]),
    }
}

#[test]
fn summaries_that_lie_are_noticed() {
    let scratch = Scratch::new();
    let call = run_of(&scratch.memo(), 1);
    let body = [1, 3, 0, 0, 0, b'o', b'u', b't'];
    let good = Summary {
        streams: [sum(3), sum(0)],
        chunks: 8,
        outputs: vec![left("a/b", 4)],
    };
    let payload = |summary: &Summary| {
        let mut payload = body.to_vec();
        assert!(summary.append(&mut payload));
        payload
    };
    forge(&scratch, &call, None, &payload(&good));
    let (recording, _) = found(call.begin(&manner()));
    assert_eq!(stdout(&recording), b"out");
    assert_eq!(recording.outputs(), good.outputs);

    let liars = [
        (
            "chunks",
            Summary {
                chunks: 9,
                ..good.clone()
            },
        ),
        (
            "chunks",
            Summary {
                chunks: u64::MAX,
                ..good.clone()
            },
        ),
        (
            "streams",
            Summary {
                streams: [sum(u64::MAX), sum(9)],
                ..good.clone()
            },
        ),
        (
            "streams",
            Summary {
                streams: [sum(5), sum(5)],
                ..good.clone()
            },
        ),
        (
            "chunks",
            Summary {
                chunks: 7,
                ..good.clone()
            },
        ),
        (
            "up",
            Summary {
                outputs: vec![left("../a", 4)],
                ..good.clone()
            },
        ),
        (
            "root",
            Summary {
                outputs: vec![left("/etc/passwd", 4)],
                ..good.clone()
            },
        ),
        (
            "up",
            Summary {
                outputs: vec![left("a/../../b", 4)],
                ..good.clone()
            },
        ),
        (
            "name",
            Summary {
                outputs: vec![left("a//b", 4)],
                ..good.clone()
            },
        ),
        (
            "name",
            Summary {
                outputs: vec![left("a\0", 4)],
                ..good.clone()
            },
        ),
        (
            "directory",
            Summary {
                outputs: vec![RecordedOutput {
                    kind: OutputKind::Dir,
                    ..left("a", 4)
                }],
                ..good.clone()
            },
        ),
    ];
    for (what, liar) in &liars {
        forge(&scratch, &call, None, &payload(liar));
        is_noticed(&scratch, &call, what);
    }
    let whole = payload(&good);
    for length in [0, 1, 8, 1 << 20, 1 << 40, u64::MAX - 7, u64::MAX] {
        let mut bytes = whole.clone();
        let at = bytes.len() - 8;
        bytes[at..].copy_from_slice(&length.to_le_bytes());
        forge(&scratch, &call, None, &bytes);
        is_noticed(&scratch, &call, &format!("a summary of {length} bytes"));
    }
    for length in 0..8 {
        forge(&scratch, &call, None, &vec![0; length]);
        is_noticed(&scratch, &call, "no trailer");
    }
    for header in [&b""[..], b"\x01", &[0; 300], &[255; 300]] {
        forge(&scratch, &call, Some(header), &whole);
        is_noticed(&scratch, &call, "a header of another kind");
    }
}

#[test]
fn chunks_that_lie_end_the_replay() {
    let chunks: [&[u8]; 6] = [
        &[0, 1, 0, 0, 0, b'x'],
        &[3, 1, 0, 0, 0, b'x'],
        &[1, 0, 0, 0, 0],
        &[1, 255, 255, 255, 255, b'x'],
        &[1, 2, 0, 0, 0, b'x'],
        &[2, 1, 0],
    ];
    for bytes in chunks {
        let summary = Summary {
            streams: [sum(0), sum(0)],
            chunks: bytes.len() as u64,
            outputs: Vec::new(),
        };
        let mut payload = bytes.to_vec();
        assert!(summary.append(&mut payload));
        let payload = OpenPayload::in_memory(payload, 0);
        let summary = Summary::read(&payload).unwrap();
        let recording = Recording::new(facts(0), (0, Duration::ZERO), summary, payload);
        assert!(recording.replay(|_, _| Ok(())).is_err(), "{bytes:?}");
    }
}

/// Bytes of every kind are read without a panic, and without room being taken
/// for what they claim.
#[test]
fn noise_is_no_recording() {
    let scratch = Scratch::new();
    let call = run_of(&scratch.memo(), 1);
    let mut recorder = computes(call.begin(&manner()));
    recorder.write(Stream::Stderr, b"err");
    leave(&mut recorder, &scratch.work(), &[("a/b", b"left")]);
    assert!(recorder.finish(facts(0), Duration::ZERO).kept);
    let file = File::open(entry_file(&scratch)).unwrap();
    let head = scratch
        .vault()
        .head(&scratch.entries()[0])
        .unwrap()
        .unwrap();
    let mut good = vec![0; head.value_bytes as usize];
    let start = file.metadata().unwrap().len() - head.value_bytes;
    file.read_exact_at(&mut good, start).unwrap();
    let mut number = 1_u64;
    for _ in 0..20_000 {
        let mut bytes = good.clone();
        for _ in 0..3 {
            number = number.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(99);
            let at = (number >> 33) as usize % bytes.len();
            bytes[at] = (number >> 20) as u8;
        }
        let payload = OpenPayload::in_memory(bytes, 0);
        if let Ok(summary) = Summary::read(&payload) {
            let recording = Recording::new(facts(0), (0, Duration::ZERO), summary, payload);
            let _ = recording.replay(|_, _| Ok(()));
        }
    }
}
