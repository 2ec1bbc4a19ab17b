//! The shape of a type: a digest of what its `Deserialize` asks for.
//!
//! A stored `{ x, y }` whose fields have since changed places would decode
//! without an error and mean something else. So the names and order of
//! fields and variants, at every depth, are part of the key. They are found
//! by deserializing the type from nothing: every question it asks is hashed
//! and answered with a harmless value. Enums are asked for again until every
//! variant has been seen.
//!
//! The digest depends on the type alone, never on a value, so it is computed
//! once a function and process. A type that refuses the harmless values is
//! known up to the question where it gave up, and by its name.

use std::any::type_name;
use std::collections::HashMap;
use std::fmt;

use serde::de::value::U32Deserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};

use crate::key::{Digest, KeyBuilder};

/// Deeper questions than this are those of a type that contains itself.
const MAX_DEPTH: usize = 24;
/// Optional parts nested deeper than this are answered with "none".
const MAX_OPTIONAL: usize = 4;
const MAX_QUESTIONS: usize = 10_000;
const MAX_PASSES: usize = 256;

/// The digest of `T`'s name and shape.
pub(crate) fn digest_of_type<T: DeserializeOwned>() -> Digest {
    let mut asked = Asked::new(type_name::<T>());
    for _ in 0..MAX_PASSES {
        let known = asked.seen_variants;
        let _ = T::deserialize(Tracer {
            asked: &mut asked,
            depth: 0,
            optional: 0,
        });
        if asked.seen_variants == known || asked.questions > MAX_QUESTIONS {
            break;
        }
    }
    asked.hasher.finish()
}

struct Asked {
    hasher: KeyBuilder,
    questions: usize,
    next_variant: HashMap<&'static str, usize>,
    seen_variants: usize,
}

impl Asked {
    fn new(name: &str) -> Self {
        let mut hasher = KeyBuilder::new();
        hasher.field("type", name.as_bytes());
        Self {
            hasher,
            questions: 0,
            next_variant: HashMap::new(),
            seen_variants: 0,
        }
    }

    fn names(&mut self, kind: &str, name: &str, parts: &[&str]) {
        self.hasher.field(kind, name.as_bytes());
        self.hasher.number("parts", parts.len() as u64);
        for part in parts {
            self.hasher.field("part", part.as_bytes());
        }
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
    optional: usize,
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

    fn inner(&mut self) -> Tracer<'_> {
        Tracer {
            asked: self.asked,
            depth: self.depth + 1,
            optional: self.optional,
        }
    }

    fn items(&mut self, left: usize) -> Items<'_> {
        Items {
            tracer: self.inner(),
            left,
        }
    }

    /// Begins a part that may as well be absent; whether it is explored.
    fn explores_optional(&mut self) -> bool {
        self.optional += 1;
        self.optional <= MAX_OPTIONAL
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
        if self.explores_optional() {
            visitor.visit_some(self.inner())
        } else {
            visitor.visit_none()
        }
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
        visitor.visit_newtype_struct(self.inner())
    }

    fn deserialize_seq<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, GaveUp> {
        self.question("seq")?;
        let items = usize::from(self.explores_optional());
        visitor.visit_seq(self.items(items))
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
        let entries = usize::from(self.explores_optional());
        visitor.visit_map(self.items(entries))
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
        let next = self.asked.next_variant.entry(name).or_default();
        let variant = if *next < variants.len() {
            *next += 1;
            self.asked.seen_variants += 1;
            *next - 1
        } else {
            0
        };
        self.asked.hasher.number("variant", variant as u64);
        let index = u32::try_from(variant).map_err(GaveUp::custom)?;
        visitor.visit_enum(Variant {
            tracer: self,
            index,
        })
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
        seed.deserialize(self.tracer.inner()).map(Some)
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
        seed.deserialize(self.tracer.inner())
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
        seed.deserialize(self.tracer.inner())
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
