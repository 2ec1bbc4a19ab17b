//! `use` and `extern crate`: one node for each name that they bring.

use proc_macro2::TokenTree;

use super::attributes::Attributes;
use super::mentions::{Found, is, trees};
use super::{Builder, cursor};
use crate::file::{Kind, LEADING, Mentions, Only, PLAIN, QUALIFIED, ROOT, Scope};

/// One leaf of a `use` tree.
struct Leaf {
    path: Vec<String>,
    /// The name that it brings; `None` for `*` and `as _`.
    name: Option<String>,
    glob: bool,
}

/// What all leaves of one `use` share.
struct Shared<'a> {
    module: u32,
    only: Only,
    scope: Scope,
    /// Attributes, visibility and keyword as text.
    prefix: String,
    conditions: &'a [String],
    line: u32,
}

impl Builder<'_> {
    pub(super) fn import(&mut self, piece: &cursor::Piece<'_>, module: u32, only: Only) {
        let attributes = Attributes::read(piece.all);
        let tree = &piece.rest[1..piece.rest.len().saturating_sub(1)];
        let mut leaves = Vec::new();
        tree_leaves(tree, &[], &mut leaves);
        self.add_leaves(piece, &attributes, leaves, module, only);
    }

    pub(super) fn extern_crate(&mut self, piece: &cursor::Piece<'_>, module: u32, only: Only) {
        let attributes = Attributes::read(piece.all);
        let names: Vec<String> = piece
            .rest
            .iter()
            .skip(2)
            .filter_map(name)
            .filter(|name| name != "as")
            .collect();
        let Some(krate) = names.first() else { return };
        let mut leaves = vec![Leaf {
            path: vec![krate.clone()],
            name: names.last().filter(|name| *name != "_").cloned(),
            glob: false,
        }];
        if attributes.macro_use {
            leaves.push(Leaf {
                path: vec![krate.clone()],
                name: None,
                glob: true,
            });
        }
        self.add_leaves(piece, &attributes, leaves, module, only);
    }

    fn add_leaves(
        &mut self,
        piece: &cursor::Piece<'_>,
        attributes: &Attributes,
        leaves: Vec<Leaf>,
        module: u32,
        only: Only,
    ) {
        let before = piece.all.len() - piece.rest.len();
        let prefix: Vec<String> = piece.all[..before]
            .iter()
            .map(ToString::to_string)
            .collect();
        let shared = Shared {
            module,
            only: only.and(attributes.only),
            scope: scope(piece.bare),
            prefix: prefix.join(" "),
            conditions: &attributes.conditions,
            line: self.line(piece.bare),
        };
        for leaf in leaves {
            self.leaf(leaf, &shared);
        }
    }

    fn leaf(&mut self, leaf: Leaf, shared: &Shared<'_>) {
        let path = leaf.path.join("::");
        let shown = match &leaf.name {
            _ if leaf.glob => format!("use {path}::*"),
            Some(name) if leaf.path.last() == Some(name) => format!("use {path}"),
            name => format!("use {path} as {}", name.as_deref().unwrap_or("_")),
        };
        let mut found = Found::default();
        for (at, segment) in leaf.path.iter().enumerate() {
            let is_last = at + 1 == leaf.path.len();
            let how = if is_last { PLAIN } else { LEADING };
            found.name(segment, how | ROOT | QUALIFIED);
        }
        found.conditions.extend(shared.conditions.iter().cloned());
        let segments = leaf
            .path
            .iter()
            .map(|name| self.names.intern(name))
            .collect();
        let kind = if leaf.glob {
            Kind::Glob { path: segments }
        } else {
            Kind::Import { path: segments }
        };
        let mentions: Mentions = found.into_mentions(|name| self.names.intern(name));
        let text = format!("{shown};");
        let digest = blake3::hash(format!("{} {text}", shared.prefix).as_bytes());
        let defines = leaf
            .name
            .iter()
            .map(|name| self.names.intern(name))
            .collect();
        let mut node = self.node(kind, shared.module, shown);
        node.defines = defines;
        node.scope = shared.scope;
        node.only = shared.only;
        node.digest = *digest.as_bytes();
        node.line = shared.line;
        node.text = text;
        node.mentions = mentions;
        self.out.nodes.push(node);
    }
}

fn tree_leaves(tokens: &[TokenTree], prefix: &[String], leaves: &mut Vec<Leaf>) {
    let mut path = prefix.to_vec();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Group(group) => {
                let inner = trees(group.stream());
                for part in inner.split(|token| is(token, ',')) {
                    tree_leaves(part, &path, leaves);
                }
                return;
            }
            token if is(token, '*') => {
                leaves.push(Leaf {
                    path,
                    name: None,
                    glob: true,
                });
                return;
            }
            token => {
                if let Some(word) = name(token) {
                    if word == "as" {
                        let alias = tokens.get(at + 1).and_then(name);
                        leaves.push(Leaf {
                            path,
                            name: alias.filter(|alias| alias != "_"),
                            glob: false,
                        });
                        return;
                    }
                    if word != "self" || path.is_empty() {
                        path.push(word);
                    }
                }
                at += 1;
            }
        }
    }
    if let Some(last) = path.last().cloned()
        && !tokens.is_empty()
    {
        leaves.push(Leaf {
            path,
            name: Some(last),
            glob: false,
        });
    }
}

fn name(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Ident(ident) => {
            let text = ident.to_string();
            Some(text.strip_prefix("r#").unwrap_or(&text).to_owned())
        }
        _ => None,
    }
}

/// From where an item with this visibility can be named.
pub(super) fn scope(bare: &[TokenTree]) -> Scope {
    match cursor::visibility(bare) {
        0 => Scope::Module(0),
        1 => Scope::Public,
        _ => match &bare[1] {
            TokenTree::Group(group) => match trees(group.stream()).as_slice() {
                [only] if cursor::is_word(only, "self") => Scope::Module(0),
                [only] if cursor::is_word(only, "super") => Scope::Module(1),
                _ => Scope::Crate,
            },
            _ => Scope::Crate,
        },
    }
}
