//! The row of a key that several processes want at once.

use std::cell::RefCell;
use std::rc::Rc;

use memo_tests::bench::ours::now;
use memo_tests::bench::stage::Answer;

use super::field::{Field, Ground, Player, Who};
use super::row::{Lane, Row};

const PROCESSES: usize = 8;
const ROUNDS: u64 = 15;
/// How long it takes to tell all of them, in nanoseconds.
const TELLING: u64 = 20_000_000;

/// How often it was computed, round by round.
type Computations = Rc<RefCell<Vec<usize>>>;

/// One key wanted by eight processes: how long after it was first computed the last has it.
pub(crate) fn wanted(field: &Field) -> Row {
    let ground = field.ground();
    let all = [Who::Memo, Who::System, Who::Joblib, Who::Diskcache];
    let computations: Vec<Computations> = all.iter().map(|_| Computations::default()).collect();
    let lanes = all.iter().zip(&computations);
    let mut lanes: Vec<Lane> = lanes
        .map(|(who, computations)| lane(&ground, *who, Rc::clone(computations)))
        .collect();
    lanes[0].goal = Some(0.005);
    let name = format!("a key wanted by {PROCESSES} processes: the last has it after");
    let mut row = Row::run("wanted", &name, field.at_most(ROUNDS), lanes);
    for (figure, computations) in row.figures.iter_mut().zip(&computations) {
        let most = computations.borrow().iter().max().copied();
        figure.note = most.map(|most| format!("computed {most} ×"));
    }
    row
}

fn lane(ground: &Rc<Ground>, who: Who, computations: Computations) -> Lane {
    let mut players: Vec<Player> = (0..PROCESSES).map(|_| ground.player(who)).collect();
    let name = match who {
        Who::System => "flock + read",
        _ => who.name(),
    };
    Lane::new(name, who.role(), move |round| {
        let answers = ask_all(&mut players, round)?;
        let computed: Vec<u64> = answers.iter().map(|(computed, _)| *computed).collect();
        let first = computed.iter().filter(|ended| **ended > 0).min();
        let first = *first.ok_or("nobody computed it")?;
        let last = answers.iter().map(|(_, returned)| *returned).max();
        let count = computed.iter().filter(|ended| **ended > 0).count();
        computations.borrow_mut().push(count);
        Ok(vec![last.unwrap_or(first).saturating_sub(first)])
    })
}

/// Tells all to want the key of the round at the same time. When each has computed it, 0 if it has
/// not, and when it had the value.
fn ask_all(players: &mut [Player], round: u64) -> Result<Vec<(u64, u64)>, String> {
    let at = now() + TELLING;
    let mut contestants = Vec::new();
    for player in players {
        let system = player.who == Who::System;
        let contestant = player.contestant.as_mut().map_err(|why| why.clone())?;
        contestants.push((contestant, system));
    }
    for (index, (contestant, system)) in contestants.iter_mut().enumerate() {
        let role = match (*system, index) {
            (false, _) => "",
            (true, 0) => " holds",
            (true, _) => " waits",
        };
        contestant.tell(&format!("wanted {round} {at}{role}"))?;
    }
    let answers = contestants
        .into_iter()
        .map(|(contestant, _)| pair(contestant.answer()));
    answers.collect()
}

fn pair(answer: Answer) -> Result<(u64, u64), String> {
    match answer?[..] {
        [ended, returned] => Ok((ended, returned)),
        _ => Err("answers something else".to_owned()),
    }
}
