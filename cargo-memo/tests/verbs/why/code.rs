//! Reasons that lie in the code.

use memo_code::list::FactKind;
use snapbox::str;

use super::{later, reasons};
use crate::bench::{Bench, expect_text};
use crate::function::Train;
use crate::redact::redacted;

const FORWARD: &str = "fn forward(w: &M, x: &V) -> V {\n    let z = w.dot(x);\n    relu(z)\n}";
const WITH_BIAS: &str =
    "fn forward(w: &M, x: &V) -> V {\n    let z = w.dot(x) + b;\n    relu(z)\n}";

/// A store with a result of each, a minute after the other.
pub(super) fn kept(functions: &[&Train]) -> Bench {
    let bench = Bench::new();
    for function in functions {
        later(&bench);
        bench.fill(|memo| function.call(memo, 0.1, 0.5));
    }
    bench
}

/// What the change from one to the other is told as: the page and the reasons.
pub(super) fn told(before: &Train, after: &Train) -> (String, String) {
    let bench = kept(&[before, after]);
    let page = bench.memo(&["why"]);
    assert_eq!((&*page.stderr, page.code), ("", 0));
    (redacted(&page.stdout, &bench.store()), reasons(&bench))
}

pub(super) fn train() -> Train {
    Train::reaching(&[
        ("lab model::forward 41", FORWARD),
        ("lab model::train 60", "fn train() {}"),
        ("lab data::Set 3", "struct Set;"),
    ])
}

pub(super) fn with_bias() -> Train {
    Train::reaching(&[
        ("lab model::forward 43", WITH_BIAS),
        ("lab model::train 62", "fn train() {}"),
        ("lab data::Set 3", "struct Set;"),
        ("lab ops::relu 12", "fn relu() {}"),
    ])
}

/// Lines of a page that are wider than a terminal of so many columns.
fn too_wide(bench: &Bench, columns: &str) -> Vec<String> {
    let mut command = bench.command(&["why"]);
    command
        .arg("--store")
        .arg(bench.store())
        .env("COLUMNS", columns);
    let page = bench.run(command).stdout;
    let wide = |line: &&str| line.chars().count() > columns.parse().unwrap();
    page.lines().filter(wide).map(str::to_owned).collect()
}

#[test]
fn items_that_changed_are_told_with_place_and_difference() {
    let (page, reasons) = told(&train(), &with_bias());
    expect_text(
        &page,
        str![[r#"
train(lr=0.1) was computed on 2024-03-01 ([TOOK]) because its code changed
  model::forward src/model.rs:43 changed - let z = w.dot(x);
                                            + let z = w.dot(x) + b;
  ops::relu src/ops.rs:12 new
2 other items are the same. The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1)).

"#]],
    );
    expect_text(
        &reasons,
        str![[r#"
{"after":"[KEY]","before":"[KEY]","difference":{"conditions":[],"dependencies":[],"facts":[],"items":[{"after":{"crate":"lab","digest":"[KEY]","file":"src/model.rs","line":43,"path":"model::forward","text":"fn forward(w: &M, x: &V) -> V {\n    let z = w.dot(x) + b;\n    relu(z)\n}"},"before":{"crate":"lab","digest":"[KEY]","file":"src/model.rs","line":41,"path":"model::forward","text":"fn forward(w: &M, x: &V) -> V {\n    let z = w.dot(x);\n    relu(z)\n}"},"change":"changed"},{"after":{"crate":"lab","digest":"[KEY]","file":"src/ops.rs","line":12,"path":"ops::relu","text":"fn relu() {}"},"before":null,"change":"new"}],"same_items":2},"reason":"code"}

"#]],
    );
}

#[test]
fn the_page_is_laid_out_for_the_terminal_there_is() {
    let bench = kept(&[&train(), &with_bias()]);
    let page = |columns: &str| {
        let mut command = bench.command(&["why"]);
        command
            .arg("--store")
            .arg(bench.store())
            .env("COLUMNS", columns);
        let page = bench.run(command).stdout;
        // The first line and the last say how long it took, and IDs.
        let lines = page
            .lines()
            .filter(|line| line.starts_with("   ") || line.contains(".rs:"));
        lines.collect::<Vec<_>>().join("\n")
    };
    expect_text(
        &page("80"),
        str![[r#"
  model::forward  src/model.rs:43  changed  -    let z = w.dot(x);
                                            +    let z = w.dot(x) + b;
  ops::relu       src/ops.rs:12    new
"#]],
    );
    expect_text(
        &page("60"),
        str![[r#"
  model::forward  src/model.rs:43  changed
      -    let z = w.dot(x);
      +    let z = w.dot(x) + b;
  ops::relu       src/ops.rs:12    new
"#]],
    );
    for columns in ["30", "60", "80", "120"] {
        assert_eq!(too_wide(&bench, columns), [""; 0], "{columns}");
    }
}

#[test]
fn old_and_new_lines_have_colours_where_they_can_be_seen() {
    let bench = kept(&[&train(), &with_bias()]);
    let plain = bench.memo(&["why"]).stdout;
    assert!(!plain.contains('\x1b'), "{plain:?}");
    let coloured = bench.memo(&["why", "--color", "always"]).stdout;
    assert!(
        coloured.contains("\x1b[31m-    let z = w.dot(x);\x1b[0m"),
        "{coloured:?}"
    );
    assert!(
        coloured.contains("\x1b[32m+    let z = w.dot(x) + b;\x1b[0m"),
        "{coloured:?}"
    );
}

#[test]
fn items_come_go_and_move() {
    let before = Train::reaching(&[
        ("lab old::f 1", "fn f() {}"),
        ("lab old::g 9", "fn g() {}"),
        ("lab made 0", "fn made() {}"),
        ("ops relu 5", "fn relu() {}"),
    ]);
    let after = Train::reaching(&[
        ("lab new::f 1", "fn f() {}"),
        ("ops relu 7", "fn relu(x: f64) {}"),
    ]);
    let (page, reasons) = told(&before, &after);
    expect_text(
        &page,
        str![[r#"
train(lr=0.1) was computed on 2024-03-01 ([TOOK]) because its code changed
  ops::relu src/relu.rs:7 changed -fn relu() {}
                                     +fn relu(x: f64) {}
  made gone
  old::g src/old.rs:9 gone
  new::f src/new.rs:1 moved from old::f
The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1)).

"#]],
    );
    expect_text(
        &reasons,
        str![[r#"
{"after":"[KEY]","before":"[KEY]","difference":{"conditions":[],"dependencies":[],"facts":[],"items":[{"after":{"crate":"ops","digest":"[KEY]","file":"src/relu.rs","line":7,"path":"relu","text":"fn relu(x: f64) {}"},"before":{"crate":"ops","digest":"[KEY]","file":"src/relu.rs","line":5,"path":"relu","text":"fn relu() {}"},"change":"changed"},{"after":null,"before":{"crate":"lab","digest":"[KEY]","file":"","line":0,"path":"made","text":"fn made() {}"},"change":"gone"},{"after":null,"before":{"crate":"lab","digest":"[KEY]","file":"src/old.rs","line":9,"path":"old::g","text":"fn g() {}"},"change":"gone"},{"after":{"crate":"lab","digest":"[KEY]","file":"src/new.rs","line":1,"path":"new::f","text":"fn f() {}"},"before":{"crate":"lab","digest":"[KEY]","file":"src/old.rs","line":1,"path":"old::f","text":"fn f() {}"},"change":"moved"}],"same_items":0},"reason":"code"}

"#]],
    );
}

#[test]
fn long_differences_and_many_items_fit_one_screen() {
    let body = |step: usize| {
        let lines = (0..60).map(|line| format!("    {};\n", line % step));
        format!("fn f() {{\n{}}}", lines.collect::<String>())
    };
    let items: Vec<(String, String, String)> = (0..40)
        .map(|n| (format!("lab many::f{n:02} {n}"), body(n + 2), body(n + 3)))
        .collect();
    let before: Vec<_> = items
        .iter()
        .map(|(place, text, _)| (&**place, &**text))
        .collect();
    let after: Vec<_> = items
        .iter()
        .map(|(place, _, text)| (&**place, &**text))
        .collect();
    let bench = kept(&[&Train::reaching(&before), &Train::reaching(&after)]);
    let page = bench.memo(&["why"]).stdout;
    assert!(page.lines().count() <= 40, "{page}");
    assert!(page.contains("more lines\n"), "{page}");
    assert!(
        page.contains("… 32 more items differ, --verbose shows all"),
        "{page}"
    );
    let whole = bench.memo(&["why", "--verbose"]).stdout;
    assert!(whole.contains("many::f39"), "{whole}");
    assert!(!whole.contains("more lines"), "{whole}");
}

#[test]
fn a_dependency_that_changed_is_told_with_both_versions() {
    let before = train()
        .with("ndarray", "0.16.0", &[])
        .with("rand", "0.9.0", &[])
        .with("serde", "1.0.0", &["derive"]);
    let after = train()
        .with("ndarray", "0.17.1", &[])
        .with("rayon", "1.12.0", &[])
        .with("serde", "1.0.0", &["derive", "std"]);
    let (page, reasons) = told(&before, &after);
    expect_text(
        &page,
        str![[r#"
train(lr=0.1) was computed on 2024-03-01 ([TOOK]) because 4 dependencies changed
  ndarray 0.16.0 → 0.17.1
  serde 1.0.0, features +std
  rand 0.9.0 gone
  rayon 1.12.0 new
3 items are the same. The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1)).

"#]],
    );
    expect_text(
        &reasons,
        str![[r#"
{"after":"[KEY]","before":"[KEY]","difference":{"conditions":[],"dependencies":[{"after":{"detail":"registry","features":[],"name":"ndarray","version":"0.17.1"},"before":{"detail":"registry","features":[],"name":"ndarray","version":"0.16.0"},"change":"changed"},{"after":null,"before":{"detail":"registry","features":[],"name":"rand","version":"0.9.0"},"change":"gone"},{"after":{"detail":"registry","features":[],"name":"rayon","version":"1.12.0"},"before":null,"change":"new"},{"after":{"detail":"registry","features":["derive","std"],"name":"serde","version":"1.0.0"},"before":{"detail":"registry","features":["derive"],"name":"serde","version":"1.0.0"},"change":"changed"}],"facts":[],"items":[],"same_items":3},"reason":"code"}

"#]],
    );
    let (one, _) = told(
        &train().with("a", "1.0.0", &[]),
        &train().with("a", "1.1.0", &[]),
    );
    expect_text(
        &one,
        str![[r#"
train(lr=0.1) was computed on 2024-03-01 ([TOOK]) because a dependency changed
  a 1.0.0 → 1.1.0
3 items are the same. The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1)).

"#]],
    );
}

#[test]
fn files_features_variables_conditions_and_editions_are_told_by_name() {
    let before = train()
        .where_(FactKind::Edition, "lab", "2021")
        .where_(FactKind::Feature, "lab: feature = \"fast\"", "std")
        .where_(FactKind::Feature, "lab: feature = \"wide\"", "std")
        .where_(FactKind::Condition, "unix", "on")
        .where_(FactKind::Environment, "TARGET", "a")
        .where_(FactKind::File, "data/weights.bin", "1f")
        .where_(FactKind::File, "data/old.bin", "1f");
    let mut after = train()
        .where_(FactKind::Edition, "lab", "2024")
        .where_(FactKind::Feature, "lab: feature = \"fast\"", "fast std")
        .where_(FactKind::Feature, "lab: feature = \"wide\"", "fast std")
        .where_(FactKind::Environment, "TARGET", "b")
        .where_(FactKind::File, "data/weights.bin", "2e")
        .where_(FactKind::File, "data/new.bin", "1f")
        .where_(FactKind::Whole, "sys", "3d");
    after.conditions = vec![("debug_assertions", false)];
    let (page, reasons) = told(&before, &after);
    expect_text(
        &page,
        str![[r#"
train(lr=0.1) was computed on 2024-03-01 ([TOOK]) because its code, 3 included files, the features of a package, 2 conditions of compilation, an environment variable and the edition changed
  edition of lab 2021 → 2024
  features of lab +fast
  condition unix on gone
  variable TARGET a → b
  file data/new.bin new
  file data/old.bin gone
  file data/weights.bin changed
  sys counts whole new
  condition debug_assertions off new
3 items are the same. The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1)).

"#]],
    );
    expect_text(
        &reasons,
        str![[r#"
{"after":"[KEY]","before":"[KEY]","difference":{"conditions":[{"after":false,"before":null,"condition":"debug_assertions"}],"dependencies":[],"facts":[{"after":{"kind":"edition","name":"lab","value":"2024"},"before":{"kind":"edition","name":"lab","value":"2021"},"change":"changed"},{"after":{"kind":"feature","name":"lab: feature = \"fast\"","value":"fast std"},"before":{"kind":"feature","name":"lab: feature = \"fast\"","value":"std"},"change":"changed"},{"after":{"kind":"feature","name":"lab: feature = \"wide\"","value":"fast std"},"before":{"kind":"feature","name":"lab: feature = \"wide\"","value":"std"},"change":"changed"},{"after":null,"before":{"kind":"condition","name":"unix","value":"on"},"change":"gone"},{"after":{"kind":"environment","name":"TARGET","value":"b"},"before":{"kind":"environment","name":"TARGET","value":"a"},"change":"changed"},{"after":{"kind":"file","name":"data/new.bin","value":"1f"},"before":null,"change":"new"},{"after":null,"before":{"kind":"file","name":"data/old.bin","value":"1f"},"change":"gone"},{"after":{"kind":"file","name":"data/weights.bin","value":"2e"},"before":{"kind":"file","name":"data/weights.bin","value":"1f"},"change":"changed"},{"after":{"kind":"whole","name":"sys","value":"3d"},"before":null,"change":"new"}],"items":[],"same_items":3},"reason":"code"}

"#]],
    );
}

#[test]
fn what_follows_from_items_is_not_told_beside_them() {
    let mut after = with_bias().where_(FactKind::Edition, "ops", "2024").where_(
        FactKind::File,
        "data/bias.bin",
        "1f",
    );
    after.conditions = vec![("debug_assertions", false)];
    let (page, _) = told(&train(), &after);
    expect_text(
        &page,
        str![[r#"
train(lr=0.1) was computed on 2024-03-01 ([TOOK]) because its code and an included file changed
  model::forward src/model.rs:43 changed - let z = w.dot(x);
                                            + let z = w.dot(x) + b;
  ops::relu src/ops.rs:12 new
  file data/bias.bin new
2 other items are the same. The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1)).

"#]],
    );
}

#[test]
fn a_condition_alone_can_make_the_difference() {
    let with = |truth| Train {
        conditions: vec![("debug_assertions", truth)],
        ..train()
    };
    let (page, reasons) = told(&with(true), &with(false));
    expect_text(
        &page,
        str![[r#"
train(lr=0.1) was computed on 2024-03-01 ([TOOK]) because a condition of compilation changed
  condition debug_assertions on → off
3 items are the same. The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1)).

"#]],
    );
    expect_text(
        &reasons,
        str![[r#"
{"after":"[KEY]","before":"[KEY]","difference":{"conditions":[{"after":false,"before":true,"condition":"debug_assertions"}],"dependencies":[],"facts":[],"items":[],"same_items":3},"reason":"code"}

"#]],
    );
}

#[test]
fn the_program_counts_where_all_known_code_is_the_same() {
    let within = |program| Train { program, ..train() };
    let (page, _) = told(&within("debug"), &within("release"));
    expect_text(
        &page,
        str![[r#"
train(lr=0.1) was computed on 2024-03-01 ([TOOK]) because the program around it changed
All code that it is known to reach is the same. Type arguments can bring code from anywhere, so the whole program counts as well. The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1)).

"#]],
    );
}

#[test]
fn where_no_list_is_kept_it_is_told_that_the_code_changed() {
    let (page, reasons) = told(&train().at("function"), &with_bias().at("function"));
    expect_text(
        &page,
        str![[r#"
train(lr=0.1) was computed on 2024-03-01 ([TOOK]) because its code changed
At the level `function` its own tokens count, and no list of them is kept. The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1)).

"#]],
    );
    expect_text(
        &reasons,
        str![[r#"
{"after":"[KEY]","before":"[KEY]","difference":null,"reason":"code"}

"#]],
    );

    let bench = kept(&[&train(), &with_bias()]);
    std::fs::remove_dir_all(bench.store().join("code")).unwrap();
    bench.memo(&["why"]).expect(0, str![[r#"
train(lr=0.1) was computed on 2024-03-01 ([TOOK]) because its code changed
What of it changed cannot be told: the store does not have the code of both. The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1)).

"#]], str![]);
}

#[test]
fn going_back_is_a_hit_and_changes_nothing_that_is_told() {
    let bench = kept(&[&train(), &with_bias()]);
    let told = bench.memo(&["why"]).stdout;
    bench.fill(|memo| train().call(memo, 0.1, 0.5));
    assert_eq!(bench.memo(&["why"]).stdout, told);
}

#[test]
fn sources_cannot_command_the_terminal() {
    let hostile = |text: &str| {
        let place = "\x1b[31mlab \u{202e}path\r 1";
        Train::reaching(&[(place, text), ("lab f 1", text)])
            .with("\x1b[2J", &format!("{text}1"), &[text])
            .where_(FactKind::Environment, "\u{9b}2J", text)
    };
    let bench = kept(&[
        &hostile("\x1b[2J\n\tfn f()\n"),
        &hostile("\x1b[3J\r\n\u{9b}"),
    ]);
    for options in [&[][..], &["-v"], &["--format", "json"]] {
        let run = bench.memo(&[&["why"], options].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        for c in run.stdout.chars().chain(run.stderr.chars()) {
            let obeyed = c != '\n' && (c.is_control() || c == '\u{202e}');
            assert!(!obeyed, "{options:?}: {c:?}");
        }
    }
}

#[test]
fn a_damaged_list_makes_the_explanation_poorer_and_no_error() {
    let bench = kept(&[&train(), &with_bias()]);
    let functions = std::fs::read_dir(bench.store().join("code")).unwrap();
    let lists = functions.flat_map(|function| std::fs::read_dir(function.unwrap().path()).unwrap());
    for list in lists {
        std::fs::write(list.unwrap().path(), "nonsense").unwrap();
    }
    let run = bench.memo(&["why"]);
    assert_eq!((run.code, &*run.stderr), (0, ""));
    assert!(
        run.stdout.contains(" because its code changed\n"),
        "{}",
        run.stdout
    );
}
