//! Values as bytes in files that nothing but this crate reads: a version, then the value, its
//! fields in order.
//!
//! Numbers take seven bits a byte, the lowest first; what has a length has it in front. Written by
//! hand, because it is read in unoptimized builds, in which general frameworks take ten times as
//! long. What must hold: whatever bytes are read, nothing panics, and no more is allocated than a
//! small multiple of their number.

use std::sync::Arc;

/// Begins every file: another version may write, and read out of sources, something else.
const VERSION: &[u8] = concat!("memo-code ", env!("CARGO_PKG_VERSION"), " wire 2\n").as_bytes();

/// Room for more elements is not made before so many have been read.
const MOST_AT_ONCE: usize = 1 << 10;

/// A value that can be written and read.
pub(crate) trait Wire: Sized {
    fn write(&self, out: &mut Vec<u8>);
    /// Takes a value from the front; `None` if there is none.
    fn read(from: &mut Reader<'_>) -> Option<Self>;
}

/// Bytes that are read from front to back.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

pub(crate) fn encode<T: Wire>(value: &T) -> Vec<u8> {
    let mut bytes = VERSION.to_vec();
    value.write(&mut bytes);
    bytes
}

pub(crate) fn decode<T: Wire>(bytes: &[u8]) -> Option<T> {
    let bytes = bytes.strip_prefix(VERSION)?;
    let mut reader = Reader::of(bytes);
    let value = T::read(&mut reader)?;
    reader.rest().is_empty().then_some(value)
}

pub(crate) fn write_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    bytes.len().write(out);
    out.extend_from_slice(bytes);
}

impl<'a> Reader<'a> {
    pub(crate) fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// What has not been read.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        if self.at == self.bytes.len() {
            return None;
        }
        let byte = self.bytes[self.at];
        self.at += 1;
        Some(byte)
    }

    /// Takes a zero, if there is one: a length or a mark after which nothing comes.
    fn zero(&mut self) -> bool {
        let is_zero = self.at < self.bytes.len() && self.bytes[self.at] == 0;
        if is_zero {
            self.at += 1;
        }
        is_zero
    }

    pub(crate) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(length)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    /// Bytes with their length in front.
    pub(crate) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::read(self)?;
        self.take(length)
    }

    pub(crate) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    /// The length of what takes a byte at least for each element.
    pub(crate) fn length(&mut self) -> Option<usize> {
        let length = usize::read(self)?;
        (length <= self.bytes.len() - self.at).then_some(length)
    }
}

impl Wire for u64 {
    fn write(&self, out: &mut Vec<u8>) {
        let mut rest = *self;
        while rest >= 0x80 {
            out.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        out.push(rest as u8);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let first = from.byte()?;
        if first < 0x80 {
            return Some(Self::from(first));
        }
        let mut number = Self::from(first & 0x7f);
        let mut shift = 7;
        while shift < Self::BITS {
            let byte = from.byte()?;
            number |= Self::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
            shift += 7;
        }
        None
    }
}

impl Wire for usize {
    fn write(&self, out: &mut Vec<u8>) {
        (*self as u64).write(out);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Self::try_from(u64::read(from)?).ok()
    }
}

impl Wire for u32 {
    fn write(&self, out: &mut Vec<u8>) {
        u64::from(*self).write(out);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Self::try_from(u64::read(from)?).ok()
    }
}

impl Wire for u16 {
    fn write(&self, out: &mut Vec<u8>) {
        u64::from(*self).write(out);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Self::try_from(u64::read(from)?).ok()
    }
}

impl Wire for u8 {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(*self);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.byte()
    }
}

impl Wire for bool {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        match from.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Wire for [u8; 32] {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.take(32)?.try_into().ok()
    }
}

impl Wire for String {
    fn write(&self, out: &mut Vec<u8>) {
        write_bytes(self.as_bytes(), out);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.text().map(str::to_owned)
    }
}

impl Wire for Arc<str> {
    fn write(&self, out: &mut Vec<u8>) {
        write_bytes(self.as_bytes(), out);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.text().map(Self::from)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.is_some().write(out);
        if let Some(value) = self {
            value.write(out);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        if from.zero() {
            return Some(None);
        }
        if from.byte()? != 1 {
            return None;
        }
        T::read(from).map(Some)
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.len().write(out);
        for value in self {
            value.write(out);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        if from.zero() {
            return Some(Self::new());
        }
        let length = from.length()?;
        let mut values = Self::with_capacity(length.min(MOST_AT_ONCE));
        while values.len() < length {
            values.push(T::read(from)?);
        }
        Some(values)
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
        self.1.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some((A::read(from)?, B::read(from)?))
    }
}

/// Writes and reads a struct field by field.
macro_rules! fields {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl crate::wire::Wire for $name {
            fn write(&self, out: &mut Vec<u8>) {
                $(crate::wire::Wire::write(&self.$field, out);)*
            }

            fn read(from: &mut crate::wire::Reader<'_>) -> Option<Self> {
                Some(Self { $($field: crate::wire::Wire::read(from)?),* })
            }
        }
    };
}

/// Writes an enum whose variants have no fields as its place in this list, and reads it.
macro_rules! variants {
    ($name:ident { $($variant:ident),* $(,)? }) => {
        impl $name {
            const VARIANTS: &[Self] = &[$(Self::$variant),*];
        }

        impl crate::wire::Wire for $name {
            fn write(&self, out: &mut Vec<u8>) {
                let place = Self::VARIANTS.iter().position(|variant| variant == self);
                place.unwrap_or(Self::VARIANTS.len()).write(out);
            }

            fn read(from: &mut crate::wire::Reader<'_>) -> Option<Self> {
                Self::VARIANTS.get(usize::read(from)?).copied()
            }
        }
    };
}

pub(crate) use {fields, variants};
