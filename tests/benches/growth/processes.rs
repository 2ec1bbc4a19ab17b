//! How much more several processes do at once.

use std::path::Path;

use memo_tests::bench::ours::now;
use memo_tests::bench::{Contestant, median};

use super::panel::{Colour, Panel, Series, Unit, ours, settle, system};

/// Calls of a process that find something.
const HITS: u64 = 2_000;
/// Calls of a process that find the same again and again.
const REPEATED: u64 = 20_000;
/// Calls of a process that find nothing.
const MISSES: u64 = 250;
const ROUNDS: u64 = 3;
/// How long it takes to tell all of them, in nanoseconds.
const TELLING: u64 = 20_000_000;

/// Calls per second of all processes together.
pub(crate) fn panel(dir: &Path, most: u64) -> Panel {
    let mut repeated = Series::ours("hits, the same again", Colour::Green);
    let mut hits = Series::ours("hits", Colour::Blue);
    let mut opened = Series::system("open + read + close", Colour::Blue);
    let mut misses = Series::ours("misses", Colour::Orange);
    let mut written = Series::system("write + rename", Colour::Orange);
    let filled = ours(dir).ask(&format!("miss 0 {}", most * HITS));
    filled.expect("results are kept");
    settle();
    let entries = format!("entries {}", dir.join("store").display());
    let found = system(dir).ask(&entries).expect("there are entries");
    let len = found[1];
    // Numbers that nobody has kept or written yet.
    let mut fresh = most * HITS;
    for processes in std::iter::successors(Some(1), |count| Some(count * 2)) {
        if processes > most {
            break;
        }
        let mut rates: [Vec<Result<f64, String>>; 5] = Default::default();
        for _ in 0..ROUNDS {
            // Started anew, so that each finds what is on disk first.
            let mut memo: Vec<Contestant> = (0..processes).map(|_| ours(dir)).collect();
            let mut raw: Vec<Contestant> = (0..processes).map(|_| system(dir)).collect();
            for raw in &mut raw {
                raw.ask(&entries).expect("there are entries");
            }
            let part = |verb: &'static str, from: u64, count: u64| {
                move |process| format!("{verb} {} {count}", from + process * count)
            };
            let write = |process| format!("write {len} {} {MISSES}", fresh + process * MISSES);
            let again = |_| format!("again 0 {REPEATED}");
            rates[0].push(rate(&mut memo, HITS, &part("hit", 0, HITS)));
            rates[1].push(rate(&mut raw, HITS, &part("open", 0, HITS)));
            rates[2].push(rate(&mut memo, REPEATED, &again));
            rates[3].push(rate(&mut memo, MISSES, &part("miss", fresh, MISSES)));
            rates[4].push(rate(&mut raw, MISSES, &write));
            fresh += processes * MISSES;
        }
        let series = [
            &mut hits,
            &mut opened,
            &mut repeated,
            &mut misses,
            &mut written,
        ];
        for (series, rates) in series.into_iter().zip(rates) {
            let rates: Result<Vec<f64>, String> = rates.into_iter().collect();
            series.note(processes, rates.map(median));
        }
    }
    Panel {
        title: "processes",
        x: Unit::Count,
        doubling: true,
        y: Unit::PerSecond,
        series: vec![repeated, hits, opened, misses, written],
    }
}

/// How many calls a second all together make, each so many, all from the same time on.
fn rate(
    contestants: &mut [Contestant],
    calls: u64,
    line: &dyn Fn(u64) -> String,
) -> Result<f64, String> {
    let at = now() + TELLING;
    for (process, contestant) in (0..).zip(contestants.iter_mut()) {
        contestant.tell(&format!("at {at} {}", line(process)))?;
    }
    let mut ended = 0;
    for contestant in contestants.iter_mut() {
        let answer = contestant.answer()?;
        ended = ended.max(*answer.last().ok_or("answers nothing")?);
    }
    let all = calls * contestants.len() as u64;
    Ok(all as f64 * 1e9 / ended.saturating_sub(at) as f64)
}
