//! Payloads that are not as they should be: refused, whatever they hold.

use super::frames::{compressed, half_noise, noise, unpacked};
use super::*;

fn refused(payload: &[u8], by: Compression) -> String {
    let error = unpacked(payload, by).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{by}: {error}");
    error.to_string()
}

/// The payload with another length.
fn saying(len: u64, payload: &[u8]) -> Vec<u8> {
    [&len.to_le_bytes(), &payload[LENGTH..]].concat()
}

#[test]
fn a_frame_gives_neither_less_nor_more_than_the_length_says() {
    let bytes = half_noise(200_000);
    for by in [ZSTD, LZ4] {
        let payload = compressed(&[&bytes], by).unwrap();
        for len in [0, 1, 199_999, 200_001, 200_000 + (1 << 17), 10_000_000] {
            refused(&saying(len, &payload), by);
        }
    }
}

#[test]
fn a_length_that_no_frame_of_the_size_could_have_is_refused_at_once() {
    let bytes = vec![0; 100_000];
    for (by, most_per_byte) in [(ZSTD, 32768), (LZ4, 255)] {
        let payload = compressed(&[&bytes], by).unwrap();
        let most = (payload.len() - LENGTH) as u64 * most_per_byte;
        let opened = |len| {
            let payload = saying(len, &payload);
            unpack(&payload[..], payload.len() as u64, by.method().unwrap()).map(|it| it.len())
        };
        assert_eq!(opened(most).unwrap(), most);
        for len in [most + 1, 1 << 40, u64::MAX] {
            let error = opened(len).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{by}, {len}");
        }
    }
}

#[test]
fn every_cut_is_noticed() {
    for by in [ZSTD, LZ4] {
        // With zeros at its end, which look like the end of a frame.
        let bytes = [half_noise(700), noise(100), vec![0; 10]].concat();
        let payload = compressed(&[&bytes], by).unwrap();
        for len in 0..payload.len() {
            refused(&payload[..len], by);
        }
    }
}

#[test]
fn what_stands_behind_a_frame_is_noticed() {
    let bytes = half_noise(5000);
    for by in [ZSTD, LZ4] {
        let payload = compressed(&[&bytes], by).unwrap();
        refused(&[&payload[..], &[0]].concat(), by);
        refused(&[&payload[..], &[0; 4]].concat(), by);
        let twice = [&payload[..], &payload[LENGTH..]].concat();
        refused(&twice, by);
        refused(&saying(10_000, &twice), by);
        let skippable = [&payload[..], &[0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]].concat();
        refused(&skippable, by);
    }
}

#[test]
fn what_stands_before_a_frame_is_noticed() {
    let bytes = half_noise(5000);
    for by in [ZSTD, LZ4] {
        let payload = compressed(&[&bytes], by).unwrap();
        let skippable = [0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0];
        let behind = [&payload[..LENGTH], &skippable, &payload[LENGTH..]].concat();
        refused(&behind, by);
    }
}

#[test]
fn a_frame_of_the_other_method_is_refused() {
    let bytes = half_noise(5000);
    let payload = |by| compressed(&[&bytes], by).unwrap();
    refused(&payload(ZSTD), LZ4);
    refused(&payload(LZ4), ZSTD);
    for by in [ZSTD, LZ4] {
        refused(&saying(5000, &[&[0; LENGTH], &bytes[..]].concat()), by);
    }
}

#[test]
fn an_altered_frame_is_refused_or_gives_as_many_bytes() {
    let bytes = half_noise(600);
    for by in [ZSTD, LZ4] {
        let payload = compressed(&[&bytes], by).unwrap();
        let mut refused = 0;
        for bit in LENGTH * 8..payload.len() * 8 {
            let mut altered = payload.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            match unpacked(&altered, by) {
                Ok(out) => assert_eq!(out.len(), bytes.len(), "{by}, bit {bit}"),
                Err(error) => {
                    assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{by}: {error}");
                    refused += 1;
                }
            }
        }
        assert!(refused > 0, "{by}");
    }
}

#[test]
fn a_window_that_is_larger_than_what_comes_out_is_refused() {
    // A frame that says nothing of its length, with a window of 128 MiB and
    // one block of 100 zeros.
    let magic = [0x28, 0xb5, 0x2f, 0xfd];
    let last_block_of_one_byte = |len: u32| (len << 3 | 1 << 1 | 1).to_le_bytes();
    let frame = |window_log: u8| {
        let mut frame = [&magic[..], &[0, (window_log - 10) << 3]].concat();
        frame.extend_from_slice(&last_block_of_one_byte(100)[..3]);
        frame.push(0);
        [&100_u64.to_le_bytes()[..], &frame].concat()
    };
    assert_eq!(unpacked(&frame(10), ZSTD).unwrap(), [0; 100]);
    refused(&frame(11), ZSTD);
    refused(&frame(27), ZSTD);
}

#[test]
fn nothing_comes_out_of_an_empty_frame() {
    // Nobody writes it, since it is not smaller.
    let empty = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 0, 1, 0, 0];
    let payload = [&0_u64.to_le_bytes()[..], &empty].concat();
    assert_eq!(unpacked(&payload, ZSTD).unwrap(), [0; 0]);
    refused(&saying(1, &payload), ZSTD);
    refused(&[0; LENGTH], LZ4);
    refused(&[0; LENGTH], ZSTD);
    refused(&[], ZSTD);
}
