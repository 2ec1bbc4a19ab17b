//! `show --log`: what a program printed, again.

use std::process::Output;

use memo_runtime::run::Stream;
use snapbox::str;

use super::{Run, printed};
use crate::bench::Bench;

fn replay(bench: &Bench, arguments: &[&str]) -> Output {
    let mut command = bench.command(&[&["show", "--log"], arguments].concat());
    command.arg("--store").arg(bench.store()).output().unwrap()
}

#[test]
fn every_byte_goes_to_its_stream_again() {
    let bench = Bench::new();
    let binary: Vec<u8> = (0..=255).collect();
    Run {
        prints: &[
            (Stream::Stdout, &binary),
            (Stream::Stderr, b"\x1b[31mwarning\x1b[0m\r"),
            (Stream::Stdout, b"no line feed"),
        ],
        ..Run::default()
    }
    .keep(&bench);
    let run = replay(&bench, &["train"]);
    assert_eq!(run.stdout, [&binary[..], b"no line feed"].concat());
    assert_eq!(run.stderr, b"\x1b[31mwarning\x1b[0m\r");
    assert_eq!(run.status.code(), Some(0));
}

#[test]
fn both_streams_are_in_the_order_in_which_they_were_printed() {
    let bench = Bench::new();
    Run {
        prints: &[
            (Stream::Stdout, b"epoch 1"),
            (Stream::Stderr, b" is slow"),
            (Stream::Stdout, b" and ends"),
        ],
        ..Run::default()
    }
    .keep(&bench);
    let mut command = bench.command(&["show", "--log", "train", "--store"]);
    command.arg(bench.store());
    let (mut both, writer) = std::io::pipe().unwrap();
    command.stdout(writer.try_clone().unwrap()).stderr(writer);
    let mut child = command.spawn().unwrap();
    drop(command);
    let mut text = String::new();
    std::io::Read::read_to_string(&mut both, &mut text).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(text, "epoch 1 is slow and ends");
}

#[test]
fn nothing_else_is_printed_beside_it() {
    let bench = printed();
    Run {
        arguments: &[],
        prints: &[(Stream::Stdout, b"another")],
        ..Run::default()
    }
    .keep(&bench);
    let run = replay(&bench, &["train"]);
    assert_eq!(
        (&run.stdout[..], &run.stderr[..]),
        (&b"another"[..], &b""[..])
    );
}

#[test]
fn in_a_document_it_is_text() {
    let bench = Bench::new();
    Run {
        prints: &[
            (Stream::Stdout, b"a \xff"),
            (Stream::Stdout, b"b\n"),
            (Stream::Stderr, b"\x1b[31m"),
        ],
        ..Run::default()
    }
    .keep(&bench);
    let document = bench
        .memo(&["show", "train", "--log", "--format", "json"])
        .json();
    assert_eq!(
        document["recording"]["log"],
        serde_json::json!({
            "pieces": [
                {"stream": "stdout", "text": "a \u{fffd}b\n"},
                {"stream": "stderr", "text": "\u{1b}[31m"},
            ],
            "truncated": false,
        })
    );
}

#[test]
fn a_document_has_only_the_beginning_of_what_is_long() {
    let bench = Bench::new();
    let long = vec![b'x'; 300_000];
    Run {
        prints: &[(Stream::Stdout, &long), (Stream::Stderr, b"end")],
        ..Run::default()
    }
    .keep(&bench);
    let shown = |more: &[&str]| {
        let arguments = ["show", "train", "--log", "--format", "json"];
        let document = bench.memo(&[&arguments, more].concat()).json();
        let log = document["recording"]["log"].clone();
        let pieces = log["pieces"].as_array().unwrap().iter();
        let bytes: usize = pieces
            .map(|piece| piece["text"].as_str().unwrap().len())
            .sum();
        (bytes, log["truncated"].as_bool().unwrap())
    };
    assert_eq!(shown(&[]), (256 << 10, true));
    assert_eq!(shown(&["-v"]), (300_003, false));
}

#[test]
fn a_document_has_only_so_many_pieces() {
    let bench = Bench::new();
    let both: [(Stream, &[u8]); 2] = [(Stream::Stdout, b"a"), (Stream::Stderr, b"b")];
    let prints = both.repeat(4096);
    Run {
        prints: &prints,
        ..Run::default()
    }
    .keep(&bench);
    let document = bench
        .memo(&["show", "train", "--log", "--format", "json"])
        .json();
    let log = &document["recording"]["log"];
    assert_eq!(log["pieces"].as_array().unwrap().len(), 4096);
    assert_eq!(log["truncated"], true);
}

#[test]
fn a_function_has_none_and_a_value_is_no_log() {
    let bench = Bench::filled();
    bench
        .memo(&["show", "score", "--log"])
        .expect(1, str![], str![[r#"
error: `[ID]` is a result of the function `lab::score`, and of functions nothing is kept that they print: --value shows what it returned

"#]]);
    let both = bench.memo(&["show", "train", "--value", "--log"]);
    assert_eq!(both.code, 2, "{}", both.stderr);
}
