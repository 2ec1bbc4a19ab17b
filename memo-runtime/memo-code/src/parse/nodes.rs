//! One item to one node or several.

use proc_macro2::TokenTree;

use super::attributes::Attributes;
use super::cursor::{self, Form, Piece};
use super::imports::scope;
use super::mentions::Found;
use super::{Builder, Names, text};
use crate::file::{FileItems, FileModule, Kind, LocalName, Mentions, Node, Only, Scope, Wild};
use crate::tokens;

/// What surrounds an item.
#[derive(Clone, Copy)]
pub(super) struct Around {
    pub(super) module: u32,
    pub(super) only: Only,
    pub(super) parent: Option<u32>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            names: Names::default(),
            out: FileItems {
                modules: vec![FileModule::default()],
                ..FileItems::default()
            },
        }
    }

    pub(super) fn finish(self) -> FileItems {
        FileItems {
            names: self.names.list,
            ..self.out
        }
    }

    /// Takes the items of a module or file; the error says where there is none.
    pub(super) fn items(
        &mut self,
        tokens: &[TokenTree],
        module: u32,
        only: Only,
    ) -> Result<(), String> {
        let around = Around {
            module,
            only,
            parent: None,
        };
        let mut at = 0;
        while at < tokens.len() {
            let piece = cursor::item(&tokens[at..]).ok_or_else(|| {
                let line = tokens[at].span().start().line;
                format!("line {line}: no item that is known")
            })?;
            at += piece.all.len();
            self.item(&piece, around)?;
        }
        Ok(())
    }

    pub(super) fn item(&mut self, piece: &Piece<'_>, around: Around) -> Result<(), String> {
        match piece.form {
            Form::Nothing => {}
            Form::Inner => self.inner_attribute(piece, around),
            Form::Use => self.import(piece, around.module, around.only),
            Form::ExternCrate => self.extern_crate(piece, around.module, around.only),
            Form::Module => self.module(piece, around)?,
            Form::Function | Form::Constant | Form::Static => {
                self.value(piece, around, Kind::Value);
            }
            Form::Struct | Form::Enum | Form::Union | Form::Alias => self.type_(piece, around),
            Form::Trait => self.trait_(piece, around)?,
            Form::Impl => self.impl_(piece, around)?,
            Form::ForeignBlock => self.foreign(piece, around)?,
            Form::MacroRules | Form::Macro => self.macro_(piece, around),
            Form::Invocation => self.invocation(piece, around),
        }
        Ok(())
    }

    /// A node with nothing but its place.
    pub(super) fn node(&self, kind: Kind, module: u32, label: String) -> Node {
        Node {
            kind,
            module,
            parent: None,
            label,
            defines: Vec::new(),
            scope: Scope::Module(0),
            digest: [0; 32],
            only: Only::default(),
            line: 1,
            last_line: 1,
            text: String::new(),
            mentions: Mentions::default(),
            wild: None,
            function: None,
        }
    }

    /// The line that an item without its attributes begins in.
    pub(super) fn line(&self, bare: &[TokenTree]) -> u32 {
        bare.first()
            .map_or(1, |first| number(first.span().start().line))
    }

    pub(super) fn next_node(&self) -> u32 {
        number(self.out.nodes.len())
    }

    pub(super) fn intern_all<'n>(
        &mut self,
        names: impl IntoIterator<Item = &'n String>,
    ) -> Vec<LocalName> {
        names
            .into_iter()
            .map(|name| self.names.intern(name))
            .collect()
    }

    /// A node of an item, with what all kinds of items share; its tokens are `tokens`.
    pub(super) fn full(
        &mut self,
        kind: Kind,
        label: String,
        piece: &Piece<'_>,
        attributes: &Attributes,
        tokens: &[TokenTree],
        around: Around,
    ) -> Node {
        let mut found = Found::default();
        if matches!(kind, Kind::Macro | Kind::Invocation) {
            found.in_macro(tokens);
        }
        found.code(tokens);
        let mut node = self.node(kind, around.module, label);
        node.parent = around.parent;
        node.scope = scope(piece.bare);
        node.digest = *tokens::digest(&tokens.iter().cloned().collect()).as_bytes();
        node.only = around.only.and(attributes.only);
        node.line = self.line(piece.bare);
        node.last_line = piece
            .bare
            .last()
            .map_or(node.line, |last| number(last.span().end().line));
        node.text = self.text(piece.all);
        node.mentions = found.into_mentions(|name| self.names.intern(name));
        if attributes.unknown {
            node.wild = Some(Wild {
                names: self.intern_all(&attributes.unknown_words),
                stems: vec![self.names.intern(&node.label)],
                macros: self.intern_all(&attributes.unknown_macros),
                ..Wild::default()
            });
        }
        node
    }

    pub(super) fn text(&self, all: &[TokenTree]) -> String {
        let (Some(first), Some(last)) = (all.first(), all.last()) else {
            return String::new();
        };
        let (start, end) = (
            first.span().byte_range().start,
            last.span().byte_range().end,
        );
        let column = first.span().start().column;
        let source = self.source.get(start..end).unwrap_or_default();
        text::readable(source, column)
    }
}

pub(super) fn word(token: &TokenTree) -> String {
    let text = token.to_string();
    text.strip_prefix("r#").unwrap_or(&text).to_owned()
}

pub(super) fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
