//! The canonical encoding of values. This page is normative: it says which bytes are
//! hashed, and the golden vectors in the tests pin it.
//!
//! # Digest of an argument
//!
//! The digest of an argument is BLAKE3 in key derivation mode, with the context string
//! `memo-runtime 1 argument`, over the encoding of its value as it serializes to a
//! format that is not human-readable.
//!
//! # Grammar
//!
//! Numbers are little-endian. `u64(n)` stands for eight bytes, `u32(n)` for four, and
//! `text(s)` for `u64(length in bytes)` and then the bytes. `*` is any number of times.
//!
//! ```text
//! value       = primitive | other
//!
//! primitive   = 01 byte                    bool: 00 or 01
//!             | 10 1 byte                  u8
//!             | 11 2 bytes                 u16
//!             | 12 4 bytes                 u32
//!             | 13 8 bytes                 u64
//!             | 14 16 bytes                u128
//!             | 18 1 byte                  i8
//!             | 19 2 bytes                 i16
//!             | 1a 4 bytes                 i32
//!             | 1b 8 bytes                 i64
//!             | 1c 16 bytes                i128
//!             | 20 4 bytes                 f32: its bits
//!             | 21 8 bytes                 f64: its bits
//!
//! other       = 28 u32(scalar value)       char
//!             | 30 text(UTF-8)             string
//!             | 31 text(bytes)             byte string
//!             | 40                         None
//!             | 41 value                   Some
//!             | 50                         unit
//!             | 51 text(name)              unit struct
//!             | 52 text(name) value        newtype struct
//!             | 53 elements                tuple, array
//!             | 54 text(name) elements     tuple struct
//!             | 55 text(name) fields       struct
//!             | 60 variant                 unit variant
//!             | 61 variant value           newtype variant
//!             | 62 variant elements        tuple variant
//!             | 63 variant fields          struct variant
//!             | 70 elements                sequence
//!             | 71 (value value)* 00       map: keys and values, in order
//!             | 72 u64(count) digest*      sequence without order
//!             | 73 u64(count) digest*      map without order
//!
//! variant     = text(name of the enum) u32(index) text(name of the variant)
//! fields      = (field | skipped)* 00
//! field       = 56 text(name) value
//! skipped     = 57 text(name)
//! elements    = (run | other)* 00
//! run         = 80 tag u64(count) bytes    of at most 1024 bytes
//!             | 81 tag u64(count) digest   of more than 1024 bytes
//! ```
//!
//! - `usize` and `isize` are `u64` and `i64`.
//! - A **run** is all there is of neighbouring elements that are primitives of one type,
//!   even if it is only one element. `tag` is the tag that they share, and the bytes are
//!   theirs, one after the other without it. In place of many bytes stands their
//!   BLAKE3 digest (32 bytes, default mode).
//! - **Without order** are `HashMap` and `HashSet` of `std` and of `hashbrown`, with any
//!   hasher. Each digest (32 bytes) is BLAKE3 in key derivation mode, with the context string
//!   `memo-runtime 1 unordered element`, over the element, or over the entry's key and
//!   then its value. The digests stand in ascending order of their bytes, equal
//!   ones as often as they occur.
//! - The lengths that a value announces for a sequence, tuple, map or struct are not
//!   encoded; what it hands over is.
//!
//! The first byte of a value, field or run is never `00` and tells its kind, and from there
//! on every part has a fixed length, a length in front, or an end. So no encoding is the
//! beginning of another, and each can be read in one way only.

use serde::ser::{self, Serialize, SerializeMap, SerializeSeq};

use super::compound::{Elements, Entries, Fields};
use super::digester::{Digester, Place};
use super::error::EncodeError;
use super::numbers::Numbers;
use super::output::Output;
use super::tag::Tag;
use super::unordered::{is_unordered, write_elements};

/// Writes one value to a digester.
pub(super) struct Encoder<'a> {
    digester: &'a mut Digester,
    place: Place,
}

impl<'a> Encoder<'a> {
    #[inline]
    pub(super) fn new(digester: &'a mut Digester, place: Place) -> Self {
        Self { digester, place }
    }

    #[inline]
    fn begin(self, tag: Tag) -> &'a mut Digester {
        self.digester.begin(self.place, tag);
        self.digester
    }

    #[inline]
    fn begin_named(self, tag: Tag, name: &str) -> &'a mut Digester {
        let digester = self.begin(tag);
        digester.output.counted(name.as_bytes());
        digester
    }

    #[inline]
    fn begin_variant(self, tag: Tag, name: &str, index: u32, variant: &str) -> &'a mut Digester {
        let digester = self.begin_named(tag, name);
        digester.output.bytes(&index.to_le_bytes());
        digester.output.counted(variant.as_bytes());
        digester
    }
}

macro_rules! primitives {
    ($($method:ident($type:ty) => $tag:ident),* $(,)?) => {$(
        #[inline]
        fn $method(self, value: $type) -> Result<(), EncodeError> {
            self.digester.primitive(self.place, Tag::$tag, value.to_le_bytes());
            Ok(())
        }
    )*};
}

impl<'a> ser::Serializer for Encoder<'a> {
    type Ok = ();
    type Error = EncodeError;
    type SerializeSeq = Elements<'a>;
    type SerializeTuple = Elements<'a>;
    type SerializeTupleStruct = Elements<'a>;
    type SerializeTupleVariant = Elements<'a>;
    type SerializeMap = Entries<'a>;
    type SerializeStruct = Fields<'a>;
    type SerializeStructVariant = Fields<'a>;

    primitives! {
        serialize_u8(u8) => U8,
        serialize_u16(u16) => U16,
        serialize_u32(u32) => U32,
        serialize_u64(u64) => U64,
        serialize_u128(u128) => U128,
        serialize_i8(i8) => I8,
        serialize_i16(i16) => I16,
        serialize_i32(i32) => I32,
        serialize_i64(i64) => I64,
        serialize_i128(i128) => I128,
        serialize_f32(f32) => F32,
        serialize_f64(f64) => F64,
    }

    #[inline]
    fn serialize_bool(self, value: bool) -> Result<(), EncodeError> {
        self.digester
            .primitive(self.place, Tag::Bool, [u8::from(value)]);
        Ok(())
    }

    #[inline]
    fn serialize_char(self, value: char) -> Result<(), EncodeError> {
        let digester = self.begin(Tag::Char);
        digester.output.bytes(&u32::from(value).to_le_bytes());
        Ok(())
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<(), EncodeError> {
        self.begin(Tag::Str).output.counted(value.as_bytes());
        Ok(())
    }

    #[inline]
    fn serialize_bytes(self, value: &[u8]) -> Result<(), EncodeError> {
        self.begin(Tag::Bytes).output.counted(value);
        Ok(())
    }

    #[inline]
    fn serialize_none(self) -> Result<(), EncodeError> {
        self.begin(Tag::None);
        Ok(())
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), EncodeError> {
        self.begin(Tag::Some).encode(value)
    }

    #[inline]
    fn serialize_unit(self) -> Result<(), EncodeError> {
        self.begin(Tag::Unit);
        Ok(())
    }

    #[inline]
    fn serialize_unit_struct(self, name: &'static str) -> Result<(), EncodeError> {
        self.begin_named(Tag::UnitStruct, name);
        Ok(())
    }

    #[inline]
    fn serialize_unit_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
    ) -> Result<(), EncodeError> {
        self.begin_variant(Tag::UnitVariant, name, index, variant);
        Ok(())
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), EncodeError> {
        self.begin_named(Tag::NewtypeStruct, name).encode(value)
    }

    #[inline]
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), EncodeError> {
        self.begin_variant(Tag::NewtypeVariant, name, index, variant)
            .encode(value)
    }

    #[inline]
    fn serialize_seq(self, _len: Option<usize>) -> Result<Elements<'a>, EncodeError> {
        Ok(Elements(self.begin(Tag::Seq)))
    }

    #[inline]
    fn serialize_tuple(self, _len: usize) -> Result<Elements<'a>, EncodeError> {
        Ok(Elements(self.begin(Tag::Tuple)))
    }

    #[inline]
    fn serialize_tuple_struct(
        self,
        name: &'static str,
        _len: usize,
    ) -> Result<Elements<'a>, EncodeError> {
        Ok(Elements(self.begin_named(Tag::TupleStruct, name)))
    }

    #[inline]
    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Elements<'a>, EncodeError> {
        let digester = self.begin_variant(Tag::TupleVariant, name, index, variant);
        Ok(Elements(digester))
    }

    #[inline]
    fn serialize_map(self, _len: Option<usize>) -> Result<Entries<'a>, EncodeError> {
        Ok(Entries::new(self.begin(Tag::Map)))
    }

    #[inline]
    fn serialize_struct(self, name: &'static str, _len: usize) -> Result<Fields<'a>, EncodeError> {
        Ok(Fields(self.begin_named(Tag::Struct, name)))
    }

    #[inline]
    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Fields<'a>, EncodeError> {
        let digester = self.begin_variant(Tag::StructVariant, name, index, variant);
        Ok(Fields(digester))
    }

    fn collect_seq<I>(self, elements: I) -> Result<(), EncodeError>
    where
        I: IntoIterator,
        I::Item: Serialize,
    {
        if let Some(numbers) = Numbers::of(&elements) {
            self.begin(Tag::Seq).numbers(&numbers);
            return Ok(());
        }
        if is_unordered::<I>() {
            let output: &mut Output = &mut self.begin(Tag::UnorderedSeq).output;
            return write_elements(elements.into_iter(), output, |digester, element| {
                digester.encode(&element)
            });
        }
        let mut seq = self.serialize_seq(None)?;
        elements
            .into_iter()
            .try_for_each(|element| seq.serialize_element(&element))?;
        seq.end()
    }

    fn collect_map<K, V, I>(self, entries: I) -> Result<(), EncodeError>
    where
        K: Serialize,
        V: Serialize,
        I: IntoIterator<Item = (K, V)>,
    {
        if is_unordered::<I>() {
            let output: &mut Output = &mut self.begin(Tag::UnorderedMap).output;
            return write_elements(entries.into_iter(), output, |digester, (key, value)| {
                digester.encode(&key)?;
                digester.encode(&value)
            });
        }
        let mut map = self.serialize_map(None)?;
        entries
            .into_iter()
            .try_for_each(|(key, value)| map.serialize_entry(&key, &value))?;
        map.end()
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}
