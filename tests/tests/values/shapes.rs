//! Types that tell their shape only as they are read: bincode cannot give them back, so they are
//! kept as MessagePack, which is named in the entry and noted once.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use log::Level;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::keeping::Keeping;
use crate::messages;

fn is_kept_as_messagepack<T>(function: &'static str, values: &[T])
where
    T: Clone + Debug + PartialEq + Serialize + DeserializeOwned,
{
    let keeping = Keeping::of(function);
    for (key, value) in values.iter().enumerate() {
        assert_eq!(
            keeping.call(key as u64, value.clone()),
            (value.clone(), true)
        );
        assert_eq!(
            keeping.call(key as u64, value.clone()),
            (value.clone(), false),
            "not kept"
        );
    }
    assert_eq!(keeping.codec(), "messagepack");
    let noted = messages::take(Level::Info, &format!("{function} is kept as messagepack"));
    assert_eq!(noted.len(), 1, "{noted:?}");
    assert_eq!(messages::take(Level::Warn, function), [""; 0]);
    assert_eq!(keeping.files().len(), values.len());
}

#[test]
fn untagged_enums_are_kept() {
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Any {
        Number(f64),
        Text(String),
        Pair { one: i64, other: Option<u8> },
        Many(Vec<Any>),
    }
    let values = [
        Any::Number(0.5),
        Any::Text("x".to_owned()),
        Any::Pair {
            one: -1,
            other: None,
        },
        Any::Many(vec![
            Any::Number(1.5),
            Any::Pair {
                one: 1,
                other: Some(2),
            },
        ]),
    ];
    is_kept_as_messagepack("untagged", &values);
}

#[test]
fn internally_tagged_enums_are_kept() {
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "kind")]
    enum Shape {
        Point,
        Circle {
            radius: f64,
        },
        Named {
            name: String,
            inner: Option<Box<Shape>>,
        },
    }
    let values = [
        Shape::Point,
        Shape::Circle { radius: -0.0 },
        Shape::Named {
            name: "n".to_owned(),
            inner: Some(Box::new(Shape::Point)),
        },
    ];
    is_kept_as_messagepack("internally_tagged", &values);
}

#[test]
fn flattened_structs_are_kept() {
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Outer {
        id: u32,
        #[serde(flatten)]
        inner: Inner,
        #[serde(flatten)]
        rest: BTreeMap<String, u8>,
    }
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Inner {
        name: String,
    }
    let outer = |rest: &[(&str, u8)]| Outer {
        id: 7,
        inner: Inner {
            name: "x".to_owned(),
        },
        rest: rest
            .iter()
            .map(|(key, value)| ((*key).to_owned(), *value))
            .collect(),
    };
    is_kept_as_messagepack("flattened", &[outer(&[]), outer(&[("a", 1), ("b", 2)])]);
}

#[test]
fn json_values_are_kept() {
    let values = [
        json!(null),
        json!({"a": [1, -2, 0.5, "x", true, null], "b": {"c": {}}}),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1e300),
    ];
    is_kept_as_messagepack("json", &values[..1]);
    is_kept_as_messagepack("json_deep", &values[1..]);
}

#[test]
fn structs_that_skip_fields_are_kept() {
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    struct Sparse {
        #[serde(skip_serializing_if = "Option::is_none")]
        one: Option<u8>,
        two: u16,
        #[serde(skip_serializing_if = "HashMap::is_empty")]
        three: HashMap<String, f64>,
    }
    let values = [
        Sparse {
            two: 2,
            ..Sparse::default()
        },
        Sparse {
            one: Some(1),
            two: 2,
            ..Sparse::default()
        },
    ];
    is_kept_as_messagepack("skipping", &values[..1]);

    // Where nothing is skipped bincode will do; each value is kept as it can be.
    let keeping = Keeping::of("skipping_sometimes");
    for (key, value) in values.iter().rev().enumerate() {
        keeping.call(key as u64, value.clone());
        assert_eq!(
            keeping.call(key as u64, value.clone()),
            (value.clone(), false)
        );
    }
}
