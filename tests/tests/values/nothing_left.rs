//! A result that cannot be kept leaves nothing behind and is told once.

use std::path::PathBuf;

use log::Level;
use memo_runtime::{Codec, Outcome};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::keeping::Keeping;
use crate::messages;

/// Cannot be serialized when it is odd.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct EvenOnly(u32);

impl Serialize for EvenOnly {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 2 == 1 {
            return Err(S::Error::custom("odd"));
        }
        serializer.serialize_newtype_struct("EvenOnly", &self.0)
    }
}

/// Is written as a number and read as a text, which no codec takes for one another.
#[derive(Clone, Debug, PartialEq)]
struct Changeling(u32);

impl Serialize for Changeling {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.0)
    }
}

impl<'de> Deserialize<'de> for Changeling {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(text.len() as u32))
    }
}

/// Comes back as another value, without an error.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Drifting(u32);

impl<'de> Deserialize<'de> for Drifting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u32::deserialize(deserializer).map(|number| Self(number + 1))
    }
}

/// Panics when it is serialized.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Panicking(u32);

impl Serialize for Panicking {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        panic!("this type panics when it is serialized")
    }
}

fn is_never_kept<T>(function: &'static str, value: T)
where
    T: Clone + PartialEq + std::fmt::Debug + Serialize + serde::de::DeserializeOwned,
{
    let keeping = Keeping::of(function);
    for key in [0, 0, 1] {
        assert_eq!(keeping.call(key, value.clone()), (value.clone(), true));
        assert_eq!(
            keeping.files(),
            Vec::<PathBuf>::new(),
            "something was left behind"
        );
    }
    let told = messages::take(Level::Warn, function);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("not kept"), "{told:?}");
    assert_eq!(keeping.journaled(Outcome::Computed), 3);
}

#[test]
fn a_value_that_fails_to_serialize_leaves_nothing_and_is_told_once() {
    is_never_kept("never_odd", EvenOnly(3));
}

#[test]
fn a_type_that_no_codec_gives_back_leaves_nothing_and_is_told_once() {
    is_never_kept("changeling", Changeling(5));
}

#[test]
fn a_type_that_comes_back_as_another_value_leaves_nothing_and_is_told_once() {
    is_never_kept("drifting", Drifting(5));
}

#[test]
fn values_of_a_type_are_kept_or_not_each_for_itself() {
    let keeping = Keeping::of("even_or_not");
    assert_eq!(keeping.call(0, EvenOnly(3)), (EvenOnly(3), true));
    assert_eq!(keeping.call(1, EvenOnly(4)), (EvenOnly(4), true));
    assert_eq!(
        keeping.call(1, EvenOnly(4)),
        (EvenOnly(4), false),
        "not kept"
    );
    assert_eq!(keeping.call(0, EvenOnly(3)), (EvenOnly(3), true));
    assert_eq!(keeping.files().len(), 1);
    assert_eq!(messages::take(Level::Warn, "even_or_not").len(), 1);
}

/// A type that begins with a note of its codec can still meet trouble that is worth a warning.
#[test]
fn a_note_of_the_codec_does_not_swallow_the_warning_that_follows() {
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Mixed {
        Number(u8),
        Even(EvenOnly),
    }
    let keeping = Keeping::of("note_then_warning");
    keeping.call(0, Mixed::Number(1));
    assert_eq!(keeping.codec(), Codec::MessagePack.name());
    keeping.call(1, Mixed::Even(EvenOnly(3)));
    assert_eq!(
        messages::take(Level::Info, "note_then_warning is kept as").len(),
        1
    );
    assert_eq!(
        messages::take(Level::Warn, "note_then_warning").len(),
        1,
        "the warning is missing"
    );
    assert_eq!(keeping.files().len(), 1);
}

/// The caller's value is there already when its serialization panics.
#[test]
fn a_serialization_that_panics_leaves_nothing() {
    let keeping = Keeping::of("panicking");
    let called = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        keeping.call(0, Panicking(1));
    }));
    // Whether the panic is passed on or not, the store is clean and goes on.
    drop(called);
    assert_eq!(
        keeping.files(),
        Vec::<PathBuf>::new(),
        "something was left behind"
    );
    assert_eq!(keeping.call(1, 7_u32), (7, true));
    assert_eq!(keeping.call(1, 7_u32), (7, false));
}

/// What an entry says of its call has an upper limit, and this call is over it.
#[test]
fn a_call_that_takes_megabytes_to_explain_is_no_damaged_entry() {
    let name: &'static str = Box::leak("long".repeat(1 << 19).into_boxed_str());
    let keeping = Keeping::of(name);
    for _ in 0..3 {
        assert_eq!(keeping.call(0, 7_u32).0, 7);
    }
    let left = keeping.files();
    let damaged: Vec<_> = left
        .iter()
        .filter(|path| path.to_str().unwrap().contains("/damaged/"))
        .collect();
    assert!(
        damaged.is_empty(),
        "it was kept and could not be read: {damaged:?}"
    );
}
