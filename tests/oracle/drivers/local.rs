//! What hides which code a call runs, each in a function of its own.

use std::collections::{BTreeSet, HashSet};

use memo_runtime::memo;
use shapes::cleanup::{Guard, Log, wait};
use shapes::generic::{On, One, heaviest, hidden};
use shapes::tables::{STEPS, count, meaning, prime};
use shapes::units::{Length, Lengths as _, Size, Way, doubling, longest, measured};
use shapes::{Area, Disc, all};

#[memo]
fn operators() -> String {
    let mut length = Length::metres(2) + Length::millimetres(5) * 3u8;
    length += -Length::millimetres(15);
    format!("{length} {}", length * 7)
}

#[memo]
fn comparing() -> String {
    let lengths = [3, 1, 3, 2].map(Length::millimetres);
    let sorted: BTreeSet<Length> = lengths.into_iter().collect();
    let different: HashSet<Length> = lengths.into_iter().collect();
    format!(
        "{sorted:?} {} {}",
        different.len(),
        lengths[0] != lengths[1]
    )
}

#[memo]
fn parsing() -> String {
    let texts = ["5 m", "17", "x", "3 ells"];
    texts
        .map(|text| match text.parse::<Length>() {
            Ok(length) => length.to_string(),
            Err(error) => {
                let error: Box<dyn std::error::Error> = error.into();
                format!("{error} {}", error.source().is_some())
            }
        })
        .join(", ")
}

#[memo]
fn renamed() -> String {
    measured("8 m").map_or_else(
        |error| error.to_string(),
        |length| length.in_centimetres().to_string(),
    )
}

#[memo]
fn macros() -> String {
    let length = longest!(Length::from(4u8), Length::from(9), Length::default());
    format!("{length}")
}

#[memo]
fn sequences() -> String {
    let mut way: Way = doubling(Length::millimetres(1), Length::millimetres(20)).collect();
    way.push(Length::ZERO);
    let sum: Length = way.iter().sum();
    let total = way.into_iter().total(Length::millimetres(2));
    format!("{sum} {total}")
}

#[memo]
fn defaults() -> String {
    let size = Size::new([Length::metres(1); 3]);
    format!("{:?} {}", size == Size::default(), size[2])
}

#[memo]
fn objects() -> String {
    let shapes = all();
    let areas: Vec<i64> = shapes.iter().map(|shape| shape.doubled()).collect();
    format!("{areas:?} {:?}", shapes[0])
}

#[memo]
fn aliased() -> String {
    Disc::new(3).name()
}

#[memo]
fn generic() -> String {
    let next = On::<One>::new(4).next().next();
    format!("{} {:?}", next.number(), heaviest(&["a", "abc"]))
}

#[memo]
fn opaque() -> String {
    format!("{:?}", hidden().collect::<Vec<_>>())
}

#[memo]
fn tables() -> String {
    STEPS
        .iter()
        .map(|(name, step)| format!("{name} {} ", step(10)))
        .collect()
}

#[memo]
fn lazily() -> String {
    format!("{:?} {} {}", prime(4), count(), count())
}

#[memo]
fn variants() -> String {
    format!("{:?} {:?}", meaning("nothing"), meaning("word"))
}

#[memo]
fn cleaning() -> String {
    let log = Log::default();
    let guard = Guard::new(&log);
    guard.end();
    log.text()
}

#[memo]
fn awaiting() -> String {
    wait().to_string()
}
