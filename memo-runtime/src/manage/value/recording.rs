//! Showing a recording: what a program came to, and how much it printed and
//! left. What that was, [`Vault::recording`](super::Vault::recording) hands
//! out.

use std::fs::File;
use std::io::{Read, Seek};

use super::source::Trouble;
use super::{Atom, EntryHead, Group, Reading};
use crate::run::format::{NoRecording, Summary};
use crate::store::payload::OpenPayload;

impl From<NoRecording> for Trouble {
    fn from(why: NoRecording) -> Self {
        match why {
            NoRecording::Malformed(_) => Self::Malformed,
            NoRecording::System(error) => Self::System(error),
        }
    }
}

/// Shows the recording in an entry with such a head; `file` stands at its
/// beginning.
pub(super) fn value<R: Read>(
    reading: &mut Reading<'_, R>,
    head: &EntryHead,
    mut file: File,
) -> Result<(), Trouble> {
    let start = file.stream_position()?;
    let summary = Summary::read(&OpenPayload::in_file(file, start, head.value_bytes))?;
    let facts = head.run.as_ref().ok_or(Trouble::Malformed)?;
    let mut fields = 0..;
    reading.group(Group::Struct("Recording"), 5, |reading| {
        match fields.next() {
            Some(0) => {
                reading.name("exit_code")?;
                reading.atom(Atom::Signed(facts.exit_code.into()))
            }
            Some(field @ (1 | 2)) => {
                reading.name(["stdout_bytes", "stderr_bytes"][field - 1])?;
                let bytes = summary.streams[field - 1].bytes;
                reading.atom(Atom::Unsigned(bytes.into()))
            }
            Some(3) => {
                reading.name("outputs")?;
                let mut outputs = summary.outputs.iter();
                reading.group(Group::Map, summary.outputs.len() as u64, |reading| {
                    let Some(output) = outputs.next() else {
                        return Ok(());
                    };
                    reading.name(&output.path)?;
                    reading.atom(Atom::Unsigned(output.bytes.into()))
                })
            }
            _ => {
                reading.name("metrics")?;
                let mut metrics = facts.metrics.iter();
                reading.group(Group::Map, facts.metrics.len() as u64, |reading| {
                    let Some(metric) = metrics.next() else {
                        return Ok(());
                    };
                    reading.name(&metric.name)?;
                    reading.atom(Atom::Double(metric.value))
                })
            }
        }
    })
}
