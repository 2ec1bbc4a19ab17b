//! Files in real directories: what keys see of them, what is kept, and what is
//! put back. Time is passed in.

mod calls;
mod hostile;
mod inputs;
mod kept;
mod outputs;
mod upkeep;

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use super::keep::Unkept;
use super::restore::Unrestored;
use super::scope::{self, InputSeen};
use super::{Desk, InputFile, OutputFile};
use crate::call::Memo;
use crate::clock::Clock;
use crate::codec::{self, Codec, record};
use crate::config::Mode;
use crate::header::{self, CodeLevel, Header, KeptContent, KeptFile};
use crate::key::{self, Digest};
use crate::store::Store;

/// A directory of the user, a store, and something that is nobody's business.
struct Lab {
    temp: TempDir,
    /// What is in the temporary directory: all of the following.
    outer: PathBuf,
    memo: Memo,
    store: Arc<Store>,
    clock: Clock,
}

/// A result that names files, as an entry has it.
struct Entry {
    payload: Vec<u8>,
    header: Vec<u8>,
}

impl Lab {
    /// The clock stands an hour from now: what is written is settled.
    fn new() -> Self {
        Self::at(Clock::manual(Clock::system().now() + 3600 * 1_000_000_000))
    }

    /// The clock stands at the present: what is written is young.
    fn at_once() -> Self {
        Self::at(Clock::manual(Clock::system().now()))
    }

    fn at(clock: Clock) -> Self {
        let temp = tempfile::tempdir().unwrap();
        let outer = temp.path().join("outer");
        for dir in ["user", "outside"] {
            fs::create_dir_all(outer.join(dir)).unwrap();
        }
        fs::write(outer.join("outside/precious"), "precious").unwrap();
        OutputFile::permit(outer.join("user"));
        let memo = Memo::builder(outer.join("store"))
            .clock(clock.clone())
            .mode(Mode::On);
        let memo = memo.open().unwrap();
        let store = memo.opened_if_there().unwrap();
        Self {
            temp,
            outer,
            memo,
            store,
            clock,
        }
    }

    fn desk(&self) -> Desk<'_> {
        Desk::of(&self.memo, &self.store)
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.outer.join("user").join(relative)
    }

    fn write(&self, relative: &str, content: &str) -> PathBuf {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap()
    }

    fn link(&self, relative: &str, to: &Path) {
        symlink(to, self.path(relative)).unwrap();
    }

    /// The digest of an input as an argument, or why it has none.
    fn key(&self, relative: &str) -> Result<Digest, String> {
        self.seen(relative).0
    }

    fn seen(&self, relative: &str) -> (Result<Digest, String>, Vec<InputSeen>) {
        let input = InputFile::new(self.path(relative));
        let (digest, seen) = scope::keying(&mut Some(self.memo.clone()), || key::digest_of(&input));
        (digest.map_err(|error| error.to_string()), seen)
    }

    /// Keeps a result that names these outputs.
    fn keep(&self, outputs: &[&str]) -> Result<Entry, Unkept> {
        let value: Vec<OutputFile> = outputs
            .iter()
            .map(|relative| OutputFile::new(self.path(relative)))
            .collect();
        self.keep_value(&value)
    }

    fn keep_value(&self, value: &Vec<OutputFile>) -> Result<Entry, Unkept> {
        let (encoded, outputs) = scope::encoding(|| codec::encode(Codec::Bincode, value));
        let files = outputs.keep(&self.desk(), "f-0", false)?;
        Ok(Entry {
            payload: encoded.unwrap(),
            header: header_with(&files),
        })
    }

    /// Finds the result, and puts back what it names.
    fn find(&self, entry: &Entry) -> Result<Vec<OutputFile>, Unrestored> {
        let (value, outputs) =
            scope::decoding(|| codec::decode(Codec::Bincode, &entry.payload).unwrap());
        outputs.restore(&self.desk(), &entry.header)?;
        Ok(value)
    }

    /// Whether all that the result names is there.
    fn is_there(&self, entry: &Entry) -> bool {
        let decode = || codec::decode::<Vec<OutputFile>>(Codec::Bincode, &entry.payload);
        let (_, outputs) = scope::decoding(decode);
        outputs.are_there(&self.desk(), &entry.header)
    }

    /// The files that the store keeps, without the lists of directories.
    fn kept(&self) -> Vec<PathBuf> {
        let files = self.outer.join("store/files");
        let mut kept = Vec::new();
        for fan in fs::read_dir(files).unwrap().flatten() {
            if fan.file_name().len() == 2 && fan.file_name() != "of" {
                let files = fs::read_dir(fan.path()).unwrap().flatten();
                kept.extend(files.map(|file| file.path()));
            }
        }
        kept.sort();
        kept
    }

    /// All that is outside of the user's directory and the store.
    fn outside(&self) -> Vec<String> {
        let mut found = Vec::new();
        list(&self.outer.join("outside"), &mut found);
        found
    }

    /// All that is in the user's directory, but no times.
    fn inside(&self) -> Vec<String> {
        let mut found = Vec::new();
        list(&self.outer.join("user"), &mut found);
        found
    }
}

/// The bytes with this content in the store, and nothing else.
fn damage(file: &Path, content: &str) {
    fs::set_permissions(file, Permissions::from_mode(0o600)).unwrap();
    fs::write(file, content).unwrap();
}

/// An encoded header of an entry whose result names `files`.
fn header_with(files: &[KeptFile]) -> Vec<u8> {
    let header = Header::<String> {
        package: String::new(),
        package_version: String::new(),
        function: "f".to_owned(),
        instance: None,
        version: 0,
        code_level: CodeLevel::None,
        fingerprint: None,
        arguments: Vec::new(),
        value_type: String::new(),
        host: String::new(),
        pid: 1,
        commit: None,
    };
    let mut bytes = Vec::new();
    record::append(&header, &mut bytes).unwrap();
    header::append_files(files, &mut bytes).unwrap();
    bytes
}

fn list(path: &Path, found: &mut Vec<String>) {
    let metadata = fs::symlink_metadata(path).unwrap();
    let content = if metadata.is_file() {
        fs::read_to_string(path).unwrap()
    } else if metadata.is_symlink() {
        fs::read_link(path).unwrap().display().to_string()
    } else {
        String::new()
    };
    let mode = metadata.permissions().mode();
    found.push(format!("{} {mode:o} {content}", path.display()));
    if metadata.is_dir() {
        let mut paths: Vec<_> = fs::read_dir(path).unwrap().flatten().collect();
        paths.sort_by_key(fs::DirEntry::file_name);
        paths.iter().for_each(|entry| list(&entry.path(), found));
    }
}
