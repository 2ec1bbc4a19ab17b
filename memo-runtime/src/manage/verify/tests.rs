use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::{CWD, FileType, Mode, mknodat};
use tempfile::TempDir;

use super::*;
use crate::{Memo, Share};

/// A store with results of `numbers`, and what is wrong with it.
struct Scene {
    temp: TempDir,
    vault: Vault,
}

impl Scene {
    /// A store with as many results, each of so many bytes.
    fn new(results: u64, bytes: usize) -> Self {
        let temp = tempfile::tempdir().unwrap();
        let memo = Memo::open(temp.path().join("store")).unwrap();
        for number in 0..results {
            memo.call("numbers")
                .arg("number", &number)
                .get_or_compute(|| vec![number as u8 ^ 0x55; bytes]);
        }
        drop(memo);
        let vault = Vault::open(&temp.path().join("store"), Share::None)
            .unwrap()
            .unwrap();
        Self { temp, vault }
    }

    fn store(&self) -> PathBuf {
        self.temp.path().join("store")
    }

    /// The entries' files, in the order of their keys.
    fn files(&self) -> Vec<PathBuf> {
        let mut entries = Vec::new();
        for function in self.vault.functions().unwrap() {
            let found = |entry| entries.push(entry);
            self.vault.each_entry(&function, found).unwrap();
        }
        entries.sort_by_key(|entry: &Entry| entry.key);
        let path = |entry| self.vault.entry_path(entry);
        entries.iter().map(path).collect()
    }

    fn verify(&self) -> Report {
        self.vault.verify(&()).unwrap()
    }

    /// What is the matter with entries, and nothing else is.
    fn problems(&self) -> Vec<Unreadable> {
        let report = self.verify();
        assert!(report.lists.is_empty() && report.strangers.is_empty());
        let problems = report.amiss.into_iter().map(|amiss| amiss.problem);
        problems.collect()
    }

    fn set_aside(&self) -> usize {
        fs::read_dir(self.store().join("damaged")).map_or(0, Iterator::count)
    }
}

fn damaged(fault: &str) -> Vec<Unreadable> {
    vec![Unreadable::Damaged(fault.to_owned())]
}

fn flip(file: &Path, at: usize) {
    let mut bytes = fs::read(file).unwrap();
    bytes[at] ^= 1;
    fs::write(file, bytes).unwrap();
}

/// Everything below a directory: paths, contents and times.
fn tree(dir: &Path) -> Vec<(PathBuf, Vec<u8>, std::time::SystemTime)> {
    let mut found = Vec::new();
    for item in fs::read_dir(dir).unwrap() {
        let path = item.unwrap().path();
        let modified = fs::metadata(&path).unwrap().modified().unwrap();
        if path.is_dir() {
            found.extend(tree(&path));
            found.push((path, Vec::new(), modified));
        } else {
            let bytes = fs::read(&path).unwrap();
            found.push((path, bytes, modified));
        }
    }
    found.sort();
    found
}

#[test]
fn a_sound_store_is_whole_and_stays_as_it_was() {
    let scene = Scene::new(20, 1000);
    let before = tree(&scene.store());
    let report = scene.verify();
    assert_eq!((report.entries, report.planned), (20, 20));
    let sizes = scene.files().into_iter();
    let sizes = sizes.map(|file| fs::metadata(file).unwrap().len());
    assert_eq!(report.bytes, sizes.sum::<u64>());
    assert!(report.amiss.is_empty() && report.lists.is_empty() && report.strangers.is_empty());
    assert!(!report.stopped);
    let repaired = scene.vault.repair(&report);
    assert_eq!((repaired.entries, repaired.lists, repaired.gone), (0, 0, 0));
    assert!(tree(&scene.store()) == before, "checking changed the store");
}

#[test]
fn every_damaged_byte_is_found() {
    let scene = Scene::new(1, 100);
    let file = &scene.files()[0];
    let size = fs::metadata(file).unwrap().len() as usize;
    for at in 0..size {
        flip(file, at);
        assert_eq!(scene.verify().damaged().count(), 1, "byte {at}");
        flip(file, at);
    }
    assert_eq!(scene.problems(), []);
}

#[test]
fn an_entry_of_many_pieces_is_read_to_its_end() {
    let scene = Scene::new(1, 3 << 20);
    assert_eq!(scene.problems(), []);
    let file = &scene.files()[0];
    flip(file, fs::metadata(file).unwrap().len() as usize - 1);
    assert_eq!(
        scene.problems(),
        damaged("its value does not match its digest")
    );
}

#[test]
fn an_entry_in_the_place_of_another_is_found() {
    let scene = Scene::new(2, 10);
    let files = scene.files();
    fs::copy(&files[0], &files[1]).unwrap();
    assert_eq!(
        scene.problems(),
        damaged("it holds the result of another call")
    );
}

#[test]
fn lengths_that_do_not_fit_are_refused_unread() {
    let scene = Scene::new(1, 10);
    let file = File::options().write(true).open(&scene.files()[0]);
    file.unwrap().set_len(1 << 40).unwrap();
    let report = scene.verify();
    assert_eq!(
        report.amiss[0].problem,
        damaged("its lengths do not fit its size")[0]
    );
    assert_eq!(report.bytes, 0);
}

#[test]
fn what_is_no_file_is_moved_out_without_being_followed_or_waited_for() {
    let scene = Scene::new(3, 10);
    let files = scene.files();
    let outside = scene.temp.path().join("outside");
    fs::rename(&files[0], &outside).unwrap();
    symlink(&outside, &files[0]).unwrap();
    fs::remove_file(&files[1]).unwrap();
    mknodat(CWD, &files[1], FileType::Fifo, Mode::RUSR, 0).unwrap();
    fs::remove_file(&files[2]).unwrap();
    fs::create_dir(&files[2]).unwrap();
    let before = fs::read(&outside).unwrap();

    let report = scene.verify();
    let not_a_file = damaged("it is not a regular file");
    let problems: Vec<_> = report.damaged().map(|amiss| &amiss.problem).collect();
    assert_eq!(problems, [&not_a_file[0]; 3]);
    assert_eq!(scene.vault.repair(&report).entries, 3);
    assert_eq!((scene.files().len(), scene.set_aside()), (0, 3));
    assert_eq!(fs::read(&outside).unwrap(), before);
}

#[test]
fn a_directory_that_became_a_link_is_not_reached_through() {
    let scene = Scene::new(1, 10);
    let file = scene.files()[0].clone();
    flip(&file, 200);
    let report = scene.verify();
    let fan = file.parent().unwrap();
    let outside = scene.temp.path().join("outside");
    fs::rename(fan, &outside).unwrap();
    symlink(&outside, fan).unwrap();
    let repaired = scene.vault.repair(&report);
    assert_eq!((repaired.entries, repaired.failed.len()), (0, 1));
    assert_eq!(fs::read_dir(outside).unwrap().count(), 1);
    let fan = fan.strip_prefix(scene.store()).unwrap().to_str().unwrap();
    assert_eq!(scene.verify().strangers, [fan]);
}

#[test]
fn a_newer_entry_is_told_apart_and_left_alone() {
    let scene = Scene::new(1, 10);
    let file = &scene.files()[0];
    let mut bytes = fs::read(file).unwrap();
    bytes[8] = 9;
    let header = u64::from_le_bytes(bytes[24..32].try_into().unwrap()) as usize;
    let digest = blake3::hash(&[&bytes[..160], &bytes[192..header]].concat());
    bytes[160..192].copy_from_slice(digest.as_bytes());
    fs::write(file, bytes).unwrap();
    let report = scene.verify();
    assert_eq!(report.amiss[0].problem, Unreadable::Newer(9));
    assert_eq!(scene.vault.repair(&report).entries, 0);
    assert!(file.exists());
}

/// Does something the first time that a piece of an entry has been read.
struct Meanwhile<F>(Mutex<Option<F>>);

impl<F: FnOnce() + Send> Watch for Meanwhile<F> {
    fn done(&self, _: u64, _: u64) {
        if let Some(change) = self.0.lock().unwrap().take() {
            change();
        }
    }
}

impl<F: FnOnce() + Send> Meanwhile<F> {
    fn new(change: F) -> Self {
        Self(Mutex::new(Some(change)))
    }
}

#[test]
fn an_entry_that_is_replaced_while_it_is_read_is_looked_at_again() {
    let scene = Scene::new(1, 1 << 20);
    let file = &scene.files()[0];
    let whole = scene.temp.path().join("whole");
    fs::copy(file, &whole).unwrap();
    flip(file, 1 << 20);
    let watch = Meanwhile::new(|| fs::rename(&whole, file).unwrap());
    assert!(scene.vault.verify(&watch).unwrap().amiss.is_empty());
}

#[test]
fn an_entry_that_is_removed_while_it_is_read_is_no_finding() {
    let scene = Scene::new(1, 1 << 20);
    let file = &scene.files()[0];
    flip(file, 1 << 20);
    let watch = Meanwhile::new(|| fs::remove_file(file).unwrap());
    assert!(scene.vault.verify(&watch).unwrap().amiss.is_empty());
}

#[test]
fn only_what_was_found_is_repaired() {
    let scene = Scene::new(2, 10);
    let files = scene.files();
    let whole = fs::read(&files[0]).unwrap();
    flip(&files[0], 200);
    flip(&files[1], 200);
    let report = scene.verify();
    let other = scene.temp.path().join("other");
    fs::write(&other, whole).unwrap();
    fs::rename(&other, &files[0]).unwrap();
    let repaired = scene.vault.repair(&report);
    assert_eq!((repaired.entries, repaired.gone), (1, 1));
    assert_eq!(scene.files(), files[..1]);
    assert_eq!(scene.problems(), []);

    let mut outcomes = Vec::new();
    let start = Default::default();
    let each = |execution: Execution| outcomes.push((execution.outcome, execution.function));
    scene.vault.each_execution(start, each).unwrap();
    let moved = (Outcome::Damaged, "numbers".to_owned());
    assert_eq!(outcomes.iter().filter(|one| **one == moved).count(), 1);
}

#[test]
fn a_list_of_code_that_is_damaged_is_found_and_removed() {
    use crate::store::code::CodeInProgram;

    let scene = Scene::new(1, 10);
    let list = CodeInProgram {
        conditions: Default::default(),
        list: b"items",
    };
    let function = scene.vault.functions().unwrap()[0].dir.clone();
    let fingerprints = ["one", "two"].map(|text| crate::key::digest_of(text).unwrap());
    for fingerprint in &fingerprints {
        let kept = scene
            .vault
            .store
            .keep_code(&function, fingerprint, &list, false);
        kept.unwrap();
    }
    assert_eq!(scene.verify().lists, []);
    let path = |at: usize| {
        let dir = scene.store().join("code").join(&function);
        dir.join(fingerprints[at].to_hex())
    };
    flip(&path(0), 50);
    let report = scene.verify();
    assert_eq!(report.lists.len(), 1);
    assert_eq!(report.lists[0].fingerprint, fingerprints[0]);
    assert_eq!(report.lists[0].function.path, "numbers");
    assert_eq!(scene.vault.repair(&report).lists, 1);
    assert!(!path(0).exists() && path(1).exists());
    assert_eq!(scene.verify().lists, []);
}

#[test]
fn what_is_none_of_the_store_s_files_is_named_and_left_alone() {
    let scene = Scene::new(1, 10);
    let fan = scene.files()[0].parent().unwrap().to_owned();
    let fan = fan.strip_prefix(scene.store()).unwrap().to_owned();
    let function = fan.parent().unwrap().to_owned();
    let mut strangers = vec![
        PathBuf::from("thesis.tex"),
        PathBuf::from("entries/notes"),
        PathBuf::from("flights/notes"),
        PathBuf::from("tmp/notes"),
        function.join("notes"),
        fan.join("notes"),
    ];
    for stranger in &strangers {
        fs::write(scene.store().join(stranger), "mine").unwrap();
    }
    strangers.sort();
    let report = scene.verify();
    let found: Vec<_> = report.strangers.iter().map(PathBuf::from).collect();
    assert_eq!(found, strangers);
    assert!(report.amiss.is_empty());
    scene.vault.repair(&report);
    assert_eq!(scene.verify().strangers.len(), strangers.len());
}

/// Wants no more after so many entries.
struct Impatient {
    entries: u64,
    done: AtomicU64,
}

impl Watch for Impatient {
    fn done(&self, entries: u64, _: u64) {
        self.done.fetch_add(entries, Ordering::Relaxed);
    }

    fn goes_on(&self) -> bool {
        self.done.load(Ordering::Relaxed) < self.entries
    }
}

#[test]
fn who_is_stopped_tells_how_far_it_came() {
    let scene = Scene::new(100, 10);
    let watch = Impatient {
        entries: 10,
        done: AtomicU64::new(0),
    };
    let report = scene.vault.verify(&watch).unwrap();
    assert!(report.stopped);
    assert_eq!(report.planned, 100);
    assert!((10..100).contains(&report.entries), "{}", report.entries);
}
