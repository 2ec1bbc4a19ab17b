//! For whom a value is being serialized.
//!
//! Handles of large data (files, shelves) have one form in keys, another for
//! people and a third in stored values. The type of the serializer tells which
//! is wanted.

use serde::Serializer;

use super::encoding::Encoder;
use super::text::is_text;

/// Who asks a value to serialize itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// The digest of an argument.
    Key,
    /// A short text for people.
    People,
    /// Anything else, such as an entry.
    Other,
}

/// For whom `S` serializes.
pub(crate) fn audience<S: Serializer>() -> Audience {
    if typeid::of::<S>() == typeid::of::<Encoder<'static>>() {
        Audience::Key
    } else if is_text::<S>() {
        Audience::People
    } else {
        Audience::Other
    }
}
