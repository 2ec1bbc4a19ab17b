//! Bytes on their way into BLAKE3.
//!
//! Pieces of a few bytes are gathered, because hashing many kilobytes at once is
//! several times faster than hashing them piece by piece. What is large already is hashed
//! where it lies.

use std::sync::LazyLock;

use blake3::Hasher;
use blake3::hazmat::{ContextKey, HasherExt, hash_derive_key_context};

use super::digest::Digest;
use super::gathered::Gathered;
use super::tag::Tag;
use crate::hash::TreeHasher;

/// How many bytes are gathered before they are hashed: enough for the widest
/// SIMD implementation of BLAKE3 to work at full width.
pub(super) const GATHERED: usize = 16 * 1024;

/// What a digest is made for. Digests for different purposes never coincide,
/// because each has its own context string.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Argument,
    UnorderedElement,
    Key,
}

impl Purpose {
    #[inline]
    fn context(self) -> &'static ContextKey {
        static ARGUMENT: LazyLock<ContextKey> =
            LazyLock::new(|| hash_derive_key_context("memo-runtime 1 argument"));
        static UNORDERED_ELEMENT: LazyLock<ContextKey> =
            LazyLock::new(|| hash_derive_key_context("memo-runtime 1 unordered element"));
        static KEY: LazyLock<ContextKey> =
            LazyLock::new(|| hash_derive_key_context("memo-runtime 1 key"));

        match self {
            Self::Argument => &ARGUMENT,
            Self::UnorderedElement => &UNORDERED_ELEMENT,
            Self::Key => &KEY,
        }
    }
}

/// A stream of bytes that ends in a digest.
pub(super) struct Output {
    context: &'static ContextKey,
    gathered: Gathered,
    /// Of the bytes that were gathered before; none while they all are in `gathered`.
    hasher: Option<Box<TreeHasher>>,
}

impl Output {
    #[inline]
    pub(super) fn new(purpose: Purpose) -> Self {
        Self {
            context: purpose.context(),
            gathered: Gathered::default(),
            hasher: None,
        }
    }

    #[inline]
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        if self.gathered.len() + bytes.len() > GATHERED {
            self.hash_gathered_before(bytes);
        } else {
            self.gathered.extend(bytes);
        }
    }

    #[inline]
    pub(super) fn tag(&mut self, tag: Tag) {
        self.bytes(&[tag as u8]);
    }

    #[inline]
    pub(super) fn number(&mut self, number: u64) {
        self.bytes(&number.to_le_bytes());
    }

    /// Bytes of any length, told apart from what follows by their length in front.
    #[inline]
    pub(super) fn counted(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.bytes(bytes);
    }

    /// All bytes so far, if they are a few.
    pub(super) fn few(&self) -> Option<&[u8]> {
        match self.hasher {
            None => self.gathered.few(),
            Some(_) => None,
        }
    }

    /// The digest of all bytes so far. The stream is empty afterwards.
    pub(super) fn finish(&mut self) -> Digest {
        let last = self.gathered.as_slice();
        let hash = match self.hasher.take() {
            None => Hasher::new_from_context_key(self.context)
                .update(last)
                .finalize(),
            Some(mut hasher) => {
                hasher.update(last);
                hasher.finalize()
            }
        };
        self.gathered.clear();
        Digest::from_bytes(*hash.as_bytes())
    }

    #[cold]
    fn hash_gathered_before(&mut self, bytes: &[u8]) {
        let hasher = self
            .hasher
            .get_or_insert_with(|| Box::new(TreeHasher::with_context(self.context)));
        hasher.update(self.gathered.as_slice());
        self.gathered.clear();
        if bytes.len() > GATHERED {
            hasher.update(bytes);
        } else {
            self.gathered.extend(bytes);
        }
    }
}
