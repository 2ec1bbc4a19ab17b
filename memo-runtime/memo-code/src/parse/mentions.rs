//! From tokens to what they speak of.
//!
//! What must hold: every name by which the tokens, or what macros and attributes make of them, can
//! reach an item is mentioned. Left out is only what the grammar rules out: fields, lifetimes,
//! keywords.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::includes::{condition, include};
use super::literal;
use super::words::{could_be_variable, is_keyword, is_standard_macro};
use crate::file::{
    ANY, CALLED, Include, LEADING, Mentions, PLAIN, QUALIFIED, ROOT, STANDARD, STRING,
};

/// What has been found so far, by name.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) names: BTreeMap<String, u8>,
    pub(super) dynamic: BTreeSet<String>,
    pub(super) environment: BTreeSet<String>,
    pub(super) files: BTreeSet<Include>,
    pub(super) conditions: BTreeSet<String>,
    pub(super) code: BTreeSet<Include>,
    pub(super) pasted: Option<BTreeSet<String>>,
    pub(super) paths: BTreeSet<String>,
    pub(super) variables: BTreeSet<String>,
    pub(super) any_variable: bool,
    pub(super) macros: BTreeSet<String>,
}

/// Where tokens stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Code,
    /// The arguments of a macro of the standard library, which are code.
    Standard,
    Macro,
    Attribute,
}

impl Within {
    /// What is put to how names are mentioned there.
    fn bit(self) -> u8 {
        if self == Self::Standard { STANDARD } else { 0 }
    }
}

impl Found {
    /// Adds what code speaks of.
    pub(super) fn code(&mut self, tokens: &[TokenTree]) {
        self.scan(tokens, Within::Code);
    }

    /// Adds what the arguments or the definition of a macro speak of.
    pub(super) fn in_macro(&mut self, tokens: &[TokenTree]) {
        self.scan(tokens, Within::Macro);
    }

    /// Adds a name by itself.
    pub(super) fn name(&mut self, name: &str, how: u8) {
        if !is_keyword(name) {
            *self.names.entry(name.to_owned()).or_default() |= how;
        }
    }

    pub(super) fn into_mentions(self, mut intern: impl FnMut(&str) -> u32) -> Mentions {
        Mentions {
            names: self
                .names
                .iter()
                .map(|(name, how)| (intern(name), *how))
                .collect(),
            dynamic: self.dynamic.iter().map(|name| intern(name)).collect(),
            environment: self.environment.into_iter().collect(),
            files: self.files.into_iter().collect(),
            conditions: self.conditions.into_iter().collect(),
            code: self.code.into_iter().collect(),
            pasted: self
                .pasted
                .map(|parts| parts.iter().map(|part| intern(part)).collect()),
            paths: self.paths.into_iter().collect(),
            variables: self.variables.into_iter().collect(),
            any_variable: self.any_variable,
            macros: self.macros.iter().map(|name| intern(name)).collect(),
        }
    }

    fn scan(&mut self, tokens: &[TokenTree], within: Within) {
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Ident(ident) => {
                    let text = ident.to_string();
                    at += self.ident(&text, tokens, at, within);
                }
                TokenTree::Literal(literal) => {
                    let text = literal.to_string();
                    match within {
                        Within::Code => {}
                        Within::Standard => self.captures(&text, PLAIN | STANDARD),
                        Within::Macro => self.string_in_macro(&text),
                        Within::Attribute => self.string_in_attribute(&text),
                    }
                    at += 1;
                }
                TokenTree::Punct(punct) => {
                    at += 1;
                    match punct.as_char() {
                        '\'' => at += 1,
                        '$' if within == Within::Macro => {
                            at += usize::from(!tokens.get(at).is_some_and(|next| {
                                matches!(next, TokenTree::Group(_)) || is_crate(next)
                            }));
                        }
                        '#' => at += self.attribute(&tokens[at..], within),
                        _ => {}
                    }
                }
                TokenTree::Group(group) => {
                    let inner = trees(group.stream());
                    if within == Within::Macro && group.delimiter() == Delimiter::Bracket {
                        self.paste(&inner);
                    }
                    self.scan(&inner, within);
                    at += 1;
                }
            }
        }
    }

    /// Takes the identifier at `at`, and what belongs to it; returns how many trees that were.
    fn ident(&mut self, text: &str, tokens: &[TokenTree], at: usize, within: Within) -> usize {
        let text = text.strip_prefix("r#").unwrap_or(text);
        let next = tokens.get(at + 1);
        if text == "use" && matches!(within, Within::Code | Within::Standard) {
            let end = tokens[at..].iter().position(|token| is(token, ';'));
            let tree = &tokens[at + 1..end.map_or(tokens.len(), |end| at + end)];
            self.imported(tree);
            return 1 + tree.len();
        }
        if text == "dyn" {
            self.dynamic(&tokens[at + 1..]);
            return 1;
        }
        if let (Some(bang), Some(TokenTree::Group(group))) = (next, tokens.get(at + 2))
            && is(bang, '!')
        {
            self.name(text, PLAIN | ROOT);
            self.invocation(text, &trees(group.stream()), within);
            return 3;
        }
        if let (true, Some(TokenTree::Group(rules))) = (text == "macro_rules", tokens.get(at + 3)) {
            self.scan(&trees(rules.stream()), Within::Macro);
            return 4;
        }
        let follows_dots = at > 0 && is(&tokens[at - 1], '.');
        let is_range = follows_dots && at > 1 && is(&tokens[at - 2], '.');
        let after_dot = follows_dots && !is_range;
        let after_path = at > 1 && is(&tokens[at - 1], ':') && is(&tokens[at - 2], ':');
        let before_path = next.is_some_and(|next| is(next, ':'))
            && tokens.get(at + 2).is_some_and(|next| is(next, ':'));
        let how = match within {
            Within::Macro | Within::Attribute => ANY,
            Within::Code | Within::Standard if after_dot => {
                let called = before_path
                    || matches!(next, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
                if !called {
                    return 1;
                }
                CALLED | within.bit()
            }
            Within::Code | Within::Standard => {
                let associated = if after_path { CALLED | QUALIFIED } else { 0 };
                // What has type arguments behind it may be a function.
                let has_arguments = tokens.get(at + 3).is_some_and(|next| is(next, '<'));
                let how = match before_path {
                    true if has_arguments => PLAIN | ROOT,
                    true => LEADING | ROOT,
                    false => PLAIN,
                };
                how | associated | within.bit()
            }
        };
        self.name(text, how);
        1
    }

    /// What a `use` in a body names.
    fn imported(&mut self, tree: &[TokenTree]) {
        for token in tree {
            match token {
                TokenTree::Ident(name) => {
                    let name = name.to_string();
                    let name = name.strip_prefix("r#").unwrap_or(&name);
                    self.name(name, PLAIN | LEADING | ROOT | QUALIFIED);
                }
                TokenTree::Group(group) => self.imported(&trees(group.stream())),
                _ => {}
            }
        }
    }

    /// A macro that is called with `arguments`.
    fn invocation(&mut self, name: &str, arguments: &[TokenTree], within: Within) {
        match name {
            "env" | "option_env" => match arguments.first() {
                Some(TokenTree::Literal(variable)) => {
                    self.environment
                        .extend(literal::string(&variable.to_string()));
                }
                _ => self.any_variable = true,
            },
            "include" | "include_str" | "include_bytes" => {
                let file = include(arguments);
                if name == "include" {
                    self.code.insert(file.clone());
                }
                let is_known = file != Include::Unknown;
                self.files.insert(file);
                if is_known {
                    return;
                }
            }
            "cfg" => self.condition(arguments),
            "write" | "writeln" => self.name("write_fmt", CALLED),
            "cfg_select" => {
                for arm in arguments.split(|token| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)) {
                    let end = arm.iter().position(|token| is(token, '=') );
                    self.condition(&arm[..end.unwrap_or(0)]);
                }
            }
            _ => {}
        }
        let is_code = matches!(within, Within::Code | Within::Standard);
        if is_code && is_standard_macro(name) {
            self.scan(arguments, Within::Standard);
            return;
        }
        if !is_standard_macro(name) {
            self.macros.insert(name.to_owned());
        }
        self.scan(arguments, Within::Macro);
    }

    /// `[<…>]`, of which `paste!` makes one name.
    fn paste(&mut self, inner: &[TokenTree]) {
        let (Some(first), Some(last)) = (inner.first(), inner.last()) else {
            return;
        };
        if inner.len() > 2 && is(first, '<') && is(last, '>') {
            let parts = self.pasted.get_or_insert_default();
            for (at, token) in inner.iter().enumerate() {
                if let TokenTree::Ident(part) = token
                    && !is(&inner[at - 1], '$')
                {
                    parts.insert(part.to_string());
                }
            }
        }
    }

    /// An attribute whose `#` has been read; returns how many trees it takes.
    fn attribute(&mut self, tokens: &[TokenTree], within: Within) -> usize {
        let bang = usize::from(tokens.first().is_some_and(|token| is(token, '!')));
        let Some(TokenTree::Group(group)) = tokens.get(bang) else {
            return bang;
        };
        if group.delimiter() != Delimiter::Bracket {
            return bang;
        }
        let inner = trees(group.stream());
        let path = inner.first().map(ToString::to_string).unwrap_or_default();
        if path == "doc" && within != Within::Macro {
            return bang + 1;
        }
        if let ("cfg" | "cfg_attr", Some(TokenTree::Group(arguments))) = (&*path, inner.get(1)) {
            let arguments = trees(arguments.stream());
            let end = arguments.iter().position(|token| is(token, ','));
            let predicate = &arguments[..end.unwrap_or(arguments.len())];
            if path == "cfg" {
                self.condition(&arguments);
            } else {
                self.condition(predicate);
                self.scan(&arguments[predicate.len()..], Within::Attribute);
            }
            return bang + 1;
        }
        self.scan(&inner, Within::Attribute);
        bang + 1
    }

    fn condition(&mut self, predicate: &[TokenTree]) {
        if let Some(text) = condition(predicate) {
            self.conditions.insert(text);
        }
    }

    fn dynamic(&mut self, tokens: &[TokenTree]) {
        let mut depth = 0_usize;
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Ident(name) => {
                    self.dynamic.insert(name.to_string());
                }
                TokenTree::Punct(punct) => match punct.as_char() {
                    '<' => depth += 1,
                    '>' if at > 0 && is(&tokens[at - 1], '-') => {}
                    '>' if depth == 0 => return,
                    '>' => depth -= 1,
                    ',' | ';' | '=' if depth == 0 => return,
                    _ => {}
                },
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return,
                _ => {}
            }
        }
    }

    /// A string that a macro sees: what a format string captures, or a path.
    fn string_in_macro(&mut self, text: &str) {
        let Some(text) = literal::string(text) else {
            return;
        };
        if could_be_variable(&text) {
            self.variables.insert(text.clone());
        }
        self.path(&text);
        let is_path = |letter: char| letter == '_' || letter == ':' || letter.is_alphanumeric();
        if text.chars().all(is_path) {
            self.words(&text, ANY);
            return;
        }
        self.captured(&text, ANY);
    }

    /// What a format string captures.
    fn captures(&mut self, literal: &str, how: u8) {
        if let Some(text) = literal::string(literal) {
            self.captured(&text, how);
        }
    }

    fn captured(&mut self, text: &str, how: u8) {
        for piece in text.split('{').skip(1) {
            let inside = piece.split('}').next().unwrap_or_default();
            self.words(inside, how);
        }
    }

    /// A string in an attribute: whatever the attribute makes of it.
    fn string_in_attribute(&mut self, text: &str) {
        if let Some(text) = literal::string(text) {
            self.path(&text);
            self.words(&text, ANY | STRING);
        }
    }

    /// Remembers what could name a file that a macro reads.
    fn path(&mut self, text: &str) {
        let looks_like_one = text.len() < 200
            && text.contains(['.', '/'])
            && !text.contains([' ', '{', '\n', '\\', ':', '*', '?']);
        if looks_like_one {
            self.paths.insert(text.to_owned());
        }
    }

    /// Adds the words of a literal.
    pub(super) fn words_of(&mut self, literal: &str) {
        self.words(literal, ANY | STRING);
    }

    fn words(&mut self, text: &str, how: u8) {
        for word in literal::words(text) {
            self.name(word, how);
        }
    }
}

fn is_crate(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(name) if name == "crate")
}

pub(super) fn is(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

pub(super) fn trees(stream: TokenStream) -> Vec<TokenTree> {
    stream.into_iter().collect()
}
