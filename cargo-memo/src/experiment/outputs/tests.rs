//! Outputs in real directories. What is kept of them is kept in memory, where
//! it can be made to say anything.

mod collecting;
mod hostile;
mod restoring;
mod store;

use std::fs::{self, Permissions};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};
use std::path::PathBuf;

use memo_runtime::Digest;
use memo_runtime::run::OutputKind;
use rustix::fs::{CWD, FileType, Mode, mknodat};
use tempfile::TempDir;

use super::*;

/// What was kept, as a recording has it.
#[derive(Debug, Default)]
struct Memory {
    outputs: Vec<RecordedOutput>,
    contents: Vec<Vec<u8>>,
}

impl Memory {
    fn add(&mut self, path: &str, mode: u32, kind: OutputKind, content: &[u8]) {
        self.outputs.push(RecordedOutput {
            path: path.to_owned(),
            mode,
            kind,
            bytes: content.len() as u64,
            digest: Digest::from_bytes(*blake3::hash(content).as_bytes()),
        });
        self.contents.push(content.to_vec());
    }

    /// A recording of these files.
    fn of(files: &[(&str, &str)]) -> Self {
        let mut memory = Self::default();
        for (path, content) in files {
            memory.add(path, 0o644, OutputKind::File, content.as_bytes());
        }
        memory
    }

    /// All of it, as if it had been declared so; what cannot be is left out.
    fn declared(&self) -> Vec<String> {
        let paths = self.outputs.iter().map(|output| output.path.clone());
        paths.filter(|path| names::declared(path).is_ok()).collect()
    }

    fn paths(&self) -> Vec<&str> {
        self.outputs
            .iter()
            .map(|output| output.path.as_str())
            .collect()
    }
}

impl Keeps for Memory {
    fn output(&mut self, path: &str, mode: u32, file: &mut File) {
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        self.add(path, mode, OutputKind::File, &content);
    }

    fn directory(&mut self, path: &str, mode: u32) {
        self.add(path, mode, OutputKind::Dir, b"");
    }
}

impl Has for Memory {
    fn outputs(&self) -> &[RecordedOutput] {
        &self.outputs
    }

    fn open(&self, index: usize) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(self.contents[index].as_slice()))
    }
}

/// A working directory beside something that is nobody's business.
struct Place {
    outer: TempDir,
    work: PathBuf,
}

impl Place {
    fn new() -> Self {
        let outer = tempfile::tempdir().unwrap();
        let work = outer.path().join("work");
        fs::create_dir(&work).unwrap();
        fs::create_dir(outer.path().join("outside")).unwrap();
        fs::write(outer.path().join("outside/precious"), "precious").unwrap();
        fs::write(outer.path().join("beside"), "beside").unwrap();
        Self { outer, work }
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
        let mode = Mode::RUSR | Mode::WUSR;
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

    fn collect(&self, declared: &[&str]) -> Result<(Collected, Memory), String> {
        self.collect_since(SystemTime::UNIX_EPOCH, declared)
    }

    fn collect_since(
        &self,
        since: SystemTime,
        declared: &[&str],
    ) -> Result<(Collected, Memory), String> {
        let declared: Vec<String> = declared.iter().map(|&path| path.to_owned()).collect();
        let mut memory = Memory::default();
        match collect(&self.work, &declared, since, &mut memory) {
            Ok(collected) => Ok((collected, memory)),
            Err(failure) => Err(failure.message().unwrap()),
        }
    }

    fn restore(&self, memory: &Memory) -> Result<Restored, String> {
        restore(&self.work, &memory.declared(), memory)
            .map_err(|failure| failure.message().unwrap())
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
