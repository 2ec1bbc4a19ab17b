//! The ways in which a verb fails, and their exit codes.

use std::io;

use memo_runtime::StoreError;

use crate::interrupt::INTERRUPTED;
use crate::render::escape;

/// The exit code of findings and failures.
pub(crate) const FAILED: u8 = 1;
/// The exit code of a command line that cannot be meant.
pub(crate) const USAGE: u8 = 2;

/// Why a verb could not do what was asked for.
///
/// Messages are lower case, name the operation and the path, and end with
/// what to do next; what they quote has been escaped.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What was typed, or where, makes no sense.
    Usage(String),
    /// It made sense and did not work.
    Failed(String),
    /// It was interrupted; how far it came.
    Interrupted(String),
    /// The program to run cannot be started.
    Exit {
        /// The exit code that shells have for it.
        code: u8,
        /// What is the matter.
        message: String,
    },
    /// The output could not be written.
    Print(io::Error),
}

impl Failure {
    /// What to say; `None` where nobody listens: whoever closed the pipe, as
    /// `head` does, has seen enough.
    pub(crate) fn message(&self) -> Option<String> {
        match self {
            Self::Usage(message)
            | Self::Failed(message)
            | Self::Interrupted(message)
            | Self::Exit { message, .. } => Some(message.clone()),
            Self::Print(error) if error.kind() == io::ErrorKind::BrokenPipe => None,
            Self::Print(error) => Some(format!("cannot write to standard output: {error}")),
        }
    }

    /// The exit code of the process.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => USAGE,
            Self::Interrupted(_) => INTERRUPTED,
            Self::Exit { code, .. } => *code,
            Self::Print(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
            Self::Failed(_) | Self::Print(_) => FAILED,
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Failed(escape(&error.to_string()))
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Print(error)
    }
}
