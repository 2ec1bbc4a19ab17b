//! What arguments can be.

use std::borrow::Cow;
use std::collections::BTreeMap;

use memo_runtime::memo;
use serde::Serialize;

use crate::{computed, shape};

#[derive(Clone, Copy, Serialize)]
struct Point {
    x: u64,
    y: u64,
}

#[memo]
fn none() -> u64 {
    computed(42)
}

#[memo]
fn patterns(
    (a, b): (u64, u64),
    Point { x, y: z }: Point,
    [first, ..]: [u64; 2],
    _: u64,
    ref named: u64,
) -> u64 {
    computed(a + 10 * b + 100 * x + 1000 * z + 10_000 * first + 100_000 * named)
}

#[memo]
fn changed(mut n: u64, mut list: Vec<u64>) -> Vec<u64> {
    n += 1;
    list.push(n);
    computed(list)
}

#[memo]
fn borrowed(text: &str, list: &[u64], cow: Cow<'_, str>, twice: &&Point) -> usize {
    computed(text.len() + list.len() + cow.len() + usize::from(twice.x == twice.y))
}

#[memo]
fn named<'a>(one: &'a str, other: &'a BTreeMap<&'a str, u64>) -> u64 {
    computed(other[one])
}

/// Not serializable, and of no matter.
struct Pool;

#[memo(ignore(pool, verbose))]
fn ignoring(x: u64, pool: &Pool, verbose: bool) -> u64 {
    let (Pool, _) = (pool, verbose);
    computed(x + 3)
}

#[memo(ignore(report))]
fn reporting(x: u64, report: fn(&mut u64)) -> u64 {
    let mut x = x;
    report(&mut x);
    computed(x)
}

#[memo]
fn raw(r#type: u64, r#fn: &str) -> u64 {
    computed(r#type + r#fn.len() as u64)
}

pub(super) fn all() {
    let point = Point { x: 1, y: 2 };
    shape("no argument", 1, &42, none);
    shape("patterns", 1, &542_121, || {
        patterns((1, 2), point, [4, 0], 9, 5)
    });
    shape("a pattern that is part of the key", 1, &542_122, || {
        patterns((2, 2), point, [4, 0], 9, 5)
    });
    shape(
        "an argument without a name is part of the key",
        1,
        &542_122,
        || patterns((2, 2), point, [4, 0], 8, 5),
    );
    shape("mut arguments", 1, &vec![1, 5], || changed(4, vec![1]));
    shape("borrowed arguments", 1, &6, || {
        borrowed("abc", &[1], Cow::Borrowed("de"), &&point)
    });
    shape("the same values, owned", 0, &6, || {
        borrowed("abc", &[1], Cow::Owned("de".into()), &&point)
    });
    shape("named lifetimes", 1, &6, || {
        named("a", &BTreeMap::from([("a", 6)]))
    });
    shape("ignored arguments", 1, &[5, 5], || {
        [ignoring(2, &Pool, true), ignoring(2, &Pool, false)]
    });
    shape("a function as an ignored argument", 1, &3, || {
        reporting(2, |x| *x += 1)
    });
    shape("raw names", 1, &5, || raw(2, "abc"));
}
