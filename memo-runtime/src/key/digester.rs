//! One digest in the making: the output, the open run, and whether all went well.

use serde::Serialize;

use super::digest::Digest;
use super::encoding::Encoder;
use super::error::EncodeError;
use super::numbers::Numbers;
use super::output::{Output, Purpose};
use super::run::{self, Run};
use super::tag::Tag;

/// Where a value stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Directly in a list of elements, where it may belong to a run.
    Element,
    /// Anywhere else.
    Single,
}

pub(super) struct Digester {
    pub(super) output: Output,
    run: Run,
    failed: bool,
}

impl Digester {
    pub(super) fn new(purpose: Purpose) -> Self {
        Self {
            output: Output::new(purpose),
            run: Run::default(),
            failed: false,
        }
    }

    /// Appends a value that stands by itself.
    pub(super) fn encode<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        self.encode_at(Place::Single, value)
    }

    #[inline]
    pub(super) fn encode_at<T: Serialize + ?Sized>(
        &mut self,
        place: Place,
        value: &T,
    ) -> Result<(), EncodeError> {
        let result = value.serialize(Encoder::new(self, place));
        self.failed |= result.is_err();
        result
    }

    /// The digest of what was encoded. The digester is as new afterwards.
    ///
    /// # Errors
    ///
    /// When a part of the value failed and the value went on without it: half
    /// of a part could be taken for something else.
    pub(super) fn finish(&mut self) -> Result<Digest, EncodeError> {
        self.whole()?;
        Ok(self.output.finish())
    }

    /// All of what was encoded, if it is of few bytes.
    ///
    /// # Errors
    ///
    /// As [`finish`](Self::finish).
    pub(super) fn short(&self) -> Result<Option<&[u8]>, EncodeError> {
        self.whole()?;
        Ok(self.output.few())
    }

    fn whole(&self) -> Result<(), EncodeError> {
        if self.failed {
            return Err(EncodeError::new("a part of it failed"));
        }
        Ok(())
    }

    /// Begins something that is not an element of a run.
    #[inline]
    pub(super) fn begin(&mut self, place: Place, tag: Tag) -> &mut Output {
        if place == Place::Element {
            self.run.close(&mut self.output);
        }
        self.output.tag(tag);
        &mut self.output
    }

    /// Appends a value of a fixed-width primitive type.
    #[inline]
    pub(super) fn primitive<const N: usize>(&mut self, place: Place, tag: Tag, bytes: [u8; N]) {
        match place {
            Place::Element => self.run.push(tag, bytes, &mut self.output),
            Place::Single => {
                self.output.tag(tag);
                self.output.bytes(&bytes);
            }
        }
    }

    /// Appends all elements of a list, and ends it.
    pub(super) fn numbers(&mut self, numbers: &Numbers<'_>) {
        if numbers.count > 0 {
            run::write_whole(numbers, &mut self.output);
        }
        self.output.tag(Tag::End);
    }

    /// Ends a list of elements.
    #[inline]
    pub(super) fn end_elements(&mut self) {
        self.run.close(&mut self.output);
        self.output.tag(Tag::End);
    }

    /// A broken rule of serde, after which there is no digest.
    pub(super) fn misuse(&mut self, rule: &str) -> EncodeError {
        self.failed = true;
        EncodeError::new(rule)
    }
}
