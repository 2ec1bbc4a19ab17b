//! The shape of a type: a digest of what its `Deserialize` asks for.
//!
//! A stored `{ x, y }` whose fields have since changed places would decode
//! without an error and mean something else. So the names and order of
//! fields and variants, at every depth, are part of the key. They are found
//! by deserializing the type from nothing: every question it asks is hashed
//! and answered with a harmless value. Enums are asked for again until every
//! variant has been seen.
//!
//! The digest depends on the type alone, never on a value. A type that
//! refuses the harmless values, contains itself, or is very large is known
//! only in part, and says so: its values are then encoded with the names of
//! their fields, so that what is not known cannot be mixed up.

use std::any::type_name;
use std::collections::HashMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::de::value::U32Deserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};

use super::is_plain;
use crate::key::{Digest, KeyBuilder};

/// Deeper questions than this are those of a type that contains itself.
const MAX_DEPTH: usize = 24;
const MAX_QUESTIONS: usize = 10_000;
const MAX_PASSES: usize = 256;

/// What is known of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The digest of the type's name and of all that it asked for.
    pub(crate) digest: Digest,
    /// Whether it asked for everything that it is made of.
    pub(crate) complete: bool,
}

/// The shape of `T`. That of a type of the standard library is complete, for
/// its name tells all.
pub(crate) fn of_type<T: DeserializeOwned>() -> Shape {
    let name = type_name::<T>();
    let asked = shape_of::<T>(name);
    Shape {
        complete: asked.complete || is_plain(name),
        ..asked
    }
}

fn shape_of<T: DeserializeOwned>(name: &str) -> Shape {
    let mut asked = Asked::new(name);
    let mut complete = true;
    for pass in 1.. {
        let tracer = Tracer {
            asked: &mut asked,
            depth: 0,
            place: 0,
        };
        // A type may index into what it is given, and find nothing there.
        let pass_ends = catch_unwind(AssertUnwindSafe(|| T::deserialize(tracer).is_ok()));
        complete &= pass_ends.unwrap_or(false);
        if asked.unseen_variants == 0 {
            break;
        }
        if pass == MAX_PASSES || asked.questions > MAX_QUESTIONS {
            complete = false;
            break;
        }
    }
    Shape {
        digest: asked.hasher.finish(),
        complete,
    }
}

struct Asked {
    hasher: KeyBuilder,
    questions: usize,
    /// How often each enum was met, by its place in the type.
    met: HashMap<u64, usize>,
    unseen_variants: usize,
}

impl Asked {
    fn new(name: &str) -> Self {
        let mut hasher = KeyBuilder::new();
        hasher.field("type", name.as_bytes());
        Self {
            hasher,
            questions: 0,
            met: HashMap::new(),
            unseen_variants: 0,
        }
    }

    fn names(&mut self, kind: &str, name: &str, parts: &[&str]) {
        self.hasher.field(kind, name.as_bytes());
        self.hasher.number("parts", parts.len() as u64);
        for part in parts {
            self.hasher.field("part", part.as_bytes());
        }
    }

    /// The variant to answer with: each in turn.
    fn variant(&mut self, place: u64, variants: usize) -> usize {
        if !self.met.contains_key(&place) {
            self.unseen_variants += variants;
        }
        let met = self.met.entry(place).or_default();
        if *met < variants {
            self.unseen_variants -= 1;
        }
        *met += 1;
        (*met - 1).checked_rem(variants).unwrap_or(0)
    }
}

/// The end of a pass, wherever it came.
#[derive(Debug)]
struct GaveUp;

impl fmt::Display for GaveUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the type gave up")
    }
}

impl std::error::Error for GaveUp {}

impl serde::de::Error for GaveUp {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

struct Tracer<'a> {
    asked: &'a mut Asked,
    depth: usize,
    /// Where in the type this is: a digest of the way from its root.
    place: u64,
}

impl Tracer<'_> {
    fn question(&mut self, kind: &str) -> Result<(), GaveUp> {
        self.asked.questions += 1;
        if self.depth > MAX_DEPTH || self.asked.questions > MAX_QUESTIONS {
            return Err(GaveUp);
        }
        self.asked.hasher.field("asks", kind.as_bytes());
        Ok(())
    }

    /// The part number `index`.
    fn inner(&mut self, index: usize) -> Tracer<'_> {
        let mut hasher = DefaultHasher::new();
        (self.place, index).hash(&mut hasher);
        Tracer {
            asked: self.asked,
            depth: self.depth + 1,
            place: hasher.finish(),
        }
    }

    fn items(&mut self, left: usize) -> Items<'_> {
        Items {
            tracer: self.inner(0),
            left,
        }
    }
}

macro_rules! answer {
    ($($question:ident => $visit:ident($($value:expr)?);)*) => {$(
        fn $question<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, GaveUp> {
            self.question(stringify!($question))?;
            visitor.$visit($($value)?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Tracer<'_> {
    type Error = GaveUp;

    fn is_human_readable(&self) -> bool {
        false
    }

    // One and not zero, for the sake of `NonZero` types.
    answer! {
        deserialize_any => visit_unit();
        deserialize_bool => visit_bool(true);
        deserialize_i8 => visit_i8(1);
        deserialize_i16 => visit_i16(1);
        deserialize_i32 => visit_i32(1);
        deserialize_i64 => visit_i64(1);
        deserialize_i128 => visit_i128(1);
        deserialize_u8 => visit_u8(1);
        deserialize_u16 => visit_u16(1);
        deserialize_u32 => visit_u32(1);
        deserialize_u64 => visit_u64(1);
        deserialize_u128 => visit_u128(1);
        deserialize_f32 => visit_f32(1.0);
        deserialize_f64 => visit_f64(1.0);
        deserialize_char => visit_char('a');
        deserialize_str => visit_borrowed_str("a");
        deserialize_string => visit_borrowed_str("a");
        deserialize_bytes => visit_borrowed_bytes(b"a");
        deserialize_byte_buf => visit_borrowed_bytes(b"a");
        deserialize_unit => visit_unit();
        deserialize_identifier => visit_borrowed_str("a");
        deserialize_ignored_any => visit_unit();
    }

    fn deserialize_option<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, GaveUp> {
        self.question("option")?;
        visitor.visit_some(self.inner(0))
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, GaveUp> {
        self.question("unit struct")?;
        self.asked.names("name", name, &[]);
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, GaveUp> {
        self.question("newtype struct")?;
        self.asked.names("name", name, &[]);
        visitor.visit_newtype_struct(self.inner(0))
    }

    fn deserialize_seq<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, GaveUp> {
        self.question("seq")?;
        visitor.visit_seq(self.items(1))
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        mut self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, GaveUp> {
        self.question("tuple")?;
        self.asked.hasher.number("length", len as u64);
        visitor.visit_seq(self.items(len))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, GaveUp> {
        self.question("tuple struct")?;
        self.asked.names("name", name, &[]);
        self.asked.hasher.number("length", len as u64);
        visitor.visit_seq(self.items(len))
    }

    fn deserialize_map<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, GaveUp> {
        self.question("map")?;
        visitor.visit_map(self.items(1))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, GaveUp> {
        self.question("struct")?;
        self.asked.names("name", name, fields);
        visitor.visit_seq(self.items(fields.len()))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, GaveUp> {
        self.question("enum")?;
        self.asked.names("name", name, variants);
        let variant = self.asked.variant(self.place, variants.len());
        self.asked.hasher.number("variant", variant as u64);
        let index = u32::try_from(variant).map_err(GaveUp::custom)?;
        let tracer = self.inner(variant);
        visitor.visit_enum(Variant { tracer, index })
    }
}

/// A sequence or map of which `left` items are still to come.
struct Items<'a> {
    tracer: Tracer<'a>,
    left: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = GaveUp;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, GaveUp> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(self.tracer.inner(self.left)).map(Some)
    }
}

impl<'de> MapAccess<'de> for Items<'_> {
    type Error = GaveUp;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, GaveUp> {
        self.next_element_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, GaveUp> {
        seed.deserialize(self.tracer.inner(usize::MAX))
    }
}

/// The answer to an enum: its variant number `index`.
struct Variant<'a> {
    tracer: Tracer<'a>,
    index: u32,
}

impl<'de> EnumAccess<'de> for Variant<'_> {
    type Error = GaveUp;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), GaveUp> {
        let index = U32Deserializer::<GaveUp>::new(self.index);
        Ok((seed.deserialize(index)?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = GaveUp;

    fn unit_variant(mut self) -> Result<(), GaveUp> {
        self.tracer.question("unit variant")
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(
        mut self,
        seed: S,
    ) -> Result<S::Value, GaveUp> {
        self.tracer.question("newtype variant")?;
        seed.deserialize(self.tracer.inner(0))
    }

    fn tuple_variant<V: Visitor<'de>>(
        mut self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, GaveUp> {
        self.tracer.question("tuple variant")?;
        self.tracer.asked.hasher.number("length", len as u64);
        visitor.visit_seq(self.tracer.items(len))
    }

    fn struct_variant<V: Visitor<'de>>(
        mut self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, GaveUp> {
        self.tracer.question("struct variant")?;
        self.tracer.asked.names("fields", "", fields);
        visitor.visit_seq(self.tracer.items(fields.len()))
    }
}

#[cfg(test)]
mod tests;
