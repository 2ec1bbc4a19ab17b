//! Sources that are watched for edits during the build.
//!
//! The analysis reads the sources when a macro is expanded. The compiler has read those of this
//! crate a moment before, and those of other crates when it compiled them, earlier in the same
//! build or in one before. A file that was edited in between is compiled as it was, and analysed
//! as it is: a fingerprint of the new text would be given to results of the old code, and the next
//! build, which compiles the new text, would find them.
//!
//! A file that has not been modified since cargo began is what has been compiled: cargo compiles
//! again what was modified before. Anything else makes fingerprints of their own, out of the time
//! of modification ([`Watched::mark`]). Nothing is lost by that but hits: cargo compiles the crate
//! again the next time. To lose a night's work because a file was edited meanwhile that does not
//! matter would be as bad, so only files count that something reached is in. Where it is not known
//! when the build began, files are taken as they are.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use memo_code::list::FactKind;
use memo_code::{Disk, Fingerprint, Sources};

use super::began;

/// The sources of a package and of those around it.
pub(super) struct Watched {
    disk: Disk,
    package: PathBuf,
    began: Option<SystemTime>,
    edited: RefCell<BTreeMap<String, SystemTime>>,
    read: RefCell<BTreeSet<String>>,
}

impl Watched {
    /// The sources as seen from the directory `package`, in this build.
    pub(super) fn new(package: &Path) -> Watched {
        Watched::since(began::build(), package)
    }

    fn since(began: Option<SystemTime>, package: &Path) -> Watched {
        Watched {
            disk: Disk::new(package),
            package: package.to_owned(),
            began,
            edited: RefCell::default(),
            read: RefCell::default(),
        }
    }

    /// Whether a file has been read.
    pub(super) fn has_read(&self, path: &str) -> bool {
        self.read.borrow().contains(path)
    }

    /// Makes a fingerprint one that no other build has, if a file that it is made of has been edited
    /// during the build.
    pub(super) fn mark(&self, fingerprint: &mut Fingerprint) {
        let list = &fingerprint.list;
        let is_whole = list.facts.iter().any(|it| it.kind == FactKind::Whole);
        let is_part = |path: &str| {
            is_whole
                || list.items.iter().any(|item| *item.file == *path)
                || list.facts.iter().any(|fact| fact.name == path)
        };
        let edited = self.edited.borrow();
        let edited = edited.iter().filter(|(path, _)| is_part(path));
        let Some(latest) = edited.map(|(_, time)| *time).max() else {
            return;
        };
        let time = latest.duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut hasher = blake3::Hasher::new_derive_key("memo-macros 1 edited during the build");
        hasher.update(&fingerprint.digest);
        hasher.update(&time.as_nanos().to_le_bytes());
        fingerprint.digest = *hasher.finalize().as_bytes();
    }
}

impl Sources for Watched {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let content = self.disk.read(path)?;
        // Only now: what is edited from here on has not been read.
        let modified = fs::metadata(self.package.join(path))?.modified().ok();
        let edited = modified.filter(|time| self.began.is_some_and(|began| *time > began));
        if let Some(time) = edited {
            self.edited.borrow_mut().insert(path.to_owned(), time);
        }
        self.read.borrow_mut().insert(path.to_owned());
        Ok(content)
    }

    fn has(&self, path: &str) -> bool {
        self.disk.has(path)
    }

    fn files_below(&self, dir: &str) -> io::Result<Vec<String>> {
        self.disk.files_below(dir)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use memo_code::CodeList;
    use memo_code::list::Item;

    use super::*;

    const PLAIN: [u8; 32] = [7; 32];

    /// The digest of a fingerprint with an item in the file `reached`, when `lib.rs` is modified so
    /// long after the build began, or before.
    fn marked(reached: &str, after: Duration, before: Duration) -> [u8; 32] {
        let package = tempfile::tempdir().unwrap();
        fs::write(package.path().join("lib.rs"), "fn f() {}").unwrap();
        fs::write(package.path().join("other.rs"), "fn g() {}").unwrap();
        let began = UNIX_EPOCH + Duration::from_secs(1_767_225_600);
        for (file, time) in [("lib.rs", began + after - before), ("other.rs", began)] {
            let file = fs::File::options()
                .write(true)
                .open(package.path().join(file));
            file.unwrap().set_modified(time).unwrap();
        }
        let watched = Watched::since(Some(began), package.path());
        assert_eq!(watched.read("lib.rs").unwrap(), b"fn f() {}");
        assert_eq!(watched.read("other.rs").unwrap(), b"fn g() {}");
        assert!(watched.read("missing.rs").is_err());
        assert!(watched.has_read("lib.rs") && !watched.has_read("missing.rs"));
        let item = Item {
            krate: "app".into(),
            path: "f".into(),
            file: reached.into(),
            line: 1,
            digest: PLAIN,
            text: None,
        };
        let mut fingerprint = Fingerprint {
            digest: PLAIN,
            conditions: Vec::new(),
            list: CodeList {
                items: vec![item],
                ..CodeList::default()
            },
            types: None,
        };
        watched.mark(&mut fingerprint);
        fingerprint.digest
    }

    #[test]
    fn only_a_file_that_is_reached_and_was_edited_during_the_build_marks_a_fingerprint() {
        let (none, one, two) = (
            Duration::ZERO,
            Duration::from_nanos(1),
            Duration::from_nanos(2),
        );
        assert_eq!(marked("lib.rs", none, none), PLAIN);
        assert_eq!(marked("lib.rs", none, one), PLAIN);
        assert_eq!(marked("other.rs", one, none), PLAIN);
        assert_ne!(marked("lib.rs", one, none), PLAIN);
        assert_ne!(marked("lib.rs", one, none), marked("lib.rs", two, none));
        assert_eq!(marked("lib.rs", one, none), marked("lib.rs", one, none));
    }
}
