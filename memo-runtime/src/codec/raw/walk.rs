//! From a value to its parts: into `Option`, `Result` and tuples, and no
//! further.
//!
//! What must hold: what is handed on as borrowed for as long as the value is
//! part of it.

#![allow(
    unsafe_code,
    reason = "serde hands on parts of values without saying how long they are borrowed"
)]

use std::any::type_name;

use serde::ser::{Impossible, SerializeTuple};
use serde::{Serialize, Serializer};

use super::Refused;
use super::table::Variant;
use crate::cast::AnyRef;

/// Is told the parts of a value, each before those within it.
pub(super) trait Visitor<'a> {
    fn none(&mut self) {}
    fn some(&mut self) {}
    fn variant(&mut self, _: Variant) {}
    fn tuple(&mut self, _: u32) {}
    /// A part that is none of these.
    fn leaf<T: Serialize + ?Sized>(&mut self, value: &T, any: AnyRef<'a>) -> Result<(), Refused>;
}

/// Tells the parts of `value` to `visitor`.
pub(super) fn walk<'a, T: Serialize + ?Sized>(
    value: &'a T,
    visitor: &mut impl Visitor<'a>,
) -> Result<(), Refused> {
    enter(value, AnyRef::new(value), visitor)
}

fn enter<'a, T: Serialize + ?Sized>(
    value: &T,
    any: AnyRef<'a>,
    visitor: &mut impl Visitor<'a>,
) -> Result<(), Refused> {
    match is_opened(type_name::<T>()) {
        true => value.serialize(Walker {
            whole: any,
            visitor,
        }),
        false => visitor.leaf(value, any),
    }
}

/// Whether the type of this name is an `Option`, a `Result` or a tuple.
fn is_opened(type_name: &str) -> bool {
    type_name != "()"
        && ["core::option::Option<", "core::result::Result<", "("]
            .iter()
            .any(|begin| type_name.starts_with(begin))
}

/// Takes apart a value of a type that [`is_opened`].
struct Walker<'a, 'v, V> {
    whole: AnyRef<'a>,
    visitor: &'v mut V,
}

impl<'a, V: Visitor<'a>> Walker<'a, '_, V> {
    fn part<T: Serialize + ?Sized>(&mut self, part: &T) -> Result<(), Refused> {
        // SAFETY: the whole is an `Option`, a `Result` or a tuple, of which the
        // `Serialize` gives its fields, one by one. None of these lets a field
        // be changed while it is borrowed itself.
        let any = unsafe { self.whole.part(part) };
        enter(part, any.map_or_else(unexpected, Ok)?, self.visitor)
    }
}

fn unexpected<R>() -> Result<R, Refused> {
    Err(Refused::because("it serializes as something else"))
}

macro_rules! unexpected {
    ($($method:ident($($argument:ty),*) $(-> $result:ty)?;)*) => {$(
        fn $method(self, $(_: $argument),*) -> unexpected!(@ $($result)?) {
            unexpected()
        }
    )*};
    (@) => { Result<(), Refused> };
    (@ $result:ty) => { Result<$result, Refused> };
}

impl<'a, V: Visitor<'a>> Serializer for Walker<'a, '_, V> {
    type Ok = ();
    type Error = Refused;
    type SerializeSeq = Impossible<(), Refused>;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Impossible<(), Refused>;
    type SerializeTupleVariant = Impossible<(), Refused>;
    type SerializeMap = Impossible<(), Refused>;
    type SerializeStruct = Impossible<(), Refused>;
    type SerializeStructVariant = Impossible<(), Refused>;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_none(self) -> Result<(), Refused> {
        self.visitor.none();
        Ok(())
    }

    fn serialize_some<U: Serialize + ?Sized>(mut self, value: &U) -> Result<(), Refused> {
        self.visitor.some();
        self.part(value)
    }

    fn serialize_newtype_variant<U: Serialize + ?Sized>(
        mut self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &U,
    ) -> Result<(), Refused> {
        self.visitor.variant(match variant {
            "Ok" => Variant::Ok,
            "Err" => Variant::Err,
            _ => return unexpected(),
        });
        self.part(value)
    }

    fn serialize_tuple(self, len: usize) -> Result<Self, Refused> {
        let len = u32::try_from(len).or_else(|_| unexpected())?;
        self.visitor.tuple(len);
        Ok(self)
    }

    fn serialize_newtype_struct<U: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &U,
    ) -> Result<(), Refused> {
        unexpected()
    }

    unexpected! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_i128(i128);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
        serialize_u128(u128);
        serialize_f32(f32);
        serialize_f64(f64);
        serialize_char(char);
        serialize_str(&str);
        serialize_bytes(&[u8]);
        serialize_unit();
        serialize_unit_struct(&'static str);
        serialize_unit_variant(&'static str, u32, &'static str);
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize)
            -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct(&'static str, usize) -> Self::SerializeStruct;
        serialize_struct_variant(&'static str, u32, &'static str, usize)
            -> Self::SerializeStructVariant;
    }
}

impl<'a, V: Visitor<'a>> SerializeTuple for Walker<'a, '_, V> {
    type Ok = ();
    type Error = Refused;

    fn serialize_element<U: Serialize + ?Sized>(&mut self, value: &U) -> Result<(), Refused> {
        self.part(value)
    }

    fn end(self) -> Result<(), Refused> {
        Ok(())
    }
}
