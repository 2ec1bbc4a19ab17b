//! Each shape of value as text.

use serde::ser::{Serialize, Serializer};

use super::lists::{Fields, Items};
use super::{Stop, Text};

/// Writes one value to a text.
pub(super) struct Describer<'a>(pub(super) &'a mut Text);

impl<'a> Describer<'a> {
    fn within<T: Serialize + ?Sized>(self, name: &str, value: &T) -> Result<(), Stop> {
        self.0.show_name(name)?;
        self.0.open("(")?;
        value.serialize(Describer(self.0))?;
        self.0.close(")")
    }

    fn fields(self, name: &str) -> Result<Fields<'a>, Stop> {
        self.0.show_name(name)?;
        Fields::begin(self.0)
    }

    fn unnamed(self, name: &str) -> Result<Items<'a>, Stop> {
        self.0.show_name(name)?;
        Items::begin(self.0, "(", ")")
    }
}

macro_rules! shown {
    ($($method:ident($type:ty) as $format:literal),* $(,)?) => {$(
        fn $method(self, value: $type) -> Result<(), Stop> {
            self.0.show(format_args!($format, value))
        }
    )*};
}

impl<'a> Serializer for Describer<'a> {
    type Ok = ();
    type Error = Stop;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeTupleStruct = Items<'a>;
    type SerializeTupleVariant = Items<'a>;
    type SerializeMap = Items<'a>;
    type SerializeStruct = Fields<'a>;
    type SerializeStructVariant = Fields<'a>;

    shown! {
        serialize_bool(bool) as "{}",
        serialize_u8(u8) as "{}",
        serialize_u16(u16) as "{}",
        serialize_u32(u32) as "{}",
        serialize_u64(u64) as "{}",
        serialize_u128(u128) as "{}",
        serialize_i8(i8) as "{}",
        serialize_i16(i16) as "{}",
        serialize_i32(i32) as "{}",
        serialize_i64(i64) as "{}",
        serialize_i128(i128) as "{}",
        serialize_f32(f32) as "{:?}",
        serialize_f64(f64) as "{:?}",
        serialize_char(char) as "{:?}",
    }

    fn serialize_str(self, value: &str) -> Result<(), Stop> {
        self.0.show_quoted(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Stop> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), Stop> {
        self.0.push("None")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Stop> {
        self.within("Some", value)
    }

    fn serialize_unit(self) -> Result<(), Stop> {
        self.0.push("()")
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<(), Stop> {
        self.0.show_name(name)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), Stop> {
        self.0.show_name(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Stop> {
        self.within(name, value)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Stop> {
        self.within(variant, value)
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Items<'a>, Stop> {
        Items::begin_abridged(self.0, "[", "]", len)
    }

    fn serialize_tuple(self, _len: usize) -> Result<Items<'a>, Stop> {
        self.unnamed("")
    }

    fn serialize_tuple_struct(self, name: &'static str, _len: usize) -> Result<Items<'a>, Stop> {
        self.unnamed(name)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Items<'a>, Stop> {
        self.unnamed(variant)
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Items<'a>, Stop> {
        Items::begin_abridged(self.0, "{", "}", len)
    }

    fn serialize_struct(self, name: &'static str, _len: usize) -> Result<Fields<'a>, Stop> {
        self.fields(name)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Fields<'a>, Stop> {
        self.fields(variant)
    }

    fn collect_seq<I>(self, elements: I) -> Result<(), Stop>
    where
        I: IntoIterator,
        I::Item: Serialize,
    {
        let mut elements = elements.into_iter();
        let mut items = self.serialize_seq(exact_len(&elements))?;
        while let Some(element) = items.next_of(&mut elements)? {
            items.item(&element)?;
        }
        items.finish()
    }

    fn collect_map<K, V, I>(self, entries: I) -> Result<(), Stop>
    where
        K: Serialize,
        V: Serialize,
        I: IntoIterator<Item = (K, V)>,
    {
        let mut entries = entries.into_iter();
        let mut items = self.serialize_map(exact_len(&entries))?;
        while let Some((key, value)) = items.next_of(&mut entries)? {
            items.item(&key)?;
            items.value(&value)?;
        }
        items.finish()
    }
}

fn exact_len(iterator: &impl Iterator) -> Option<usize> {
    let (least, most) = iterator.size_hint();
    (Some(least) == most).then_some(least)
}
