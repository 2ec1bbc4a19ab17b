//! What is compressed comes back, and nothing else comes out of a frame.

#[cfg(all(feature = "lz4", feature = "zstd"))]
mod entries;
#[cfg(all(feature = "lz4", feature = "zstd"))]
mod frames;
#[cfg(all(feature = "lz4", feature = "zstd"))]
mod hostile;

use super::*;
use crate::codec::Nowhere;

const ZSTD: Compression = Compression::Zstd { level: 3 };
#[cfg(feature = "lz4")]
const LZ4: Compression = Compression::Lz4;

/// The payload that these bytes become as a value of the type of this name.
fn packed_as<'a>(type_name: &str, codec: Codec, bytes: &'a [u8], by: Compression) -> Packed<'a> {
    let pieces = vec![Cow::Borrowed(bytes)];
    pack(Encoded::in_memory(codec, pieces), by, type_name, &Nowhere)
}

#[test]
fn encodings_have_numbers_that_stay() {
    let of = |codec, method| Encoding { codec, method }.number();
    assert_eq!(of(Codec::Bincode, None), 1);
    assert_eq!(of(Codec::MessagePack, None), 2);
    assert_eq!(of(Codec::Recording, None), 3);
    assert_eq!(of(Codec::Raw, None), 4);
    assert_eq!(of(Codec::Bincode, Some(Method::Zstd)), 0x1_0001);
    assert_eq!(of(Codec::Raw, Some(Method::Lz4)), 0x2_0004);
    for number in [1, 2, 3, 4, 0x1_0002, 0x2_0001] {
        assert_eq!(Encoding::from_number(number).unwrap().number(), number);
    }
    for number in [0, 5, 0x3_0001, 0x1_0000, 0x2_0005, 0x8001_0001] {
        assert_eq!(Encoding::from_number(number), None, "{number:x}");
    }
}

#[test]
fn a_compression_is_read_as_it_is_written() {
    for written in ["none", "lz4", "zstd:1", "zstd:3", "zstd:22"] {
        let read: Compression = written.parse().unwrap();
        assert_eq!(read.to_string(), written);
    }
    assert_eq!("zstd".parse(), Ok(ZSTD));
    for wrong in [
        "", "ztsd", "zstd:", "zstd:0", "zstd:23", "zstd:-1", "zstd:+3", "zstd:3 ", "lz4:1", "ZSTD",
        "none:1", "zstd:256", "zstd:3:4",
    ] {
        assert!(wrong.parse::<Compression>().is_err(), "{wrong}");
    }
}

#[test]
fn nothing_is_compressed_unless_it_is_asked_for() {
    let zeros = vec![0; 10_000];
    let packed = packed_as("u8", Codec::Bincode, &zeros, Compression::None);
    assert_eq!(packed.encoding, Codec::Bincode.into());
    assert_eq!(packed.pieces.concat(), zeros);
}

#[test]
fn what_a_later_version_encoded_is_not_taken_for_damaged() {
    let store = Path::new("/store");
    for number in [9, 0x7_0001] {
        let error = Encoding::readable(number, store).unwrap_err();
        assert!(
            matches!(error, StoreError::NewerEntry { found, .. } if found == number),
            "{error}"
        );
    }
}

#[cfg(not(feature = "zstd"))]
#[test]
fn without_the_feature_results_are_kept_as_they_are_and_compressed_ones_left_alone() {
    let zeros = vec![0; 10_000];
    let packed = packed_as("u8", Codec::Bincode, &zeros, ZSTD);
    assert_eq!(packed.encoding, Codec::Bincode.into());
    assert_eq!(packed.pieces.concat(), zeros);
    let error = Encoding::readable(0x1_0001, Path::new("/store")).unwrap_err();
    assert!(error.to_string().contains("feature `zstd`"), "{error}");
    let payload: &[u8] = &[0; 20];
    let error = unpack(payload, 20, Method::Zstd).map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::Unsupported);
}
