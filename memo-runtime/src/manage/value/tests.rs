use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write;
use std::io::Read;
use std::num::NonZero;
use std::time::{Duration, UNIX_EPOCH};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::*;
use crate::codec;

/// Writes down what it is shown.
#[derive(Default)]
struct Notes(String);

impl Inspector for Notes {
    fn atom(&mut self, atom: Atom<'_>) -> ControlFlow<()> {
        let text = match atom {
            Atom::Unit => "()".to_owned(),
            Atom::Nothing => "None".to_owned(),
            Atom::Bool(value) => value.to_string(),
            Atom::Unsigned(value) => value.to_string(),
            Atom::Signed(value) => value.to_string(),
            Atom::Single(value) => format!("{value:?}f"),
            Atom::Double(value) => format!("{value:?}"),
            Atom::Char(value) => format!("{value:?}"),
            Atom::Text { text, bytes } if text.len() as u64 == bytes => format!("{text:?}"),
            Atom::Text { text, bytes } => format!("{text:?} of {bytes}"),
            Atom::Bytes { bytes, total } => format!("{bytes:02x?} of {total}"),
        };
        self.0.push_str(&text);
        self.0.push(' ');
        ControlFlow::Continue(())
    }

    fn begin(&mut self, group: Group) -> ControlFlow<()> {
        let _ = write!(self.0, "{group:?}{{ ");
        ControlFlow::Continue(())
    }

    fn end(&mut self, left_out: u64) -> ControlFlow<()> {
        match left_out {
            0 => self.0.push_str("} "),
            more => {
                let _ = write!(self.0, "+{more} }} ");
            }
        }
        ControlFlow::Continue(())
    }
}

pub(super) const ALL: Extent = Extent {
    atoms: u64::MAX,
    text: usize::MAX,
};

pub(super) fn shown_from(
    bytes: impl Read,
    len: u64,
    extent: Extent,
    read: impl FnOnce(&mut Reading<'_, Box<dyn Read + '_>>) -> Result<(), Trouble>,
) -> Result<String, String> {
    let mut notes = Notes::default();
    let bytes: Box<dyn Read> = Box::new(bytes);
    let mut reading = Reading::new(Source::new(bytes, len), extent, &mut notes);
    let outcome = read(&mut reading);
    let at_end = reading.source.is_at_end();
    let text = notes.0.trim_end().to_owned();
    match outcome {
        Ok(()) if at_end => Ok(text),
        Ok(()) => Err(format!("{text}: bytes left over")),
        Err(Trouble::Enough) => Ok(text),
        Err(trouble) => Err(format!("{text}: {trouble:?}")),
    }
}

fn by_type(name: &str, bytes: &[u8], extent: Extent) -> Result<String, String> {
    let of = types::parse(name).ok_or_else(|| format!("{name} is unknown"))?;
    shown_from(bytes, bytes.len() as u64, extent, |reading| {
        bincode::value(reading, &of)
    })
}

/// What a value is shown as that was stored as bincode.
fn stored<T: Serialize + DeserializeOwned>(value: &T) -> String {
    let bytes = codec::encode(Codec::Bincode, value).unwrap();
    by_type(std::any::type_name::<T>(), &bytes, ALL).unwrap()
}

fn packed<T: Serialize>(value: &T) -> String {
    let bytes = codec::encode(Codec::MessagePack, value).unwrap();
    shown_from(&bytes[..], bytes.len() as u64, ALL, |reading| {
        messagepack::value(reading, 0)
    })
    .unwrap()
}

#[test]
fn types_of_the_standard_library_are_known_by_their_names() {
    assert_eq!(stored(&()), "()");
    assert_eq!(stored(&true), "true");
    assert_eq!(
        stored(&(-7_i8, i16::MIN, -1_i32, i64::MIN)),
        "Tuple{ -7 -32768 -1 -9223372036854775808 }"
    );
    assert_eq!(
        stored(&(7_u8, u16::MAX, 1_u32, u64::MAX)),
        "Tuple{ 7 65535 1 18446744073709551615 }"
    );
    assert_eq!(
        stored(&(i128::MIN, u128::MAX)),
        format!("Tuple{{ {} {} }}", i128::MIN, u128::MAX)
    );
    assert_eq!(stored(&(3_usize, -3_isize)), "Tuple{ 3 -3 }");
    assert_eq!(stored(&(0.1_f32, f64::NAN, -0.0)), "Tuple{ 0.1f NaN -0.0 }");
    assert_eq!(
        stored(&('a', 'é', '学', '🦀')),
        "Tuple{ 'a' 'é' '学' '🦀' }"
    );
    assert_eq!(stored(&"a \"b\"".to_owned()), r#""a \"b\"""#);
    assert_eq!(stored(&vec![1_u64, 2]), "List{ 1 2 }");
    assert_eq!(stored(&VecDeque::from([1_u8])), "List{ 1 }");
    assert_eq!(
        stored(&[[1_u8, 2], [3, 4]]),
        "List{ List{ 1 2 } List{ 3 4 } }"
    );
    assert_eq!(stored(&(1_u8,)), "Tuple{ 1 }");
    assert_eq!(
        stored(&Some(Some(1_u8))),
        "Variant(\"Some\"){ Variant(\"Some\"){ 1 } }"
    );
    assert_eq!(stored(&None::<u8>), "None");
    assert_eq!(
        stored(&Err::<u8, String>("no".into())),
        "Variant(\"Err\"){ \"no\" }"
    );
    assert_eq!(stored(&Ok::<u8, String>(1)), "Variant(\"Ok\"){ 1 }");
    assert_eq!(
        stored(&BTreeMap::from([("a".to_owned(), 1_u8)])),
        "Map{ \"a\" 1 }"
    );
    assert_eq!(
        stored(&std::collections::HashMap::from([(
            1_u8,
            BTreeSet::from([2_u8])
        )])),
        "Map{ 1 List{ 2 } }"
    );
    assert_eq!(stored(&Box::new(NonZero::new(5_u32).unwrap())), "5");
    assert_eq!(stored(&Cow::<'static, str>::Owned("x".into())), "\"x\"");
    assert_eq!(
        stored(&Duration::new(1, 5)),
        "Struct(\"Duration\"){ \"secs\" 1 \"nanos\" 5 }"
    );
    assert_eq!(
        stored(&(UNIX_EPOCH + Duration::from_secs(2))),
        "Struct(\"SystemTime\"){ \"secs_since_epoch\" 2 \"nanos_since_epoch\" 0 }"
    );
    assert_eq!(stored(&std::path::PathBuf::from("/a")), "\"/a\"");
}

#[test]
fn types_that_their_names_do_not_tell_are_not_guessed() {
    for name in [
        "lab::Config",
        "alloc::vec::Vec<lab::Config>",
        "lab::Vec<u8>",
        "u7",
        "u",
        "",
        "(u8",
        "[u8; x]",
        "[u8",
        "alloc::vec::Vec",
        "std::sync::Weird<u8>",
        "u8 u8",
        "dyn core::any::Any",
        "fn()",
        "é8",
    ] {
        assert_eq!(types::parse(name), None, "{name}");
    }
    assert_eq!(types::parse(&"(".repeat(100_000)), None);
    assert_eq!(types::parse(&"&".repeat(100_000)), None);
}

#[test]
fn messagepack_tells_itself_what_it_is() {
    #[derive(Serialize)]
    struct Config {
        lr: f64,
        layers: Vec<u32>,
        name: Option<&'static str>,
        mode: Mode,
    }
    #[derive(Serialize)]
    enum Mode {
        Fast(u8),
    }
    let config = Config {
        lr: 0.5,
        layers: vec![1, 200, 70_000],
        name: None,
        mode: Mode::Fast(3),
    };
    assert_eq!(
        packed(&config),
        r#"Map{ "lr" 0.5 "layers" List{ 1 200 70000 } "name" None "mode" Map{ "Fast" 3 } }"#
    );
    assert_eq!(
        packed(&(-1_i8, -200_i16, i64::MIN, u64::MAX)),
        format!("List{{ -1 -200 {} {} }}", i64::MIN, u64::MAX)
    );
    assert_eq!(
        packed(&(true, false, 1.5_f32, 'x')),
        "List{ true false 1.5f \"x\" }"
    );
    let long = "é".repeat(200);
    assert_eq!(packed(&long), format!("{long:?}"));
    for len in [20, 70_000] {
        let list: Vec<u8> = vec![1; len];
        assert_eq!(packed(&list).matches('1').count(), len);
    }
    let map: BTreeMap<u32, ()> = (0..70_000).map(|key| (key, ())).collect();
    assert_eq!(packed(&map).matches("None").count(), 70_000);
    let bytes = [0xc4, 2, 0xAA, 0xBB];
    let shown = shown_from(&bytes[..], 4, ALL, |reading| messagepack::value(reading, 0));
    assert_eq!(shown.unwrap(), "[aa, bb] of 2");
}

#[test]
fn no_more_is_shown_than_is_wanted_and_what_is_left_out_is_counted() {
    let few = Extent { atoms: 3, text: 4 };
    let shown = |name: &str, bytes: &[u8]| by_type(name, bytes, few).unwrap();
    let encoded = |value: &dyn Fn() -> Result<Vec<u8>, codec::CodecError>| value().unwrap();
    let flat = encoded(&|| codec::encode(Codec::Bincode, &vec![1_u8, 2, 3, 4, 5]));
    assert_eq!(shown("alloc::vec::Vec<u8>", &flat), "List{ 1 2 3 +2 }");
    let deep =
        encoded(&|| codec::encode(Codec::Bincode, &vec![vec![1_u8, 2], vec![3, 4], vec![5]]));
    assert_eq!(
        shown("alloc::vec::Vec<alloc::vec::Vec<u8>>", &deep),
        "List{ List{ 1 2 } List{ 3 +1 } +1 }"
    );
    let text = encoded(&|| codec::encode(Codec::Bincode, &("abcé", 7_u8)));
    assert_eq!(shown("(&str, u8)", &text), "Tuple{ \"abc\" of 5 7 }");
}

#[test]
fn hostile_lengths_neither_allocate_nor_spin() {
    let huge = (1_u64 << 40).to_le_bytes();
    for name in [
        "alloc::vec::Vec<u8>",
        "alloc::string::String",
        "alloc::vec::Vec<alloc::string::String>",
    ] {
        assert!(by_type(name, &huge, ALL).is_err(), "{name}");
    }
    assert_eq!(
        by_type("alloc::vec::Vec<()>", &huge, ALL).unwrap(),
        format!("List{{ +{} }}", 1_u64 << 40)
    );
    assert_eq!(
        by_type("alloc::vec::Vec<[u8; 0]>", &huge, ALL).unwrap(),
        format!("List{{ +{} }}", 1_u64 << 40)
    );
    let map = "alloc::collections::btree::map::BTreeMap<(), ()>";
    assert_eq!(
        by_type(map, &huge, ALL).unwrap(),
        format!("Map{{ +{} }}", 1_u64 << 40)
    );
    let nested = vec![0x91; 100_000];
    for bytes in [
        &nested[..],
        &[0xdd, 0xff, 0xff, 0xff, 0xff],
        &[0xc6, 0xff, 0xff, 0xff, 0xff],
        &[0xc1],
        &[],
    ] {
        let shown = shown_from(bytes, bytes.len() as u64, ALL, |reading| {
            messagepack::value(reading, 0)
        });
        assert!(shown.is_err());
    }
}

#[test]
fn bytes_that_are_no_such_value_are_noticed() {
    for (name, bytes) in [
        ("bool", &[2][..]),
        ("char", &[0xff]),
        ("char", &[0xc3, 0x28]),
        ("u32", &[1, 2, 3]),
        ("u8", &[1, 2]),
        ("core::option::Option<u8>", &[2, 0]),
        ("core::result::Result<u8, u8>", &[2, 0, 0, 0, 0]),
        ("alloc::string::String", &[1, 0, 0, 0, 0, 0, 0, 0, 0xff]),
    ] {
        assert!(by_type(name, bytes, ALL).is_err(), "{name} {bytes:?}");
    }
    // The file is shorter than the value was said to be.
    let cut = shown_from(&[1_u8, 2][..], 3, ALL, |reading| reading.text(3));
    assert!(cut.is_err());
}
