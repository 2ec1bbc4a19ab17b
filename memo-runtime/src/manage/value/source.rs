//! The bytes of a value, of which there are so many and no more.

use std::io::{self, BufReader, Read};

/// Why reading a value ended early.
#[derive(Debug)]
pub(super) enum Trouble {
    /// No more is wanted.
    Enough,
    /// The bytes are no such value.
    Malformed,
    /// The system refused.
    System(io::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => Self::Malformed,
            _ => Self::System(error),
        }
    }
}

/// Bytes that are read in order.
pub(super) struct Source<R> {
    reader: BufReader<R>,
    left: u64,
}

impl<R: Read> Source<R> {
    /// The next `len` bytes of `reader`.
    pub(super) fn new(reader: R, len: u64) -> Self {
        Self {
            reader: BufReader::new(reader),
            left: len,
        }
    }

    /// How many bytes have not been read.
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    /// Whether all has been read.
    pub(super) fn is_at_end(&self) -> bool {
        self.left == 0
    }

    /// The next `N` bytes.
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Trouble> {
        self.take(N as u64)?;
        let mut array = [0; N];
        self.reader.read_exact(&mut array)?;
        Ok(array)
    }

    /// The next `len` bytes, of which at most `most` are kept.
    pub(super) fn bytes(&mut self, len: u64, most: usize) -> Result<Vec<u8>, Trouble> {
        self.take(len)?;
        let kept = len.min(most as u64);
        let mut bytes = Vec::new();
        let reader = self.reader.by_ref();
        let read = reader.take(kept).read_to_end(&mut bytes)? as u64;
        let passed = io::copy(&mut reader.take(len - kept), &mut io::sink())?;
        if read + passed == len {
            Ok(bytes)
        } else {
            Err(Trouble::Malformed)
        }
    }

    fn take(&mut self, len: u64) -> Result<(), Trouble> {
        self.left = self.left.checked_sub(len).ok_or(Trouble::Malformed)?;
        Ok(())
    }
}
