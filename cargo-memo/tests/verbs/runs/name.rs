//! A program and a function of one name, and how to mean only one.

use snapbox::str;

use super::Run;
use crate::bench::Bench;

/// A store with results of the function `lab::train`, of the programs `train`
/// of two packages, and of a command.
fn namesakes() -> Bench {
    let bench = Bench::new();
    bench.train(0.1, 3);
    for program in [("lab", "train"), ("other", "train"), ("", "train")] {
        Run {
            program,
            ..Run::default()
        }
        .keep(&bench);
    }
    bench
}

#[test]
fn a_name_means_all_and_a_longer_one_only_one() {
    let bench = namesakes();
    for (name, results) in [
        ("train", 4),
        ("lab::train", 1),
        ("lab/train", 1),
        ("other/train", 1),
        ("/train", 1),
    ] {
        assert_eq!(bench.ids(&[name]).len(), results, "{name}");
    }
    assert_eq!(bench.memo(&["list", "lab/trai"]).code, 0);
    assert!(bench.ids(&["lab/trai"]).is_empty());
}

#[test]
fn a_listing_says_which_is_which() {
    let bench = namesakes();
    bench.memo(&["list", "--sort", "function"]).expect(
        0,
        str![[r#"
ID function arguments size took created last used
[ID] lab::train lr=0.1, layers=3 [SIZE] [TOOK] 2024-03-01 2024-03-01
[ID] train lr=0.1, layers=3 [SIZE] [TOOK] 2024-03-01 2024-03-01
[ID] lab/train lr=0.1, layers=3 [SIZE] [TOOK] 2024-03-01 2024-03-01
[ID] other/train lr=0.1, layers=3 [SIZE] [TOOK] 2024-03-01 2024-03-01

"#]],
        str![],
    );
    bench.memo(&["status"]).expect(
        0,
        str![[r#"
store [STORE]
size [SIZE] in 4 entries of 1 function and 3 programs
limits under 1 % of 10.0 GB on disk
saved nothing yet; computing took [TOOK]

function or program package entries size hits misses computed saved last used
lab::train 1 [SIZE] 0 1 [TOOK] [TOOK] 2024-03-01
train 1 [SIZE] 0 1 [TOOK] [TOOK] 2024-03-01
lab/train lab 1 [SIZE] 0 1 [TOOK] [TOOK] 2024-03-01
other/train other 1 [SIZE] 0 1 [TOOK] [TOOK] 2024-03-01

"#]],
        str![],
    );
}

#[test]
fn every_verb_takes_the_longer_names() {
    let bench = namesakes();
    let of = |document: &serde_json::Value, at: &str| {
        let field = |name: &str| document.pointer(&format!("{at}/{name}")).unwrap().clone();
        (field("package"), field("function"))
    };
    let shown = bench
        .memo(&["show", "other/train", "--format", "json"])
        .json();
    assert_eq!(of(&shown, "/entry"), ("other".into(), "train".into()));
    let why = bench.memo(&["why", "lab/train", "--format", "json"]).json();
    assert_eq!(of(&why, "/computation"), ("lab".into(), "train".into()));
    let log = bench
        .memo(&["log", "--function", "other/train", "--format", "json"])
        .json();
    let executions = log["executions"].as_array().unwrap();
    assert_eq!(executions.len(), 1);
    assert_eq!(of(&executions[0], ""), ("other".into(), "train".into()));
    assert_eq!(bench.memo(&["clear", "lab/train", "--yes"]).code, 0);
    assert_eq!(bench.ids(&["train"]).len(), 3);
    assert!(bench.ids(&["lab/train"]).is_empty());
}
