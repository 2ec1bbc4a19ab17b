//! What runs leave is kept by its content: once, for as long as a run names it,
//! and only as long as it is whole.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::*;
use crate::manage::{Criterion, Limits};

const MODEL: &[u8] = b"weights, a great many of them";

impl Scratch {
    /// The files in the store, without lists and marks.
    fn kept(&self) -> Vec<PathBuf> {
        let fans = self.names("files").into_iter();
        let fans = fans.filter(|name| name.len() == 2 && name != "of");
        let files = fans.flat_map(|fan| {
            let fan = self.store().join("files").join(fan);
            fs::read_dir(fan)
                .unwrap()
                .map(|file| file.unwrap().path())
                .collect::<Vec<_>>()
        });
        files.collect()
    }

    /// The only file in the store.
    fn only(&self) -> PathBuf {
        let mut kept = self.kept();
        assert_eq!(kept.len(), 1, "{kept:?}");
        kept.remove(0)
    }

    /// Makes a run with this seed, which leaves `model.bin`.
    fn train(&self, seed: u64) -> RunCall {
        let call = run_of(&self.memo(), seed);
        let mut recorder = computes(call.begin(&manner()));
        leave(&mut recorder, &self.work(), &[("model.bin", MODEL)]);
        assert!(recorder.finish(facts(0), Duration::ZERO).kept);
        fs::remove_file(self.work().join("model.bin")).unwrap();
        call
    }

    /// Begins a run, and puts back `model.bin` if it is found.
    fn begin(&self, call: &RunCall) -> Begun {
        let (work, declared) = (self.work(), ["model.bin".to_owned()]);
        call.begin(&Manner {
            outputs: Some(&outputs_in(&work, &declared)),
            ..manner()
        })
    }

    #[track_caller]
    fn is_restored(&self, call: &RunCall) {
        let model = self.work().join("model.bin");
        let _ = fs::remove_file(&model);
        found(self.begin(call));
        assert_eq!(fs::read(model).unwrap(), MODEL);
    }

    fn remove(&self, criterion: &Criterion) {
        let vault = self.vault();
        let plan = vault.plan(criterion).unwrap();
        vault.carry_out(&plan, &()).unwrap();
    }
}

fn damage(file: &Path) {
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
    let mut bytes = fs::read(file).unwrap();
    bytes[0] ^= 1;
    fs::write(file, bytes).unwrap();
}

#[test]
fn two_runs_with_the_same_output_keep_it_once() {
    let scratch = Scratch::new();
    let calls = [scratch.train(1), scratch.train(2)];
    assert_eq!(fs::read(scratch.only()).unwrap(), MODEL);
    let files = scratch.vault().files().unwrap();
    assert_eq!((files.files, files.bytes), (1, MODEL.len() as u64));
    calls.iter().for_each(|call| scratch.is_restored(call));
}

#[test]
fn an_output_stays_as_long_as_a_run_names_it() {
    let scratch = Scratch::new();
    let clock = Clock::manual(1_000_000_000_000_000_000);
    let [one, other] = [scratch.train(1), scratch.train(2)];
    let entry = |call: &RunCall| {
        let key = call.key();
        let mut entries = scratch.entries().into_iter();
        entries.find(|entry| entry.key == key).unwrap()
    };
    clock.advance(Duration::from_secs(2 * 3600));
    let unlimited = Limits::default();
    let upkeep = || {
        let vault = scratch.vault().with_clock(clock.clone());
        let plan = vault.plan_upkeep(&unlimited, &()).unwrap().unwrap();
        vault.carry_out(&plan, &()).unwrap();
    };
    fs::remove_file(scratch.vault().entry_path(&entry(&one))).unwrap();
    upkeep();
    scratch.is_restored(&other);
    fs::remove_file(scratch.vault().entry_path(&entry(&other))).unwrap();
    upkeep();
    assert!(scratch.kept().is_empty());
}

#[test]
fn clearing_everything_leaves_no_output() {
    let scratch = Scratch::new();
    scratch.train(1);
    scratch.remove(&Criterion::All);
    assert!(scratch.entries().is_empty() && scratch.kept().is_empty());
}

#[test]
fn a_lost_or_damaged_output_is_noticed_and_healed() {
    let lose = |file: &Path| fs::remove_file(file).unwrap();
    for (lose, why) in [
        (&damage as &dyn Fn(&Path), "is damaged, and was moved aside"),
        (&lose, "it is not kept any more"),
    ] {
        let scratch = Scratch::new();
        let call = scratch.train(1);
        lose(&scratch.only());
        let recorder = computes(scratch.begin(&call));
        assert_eq!(recorder.cause(), Cause::Damaged);
        assert_eq!(recorder.held(), Some(call.key()), "one makes it anew");
        let lost = recorder.lost().unwrap();
        assert!(lost.starts_with("`model.bin`: "), "{lost}");
        assert!(lost.contains(why), "{lost}");
        assert!(!scratch.work().join("model.bin").exists());
        drop(recorder);
        let healed = scratch.train(1);
        scratch.is_restored(&healed);
    }
}

/// Nobody can say what a directory held whose list is gone.
#[test]
fn a_directory_is_named_by_its_list() {
    let scratch = Scratch::new();
    let call = run_of(&scratch.memo(), 1);
    let mut recorder = computes(call.begin(&manner()));
    let work = scratch.work();
    fs::create_dir_all(work.join("logs")).unwrap();
    fs::write(work.join("logs/a"), "1").unwrap();
    fs::write(work.join("logs/b"), "2").unwrap();
    let declared = ["logs".to_owned()];
    let outputs = outputs_in(&work, &declared);
    let since = std::time::SystemTime::UNIX_EPOCH;
    recorder.collect(&outputs, since, Duration::ZERO).unwrap();
    assert!(recorder.finish(facts(0), Duration::ZERO).kept);
    assert_eq!(scratch.kept().len(), 3);
    let later = Clock::manual(u64::MAX / 2);
    let vault = scratch.vault().with_clock(later);
    let plan = vault.plan_upkeep(&Limits::default(), &()).unwrap().unwrap();
    vault.carry_out(&plan, &()).unwrap();
    assert_eq!(scratch.kept().len(), 3, "all of it is named");
    fs::remove_dir_all(work.join("logs")).unwrap();
    found(call.begin(&Manner {
        outputs: Some(&outputs),
        ..manner()
    }));
    assert_eq!(fs::read(work.join("logs/b")).unwrap(), b"2");
}

#[test]
fn verifying_finds_a_damaged_output_and_repairing_heals() {
    let scratch = Scratch::new();
    let call = scratch.train(1);
    let vault = scratch.vault();
    assert!(vault.verify(&()).unwrap().amiss.is_empty());
    damage(&scratch.only());
    let report = vault.verify(&()).unwrap();
    let [amiss] = report.amiss.as_slice() else {
        panic!("{:?}", report.amiss);
    };
    let Unreadable::Damaged(problem) = &amiss.problem else {
        panic!("{:?}", amiss.problem);
    };
    assert_eq!(problem, "`model.bin`, which its value names, is damaged");
    assert_eq!(vault.repair(&report).entries, 1);
    assert!(scratch.entries().is_empty() && scratch.kept().is_empty());
    let recorder = computes(scratch.begin(&call));
    drop(recorder);
    let healed = scratch.train(1);
    scratch.is_restored(&healed);
}

#[test]
fn a_run_whose_output_is_lost_is_not_made_where_that_is_forbidden() {
    let scratch = Scratch::new();
    scratch.train(1);
    fs::remove_file(scratch.only()).unwrap();
    let memo = scratch.builder().mode(Mode::Offline).build();
    assert!(matches!(scratch.begin(&run_of(&memo, 1)), Begun::Refused));
}

#[test]
fn what_is_in_the_way_is_told_and_the_run_stays() {
    let scratch = Scratch::new();
    let call = scratch.train(1);
    fs::create_dir(scratch.work().join("model.bin")).unwrap();
    let Begun::Hindered(why) = scratch.begin(&call) else {
        panic!("it is in the way");
    };
    assert_eq!(
        why,
        "cannot restore `model.bin`: it is a directory; move it away"
    );
    fs::remove_dir(scratch.work().join("model.bin")).unwrap();
    scratch.is_restored(&call);
}

#[test]
fn a_store_that_was_removed_while_a_program_ran_takes_its_outputs_anew() {
    for size in [10, LARGE] {
        let scratch = Scratch::new();
        let call = run_of(&scratch.memo(), 1);
        let mut recorder = computes(call.begin(&manner()));
        recorder.write(Stream::Stdout, &vec![b'x'; size]);
        fs::remove_dir_all(scratch.store()).unwrap();
        leave(&mut recorder, &scratch.work(), &[("model.bin", MODEL)]);
        let finished = recorder.finish(facts(0), Duration::ZERO);
        assert_eq!((finished.kept, finished.problem), (true, None));
        scratch.is_restored(&call);
    }
}

#[test]
fn outputs_that_the_store_does_not_hand_out_do_not_keep_a_program_from_running() {
    let scratch = Scratch::new();
    let call = scratch.train(1);
    let (kept, aside) = (scratch.only(), scratch.work().join("aside"));
    fs::rename(&kept, &aside).unwrap();
    std::os::unix::fs::symlink(&aside, &kept).unwrap();
    let recorder = computes(scratch.begin(&call));
    assert!(recorder.lost().unwrap().starts_with("`model.bin`: "));
    assert!(!recorder.finish(facts(0), Duration::ZERO).kept);
    fs::remove_file(&kept).unwrap();
    fs::rename(&aside, &kept).unwrap();
    scratch.is_restored(&call);
}

#[test]
fn a_run_is_known_to_have_outputs_although_all_was_cleared_while_they_were_kept() {
    let scratch = Scratch::new();
    let call = run_of(&scratch.memo(), 1);
    let mut recorder = computes(call.begin(&manner()));
    leave(&mut recorder, &scratch.work(), &[("model.bin", MODEL)]);
    let marks = || fs::read_dir(scratch.store().join("files/of")).map_or(0, Iterator::count);
    assert_eq!(marks(), 1);
    scratch.remove(&Criterion::All);
    assert_eq!((marks(), scratch.kept().len()), (0, 0));
    assert!(recorder.finish(facts(0), Duration::ZERO).kept);
    assert_eq!(marks(), 1);
    fs::remove_file(scratch.work().join("model.bin")).unwrap();
    let recorder = computes(scratch.begin(&call));
    assert_eq!(
        recorder.lost(),
        Some("`model.bin`: it is not kept any more")
    );
}
