//! Outputs in real directories. What is kept of them is in a store, and what is
//! recorded of them can be made to say anything.

mod collecting;
mod hostile;
mod restoring;

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};
use std::path::PathBuf;
use std::sync::Arc;

use rustix::fs::{CWD, FileType, Mode as Rights, mknodat};
use tempfile::TempDir;

use super::*;
use crate::call::Memo;
use crate::config::Mode;
use crate::store::Store;

/// A working directory beside something that is nobody's business.
struct Place {
    outer: TempDir,
    work: PathBuf,
    /// Where the store is, so that what is outside does not change with it.
    _kept: TempDir,
    memo: Memo,
    store: Arc<Store>,
}

impl Place {
    fn new() -> Self {
        let outer = tempfile::tempdir().unwrap();
        let work = outer.path().join("work");
        fs::create_dir(&work).unwrap();
        fs::create_dir(outer.path().join("outside")).unwrap();
        fs::write(outer.path().join("outside/precious"), "precious").unwrap();
        fs::write(outer.path().join("beside"), "beside").unwrap();
        let kept = tempfile::tempdir().unwrap();
        let memo = Memo::builder(kept.path().join("store")).mode(Mode::On);
        let memo = memo.open().unwrap();
        let store = memo.opened_if_there().unwrap();
        Self {
            outer,
            work,
            _kept: kept,
            memo,
            store,
        }
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.work.join(relative)
    }

    fn write(&self, relative: &str, content: &str) -> &Self {
        fs::create_dir_all(self.path(relative).parent().unwrap()).unwrap();
        fs::write(self.path(relative), content).unwrap();
        self
    }

    fn directory(&self, relative: &str) -> &Self {
        fs::create_dir_all(self.path(relative)).unwrap();
        self
    }

    fn link(&self, relative: &str, to: &str) -> &Self {
        symlink(to, self.path(relative)).unwrap();
        self
    }

    fn fifo(&self, relative: &str) -> &Self {
        let mode = Rights::RUSR | Rights::WUSR;
        mknodat(CWD, self.path(relative), FileType::Fifo, mode, 0).unwrap();
        self
    }

    fn rights(&self, relative: &str, mode: u32) -> &Self {
        fs::set_permissions(self.path(relative), Permissions::from_mode(mode)).unwrap();
        self
    }

    fn mode(&self, relative: &str) -> u32 {
        let metadata = fs::symlink_metadata(self.path(relative)).unwrap();
        metadata.permissions().mode() & 0o7777
    }

    fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap()
    }

    fn desk(&self) -> Desk<'_> {
        Desk::of(&self.memo, &self.store)
    }

    fn collect(&self, declared: &[&str]) -> Result<Collected, String> {
        self.collect_since(SystemTime::UNIX_EPOCH, declared)
    }

    fn collect_since(&self, since: SystemTime, declared: &[&str]) -> Result<Collected, String> {
        self.collect_while(&|| true, since, declared)
    }

    fn collect_while(
        &self,
        goes_on: &dyn Fn() -> bool,
        since: SystemTime,
        declared: &[&str],
    ) -> Result<Collected, String> {
        let declared = strings(declared);
        let outputs = Outputs {
            dir: &self.work,
            declared: &declared,
            goes_on,
        };
        let desk = Desk {
            goes_on,
            ..self.desk()
        };
        let collected = collect(&outputs, since, Some(&desk), "train-0", false);
        collected.map_err(|trouble| trouble.to_string())
    }

    /// When a run that leaves `declared` could be started.
    fn settled(&self, declared: &[&str]) -> SystemTime {
        let outputs = Outputs {
            dir: &self.work,
            declared: &strings(declared),
            goes_on: &|| true,
        };
        outputs.settled()
    }

    /// What a recording says of a file with this content, which is kept.
    fn recorded(&self, path: &str, mode: u32, content: &[u8]) -> RecordedOutput {
        let source = self._kept.path().join("source");
        fs::write(&source, content).unwrap();
        let file = File::open(source).unwrap();
        let digest = self.store.add_file(&file, false, 1, || true).unwrap();
        RecordedOutput {
            path: path.to_owned(),
            mode,
            kind: OutputKind::File,
            bytes: content.len() as u64,
            digest,
        }
    }

    /// A recording of these files.
    fn all_recorded(&self, files: &[(&str, &str)]) -> Vec<RecordedOutput> {
        let all = files.iter();
        all.map(|(path, content)| self.recorded(path, 0o644, content.as_bytes()))
            .collect()
    }

    /// Puts back what is recorded, as if all of it had been declared so.
    fn restore(&self, recorded: &[RecordedOutput]) -> Result<Restored, String> {
        let declared = recorded.iter().map(|output| output.path.clone());
        let declared: Vec<String> = declared.filter(|path| output_path(path).is_ok()).collect();
        self.restore_declared(&self.work, &declared, recorded)
            .map_err(|unrestored| unrestored.to_string())
    }

    fn restore_declared(
        &self,
        dir: &Path,
        declared: &[String],
        recorded: &[RecordedOutput],
    ) -> Result<Restored, Unrestored> {
        let outputs = Outputs {
            dir,
            declared,
            goes_on: &|| true,
        };
        restore(&outputs, recorded, &self.desk())
    }

    /// The file in the store that holds what is recorded.
    fn kept(&self, output: &RecordedOutput) -> PathBuf {
        let digest = output.digest.to_hex();
        let (fan, leaf) = digest.split_at(2);
        self.store.path().join("files").join(fan).join(leaf)
    }

    /// All there is, in the working directory and outside of it.
    fn everything(&self) -> Vec<String> {
        let mut found = Vec::new();
        list(self.outer.path(), &mut found);
        found.sort();
        found
    }
}

fn list(path: &Path, found: &mut Vec<String>) {
    let metadata = fs::symlink_metadata(path).unwrap();
    let kind = metadata.file_type();
    let content = if kind.is_symlink() {
        format!("-> {}", fs::read_link(path).unwrap().display())
    } else if kind.is_file() {
        blake3::hash(&fs::read(path).unwrap()).to_hex().to_string()
    } else {
        format!("fifo: {}", kind.is_fifo())
    };
    let mode = metadata.permissions().mode();
    found.push(format!("{} {mode:o} {content}", path.display()));
    if kind.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            list(&entry.unwrap().path(), found);
        }
    }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// What a recording says of an empty directory.
fn hollow(path: &str, mode: u32) -> RecordedOutput {
    RecordedOutput {
        path: path.to_owned(),
        mode,
        kind: OutputKind::Dir,
        bytes: 0,
        digest: Digest::from_bytes(*blake3::hash(&[]).as_bytes()),
    }
}

fn paths(collected: &Collected) -> Vec<&str> {
    let outputs = collected.outputs.iter();
    outputs.map(|output| output.path.as_str()).collect()
}
