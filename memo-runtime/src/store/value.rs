//! Opening the value of an entry, to be read a piece at a time.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};

use super::Store;
use super::dir::{self, regular};
use super::entry::Fault;
use super::inventory::{Entry, Unreadable};

impl Store {
    /// The file of an entry, at its value of `bytes` bytes, with which it ends;
    /// `None`: it has gone. Nothing is checked but the size.
    pub(crate) fn open_value(&self, entry: &Entry, bytes: u64) -> Result<Option<File>, Unreadable> {
        let system = |error: io::Error| Unreadable::System(error.to_string());
        let damaged = |fault: Fault| Unreadable::Damaged(fault.to_string());
        let mut file = match self.entries.open_read(entry.place().relative()) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(system(error)),
        };
        let stat = regular(&file).map_err(|_| damaged(Fault::NotAFile))?;
        let begin = dir::size(&stat).checked_sub(bytes);
        let begin = begin.ok_or_else(|| damaged(Fault::BadLengths))?;
        file.seek(SeekFrom::Start(begin)).map_err(system)?;
        Ok(Some(file))
    }
}
