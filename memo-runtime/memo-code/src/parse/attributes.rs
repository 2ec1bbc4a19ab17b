//! What attributes make of an item.

use proc_macro2::{Delimiter, TokenTree};

use super::cursor::attributes;
use super::literal;
use super::mentions::{Found, is, trees};
use super::words::is_keyword;
use crate::file::{MemoAttribute, Only};

/// The attributes of one item.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    pub(super) only: Only,
    pub(super) conditions: Vec<String>,
    pub(super) derives: Vec<String>,
    pub(super) memo: Option<MemoAttribute>,
    /// `#[path]`, and whether without a condition.
    pub(super) paths: Vec<String>,
    pub(super) path_is_certain: bool,
    pub(super) macro_use: bool,
    pub(super) exported_macro: bool,
    /// The names of procedural macros, of symbols.
    pub(super) other_names: Vec<String>,
    pub(super) procedural_macro: bool,
    /// Something may be made of the item that cannot be told from here.
    pub(super) unknown: bool,
    /// The macros that make it.
    pub(super) unknown_macros: Vec<String>,
    /// The words in what is unknown.
    pub(super) unknown_words: Vec<String>,
}

/// Attributes that make nothing of an item but what it says.
const KNOWN: [&str; 63] = [
    "allow",
    "arg",
    "author",
    "automatically_derived",
    "bench",
    "cfg",
    "cfg_attr",
    "clap",
    "cold",
    "command",
    "coverage",
    "debugger_visualizer",
    "default",
    "deny",
    "deprecated",
    "diagnostic",
    "display",
    "doc",
    "error",
    "expect",
    "export_name",
    "forbid",
    "from",
    "global_allocator",
    "group",
    "ignore",
    "inline",
    "instrument",
    "into",
    "link",
    "link_name",
    "link_section",
    "macro_export",
    "macro_use",
    "memo",
    "must_use",
    "naked",
    "no_builtins",
    "no_implicit_prelude",
    "no_mangle",
    "non_exhaustive",
    "panic_handler",
    "path",
    "pin_project",
    "proc_macro",
    "proc_macro_attribute",
    "proc_macro_derive",
    "recursion_limit",
    "repr",
    "serde",
    "should_panic",
    "source",
    "structopt",
    "target_feature",
    "test",
    "track_caller",
    "transparent",
    "type_length_limit",
    "unsafe",
    "used",
    "value",
    "warn",
    "windows_subsystem",
];

/// Derives that only write impls for the type.
const KNOWN_DERIVES: [&str; 34] = [
    "Add",
    "Args",
    "AsRef",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deref",
    "DerefMut",
    "Deserialize",
    "Display",
    "Eq",
    "Error",
    "From",
    "FromPrimitive",
    "FromStr",
    "Hash",
    "Index",
    "Into",
    "IntoIterator",
    "Mul",
    "Neg",
    "Not",
    "Ord",
    "Parser",
    "PartialEq",
    "PartialOrd",
    "Pod",
    "Serialize",
    "Sub",
    "Subcommand",
    "Sum",
    "ValueEnum",
    "Zeroable",
];

impl Attributes {
    /// Reads the attributes at the front of `tokens`, inner or outer.
    pub(super) fn read(tokens: &[TokenTree]) -> Self {
        let mut out = Self::default();
        let mut at = 0;
        while at < tokens.len() && is(&tokens[at], '#') {
            at += 1 + usize::from(tokens.get(at + 1).is_some_and(|token| is(token, '!')));
            let Some(TokenTree::Group(group)) = tokens.get(at) else {
                break;
            };
            out.one(&trees(group.stream()), true);
            at += 1;
        }
        out
    }

    fn one(&mut self, inner: &[TokenTree], certain: bool) {
        let name_ends = inner
            .iter()
            .position(|token| !matches!(token, TokenTree::Ident(_)) && !is(token, ':'))
            .unwrap_or(inner.len());
        let name = inner[..name_ends]
            .iter()
            .rev()
            .find_map(|token| match token {
                TokenTree::Ident(ident) => Some(ident.to_string()),
                _ => None,
            })
            .unwrap_or_default();
        let arguments = match inner.get(name_ends) {
            Some(TokenTree::Group(group)) => trees(group.stream()),
            _ => Vec::new(),
        };
        let value = || match inner.get(name_ends + 1) {
            Some(TokenTree::Literal(text)) => literal::string(&text.to_string()),
            _ => None,
        };
        match name.as_str() {
            "cfg" => {
                self.only = self.only.and(only(&arguments));
                self.conditions
                    .extend(super::includes::condition(&arguments));
            }
            "cfg_attr" => {
                let comma = arguments.iter().position(|token| is(token, ','));
                let (predicate, rest) = arguments.split_at(comma.unwrap_or(arguments.len()));
                self.conditions
                    .extend(super::includes::condition(predicate));
                for attribute in rest.split(|token| is(token, ',')) {
                    if !attribute.is_empty() {
                        self.one(attribute, false);
                    }
                }
            }
            "unsafe" => self.one(&arguments, certain),
            "derive" => self.derive(&arguments),
            "memo" => {
                self.memo = Some(MemoAttribute {
                    code: setting(&arguments, "code"),
                    version: setting(&arguments, "version"),
                });
            }
            "path" => {
                self.paths.extend(value());
                self.path_is_certain |= certain;
            }
            "test" | "bench" if name_ends == 1 => self.only.tests = true,
            "macro_use" => self.macro_use = true,
            "macro_export" => self.exported_macro = true,
            "export_name" | "link_name" => self.other_names.extend(value()),
            "proc_macro" | "proc_macro_attribute" => self.procedural_macro = true,
            "proc_macro_derive" => {
                self.procedural_macro = true;
                let words = arguments.iter().filter_map(|token| match token {
                    TokenTree::Ident(ident) => Some(ident.to_string()),
                    _ => None,
                });
                self.other_names.extend(words.take(1));
            }
            known if name_ends == 1 && KNOWN.contains(&known) => {}
            _ if matches!(inner.first(), Some(TokenTree::Ident(tool))
                if ["clippy", "rustfmt", "diagnostic"].iter().any(|known| tool == known)) => {}
            _ => {
                self.unknown = true;
                self.unknown_macros.push(name);
                self.add_unknown_words(&arguments);
            }
        }
    }

    fn derive(&mut self, arguments: &[TokenTree]) {
        for path in arguments.split(|token| is(token, ',')) {
            let Some(TokenTree::Ident(name)) = path.last() else {
                continue;
            };
            let name = name.to_string();
            if !KNOWN_DERIVES.contains(&name.as_str()) {
                self.unknown = true;
                self.unknown_macros.push(name.clone());
            }
            self.derives.push(name);
        }
    }

    fn add_unknown_words(&mut self, arguments: &[TokenTree]) {
        let mut found = Found::default();
        found.in_macro(arguments);
        for token in arguments {
            if let TokenTree::Literal(text) = token {
                found.words_of(&text.to_string());
            }
        }
        self.unknown_words.extend(found.names.into_keys());
    }
}

/// The trees of an item's attributes that are part of its digest: all but `#[memo]`.
pub(super) fn without_memo(tokens: &[TokenTree]) -> Vec<TokenTree> {
    let end = attributes(tokens);
    let mut kept = Vec::with_capacity(tokens.len());
    for pair in tokens[..end].chunks(2) {
        let is_memo = match pair {
            [_, TokenTree::Group(group)] => is_memo(&trees(group.stream())),
            _ => false,
        };
        if !is_memo {
            kept.extend_from_slice(pair);
        }
    }
    kept.extend_from_slice(&tokens[end..]);
    kept
}

fn is_memo(inner: &[TokenTree]) -> bool {
    let path = inner
        .iter()
        .take_while(|token| matches!(token, TokenTree::Ident(_)) || is(token, ':'));
    path.last()
        .is_some_and(|last| matches!(last, TokenTree::Ident(name) if name == "memo"))
}

fn setting(arguments: &[TokenTree], wanted: &str) -> Option<String> {
    arguments.windows(3).find_map(|window| match window {
        [TokenTree::Ident(name), equals, TokenTree::Literal(value)]
            if name == wanted && is(equals, '=') =>
        {
            let value = value.to_string();
            Some(literal::string(&value).unwrap_or(value))
        }
        _ => None,
    })
}

fn only(predicate: &[TokenTree]) -> Only {
    Only {
        tests: truth(predicate, false) == Some(false),
        others: truth(predicate, true) == Some(false),
    }
}

/// Whether a predicate holds if tests are compiled or not; `None` if that does not tell.
fn truth(predicate: &[TokenTree], test: bool) -> Option<bool> {
    match predicate {
        [TokenTree::Ident(name)] => match name.to_string().as_str() {
            "test" => Some(test),
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        [TokenTree::Ident(name), TokenTree::Group(group), ..]
            if group.delimiter() == Delimiter::Parenthesis =>
        {
            let arguments = trees(group.stream());
            let parts = arguments
                .split(|token| is(token, ','))
                .filter(|part| !part.is_empty());
            let mut truths = parts.map(|part| truth(part, test));
            match name.to_string().as_str() {
                "not" => truths.next().flatten().map(|truth| !truth),
                "all" => combine(truths, false),
                "any" => combine(truths, true),
                _ => None,
            }
        }
        _ => None,
    }
}

/// `decisive` if one of them is, the opposite if all are, else unknown.
fn combine(truths: impl Iterator<Item = Option<bool>>, decisive: bool) -> Option<bool> {
    let mut result = Some(!decisive);
    for truth in truths {
        match truth {
            Some(truth) if truth == decisive => return Some(decisive),
            Some(_) => {}
            None => result = None,
        }
    }
    result
}

/// Whether an inner attribute could alter what is compiled.
pub(super) fn matters(inner: &[TokenTree]) -> bool {
    let harmless = ["allow", "deny", "doc", "expect", "forbid", "warn"];
    !matches!(inner.first(), Some(TokenTree::Ident(name)) if harmless.iter().any(|known| name == known))
}

const PRIMITIVE: [&str; 17] = [
    "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "str", "u128", "u16",
    "u32", "u64", "u8", "usize",
];

/// Whether a word could be the name of an item that something unknown defines.
pub(super) fn could_be_defined(word: &str) -> bool {
    let common = [
        "Box",
        "Clone",
        "Copy",
        "Debug",
        "Default",
        "Eq",
        "Err",
        "Hash",
        "None",
        "Ok",
        "Option",
        "Ord",
        "PartialEq",
        "PartialOrd",
        "Result",
        "Self",
        "Some",
        "String",
        "Vec",
        "derive",
        "std",
        "core",
        "alloc",
        "self",
    ];
    !is_keyword(word) && !common.contains(&word) && !PRIMITIVE.contains(&word)
}
