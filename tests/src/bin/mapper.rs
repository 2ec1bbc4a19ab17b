//! A program that holds mapped results, and reads them as often as a test says. `mapper KEY` asks
//! for one and ends.

use memo_runtime::{MappedVec, Outcome, call, memo};
use memo_tests::{ledger, stage};

/// So many numbers are mapped, and written while they are hashed.
const COUNT: u64 = 1 << 18;

#[memo]
fn numbers(key: u64) -> MappedVec<u64> {
    ledger::computation(format_args!("numbers {key}"), || all(key).collect())
}

/// What the numbers of `key` are.
fn all(key: u64) -> impl Iterator<Item = u64> {
    (0..COUNT).map(move |at| (at ^ key).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// A result that is held.
struct Held {
    key: u64,
    numbers: MappedVec<u64>,
}

impl Held {
    fn is_sound(&self) -> bool {
        self.numbers.iter().copied().eq(all(self.key))
    }
}

/// Asks for the numbers of `key`: they, and the word for what came of it.
fn ask(key: u64) -> (Held, String) {
    let fetched = call!(numbers(key)).fetch();
    let numbers = fetched.value;
    assert_eq!(
        numbers.is_mapped(),
        matches!(fetched.outcome, Outcome::Hit | Outcome::Waited)
    );
    (Held { key, numbers }, fetched.outcome.to_string())
}

fn main() {
    let number = |word: &str| {
        word.parse::<u64>()
            .unwrap_or_else(|_| panic!("no number: {word}"))
    };
    if let Some(key) = std::env::args().nth(1) {
        let (held, _) = ask(number(&key));
        assert!(held.is_sound());
        return;
    }
    let mut all_held = Vec::new();
    stage::play(|words| match *words {
        ["hold", key] => {
            let (held, outcome) = ask(number(key));
            all_held.push(held);
            stage::say(outcome);
        }
        ["read", times] => {
            let sound = (0..number(times)).all(|_| all_held.iter().all(Held::is_sound));
            stage::say(if sound { "sound" } else { "changed" });
        }
        ["let-go"] => {
            all_held.clear();
            stage::say("none");
        }
        ["refresh", key] => {
            let key = number(key);
            let numbers = call!(numbers(key)).refresh();
            stage::say(if (Held { key, numbers }).is_sound() {
                "sound"
            } else {
                "changed"
            });
        }
        _ => panic!("not a thing to do: {words:?}"),
    });
}
