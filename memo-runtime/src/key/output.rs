//! Bytes on their way into BLAKE3.
//!
//! Pieces of a few bytes are gathered, because hashing many kilobytes at once is
//! several times faster than hashing them piece by piece.

use std::sync::LazyLock;

use blake3::Hasher;
use blake3::hazmat::{ContextKey, HasherExt, hash_derive_key_context};

use super::digest::Digest;
use super::tag::Tag;

/// How many bytes are gathered before they are hashed: enough for the widest
/// SIMD implementation of BLAKE3 to work at full width.
pub(super) const GATHERED: usize = 16 * 1024;

/// Covers most arguments without growing.
const INITIAL: usize = 256;

/// What a digest is made for. Digests for different purposes never coincide,
/// because each has its own context string.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Argument,
    UnorderedElement,
    Key,
}

impl Purpose {
    fn hasher(self) -> Hasher {
        static ARGUMENT: LazyLock<ContextKey> =
            LazyLock::new(|| hash_derive_key_context("memo-runtime 1 argument"));
        static UNORDERED_ELEMENT: LazyLock<ContextKey> =
            LazyLock::new(|| hash_derive_key_context("memo-runtime 1 unordered element"));
        static KEY: LazyLock<ContextKey> =
            LazyLock::new(|| hash_derive_key_context("memo-runtime 1 key"));

        Hasher::new_from_context_key(match self {
            Self::Argument => &ARGUMENT,
            Self::UnorderedElement => &UNORDERED_ELEMENT,
            Self::Key => &KEY,
        })
    }
}

/// A stream of bytes that ends in a digest.
pub(super) struct Output {
    hasher: Hasher,
    gathered: Vec<u8>,
}

impl Output {
    pub(super) fn new(purpose: Purpose) -> Self {
        Self {
            hasher: purpose.hasher(),
            gathered: Vec::with_capacity(INITIAL),
        }
    }

    #[inline]
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        if self.gathered.len() + bytes.len() > GATHERED {
            self.hash_gathered();
            if bytes.len() > GATHERED {
                self.hasher.update(bytes);
                return;
            }
        }
        self.gathered.extend_from_slice(bytes);
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

    /// The digest of all bytes so far. The stream is empty afterwards.
    pub(super) fn finish(&mut self) -> Digest {
        self.hash_gathered();
        let digest = Digest::from_bytes(*self.hasher.finalize().as_bytes());
        self.hasher.reset();
        digest
    }

    fn hash_gathered(&mut self) {
        self.hasher.update(&self.gathered);
        self.gathered.clear();
    }
}
