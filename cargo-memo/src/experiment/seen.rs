//! What tells that a file has not been written to, without reading it.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::time::{Duration, SystemTime};

/// Writing twice within this time may leave a file with the same times.
const GRAIN: Duration = Duration::from_secs(2);

/// A file as it was when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    inode: (u64, u64),
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
    /// Whether it had not been written to for a while: its times tell then.
    is_settled: bool,
}

impl Seen {
    /// How a file looks that is about to be read.
    pub(crate) fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().ok();
        let age = modified.and_then(|time| SystemTime::now().duration_since(time).ok());
        Self {
            inode: (metadata.dev(), metadata.ino()),
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
            is_settled: age.is_some_and(|age| age >= GRAIN),
        }
    }

    /// Whether nobody has written to the file since.
    pub(crate) fn is_still(&self, metadata: &Metadata) -> bool {
        self.is_settled && self.is_untouched(metadata)
    }

    /// Whether its times tell of nobody who has.
    pub(crate) fn is_untouched(&self, metadata: &Metadata) -> bool {
        let now = Self {
            is_settled: self.is_settled,
            ..Self::of(metadata)
        };
        now == *self
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};

    use super::*;

    #[test]
    fn a_file_is_trusted_once_it_is_settled_and_until_it_is_written_to() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let looked = || fs::metadata(file.path()).unwrap();
        assert!(!Seen::of(&looked()).is_still(&looked()), "it is new");
        let past = SystemTime::now() - Duration::from_secs(60);
        let opened = File::options().write(true).open(file.path()).unwrap();
        opened.set_modified(past).unwrap();
        let seen = Seen::of(&looked());
        assert!(seen.is_still(&looked()));
        fs::write(file.path(), "").unwrap();
        assert!(!seen.is_still(&looked()));
        opened.set_modified(past).unwrap();
        assert!(!seen.is_still(&looked()), "its other time tells");
    }
}
