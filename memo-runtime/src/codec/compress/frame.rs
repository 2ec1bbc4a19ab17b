//! What comes out of a frame, held to its length.

use std::io::{self, Read};

/// A frame of some method, as it is read.
pub(super) trait Frame: Read {
    /// Whether nothing more comes, and nothing stands behind it.
    fn ends(&mut self) -> io::Result<bool>;
}

/// The bytes that were compressed: exactly as many as were announced, from one
/// frame with nothing behind it. Whatever else the frame has is an error of
/// kind `InvalidData`, at the latest when the last byte is read.
pub(crate) struct Unpacked<'a> {
    frame: Box<dyn Frame + 'a>,
    len: u64,
    left: u64,
}

impl<'a> Unpacked<'a> {
    #[cfg_attr(
        not(any(feature = "zstd", feature = "lz4")),
        expect(dead_code, reason = "there are no frames")
    )]
    pub(super) fn new(frame: impl Frame + 'a, len: u64) -> io::Result<Self> {
        let mut unpacked = Self {
            frame: Box::new(frame),
            len,
            left: len,
        };
        unpacked.check_end()?;
        Ok(unpacked)
    }

    /// How many bytes it has in all.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    fn check_end(&mut self) -> io::Result<()> {
        if self.left > 0 || self.frame.ends().map_err(spoiled)? {
            Ok(())
        } else {
            Err(broken("there is more than it says"))
        }
    }
}

impl Read for Unpacked<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let wanted = self.left.min(into.len() as u64) as usize;
        if wanted == 0 {
            return Ok(0);
        }
        let read = self.frame.read(&mut into[..wanted]).map_err(spoiled)?;
        if read == 0 {
            return Err(broken("there is less than it says"));
        }
        self.left -= read as u64;
        self.check_end()?;
        Ok(read)
    }
}

/// What is wrong with a frame.
pub(super) fn broken(problem: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, problem)
}

/// What the system says stays as it is; all else is the frame's fault.
pub(super) fn spoiled(error: io::Error) -> io::Error {
    match (error.raw_os_error(), error.kind()) {
        (Some(_), _) | (_, io::ErrorKind::Interrupted | io::ErrorKind::OutOfMemory) => error,
        _ => io::Error::new(io::ErrorKind::InvalidData, error),
    }
}
