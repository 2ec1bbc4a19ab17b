//! Encoded values that are too large to be in memory beside the value itself.

use std::io::{self, Write};
use std::mem;

use crate::payload::Mapping;

/// A place beside memory for the bytes of one value.
pub(crate) trait Beside {
    /// Begins, or begins anew: there is nothing in it.
    fn begin(&mut self) -> io::Result<()>;
    /// Adds bytes.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// All that has been added.
    fn contents(&self) -> io::Result<Mapping>;
}

/// There is no place but memory.
pub(crate) struct Nowhere;

impl Beside for Nowhere {
    fn begin(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn append(&mut self, _: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn contents(&self) -> io::Result<Mapping> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Where the bytes of a value are.
#[derive(Debug)]
pub(crate) enum Gathered {
    /// In memory.
    Memory(Vec<u8>),
    /// In the place beside it.
    Beside,
}

/// More than this is not held in memory.
const MOST: usize = 16 << 20;
/// So much is passed on at once.
const PIECE: usize = 1 << 20;

/// Bytes of a value on their way to memory, or beside it if they are many.
pub(super) struct Gathering<'b> {
    memory: Vec<u8>,
    room: usize,
    beside: &'b mut dyn Beside,
    is_beside: bool,
}

impl<'b> Gathering<'b> {
    pub(super) fn new(beside: &'b mut dyn Beside) -> Self {
        Self {
            memory: Vec::new(),
            room: MOST,
            beside,
            is_beside: false,
        }
    }

    /// The end of the value.
    pub(super) fn finish(mut self) -> io::Result<Gathered> {
        if !self.is_beside {
            return Ok(Gathered::Memory(mem::take(&mut self.memory)));
        }
        self.beside.append(&self.memory)?;
        Ok(Gathered::Beside)
    }

    /// Makes room in memory: by passing on what is in it, if that can be done.
    fn make_room(&mut self) -> io::Result<()> {
        if !self.is_beside {
            if self.beside.begin().is_err() {
                self.room = usize::MAX;
                return Ok(());
            }
            self.is_beside = true;
            self.room = PIECE;
        }
        self.beside.append(&self.memory)?;
        self.memory.clear();
        self.memory.shrink_to(PIECE);
        Ok(())
    }
}

impl Write for Gathering<'_> {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > self.room - self.memory.len().min(self.room) {
            self.make_room()?;
        }
        self.memory.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::unix::fs::FileExt;

    use super::*;

    /// A file, and how often it was begun; full after so many bytes.
    struct Disk {
        file: File,
        len: u64,
        begun: u32,
        room: u64,
    }

    impl Disk {
        fn of(room: u64) -> Self {
            Self {
                file: tempfile::tempfile().unwrap(),
                len: 0,
                begun: 0,
                room,
            }
        }
    }

    impl Beside for Disk {
        fn begin(&mut self) -> io::Result<()> {
            (self.len, self.begun) = (0, self.begun + 1);
            Ok(())
        }

        fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
            if self.len + bytes.len() as u64 > self.room {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.file.write_all_at(bytes, self.len)?;
            self.len += bytes.len() as u64;
            Ok(())
        }

        fn contents(&self) -> io::Result<Mapping> {
            Mapping::of(&self.file, 0, self.len)
        }
    }

    /// Bytes that repeat with no period that a buffer has.
    fn bytes(len: usize) -> Vec<u8> {
        (0..=250_u8).cycle().take(len).collect()
    }

    #[test]
    fn what_is_small_stays_in_memory_and_what_is_large_goes_beside_it_whole() {
        for (len, piece, is_beside) in [
            (0, 1, false),
            (MOST, 4096, false),
            (MOST + 1, 4096, true),
            (3 * MOST + 5, 7000, true),
            (2 * MOST, 2 * MOST, true),
        ] {
            let (all, mut disk) = (bytes(len), Disk::of(u64::MAX));
            let mut gathering = Gathering::new(&mut disk);
            for piece in all.chunks(piece) {
                gathering.write_all(piece).unwrap();
            }
            match gathering.finish().unwrap() {
                Gathered::Memory(memory) => assert!(!is_beside && memory == all, "{len}"),
                Gathered::Beside => {
                    assert!(
                        is_beside && disk.contents().unwrap()[..] == all[..],
                        "{len}"
                    );
                }
            }
            assert_eq!(disk.begun, u32::from(is_beside));
        }
    }

    #[test]
    fn without_another_place_all_stays_in_memory() {
        let all = bytes(MOST + 9000);
        let mut nowhere = Nowhere;
        let mut gathering = Gathering::new(&mut nowhere);
        all.chunks(1000)
            .for_each(|piece| gathering.write_all(piece).unwrap());
        assert!(matches!(gathering.finish(), Ok(Gathered::Memory(memory)) if memory == all));
    }

    #[test]
    fn a_place_that_is_full_is_told() {
        let mut disk = Disk::of(MOST as u64);
        let mut gathering = Gathering::new(&mut disk);
        let written = bytes(2 * MOST)
            .chunks(1000)
            .try_for_each(|piece| gathering.write_all(piece));
        assert_eq!(written.unwrap_err().kind(), io::ErrorKind::StorageFull);
    }
}
