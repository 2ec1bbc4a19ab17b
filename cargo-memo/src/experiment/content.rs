//! What a file contains, as a digest.

use std::fs::File;
use std::io::{self, Read};

use memo_runtime::Digest;

/// How much is read at a time: as much as BLAKE3 takes at once. Most programs
/// are so small that more room would take longer to get than to fill.
const PIECE: usize = 16 * 1024;

/// The digest of what is left to read of a file, and how many bytes that is.
pub(super) fn digest(mut file: File) -> io::Result<(Digest, u64)> {
    let mut hasher = blake3::Hasher::new();
    let mut piece = [0; PIECE];
    loop {
        match file.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => {
                hasher.update(&piece[..read]);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let digest = Digest::from_bytes(*hasher.finalize().as_bytes());
    Ok((digest, hasher.count()))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn all_of_a_file_counts_however_long_it_is() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7] {
            let bytes: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(&bytes).unwrap();
            let whole = Digest::from_bytes(*blake3::hash(&bytes).as_bytes());
            let read = digest(File::open(file.path()).unwrap()).unwrap();
            assert_eq!(read, (whole, length as u64));
        }
    }

    #[test]
    fn what_cannot_be_read_has_no_digest() {
        let dir = tempfile::tempdir().unwrap();
        assert!(digest(File::open(dir.path()).unwrap()).is_err());
    }
}
