//! What must hold of hashing by subtrees: it is BLAKE3, however the input comes.

use std::io;
use std::sync::{LazyLock, Mutex, mpsc};
use std::thread;

use blake3::hazmat::{ContextKey, hash_derive_key_context};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::{LEAF, PIECE, TreeHasher, hash, with_helpers};

const CONTEXT: &str = "tests of hashing by subtrees";

static KEY: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context(CONTEXT));

/// Input of more leaves than any test wants, no two of them alike.
static INPUT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let words = (0..10 * LEAF as u64 / 8).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    words.flat_map(u64::to_le_bytes).collect()
});

/// How a part of the input comes to the hasher.
#[derive(Clone, Copy, Debug)]
enum Way {
    Update,
    Fill,
}

/// Adds the input from `start` on in the given way.
fn add(hasher: &mut TreeHasher, way: Way, start: usize, len: usize) {
    let part = &INPUT[start..start + len];
    match way {
        Way::Update => hasher.update(part),
        Way::Fill => {
            let mut filled = vec![0; len];
            hasher
                .fill(&mut filled, &|offset, piece: &mut [u8]| {
                    let offset = offset as usize;
                    piece.copy_from_slice(&part[offset..offset + piece.len()]);
                    Ok(())
                })
                .expect("the input can be had");
            assert!(filled == part, "{len} bytes at {start} are not in place");
        }
    }
}

/// The digests of what comes in these parts are those of the whole, in both modes and
/// after each part.
fn assert_is_blake3(parts: &[(Way, usize)]) {
    let mut hasher = TreeHasher::new();
    let mut deriving = TreeHasher::with_context(&KEY);
    let mut len = 0;
    for &(way, part) in parts {
        add(&mut hasher, way, len, part);
        add(&mut deriving, way, len, part);
        len += part;
        let input = &INPUT[..len];
        assert_eq!(hasher.finalize(), blake3::hash(input), "{len} bytes");
        let derived = blake3::derive_key(CONTEXT, input);
        assert_eq!(*deriving.finalize().as_bytes(), derived, "{len} bytes");
    }
}

/// Lengths at which something begins or ends.
fn edges() -> Vec<usize> {
    let chunk = blake3::CHUNK_LEN;
    let mut edges = vec![0, 1, 63, 64, 65];
    for edge in [chunk, 2 * chunk, PIECE, LEAF / 2] {
        edges.extend(edge - 1..=edge + 1);
    }
    for leaves in 1..=9 {
        edges.extend(leaves * LEAF - 1..=leaves * LEAF + 1);
    }
    edges
}

#[test]
fn input_of_every_length_at_an_edge_has_the_digest_of_blake3() {
    for len in edges() {
        assert_eq!(hash(&INPUT[..len]), blake3::hash(&INPUT[..len]), "{len}");
        assert_is_blake3(&[(Way::Update, len)]);
        assert_is_blake3(&[(Way::Fill, len)]);
    }
}

#[test]
fn a_little_in_front_moves_no_leaf() {
    for first in [1, blake3::CHUNK_LEN, LEAF - 1, LEAF, LEAF + 1] {
        for second in [1, LEAF - first.min(LEAF), LEAF, 4 * LEAF - 1, 4 * LEAF] {
            for way in [Way::Update, Way::Fill] {
                assert_is_blake3(&[(Way::Update, first), (way, second), (Way::Update, 1)]);
            }
        }
    }
}

#[test]
fn input_has_the_digest_of_blake3_in_whatever_parts_it_comes() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = Config {
        cases: 64,
        failure_persistence: None,
        ..Config::default()
    };
    let len = prop_oneof![0..3000_usize, 0..2 * LEAF, 2 * LEAF..5 * LEAF, 1..=3_usize]
        .prop_map(|len| if len <= 3 { len * LEAF } else { len });
    let way = prop_oneof![Just(Way::Update), Just(Way::Fill)];
    TestRunner::new_with_rng(config, rng)
        .run(&vec((way, len), 0..6), |mut parts| {
            let mut left = INPUT.len();
            for (_, len) in &mut parts {
                *len = left.min(*len);
                left -= *len;
            }
            assert_is_blake3(&parts);
            Ok(())
        })
        .unwrap();
}

#[test]
fn every_byte_is_asked_for_once() {
    let mut hasher = TreeHasher::new();
    hasher.update(&[0; 300]);
    let mut filled = vec![0; 6 * LEAF + 7];
    let asked = Mutex::new(Vec::new());
    hasher
        .fill(&mut filled, &|offset, piece: &mut [u8]| {
            assert!((1..=PIECE).contains(&piece.len()));
            asked.lock().unwrap().push((offset, piece.len() as u64));
            Ok(())
        })
        .unwrap();

    let mut asked = asked.into_inner().unwrap();
    asked.sort_unstable();
    let end = asked.iter().try_fold(0, |end, &(offset, len)| {
        (offset == end).then_some(offset + len)
    });
    assert_eq!(end, Some(filled.len() as u64));
}

#[test]
fn trouble_with_any_piece_is_told() {
    let mut filled = vec![0; 5 * LEAF];
    for bad in [0, LEAF, 2 * LEAF + PIECE, filled.len() - PIECE] {
        let result = TreeHasher::new().fill(&mut filled, &|offset, _: &mut [u8]| {
            if offset == bad as u64 {
                return Err(io::Error::other("a bad sector"));
            }
            Ok(())
        });
        assert_eq!(result.unwrap_err().to_string(), "a bad sector");
    }
}

#[test]
fn trouble_of_a_helper_is_told() {
    let here = thread::current().id();
    let (sender, receiver) = mpsc::channel();
    let result = with_helpers(
        1,
        || receiver.recv().map_err(|_| "no helper came"),
        || {
            if thread::current().id() == here {
                return Ok(());
            }
            sender.send(()).expect("this thread waits for it");
            Err("a bad sector")
        },
    );
    assert_eq!(result, Err("a bad sector"));
}
