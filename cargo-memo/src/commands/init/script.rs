//! The build script: one statement more in its `main`, and nothing else
//! moved.

use std::ops::Range;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::manifest::has_returns;

/// The statement; memo-build goes by `name`.
pub(super) fn statement(name: &str) -> String {
    format!("{name}::fingerprint();")
}

/// A build script that does nothing else.
pub(super) fn whole(name: &str) -> String {
    let statement = statement(name);
    format!(
        "\
//! Tells `#[memo]` which code results depend on.

fn main() {{
    {statement}
}}
"
    )
}

/// `script` with the statement at the beginning of its `main`, of each if
/// conditions choose among several; `None` if it is there already. memo-build
/// goes by `name`.
///
/// # Errors
///
/// What is in the way, as the end of a sentence.
pub(super) fn with_statement(script: &str, name: &str) -> Result<Option<String>, &'static str> {
    // Neither a byte order mark nor `#!` is part of what is read as tokens.
    let skipped = script.len() - skip_start(script).len();
    let tokens: TokenStream = script[skipped..]
        .parse()
        .map_err(|_| "it cannot be read as Rust")?;
    let is_called = has_names(tokens.clone(), &[name, "fingerprint"]);
    let mut mains = find_mains(tokens);
    if is_called {
        // A call in one `main` does nothing for another; a call elsewhere is
        // made in a way that is not understood here.
        let (calling, others): (Vec<Group>, Vec<Group>) = mains
            .into_iter()
            .partition(|main| has_names(main.stream(), &["fingerprint"]));
        if calling.is_empty() || others.is_empty() {
            return Ok(None);
        }
        mains = others;
    }
    if mains.is_empty() {
        return Err("it has no `fn main() { … }` of its own");
    }
    let statement = statement(name);
    // From the last to the first, as each moves what is behind it.
    let edited = mains.iter().rev().fold(script.to_owned(), |script, main| {
        let body = bytes(main, skipped);
        let first = first_statement(main, skipped).unwrap_or(body.start + 1);
        insert(&script, &statement, first, body.end - 1)
    });
    Ok(Some(edited))
}

fn skip_start(script: &str) -> &str {
    let text = script.strip_prefix('\u{feff}').unwrap_or(script);
    match text.strip_prefix("#!") {
        // `#![…]` is an attribute.
        Some(rest) if !rest.trim_start().starts_with('[') => {
            text.find('\n').map_or("", |end| &text[end..])
        }
        _ => text,
    }
}

/// Whether all `wanted` names are there in some form, such as behind a `use`
/// or within a condition.
fn has_names(tokens: TokenStream, wanted: &[&str]) -> bool {
    let mut names = Vec::new();
    collect_names(tokens, &mut names);
    wanted
        .iter()
        .all(|name| names.iter().any(|known| known == name))
}

fn collect_names(tokens: TokenStream, names: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(name) => names.push(name.to_string()),
            TokenTree::Group(group) => collect_names(group.stream(), names),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// The bodies of the functions `main` of the crate, in their order.
fn find_mains(tokens: TokenStream) -> Vec<Group> {
    let mut mains = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    let is =
        |token: &TokenTree, word: &str| matches!(token, TokenTree::Ident(name) if name == word);
    while let Some(token) = tokens.next() {
        if is(&token, "fn") && tokens.next_if(|next| is(next, "main")).is_some() {
            mains.extend(tokens.find_map(|token| match token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
                _ => None,
            }));
        }
    }
    mains
}

fn bytes(group: &Group, skipped: usize) -> Range<usize> {
    let range = group.span().byte_range();
    range.start + skipped..range.end + skipped
}

/// Where statements may stand, if that is behind attributes of the body.
fn first_statement(body: &Group, skipped: usize) -> Option<usize> {
    let tokens: Vec<TokenTree> = body.stream().into_iter().collect();
    let attributes = tokens.chunks(3).map_while(|chunk| match chunk {
        [
            TokenTree::Punct(hash),
            TokenTree::Punct(bang),
            TokenTree::Group(group),
        ] if hash.as_char() == '#' && bang.as_char() == '!' => Some(bytes(group, skipped).end),
        _ => None,
    });
    attributes.last()
}

/// Puts the statement at byte `at` of a block that ends at byte `end`, as
/// the lines around are written.
fn insert(script: &str, statement: &str, at: usize, end: usize) -> String {
    let (before, rest) = script.split_at(at);
    let line = rest.split('\n').next().unwrap_or_default();
    let goes_on = line.len() < rest.len() && at + line.len() < end;
    let is_open = line.trim().is_empty() || line.trim_start().starts_with("//");
    if goes_on && is_open {
        let (line, rest) = rest.split_at(line.len());
        let newline = if line.ends_with('\r') { "\r\n" } else { "\n" };
        let line = line.trim_end_matches('\r');
        let next = rest.lines().find(|line| !line.trim().is_empty());
        let next = next.unwrap_or_default();
        let indent = &next[..next.len() - next.trim_start().len()];
        let indent = if next.trim_start().starts_with('}') || indent.is_empty() {
            "    "
        } else {
            indent
        };
        let rest = rest.trim_start_matches('\n');
        return format!("{before}{line}{newline}{indent}{statement}{newline}{rest}");
    }
    if script[at..end].trim().is_empty() {
        let newline = if has_returns(script) { "\r\n" } else { "\n" };
        return format!(
            "{before}{newline}    {statement}{newline}{}",
            &script[end..]
        );
    }
    format!("{before} {statement}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_statement(script: &str) -> Result<Option<String>, &'static str> {
        super::with_statement(script, "memo_build")
    }

    #[track_caller]
    fn becomes(script: &str, expected: &str) {
        let edited = with_statement(script).unwrap().unwrap();
        assert_eq!(edited, expected);
        assert_eq!(with_statement(&edited), Ok(None), "done once, it is done");
    }

    #[test]
    fn the_statement_comes_first_and_all_else_stays() {
        becomes(
            "// Links.\n\nfn main() {\n    // The C part.\n    cc();\n}\n",
            "// Links.\n\nfn main() {\n    memo_build::fingerprint();\n    // The C part.\n    cc();\n}\n",
        );
        becomes(
            "fn main() -> Result<(), Box<dyn std::error::Error>> {\n\tlink()?;\n\tOk(())\n}\n",
            "fn main() -> Result<(), Box<dyn std::error::Error>> {\n\tmemo_build::fingerprint();\n\tlink()?;\n\tOk(())\n}\n",
        );
        becomes(
            "mod a { fn main() {} }\nfn main() { // é {\n  b(\"{\");\n}",
            "mod a { fn main() {} }\nfn main() { // é {\n  memo_build::fingerprint();\n  b(\"{\");\n}",
        );
    }

    #[test]
    fn a_body_on_one_line_is_kept_in_form() {
        becomes(
            "fn main() {}\n",
            "fn main() {\n    memo_build::fingerprint();\n}\n",
        );
        becomes(
            "fn main() {}\r\n",
            "fn main() {\r\n    memo_build::fingerprint();\r\n}\r\n",
        );
        becomes(
            "fn main() {\n}\n",
            "fn main() {\n    memo_build::fingerprint();\n}\n",
        );
        becomes(
            "fn main() { link(); }\n",
            "fn main() { memo_build::fingerprint(); link(); }\n",
        );
    }

    #[test]
    fn attributes_line_ends_and_marks_stay_in_their_places() {
        becomes(
            "\u{feff}fn main() {\r\n    link();\r\n}\r\n",
            "\u{feff}fn main() {\r\n    memo_build::fingerprint();\r\n    link();\r\n}\r\n",
        );
        becomes(
            "#!/usr/bin/env run\n#![allow(unused)]\nfn main() {\n    #![allow(dead_code)]\n    link();\n}\n",
            "#!/usr/bin/env run\n#![allow(unused)]\nfn main() {\n    #![allow(dead_code)]\n    memo_build::fingerprint();\n    link();\n}\n",
        );
    }

    #[test]
    fn a_script_that_calls_it_in_its_own_way_is_left_alone() {
        let script = "use memo_build::fingerprint;\nfn main() {\n    fingerprint();\n}\n";
        assert_eq!(with_statement(script), Ok(None));
        assert_eq!(with_statement(&whole("memo_build")), Ok(None));
        assert!(
            with_statement("// memo_build::fingerprint();\nfn main() {}\n")
                .unwrap()
                .is_some()
        );
    }

    #[test]
    fn of_mains_behind_conditions_each_has_the_statement() {
        becomes(
            "#[cfg(unix)]\nfn main() {\n    link();\n}\n\n#[cfg(not(unix))]\nfn main() {}\n",
            "#[cfg(unix)]\nfn main() {\n    memo_build::fingerprint();\n    link();\n}\n\n#[cfg(not(unix))]\nfn main() {\n    memo_build::fingerprint();\n}\n",
        );
        becomes(
            "#[cfg(unix)]\nfn main() { memo_build::fingerprint(); }\n#[cfg(not(unix))]\nfn main() { link(); }\n",
            "#[cfg(unix)]\nfn main() { memo_build::fingerprint(); }\n#[cfg(not(unix))]\nfn main() { memo_build::fingerprint(); link(); }\n",
        );
    }

    #[test]
    fn what_cannot_be_edited_is_told() {
        assert!(
            with_statement("fn main() {")
                .unwrap_err()
                .contains("read as Rust")
        );
        let error = with_statement("include!(\"real.rs\");").unwrap_err();
        assert!(error.contains("fn main"), "{error}");
    }
}
