//! Rows of small results: eight floats for two numbers.

use std::rc::Rc;

use super::field::{Field, Ground, Player, Who, settle};
use super::row::{Lane, Role, Row};

/// Calls in a turn, so that each finds the processor's caches as it has left them.
const BATCH: u64 = 50;
const ROUNDS: u64 = 40;

const FINDERS: [Who; 4] = [Who::Memo, Who::Joblib, Who::Diskcache, Who::Cached];

/// Who keeps results that outlive a kill, and who does not.
const KEEPERS: [Who; 5] = [
    Who::Memo,
    Who::Joblib,
    Who::Diskcache,
    Who::Cached,
    Who::CachedLax,
];

/// Hits that are the first of their key in a process.
pub(crate) fn hit(field: &Field) -> Row {
    let rounds = field.at_most(ROUNDS);
    let ground = field.ground();
    let mut lanes: Vec<Lane> = filled(&ground, &FINDERS, (rounds + 1) * BATCH)
        .into_iter()
        .map(|player| player.restarted().lane(|round| calls("hit", round)))
        .collect();
    let system = ground.player(Who::System).having(&entries(&ground));
    let system = system.lane(|round| calls("open", round)).goal(2.0);
    lanes.insert(1, named("open + read + close", system));
    Row::run("hit", "small hit, first in a process", rounds, lanes)
}

/// The same hit, again and again.
pub(crate) fn again(field: &Field) -> Row {
    let rounds = field.at_most(ROUNDS);
    let ground = field.ground();
    let mut lanes: Vec<Lane> = filled(&ground, &FINDERS, 1)
        .into_iter()
        .map(|player| player.lane(|_| format!("again 0 {BATCH}")))
        .collect();
    lanes[0].goal = Some(1e-6);
    let system = ground.player(Who::System).having(&entries(&ground));
    let system = system.lane(|_| format!("again {BATCH}"));
    lanes.insert(1, named("open + read + close", system));
    Row::run("again", "small hit, repeated", rounds, lanes)
}

/// Misses of which nothing but keeping takes time.
pub(crate) fn miss(field: &Field) -> Row {
    let rounds = field.at_most(ROUNDS);
    let ground = field.ground();
    // So that the directories are there, and it is known how long an entry is.
    let players = filled(&ground, &KEEPERS, 1000);
    let mut system = ground.player(Who::System);
    let entry = system.ask(&entries(&ground));
    let system = match entry {
        Ok(found) => {
            let len = found[1];
            system.lane(move |round| format!("write {len} {} {BATCH}", round * BATCH))
        }
        Err(why) => Lane::new("", Role::System, move |_| Err(why.clone())),
    };
    let mut lanes: Vec<Lane> = players
        .into_iter()
        .map(|player| player.lane(|round| calls("miss", 1000 + round)))
        .collect();
    lanes.insert(1, named("write + rename", system.goal(1.3)));
    Row::run("miss", "small miss, kept", rounds, lanes)
}

/// Those who compete, with the first `count` kept.
fn filled(ground: &Rc<Ground>, all: &[Who], count: u64) -> Vec<Player> {
    let filled = |who: &Who| ground.player(*who).having(&format!("miss 0 {count}"));
    let players = all.iter().map(filled).collect();
    settle();
    players
}

fn calls(verb: &str, round: u64) -> String {
    format!("{verb} {} {BATCH}", round * BATCH)
}

fn entries(ground: &Ground) -> String {
    format!("entries {}", ground.place(Who::Memo).display())
}

fn named(name: &str, lane: Lane) -> Lane {
    Lane {
        name: name.to_owned(),
        ..lane
    }
}
