//! Macros by example, and macros called where items stand.
//!
//! What they define cannot be told without expanding them. What must hold: every name that they
//! could define is among the names that lead to them.

use std::collections::BTreeSet;

use proc_macro2::TokenTree;

use super::Builder;
use super::attributes::{Attributes, could_be_defined};
use super::cursor::{self, Form, Piece};
use super::mentions::{Found, is, trees};
use super::nodes::{Around, word};
use super::words::is_standard_macro;
use crate::file::{IncludedItems, Kind, Scope, Wild};

impl Builder<'_> {
    pub(super) fn macro_(&mut self, piece: &Piece<'_>, around: Around) {
        let attributes = Attributes::read(piece.all);
        let name_at = if piece.form == Form::MacroRules { 2 } else { 1 };
        let name = piece.rest.get(name_at).map(word).unwrap_or_default();
        let mut node = self.full(
            Kind::Macro,
            name.clone(),
            piece,
            &attributes,
            piece.all,
            around,
        );
        node.defines.push(self.names.intern(&name));
        node.scope = if attributes.exported_macro || piece.form == Form::Macro {
            Scope::Public
        } else {
            Scope::Crate
        };
        let mut defined = Vec::new();
        for token in &piece.rest[name_at + 1..] {
            if let TokenTree::Group(group) = token {
                defined_names(&trees(group.stream()), &mut defined);
            }
        }
        node.wild = Some(Wild {
            names: self.intern_all(&defined),
            glob: has_glob(piece.rest),
            impls: has_impl(piece.rest),
            ..Wild::default()
        });
        self.out.nodes.push(node);
    }

    pub(super) fn invocation(&mut self, piece: &Piece<'_>, around: Around) {
        let attributes = Attributes::read(piece.all);
        let path: Vec<&TokenTree> = piece
            .rest
            .iter()
            .take_while(|token| !is(token, '!'))
            .collect();
        let name = path.last().map(|last| word(last)).unwrap_or_default();
        let mut node = self.full(
            Kind::Invocation,
            format!("{name}!"),
            piece,
            &attributes,
            piece.all,
            around,
        );
        let mut found = Found::default();
        let mut anything = false;
        if let Some(TokenTree::Group(arguments)) = piece
            .rest
            .iter()
            .find(|token| matches!(token, TokenTree::Group(_)))
        {
            let arguments = trees(arguments.stream());
            anything = !arguments
                .iter()
                .any(|token| matches!(token, TokenTree::Ident(_) | TokenTree::Group(_)))
                || arguments
                    .iter()
                    .any(|token| matches!(token, TokenTree::Literal(_)));
            found.in_macro(&arguments);
        }
        let mut words = Vec::new();
        let is_known = matches!(name.as_str(), "thread_local" | "lazy_static");
        if is_known {
            defined_names(piece.rest, &mut words);
        } else if name != "include" {
            // What stands before `::` only leads to something.
            let (mut leading, mut ending) = (BTreeSet::new(), BTreeSet::new());
            steps(piece.rest, &mut leading, &mut ending);
            let arguments = found.names.into_keys();
            words.extend(arguments.filter(|word| {
                could_be_defined(word) && (!leading.contains(word) || ending.contains(word))
            }));
        }
        let names = self.intern_all(&words);
        node.wild = Some(Wild {
            stems: if is_known { Vec::new() } else { names.clone() },
            names,
            macros: Vec::new(),
            anything: anything && !is_standard_macro(&name),
            glob: has_glob(piece.rest),
            impls: has_impl(piece.rest),
        });
        node.scope = Scope::Public;
        if name == "include" {
            for file in &node.mentions.files {
                self.out.included.push(IncludedItems {
                    module: around.module,
                    file: file.clone(),
                    only: node.only,
                });
            }
        }
        self.out.nodes.push(node);
    }
}

/// Names that the rules of a macro may define: what follows a keyword of definition, and what
/// stands before the braces of an impl.
fn defined_names(tokens: &[TokenTree], out: &mut Vec<String>) {
    let defining = [
        "fn",
        "struct",
        "enum",
        "union",
        "trait",
        "type",
        "const",
        "static",
        "mod",
        "macro_rules",
    ];
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => defined_names(&trees(group.stream()), out),
            TokenTree::Ident(name) if name == "impl" => {
                let head = &tokens[at + 1..];
                let end = head
                    .iter()
                    .position(|token| matches!(token, TokenTree::Group(_)));
                let names = head[..end.unwrap_or(head.len())]
                    .iter()
                    .filter(|token| matches!(token, TokenTree::Ident(_)))
                    .map(word);
                out.extend(names.filter(|name| could_be_defined(name)));
            }
            TokenTree::Ident(name) if name == "use" => {
                let end = tokens[at..].iter().position(|token| is(token, ';'));
                let tree = &tokens[at + 1..end.map_or(tokens.len(), |end| at + end)];
                out.extend(idents(tree).filter(|name| could_be_defined(name)));
            }
            TokenTree::Ident(name) if defining.iter().any(|keyword| name == keyword) => {
                let qualifiers = ["mut", "ref"];
                let mut follows = tokens[at + 1..]
                    .iter()
                    .skip_while(|token| qualifiers.iter().any(|word| cursor::is_word(token, word)));
                if let Some(name @ TokenTree::Ident(_)) = follows.next() {
                    out.extend(Some(word(name)).filter(|name| could_be_defined(name)));
                }
            }
            _ => {}
        }
    }
}

/// Sorts identifiers into those with `::` behind them and those without.
fn steps(tokens: &[TokenTree], leading: &mut BTreeSet<String>, ending: &mut BTreeSet<String>) {
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(_) => {
                let leads = tokens
                    .get(at + 1..at + 3)
                    .is_some_and(|next| next.iter().all(|next| is(next, ':')));
                let set = if leads { &mut *leading } else { &mut *ending };
                set.insert(word(token));
            }
            TokenTree::Group(group) => steps(&trees(group.stream()), leading, ending),
            _ => {}
        }
    }
}

/// Whether there is a `use …::*` somewhere in tokens.
fn has_glob(tokens: &[TokenTree]) -> bool {
    let imports = tokens.iter().any(|token| cursor::is_word(token, "use"));
    imports
        && tokens
            .windows(2)
            .any(|pair| is(&pair[0], ':') && is(&pair[1], '*'))
        || inner_groups(tokens)
            .any(|inner| has_glob(&inner) || imports && inner.iter().any(|token| is(token, '*')))
}

/// Whether there is an `impl` somewhere in tokens.
fn has_impl(tokens: &[TokenTree]) -> bool {
    tokens.iter().any(|token| cursor::is_word(token, "impl"))
        || inner_groups(tokens).any(|inner| has_impl(&inner))
}

fn inner_groups(tokens: &[TokenTree]) -> impl Iterator<Item = Vec<TokenTree>> {
    tokens.iter().filter_map(|token| match token {
        TokenTree::Group(group) => Some(trees(group.stream())),
        _ => None,
    })
}

/// The identifiers among tokens, but for the parameters of a macro.
fn idents(tokens: &[TokenTree]) -> impl Iterator<Item = String> {
    let found = tokens.iter().enumerate().filter(|(at, token)| {
        matches!(token, TokenTree::Ident(_)) && !(*at > 0 && is(&tokens[at - 1], '$'))
    });
    found.map(|(_, token)| word(token))
}
