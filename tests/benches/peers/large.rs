//! Rows of large arrays.

use std::rc::Rc;

use super::field::{Field, Ground, Player, Who, settle};
use super::row::{Lane, Role, Row};

/// The primes below 500,000,000 are as many.
const WORDS: u64 = 26_355_867;
const ROUNDS: u64 = 11;

/// Hits that give the array in memory of the caller's own.
pub(crate) fn load(field: &Field) -> Row {
    let len = field.at_most(WORDS);
    let ground = field.ground();
    let keepers = [Who::Memo, Who::Joblib, Who::Diskcache, Who::Cached];
    let mut lanes: Vec<Lane> = keepers
        .map(|who| keeping(&ground, who, "words", len).lane(move |_| loading("words", len)))
        .into();
    lanes[1].goal = Some(1.0);
    for (at, how, name) in [
        (1, "plain", "read into fresh memory"),
        (2, "huge", "the same, with huge pages"),
    ] {
        let system = written(&ground, len);
        let lane = system.lane(move |_| format!("read {how} {} 0 1", 8 * len));
        lanes.insert(at, named(name, lane));
    }
    settle();
    let name = format!("{} Vec<u64> hit", size(len));
    Row::run("load", &name, field.at_most(ROUNDS), lanes)
}

/// Hits that map the array, which has been checked before.
pub(crate) fn map(field: &Field) -> Row {
    let len = field.at_most(WORDS);
    let ground = field.ground();
    let lanes = vec![
        keeping(&ground, Who::Memo, "mapped", len)
            .lane(move |_| loading("mapped", len))
            .goal(1e-4),
        named(
            "open + map",
            written(&ground, len).lane(move |_| format!("map plain {} 0 1", 8 * len)),
        ),
        named(
            "joblib, mmap_mode='r'",
            keeping(&ground, Who::Joblib, "mapped", len).lane(move |_| loading("mapped", len)),
        ),
    ];
    settle();
    let name = format!("{} MappedVec<u64> hit, checked before", size(len));
    Row::run("map", &name, field.at_most(ROUNDS), lanes)
}

/// Hits that map the array for the first time in a process, and check it.
pub(crate) fn map_checked(field: &Field) -> Row {
    let len = field.at_most(WORDS);
    let ground = field.ground();
    let mut ours = keeping(&ground, Who::Memo, "mapped", len).having("miss 0 1");
    let ours = Lane::new(Who::Memo.name(), Role::Ours, move |_| {
        ours.restart();
        // Opens the store.
        ours.ask("hit 0 1")?;
        ours.ask(&loading("mapped", len))
    });
    let lanes = vec![
        ours.goal(0.045),
        named(
            "open + map + BLAKE3 on all cores",
            written(&ground, len).lane(move |_| format!("map hash {} 0 1", 8 * len)),
        ),
        named(
            "joblib, mmap_mode='r', not checked",
            keeping(&ground, Who::Joblib, "mapped", len).lane(move |_| loading("mapped", len)),
        ),
    ];
    settle();
    let name = format!("{} MappedVec<u64> hit, checked now", size(len));
    Row::run("map-checked", &name, field.at_most(ROUNDS), lanes)
}

/// Hits of a function that has the array as its argument.
pub(crate) fn argument(field: &Field) -> Row {
    let len = field.at_most(WORDS);
    let ground = field.ground();
    let having = |who| {
        let player = ground.player(who).having(&format!("argument {len}"));
        player.lane(|_| "hash".to_owned())
    };
    let hashing = |how: &'static str| {
        let player = ground.player(Who::System);
        player.lane(move |_| format!("hash {how} {}", 8 * len))
    };
    let lanes = vec![
        having(Who::Memo),
        named("BLAKE3 on all cores", hashing("all")).goal(1.15),
        named("BLAKE3 on one", hashing("one")),
        having(Who::Joblib),
    ];
    let name = format!("{} argument hashed, then a hit", size(len));
    Row::run("argument", &name, field.at_most(ROUNDS), lanes)
}

/// Misses whose result is the array.
pub(crate) fn keep(field: &Field) -> Row {
    let len = field.at_most(WORDS);
    let ground = field.ground();
    let keepers = [
        Who::Memo,
        Who::Joblib,
        Who::Diskcache,
        Who::Cached,
        Who::CachedLax,
    ];
    let mut lanes: Vec<Lane> = keepers
        .map(|who| {
            let kept = move |round| format!("keep words {len} {round} 1");
            let removed = move |round| format!("forget words {len} {round}");
            removing(ground.player(who), kept, removed)
        })
        .into();
    for (at, verb, name) in [
        (1, "write", "write + rename"),
        (2, "hash-and-write", "BLAKE3 on all cores, write + rename"),
    ] {
        let written = move |round| format!("{verb} {} {round} 1", 8 * len);
        let removed = move |round| format!("remove {} {round} 1", 8 * len);
        let lane = removing(ground.player(Who::System), written, removed);
        lanes.insert(at, named(name, lane));
    }
    let name = format!("{} Vec<u64> kept", size(len));
    Row::run("keep", &name, field.at_most(ROUNDS), lanes)
}

/// A lane whose player removes outside the time what it has kept, so that no disk fills, and
/// nothing is written to it while others are timed.
fn removing(
    mut player: Player,
    keep: impl Fn(u64) -> String + 'static,
    remove: impl Fn(u64) -> String + 'static,
) -> Lane {
    let lane = player.who;
    let step = move |round| {
        let took = player.ask(&keep(round))?;
        player.ask(&remove(round))?;
        Ok(took)
    };
    Lane::new(lane.name(), lane.role(), step)
}

/// A contestant that has kept the array, and then been started again.
fn keeping(ground: &Rc<Ground>, who: Who, kind: &str, len: u64) -> Player {
    let kept = ground.player(who).having(&format!("keep {kind} {len} 0 1"));
    kept.restarted()
}

/// The system, with a file of as many bytes.
fn written(ground: &Rc<Ground>, len: u64) -> Player {
    let bytes = 8 * len;
    let written = ground
        .player(Who::System)
        .having(&format!("write {bytes} 0 1"));
    written.restarted()
}

fn loading(kind: &str, len: u64) -> String {
    format!("load {kind} {len} 0 1")
}

fn named(name: &str, lane: Lane) -> Lane {
    Lane {
        name: name.to_owned(),
        ..lane
    }
}

fn size(len: u64) -> String {
    format!("{:.0} MB", 8.0 * len as f64 / 1e6)
}
