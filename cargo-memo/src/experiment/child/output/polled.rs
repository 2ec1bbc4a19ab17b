//! Both streams in the order in which something is found there.

use std::io;
use std::os::fd::OwnedFd;
use std::time::Duration;

use memo_runtime::run::Stream;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_setfl};

use super::{BUFFER, Each, Ends, Source};

/// Both streams of a child, and its end.
#[derive(Debug)]
pub(in super::super) struct Output {
    sources: [Source; 2],
    end: Option<OwnedFd>,
    buffer: Box<[u8]>,
}

impl Output {
    /// Opens the pipes.
    pub(in super::super) fn open() -> io::Result<(Self, Ends)> {
        let (stdout, stdout_end) = open(Stream::Stdout)?;
        let (stderr, stderr_end) = open(Stream::Stderr)?;
        let output = Self {
            sources: [stdout, stderr],
            end: None,
            buffer: vec![0; BUFFER].into(),
        };
        let ends = Ends {
            stdout: stdout_end,
            stderr: stderr_end,
        };
        Ok((output, ends))
    }

    /// From now on [`listen`](Self::listen) looks out for the child's end too.
    pub(in super::super) fn watch(&mut self, end: OwnedFd) -> io::Result<()> {
        self.end = Some(end);
        Ok(())
    }

    /// Passes on what is printed, waiting for it no longer than `patience`.
    /// Whether the child's end has been seen.
    pub(in super::super) fn listen(&mut self, patience: Duration, each: &mut Each<'_>) -> bool {
        let mut asked = Vec::with_capacity(3);
        let pipes = self
            .sources
            .iter()
            .filter_map(|source| source.pipe.as_ref());
        asked.extend(pipes.map(|pipe| PollFd::new(pipe, PollFlags::IN)));
        if let Some(end) = &self.end {
            asked.push(PollFd::new(end, PollFlags::IN));
        }
        let patience = Timespec::try_from(patience).ok();
        if poll(&mut asked, patience.as_ref()).is_err() {
            // A signal came; whoever called asks again.
            return false;
        }
        let ended = self.end.is_some() && asked.last().is_some_and(|end| !end.revents().is_empty());
        drop(asked);
        for source in &mut self.sources {
            source.read(&mut self.buffer, each);
        }
        ended
    }

    /// Passes on what is there now.
    pub(in super::super) fn finish(&mut self, each: &mut Each<'_>) {
        for source in &mut self.sources {
            source.read_all(&mut self.buffer, each);
        }
    }

    /// Whether nobody can print any more.
    pub(in super::super) fn is_closed(&self) -> bool {
        self.sources.iter().all(|source| source.pipe.is_none())
    }
}

/// Where a stream is read, and the child's end of it.
fn open(stream: Stream) -> io::Result<(Source, OwnedFd)> {
    let (pipe, end) = io::pipe()?;
    fcntl_setfl(&pipe, OFlags::NONBLOCK)?;
    let pipe = OwnedFd::from(pipe);
    Ok((Source::new(stream, pipe.into()), end.into()))
}
