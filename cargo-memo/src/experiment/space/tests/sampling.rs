//! Points that are chosen at random, and many of them.

use std::collections::HashSet;

use super::{Point, Typed};

/// Spaces of all kinds: counted, drawn, both, and without an end in sight.
const SPACES: [&str; 5] = [
    "a=0..30 b=x,y",
    "lr=log(1e-4,1e-1)",
    "x=uniform(-1,1) act=relu,tanh seed=0..5",
    "a=0..999999999 b=0..999999999",
    "a=0..50 b=0..50",
];

#[test]
fn more_points_begin_with_the_same_ones() {
    for words in SPACES {
        for seed in 0..3 {
            let most = Typed::new(words).sample(60, seed).points();
            assert_eq!(most.iter().collect::<HashSet<_>>().len(), 60, "{words}");
            for sample in [1, 7, 59] {
                let fewer = Typed::new(words).sample(sample, seed).points();
                assert_eq!(fewer, most[..sample], "{words} {seed}");
            }
        }
        let others = Typed::new(words).sample(60, 3).points();
        assert_ne!(others, Typed::new(words).sample(60, 4).points(), "{words}");
    }
}

#[test]
fn which_points_are_chosen_does_not_change_between_versions() {
    let drawn = Typed::new("lr=log(1e-4,1e-1) act=relu,tanh seed=0..10");
    assert_eq!(
        drawn.sample(3, 7).listed(),
        [
            "lr=0.0010138, act=relu, seed=2",
            "lr=0.00073467, act=tanh, seed=3",
            "lr=0.0138774, act=relu, seed=0",
        ]
    );
    let counted = Typed::new("lr=0.1,0.01 n=1..=4");
    assert_eq!(
        counted.sample(3, 7).listed(),
        ["lr=0.01, n=3", "lr=0.1, n=4", "lr=0.01, n=1"]
    );
}

#[test]
fn chosen_points_are_of_the_space_and_meet_the_condition() {
    let all: HashSet<Point> = Typed::new(SPACES[0]).points().into_iter().collect();
    let chosen = Typed::new(SPACES[0]).only("a>3").sample(20, 1).points();
    assert!(chosen.iter().all(|point| all.contains(point)));
    let drawn = Typed::new(SPACES[2])
        .only("x>0.5 and act=tanh")
        .sample(20, 1)
        .points();
    assert_eq!(drawn.len(), 20);
    for point in chosen.iter().chain(&drawn) {
        let number = |name| Some(point.value(name)?.parse::<f64>().unwrap());
        assert!(number("a").is_none_or(|a| a > 3.0), "{point}");
        assert!(number("x").is_none_or(|x| x > 0.5 && x <= 1.0), "{point}");
    }
}

#[test]
fn values_that_are_added_leave_the_order_of_the_others() {
    let fewer = Typed::new("a=0..10 b=x,y").sample(20, 5).points();
    let more = Typed::new("a=0..15 b=x,y").sample(30, 5).points();
    let of_fewer = |point: &&Point| fewer.contains(point);
    let same: Vec<&Point> = more.iter().filter(of_fewer).collect();
    assert_eq!(same, fewer.iter().collect::<Vec<_>>());
}

#[test]
fn a_parameter_is_drawn_alike_whatever_stands_beside_it() {
    let alone = Typed::new("lr=log(1e-4,1e-1)").sample(20, 5).points();
    let beside = Typed::new("act=a,b lr=log(1e-4,1e-1)")
        .sample(20, 5)
        .points();
    for (one, other) in alone.iter().zip(&beside) {
        assert_eq!(one.value("lr"), other.value("lr"));
    }
}

#[test]
fn a_space_with_fewer_points_gives_them_all() {
    let typed = Typed::new("a=0..3 b=x,y").sample(50, 0);
    assert_eq!(typed.points().len(), 6);
    assert_eq!(typed.remarks(), ["--sample 50 finds only 6 points"]);
    // Six digits are all that two numbers so close to each other differ in.
    let few = Typed::new("x=uniform(1.00001,1.00004)").sample(50, 0);
    assert!((3..=4).contains(&few.points().len()));
    assert_eq!(few.remarks().len(), 1);
}

#[test]
fn ten_thousand_points_are_soon_there() {
    assert_eq!(
        Typed::new("a=0..100 b=0..10 c=0..10").points().len(),
        10_000
    );
    let drawn = Typed::new("x=uniform(0,1) b=0..10").sample(10_000, 0);
    assert_eq!(drawn.points().len(), 10_000);
    let chosen = Typed::new("a=0..300 b=0..100").sample(10_000, 0);
    assert_eq!(chosen.points().len(), 10_000);
}
