//! Functions, constants, statics, types and foreign items; and the items in function bodies.

use proc_macro2::{Delimiter, Group, TokenTree};

use super::Builder;
use super::attributes::{Attributes, without_memo};
use super::cursor::{self, Form, Piece};
use super::impls::{closing, type_parameters};
use super::mentions::{Found, is, trees};
use super::nodes::{Around, number, word};
use crate::file::{FileModule, FunctionFacts, Kind, LocalName};

impl Builder<'_> {
    /// A function, constant or static, wherever it stands.
    pub(super) fn value(&mut self, piece: &Piece<'_>, around: Around, kind: Kind) -> u32 {
        let attributes = Attributes::read(piece.all);
        let name_at = name_position(piece);
        let name = name_at.map_or_else(|| String::from("_"), |at| word(&piece.rest[at]));
        let kind = match kind {
            Kind::Value if attributes.procedural_macro => Kind::ProceduralMacro,
            kind => kind,
        };
        let label = match around.parent.map(|parent| &self.out.nodes[parent as usize]) {
            Some(parent) => format!("{}::{name}", owner(&parent.label)),
            None => name.clone(),
        };
        let tokens = without_memo(piece.all);
        let index = self.next_node();
        let mut node = self.full(kind, label, piece, &attributes, &tokens, around);
        if name != "_" {
            node.defines.push(self.names.intern(&name));
        }
        let other_names = self.intern_all(&attributes.other_names);
        node.defines.extend(other_names);
        if let Some(wild) = &mut node.wild {
            wild.stems = vec![self.names.intern(&name)];
        }
        if piece.form == Form::Function {
            let span = name_at.map(|at| piece.rest[at].span().start());
            let at = span.map_or((0, 0), |start| {
                (number(start.line), number(start.column + 1))
            });
            let body = cursor::body(piece.rest).unwrap_or(piece.rest.len());
            let signature = self.names_in(&piece.rest[..body]);
            let parameters = piece.rest.get(2).filter(|open| is(open, '<'));
            let generic = parameters.is_some()
                && !type_parameters(&piece.rest[3..2 + closing(&piece.rest[2..])]).is_empty();
            node.function = Some(FunctionFacts {
                at,
                signature,
                generic,
                memo: attributes.memo,
            });
        }
        let only = node.only;
        self.out.nodes.push(node);
        let is_initialized = piece
            .rest
            .iter()
            .any(|token| matches!(token, TokenTree::Group(_)));
        if is_initialized {
            let around = Around {
                module: around.module,
                only,
                parent: None,
            };
            self.bodies(piece.rest, &name, index, around);
        }
        index
    }

    fn names_in(&mut self, tokens: &[TokenTree]) -> Vec<LocalName> {
        let mut found = Found::default();
        found.code(tokens);
        let names: Vec<String> = found.names.into_keys().chain(found.dynamic).collect();
        self.intern_all(&names)
    }

    /// Finds items in function bodies, which have a module of their own.
    fn bodies(&mut self, tokens: &[TokenTree], name: &str, owner: u32, around: Around) {
        let mut body = None;
        for token in tokens {
            if let TokenTree::Group(group) = token {
                self.search(group, name, around, &mut body);
            }
        }
        if let Some(body) = body {
            let calls_macros = !self.out.nodes[owner as usize].mentions.macros.is_empty();
            let module = &mut self.out.modules[body as usize];
            module.owner = Some(owner);
            // What macros define in a body, the items in it can name.
            module.node = calls_macros.then_some(owner);
        }
    }

    fn search(&mut self, group: &Group, name: &str, around: Around, body: &mut Option<u32>) {
        let tokens = trees(group.stream());
        let mut at = 0;
        // Items begin where statements do.
        let mut begins = group.delimiter() == Delimiter::Brace;
        while at < tokens.len() {
            if begins
                && let Some(piece) = cursor::item(&tokens[at..])
                && is_statement_item(piece.form)
            {
                let module = *body.get_or_insert_with(|| {
                    self.out.modules.push(FileModule {
                        name: name.to_owned(),
                        parent: around.module,
                        is_body: true,
                        ..FileModule::default()
                    });
                    number(self.out.modules.len() - 1)
                });
                let inside = Around {
                    module,
                    parent: None,
                    ..around
                };
                // What is no item after all is a part of the function, as everything in it.
                if self.item(&piece, inside).is_ok() {
                    at += piece.all.len();
                    continue;
                }
            }
            begins = match &tokens[at] {
                TokenTree::Group(group) => {
                    self.search(group, name, around, body);
                    group.delimiter() == Delimiter::Brace
                }
                token => is(token, ';'),
            };
            at += 1;
        }
    }

    pub(super) fn type_(&mut self, piece: &Piece<'_>, around: Around) {
        let attributes = Attributes::read(piece.all);
        let name = piece.rest.get(1).map(word).unwrap_or_default();
        let derives = self.intern_all(&attributes.derives);
        let tokens = without_memo(piece.all);
        let kind = Kind::Type {
            derives,
            alias: piece.form == Form::Alias,
        };
        let mut node = self.full(kind, name.clone(), piece, &attributes, &tokens, around);
        node.defines.push(self.names.intern(&name));
        if piece.form == Form::Enum
            && let Some(TokenTree::Group(body)) = piece.rest.last()
        {
            for variant in trees(body.stream()).split(|token| is(token, ',')) {
                let start = cursor::attributes(variant);
                let start = start + cursor::visibility(&variant[start..]);
                if let Some(TokenTree::Ident(_)) = variant.get(start) {
                    node.defines.push(self.names.intern(&word(&variant[start])));
                }
            }
        }
        self.out.nodes.push(node);
    }

    pub(super) fn foreign(&mut self, piece: &Piece<'_>, around: Around) -> Result<(), String> {
        let attributes = Attributes::read(piece.all);
        let Some(TokenTree::Group(body)) = piece.rest.last() else {
            return Ok(());
        };
        let head = &piece.all[..piece.all.len() - 1];
        let inside = Around {
            only: around.only.and(attributes.only),
            ..around
        };
        let body = trees(body.stream());
        let mut at = 0;
        while at < body.len() {
            let member = cursor::item(&body[at..])
                .ok_or_else(|| String::from("a foreign block with an item that is not known"))?;
            at += member.all.len();
            let attributes = Attributes::read(member.all);
            let name = name_position(&member).map(|at| word(&member.rest[at]));
            let name = name
                .or_else(|| member.rest.get(1).map(word))
                .unwrap_or_default();
            let tokens: Vec<TokenTree> = head.iter().chain(member.all).cloned().collect();
            let kind = Kind::Foreign;
            let mut node = self.full(kind, name.clone(), &member, &attributes, &tokens, inside);
            node.defines.push(self.names.intern(&name));
            self.out.nodes.push(node);
        }
        Ok(())
    }
}

/// Where the name of a value stands behind its keyword.
fn name_position(piece: &Piece<'_>) -> Option<usize> {
    let at = 1 + usize::from(
        piece
            .rest
            .get(1)
            .is_some_and(|next| cursor::is_word(next, "mut")),
    );
    matches!(piece.rest.get(at), Some(TokenTree::Ident(name)) if name != "_").then_some(at)
}

fn is_statement_item(form: Form) -> bool {
    !matches!(form, Form::Invocation | Form::Nothing | Form::Inner)
}

/// `impl Layer for Relu` as the owner of a function: `<Relu as Layer>`.
fn owner(label: &str) -> String {
    let Some(rest) = label.strip_prefix("impl ") else {
        return label.to_owned();
    };
    match rest.split_once(" for ") {
        Some((of, selves)) => format!("<{selves} as {of}>"),
        None => rest.to_owned(),
    }
}
