//! What a build script does, as far as its tokens tell.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::model::Package;
use crate::sources::{Sources, join};

/// All the words of a script that has cargo run it again, and calls `memo_build::fingerprint()`.
const WORDS: [&str; 7] = [
    "fingerprint",
    "fn",
    "main",
    "memo_build",
    "println",
    "pub",
    "use",
];

/// How cargo is told when a build script has to run again.
const RUN_AGAIN: [&str; 2] = ["cargo:rerun-if-", "cargo::rerun-if-"];

/// Whether a build script generates nothing and tells the compiler nothing.
pub(super) fn is_plain(sources: &dyn Sources, package: &Package, script: &str) -> bool {
    let text = sources.read(&join(&package.dir, script));
    let tokens = text
        .ok()
        .and_then(|text| String::from_utf8(text).ok()?.parse().ok());
    tokens.is_some_and(says_nothing)
}

fn says_nothing(tokens: TokenStream) -> bool {
    tokens.into_iter().all(|token| match token {
        TokenTree::Group(group) => is_documentation(&group) || says_nothing(group.stream()),
        TokenTree::Ident(word) => WORDS.iter().any(|known| word == known),
        TokenTree::Punct(_) => true,
        TokenTree::Literal(literal) => {
            let text = literal.to_string();
            let told = text.trim_start_matches('"');
            RUN_AGAIN.iter().any(|start| told.starts_with(start)) && !text.contains(['{', '\\'])
        }
    })
}

/// Whether this is what the lexer makes of a comment that documents.
fn is_documentation(group: &Group) -> bool {
    let mut inner = group.stream().into_iter();
    let first = inner.next();
    group.delimiter() == Delimiter::Bracket
        && matches!(first, Some(TokenTree::Ident(word)) if word == "doc")
        && matches!(inner.next(), Some(TokenTree::Punct(_)))
        && matches!(inner.next(), Some(TokenTree::Literal(_)))
        && inner.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::says_nothing;

    #[test]
    fn a_script_that_could_do_more_is_told_from_one_that_could_not() {
        for (script, expected) in [
            ("fn main() { memo_build::fingerprint(); }", true),
            (
                "//! Tells memo.\n\n/// Tells it.\nfn main() { memo_build::fingerprint(); }",
                true,
            ),
            (
                "#[doc = include_str!(\"a\")] fn main() { memo_build::fingerprint(); }",
                false,
            ),
            (
                "use memo_build::fingerprint; fn main() { fingerprint() }",
                true,
            ),
            (
                "fn main() { println!(\"cargo:rerun-if-changed=data\"); memo_build::fingerprint(); }",
                true,
            ),
            (
                "fn main() { println!(\"cargo::rerun-if-changed=build.rs\"); }",
                true,
            ),
            ("fn main() { println!(\"cargo:rustc-cfg=fast\"); }", false),
            (
                "fn main() { println!(\"cargo:rerun-if-changed={}\", x); }",
                false,
            ),
            (
                "fn main() { println!(\"cargo:rerun-if-changed=a\\ncargo:rustc-cfg=b\"); }",
                false,
            ),
            ("fn main() { std::fs::write(path(), \"\"); }", false),
            (
                "mod memo_build; fn main() { memo_build::fingerprint(); }",
                false,
            ),
        ] {
            assert_eq!(says_nothing(script.parse().unwrap()), expected, "{script}");
        }
    }
}
