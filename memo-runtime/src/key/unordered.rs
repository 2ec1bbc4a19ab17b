//! Collections whose order means nothing: recognising them, and digests that do not see it.
//!
//! `HashMap` and `HashSet` serialize by handing themselves to
//! [`collect_map`](serde::Serializer::collect_map) or
//! [`collect_seq`](serde::Serializer::collect_seq), generic methods that see the type of
//! the collection whatever wrapper it lies in. Its type name is all that can be asked of
//! it there, and a compiler may spell that differently some day: then a collection is not
//! recognised and misses, which a test notices.
//!
//! Recognising too much would give wrong hits, so only the collections themselves are
//! known. An iterator over one is not: keys and values that are serialized as two
//! lists belong together by their order.

use std::any::type_name;

use super::digest::Digest;
use super::digester::Digester;
use super::error::EncodeError;
use super::output::{Output, Purpose};

const UNORDERED: [&str; 4] = [
    "std::collections::hash::map::HashMap<",
    "std::collections::hash::set::HashSet<",
    "hashbrown::map::HashMap<",
    "hashbrown::set::HashSet<",
];

/// Whether `I` is a hash map or a hash set, or a reference to one.
#[inline]
pub(super) fn is_unordered<I>() -> bool {
    let mut name = type_name::<I>();
    while let Some(referent) = name.strip_prefix('&') {
        name = referent.strip_prefix("mut ").unwrap_or(referent);
    }
    UNORDERED
        .iter()
        .any(|collection| name.starts_with(collection))
}

/// Writes the digests of the elements, each encoded by itself, in ascending
/// order. An element that occurs twice counts twice.
pub(super) fn write_elements<T>(
    elements: impl Iterator<Item = T>,
    output: &mut Output,
    encode: impl Fn(&mut Digester, T) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    let mut digester = Digester::new(Purpose::UnorderedElement);
    let mut digests: Vec<Digest> = Vec::with_capacity(elements.size_hint().0);
    for element in elements {
        encode(&mut digester, element)?;
        digests.push(digester.finish()?);
    }
    digests.sort_unstable();
    output.number(digests.len() as u64);
    for digest in &digests {
        output.bytes(digest.as_bytes());
    }
    Ok(())
}
