//! Lists of code as files: what is written, what is believed, what is left alone.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use rustix::fs::{FileType, Mode};

use super::*;
use crate::key::digest_of;

const FUNCTION: &str = "f-0";

fn code() -> CodeInProgram<'static> {
    StoredCode {
        conditions: vec![("feature = \"fast\"", true), ("debug_assertions", false)].into(),
        list: b"a list",
    }
}

fn read() -> StoredCode {
    let code = code();
    let conditions = code.conditions.iter();
    StoredCode {
        conditions: conditions
            .map(|(text, truth)| ((*text).to_owned(), *truth))
            .collect(),
        list: code.list.to_vec(),
    }
}

fn fingerprint() -> Digest {
    digest_of("fingerprint").unwrap()
}

/// A store, and a place outside.
struct Desk {
    temp: tempfile::TempDir,
    store: Store,
}

impl Desk {
    fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        fs::create_dir(temp.path().join("outside")).unwrap();
        let store = Store::open(&temp.path().join("store"), false).unwrap();
        Self { temp, store }
    }

    fn keep(&self) -> Result<(), StoreError> {
        self.store
            .keep_code(FUNCTION, &fingerprint(), &code(), false)
    }

    fn kept(&self) -> Result<Option<StoredCode>, Unreadable> {
        self.store.code(FUNCTION, &fingerprint())
    }

    fn outside(&self) -> PathBuf {
        self.temp.path().join("outside")
    }

    /// The file of the list, its directory made.
    fn file(&self) -> PathBuf {
        let function = self.temp.path().join("store/code").join(FUNCTION);
        fs::create_dir_all(&function).unwrap();
        function.join(fingerprint().to_hex())
    }
}

#[test]
fn a_list_is_kept_with_its_conditions() {
    let desk = Desk::new();
    assert_eq!(desk.kept(), Ok(None));
    assert_eq!(desk.store.fingerprints(FUNCTION).unwrap(), []);
    desk.keep().unwrap();
    assert_eq!(desk.kept(), Ok(Some(read())));
    assert_eq!(desk.store.fingerprints(FUNCTION).unwrap(), [fingerprint()]);
    let tmp = desk.temp.path().join("store/tmp");
    assert_eq!(fs::read_dir(tmp).unwrap().count(), 0);
}

#[test]
fn a_list_that_is_there_is_not_written_again_but_for_an_empty_one() {
    let desk = Desk::new();
    fs::write(desk.file(), "anything").unwrap();
    desk.keep().unwrap();
    assert_eq!(fs::read(desk.file()).unwrap(), b"anything");
    fs::write(desk.file(), "").unwrap();
    desk.keep().unwrap();
    assert_eq!(desk.kept(), Ok(Some(read())));
}

#[test]
fn any_flipped_bit_and_any_cut_is_noticed() {
    let whole = encode(&code()).unwrap();
    assert_eq!(decode(&whole), Ok(read()));
    for bit in 0..whole.len() * 8 {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let decoded = decode(&bytes);
        assert!(matches!(decoded, Err(Unreadable::Damaged(_))), "bit {bit}");
    }
    for cut in 0..whole.len() {
        assert!(matches!(decode(&whole[..cut]), Err(Unreadable::Damaged(_))));
    }
    let longer = [&whole[..], b"\0"].concat();
    assert!(matches!(decode(&longer), Err(Unreadable::Damaged(_))));
}

#[test]
fn a_list_of_a_later_version_is_told_from_a_damaged_one() {
    let mut bytes = encode(&code()).unwrap();
    bytes[8..12].copy_from_slice(&7_u32.to_le_bytes());
    let digest = digest(&bytes[8..12], &bytes[HEAD..]);
    bytes[12..HEAD].copy_from_slice(&digest);
    assert_eq!(decode(&bytes), Err(Unreadable::Newer(7)));
}

#[test]
fn a_list_that_is_too_long_is_not_kept() {
    let desk = Desk::new();
    let code = StoredCode {
        conditions: Vec::new().into(),
        list: &vec![0; LONGEST as usize][..],
    };
    assert!(
        desk.store
            .keep_code(FUNCTION, &fingerprint(), &code, false)
            .is_err()
    );
    assert_eq!(desk.kept(), Ok(None));
}

#[test]
fn what_is_no_file_is_neither_read_nor_waited_for() {
    let desk = Desk::new();
    let file = desk.file();
    let at = rustix::fs::CWD;
    rustix::fs::mknodat(at, &file, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    assert!(matches!(desk.kept(), Err(Unreadable::Damaged(_))));
    desk.keep().unwrap();
    assert_eq!(desk.kept(), Ok(Some(read())), "the FIFO is in the way");

    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert!(matches!(desk.kept(), Err(Unreadable::Damaged(_))));
    assert!(desk.keep().is_err());
    assert!(file.is_dir());
}

#[test]
fn a_size_that_is_a_lie_takes_no_memory() {
    let desk = Desk::new();
    fs::write(desk.file(), encode(&code()).unwrap()).unwrap();
    let file = fs::File::options().write(true).open(desk.file()).unwrap();
    file.set_len(1 << 40).unwrap();
    assert!(matches!(desk.kept(), Err(Unreadable::Damaged(_))));
}

#[test]
fn links_are_not_followed() {
    let desk = Desk::new();
    let bytes = encode(&code()).unwrap();
    let target = desk.outside().join("file");
    fs::write(&target, &bytes).unwrap();
    symlink(&target, desk.file()).unwrap();
    assert!(matches!(desk.kept(), Err(Unreadable::System(_))));
    desk.keep().unwrap();
    assert!(desk.file().symlink_metadata().unwrap().is_file());
    assert_eq!(fs::read(&target).unwrap(), bytes);

    for part in ["store/code", "store/code/f-0"] {
        let desk = Desk::new();
        desk.file();
        let link = desk.temp.path().join(part);
        fs::remove_dir_all(&link).unwrap();
        symlink(desk.outside(), &link).unwrap();
        assert!(desk.keep().is_err());
        assert!(matches!(desk.kept(), Err(Unreadable::System(_))));
        assert!(desk.store.fingerprints(FUNCTION).is_err());
        desk.store.remove_unused_code(&BTreeSet::new()).unwrap();
        assert_eq!(fs::read_dir(desk.outside()).unwrap().count(), 0);
        assert!(link.is_symlink());
    }
}

#[test]
fn lists_that_nothing_refers_to_go_and_strangers_stay() {
    let desk = Desk::new();
    desk.keep().unwrap();
    let stranger = desk.file().with_file_name("thesis.tex");
    fs::write(&stranger, "x").unwrap();
    desk.store.remove_unused_code(&BTreeSet::new()).unwrap();
    assert_eq!(desk.kept(), Ok(None));
    assert!(stranger.exists());
    fs::remove_file(stranger).unwrap();
    desk.store.remove_unused_code(&BTreeSet::new()).unwrap();
    assert!(!desk.temp.path().join("store/code").join(FUNCTION).exists());
    desk.keep().unwrap();
    assert_eq!(desk.kept(), Ok(Some(read())));
}
