//! When upkeep is due.

use super::*;

const SECOND: u64 = 1_000_000_000;
const NOON: Moment = 1_709_294_400 * SECOND;

const STATE: UpkeepState = UpkeepState {
    finished: NOON,
    entries: 10,
    disk: 1000,
};

fn limits(max_size: u64) -> Limits {
    Limits {
        max_size: Some(max_size),
        ..Limits::default()
    }
}

#[test]
fn it_is_due_an_hour_after_the_last() {
    let due = |seconds: u64| is_due(&STATE, 0, &limits(1000), NOON + seconds * SECOND);
    assert!(!due(0) && !due(3599));
    assert!(due(3600));
}

#[test]
fn a_clock_that_was_put_back_does_not_put_it_off() {
    assert!(!is_due(&STATE, 0, &limits(1000), NOON - SECOND));
    assert!(is_due(&STATE, 0, &limits(1000), NOON - 3600 * SECOND));
    assert!(is_due(&STATE, 0, &limits(1000), 0));
}

#[test]
fn it_is_due_when_the_store_seems_half_over_its_limit() {
    let later = NOON + 200 * SECOND;
    let due = |growth, now| is_due(&STATE, growth, &limits(6400), now);
    // 1000 bytes, and pieces of 100 bytes.
    assert!(!due(86, later));
    assert!(due(87, later));
    assert!(!due(87, NOON + SECOND), "nothing could be removed yet");
    let unlimited = Limits {
        max_size: None,
        ..Limits::default()
    };
    assert!(!is_due(&STATE, u64::MAX, &unlimited, later));
    assert!(is_due(&STATE, u64::MAX, &limits(0), later));
}

#[test]
fn pieces_come_to_what_was_added() {
    let max_size = 64 * 100 * BLOCK;
    let key = |n: u64| crate::key::digest_of(&n).unwrap();
    let added: u64 = (0..20_000).map(|n| pieces(max_size, &key(n), 500)).sum();
    // 200 are expected, with a standard deviation of 14.
    assert!((150..250).contains(&added), "{added}");
    let large = 1234 * BLOCK;
    assert!((12..=13).contains(&pieces(max_size, &key(1), large)));
    assert_eq!(pieces(0, &key(1), large), MOST_PIECES);
    assert_eq!(pieces(u64::MAX, &key(1), 1), 0);
}
