//! What a child prints to both streams, as it comes.
//!
//! On Linux the order is exact ([`ordered`]); elsewhere it is the order in
//! which it is found, which may differ where a child prints to both streams in
//! a moment (`polled`).

#[cfg(target_os = "linux")]
mod ordered;
#[cfg(any(test, not(target_os = "linux")))]
pub(super) mod polled;

use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::OwnedFd;

use memo_runtime::run::Stream;

#[cfg(target_os = "linux")]
pub(super) use ordered::Output;
#[cfg(not(target_os = "linux"))]
pub(super) use polled::Output;

use super::Each;

/// No less than a page: a shorter buffer would cut packets off.
const BUFFER: usize = 64 << 10;

/// The child's ends of the pipes.
#[derive(Debug)]
pub(super) struct Ends {
    pub(super) stdout: OwnedFd,
    pub(super) stderr: OwnedFd,
}

/// One stream, until nobody has it open for writing.
#[derive(Debug)]
struct Source {
    stream: Stream,
    pipe: Option<File>,
}

impl Source {
    fn new(stream: Stream, pipe: File) -> Self {
        Self {
            stream,
            pipe: Some(pipe),
        }
    }

    /// Reads once, without waiting, and passes that on. How much it was.
    fn read(&mut self, buffer: &mut [u8], each: &mut Each<'_>) -> usize {
        let Some(pipe) = &mut self.pipe else {
            return 0;
        };
        loop {
            match pipe.read(buffer) {
                Ok(0) => self.pipe = None,
                Ok(length) => {
                    each(self.stream, &buffer[..length]);
                    return length;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                // The child has read it: it can open the pipe by its name.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => self.pipe = None,
            }
            return 0;
        }
    }

    /// How much can be read now.
    fn unread(&self) -> usize {
        let unread = self.pipe.as_ref().map(rustix::io::ioctl_fionread);
        unread.map_or(0, |unread| unread.map_or(0, saturated))
    }

    /// Passes on what can be read now, and not what is printed meanwhile.
    fn read_all(&mut self, buffer: &mut [u8], each: &mut Each<'_>) {
        let mut unread = self.unread();
        while unread > 0 {
            match self.read(buffer, each) {
                0 => break,
                length => unread = unread.saturating_sub(length),
            }
        }
    }
}

fn saturated(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}
