use super::*;
use crate::plain::{Element, Number};

/// Entries of earlier versions are read by later ones: this payload never
/// changes.
#[test]
fn a_payload_is_laid_out_as_its_format_says() {
    let value = (vec![258_u16], Some("é".to_owned()), 7_u8);
    let mut expected = Vec::new();
    // The table has 184 bytes and five parts.
    expected.extend([184, 0, 0, 0, 5, 0, 0, 0]);
    let part = |kind: [u8; 8], count: u8, begin: u64, len: u64| {
        let count = u64::from(count).to_le_bytes();
        [kind, count, begin.to_le_bytes(), len.to_le_bytes()].concat()
    };
    // A tuple of three.
    expected.extend(part([4, 0, 0, 0, 0, 0, 0, 0], 3, 0, 0));
    // An array of `u16`, one to an element, in one dimension of one.
    expected.extend(part([5, 0x11, 1, 0, 0, 0, 0, 0], 1, 192, 2));
    expected.extend(1_u64.to_le_bytes());
    // `Some`, of a text.
    expected.extend(part([2, 0, 0, 0, 0, 0, 0, 0], 0, 0, 0));
    expected.extend(part([6, 0, 0, 0, 0, 0, 0, 0], 0, 256, 2));
    // A value in bincode, of a type whose name has two bytes.
    expected.extend(part([7, 1, 0, 0, 0, 0, 0, 0], 2, 320, 1));
    expected.extend(*b"u8\0\0\0\0\0\0");
    expected.resize(192, 0);
    expected.extend([2, 1]);
    expected.resize(256, 0);
    expected.extend("é".as_bytes());
    expected.resize(320, 0);
    expected.push(7);
    assert_eq!(stored(&value), expected);
    assert_eq!(
        loaded::<(Vec<u16>, Option<String>, u8)>(&expected).unwrap(),
        value
    );
}

#[test]
fn codes_of_numbers_never_change() {
    let codes: Vec<_> = (0..=u8::MAX)
        .filter_map(|code| Some((code, Number::from_code(code)?.name())))
        .collect();
    assert_eq!(
        codes,
        [
            (0x10, "u8"),
            (0x11, "u16"),
            (0x12, "u32"),
            (0x13, "u64"),
            (0x14, "u128"),
            (0x20, "i8"),
            (0x21, "i16"),
            (0x22, "i32"),
            (0x23, "i64"),
            (0x24, "i128"),
            (0x31, "f16"),
            (0x32, "f32"),
            (0x33, "f64"),
            (0x41, "bf16"),
            (0x52, "Complex<f32>"),
            (0x53, "Complex<f64>"),
            (0x63, "usize"),
            (0x73, "isize"),
        ]
    );
}

#[test]
fn variants_and_orders_are_told_apart() {
    let kind = |bytes: Vec<u8>| bytes[8..16].to_vec();
    let ok = stored(&Ok::<Vec<u8>, Vec<u8>>(vec![]));
    let err = stored(&Err::<Vec<u8>, Vec<u8>>(vec![]));
    assert_eq!(kind(ok), [3, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(kind(err), [3, 1, 0, 0, 0, 0, 0, 0]);
    let none = stored(&(None::<Vec<u8>>, vec![1_u8]));
    assert_eq!(none[40..48], [1, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(
        kind(stored(&vec![[1.5_f32; 3]])),
        [5, 0x32, 3, 0, 0, 0, 0, 0]
    );
    #[cfg(feature = "ndarray")]
    {
        let columns = ndarray::arr2(&[[1_u8, 2], [3, 4]]).reversed_axes();
        assert_eq!(kind(stored(&columns)), [5, 0x10, 1, 0, 1, 0, 0, 0]);
    }
}

/// Arrays of more than 4 GiB are laid out as any, without being there.
#[test]
fn places_are_counted_in_64_bits() {
    let len = 5_u64 << 30;
    let part = |bytes: u64| {
        let form = Form {
            element: Element {
                number: Number::U64,
                lanes: 1,
            },
            dims: vec![bytes / 8],
            layout: Layout::RowMajor,
        };
        let place = Place {
            begin: 0,
            len: bytes,
        };
        Part::Leaf(Leaf::Array(form, ByteOrder::Little), place)
    };
    let head = Table::lay_out(vec![Part::Tuple(2), part(len), part(8)]).unwrap();
    let table = Table::length(&head, 128 + len + 8).unwrap();
    let table = Table::parse(&head[..table], 128 + len + 8).unwrap();
    let begins: Vec<_> = table.leaves().map(|(_, place)| place.begin).collect();
    assert_eq!(begins, [128, 128 + len]);
}
