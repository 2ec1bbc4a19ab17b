//! Where an item begins and ends among token trees.

use proc_macro2::{Delimiter, TokenTree};

use super::mentions::{is, trees};

/// One item, or what stands where one should.
pub(super) struct Piece<'a> {
    /// From the first attribute to the last token.
    pub(super) all: &'a [TokenTree],
    /// From the visibility on.
    pub(super) bare: &'a [TokenTree],
    pub(super) form: Form,
    /// The trees from the keyword on.
    pub(super) rest: &'a [TokenTree],
}

/// What kind of item begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Function,
    Constant,
    Static,
    Struct,
    Enum,
    Union,
    Alias,
    Trait,
    Impl,
    Module,
    Use,
    ExternCrate,
    ForeignBlock,
    MacroRules,
    Macro,
    Invocation,
    /// Attributes of what is around, `#![…]`.
    Inner,
    /// A lone `;`.
    Nothing,
}

/// The item that begins at the front of `tokens`; `None` if none does.
pub(super) fn item(tokens: &[TokenTree]) -> Option<Piece<'_>> {
    if let [hash, bang, TokenTree::Group(group), ..] = tokens
        && is(hash, '#')
        && is(bang, '!')
        && group.delimiter() == Delimiter::Bracket
    {
        return Some(Piece {
            all: &tokens[..3],
            bare: &tokens[..3],
            form: Form::Inner,
            rest: &tokens[..3],
        });
    }
    let start = attributes(tokens);
    let bare = &tokens[start..];
    let at = visibility(bare);
    let (form, keyword) = form(&bare[at..])?;
    let rest = &bare[at + keyword..];
    let length = length(form, rest)?;
    Some(Piece {
        all: &tokens[..start + at + keyword + length],
        bare: &bare[..at + keyword + length],
        form,
        rest: &rest[..length],
    })
}

/// How many trees are attributes.
pub(super) fn attributes(tokens: &[TokenTree]) -> usize {
    let mut at = 0;
    while let [hash, TokenTree::Group(group), ..] = &tokens[at..]
        && is(hash, '#')
        && group.delimiter() == Delimiter::Bracket
    {
        at += 2;
    }
    at
}

/// How many trees are the visibility.
pub(super) fn visibility(tokens: &[TokenTree]) -> usize {
    match tokens {
        [public, TokenTree::Group(group), ..]
            if is_word(public, "pub") && is_restriction(group) =>
        {
            2
        }
        [public, ..] if is_word(public, "pub") => 1,
        _ => 0,
    }
}

/// Whether parentheses behind `pub` belong to it; those of a tuple struct's field do not.
fn is_restriction(group: &proc_macro2::Group) -> bool {
    let inner = trees(group.stream());
    group.delimiter() == Delimiter::Parenthesis
        && inner.first().is_some_and(|first| {
            is_word(first, "in")
                || inner.len() == 1
                    && ["crate", "self", "super"]
                        .iter()
                        .any(|word| is_word(first, word))
        })
}

/// The form of the item without attributes and visibility, and where its keyword stands.
fn form(tokens: &[TokenTree]) -> Option<(Form, usize)> {
    let mut at = 0;
    loop {
        let next = tokens.get(at + 1);
        let TokenTree::Ident(word) = tokens.get(at)? else {
            return path_form(tokens, at);
        };
        let word = word.to_string();
        let is_name = next.is_some_and(|next| matches!(next, TokenTree::Ident(_)));
        let form = match word.as_str() {
            "fn" if is_name => Form::Function,
            "struct" if is_name => Form::Struct,
            "enum" if is_name => Form::Enum,
            "union" if is_name => Form::Union,
            "type" if is_name => Form::Alias,
            "trait" if is_name => Form::Trait,
            "mod" if is_name => Form::Module,
            "macro" if is_name => Form::Macro,
            "use" => Form::Use,
            "impl" => Form::Impl,
            "macro_rules" if next.is_some_and(|next| is(next, '!')) => Form::MacroRules,
            "static" if is_name && !next.is_some_and(|next| is_word(next, "move")) => Form::Static,
            "const" if is_name => {
                let qualifies = ["fn", "async", "unsafe", "extern", "trait", "impl", "gen"];
                if !qualifies
                    .iter()
                    .any(|word| next.is_some_and(|next| is_word(next, word)))
                {
                    return (!next.is_some_and(|next| is_word(next, "move")))
                        .then_some((Form::Constant, at));
                }
                at += 1;
                continue;
            }
            "extern" => match &tokens[at + 1..] {
                [krate, ..] if is_word(krate, "crate") => Form::ExternCrate,
                [TokenTree::Group(_), ..] | [TokenTree::Literal(_), TokenTree::Group(_), ..] => {
                    Form::ForeignBlock
                }
                [TokenTree::Literal(_), ..] => {
                    at += 2;
                    continue;
                }
                _ => {
                    at += 1;
                    continue;
                }
            },
            "unsafe" | "async" | "default" | "auto" | "safe" | "gen" if is_name => {
                at += 1;
                continue;
            }
            _ => return path_form(tokens, at),
        };
        return Some((form, at));
    }
}

/// A macro called by its path, or nothing that is known.
fn path_form(tokens: &[TokenTree], start: usize) -> Option<(Form, usize)> {
    if start > 0 {
        return None;
    }
    if is(tokens.first()?, ';') {
        return Some((Form::Nothing, 0));
    }
    let is_path = |token: &TokenTree| matches!(token, TokenTree::Ident(_)) || is(token, ':');
    let bang = tokens.iter().position(|token| !is_path(token))?;
    (bang > 0 && is(&tokens[bang], '!')).then_some((Form::Invocation, 0))
}

/// How many trees an item takes from its keyword on.
fn length(form: Form, tokens: &[TokenTree]) -> Option<usize> {
    let semicolon = || tokens.iter().position(|token| is(token, ';'));
    match form {
        Form::Nothing => Some(1),
        Form::Inner => Some(3),
        Form::Constant | Form::Static | Form::Alias | Form::Use | Form::ExternCrate => {
            Some(semicolon()? + 1)
        }
        Form::Macro => Some(body(tokens)? + 1),
        Form::MacroRules | Form::Invocation => {
            let group = tokens
                .iter()
                .position(|token| matches!(token, TokenTree::Group(_)))?;
            let braces = matches!(&tokens[group], TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
            let ended = !braces && tokens.get(group + 1).is_some_and(|token| is(token, ';'));
            Some(group + 1 + usize::from(ended))
        }
        _ => Some(body(tokens)? + 1),
    }
}

/// Where the braces of an item stand, or the `;` instead of them. Braces among generic arguments
/// are expressions.
pub(super) fn body(tokens: &[TokenTree]) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace && depth == 0 => {
                return Some(at);
            }
            TokenTree::Punct(punct) => match punct.as_char() {
                ';' if depth == 0 => return Some(at),
                '<' => depth += 1,
                '>' if at > 0 && is(&tokens[at - 1], '-') => {}
                '>' => depth = depth.saturating_sub(1),
                _ => {}
            },
            _ => {}
        }
    }
    None
}

pub(super) fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}
