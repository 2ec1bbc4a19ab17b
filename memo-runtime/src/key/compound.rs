//! What has parts: lists of elements, of fields, and of entries.
//!
//! Every list is closed by an end tag, so the lengths that a `Serialize`
//! implementation announces need not be known, nor be right.

use serde::Serialize;
use serde::ser;

use super::digester::{Digester, Place};
use super::error::EncodeError;
use super::tag::Tag;

/// The elements of a sequence or of any kind of tuple.
pub(super) struct Elements<'a>(pub(super) &'a mut Digester);

impl Elements<'_> {
    #[inline]
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        self.0.encode_at(Place::Element, value)
    }

    #[inline]
    fn finish(self) {
        self.0.end_elements();
    }
}

macro_rules! elements {
    ($($kind:ident :: $method:ident),*) => {$(
        impl ser::$kind for Elements<'_> {
            type Ok = ();
            type Error = EncodeError;

            #[inline]
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
                self.element(value)
            }

            #[inline]
            fn end(self) -> Result<(), EncodeError> {
                self.finish();
                Ok(())
            }
        }
    )*};
}

elements! {
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
}

/// The named fields of a struct or of a struct variant.
pub(super) struct Fields<'a>(pub(super) &'a mut Digester);

macro_rules! fields {
    ($($kind:ident),*) => {$(
        impl ser::$kind for Fields<'_> {
            type Ok = ();
            type Error = EncodeError;

            #[inline]
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), EncodeError> {
                let output = self.0.begin(Place::Single, Tag::Field);
                output.counted(name.as_bytes());
                self.0.encode(value)
            }

            #[inline]
            fn skip_field(&mut self, name: &'static str) -> Result<(), EncodeError> {
                let output = self.0.begin(Place::Single, Tag::SkippedField);
                output.counted(name.as_bytes());
                Ok(())
            }

            #[inline]
            fn end(self) -> Result<(), EncodeError> {
                self.0.output.tag(Tag::End);
                Ok(())
            }
        }
    )*};
}

fields!(SerializeStruct, SerializeStructVariant);

/// The entries of an ordered map, keys and values by turns.
pub(super) struct Entries<'a> {
    digester: &'a mut Digester,
    value_is_due: bool,
}

impl<'a> Entries<'a> {
    pub(super) fn new(digester: &'a mut Digester) -> Self {
        Self {
            digester,
            value_is_due: false,
        }
    }
}

impl ser::SerializeMap for Entries<'_> {
    type Ok = ();
    type Error = EncodeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), EncodeError> {
        if self.value_is_due {
            return Err(self.digester.misuse("a map has a key without a value"));
        }
        self.value_is_due = true;
        self.digester.encode(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        if !self.value_is_due {
            return Err(self.digester.misuse("a map has a value without a key"));
        }
        self.value_is_due = false;
        self.digester.encode(value)
    }

    fn end(self) -> Result<(), EncodeError> {
        if self.value_is_due {
            return Err(self.digester.misuse("a map has a key without a value"));
        }
        self.digester.output.tag(Tag::End);
        Ok(())
    }
}
