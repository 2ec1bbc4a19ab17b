use std::fs::OpenOptions;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::*;
use crate::mapped::MappedVec;

/// Where in the payload of a vector: its part in the table.
const PART: usize = 8;

/// The payload of a vector of `[1, 2, 3]`, of which the part is changed.
fn changed(at: usize, change: &[u8]) -> Vec<u8> {
    patched(&stored(&vec![1_u64, 2, 3]), &[(PART + at, change)])
}

#[track_caller]
fn is_refused(bytes: &[u8], reason: &str) {
    let raw = format!("raw: {reason}");
    assert_eq!(loaded::<Vec<u64>>(bytes).unwrap_err(), raw);
    assert_eq!(loaded::<MappedVec<u64>>(bytes).unwrap_err(), raw);
}

#[test]
fn what_is_big_endian_is_converted() {
    let bytes = patched(
        &changed(3, &[1]),
        &[
            (64, &1_u64.to_be_bytes()),
            (72, &u64::MAX.to_be_bytes()),
            (80, &258_u64.to_be_bytes()),
        ],
    );
    assert_eq!(loaded::<Vec<u64>>(&bytes).unwrap(), [1, u64::MAX, 258]);
    let mapped: MappedVec<u64> = loaded(&bytes).unwrap();
    assert_eq!(mapped, [1, u64::MAX, 258]);
    assert!(!mapped.is_mapped());

    let pairs = stored(&vec![[1.5_f32, -2.5]]);
    let big = [1.5_f32.to_be_bytes(), (-2.5_f32).to_be_bytes()].concat();
    let pairs = patched(&pairs, &[(PART + 3, &[1]), (64, &big)]);
    assert_eq!(loaded::<Vec<[f32; 2]>>(&pairs).unwrap(), [[1.5, -2.5]]);
}

#[cfg(feature = "num-complex")]
#[test]
fn both_parts_of_a_number_are_converted() {
    use num_complex::Complex;

    let big = [1.5_f64.to_be_bytes(), (-2.5_f64).to_be_bytes()].concat();
    let bytes = stored(&vec![Complex::new(0.0_f64, 0.0)]);
    let bytes = patched(&bytes, &[(PART + 3, &[1]), (64, &big)]);
    let numbers: Vec<Complex<f64>> = loaded(&bytes).unwrap();
    assert_eq!(numbers, [Complex::new(1.5, -2.5)]);
}

#[test]
fn another_type_is_refused() {
    let bytes = stored(&vec![1.5_f64, 2.5]);
    let array = "raw: an array of f64 in 1 dimension is no ";
    let refused = |outcome: Result<(), String>, wanted: &str| {
        assert_eq!(outcome.unwrap_err(), format!("{array}{wanted}"));
    };
    refused(loaded::<Vec<u64>>(&bytes).map(drop), "alloc::vec::Vec<u64>");
    refused(
        loaded::<Box<[i64]>>(&bytes).map(drop),
        "alloc::vec::Vec<i64>",
    );
    refused(
        loaded::<Vec<[f64; 2]>>(&bytes).map(drop),
        type_name::<Vec<[f64; 2]>>(),
    );
    refused(
        loaded::<MappedVec<u64>>(&bytes).map(drop),
        type_name::<MappedVec<u64>>(),
    );
    refused(loaded::<String>(&bytes).map(drop), "alloc::string::String");
    refused(loaded::<u64>(&bytes).map(drop), "u64");
    assert!(loaded::<Option<Vec<f64>>>(&bytes).is_err());
    assert!(loaded::<(Vec<f64>,)>(&bytes).is_err());
    assert!(loaded::<()>(&bytes).is_err());
    assert!(loaded::<Vec<f64>>(&stored(&Some(vec![1.5_f64]))).is_err());
    assert!(loaded::<Vec<u8>>(&stored(&"text".to_owned())).is_err());
    assert!(loaded::<String>(&stored(&b"text".to_vec())).is_err());
    let pair = stored(&(vec![1_u8], vec![2_u16]));
    assert!(loaded::<(Vec<u16>, Vec<u8>)>(&pair).is_err());
    assert!(loaded::<(Vec<u8>, Vec<u16>, Vec<u16>)>(&pair).is_err());
    assert!(loaded::<(Vec<u8>,)>(&pair).is_err());
    let ok = stored(&Ok::<Vec<u8>, Vec<u16>>(vec![1]));
    assert!(loaded::<Result<Vec<u16>, Vec<u8>>>(&ok).is_err());
}

#[test]
fn what_says_something_unknown_is_refused() {
    let unknown = "a part is of an unknown kind";
    for kind in [0, 1, 2, 3, 4, 6, 8, 255] {
        assert!(loaded::<Vec<u64>>(&changed(0, &[kind])).is_err(), "{kind}");
    }
    is_refused(&changed(0, &[8]), unknown);
    for code in [0, 0x15, 0x30, 0xFF] {
        is_refused(&changed(1, &[code]), "an array is of unknown numbers");
    }
    is_refused(&changed(2, &[0]), unknown);
    is_refused(&changed(2, &[5]), unknown);
    is_refused(&changed(3, &[2]), unknown);
    is_refused(&changed(4, &[2]), unknown);
    for unused in [5, 6, 7, 12, 15] {
        is_refused(&changed(unused, &[1]), unknown);
    }
    for codec in [0, 3, 4, 5] {
        let bytes = patched(&changed(0, &[7]), &[(PART + 1, &[codec])]);
        assert!(loaded::<Vec<u64>>(&bytes).is_err(), "{codec}");
    }
}

#[cfg(not(feature = "half"))]
#[test]
fn numbers_that_this_program_does_not_know_are_refused() {
    let bytes = patched(&stored(&vec![1_u16]), &[(PART + 1, &[0x31])]);
    let reason = loaded::<Vec<u16>>(&bytes).unwrap_err();
    assert_eq!(
        reason,
        "raw: there is an array of f16, which is not known here"
    );
}

#[test]
fn lengths_that_do_not_agree_are_refused() {
    let other = "an array has another length";
    is_refused(&changed(24, &16_u64.to_le_bytes()), other);
    is_refused(&changed(32, &4_u64.to_le_bytes()), other);
    is_refused(&changed(32, &(1_u64 << 61).to_le_bytes()), other);
    is_refused(&changed(32, &u64::MAX.to_le_bytes()), other);
    // As many bytes as there are, and 2^64 more.
    is_refused(&changed(32, &((1_u64 << 61) + 3).to_le_bytes()), other);
    is_refused(
        &changed(16, &128_u64.to_le_bytes()),
        "a part is not in its place",
    );
    is_refused(
        &changed(16, &0_u64.to_le_bytes()),
        "a part is not in its place",
    );
    let honest = stored(&vec![1_u64, 2, 3]);
    is_refused(
        &[&honest[..], &[0]].concat(),
        "there are bytes behind the last part",
    );
    is_refused(
        &honest[..honest.len() - 1],
        "a part is longer than the payload",
    );
    is_refused(&[], "the table is too short");
    is_refused(&honest[..8], "the table is longer than the payload");
}

#[test]
fn a_length_that_no_memory_has_is_refused() {
    let many = 1_u64 << 57;
    let bytes = patched(
        &stored(&vec![1_u64, 2, 3]),
        &[
            (PART + 24, &(8 * many).to_le_bytes()),
            (PART + 32, &many.to_le_bytes()),
        ],
    );
    is_refused(&bytes, "a part is longer than the payload");
    // A table and a name as long as can be said.
    is_refused(
        &patched(&bytes, &[(0, &[0xFF; 4])]),
        "the table is longer than the payload",
    );
    is_refused(
        &patched(&bytes, &[(4, &[0xFF; 4])]),
        "the table is too short",
    );
    is_refused(&changed(8, &[0xFF; 4]), "the table is too short");
    let coded = patched(&changed(0, &[7, 1, 0]), &[(PART + 8, &[0xFF; 4])]);
    is_refused(&coded, "the table is too short");
}

#[test]
fn parts_that_overlap_are_refused() {
    let pair = (vec![1_u64], vec![2_u64]);
    let second = PART + 40;
    let first_place = &stored(&pair)[PART + 32 + 16..PART + 32 + 24];
    let bytes = patched(&stored(&pair), &[(32 + second + 16, first_place)]);
    let reason = loaded::<(Vec<u64>, Vec<u64>)>(&bytes).unwrap_err();
    assert_eq!(reason, "raw: a part is not in its place");
}

#[test]
fn parts_that_are_no_one_value_are_refused() {
    let pair = stored(&(vec![1_u64], vec![2_u64]));
    for len in [0_u32, 1, 3, u32::MAX] {
        let bytes = patched(&pair, &[(PART + 8, &len.to_le_bytes())]);
        assert!(loaded::<(Vec<u64>, Vec<u64>)>(&bytes).is_err(), "{len}");
    }
    // A table without parts.
    let nothing = [8_u32.to_le_bytes(), 0_u32.to_le_bytes()].concat();
    is_refused(&nothing, "parts are missing");
}

#[test]
fn what_is_between_parts_is_zero() {
    let bytes = stored(&(vec![1_u8], vec![2_u8]));
    for at in [121, 129, 191] {
        let bytes = patched(&bytes, &[(at, &[1])]);
        let reason = "raw: there is something between the parts";
        assert_eq!(loaded::<(Vec<u8>, Vec<u8>)>(&bytes).unwrap_err(), reason);
        let mapped = loaded::<(MappedVec<u8>, Vec<u8>)>(&bytes);
        assert_eq!(mapped.unwrap_err(), reason);
    }
}

#[test]
fn a_text_that_is_none_is_refused() {
    let bytes = patched(&stored(&"text".to_owned()), &[(64, &[0xFF])]);
    assert_eq!(
        loaded::<String>(&bytes).unwrap_err(),
        "raw: a text is not in UTF-8"
    );
}

#[test]
fn bytes_behind_a_part_in_another_codec_are_refused() {
    // A pair of an array and a number: its bytes are the last.
    let bytes = stored(&(vec![1_u8], 7_u32));
    let number = PART + 32 + 40;
    let longer = [&bytes[..], &[0]].concat();
    let longer = patched(&longer, &[(number + 24, &5_u64.to_le_bytes())]);
    assert_eq!(
        loaded::<(Vec<u8>, u32)>(&longer).unwrap_err(),
        "raw: bincode: 1 bytes left over"
    );
}

#[test]
fn whatever_is_altered_in_a_file_is_found() {
    let bytes = stored(&(vec![1_u64; 100], "text".to_owned()));
    let digest = blake3::hash(&bytes);
    for at in 0..bytes.len() {
        let altered = patched(&bytes, &[(at, &[!bytes[at]])]);
        let outcome = decode::<(Vec<u64>, String)>(in_file(&altered, digest));
        assert!(
            matches!(outcome, Err(DecodeError::Unsound(Unsound::Digest))),
            "{at}: {outcome:?}"
        );
        let outcome = decode::<(MappedVec<u64>, String)>(in_file(&altered, digest));
        assert!(
            matches!(outcome, Err(DecodeError::Unsound(Unsound::Digest))),
            "{at}: {outcome:?}"
        );
    }
}

#[test]
fn a_file_that_was_truncated_is_found() {
    let bytes = stored(&vec![7_u64; 10_000]);
    for len in [0, 100, 4096, bytes.len() - 1] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("entry");
        std::fs::write(&path, &bytes).unwrap();
        let file = std::fs::File::open(&path).unwrap();
        let digest = *blake3::hash(&bytes).as_bytes();
        let payload = Incoming::in_file(file, 0, bytes.len() as u64, digest);
        OpenOptions::new()
            .write(true)
            .open(&path)
            .unwrap()
            .set_len(len as u64)
            .unwrap();
        let outcome = decode::<Vec<u64>>(payload);
        assert!(
            matches!(outcome, Err(DecodeError::Unsound(_))),
            "{outcome:?}"
        );
    }
}

type Anything = (
    Option<Vec<u64>>,
    Result<MappedVec<f32>, String>,
    Box<[[u8; 3]]>,
    u64,
);

/// Tries to load bytes as values of several types, which must come to an end.
fn tries(bytes: &[u8]) {
    let _ = loaded::<Vec<u64>>(bytes);
    let _ = loaded::<MappedVec<u8>>(bytes);
    let _ = loaded::<String>(bytes);
    let _ = loaded::<Option<(Vec<u8>, u32)>>(bytes);
    let _ = loaded::<Anything>(bytes);
    #[cfg(feature = "ndarray")]
    let _ = loaded::<ndarray::ArrayD<u8>>(bytes);
}

fn seeded(cases: u32) -> TestRunner {
    let config = Config {
        cases: if cfg!(miri) { cases / 1000 } else { cases },
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[6; 32]))
}

#[test]
fn no_bytes_do_harm() {
    let any = proptest::collection::vec(any::<u8>(), 0..300);
    seeded(50_000)
        .run(&any, |bytes| {
            tries(&bytes);
            Ok(())
        })
        .unwrap();
}

/// The bytes of honest values, some of them changed, get further.
#[test]
fn no_change_does_harm() {
    let value: Anything = (Some(vec![1]), Ok(vec![1.5].into()), [[1; 3]].into(), 7);
    let other: Anything = (None, Err("no".to_owned()), [].into(), 7);
    let honest = vec![
        stored(&vec![1_u64, 2, 3]),
        stored(&MappedVec::from(vec![1_u8; 70])),
        stored(&"text".to_owned()),
        stored(&Some((vec![1_u8], 7_u32))),
        stored(&value),
        stored(&other),
    ];
    let small = prop_oneof![any::<u8>(), 0..9_u8];
    let changes = proptest::collection::vec((any::<prop::sample::Index>(), small), 0..4);
    let honest = prop::sample::select(honest);
    seeded(50_000)
        .run(&(honest, changes), |(mut bytes, changes)| {
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            tries(&bytes);
            Ok(())
        })
        .unwrap();
}
