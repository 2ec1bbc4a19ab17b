//! Payloads that are as they should be.

use std::io::Read;

use proptest::prelude::*;

use super::*;

/// The payload that these pieces become, if they are compressed.
pub(super) fn compressed(pieces: &[&[u8]], by: Compression) -> Option<Vec<u8>> {
    let pieces = pieces.iter().map(|piece| Cow::Borrowed(*piece)).collect();
    let codec = Codec::Bincode;
    let packed = pack(Encoded::in_memory(codec, pieces), by, "u8", &Nowhere);
    assert_eq!(
        packed.encoding.method.is_some(),
        packed.encoding != codec.into()
    );
    packed.encoding.method.map(|_| packed.pieces.concat())
}

/// What comes out of a payload.
pub(super) fn unpacked(payload: &[u8], by: Compression) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut unpacked = unpack(payload, payload.len() as u64, by.method().unwrap())?;
    unpacked.read_to_end(&mut bytes)?;
    assert_eq!(unpacked.len(), bytes.len() as u64);
    Ok(bytes)
}

/// Bytes without a pattern.
pub(super) fn noise(len: usize) -> Vec<u8> {
    let mut noise = vec![0; len];
    blake3::Hasher::new().finalize_xof().fill(&mut noise);
    noise
}

/// Letters, of which every other 16 are the same.
pub(super) fn half_noise(len: usize) -> Vec<u8> {
    let mut noise = noise(len);
    for (at, byte) in noise.iter_mut().enumerate() {
        *byte &= if at & 16 == 0 { 0 } else { 0x7f };
    }
    noise
}

#[test]
fn what_is_compressed_comes_back_whatever_its_size() {
    const BLOCK: usize = 64 << 10;
    const CHUNKS: usize = 3 * CHUNK;
    for by in [ZSTD, LZ4, Compression::Zstd { level: 1 }] {
        for size in [
            200,
            4096,
            BLOCK - 1,
            BLOCK,
            BLOCK + 1,
            CHUNK - 1,
            CHUNK,
            CHUNK + 1,
            CHUNKS + 77,
        ] {
            let bytes = half_noise(size);
            let (one, other) = bytes.split_at(size / 3);
            let payload = compressed(&[one, &[], other], by).unwrap();
            assert!(payload.len() < size, "{by}, {size}");
            assert_eq!(unpacked(&payload, by).unwrap(), bytes, "{by}, {size}");
        }
    }
}

#[test]
fn every_level_gives_back_what_it_got() {
    let bytes = half_noise(100_000);
    for level in 1..=22 {
        let by = Compression::Zstd { level };
        let payload = compressed(&[&bytes], by).unwrap();
        assert_eq!(unpacked(&payload, by).unwrap(), bytes, "{by}");
    }
}

#[test]
fn what_does_not_get_smaller_is_kept_as_it_is() {
    for by in [ZSTD, LZ4] {
        for size in [0, 1, 8, 9, 20, 1000, 3 * CHUNK] {
            assert_eq!(compressed(&[&noise(size)], by), None, "{by}, {size}");
        }
        assert_eq!(compressed(&[], by), None, "{by}");
        assert_eq!(compressed(&[&[0; 16]], by), None, "{by}");
    }
}

#[test]
fn what_a_hit_maps_is_kept_as_it_is() {
    let zeros = vec![0; 10_000];
    let is_compressed = |type_name, codec| {
        let packed = packed_as(type_name, codec, &zeros, ZSTD);
        packed.encoding.method.is_some()
    };
    let mapped = std::any::type_name::<Option<crate::MappedVec<u64>>>();
    assert!(!is_compressed(mapped, Codec::Raw));
    assert!(is_compressed("alloc::vec::Vec<u64>", Codec::Raw));
    // Inside a struct it is not mapped.
    assert!(is_compressed(mapped, Codec::Bincode));
}

proptest! {
    #[test]
    fn any_bytes_in_any_pieces_come_back(
        pieces in prop::collection::vec(
            prop::collection::vec(prop_oneof![Just(0_u8), any::<u8>()], 0..3000), 0..6,
        ),
        zstd in any::<bool>(),
        step in 1_usize..5000,
    ) {
        let by = if zstd { ZSTD } else { LZ4 };
        let whole = pieces.concat();
        let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
        if let Some(payload) = compressed(&pieces, by) {
            prop_assert!(payload.len() < whole.len());
            let len = payload.len() as u64;
            let mut unpacked = unpack(&payload[..], len, by.method().unwrap()).unwrap();
            let mut out = vec![0; whole.len()];
            for piece in out.chunks_mut(step) {
                unpacked.read_exact(piece).unwrap();
            }
            prop_assert!(out == whole);
        }
    }
}
