//! Neighbouring elements of one fixed-width primitive type, encoded as one piece.
//!
//! A long vector of numbers is thereby hashed as its bytes lie in memory, and
//! its digest can be computed from them in one piece. At most one run is open
//! at a time: whatever is not its next element closes it.

use blake3::Hasher;

use super::gathered::Gathered;
use super::numbers::Numbers;
use super::output::{GATHERED, Output};
use super::tag::Tag;
use crate::hash;

/// The most bytes of a run that stand in the encoding; in place of more stands their digest.
const SHORT: usize = 1024;

/// The run that is open, if one is.
#[derive(Default)]
pub(super) struct Run {
    element: Option<Tag>,
    count: u64,
    gathered: Gathered,
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
        self.gathered.extend(&bytes);
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
        let count = std::mem::take(&mut self.count);
        match self.hasher.take() {
            None => write_whole(
                &Numbers {
                    element,
                    count,
                    bytes: self.gathered.as_slice(),
                },
                output,
            ),
            Some(mut hasher) => {
                let digest = hasher.update(self.gathered.as_slice()).finalize();
                write_long(element, count, &digest, output);
            }
        }
        self.gathered.clear();
    }

    #[cold]
    fn hash_gathered(&mut self) {
        self.hasher
            .get_or_insert_default()
            .update(self.gathered.as_slice());
        self.gathered.clear();
    }
}

/// Writes a run of at least one element that lies in one piece.
pub(super) fn write_whole(run: &Numbers<'_>, output: &mut Output) {
    if run.bytes.len() > SHORT {
        write_long(run.element, run.count, &hash::hash(run.bytes), output);
        return;
    }
    output.tag(Tag::ShortRun);
    output.tag(run.element);
    output.number(run.count);
    output.bytes(run.bytes);
}

fn write_long(element: Tag, count: u64, digest: &blake3::Hash, output: &mut Output) {
    output.tag(Tag::LongRun);
    output.tag(element);
    output.number(count);
    output.bytes(digest.as_bytes());
}
