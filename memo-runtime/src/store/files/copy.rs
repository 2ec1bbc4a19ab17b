//! Bytes of files, digested and copied: a large file by several threads, and
//! no file with more memory than [`ROOM`].
//!
//! A file that becomes shorter meanwhile goes on with zeros, and one that
//! becomes longer ends where it ended: who has a file that others may write
//! to looks before and after whether they did.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::hash::TreeHasher;
use crate::key::Digest;

/// So much is read at once, in bytes.
const ROOM: usize = 8 << 20;

/// Why a file was not copied.
#[derive(Debug)]
pub(crate) enum NotCopied {
    /// It cannot be read.
    Unread(io::Error),
    /// The copy cannot be written.
    Unwritten(io::Error),
    /// It was not to go on.
    Stopped,
}

/// The digest of all bytes of a file, read for as long as `goes_on`, which is
/// told how many bytes have been read since it was last told; `None`: no
/// longer.
///
/// # Errors
///
/// It cannot be read.
pub(crate) fn digest_while(
    file: &File,
    goes_on: impl FnMut(u64) -> bool,
) -> io::Result<Option<Digest>> {
    each_piece(file, |_, _| Ok(()), goes_on)
}

/// Copies a file to an empty one, for as long as `goes_on`; the digest of the
/// copy.
///
/// Where the file system can, the two share what is on the disk, until one of
/// them is written to.
pub(crate) fn copy(
    from: &File,
    to: &File,
    goes_on: impl Fn() -> bool,
) -> Result<Digest, NotCopied> {
    let goes_on = |_| goes_on();
    if share(from, to) {
        // What is digested is the copy, which nobody else can write to.
        let digest = digest_while(to, goes_on).map_err(NotCopied::Unwritten)?;
        return digest.ok_or(NotCopied::Stopped);
    }
    let unwritten = AtomicBool::new(false);
    let write = |piece: &[u8], at| {
        let written = to.write_all_at(piece, at);
        unwritten.fetch_or(written.is_err(), Ordering::Relaxed);
        written
    };
    let copied = each_piece(from, write, goes_on).map_err(|error| {
        if unwritten.into_inner() {
            NotCopied::Unwritten(error)
        } else {
            NotCopied::Unread(error)
        }
    })?;
    copied.ok_or(NotCopied::Stopped)
}

/// Reads a file, and hands out its pieces with where they begin, several at
/// once and in no certain order, for as long as `goes_on`; their digest.
fn each_piece(
    file: &File,
    take: impl Fn(&[u8], u64) -> io::Result<()> + Sync,
    mut goes_on: impl FnMut(u64) -> bool,
) -> io::Result<Option<Digest>> {
    let size = file.metadata()?.len();
    let mut hasher = TreeHasher::new();
    let mut room = vec![0; usize::try_from(size).map_or(ROOM, |size| size.min(ROOM))];
    let mut at = 0;
    while at < size {
        let count = usize::try_from(size - at).map_or(ROOM, |left| left.min(ROOM));
        hasher.fill(&mut room[..count], &|offset, piece: &mut [u8]| {
            read(file, piece, at + offset)?;
            take(piece, at + offset)
        })?;
        at += count as u64;
        if !goes_on(count as u64) {
            return Ok(None);
        }
    }
    let digest = Digest::from_bytes(*hasher.finalize().as_bytes());
    Ok(Some(digest))
}

/// Reads what is there, and zeros behind it.
fn read(file: &File, mut piece: &mut [u8], mut at: u64) -> io::Result<()> {
    while !piece.is_empty() {
        match file.read_at(piece, at) {
            Ok(0) => {
                piece.fill(0);
                break;
            }
            Ok(read) => {
                piece = &mut piece[read..];
                at += read as u64;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Has an empty file share the bytes of another; whether it does.
#[cfg(target_os = "linux")]
fn share(from: &File, to: &File) -> bool {
    rustix::fs::ioctl_ficlone(to, from).is_ok()
}

/// Has an empty file share the bytes of another; it is not known how.
#[cfg(not(target_os = "linux"))]
fn share(_: &File, _: &File) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file_with(bytes: &[u8]) -> File {
        let file = tempfile::tempfile().unwrap();
        file.write_all_at(bytes, 0).unwrap();
        file
    }

    #[test]
    fn a_copy_has_all_bytes_and_their_digest_whatever_its_size() {
        let all: Vec<u8> = (0..ROOM + 70_000).map(|at| (at * 7 % 251) as u8).collect();
        for size in [0, 1, 70_000, ROOM - 1, ROOM, ROOM + 1, ROOM + 70_000] {
            let bytes = &all[..size];
            let expected = Digest::from_bytes(*blake3::hash(bytes).as_bytes());
            let (from, to) = (file_with(bytes), file_with(b""));
            assert_eq!(copy(&from, &to, || true).unwrap(), expected, "{size}");
            assert_eq!(
                digest_while(&to, |_| true).unwrap(),
                Some(expected),
                "{size}"
            );
            assert_eq!(to.metadata().unwrap().len(), size as u64);
        }
    }

    #[test]
    fn who_wants_no_more_gets_no_copy() {
        let (from, to) = (file_with(b"bytes"), file_with(b""));
        let copied = copy(&from, &to, || false);
        assert!(matches!(copied, Err(NotCopied::Stopped)), "{copied:?}");
    }

    #[test]
    fn it_is_told_which_of_the_two_files_fails() {
        let from = file_with(b"bytes");
        let full = File::options().write(true).open("/dev/full");
        if let Ok(full) = full {
            let Err(NotCopied::Unwritten(error)) = copy(&from, &full, || true) else {
                panic!("it was written");
            };
            assert_eq!(error.kind(), ErrorKind::StorageFull);
        }
        let closed = tempfile::NamedTempFile::new().unwrap();
        closed.as_file().write_all_at(b"bytes", 0).unwrap();
        let closed = File::options().write(true).open(closed.path()).unwrap();
        assert!(matches!(
            copy(&closed, &file_with(b""), || true),
            Err(NotCopied::Unread(_))
        ));
    }
}
