//! What stands between brackets.
//!
//! Of a long sequence or map only the first few items are shown, and how many
//! there are. An iterator is left there; a value that hands over its items one
//! by one is stopped, which also ends the text.

use serde::ser::{self, Serialize};

use super::describer::Describer;
use super::{ELLIPSIS, Stop, Text};

/// The longest list that is shown in full.
const SHORT: usize = 8;

/// How many items are shown of a longer one.
const SHOWN_OF_LONG: usize = 3;

/// Unnamed items: elements, or entries of a map.
pub(super) struct Items<'a> {
    text: &'a mut Text,
    closing: &'static str,
    shown: usize,
    limit: usize,
    /// How many there are, where that is more than are shown.
    total: Option<usize>,
}

impl<'a> Items<'a> {
    /// A list of all its items.
    pub(super) fn begin(
        text: &'a mut Text,
        opening: &str,
        closing: &'static str,
    ) -> Result<Self, Stop> {
        text.open(opening)?;
        Ok(Self {
            text,
            closing,
            shown: 0,
            limit: usize::MAX,
            total: None,
        })
    }

    /// A list of the first items, if there are many.
    pub(super) fn begin_abridged(
        text: &'a mut Text,
        opening: &str,
        closing: &'static str,
        len: Option<usize>,
    ) -> Result<Self, Stop> {
        let total = len.filter(|&len| len > SHORT);
        Ok(Self {
            limit: if total.is_some() {
                SHOWN_OF_LONG
            } else {
                SHORT
            },
            total,
            ..Self::begin(text, opening, closing)?
        })
    }

    /// The next item to show, and a mark in the text where items are left out.
    pub(super) fn next_of<I: Iterator>(&mut self, items: &mut I) -> Result<Option<I::Item>, Stop> {
        if self.shown < self.limit {
            return Ok(items.next());
        }
        if items.next().is_some() {
            self.leave_out_rest()?;
        }
        Ok(None)
    }

    pub(super) fn item<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Stop> {
        if self.shown == self.limit {
            self.leave_out_rest()?;
            self.text.close(self.closing)?;
            return Err(self.text.stop());
        }
        if self.shown > 0 {
            self.text.push(", ")?;
        }
        self.shown += 1;
        item.serialize(Describer(self.text))
    }

    pub(super) fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stop> {
        self.text.push(": ")?;
        value.serialize(Describer(self.text))
    }

    pub(super) fn finish(self) -> Result<(), Stop> {
        self.text.close(self.closing)
    }

    fn leave_out_rest(&mut self) -> Result<(), Stop> {
        self.text.push(", ")?;
        self.text.push(ELLIPSIS)?;
        match self.total {
            Some(total) => self.text.show(format_args!(" {total} items")),
            None => Ok(()),
        }
    }
}

macro_rules! items {
    ($($kind:ident :: $method:ident),*) => {$(
        impl ser::$kind for Items<'_> {
            type Ok = ();
            type Error = Stop;

            fn $method<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Stop> {
                self.item(item)
            }

            fn end(self) -> Result<(), Stop> {
                self.finish()
            }
        }
    )*};
}

items! {
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
}

impl ser::SerializeMap for Items<'_> {
    type Ok = ();
    type Error = Stop;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Stop> {
        self.item(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stop> {
        self.value(value)
    }

    fn end(self) -> Result<(), Stop> {
        self.finish()
    }
}

/// Named fields.
pub(super) struct Fields<'a> {
    text: &'a mut Text,
    shown: usize,
}

impl<'a> Fields<'a> {
    pub(super) fn begin(text: &'a mut Text) -> Result<Self, Stop> {
        text.open(" {")?;
        Ok(Self { text, shown: 0 })
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Stop> {
        self.text.push(if self.shown == 0 { " " } else { ", " })?;
        self.shown += 1;
        self.text.show_name(name)?;
        self.text.push(": ")?;
        value.serialize(Describer(self.text))
    }

    fn finish(self) -> Result<(), Stop> {
        self.text.close(if self.shown == 0 { "}" } else { " }" })
    }
}

macro_rules! fields {
    ($($kind:ident),*) => {$(
        impl ser::$kind for Fields<'_> {
            type Ok = ();
            type Error = Stop;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Stop> {
                self.field(name, value)
            }

            fn end(self) -> Result<(), Stop> {
                self.finish()
            }
        }
    )*};
}

fields!(SerializeStruct, SerializeStructVariant);
