//! Which results are listed, and in what order.

use std::fs::File;
use std::time::{Duration, UNIX_EPOCH};

use serde::Serialize;
use snapbox::str;

use crate::bench::Bench;

#[derive(Serialize)]
struct Config {
    act: &'static str,
    lr: f64,
}

/// Four trainings, a minute apart, of which one has no layers.
fn trained() -> Bench {
    let bench = Bench::new();
    for (lr, layers) in [(0.1, 3), (10.0, 20), (9.5, 3)] {
        bench.train(lr, layers);
        bench.clock.advance(Duration::from_secs(60));
    }
    bench.fill(|memo| {
        memo.call("lab::train")
            .arg("lr", &1e-3)
            .arg(
                "config",
                &Config {
                    act: "relu",
                    lr: 0.5,
                },
            )
            .get_or_compute(|| 1_u8);
    });
    bench
}

/// The learning rates that are listed.
fn rates(bench: &Bench, arguments: &[&str]) -> Vec<String> {
    let run = bench.memo(&[&["list", "--format", "csv", "train"], arguments].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stderr, "", "{arguments:?}");
    let mut rows = run.stdout.lines().map(|line| line.split(','));
    let column = rows.next().unwrap().position(|title| title == "lr");
    let Some(column) = column else {
        return Vec::new();
    };
    rows.map(|mut row| row.nth(column).unwrap().to_owned())
        .collect()
}

#[test]
fn a_condition_chooses_by_arguments() {
    let bench = trained();
    for (condition, expected) in [
        ("lr>0.1", &["9.5", "10.0"][..]),
        ("lr>0.1 and layers=3", &["9.5"]),
        ("layers=3 or lr=0.001", &["0.001", "9.5", "0.1"]),
        ("not layers=3", &["0.001", "10.0"]),
        ("layers!=3", &["10.0"]),
        ("config.act=relu and config.lr<1", &["0.001"]),
        ("lr<0", &[]),
    ] {
        assert_eq!(
            rates(&bench, &["--where", condition]),
            expected,
            "{condition}"
        );
    }
}

#[test]
fn a_mistake_in_a_condition_is_told() {
    let bench = trained();
    bench.memo(&["list", "--where", "lr >"]).expect(
        2,
        str![],
        str![[r#"
error: invalid value 'lr >' for '--where <CONDITION>': expected a value at character 5

For more information, try '--help'.

"#]],
    );
    bench
        .memo(&["list", "train", "--where", "lrr>0.1 and config.act~e"])
        .expect(
            0,
            str![],
            str![[r#"
warning: none of these results has an argument `lrr`: there are config, layers, lr; did you mean `lr`?
note: no such results in the store `[STORE]`: `cargo memo status` shows the functions

"#]],
        );
}

#[test]
fn an_order_that_there_is_not_is_told() {
    let bench = trained();
    let said = |key: &str| bench.memo(&["list", "train", "--sort", key]).stderr;
    assert_eq!(
        said("sise"),
        "warning: none of these results has an argument `sise` to order by: there are config, \
         layers, lr, and the keys created, used, size, duration, function; did you mean `size`?\n"
    );
    assert!(said("config.size").contains("`config.size` to order by"));
    assert_eq!(said("config.act"), "");
    assert_eq!(said("lr"), "");
}

#[test]
fn a_part_of_an_argument_gives_an_order_too() {
    let bench = Bench::new();
    bench.fill(|memo| {
        for lr in [9.0, 10.0, 0.5] {
            memo.call("lab::train")
                .arg("lr", &lr)
                .arg("config", &Config { act: "relu", lr })
                .get_or_compute(|| 1_u8);
        }
    });
    assert_eq!(
        rates(&bench, &["--sort", "config.lr"]),
        ["0.5", "9.0", "10.0"]
    );
    assert_eq!(
        rates(&bench, &["--sort", "-config.lr"]),
        ["10.0", "9.0", "0.5"]
    );
}

#[test]
fn a_function_that_there_is_not_is_told_with_what_may_be_meant() {
    let bench = trained();
    for verb in [
        &["list", "trian"][..],
        &["verify", "trian"],
        &["clear", "trian", "--yes"],
        &["show", "lab::trian"],
        &["why", "trian"],
        &["log", "--function", "trian"],
    ] {
        let said = bench.memo(verb).stderr;
        assert!(said.contains("; did you mean `train`?\n"), "{said}");
    }
    let said = bench.memo(&["list", "primes"]).stderr;
    assert!(!said.contains("did you mean"), "{said}");
}

#[test]
fn arguments_give_an_order_of_their_own() {
    let bench = trained();
    assert_eq!(
        rates(&bench, &["--sort", "lr"]),
        ["0.001", "0.1", "9.5", "10.0"]
    );
    let reversed = rates(&bench, &["--sort", "lr", "--reverse"]);
    assert_eq!(reversed, ["10.0", "9.5", "0.1", "0.001"]);
    // Where the argument is missing is last, whichever way round.
    assert_eq!(
        rates(&bench, &["--sort", "layers"]),
        ["9.5", "0.1", "10.0", "0.001"]
    );
    assert_eq!(
        rates(&bench, &["--sort", "layers", "-r"]),
        ["10.0", "0.1", "9.5", "0.001"]
    );
    assert_eq!(rates(&bench, &["-r"]), ["0.1", "10.0", "9.5", "0.001"]);
}

#[test]
fn the_latest_are_found_however_they_were_used() {
    let bench = Bench::new();
    for number in 0..40 {
        bench.train(f64::from(number), 1);
        bench.clock.advance(Duration::from_secs(600));
    }
    // The older a result, the later it was used.
    let noon = UNIX_EPOCH + Duration::from_nanos(bench.clock.now());
    let newest = rates(&bench, &[]);
    assert_eq!(newest[0], "39.0");
    for file in bench.entries() {
        let used = file.metadata().unwrap().modified().unwrap();
        let file = File::options().write(true).open(file).unwrap();
        file.set_modified(noon + noon.duration_since(used).unwrap())
            .unwrap();
    }
    for limit in [1, 3, 39, 40, 41] {
        let listed = rates(&bench, &["--limit", &limit.to_string()]);
        assert_eq!(listed, newest[..limit.min(40)], "{limit}");
        let oldest = rates(&bench, &["-r", "--limit", &limit.to_string()]);
        assert!(oldest.iter().eq(newest.iter().rev().take(limit)), "{limit}");
    }
}

#[test]
fn results_past_their_time_can_be_chosen() {
    let bench = Bench::new();
    bench.fill(|memo| {
        for (name, hours) in [("lab::price", 1), ("lab::share", 1_000_000)] {
            memo.call(name)
                .ttl(Duration::from_secs(hours * 3600))
                .get_or_compute(|| 7_u8);
        }
        memo.call("lab::rate").get_or_compute(|| 7_u8);
    });
    for sort in ["created", "size", "name"] {
        let run = bench.memo(&["list", "--expired", "--sort", sort, "--format", "json"]);
        let document = run.json();
        let entries = document["entries"].as_array().unwrap();
        assert_eq!(entries.len(), 1, "{sort}");
        assert_eq!(entries[0]["function"], "lab::price");
    }
}

#[test]
fn functions_and_ids_may_be_mixed_and_none_is_listed_twice() {
    let bench = Bench::filled();
    let all = bench.ids(&[]);
    let (score, late, early) = (&all[0], &all[1], &all[2]);
    assert_eq!(bench.ids(&[early]), std::slice::from_ref(early));
    assert_eq!(
        bench.ids(&[early, early, "score"]),
        [score.clone(), early.clone()]
    );
    assert_eq!(bench.ids(&["train", late]), [late.clone(), early.clone()]);
}

#[test]
fn nothing_that_fits_is_no_error() {
    Bench::filled().memo(&["list", "--where", "lr>100"]).expect(
        0,
        str![],
        str![[r#"
note: no such results in the store `[STORE]`: `cargo memo status` shows the functions

"#]],
    );
    Bench::new().memo(&["list"]).expect(0, str![], str![[r#"
note: there is no store at `[STORE]` yet: run a program that calls a function with `#[memo]`, and its results are kept there

"#]]);
}
