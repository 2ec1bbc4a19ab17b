//! Which file an `include!` names, and the spelling of conditions.

use proc_macro2::TokenTree;

use super::literal;
use super::mentions::{is, trees};
use crate::file::Include;

pub(super) fn include(arguments: &[TokenTree]) -> Include {
    let string = |token: &TokenTree| match token {
        TokenTree::Literal(text) => literal::string(&text.to_string()),
        _ => None,
    };
    let arguments: Vec<&TokenTree> = arguments.iter().filter(|token| !is(token, ',')).collect();
    match arguments.as_slice() {
        [only] => string(only).map_or(Include::Unknown, Include::Beside),
        [TokenTree::Ident(concat), bang, TokenTree::Group(parts)]
            if concat == "concat" && is(bang, '!') =>
        {
            let parts: Vec<TokenTree> = trees(parts.stream())
                .into_iter()
                .filter(|token| !is(token, ','))
                .collect();
            let [
                TokenTree::Ident(env),
                bang,
                TokenTree::Group(variable),
                rest @ ..,
            ] = &parts[..]
            else {
                return Include::Unknown;
            };
            let variable = trees(variable.stream()).first().and_then(string);
            let rest: Option<String> = rest.iter().map(string).collect();
            match (env.to_string().as_str(), is(bang, '!'), variable, rest) {
                ("env", true, Some(variable), Some(rest)) => {
                    let rest = rest.trim_start_matches('/').to_owned();
                    match &*variable {
                        "OUT_DIR" => Include::Generated(rest),
                        "CARGO_MANIFEST_DIR" => Include::InPackage(rest),
                        _ => Include::Unknown,
                    }
                }
                _ => Include::Unknown,
            }
        }
        _ => Include::Unknown,
    }
}

/// A predicate of `cfg`, in one spelling; `None` if it is that of a macro's definition.
pub(super) fn condition(predicate: &[TokenTree]) -> Option<String> {
    let mut text = String::new();
    write_condition(predicate, &mut text)?;
    Some(text)
}

fn write_condition(tokens: &[TokenTree], out: &mut String) -> Option<()> {
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Punct(punct) if matches!(punct.as_char(), '$' | '#') => return None,
            TokenTree::Punct(punct) if punct.as_char() == ',' => {
                if at + 1 < tokens.len() {
                    out.push_str(", ");
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == '=' => out.push_str(" = "),
            TokenTree::Group(group) => {
                out.push('(');
                write_condition(&trees(group.stream()), out)?;
                out.push(')');
            }
            token => out.push_str(&token.to_string()),
        }
    }
    Some(())
}
