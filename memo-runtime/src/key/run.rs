//! Neighbouring elements of one fixed-width primitive type, encoded as one piece.
//!
//! A long vector of numbers is thereby hashed as its bytes lie in memory, and
//! its digest can be computed from them in one piece. At most one run is open
//! at a time: whatever is not its next element closes it.

use blake3::Hasher;

use super::output::{GATHERED, Output};
use super::tag::Tag;

/// The most bytes of a run that stand in the encoding; in place of more stands their digest.
const SHORT: usize = 1024;

/// The run that is open, if one is.
#[derive(Default)]
pub(super) struct Run {
    element: Option<Tag>,
    count: u64,
    gathered: Vec<u8>,
    /// Of the bytes that were gathered before; none while they all are in `gathered`.
    hasher: Option<Box<Hasher>>,
}

impl Run {
    /// Adds an element, after closing a run of other elements.
    #[inline]
    pub(super) fn push<const N: usize>(
        &mut self,
        element: Tag,
        bytes: [u8; N],
        output: &mut Output,
    ) {
        if self.element != Some(element) {
            self.close(output);
            self.element = Some(element);
        }
        if self.gathered.len() + N > GATHERED {
            self.hash_gathered();
        }
        self.gathered.extend_from_slice(&bytes);
        self.count += 1;
    }

    /// Writes the open run, if there is one.
    #[inline]
    pub(super) fn close(&mut self, output: &mut Output) {
        if let Some(element) = self.element.take() {
            self.write(element, output);
        }
    }

    fn write(&mut self, element: Tag, output: &mut Output) {
        let short = self.hasher.is_none() && self.gathered.len() <= SHORT;
        output.tag(if short { Tag::ShortRun } else { Tag::LongRun });
        output.tag(element);
        output.number(self.count);
        if short {
            output.bytes(&self.gathered);
            self.gathered.clear();
        } else {
            self.hash_gathered();
            if let Some(hasher) = self.hasher.take() {
                output.bytes(hasher.finalize().as_bytes());
            }
        }
        self.count = 0;
    }

    fn hash_gathered(&mut self) {
        self.hasher.get_or_insert_default().update(&self.gathered);
        self.gathered.clear();
    }
}
