//! Traits and impls: what stands before the braces by itself, and each member by itself.

use proc_macro2::{Delimiter, TokenTree};

use super::Builder;
use super::attributes::{Attributes, without_memo};
use super::cursor::{self, Form, Piece};
use super::mentions::{is, trees};
use super::nodes::{Around, word};
use super::words::is_keyword;
use crate::file::{Header, Kind, LocalName, Scope};

impl Builder<'_> {
    pub(super) fn trait_(&mut self, piece: &Piece<'_>, around: Around) -> Result<(), String> {
        let attributes = Attributes::read(piece.all);
        let name = piece.rest.get(1).map(word).unwrap_or_default();
        let Members { pieces, rest, .. } = split_members(piece)?;
        let tokens = without_memo(&rest);
        let index = self.next_node();
        let mut node = self.full(
            Kind::Trait,
            name.clone(),
            piece,
            &attributes,
            &tokens,
            around,
        );
        node.defines.push(self.names.intern(&name));
        let inside = Around {
            parent: Some(index),
            only: node.only,
            ..around
        };
        let scope = node.scope;
        self.out.nodes.push(node);
        for tokens in &pieces {
            if let Some(member) = cursor::item(tokens) {
                let member = self.value(&member, inside, Kind::TraitItem);
                self.out.nodes[member as usize].scope = scope;
            }
        }
        Ok(())
    }

    pub(super) fn impl_(&mut self, piece: &Piece<'_>, around: Around) -> Result<(), String> {
        let attributes = Attributes::read(piece.all);
        let Members {
            pieces,
            rest,
            has_others,
        } = split_members(piece)?;
        let tokens = without_memo(&rest);
        let (mut header, label) = self.header(piece.rest);
        header.has_others = has_others;
        let in_trait = !header.of.is_empty();
        let index = self.next_node();
        let kind = Kind::Impl(header);
        let mut node = self.full(kind, label, piece, &attributes, &tokens, around);
        node.scope = Scope::Public;
        node.text = cursor::body(piece.rest)
            .map_or_else(String::new, |body| self.text(&piece.rest[..body]));
        let inside = Around {
            parent: Some(index),
            only: node.only,
            ..around
        };
        self.out.nodes.push(node);
        for tokens in &pieces {
            let Some(member) = cursor::item(tokens) else {
                continue;
            };
            let kind = Kind::ImplItem {
                function: member.form == Form::Function,
            };
            let member = self.value(&member, inside, kind);
            if in_trait {
                self.out.nodes[member as usize].scope = Scope::Public;
            }
        }
        Ok(())
    }

    /// What an impl is for, and what it is called.
    fn header(&mut self, rest: &[TokenTree]) -> (Header, String) {
        let end = cursor::body(rest).unwrap_or(rest.len());
        let mut head = &rest[1..end];
        let mut parameters = Vec::new();
        if head.first().is_some_and(|first| is(first, '<')) {
            let close = closing(head);
            parameters = type_parameters(&head[1..close]);
            head = &head[(close + 1).min(head.len())..];
        }
        let clause = position_outside(head, |token| cursor::is_word(token, "where"));
        head = &head[..clause.unwrap_or(head.len())];
        let for_ = position_outside(head, |token| cursor::is_word(token, "for"));
        let (of, selves) = match for_ {
            // At the front, `for<'a> fn(&'a u8)` is a type.
            Some(at) if at > 0 => (&head[..at], &head[at + 1..]),
            _ => (&head[..0], head),
        };
        let mut header = Header {
            generic: !parameters.is_empty(),
            ..Header::default()
        };
        let angle = of.iter().position(|token| is(token, '<'));
        let (path, arguments) = of.split_at(angle.unwrap_or(of.len()));
        for token in path {
            if let TokenTree::Ident(name) = token
                && name != "const"
            {
                header.of.push(self.names.intern(&name.to_string()));
            }
        }
        for types in [selves, arguments] {
            self.paths(types, &parameters, &mut header.types);
        }
        // What a projection leads to cannot be told.
        if head.iter().any(|token| cursor::is_word(token, "as")) {
            header.types.clear();
        }
        let shown = |tokens: &[TokenTree]| compact(tokens);
        let label = if of.is_empty() {
            format!("impl {}", shown(selves))
        } else {
            format!("impl {} for {}", shown(of), shown(selves))
        };
        (header, label)
    }

    /// The paths among `tokens` that are no type parameters.
    fn paths(
        &mut self,
        tokens: &[TokenTree],
        parameters: &[String],
        out: &mut Vec<Vec<LocalName>>,
    ) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                token if is(token, ':') => colons += 1,
                TokenTree::Ident(_) => {
                    if colons < 2 {
                        self.add_path(&mut path, parameters, out);
                    }
                    colons = 0;
                    path.push(word(token));
                }
                TokenTree::Group(group) => {
                    self.add_path(&mut path, parameters, out);
                    self.paths(&trees(group.stream()), parameters, out);
                    colons = 0;
                }
                _ => {
                    self.add_path(&mut path, parameters, out);
                    colons = 0;
                }
            }
        }
        self.add_path(&mut path, parameters, out);
    }

    fn add_path(
        &mut self,
        path: &mut Vec<String>,
        parameters: &[String],
        out: &mut Vec<Vec<LocalName>>,
    ) {
        let path = std::mem::take(path);
        let names_something = path.last().is_some_and(|last| !is_keyword(last));
        if names_something && !parameters.contains(&path[0]) {
            out.push(self.intern_all(&path));
        }
    }
}

/// What is between the braces of a trait or impl.
struct Members {
    /// The members that count by themselves.
    pieces: Vec<Vec<TokenTree>>,
    /// The tokens of all the rest, with what stands before the braces.
    rest: Vec<TokenTree>,
    /// Whether there is a member whose form says nothing of what it defines.
    has_others: bool,
}

fn split_members(piece: &Piece<'_>) -> Result<Members, String> {
    let mut members = Members {
        pieces: Vec::new(),
        rest: piece.all.to_vec(),
        has_others: false,
    };
    let Some(TokenTree::Group(body)) = piece.rest.last() else {
        return Ok(members);
    };
    members.rest.pop();
    let body = trees(body.stream());
    let mut at = 0;
    while at < body.len() {
        let member = cursor::item(&body[at..]).ok_or_else(|| {
            let line = body[at].span().start().line;
            format!("line {line}: no member that is known")
        })?;
        at += member.all.len();
        if is_member(member.form) {
            members.pieces.push(member.all.to_vec());
        } else {
            members.has_others |= member.form != Form::Alias;
            members.rest.extend_from_slice(member.all);
        }
    }
    Ok(members)
}

/// Whether a member of a trait or impl counts by itself.
fn is_member(form: Form) -> bool {
    matches!(form, Form::Function | Form::Constant)
}

/// Where the angle bracket at the front is closed.
pub(super) fn closing(tokens: &[TokenTree]) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        if is(token, '<') {
            depth += 1;
        } else if is(token, '>') && !(at > 0 && is(&tokens[at - 1], '-')) {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    tokens.len().saturating_sub(1)
}

pub(super) fn type_parameters(tokens: &[TokenTree]) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0_usize;
    let mut begins = true;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            token if is(token, '<') => depth += 1,
            token if is(token, '>') && !(at > 0 && is(&tokens[at - 1], '-')) => {
                depth = depth.saturating_sub(1);
            }
            token if is(token, ',') && depth == 0 => {
                begins = true;
                continue;
            }
            token if is(token, '\'') => {}
            TokenTree::Ident(_) if begins && cursor::is_word(token, "const") => continue,
            TokenTree::Ident(_) if begins => names.push(word(token)),
            _ => {}
        }
        begins = false;
    }
    names
}

fn position_outside(tokens: &[TokenTree], wanted: impl Fn(&TokenTree) -> bool) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            token if is(token, '<') => depth += 1,
            token if is(token, '>') && !(at > 0 && is(&tokens[at - 1], '-')) => {
                depth = depth.saturating_sub(1);
            }
            token if depth == 0 && wanted(token) => return Some(at),
            _ => {}
        }
    }
    None
}

/// Tokens as text, close together.
pub(super) fn compact(tokens: &[TokenTree]) -> String {
    let mut text = String::new();
    let mut after_word = false;
    for token in tokens {
        match token {
            TokenTree::Ident(_) | TokenTree::Literal(_) => {
                if after_word {
                    text.push(' ');
                }
                text.push_str(&token.to_string());
                after_word = true;
            }
            TokenTree::Punct(punct) => {
                text.push(punct.as_char());
                if punct.as_char() == ',' {
                    text.push(' ');
                }
                after_word = false;
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                text.push_str(&compact(&trees(group.stream())));
                text.push_str(close);
                after_word = false;
            }
        }
    }
    text
}
