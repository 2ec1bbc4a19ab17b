//! Inputs to key: the digest of each argument, and the key made of them.
//!
//! A key names a call by everything that its result depends on. The value of an argument
//! enters as the digest of its canonical `encoding`, which is the same on every
//! platform, in every run and in every build. Two things must hold:
//!
//! - **Values that differ have digests that differ.** The encoding is prefix-free, so
//!   nothing that one value says can be read as another.
//! - **Equal values have equal digests**, wherever that can be known: `String` is `&str`
//!   is `Cow`, `Vec<T>` is `[T]`, and `Box`, `Arc` and `&` vanish. Order counts unless
//!   it is known not to. Where equality is in doubt the digests differ, and the cost is a
//!   computation, never a wrong result.
//!
//! What a value is, its [`Serialize`] says. Three things follow:
//!
//! - A field with `#[serde(skip)]` is not part of the value.
//! - Two variants of an `#[serde(untagged)]` enum that serialize alike, such as `A(u32)`
//!   and `B(u32)`, are the same value; with contents of different types they are not.
//! - The name of a struct or enum is part of the value, and its module is not: types
//!   belong to the fingerprint.
//!
//! A value that nests deeper than the stack allows overflows it, as with any serializer.

mod audience;
mod builder;
mod compound;
mod digest;
mod digester;
mod encoding;
mod error;
mod gathered;
mod numbers;
mod output;
mod run;
mod spelled;
mod tag;
mod text;
mod unordered;

#[cfg(test)]
mod tests;

use serde::Serialize;

pub(crate) use audience::{Audience, audience};
pub use builder::KeyBuilder;
pub use digest::{Digest, ParseDigestError};
pub use error::EncodeError;
pub(crate) use spelled::{Spelled, Spot};
pub use text::short_text;

use digester::Digester;
use output::Purpose;

/// The digest of one argument's value: BLAKE3 over its canonical `encoding`.
///
/// Vectors and slices of numbers, strings and byte strings are hashed where they lie, on
/// several threads if they are large. Memory use does not grow with the value, except by
/// 32 bytes for each element of an unordered collection.
///
/// # Errors
///
/// When the value's own `Serialize` fails, or breaks the rules of serde.
pub fn digest_of<T: Serialize + ?Sized>(value: &T) -> Result<Digest, EncodeError> {
    let mut digester = Digester::new(Purpose::Argument);
    digester.encode(value)?;
    digester.finish()
}
