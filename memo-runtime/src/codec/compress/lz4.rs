//! Frames of LZ4.

use std::borrow::Cow;
use std::io::{self, BufRead, Read, Write};

use lz4_flex::frame::{BlockMode, BlockSize, FrameDecoder, FrameEncoder, FrameInfo};

use super::frame;

/// A block of length zero: the end of a frame that has no checksum.
const END_MARK: [u8; 4] = [0; 4];

/// Writes one frame of `pieces`, which together have `len` bytes.
pub(super) fn write(pieces: &[Cow<'_, [u8]>], len: u64, out: &mut impl Write) -> io::Result<()> {
    let info = FrameInfo::new()
        .content_size(Some(len))
        .block_mode(BlockMode::Linked)
        .block_size(block_size(len));
    let mut frame = FrameEncoder::with_frame_info(info, out);
    for piece in pieces {
        frame.write_all(piece)?;
    }
    frame.finish()?;
    Ok(())
}

/// Room is made for whole blocks, so they should not be much larger than what
/// is in them.
fn block_size(len: u64) -> BlockSize {
    match len {
        0..=0x1_0000 => BlockSize::Max64KB,
        0x1_0001..=0x10_0000 => BlockSize::Max256KB,
        _ => BlockSize::Max1MB,
    }
}

/// A frame as it is read.
pub(super) struct Frame<R: Read> {
    decoder: FrameDecoder<R>,
}

impl<R: BufRead> Frame<R> {
    /// The next frame of `reader`.
    pub(super) fn new(reader: R) -> Self {
        Self {
            decoder: FrameDecoder::new(reader),
        }
    }
}

impl<R: BufRead> Read for Frame<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.decoder.read(into)
    }
}

impl<R: BufRead> frame::Frame for Frame<R> {
    /// The decoder takes the end of its input for the end of a frame too, and
    /// what follows a frame for another: so the end is looked for here.
    fn ends(&mut self) -> io::Result<bool> {
        let reader = self.decoder.get_mut();
        let mut mark = [1; END_MARK.len()];
        reader.read_exact(&mut mark)?;
        let is_last = mark == END_MARK && reader.fill_buf()?.is_empty();
        // What is left of the last block is in the decoder.
        Ok(is_last && self.decoder.read(&mut [0])? == 0)
    }
}
