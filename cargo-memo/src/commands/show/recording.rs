//! What a run of a program left: what it printed, and its files.

use std::io::{self, Write};

use memo_runtime::manage::{Entry, Vault};
use memo_runtime::run::{OutputKind, RecordedOutput, Recording, Stream};
use serde::Serialize;

use super::found::Found;
use crate::commands::Context;
use crate::failure::Failure;
use crate::listing::problem;
use crate::render::{Fields, count, escape, size};

/// How much of the log a document has, in bytes, unless all is wanted.
const SOME: usize = 256 << 10;
/// All of it, but for what would fill the memory.
const ALL: usize = 64 << 20;
/// What a piece of it takes beside its text: of tiny ones there are fewer.
const PIECE: usize = 64;
/// How many files are named unless all are wanted.
const OUTPUTS: usize = 20;

/// What the run left, to be looked into; `None`: it has gone.
pub(super) fn read(vault: &Vault, entry: &Entry) -> Result<Option<Recording>, String> {
    vault
        .recording(entry)
        .map_err(|unreadable| problem(&unreadable))
}

/// Adds what the run left.
pub(super) fn fields(fields: &mut Fields, recording: &Recording, all: bool) {
    let outputs = recording.outputs();
    let most = if all { usize::MAX } else { OUTPUTS };
    let left_out = outputs.len().saturating_sub(most);
    let rest = (left_out > 0).then(|| {
        let more = count(left_out, "more", "more");
        format!("… {more}, --verbose shows all")
    });
    let named = outputs.iter().take(most).map(output);
    fields
        .add_all("outputs", named.chain(rest))
        .add("printed", printed(recording));
}

/// `model.bin, 1.2 MB`
fn output(output: &RecordedOutput) -> String {
    match output.kind {
        OutputKind::File => format!("{}, {}", output.path, size(output.bytes)),
        OutputKind::Dir => format!("{}/, an empty directory", output.path),
    }
}

/// `1.2 kB to standard output, 80 B to standard error: --log shows it`
fn printed(recording: &Recording) -> String {
    let streams = [
        (recording.stdout_bytes(), "standard output"),
        (recording.stderr_bytes(), "standard error"),
    ];
    let told = streams.iter().filter(|(bytes, _)| *bytes > 0);
    let told = told.map(|(bytes, name)| format!("{} to {name}", size(*bytes)));
    let told: Vec<String> = told.collect();
    match told.is_empty() {
        true => "nothing".to_owned(),
        false => format!("{}: --log shows it", told.join(", ")),
    }
}

/// Writes what the program printed: byte for byte, each stream to its own.
pub(super) fn replay(found: &Found) -> Result<(), Failure> {
    let recording = recording(found)?;
    let mut unwritten = None;
    let replayed = recording.replay(|stream, bytes| {
        write(stream, bytes).map_err(|error| {
            let kind = error.kind();
            unwritten = Some(error);
            kind.into()
        })
    });
    match unwritten {
        Some(error) => Err(Failure::Print(error)),
        None => replayed.map_err(|error| unreadable(found, &error.to_string())),
    }
}

fn write(stream: Stream, bytes: &[u8]) -> io::Result<()> {
    match stream {
        Stream::Stdout => {
            let mut stdout = io::stdout().lock();
            stdout.write_all(bytes)?;
            // What comes next may be for the other stream.
            stdout.flush()
        }
        Stream::Stderr => io::stderr().lock().write_all(bytes),
    }
}

/// The recording of a program's run. Nothing is read that is not whole.
fn recording(found: &Found) -> Result<&Recording, Failure> {
    if let Some(problem) = &found.problem {
        return Err(unreadable(found, problem));
    }
    found.recording.as_ref().ok_or_else(|| {
        Failure::Failed(format!(
            "`{}` is a result of the function `{}`, and of functions nothing is kept that they \
             print: --value shows what it returned",
            found.id,
            escape(&found.listed.function.path)
        ))
    })
}

fn unreadable(found: &Found, problem: &str) -> Failure {
    let problem = escape(problem);
    Failure::Failed(format!(
        "cannot show what `{}` printed: {problem}",
        found.id
    ))
}

/// What a run left, as programs see it.
#[derive(Serialize)]
pub(super) struct RecordingDocument<'a> {
    outputs: Vec<OutputDocument<'a>>,
    stdout_bytes: u64,
    stderr_bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<LogDocument>,
}

#[derive(Serialize)]
struct OutputDocument<'a> {
    path: &'a str,
    kind: &'static str,
    mode: String,
    bytes: u64,
    digest: String,
}

/// What was printed, as text.
#[derive(Default, Serialize)]
pub(super) struct LogDocument {
    pieces: Vec<PieceDocument>,
    truncated: bool,
}

/// What was printed to one stream in a row.
#[derive(Serialize)]
struct PieceDocument {
    stream: &'static str,
    text: String,
}

impl<'a> RecordingDocument<'a> {
    /// The document of a recording, perhaps with what was printed.
    pub(super) fn new(recording: &'a Recording, log: Option<LogDocument>) -> Self {
        Self {
            outputs: recording
                .outputs()
                .iter()
                .map(OutputDocument::new)
                .collect(),
            stdout_bytes: recording.stdout_bytes(),
            stderr_bytes: recording.stderr_bytes(),
            log,
        }
    }
}

impl<'a> OutputDocument<'a> {
    fn new(output: &'a RecordedOutput) -> Self {
        Self {
            path: &output.path,
            kind: match output.kind {
                OutputKind::File => "file",
                OutputKind::Dir => "directory",
            },
            mode: format!("{:o}", output.mode),
            bytes: output.bytes,
            digest: output.digest.to_hex(),
        }
    }
}

impl LogDocument {
    /// The beginning of what the program printed.
    pub(super) fn read(context: &Context<'_>, found: &Found) -> Result<Self, Failure> {
        let recording = recording(found)?;
        let most = if context.verbose { ALL } else { SOME };
        let mut pieces: Vec<(Stream, Vec<u8>)> = Vec::new();
        let mut room = most;
        let mut truncated = false;
        let replayed = recording.replay(|stream, bytes| {
            let goes_on = pieces.last().is_some_and(|(last, _)| *last == stream);
            if !goes_on && pieces.len() < most / PIECE {
                pieces.push((stream, Vec::new()));
            } else if !goes_on {
                room = 0;
            }
            let shown = &bytes[..bytes.len().min(room)];
            room -= shown.len();
            if let Some((_, text)) = pieces.last_mut() {
                text.extend_from_slice(shown);
            }
            truncated = shown.len() < bytes.len();
            match truncated {
                true => Err(io::ErrorKind::FileTooLarge.into()),
                false => Ok(()),
            }
        });
        pieces.retain(|(_, text)| !text.is_empty());
        match replayed {
            Err(error) if !truncated => Err(unreadable(found, &error.to_string())),
            _ => Ok(Self {
                pieces: pieces.into_iter().map(PieceDocument::new).collect(),
                truncated,
            }),
        }
    }
}

impl PieceDocument {
    fn new((stream, bytes): (Stream, Vec<u8>)) -> Self {
        Self {
            stream: match stream {
                Stream::Stdout => "stdout",
                Stream::Stderr => "stderr",
            },
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}
