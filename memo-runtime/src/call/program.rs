//! The program that runs, as far as it stands for code.
//!
//! What must hold: two programs whose code differs have different digests; a file that has been
//! replaced since the program began is not taken for it. What cannot be read counts as a program
//! that no other process runs.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::sync::{Mutex, PoisonError};

use blake3::Hasher;

use crate::clock::Clock;
use crate::config;
use crate::key::{Digest, KeyBuilder};

/// What Linux calls the program of a process, though its file may have been replaced.
const OWN: &str = "/proc/self/exe";

/// The digest of the file that has this text compiled in: of the program, or of the library that a
/// program of another language has loaded. It is read once a process.
pub(super) fn around(text: &'static str) -> Digest {
    static READ: Mutex<BTreeMap<Option<u64>, Digest>> = Mutex::new(BTreeMap::new());
    let maps = fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let mapping = mapping(&maps, text.as_ptr() as usize);
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let digest = read.entry(mapping.map(|(inode, _)| inode));
    *digest.or_insert_with(|| digest_of(mapping).unwrap_or_else(|_| unshared()))
}

fn digest_of(mapping: Option<(u64, &str)>) -> io::Result<Digest> {
    let file = match mapping {
        Some((inode, path)) => [OWN, path]
            .into_iter()
            .filter_map(|path| File::open(path).ok())
            .find(|file| file.metadata().is_ok_and(|it| it.ino() == inode))
            .ok_or(io::ErrorKind::NotFound)?,
        None => File::open(OWN).or_else(|_| File::open(std::env::current_exe()?))?,
    };
    let mut hasher = Hasher::new();
    hasher.update_reader(file)?;
    Ok(Digest::from_bytes(*hasher.finalize().as_bytes()))
}

/// The file that is mapped at an address, as a line of `/proc/self/maps` has it: its inode, and
/// its path.
fn mapping(maps: &str, address: usize) -> Option<(u64, &str)> {
    maps.lines().find_map(|line| {
        let mut fields = line.splitn(6, ' ');
        let (first, end) = fields.next()?.split_once('-')?;
        let number = |text| usize::from_str_radix(text, 16).ok();
        if !(number(first)?..number(end)?).contains(&address) {
            return None;
        }
        let inode = fields.nth(3)?.parse().ok().filter(|inode| *inode > 0)?;
        Some((inode, fields.next()?.trim_start()))
    })
}

/// A digest that no other process has.
fn unshared() -> Digest {
    let mut digest = KeyBuilder::new();
    digest
        .field("host", config::host().as_bytes())
        .number("process", config::process().into())
        .number("moment", Clock::system().now());
    digest.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAPS: &str = "\
55d0-55d8 r--p 00000000 08:01 4711                       /target/debug/a program
55d8-55e0 r-xp 00008000 08:01 4711                       /target/debug/a program
7f00-7f10 rw-p 00000000 00:00 0
7f10-7f20 r--p 00000000 08:01 815                        /target/debug/libmodule.so (deleted)
7ffd-7ffe rw-p 00000000 00:00 0                          [stack]
";

    #[test]
    fn a_text_is_found_in_the_file_that_is_mapped_there() {
        let program = Some((4711, "/target/debug/a program"));
        assert_eq!(mapping(MAPS, 0x55d0), program);
        assert_eq!(mapping(MAPS, 0x55df), program);
        let module = Some((815, "/target/debug/libmodule.so (deleted)"));
        assert_eq!(mapping(MAPS, 0x7f10), module);
        for address in [0x55cf, 0x55e0, 0x7f08, 0x7ffd, 0x7fff] {
            assert_eq!(mapping(MAPS, address), None, "{address:x}");
        }
    }

    #[test]
    fn what_runs_is_read_and_what_has_taken_its_place_is_not() {
        let program = fs::read(std::env::current_exe().unwrap()).unwrap();
        let digest = Digest::from_bytes(*blake3::hash(&program).as_bytes());
        assert_eq!(around("a text of this program"), digest);

        let temp = tempfile::tempdir().unwrap();
        let module = temp.path().join("libmodule.so");
        fs::write(&module, "code").unwrap();
        let (inode, path) = (fs::metadata(&module).unwrap().ino(), module.to_str());
        let digest = Digest::from_bytes(*blake3::hash(b"code").as_bytes());
        assert_eq!(digest_of(path.map(|path| (inode, path))).unwrap(), digest);
        assert!(digest_of(path.map(|path| (inode + 1, path))).is_err());
    }

    #[test]
    fn a_program_that_cannot_be_read_is_like_no_other() {
        assert_ne!(unshared(), unshared());
    }
}
