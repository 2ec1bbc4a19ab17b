//! Files and the upkeep of the store: they go when nothing names them any more,
//! count to the size of what names them, and are checked with it.

use super::*;
use crate::config::{Limits, Order, Share};
use crate::manage::{Criterion, KeptFiles, Unreadable, Vault};

const HOUR: Duration = Duration::from_secs(3600);

impl Lab {
    /// A call that writes `content` to a file.
    fn writes(&self, name: &str, to: &str, content: &str) {
        let path = self.path(to);
        let writing = self.memo.call(name).computing(|| {
            fs::write(&path, content).unwrap();
            OutputFile::new(&path)
        });
        writing.get();
        // What the clock made due goes on meanwhile.
        self.memo.finish_upkeep();
    }

    fn vault(&self) -> Vault {
        let vault = Vault::open(&self.outer.join("store"), Share::None);
        vault.unwrap().unwrap().with_clock(self.clock.clone())
    }

    fn gc(&self) -> u64 {
        let vault = self.vault();
        let plan = vault.plan_upkeep(&unlimited(), &()).unwrap().unwrap();
        vault.carry_out(&plan, &()).unwrap().litter
    }

    fn clear(&self, functions: &[&str]) {
        let vault = self.vault();
        let functions = functions.iter().map(|name| (*name).to_owned()).collect();
        let criterion = Criterion::Of {
            functions,
            keys: Default::default(),
        };
        let plan = vault.plan(&criterion).unwrap();
        vault.carry_out(&plan, &()).unwrap();
    }

    fn marks(&self) -> usize {
        let of = self.outer.join("store/files/of");
        fs::read_dir(of).unwrap().count()
    }
}

fn unlimited() -> Limits {
    Limits {
        max_size: None,
        max_age: None,
        max_entries: None,
        order: Order::Lru,
    }
}

#[test]
fn a_file_goes_an_hour_after_the_last_entry_that_names_it() {
    let lab = Lab::new();
    lab.writes("one", "a", "content");
    lab.writes("two", "b", "content");
    lab.write("out/c", "in a directory");
    lab.memo
        .call("three")
        .computing(|| OutputFile::new(lab.path("out")))
        .get();
    assert_eq!((lab.kept().len(), lab.marks()), (3, 3));
    lab.clock.advance(2 * HOUR);
    assert_eq!((lab.gc(), lab.kept().len(), lab.marks()), (0, 3, 3));
    lab.clear(&["one"]);
    assert_eq!((lab.kept().len(), lab.marks()), (3, 2), "another names it");
    lab.writes("one", "a", "content");
    lab.clear(&["one", "two"]);
    assert_eq!(lab.kept().len(), 3, "it was kept again within the hour");
    lab.clock.advance(2 * HOUR);
    assert_eq!((lab.gc(), lab.kept().len(), lab.marks()), (1, 2, 1));
    lab.clear(&["three"]);
    assert_eq!((lab.kept().len(), lab.marks()), (0, 0));
    assert_eq!(lab.store.strangers().unwrap(), [] as [&str; 0]);
}

#[test]
fn clearing_everything_leaves_no_file() {
    let lab = Lab::new();
    lab.writes("one", "a", "content");
    let vault = lab.vault();
    let plan = vault.plan(&Criterion::All).unwrap();
    vault.carry_out(&plan, &()).unwrap();
    assert_eq!((lab.kept().len(), lab.marks()), (0, 0));
    assert_eq!(lab.read("a"), "content", "the user's file is the user's");
    lab.writes("one", "a", "content");
    assert_eq!(lab.kept().len(), 1);
}

#[test]
fn nothing_goes_while_it_is_not_known_what_an_entry_names() {
    let lab = Lab::new();
    lab.writes("one", "a", "content");
    lab.clock.advance(2 * HOUR);
    let dir = lab.vault().functions().unwrap().remove(0).dir;
    let dir = fs::read_dir(lab.outer.join("store/entries").join(&dir)).unwrap();
    let fan = dir.flatten().map(|it| it.path()).find(|it| it.is_dir());
    let entry = fs::read_dir(fan.unwrap()).unwrap().flatten().next();
    let entry = entry.unwrap().path();
    let aside = lab.outer.join("outside/entry");
    fs::rename(&entry, &aside).unwrap();
    // What cannot be read may name anything.
    symlink(&aside, &entry).unwrap();
    assert_eq!((lab.gc(), lab.kept().len()), (0, 1));
    // What is damaged names nothing that anybody will ever find.
    fs::remove_file(&entry).unwrap();
    fs::write(&entry, &fs::read(&aside).unwrap()[..100]).unwrap();
    assert_eq!((lab.gc(), lab.kept().len()), (1, 0));
}

#[test]
fn files_count_to_the_size_of_what_names_them_each_once() {
    let lab = Lab::new();
    let large = "x".repeat(1 << 20);
    lab.writes("one", "a", &large);
    lab.writes("two", "b", &large);
    lab.writes("three", "c", "small");
    let vault = lab.vault();
    let files = vault.files().unwrap();
    assert_eq!((files.files, files.bytes), (2, (1 << 20) + 5));
    let plan = vault.plan_upkeep(&unlimited(), &()).unwrap().unwrap();
    let entries = plan.total.disk - files.disk;
    assert!(entries < 100_000, "{entries}: they were counted twice");
    // Both that name it have to go before the disk has it back.
    lab.clock.advance(HOUR);
    lab.writes("three", "c", "small");
    let limits = Limits {
        max_size: Some(500_000),
        ..unlimited()
    };
    let plan = vault.plan_upkeep(&limits, &()).unwrap().unwrap();
    let gone: Vec<&str> = plan
        .entries
        .iter()
        .map(|it| it.function.path.as_str())
        .collect();
    assert_eq!(gone.len(), 2);
    assert!(gone.contains(&"one") && gone.contains(&"two"), "{gone:?}");
}

#[test]
fn verifying_finds_files_that_are_damaged_or_lost_and_repairing_heals() {
    let lab = Lab::new();
    lab.writes("one", "a", "content");
    lab.writes("two", "b", "content");
    lab.writes("three", "c", "another");
    lab.writes("four", "d", "whole");
    let report = lab.vault().verify(&()).unwrap();
    assert_eq!(
        (report.entries, report.amiss.len(), report.files.len()),
        (4, 0, 0)
    );
    let path = |content: &str| {
        let digest = blake3::hash(content.as_bytes()).to_hex();
        let file = format!("store/files/{}/{}", &digest[..2], &digest[2..]);
        lab.outer.join(file)
    };
    damage(&path("content"), "Content");
    fs::remove_file(path("another")).unwrap();

    let report = lab.vault().verify(&()).unwrap();
    let told = report.amiss.iter().map(|amiss| {
        let Unreadable::Damaged(problem) = &amiss.problem else {
            panic!("{:?}", amiss.problem);
        };
        let problem = problem.rsplit('/').next().unwrap().to_owned();
        (amiss.function.path.as_str(), problem)
    });
    let told: Vec<_> = told.collect();
    let lost = |name: &str, what: &str| format!("{name}`, which its value names, is {what}");
    assert_eq!(
        told,
        [
            ("one", lost("a", "damaged")),
            ("three", lost("c", "not kept any more")),
            ("two", lost("b", "damaged")),
        ]
    );
    assert_eq!(report.files.len(), 1);

    let vault = lab.vault();
    let repaired = vault.repair(&report);
    assert_eq!((repaired.entries, repaired.files, repaired.gone), (3, 1, 0));
    assert!(repaired.failed.is_empty());
    let report = lab.vault().verify(&()).unwrap();
    assert_eq!(
        (report.entries, report.amiss.len(), report.files.len()),
        (1, 0, 0)
    );
    for (name, to, content) in [("one", "a", "content"), ("three", "c", "another")] {
        lab.writes(name, to, content);
    }
    assert_eq!(lab.kept().len(), 3);
    assert!(lab.vault().verify(&()).unwrap().amiss.is_empty());
}

#[test]
fn some_entries_are_verified_with_the_files_that_they_name() {
    let lab = Lab::new();
    lab.write("out/a", "content");
    lab.memo
        .call("one")
        .computing(|| OutputFile::new(lab.path("out")))
        .get();
    lab.writes("two", "b", "another");
    for file in lab.kept() {
        if fs::read(&file).unwrap() == b"content" {
            damage(&file, "Content");
        }
    }
    let vault = lab.vault();
    let entries = || {
        let mut entries = Vec::new();
        for function in vault.functions().unwrap() {
            let name = function.name.clone().unwrap();
            let found = |entry| entries.push((name.clone(), entry));
            vault.each_entry(&function, found).unwrap();
        }
        entries
    };
    let report = vault.verify_entries(entries(), &());
    assert_eq!(report.amiss.len(), 1);
    assert_eq!(report.amiss[0].function.path, "one");
    let two = entries().into_iter().filter(|(name, _)| name.path == "two");
    assert!(vault.verify_entries(two.collect(), &()).amiss.is_empty());
}

#[test]
fn a_store_without_files_has_none() {
    let lab = Lab::new();
    assert_eq!(lab.vault().files().unwrap(), KeptFiles::default());
    assert_eq!(lab.gc(), 0);
    assert!(!lab.outer.join("store/files").exists());
}
