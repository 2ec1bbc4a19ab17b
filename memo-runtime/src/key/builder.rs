//! The key itself: named parts, fed one after the other into BLAKE3.
//!
//! ```text
//! key   = part*                         context string "memo-runtime 1 key"
//! part  = 01 text(name) text(bytes)
//!       | 02 text(name) digest          32 bytes
//!       | 03 text(name) u64(number)
//! ```
//!
//! with `text` and `u64` as in the encoding of values.

use super::digest::Digest;
use super::output::{Output, Purpose};

const BYTES: u8 = 1;
const DIGEST: u8 = 2;
const NUMBER: u8 = 3;

/// Makes a key out of everything that a result depends on.
///
/// Order, names, kinds and contents of the parts all count.
pub struct KeyBuilder {
    output: Output,
}

impl KeyBuilder {
    /// A key of no parts.
    #[must_use]
    pub fn new() -> Self {
        Self {
            output: Output::new(Purpose::Key),
        }
    }

    /// Adds bytes of any length.
    pub fn field(&mut self, name: &str, bytes: &[u8]) -> &mut Self {
        self.begin(BYTES, name).counted(bytes);
        self
    }

    /// Adds a digest.
    pub fn digest(&mut self, name: &str, digest: &Digest) -> &mut Self {
        self.begin(DIGEST, name).bytes(digest.as_bytes());
        self
    }

    /// Adds a number.
    pub fn number(&mut self, name: &str, number: u64) -> &mut Self {
        self.begin(NUMBER, name).number(number);
        self
    }

    /// The key.
    #[must_use]
    pub fn finish(mut self) -> Digest {
        self.output.finish()
    }

    fn begin(&mut self, kind: u8, name: &str) -> &mut Output {
        self.output.bytes(&[kind]);
        self.output.counted(name.as_bytes());
        &mut self.output
    }
}

impl Default for KeyBuilder {
    fn default() -> Self {
        Self::new()
    }
}
