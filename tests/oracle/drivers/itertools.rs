//! Iterator adaptors, by theme.

use itertools::{Either, EitherOrBoth, Itertools, MinMaxResult, iproduct, izip};
use memo_runtime::memo;

#[memo]
fn combinatorics() -> String {
    let pairs = (0..4)
        .combinations(2)
        .map(|pair| format!("{pair:?}"))
        .join(" ");
    let permutations = "abc".chars().permutations(3).count();
    let powers = [1, 2, 3]
        .iter()
        .powerset()
        .map(|set| set.len())
        .sum::<usize>();
    let repeated = (0..3).combinations_with_replacement(2).collect_vec();
    format!("{pairs} {permutations} {powers} {repeated:?}")
}

#[memo]
fn grouping() -> String {
    let data = [1, 1, 2, 3, 3, 3, 1];
    let runs = data.iter().chunk_by(|number| **number);
    let runs = runs
        .into_iter()
        .map(|(key, run)| (key, run.count()))
        .collect_vec();
    let chunks = data.iter().chunks(3);
    let chunks = chunks
        .into_iter()
        .map(|chunk| chunk.sum::<i32>())
        .collect_vec();
    let map = data.iter().into_group_map_by(|number| *number % 2);
    let counts = data.iter().counts().into_iter().sorted().collect_vec();
    format!("{runs:?} {chunks:?} {} {counts:?}", map[&1].len())
}

#[memo]
fn merging() -> String {
    let merged = (0..10).step_by(3).merge((0..10).step_by(4)).collect_vec();
    let many = [vec![1, 5], vec![2, 4], vec![3]]
        .into_iter()
        .kmerge()
        .collect_vec();
    let zipped = (0..3).zip_longest(0..5).map(|pair| match pair {
        EitherOrBoth::Both(a, b) => a + b,
        EitherOrBoth::Left(a) | EitherOrBoth::Right(a) => 10 * a,
    });
    let zipped = zipped.collect_vec();
    format!(
        "{merged:?} {many:?} {zipped:?} {:?}",
        [1, 2].iter().interleave(&[3, 4, 5]).collect_vec()
    )
}

#[memo]
fn extremes() -> String {
    let words = ["pear", "fig", "banana", "kiwi"];
    let minmax = match words.iter().minmax_by_key(|word| word.len()) {
        MinMaxResult::MinMax(least, most) => format!("{least} {most}"),
        _ => String::new(),
    };
    let position = words.iter().position_max();
    let best = words.iter().k_smallest(2).collect_vec();
    format!(
        "{minmax} {position:?} {best:?} {}",
        words.iter().all_unique()
    )
}

#[memo]
fn formatting() -> String {
    let hex = [10, 11, 255]
        .iter()
        .format_with(":", |number, f| f(&format_args!("{number:02x}")));
    let plain = (1..4).format(", ");
    format!("{hex} [{plain}]")
}

#[memo]
fn tuples() -> String {
    let windows = (1..6)
        .tuple_windows()
        .map(|(a, b, c)| a * b + c)
        .collect_vec();
    let (a, b) = (7..9).collect_tuple().unwrap_or_default();
    let grid = iproduct!(0..2, 0..3).map(|(x, y)| x * 10 + y).collect_vec();
    let sums = izip!(&[1, 2], &[3, 4], &[5, 6])
        .map(|(a, b, c)| a + b + c)
        .collect_vec();
    let ends = (0..3)
        .with_position()
        .map(|(at, _)| at.is_last)
        .collect_vec();
    format!("{windows:?} {a} {b} {grid:?} {sums:?} {ends:?}")
}

#[memo]
fn partitioning() -> String {
    let (even, odd): (Vec<_>, Vec<_>) = (0..7).partition_map(|number| {
        if number % 2 == 0 {
            Either::Left(number)
        } else {
            Either::Right(number)
        }
    });
    let either: Either<i32, i32> = Either::Left(5);
    let flipped = either.flip().either(|left| left, |right| right * 2);
    let (first, rest) = (0..5).tee();
    format!(
        "{even:?} {odd:?} {flipped} {:?} {}",
        first.take_while_inclusive(|n| *n < 2).collect_vec(),
        rest.sum::<i32>()
    )
}
