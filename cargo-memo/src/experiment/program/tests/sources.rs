use memo_code::CodeList;

use super::super::CargoFlags;
use super::lab::Lab;

/// What an edit does to the code of `lab`, and of `eval`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    Both,
    LabAlone,
    EvalAlone,
    None,
}
use Effect::{Both, EvalAlone, LabAlone, None as Neither};

/// Edits of files, each from one text to another, and what they do.
const EDITS: &[(&str, &str, &str, &str, Effect)] = &[
    (
        "a constant in a reached function",
        "lab/src/lib.rs",
        "0.1",
        "0.2",
        LabAlone,
    ),
    (
        "an unreached function",
        "lab/src/lib.rs",
        "0.7",
        "0.8",
        Neither,
    ),
    (
        "a new function",
        "lab/src/lib.rs",
        "pub fn unused",
        "pub fn new() {}\npub fn unused",
        Neither,
    ),
    (
        "a comment",
        "lab/src/lib.rs",
        "    0.1",
        "    // slow\n    0.1",
        Neither,
    ),
    (
        "documentation of the program",
        "lab/src/main.rs",
        "//! Trains.",
        "//! Trains a lot.",
        Neither,
    ),
    (
        "spacing",
        "lab/src/main.rs",
        "fn speed() {",
        "fn speed()\n{",
        Neither,
    ),
    (
        "a string",
        "lab/src/main.rs",
        "\"{}\", dep",
        "\"= {}\", dep",
        LabAlone,
    ),
    (
        "a path dependency",
        "dep/src/lib.rs",
        "2.0",
        "3.0",
        LabAlone,
    ),
    (
        "an included file",
        "lab/src/words.txt",
        "words",
        "other words",
        LabAlone,
    ),
    (
        "what is compiled for debugging",
        "lab/src/main.rs",
        "\"debug\"",
        "\"debugging\"",
        LabAlone,
    ),
    (
        "what is compiled with a feature that is off",
        "lab/src/main.rs",
        "(\"fast\")",
        "(\"faster\")",
        LabAlone,
    ),
    (
        "another binary",
        "lab/src/bin/eval.rs",
        "\"eval\"",
        "\"evaluated\"",
        EvalAlone,
    ),
    (
        "a condition",
        "lab/src/bin/eval.rs",
        "unix",
        "windows",
        EvalAlone,
    ),
    (
        "a test",
        "lab/src/main.rs",
        "fn speed",
        "#[test]\nfn t() {}\nfn speed",
        Neither,
    ),
];

/// Edits of manifests.
const MANIFESTS: &[(&str, &str, &str, &str, Effect)] = &[
    (
        "the authors, which it prints",
        "lab/Cargo.toml",
        "[\"A\"]",
        "[\"B\"]",
        LabAlone,
    ),
    ("the edition", "lab/Cargo.toml", "2024", "2021", Both),
    (
        "the edition of a dependency",
        "dep/Cargo.toml",
        "2024",
        "2021",
        LabAlone,
    ),
    (
        "a default feature that it asks for",
        "lab/Cargo.toml",
        "[\"warm\"]",
        "[\"warm\", \"fast\"]",
        LabAlone,
    ),
    ("a profile", "Cargo.toml", "resolver", "# resolver", Neither),
];

fn judge(lab: &mut Lab, edits: &[(&str, &str, &str, &str, Effect)], asks: bool) {
    let flags = lab.flags();
    let look = |lab: &Lab| ["lab", "eval"].map(|bin| lab.fingerprint(bin, &flags));
    let before = look(lab);
    let mut wrong = Vec::new();
    for &(name, path, from, to, effect) in edits {
        let text = lab.read(path);
        assert_eq!(text.matches(from).count(), 1, "{name}");
        lab.write(path, &text.replace(from, to));
        if asks {
            lab.ask_again();
        }
        let after = look(lab);
        let found = match [before[0] == after[0], before[1] == after[1]] {
            [false, false] => Both,
            [false, true] => LabAlone,
            [true, false] => EvalAlone,
            [true, true] => Neither,
        };
        if found != effect {
            wrong.push(format!("{name}: {found:?} instead of {effect:?}"));
        }
        lab.write(path, &text);
        if asks {
            lab.ask_again();
        }
        assert_eq!(look(lab), before, "{name}, undone");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_edit_changes_the_programs_that_reach_it() {
    judge(&mut Lab::new(), EDITS, false);
}

#[test]
fn manifests_count_where_they_say_something_else_of_the_code() {
    judge(&mut Lab::new(), MANIFESTS, true);
}

#[test]
fn flags_count_as_far_as_the_code_asks_for_them() {
    let lab = Lab::new();
    let with = |set: fn(&mut CargoFlags)| {
        let mut flags = lab.flags();
        set(&mut flags);
        ["lab", "eval"].map(|bin| lab.fingerprint(bin, &flags))
    };
    let features = |list: &'static str| {
        move |flags: &mut CargoFlags| {
            flags.features = vec![list.to_owned()];
        }
    };
    let plain = with(|_| {});
    let fast = with(|flags| flags.features = vec!["fast".to_owned()]);
    for (name, found, same) in [
        (
            "--release",
            with(|flags| flags.release = true),
            [true, true],
        ),
        (
            "--profile",
            with(|flags| flags.profile = Some("bench".to_owned())),
            [true, true],
        ),
        ("--locked", with(|flags| flags.locked = true), [true, true]),
        ("--features fast", fast, [false, true]),
        (
            "--all-features",
            with(|flags| flags.all_features = true),
            [false, true],
        ),
        (
            "--no-default-features",
            with(|flags| flags.no_default_features = true),
            [false, true],
        ),
        (
            "--target",
            with(|flags| flags.target = Some("wasm32-wasip1".to_owned())),
            [true, false],
        ),
    ] {
        assert_eq!([found[0] == plain[0], found[1] == plain[1]], same, "{name}");
    }
    for list in ["fast,warm", "faster fast", "lab/fast"] {
        let mut flags = lab.flags();
        features(list)(&mut flags);
        assert_eq!(lab.fingerprint("lab", &flags), fast[0], "{list}");
    }
}

#[test]
fn a_moved_checkout_has_the_same_programs() {
    let flags = CargoFlags::default();
    let [one, other] = [Lab::new(), Lab::new()].map(|lab| lab.source("lab", &flags));
    assert_eq!(one.fingerprint, other.fingerprint);
    assert_eq!(one.list, other.list);
}

#[test]
fn the_list_says_which_item_changed() {
    let lab = Lab::new();
    let list = || CodeList::from_bytes(&lab.source("lab", &lab.flags()).list).unwrap();
    let before = list();
    assert_eq!((&*before.krate, &*before.function), ("lab", "main"));
    let text = lab.read("lab/src/lib.rs");
    lab.write("lab/src/lib.rs", &text.replace("0.1", "0.2"));
    let after = list();
    assert_ne!(before.sources, after.sources);
    let differing = before.items.iter().zip(&after.items);
    let differing = differing.filter(|(one, other)| one.digest != other.digest);
    let differing: Vec<&str> = differing.map(|(one, _)| &*one.path).collect();
    assert_eq!(differing, ["rate"]);
}

#[test]
fn what_a_build_script_may_say_is_unknown() {
    let mut lab = Lab::new();
    let unknown = |lab: &Lab| lab.source("lab", &lab.flags()).unknown;
    let main = lab.read("lab/src/main.rs");
    lab.write(
        "lab/src/main.rs",
        &main.replace("CARGO_PKG_AUTHORS", "COMMIT"),
    );
    assert_eq!(unknown(&lab), None, "there is no build script");
    for (script, is_known) in [
        ("fn main() { memo_build::fingerprint(); }", true),
        (
            "fn main() { println!(\"cargo:rustc-env=COMMIT=1\"); }",
            false,
        ),
    ] {
        lab.write("lab/build.rs", script);
        lab.ask_again();
        let unknown = unknown(&lab);
        assert_eq!(unknown.is_none(), is_known, "{script}: {unknown:?}");
    }
}
