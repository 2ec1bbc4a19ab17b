//! Frames of Zstandard.

use std::borrow::Cow;
use std::io::{self, BufRead, Read, Write};

use zstd::stream::{read, write};

use super::frame;

/// Windows that a reader makes room for, as powers of two: the least that
/// there is, and the most that a writer uses.
const WINDOWS: std::ops::RangeInclusive<u32> = 10..=27;

/// Writes one frame of `pieces`, which together have `len` bytes.
pub(super) fn write(
    pieces: &[Cow<'_, [u8]>],
    len: u64,
    level: u8,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut frame = write::Encoder::new(out, level.clamp(1, 22).into())?;
    frame.set_pledged_src_size(Some(len))?;
    for piece in pieces {
        frame.write_all(piece)?;
    }
    frame.finish()?;
    Ok(())
}

/// A frame as it is read.
pub(super) struct Frame<R> {
    decoder: read::Decoder<'static, R>,
}

impl<R: BufRead> Frame<R> {
    /// The next frame of `reader`, from which `len` bytes are to come: its
    /// window need not be larger.
    pub(super) fn new(reader: R, len: u64) -> io::Result<Self> {
        let mut decoder = read::Decoder::with_buffer(reader)?.single_frame();
        let window = len.checked_next_power_of_two().map_or(u32::MAX, u64::ilog2);
        decoder.window_log_max(window.clamp(*WINDOWS.start(), *WINDOWS.end()))?;
        Ok(Self { decoder })
    }
}

impl<R: BufRead> Read for Frame<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.decoder.read(into)
    }
}

impl<R: BufRead> frame::Frame for Frame<R> {
    fn ends(&mut self) -> io::Result<bool> {
        let is_over = self.decoder.read(&mut [0])? == 0;
        Ok(is_over && self.decoder.get_mut().fill_buf()?.is_empty())
    }
}
