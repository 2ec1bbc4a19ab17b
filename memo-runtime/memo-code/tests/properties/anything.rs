//! Any text goes in, and a fingerprint comes out.

use memo_code::Level;

use super::corpus::Corpus;
use super::crates::Crate;
use super::random::{Random, rounds};

const WORDS: [&str; 58] = [
    "#",
    "!",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "<",
    ">",
    "::",
    ":",
    ";",
    ",",
    "=",
    "=>",
    "->",
    "&",
    "$",
    "'a",
    ".",
    "*",
    "|",
    "..",
    "fn",
    "struct",
    "enum",
    "union",
    "trait",
    "impl",
    "mod",
    "use",
    "extern",
    "crate",
    "const",
    "static",
    "type",
    "macro_rules",
    "pub",
    "dyn",
    "for",
    "where",
    "unsafe",
    "async",
    "self",
    "super",
    "as",
    "cfg",
    "memo",
    "derive",
    "path",
    "include_str",
    "train",
    "step",
    "Net",
    "r#fn",
    "\"step {x:w$} {{\"",
    "0x1f_u8",
];

/// Words in any order, with most brackets closed.
fn soup(random: &mut Random) -> String {
    let mut text = String::new();
    let mut open = Vec::new();
    for _ in 0..random.below(120) {
        let word = random.of(&WORDS);
        match word {
            "(" => open.push(")"),
            "[" => open.push("]"),
            "{" => open.push("}"),
            ")" | "]" | "}" => {
                if let Some(close) = open.pop() {
                    text.push_str(close);
                }
                continue;
            }
            _ => {}
        }
        text.push_str(word);
        text.push_str(random.of(&[" ", " ", "", "\n"]));
    }
    let unclosed = usize::from(random.one_in(8));
    text.extend(open.into_iter().skip(unclosed).rev());
    text
}

/// Analyses whatever `text` is, as a crate and as a module of one.
fn analyse(text: &str) {
    let mut krate = Crate::of(format!(
        "#[memo] fn train() {{ step(Net) }}\nmod m;\n{text}"
    ));
    krate.files.insert("code/m.rs".to_owned(), text.to_owned());
    for level in [Level::Graph, Level::Crate] {
        krate.fingerprints(level, 8);
    }
}

#[test]
fn any_words_have_fingerprints() {
    for mut random in rounds(400) {
        analyse(&soup(&mut random));
    }
}

#[test]
fn any_words_in_a_function_have_fingerprints() {
    for mut random in rounds(200) {
        let words = soup(&mut random);
        analyse(&format!(
            "#[memo] fn f() {{ {words} }} struct Net {{ {words} }}"
        ));
        analyse(&format!(
            "impl Net {{ {words} }} macro_rules! step {{ {words} }} step! {{ {words} }}"
        ));
    }
}

#[test]
fn torn_and_damaged_files_have_fingerprints() {
    let corpus = Corpus::new();
    for mut random in rounds(60) {
        let mut bytes = corpus.text(&mut random).into_bytes();
        if random.one_in(3) {
            bytes.truncate(random.below(bytes.len().max(1)));
        }
        for _ in 0..random.below(6) {
            let at = random.below(bytes.len().max(1));
            match random.below(3) {
                0 if at < bytes.len() => bytes[at] = random.number() as u8,
                1 if at < bytes.len() => drop(bytes.remove(at)),
                _ => bytes.insert(
                    at.min(bytes.len()),
                    *random.of(&[&b'{', &b')', &b'"', &b'\'', &b'#']),
                ),
            }
        }
        analyse(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn deeply_nested_code_has_fingerprints() {
    for (open, close) in [
        ("(", ")"),
        ("{", "}"),
        ("[", "]"),
        ("mod m {", "}"),
        ("fn f() {", "}"),
    ] {
        for depth in [10, 100] {
            analyse(&format!("{}{}", open.repeat(depth), close.repeat(depth)));
            let inside = format!("{}{}", open.repeat(depth), close.repeat(depth));
            analyse(&format!("#[memo] fn g() {{ {inside} }}"));
        }
    }
}
