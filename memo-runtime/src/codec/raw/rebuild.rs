//! From parts to a value, by its type.
//!
//! What must hold: an array is made of elements of its own type only, and of
//! as many as its dimensions say.

use std::any::{TypeId, type_name};
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;

use serde::de::value::U32Deserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::arrays::{self, Column};
use super::table::{Leaf, Part};
use super::{Refused, coded};
use crate::cast::AnyValue;
use crate::codec::Codec;
use crate::payload::Mapping;

/// A part with its bytes.
pub(super) enum Item<'de> {
    /// A part without bytes of its own.
    Open(&'de Part),
    /// An array or a text.
    Array(&'de Leaf, Elements<'de>),
    /// A value in another codec.
    Coded(Codec, &'de [u8]),
}

/// The elements of an array.
pub(super) enum Elements<'de> {
    /// As they were read.
    Read(Box<dyn Column>),
    /// In a mapping.
    Mapped(&'de Arc<Mapping>, Range<usize>),
}

/// The value that is made of these parts.
pub(super) fn value<T: DeserializeOwned>(items: Vec<Item<'_>>) -> Result<T, Refused> {
    let mut items = items.into_iter();
    let value = descend(&mut items, PhantomData::<T>)?;
    match items.len() {
        0 => Ok(value),
        _ => Err(Refused::because("there are more parts than the type has")),
    }
}

type Items<'de> = std::vec::IntoIter<Item<'de>>;

/// The value of the next part.
fn descend<'de, S: DeserializeSeed<'de>>(
    items: &mut Items<'de>,
    seed: S,
) -> Result<S::Value, Refused> {
    if let [Item::Coded(codec, bytes), ..] = items.as_slice() {
        let (codec, bytes) = (*codec, *bytes);
        items.next();
        return coded::decode(codec, bytes, seed);
    }
    seed.deserialize(Rebuilder { items })
}

impl Elements<'_> {
    /// They as an array of the type `wanted`; `None` if they cannot be one.
    fn into_value(self, leaf: &Leaf, wanted: TypeId) -> Result<Option<AnyValue>, Refused> {
        let column = match self {
            Self::Read(column) => column,
            Self::Mapped(mapping, at) => {
                if let Some(mapped) = arrays::mapped(leaf, mapping, &at, wanted) {
                    return Ok(Some(mapped));
                }
                let mut column = arrays::column(leaf, at.len())?;
                column.bytes_mut().copy_from_slice(&mapping[at]);
                column
            }
        };
        arrays::value(leaf, column, wanted)
    }
}

/// Answers what a type asks for with the next part. Values of the types that
/// are arrays are not asked for piece by piece: what is wanted says the type
/// of the visitor's value.
struct Rebuilder<'r, 'de> {
    items: &'r mut Items<'de>,
}

impl<'de> Rebuilder<'_, 'de> {
    /// The next part, which has to be open.
    fn open(&mut self) -> Result<&'de Part, Refused> {
        match self.items.next() {
            Some(Item::Open(part)) => Ok(part),
            _ => Err(other_parts()),
        }
    }
}

fn other_parts() -> Refused {
    Refused::because("the type is made of other parts")
}

impl<'de> Deserializer<'de> for Rebuilder<'_, 'de> {
    type Error = Refused;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Refused> {
        let Some(Item::Array(leaf, elements)) = self.items.next() else {
            return Err(other_parts());
        };
        let value = elements.into_value(leaf, typeid::of::<V::Value>())?;
        value.and_then(AnyValue::get).ok_or_else(|| {
            let wanted = type_name::<V::Value>();
            Refused::because(format!("{leaf} is no {wanted}"))
        })
    }

    fn deserialize_option<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Refused> {
        match self.open()? {
            Part::None => visitor.visit_none(),
            Part::Some => descend(self.items, Content(visitor)),
            _ => Err(other_parts()),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        mut self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Refused> {
        match self.open()? {
            Part::Tuple(parts) if *parts as usize == len => visitor.visit_seq(Parts {
                items: self.items,
                left: len,
            }),
            _ => Err(other_parts()),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        match self.open()? {
            Part::Variant(variant) => visitor.visit_enum(OneOf {
                items: self.items,
                variant: *variant as u32,
            }),
            _ => Err(other_parts()),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string
        bytes byte_buf unit unit_struct newtype_struct seq tuple_struct
        map struct identifier ignored_any
    }
}

/// What is in a `Some`.
struct Content<V>(V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Content<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(deserializer)
    }
}

/// The parts of a tuple.
struct Parts<'r, 'de> {
    items: &'r mut Items<'de>,
    left: usize,
}

impl<'de> SeqAccess<'de> for Parts<'_, 'de> {
    type Error = Refused;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Refused> {
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(None);
        };
        self.left = left;
        descend(self.items, seed).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}

/// A variant and what is in it.
struct OneOf<'r, 'de> {
    items: &'r mut Items<'de>,
    variant: u32,
}

impl<'de> EnumAccess<'de> for OneOf<'_, 'de> {
    type Error = Refused;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Refused> {
        let variant = U32Deserializer::<Refused>::new(self.variant);
        Ok((seed.deserialize(variant)?, self))
    }
}

impl<'de> VariantAccess<'de> for OneOf<'_, 'de> {
    type Error = Refused;

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Refused> {
        descend(self.items, seed)
    }

    fn unit_variant(self) -> Result<(), Refused> {
        Err(other_parts())
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Refused> {
        Err(other_parts())
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Refused> {
        Err(other_parts())
    }
}
