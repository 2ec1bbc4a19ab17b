//! Results that are mapped stay as they are for as long as they are held, whatever becomes of their
//! entries; and one that is not what it was is computed again, and never ends a program.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "in a test, what cannot go on panics"
)]

use std::fs::{self, File, Permissions};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use memo_runtime::Clock;
use memo_runtime::manage::{Criterion, Limits};
use memo_tests::{Actor, Scene, traced};

const MAPPER: &str = env!("CARGO_BIN_EXE_mapper");
const KEYS: [u64; 3] = [1, 2, 3];

fn mapper(scene: &Scene) -> Actor {
    let mut actor = Actor::start(&mut scene.command(MAPPER));
    actor.says("ready");
    actor
}

/// A scene with the results of all keys.
fn kept() -> Scene {
    let scene = Scene::new();
    let mut first = mapper(&scene);
    for key in KEYS {
        first.tell(&format!("hold {key}"));
        first.says("computed");
    }
    scene
}

/// A mapper that holds the results of all keys, which are kept.
fn holder(scene: &Scene) -> Actor {
    let mut holder = mapper(scene);
    for key in KEYS {
        holder.tell(&format!("hold {key}"));
        holder.says("hit");
    }
    holder
}

/// The only entry of a scene.
fn entry(scene: &Scene) -> PathBuf {
    let [entry] = &scene.entries()[..] else {
        panic!("{:?}", scene.entries())
    };
    entry.clone()
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).unwrap().len()
}

/// Removes all entries, as they would be removed if none had been used for long.
fn collect(scene: &Scene) {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap() + Duration::from_secs(3600);
    let clock = Clock::manual(u64::try_from(now.as_nanos()).unwrap());
    let vault = scene.vault().with_clock(clock);
    let limits = Limits {
        max_entries: Some(0),
        ..Limits::default()
    };
    let plan = vault.plan_upkeep(&limits, &()).unwrap().unwrap();
    vault.carry_out(&plan, &()).unwrap();
    assert_eq!(scene.entries(), [] as [PathBuf; 0]);
}

fn clear(scene: &Scene) {
    let vault = scene.vault();
    let plan = vault.plan(&Criterion::All).unwrap();
    vault.carry_out(&plan, &()).unwrap();
    assert_eq!(scene.entries(), [] as [PathBuf; 0]);
}

#[test]
fn what_is_mapped_stays_while_entries_are_replaced_and_removed() {
    let scene = kept();
    let mut holders: Vec<Actor> = (0..8).map(|_| holder(&scene)).collect();
    let replace = |scene: &Scene| {
        let mut other = mapper(scene);
        for key in KEYS {
            other.tell(&format!("refresh {key}"));
            other.says("sound");
        }
        assert_eq!(scene.entries().len(), KEYS.len());
    };
    let events: [&dyn Fn(&Scene); 5] = [&replace, &collect, &replace, &clear, &replace];
    for event in events {
        for holder in &mut holders {
            holder.tell("read 5");
        }
        event(&scene);
        for holder in &mut holders {
            holder.says("sound");
            holder.tell("read 1");
            holder.says("sound");
        }
    }
    // The new ones are taken beside the old ones, and both are held.
    for holder in &mut holders {
        for key in KEYS {
            holder.tell(&format!("hold {key}"));
            holder.says("hit");
        }
        holder.tell("read 1");
        holder.says("sound");
    }
    assert_eq!(scene.litter(), [] as [PathBuf; 0]);
}

#[test]
fn repairing_leaves_alone_what_is_sound_and_who_holds_it() {
    let scene = kept();
    let mut holder = holder(&scene);
    let vault = scene.vault();
    let damaged = &scene.entries()[0];
    alter(damaged, size(damaged) - 1);
    let report = vault.verify(&()).unwrap();
    vault.repair(&report);
    assert_eq!(scene.entries().len(), KEYS.len() - 1);
    holder.tell("let-go");
    holder.says("none");
    let mut outcomes: Vec<String> = KEYS
        .iter()
        .map(|key| {
            holder.tell(&format!("hold {key}"));
            holder.hear()
        })
        .collect();
    outcomes.sort();
    assert_eq!(outcomes, ["computed", "hit", "hit"]);
    holder.tell("read 1");
    holder.says("sound");
}

/// Changes a byte of a file, in its place, which takes the right to do so first.
fn alter(path: &Path, at: u64) {
    fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
    let mut file = File::options().read(true).write(true).open(path).unwrap();
    let bytes = fs::read(path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(&[!bytes[at as usize]]).unwrap();
}

fn cut(path: &Path, to: u64) {
    fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
    let file = File::options().write(true).open(path).unwrap();
    file.set_len(to).unwrap();
}

#[test]
fn a_damaged_result_is_computed_again_whether_or_not_it_was_checked_before() {
    let damages: [&dyn Fn(&Path); 7] = [
        &|path| alter(path, 0),
        &|path| alter(path, size(path) / 2),
        &|path| alter(path, size(path) - 1),
        &|path| cut(path, size(path) - 1),
        &|path| cut(path, size(path) / 2),
        &|path| cut(path, 4096),
        &|path| cut(path, 0),
    ];
    let scene = Scene::new();
    let mut knows_it = mapper(&scene);
    let ask = |actor: &mut Actor, outcome: &str| {
        actor.tell("hold 1");
        actor.says(outcome);
        actor.tell("read 1");
        actor.says("sound");
        actor.tell("let-go");
        actor.says("none");
    };
    ask(&mut knows_it, "computed");
    for damage in damages {
        for checked_before in [true, false] {
            ask(&mut knows_it, "hit");
            ask(&mut knows_it, "hit");
            damage(&entry(&scene));
            let mut new = mapper(&scene);
            let finder = if checked_before {
                &mut knows_it
            } else {
                &mut new
            };
            ask(finder, "computed");
            finder.logs("damaged entry moved aside");
            ask(&mut new, "hit");
        }
    }
}

#[test]
fn a_result_that_was_put_in_the_place_of_another_is_checked() {
    let scene = kept();
    let mut knows_them = holder(&scene);
    knows_them.tell("let-go");
    knows_them.says("none");
    for entry in scene.entries() {
        // Another file with the same head and the same times, and another value.
        let other = scene.path().join("other");
        fs::copy(&entry, &other).unwrap();
        alter(&other, size(&entry) - 1);
        let modified = fs::metadata(&entry).unwrap().modified().unwrap();
        let file = File::options().write(true).open(&other).unwrap();
        file.set_modified(modified).unwrap();
        fs::rename(&other, &entry).unwrap();
    }
    for key in KEYS {
        knows_them.tell(&format!("hold {key}"));
        knows_them.says("computed");
    }
    knows_them.tell("read 1");
    knows_them.says("sound");
}

#[test]
fn nobody_writes_to_a_mapped_result_by_mistake() {
    let scene = kept();
    for entry in scene.entries() {
        let mode = fs::metadata(&entry).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o400, "{}", entry.display());
    }
}

#[test]
fn a_writer_that_is_killed_leaves_the_key_to_the_next() {
    if !traced::is_possible("a writer that is killed leaves the key to the next") {
        return;
    }
    let scene = Scene::new();
    // strace counts the calls of each thread. The value is written by the one that computed it, and
    // others only hash.
    for (name, least) in [("pwrite64", 3), ("renameat2", 1), ("fchmod", 1)] {
        let killed = (1..)
            .take_while(|nth| is_killed_at(&scene, name, *nth))
            .inspect(|nth| {
                let mut next = mapper(&scene);
                next.tell("hold 1");
                let outcome = next.hear();
                assert!(["computed", "hit"].contains(&outcome.as_str()), "{outcome}");
                let mut another = mapper(&scene);
                another.tell("hold 1");
                another.says("hit");
                for actor in [&mut next, &mut another] {
                    actor.tell("read 1");
                    actor.says("sound");
                }
                let flights = fs::read_dir(scene.store().join("flights")).unwrap();
                assert_eq!(flights.count(), 0, "{name} {nth}");
                clear(&scene);
            })
            .count();
        // Who computes it, each piece of the value, and the head, say.
        assert!(killed >= least, "{name}: {killed}");
        clear(&scene);
    }
}

/// Whether a program that asks for a result makes this system call so often; it is killed then.
fn is_killed_at(scene: &Scene, name: &str, nth: usize) -> bool {
    let status = scene
        .command("strace")
        .args(["-f", "-qq", "-o", "/dev/null"])
        .args(["-e", &format!("trace={name}"), "-e"])
        .arg(format!("inject={name}:signal=KILL:when={nth}"))
        .args([MAPPER, "1"])
        .status()
        .unwrap();
    assert!(status.success() || status.signal() == Some(9), "{status}");
    !status.success()
}
