//! What programs read from standard input: all of it is read first, since its
//! content is part of the key.

use std::fs::File;
use std::io::{self, Read, Write};

use memo_runtime::Digest;
use tempfile::NamedTempFile;

use crate::failure::Failure;
use crate::render::size;

/// The whole of standard input, on disk.
#[derive(Debug)]
pub(crate) struct Stdin {
    file: NamedTempFile,
    pub(crate) digest: Digest,
    /// How much it is, for people.
    pub(crate) text: String,
}

impl Stdin {
    /// Reads standard input to its end.
    pub(crate) fn read() -> Result<Self, Failure> {
        Self::spool(io::stdin().lock())
            .map_err(|error| Failure::Failed(format!("cannot read standard input: {error}")))
    }

    fn spool(mut from: impl Read) -> io::Result<Self> {
        let mut file = NamedTempFile::with_prefix("memo-stdin-")?;
        let mut hasher = blake3::Hasher::new();
        let mut buffer = vec![0; 64 << 10];
        loop {
            let read = match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            hasher.update(&buffer[..read]);
            file.write_all(&buffer[..read])?;
        }
        Ok(Self {
            digest: Digest::from_bytes(*hasher.finalize().as_bytes()),
            text: size(hasher.count()),
            file,
        })
    }

    /// The content from its beginning, for one program.
    pub(crate) fn open(&self) -> Result<File, Failure> {
        self.file.reopen().map_err(|error| {
            let path = self.file.path().display();
            Failure::Failed(format!(
                "cannot open `{path}`, which is to be read by the program: {error}"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_program_reads_all_of_it() {
        let stdin = Stdin::spool(&b"some words"[..]).unwrap();
        for _ in 0..2 {
            let mut text = String::new();
            stdin.open().unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "some words");
        }
        assert_eq!(stdin.text, "10 B");
        let other = Stdin::spool(&b"some words\n"[..]).unwrap();
        assert_ne!(stdin.digest, other.digest);
    }
}
