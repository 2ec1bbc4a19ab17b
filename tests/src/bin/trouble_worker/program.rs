//! A program, as far as a store sees it: what it would print and leave, depending on a key.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime};

use memo_runtime::Memo;
use memo_runtime::key::digest_of;
use memo_runtime::run::{Begun, Manner, Outputs, Recording, RunCall, RunFacts, Stream};

/// So many bytes are printed to one stream in a row.
const PIECE: u64 = 1000;

/// Finds or makes a run that prints `size` bytes and leaves `left`; whether what was found is
/// right, and what came of it.
pub(crate) fn run(memo: &Memo, key: u64, size: u64, left: u64) -> (bool, &'static str) {
    let Ok(digest) = digest_of(&(key, size, left)) else {
        return (false, "no digest");
    };
    let call = RunCall::builder(memo, "", "program")
        .argument("key", digest, "")
        .build();
    let (work, declared) = (memo.dir().with_extension("work"), ["left".to_owned()]);
    let outputs = (left > 0).then(|| Outputs {
        dir: &work,
        declared: &declared,
        goes_on: &|| true,
    });
    let begun = call.begin(&Manner {
        refresh: false,
        wait: true,
        keep: true,
        outputs: outputs.as_ref(),
        cancelled: &AtomicBool::new(false),
        waits: &|_, _| (),
    });
    match begun {
        Begun::Found(recording, ..) => {
            let file = left == 0 || is_zeros(&work.join("left"), left).unwrap_or(false);
            (file && is_right(&recording, key, size), "found")
        }
        Begun::Compute(mut recorder) => {
            for number in 0..size.div_ceil(PIECE) {
                recorder.write(stream(number), &piece(key, number, size));
            }
            if let Some(outputs) = &outputs {
                if zeros(&work, left).is_err() {
                    return (false, "no file");
                }
                let since = SystemTime::UNIX_EPOCH;
                let collected = recorder.collect(outputs, since, Duration::from_secs(1));
                if collected.is_err() || fs::remove_file(work.join("left")).is_err() {
                    return (false, "not collected");
                }
            }
            let finished = recorder.finish(facts(key), Duration::from_secs(1));
            let right = finished.kept != finished.problem.is_some();
            (right, "computed")
        }
        _ => (false, "neither"),
    }
}

fn facts(key: u64) -> RunFacts {
    RunFacts {
        exit_code: key as i32,
        metrics: Vec::new(),
    }
}

fn stream(number: u64) -> Stream {
    [Stream::Stdout, Stream::Stderr][(number % 2) as usize]
}

/// What is printed in a row.
fn piece(key: u64, number: u64, size: u64) -> Vec<u8> {
    let mut piece = vec![key as u8; PIECE.min(size - number * PIECE) as usize];
    for (byte, part) in piece.iter_mut().zip(number.to_le_bytes()) {
        *byte ^= part;
    }
    piece
}

/// Leaves a file of so many zeros.
fn zeros(work: &Path, size: u64) -> io::Result<()> {
    fs::create_dir_all(work)?;
    File::create(work.join("left"))?.set_len(size)
}

fn is_right(recording: &Recording, key: u64, size: u64) -> bool {
    let (mut number, mut expected, mut right) = (0, Vec::new(), true);
    let replayed = recording.replay(|of, mut bytes| {
        while !bytes.is_empty() {
            if expected.is_empty() {
                right &= number * PIECE < size;
                expected = if right {
                    piece(key, number, size)
                } else {
                    vec![0]
                };
                number += 1;
            }
            let (now, later) = bytes.split_at(expected.len().min(bytes.len()));
            right &= of == stream(number - 1) && expected.starts_with(now);
            expected.drain(..now.len());
            bytes = later;
        }
        Ok(())
    });
    // What was printed when the disk failed was right, and whoever replays it is told.
    let failed = replayed.is_err_and(|error| error.raw_os_error().is_some());
    let all = failed || expected.is_empty() && number == size.div_ceil(PIECE);
    right && all && *recording.facts() == facts(key)
}

/// Whether a file has so many zeros.
fn is_zeros(path: &Path, size: u64) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let mut piece = vec![0; 1 << 20];
    let (mut read, mut zeros) = (0, true);
    loop {
        let count = file.read(&mut piece)?;
        if count == 0 {
            return Ok(zeros && read == size);
        }
        zeros &= piece[..count].iter().all(|byte| *byte == 0);
        read += count as u64;
    }
}
