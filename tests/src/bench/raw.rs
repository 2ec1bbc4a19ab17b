//! The system calls that nobody who keeps results can do without, as a contestant.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::hint::black_box;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use memmap2::{Advice, Mmap, MmapMut};
use rustix::fs::{FlockOperation, flock};

use super::ours::{COMPUTATION, now, sleep_until};
use super::stage::{self, Answer, each, number, timed};

/// What has a benchmark be this contestant.
pub(super) const WORD: &str = "--compete-raw";

/// The command that starts this program as a contestant, which has its files in `dir`.
///
/// # Panics
///
/// When the program does not know where it is.
pub fn command(dir: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.arg(WORD).arg(dir);
    command
}

/// Carries out what it is told, in `dir`, until there is nothing more.
pub(super) fn serve(dir: &Path) {
    let mut raw = Raw::new(dir).expect("a directory");
    let versions = format!("blake3 {}", blake3_version());
    stage::play(&versions, |words| raw.act(words));
}

fn blake3_version() -> &'static str {
    let lock = include_str!("../../../Cargo.lock");
    let after = lock.split("name = \"blake3\"\nversion = \"").nth(1);
    after.and_then(|text| text.split('"').next()).unwrap_or("?")
}

struct Raw {
    dir: PathBuf,
    /// What is written, by its length.
    contents: BTreeMap<usize, Vec<u8>>,
    /// The entries of a store.
    entries: Vec<PathBuf>,
}

impl Raw {
    fn new(dir: &Path) -> std::io::Result<Self> {
        fs::create_dir_all(dir.join("tmp"))?;
        for fan in 0..256 {
            fs::create_dir_all(dir.join(format!("entries/f/{fan:02x}")))?;
        }
        Ok(Self {
            dir: dir.to_owned(),
            contents: BTreeMap::new(),
            entries: Vec::new(),
        })
    }

    fn act(&mut self, line: &[&str]) -> Answer {
        match line {
            ["entries", dir] => self.look(Path::new(dir)),
            ["open", from, count] => self.open(number(from)?, number(count)?),
            ["again", count] => self.again(number(count)?),
            ["write", len, from, count] => {
                self.write(number(len)?, number(from)?, number(count)?, false)
            }
            ["hash-and-write", len, from, count] => {
                self.write(number(len)?, number(from)?, number(count)?, true)
            }
            ["read", how, len, from, count] => {
                self.read(how, number(len)?, number(from)?, number(count)?)
            }
            ["map", how, len, from, count] => {
                self.map(how, number(len)?, number(from)?, number(count)?)
            }
            ["hash", how, len] => self.hash(how, number(len)?),
            ["remove", len, from, count] => {
                self.remove(number(len)?, number(from)?, number(count)?)
            }
            ["at", at, rest @ ..] => {
                sleep_until(number(at)?);
                self.act(rest)?;
                Ok(vec![now()])
            }
            ["wanted", key, at, holds] => self.wanted(key, number(at)?, *holds == "holds"),
            _ => Err(format!("what is {line:?}?")),
        }
    }

    /// Finds the entries of a store: their number, and how long the first is.
    fn look(&mut self, store: &Path) -> Answer {
        let below = |dir: PathBuf| fs::read_dir(dir).into_iter().flatten().flatten();
        let functions = below(store.join("entries"));
        let fans = functions.flat_map(|function| below(function.path()));
        let files = fans.flat_map(|fan| below(fan.path()));
        self.entries = files.map(|file| file.path()).collect();
        let first = self.entries.first().ok_or("there are no entries")?;
        let len = fs::metadata(first).map_err(told)?.len();
        Ok(vec![self.entries.len() as u64, len])
    }

    /// Opens, reads and closes entries, one after another.
    fn open(&self, from: u64, count: u64) -> Answer {
        let mut buffer = vec![0; 64 << 10];
        let one = |number: u64| {
            let entry = &self.entries[number as usize % self.entries.len()];
            read_once(entry, &mut buffer)
        };
        each(from, count, one, checked)
    }

    /// The mean of opening, reading and closing the first entry so many times.
    fn again(&self, count: u64) -> Answer {
        let mut buffer = vec![0; 64 << 10];
        let (read, took) =
            timed(|| (0..count).try_for_each(|_| read_once(&self.entries[0], &mut buffer)));
        read.map_err(told)?;
        Ok(vec![took / count])
    }

    fn path(&self, len: usize, number: u64) -> PathBuf {
        let fan = number % 256;
        self.dir.join(format!("entries/f/{fan:02x}/{len}-{number}"))
    }

    fn content(&mut self, len: usize) -> &[u8] {
        let make = || (0..len).map(|at| (at % 251) as u8).collect();
        self.contents.entry(len).or_insert_with(make)
    }

    /// Writes files and renames them into place.
    fn write(&mut self, len: usize, from: u64, count: u64, hash: bool) -> Answer {
        self.content(len);
        let content = &self.contents[&len];
        let one = |number| {
            if hash {
                black_box(hash_on_all_cores(content));
            }
            let temporary = self.dir.join(format!("tmp/{number}"));
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&temporary)?;
            file.write_all(content)?;
            drop(file);
            fs::rename(&temporary, self.path(len, number))
        };
        each(from, count, one, checked)
    }

    fn remove(&self, len: usize, from: u64, count: u64) -> Answer {
        let one = |number| fs::remove_file(self.path(len, number));
        each(from, count, one, checked)
    }

    /// Reads files into fresh memory, with huge pages or without.
    fn read(&self, how: &str, len: usize, from: u64, count: u64) -> Answer {
        let one = |number| {
            let mut memory = MmapMut::map_anon(len)?;
            if how == "huge" {
                memory.advise(Advice::HugePage)?;
            }
            File::open(self.path(len, number))?.read_exact(&mut memory)?;
            Ok(memory)
        };
        each(from, count, one, checked)
    }

    /// Maps files, and hashes what is mapped if that is how.
    fn map(&self, how: &str, len: usize, from: u64, count: u64) -> Answer {
        let one = |number| {
            let mapped = map(&File::open(self.path(len, number))?)?;
            if how == "hash" {
                black_box(hash_on_all_cores(&mapped));
            }
            Ok(mapped)
        };
        each(from, count, one, checked)
    }

    /// Hashes what is in memory, on all cores or on one.
    fn hash(&mut self, how: &str, len: usize) -> Answer {
        let content = self.content(len);
        let one = |_| match how {
            "all" => hash_on_all_cores(content),
            _ => blake3::hash(content),
        };
        each(0, 1, one, |_, _| Ok(()))
    }

    /// Waits in `flock` for who holds the lock, and reads what that one has left; or is that one.
    /// Answers as the memoized function does.
    fn wanted(&self, key: &str, at: u64, holds: bool) -> Answer {
        let path = self.dir.join(format!("wanted-{key}"));
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path);
        let lock = lock.map_err(told)?;
        if holds {
            flock(&lock, FlockOperation::LockExclusive).map_err(|error| error.to_string())?;
            sleep_until(at);
            thread::sleep(COMPUTATION);
            let ended = now();
            fs::write(path.with_extension("value"), key).map_err(told)?;
            drop(lock);
            return Ok(vec![ended, now()]);
        }
        sleep_until(at);
        flock(&lock, FlockOperation::LockShared).map_err(|error| error.to_string())?;
        fs::read(path.with_extension("value")).map_err(told)?;
        Ok(vec![0, now()])
    }
}

fn read_once(path: &Path, buffer: &mut [u8]) -> std::io::Result<()> {
    let mut file = File::open(path)?;
    black_box(file.read(buffer)?);
    Ok(())
}

fn hash_on_all_cores(bytes: &[u8]) -> blake3::Hash {
    blake3::Hasher::new().update_rayon(bytes).finalize()
}

#[allow(unsafe_code, reason = "mapping a file cannot be done safely")]
fn map(file: &File) -> std::io::Result<Mmap> {
    // SAFETY: the file is of this benchmark alone, which writes to no file twice.
    unsafe { Mmap::map(file) }
}

fn checked<T>(_: u64, done: &std::io::Result<T>) -> Result<(), String> {
    done.as_ref().map(|_| ()).map_err(ToString::to_string)
}

fn told(error: std::io::Error) -> String {
    error.to_string()
}
