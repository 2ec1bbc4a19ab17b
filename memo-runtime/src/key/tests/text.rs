//! Short texts of values.

use std::cell::Cell;
use std::collections::BTreeMap;

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::Bytes;
use crate::key::short_text;

#[derive(Serialize)]
struct Config {
    lr: f64,
    layers: u32,
}

#[derive(Serialize)]
struct Marker;

#[derive(Serialize)]
struct Metres(f32);

#[derive(Serialize)]
struct Empty {}

#[derive(Serialize)]
enum Optimizer {
    Plain,
    Momentum(f32),
    Adam(f32, f32),
    Scheduled { steps: Vec<u64> },
}

const CONFIG: Config = Config { lr: 0.1, layers: 3 };

#[test]
fn values_look_as_debug_prints_them() {
    let cases = [
        (short_text(&0.1), "0.1"),
        (short_text(&1.0_f32), "1.0"),
        (short_text(&f64::NAN), "NaN"),
        (short_text(&-3), "-3"),
        (
            short_text(&u128::MAX),
            "340282366920938463463374607431768211455",
        ),
        (short_text(&true), "true"),
        (short_text(&'a'), "'a'"),
        (short_text("adam"), "\"adam\""),
        (short_text(&None::<u8>), "None"),
        (short_text(&Some(3)), "Some(3)"),
        (short_text(&()), "()"),
        (short_text(&(1, "a")), "(1, \"a\")"),
        (short_text(&Marker), "Marker"),
        (short_text(&Metres(1.5)), "Metres(1.5)"),
        (short_text(&CONFIG), "Config { lr: 0.1, layers: 3 }"),
        (short_text(&Empty {}), "Empty {}"),
        (short_text(&Optimizer::Plain), "Plain"),
        (short_text(&Optimizer::Momentum(0.9)), "Momentum(0.9)"),
        (short_text(&Optimizer::Adam(0.9, 0.99)), "Adam(0.9, 0.99)"),
        (
            short_text(&Optimizer::Scheduled { steps: vec![1, 2] }),
            "Scheduled { steps: [1, 2] }",
        ),
        (short_text(&Vec::<u8>::new()), "[]"),
        (short_text(&Bytes(&[1, 2])), "[1, 2]"),
        (
            short_text(&BTreeMap::from([("a", 1), ("b", 2)])),
            "{\"a\": 1, \"b\": 2}",
        ),
        (short_text(&std::net::Ipv4Addr::LOCALHOST), "\"127.0.0.1\""),
    ];
    for (text, expected) in cases {
        assert_eq!(text, expected);
    }
}

#[test]
fn a_long_list_shows_its_beginning_and_its_length() {
    let numbers: Vec<u32> = (1..=1000).collect();
    assert_eq!(short_text(&numbers), "[1, 2, 3, … 1000 items]");
    assert_eq!(short_text(&numbers[..9]), "[1, 2, 3, … 9 items]");
    assert_eq!(short_text(&numbers[..8]), "[1, 2, 3, 4, 5, 6, 7, 8]");
    assert_eq!(
        short_text(&(vec![&numbers, &numbers], CONFIG)),
        "([[1, 2, 3, … 1000 items], [1, 2, 3, … 1000 items]], Config { lr: 0.1, layers: 3 })",
    );
    let squares: BTreeMap<u32, u32> = (0..10).map(|n| (n, n * n)).collect();
    assert_eq!(short_text(&squares), "{0: 0, 1: 1, 2: 4, … 10 items}");
}

/// Counts how often it is asked for its value.
struct Counted<'a>(&'a Cell<usize>);

impl Serialize for Counted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.set(self.0.get() + 1);
        serializer.serialize_str("0123456789")
    }
}

/// Hands over its elements one by one, as arrays of other crates do.
struct OneByOne<'a>(&'a [Counted<'a>], Option<usize>);

impl Serialize for OneByOne<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(self.1)?;
        for element in self.0 {
            seq.serialize_element(element)?;
        }
        seq.end()
    }
}

/// A map that does the same.
struct EntryByEntry(usize);

impl Serialize for EntryByEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0))?;
        for entry in 0..self.0 {
            map.serialize_entry(&entry, &'x')?;
        }
        map.end()
    }
}

#[test]
fn a_value_is_not_walked_further_than_it_is_shown() {
    let asked = Cell::new(0);
    let many: Vec<Counted> = (0..100_000).map(|_| Counted(&asked)).collect();
    let digits = "\"0123456789\"";

    let text = short_text(&many);
    assert_eq!(
        text,
        format!("[{digits}, {digits}, {digits}, … 100000 items]")
    );
    assert_eq!(asked.take(), 3);

    let text = short_text(&OneByOne(&many, Some(many.len())));
    assert_eq!(
        text,
        format!("[{digits}, {digits}, {digits}, … 100000 items]")
    );
    assert_eq!(asked.take(), 3);

    let text = short_text(&OneByOne(&many, None));
    assert!(text.ends_with("\"0123456789\", …]"), "{text}");
    assert_eq!(asked.take(), 8);

    let text = short_text(&(OneByOne(&many, Some(many.len())), 1));
    assert_eq!(
        text,
        format!("([{digits}, {digits}, {digits}, … 100000 items]…")
    );

    let wide: Vec<Vec<&Counted>> = vec![many.iter().take(8).collect(); 8];
    asked.set(0);
    assert!(short_text(&wide).ends_with('…'));
    assert!(asked.take() < 20);
}

#[test]
fn a_map_of_another_crate_is_shown_alike() {
    assert_eq!(short_text(&EntryByEntry(2)), "{0: 'x', 1: 'x'}");
    assert_eq!(
        short_text(&EntryByEntry(20)),
        "{0: 'x', 1: 'x', 2: 'x', … 20 items}"
    );
}

#[test]
fn a_text_has_at_most_200_bytes() {
    assert_eq!(
        short_text(&"x".repeat(198)),
        format!("\"{}\"", "x".repeat(198))
    );
    for length in 199..260 {
        let text = short_text(&"x".repeat(length));
        assert_eq!(text, format!("\"{}…", "x".repeat(196)));
    }
    for prefix in 0..8 {
        let text = short_text(&format!("{}{}", "x".repeat(prefix), "é漢🦀".repeat(100)));
        assert!(text.len() <= 200 && text.len() > 190, "{text}");
        assert!(text.ends_with('…'), "{text}");
    }
    let nested = (0..300).fold(serde_json::Value::Null, |inner, _| vec![inner].into());
    assert_eq!(short_text(&nested), format!("{}…", "[".repeat(197)));
}

/// A list that passes over the trouble of its elements.
struct Heedless(String);

impl Serialize for Heedless {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(None)?;
        _ = seq.serialize_element(&self.0);
        seq.end()
    }
}

#[test]
fn nothing_is_added_to_a_complete_text() {
    let text = short_text(&Heedless("é".repeat(200)));
    assert_eq!(text, format!("[\"{}…", "é".repeat(97)));
}

#[test]
fn a_text_is_safe_to_print() {
    let hostile = "\u{1b}[31m\r\n\t\0\u{7f}\u{9b}\u{202e}\"";
    let text = short_text(&(hostile, '\u{1b}', BTreeMap::from([(hostile, 1)])));
    assert!(!text.chars().any(char::is_control), "{text}");
    assert!(!text.contains('\u{202e}'), "{text}");
    assert!(text.starts_with(r#"("\u{1b}[31m\r\n\t\0\u{7f}\u{9b}\u{202e}\"", '\u{1b}', {"\u{1b}"#));

    #[derive(Serialize)]
    #[serde(rename = "red\u{1b}")]
    struct Red {
        #[serde(rename = "\u{1b}")]
        field: u8,
    }
    assert_eq!(short_text(&Red { field: 1 }), r"red\u{1b} { \u{1b}: 1 }");
}
