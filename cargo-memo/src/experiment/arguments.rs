//! The arguments of a program, taken apart as programs commonly take them:
//! `--lr 0.1`, `--lr=0.1` and `-n 3` are named, a flag alone is true, the rest
//! go by their position.
//!
//! The names are for people and for conditions. What must hold: however they
//! are guessed, the digests cover every byte of every argument and their
//! order, so that different command lines never have the same key.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use memo_runtime::Digest;
use memo_runtime::key::{self, EncodeError};

use crate::render::escape;

/// No text of an argument is longer, in bytes.
const MAX_TEXT: usize = 200;

/// One argument of a program, which may be two words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// Its name, or its position from 1.
    pub(crate) name: String,
    /// Covers all of its words.
    pub(crate) digest: Digest,
    /// Its value for people.
    pub(crate) text: String,
}

/// Takes the words after a program's name apart.
///
/// # Errors
///
/// They cannot be digested.
pub(crate) fn named(words: &[OsString]) -> Result<Vec<Named>, EncodeError> {
    let mut found = Vec::new();
    let mut position = 0;
    let mut only_positions = false;
    let mut rest = words;
    while let Some((first, behind)) = rest.split_first() {
        let second = behind.first().filter(|word| is_value(word));
        let (name, text, used) = match option(first).filter(|_| !only_positions) {
            Some((name, Some(value))) => (name, value, 1),
            Some((name, None)) => match second {
                Some(value) => (name, text(value), 2),
                None => (name, "true".to_owned(), 1),
            },
            None if first == "--" && !only_positions => {
                only_positions = true;
                ("--".to_owned(), String::new(), 1)
            }
            None => {
                position += 1;
                (position.to_string(), text(first), 1)
            }
        };
        found.push(Named {
            name,
            digest: digest(&rest[..used])?,
            text,
        });
        rest = &rest[used..];
    }
    Ok(found)
}

/// The text of a value, escaped and cut.
pub(crate) fn text(value: &OsStr) -> String {
    let mut text = escape(&value.to_string_lossy());
    if text.len() > MAX_TEXT {
        let room = MAX_TEXT - '…'.len_utf8();
        let ends = (0..=room).rev().find(|at| text.is_char_boundary(*at));
        text.truncate(ends.unwrap_or(0));
        text.push('…');
    }
    text
}

/// The digest of words, each to its last byte.
pub(crate) fn digest(words: &[OsString]) -> Result<Digest, EncodeError> {
    let words: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
    key::digest_of(&words)
}

/// The name of an option, and its value if that is in the same word.
fn option(word: &OsStr) -> Option<(String, Option<String>)> {
    let whole = word.to_string_lossy();
    let body = match whole.strip_prefix("--") {
        Some(body) => body,
        None => whole.strip_prefix('-').filter(|_| !is_number(&whole))?,
    };
    let (name, value) = match body.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (body, None),
    };
    let named = !name.is_empty();
    named.then(|| (text(name.as_ref()), value.map(|value| text(value.as_ref()))))
}

/// Whether a word is no option itself.
fn is_value(word: &OsStr) -> bool {
    let whole = word.to_string_lossy();
    !whole.starts_with('-') || whole == "-" || is_number(&whole)
}

fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(line: &str) -> Vec<(String, String)> {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let named = named(&words).unwrap();
        named.into_iter().map(|it| (it.name, it.text)).collect()
    }

    #[test]
    fn options_are_named_and_the_rest_is_counted() {
        let pairs = |line| {
            let taken = taken(line);
            let shown = taken.iter().map(|(name, text)| format!("{name}={text}"));
            shown.collect::<Vec<_>>().join(" ")
        };
        for (line, expected) in [
            ("--lr 0.1 --layers 3", "lr=0.1 layers=3"),
            ("--lr=0.1 -n 3", "lr=0.1 n=3"),
            ("--verbose", "verbose=true"),
            ("--verbose --lr 1", "verbose=true lr=1"),
            ("--shift -0.5 -1e3", "shift=-0.5 1=-1e3"),
            ("a --lr 1 b", "1=a lr=1 2=b"),
            ("--name= x", "name= 1=x"),
            ("--in -", "in=-"),
            ("-x -- --lr 1", "x=true --= 1=--lr 2=1"),
            ("--layer 3 --layer 4", "layer=3 layer=4"),
            ("-j4", "j4=true"),
            ("-I=a", "I=a"),
        ] {
            assert_eq!(pairs(line), expected, "{line}");
        }
    }

    #[test]
    fn different_words_never_have_the_same_digests() {
        let digests = |words: &[&str]| {
            let words: Vec<OsString> = words.iter().map(OsString::from).collect();
            let named = named(&words).unwrap();
            named
                .into_iter()
                .map(|it| (it.name, it.digest))
                .collect::<Vec<_>>()
        };
        let lines: [&[&str]; 9] = [
            &["--lr", "0.1"],
            &["--lr=0.1"],
            &["--lr", "0.10"],
            &["-lr", "0.1"],
            &["--lr 0.1"],
            &["--lr", "0.1", ""],
            &["", "--lr", "0.1"],
            &["--", "--lr", "0.1"],
            &["--lr", "true"],
        ];
        for (at, one) in lines.iter().enumerate() {
            for other in &lines[at + 1..] {
                assert_ne!(digests(one), digests(other), "{one:?} {other:?}");
            }
        }
        assert_ne!(digests(&["--v"]), digests(&["--v", "true"]));
    }

    #[test]
    fn a_text_is_short_and_harmless_and_its_digest_whole() {
        let long = |end: char| {
            let word = OsString::from(format!("{}{end}", "é".repeat(150)));
            named(&[word]).unwrap().remove(0)
        };
        assert!(long('a').text.len() <= MAX_TEXT);
        assert_eq!(long('a').text, long('b').text);
        assert_ne!(long('a').digest, long('b').digest);
        assert!(!taken("a\x1b[2Jb")[0].1.contains('\x1b'));
    }
}
