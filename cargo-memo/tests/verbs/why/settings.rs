//! Reasons that lie in settings and types.

use std::cell::Cell;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use snapbox::str;

use super::code::{told, train, with_bias};
use super::{later, reasons};
use crate::bench::{Bench, expect_text};
use crate::function::Train;

thread_local! {
    static HAS_BIAS: Cell<bool> = const { Cell::new(false) };
}

/// A type that changes while the test runs.
struct Model;

impl Serialize for Model {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if HAS_BIAS.get() {
            (0.5, 0.1).serialize(serializer)
        } else {
            0.5.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Model {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if HAS_BIAS.get() {
            <(f64, f64)>::deserialize(deserializer).map(|_| Self)
        } else {
            f64::deserialize(deserializer).map(|_| Self)
        }
    }
}

#[test]
fn another_level_is_told_and_nothing_of_the_code() {
    let (page, reasons) = told(&train().at("function"), &train());
    expect_text(
        &page,
        str![[r#"
train(lr=0.1) was computed on 2024-03-01 ([TOOK]) because its code level changed
  code level function → graph
The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1)).

"#]],
    );
    expect_text(
        &reasons,
        str![[r#"
{"after":"graph","before":"function","reason":"level"}

"#]],
    );
}

#[test]
fn type_arguments_are_told_with_the_path() {
    let with = |type_argument| Train {
        type_argument,
        ..train()
    };
    let (page, reasons) = told(&with("<f32>"), &with("<f64>"));
    expect_text(
        &page,
        str![[r#"
train(lr=0.1) was computed on 2024-03-01 ([TOOK]) because its type arguments changed
  type arguments lab::train<f32> → lab::train<f64>
The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1)).

"#]],
    );
    expect_text(
        &reasons,
        str![[r#"
{"after":"lab::train<f64>","before":"lab::train<f32>","reason":"type_arguments"}

"#]],
    );
}

#[test]
fn a_result_of_another_shape_under_the_same_name_is_told() {
    let bench = Bench::new();
    bench.fill(|memo| train().call(memo, 0.1, Model));
    later(&bench);
    HAS_BIAS.set(true);
    bench.fill(|memo| train().call(memo, 0.1, Model));
    bench.memo(&["why"]).expect(
        0,
        str![[r#"
train(lr=0.1) was computed on 2024-03-01 ([TOOK]) because the type of its result changed
  result verbs::why::settings::Model, which is made up otherwise
The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1)).

"#]],
        str![],
    );
    expect_text(
        &reasons(&bench),
        str![[r#"
{"after":"verbs::why::settings::Model","before":"verbs::why::settings::Model","reason":"value_type"}

"#]],
    );
}

#[test]
fn a_function_in_another_program_of_the_package_is_another() {
    let within = |binary| Train {
        binary: Some(binary),
        ..train()
    };
    let (page, reasons) = told(&within("first"), &within("second"));
    expect_text(
        &page,
        str![[r#"
train(lr=0.1) was computed on 2024-03-01 ([TOOK]) because the program that it is in changed
Only a function of this name in another program of the package has earlier results. The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1)).

"#]],
    );
    expect_text(
        &reasons,
        str![[r#"
{"reason":"program"}

"#]],
    );
}

#[test]
fn what_results_do_not_tell_is_said_to_be_unknown() {
    let second = Train {
        ordinal: 1,
        ..train()
    };
    let (page, reasons) = told(&train(), &second);
    expect_text(
        &page,
        str![[r#"
train(lr=0.1) was computed on 2024-03-01 ([TOOK]); why cannot be told
In all that entries tell of their calls it is like the nearest earlier one. The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1)).

"#]],
    );
    expect_text(
        &reasons,
        str![[r#"
{"reason":"unknown","why":"no_difference"}

"#]],
    );
}

#[test]
fn argument_and_code_can_change_at_once() {
    let bench = Bench::new();
    bench.fill(|memo| train().call(memo, 0.1, 0.5));
    later(&bench);
    bench.fill(|memo| with_bias().call(memo, 0.2, 0.5));
    bench.memo(&["why"]).expect(
        0,
        str![[r#"
train(lr=0.2) was computed on 2024-03-01 ([TOOK]) because an argument and its code changed
  lr 0.1 → 0.2
  model::forward src/model.rs:43 changed - let z = w.dot(x);
                                            + let z = w.dot(x) + b;
  ops::relu src/ops.rs:12 new
2 other items are the same. The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1)).

"#]],
        str![],
    );
}
