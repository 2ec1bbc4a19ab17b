//! The parts of a value, its arrays borrowed.

use std::any::type_name;
use std::borrow::Cow;

use serde::Serialize;

use super::coded::Coded;
use super::table::{ByteOrder, Leaf, Part, Place, Table, Variant, aligned};
use super::walk::{self, Visitor};
use super::{Refused, arrays};
use crate::cast::AnyRef;
use crate::codec::{Chosen, Codec, Encoded};

/// The parts of a value, of which those that are no arrays have no bytes yet.
pub(super) struct Outline<'a> {
    pub(super) parts: Vec<Part>,
    /// The bytes of the parts that have any; `None` where they are to be coded.
    leaves: Vec<Option<Cow<'a, [u8]>>>,
}

impl<'a> Outline<'a> {
    /// That of a value; `None` if there is no array in it.
    pub(super) fn of<T: Serialize>(value: &'a T) -> Option<Self> {
        let mut outline = Self {
            parts: Vec::new(),
            leaves: Vec::new(),
        };
        walk::walk(value, &mut outline).ok()?;
        let has_arrays = outline.leaves.iter().any(Option::is_some);
        has_arrays.then_some(outline)
    }

    /// Whether each part that has bytes is an array.
    pub(super) fn are_arrays(&self) -> impl Iterator<Item = bool> {
        self.leaves.iter().map(Option::is_some)
    }

    /// How many bytes its arrays have.
    pub(super) fn bytes(&self) -> usize {
        self.leaves.iter().flatten().map(|bytes| bytes.len()).sum()
    }

    /// Whether no array has an order that other codecs would not keep.
    pub(super) fn is_without_order(&self) -> bool {
        self.parts.iter().all(|part| match part {
            Part::Leaf(Leaf::Array(form, _), _) => form.is_vector(),
            _ => true,
        })
    }

    /// The bytes of the value, given those of what is no array.
    pub(super) fn filled(self, coded: Vec<Coded>) -> Chosen<'a> {
        let Self { mut parts, leaves } = self;
        let mut coded = coded.into_iter();
        let mut bytes = Vec::with_capacity(leaves.len());
        let places = parts.iter_mut().filter_map(|part| match part {
            Part::Leaf(leaf, place) => Some((leaf, place)),
            _ => None,
        });
        for ((leaf, place), array) in places.zip(leaves) {
            let of_leaf = match (array, leaf) {
                (None, Leaf::Coded(codec, _)) => {
                    let coded = coded.next().ok_or("a part has not been encoded")?;
                    *codec = coded.codec;
                    Cow::Owned(coded.bytes)
                }
                (array, _) => array.unwrap_or_default(),
            };
            place.len = of_leaf.len() as u64;
            bytes.push(of_leaf);
        }
        let head = Table::lay_out(parts).ok_or("the value is too large")?;
        Ok(Encoded::in_memory(Codec::Raw, padded(head, bytes)))
    }

    /// The parts if all arrays had no elements; or one, if they have no
    /// dimension that could be nothing.
    pub(super) fn emptied(&self) -> Vec<Part> {
        let mut parts = self.parts.clone();
        for part in &mut parts {
            if let Part::Leaf(Leaf::Array(form, _), place) = part {
                form.dims.fill(0);
                place.len = form.bytes().unwrap_or(0);
            }
        }
        parts
    }

    fn add(&mut self, leaf: Leaf, bytes: Option<Cow<'a, [u8]>>) {
        let place = Place { begin: 0, len: 0 };
        self.parts.push(Part::Leaf(leaf, place));
        self.leaves.push(bytes);
    }
}

/// All pieces, with zeros between them up to where the next has to begin.
fn padded<'a>(head: Vec<u8>, bytes: Vec<Cow<'a, [u8]>>) -> Vec<Cow<'a, [u8]>> {
    const ZEROS: &[u8] = &[0; super::table::ALIGNMENT as usize];
    let mut pieces = vec![Cow::Owned(head)];
    let mut gap = 0;
    for piece in bytes {
        if gap > 0 {
            pieces.push(Cow::Borrowed(&ZEROS[..gap]));
        }
        let len = piece.len() as u64;
        gap = aligned(len).map_or(0, |end| (end - len) as usize);
        if len > 0 {
            pieces.push(piece);
        }
    }
    pieces
}

impl<'a> Visitor<'a> for Outline<'a> {
    fn none(&mut self) {
        self.parts.push(Part::None);
    }

    fn some(&mut self) {
        self.parts.push(Part::Some);
    }

    fn variant(&mut self, variant: Variant) {
        self.parts.push(Part::Variant(variant));
    }

    fn tuple(&mut self, len: u32) {
        self.parts.push(Part::Tuple(len));
    }

    fn leaf<T: Serialize + ?Sized>(&mut self, _: &T, any: AnyRef<'a>) -> Result<(), Refused> {
        if let Some(text) = any.get::<String>() {
            self.add(Leaf::Text, Some(Cow::Borrowed(text.as_bytes())));
        } else if let Some(array) = arrays::view(any) {
            let leaf = Leaf::Array(array.form, ByteOrder::Little);
            self.add(leaf, Some(array.bytes));
        } else {
            let name = type_name::<T>().to_owned();
            self.add(Leaf::Coded(Codec::Bincode, name), None);
        }
        Ok(())
    }
}
