//! From the text of a file to its items.
//!
//! Items are told apart by their tokens alone, so that a body in syntax that is yet unknown is no
//! hindrance. What must hold: every token of the file, but for `#[memo]`, documentation and the
//! lints of a module, is part of some node; and a file that cannot be split is one node that
//! mentions and defines every word in it.

mod attributes;
mod cursor;
mod impls;
mod imports;
mod includes;
mod literal;
mod macros;
mod mentions;
mod modules;
mod nodes;
mod text;
mod values;
mod words;

use std::collections::HashMap;

use proc_macro2::{TokenStream, TokenTree};

use crate::file::{ANY, FileItems, FileModule, Kind, Mentions, Node, Only, Scope, Wild};

/// The items of a file.
pub(crate) fn parse(source: &[u8]) -> FileItems {
    let text = String::from_utf8_lossy(source);
    let code = without_shebang(&text);
    let parsed = lex(code).and_then(|tokens| {
        let mut builder = Builder::new(code);
        builder.items(&tokens, 0, Only::default())?;
        Ok(builder.finish())
    });
    proc_macro2::extra::invalidate_current_thread_spans();
    parsed.unwrap_or_else(|problem| whole(&text, problem))
}

/// The text without a byte order mark and a `#!` line; the lines keep their numbers.
fn without_shebang(text: &str) -> &str {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.starts_with("#!") && !after_comments(&text[2..]).starts_with('[') {
        return text.find('\n').map_or("", |end| &text[end..]);
    }
    text
}

/// The text from its first token on.
fn after_comments(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            text::block_comment(rest.as_bytes())
        } else {
            return rest;
        };
        rest = rest[length..].trim_start();
    }
}

/// The token trees of a text; the error says where it is none.
fn lex(text: &str) -> Result<Vec<TokenTree>, String> {
    if nesting(text) > DEEPEST {
        return Err(String::from("it is nested too deeply"));
    }
    let stream: TokenStream = text.parse().map_err(|error: proc_macro2::LexError| {
        format!("line {}: {error}", error.span().start().line)
    })?;
    Ok(stream.into_iter().collect())
}

/// No sensible file is nested deeper, and what follows the nesting needs stack for it.
const DEEPEST: usize = 400;

/// How deeply brackets are nested, or more: those in strings and comments count too.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// A file as one node.
fn whole(text: &str, problem: String) -> FileItems {
    let mut names = Names::default();
    let mut words: Vec<&str> = literal::words(text)
        .filter(|word| attributes::could_be_defined(word))
        .collect();
    words.sort_unstable();
    words.dedup();
    let words: Vec<u32> = words.iter().map(|word| names.intern(word)).collect();
    FileItems {
        modules: vec![FileModule::default()],
        nodes: vec![Node {
            kind: Kind::File,
            module: 0,
            parent: None,
            label: String::from("(file)"),
            defines: words.clone(),
            scope: Scope::Public,
            digest: *blake3::hash(text.as_bytes()).as_bytes(),
            only: Only::default(),
            line: 1,
            last_line: u32::MAX,
            text: String::new(),
            mentions: Mentions {
                names: words.iter().map(|word| (*word, ANY)).collect(),
                ..Mentions::default()
            },
            wild: Some(Wild::default()),
            function: None,
        }],
        names: names.list,
        problem: Some(problem),
        ..FileItems::default()
    }
}

#[derive(Debug, Default)]
struct Names {
    list: Vec<String>,
    index: HashMap<String, u32>,
}

impl Names {
    fn intern(&mut self, name: &str) -> u32 {
        let name = literal::spelling(name);
        if let Some(known) = self.index.get(name) {
            return *known;
        }
        let next = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(name.to_owned());
        self.index.insert(name.to_owned(), next);
        next
    }
}

/// A file that is being split.
struct Builder<'a> {
    source: &'a str,
    names: Names,
    out: FileItems,
}

pub(crate) use words::is_standard_macro;

/// The words in a text.
pub(crate) fn words(text: &str) -> Vec<&str> {
    literal::words(text).collect()
}
