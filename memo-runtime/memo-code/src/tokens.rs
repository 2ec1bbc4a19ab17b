//! The digest of a function's own tokens, which is its fingerprint at the level `function`.
//!
//! Two functions have equal digests exactly if the compiler reads the same tokens from them, but
//! for what cannot change a result: positions, spacing, comments, doc comments, levels of lints, and
//! commas before a closing delimiter that say nothing. A rewrite of another kind, even if a
//! formatter made it, is another digest. Arguments of macros and attributes count as they stand,
//! because a macro may tell apart what the language does not.
//!
//! The encoding that is hashed is prefix-free: each token is a tag, then the length of its text as
//! a little-endian `u64`, then the text; a group is an opening tag, its tokens, and a closing tag.

use blake3::{Hash, Hasher};
use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

const CONTEXT: &str = "memo-macros 1 function tokens";

/// Operators of more than one character, longest first: what the lexer joins.
const OPERATORS: [&str; 25] = [
    "<<=", ">>=", "...", "..=", "::", "->", "=>", "<-", "&&", "||", "==", "!=", "<=", ">=", "+=",
    "-=", "*=", "/=", "%=", "^=", "&=", "|=", "<<", ">>", "..",
];

/// Keywords that can stand before a tuple; any other name before a parenthesis is called.
const BEFORE_A_TUPLE: [&str; 23] = [
    "as", "box", "break", "const", "dyn", "else", "for", "if", "impl", "in", "let", "match",
    "move", "mut", "ref", "return", "static", "type", "unsafe", "where", "while", "yield",
    "become",
];

/// The digest of the tokens of one item.
pub fn digest(item: &TokenStream) -> Hash {
    let mut hasher = Hasher::new_derive_key(CONTEXT);
    let tokens: Vec<TokenTree> = item.clone().into_iter().collect();
    code(&tokens, Some(Delimiter::None), &mut hasher);
    hasher.finalize()
}

/// Feeds tokens that the compiler parses itself. `around` is the delimiter whose last comma says
/// nothing; the item itself counts as [`Delimiter::None`].
fn code(tokens: &[TokenTree], around: Option<Delimiter>, hasher: &mut Hasher) {
    let mut at = 0;
    let mut parameters = None;
    while at < tokens.len() {
        let before = at.checked_sub(1).map(|at| &tokens[at]);
        parameters = parameters.or_else(|| Some(at + parameters_behind(&tokens[at..])?));
        match &tokens[at..] {
            [hash, TokenTree::Group(attribute), ..]
                if is(hash, '#') && attribute.delimiter() == Delimiter::Bracket =>
            {
                if !is_documentation(attribute) && !is_lint_level(attribute) {
                    verbatim(&tokens[at..at + 2], hasher);
                }
                at += 2;
            }
            [hash, bang, TokenTree::Group(attribute), ..]
                if is(hash, '#') && is(bang, '!') && is_documentation(attribute) =>
            {
                at += 3;
            }
            [TokenTree::Ident(name), bang, TokenTree::Group(list), ..]
                if name == "vec" && is(bang, '!') =>
            {
                // A formatter adds a last comma, and takes it away.
                verbatim(&tokens[at..at + 2], hasher);
                group(list, hasher, |inner, hasher| {
                    code(inner, Some(list.delimiter()), hasher);
                });
                at += 3;
            }
            [TokenTree::Ident(_), bang, TokenTree::Group(_), ..] if is(bang, '!') => {
                verbatim(&tokens[at..at + 3], hasher);
                at += 3;
            }
            [
                TokenTree::Ident(_),
                bang,
                TokenTree::Ident(_),
                TokenTree::Group(_),
                ..,
            ] if is(bang, '!') => {
                verbatim(&tokens[at..at + 4], hasher);
                at += 4;
            }
            [comma, rest @ ..] if is(comma, ',') && says_nothing(rest, around) => at += 1,
            [TokenTree::Group(tree), ..] => {
                let are_parameters = parameters == Some(at);
                group(tree, hasher, |inner, hasher| {
                    let is_list = are_parameters || closes_a_list(tree, inner, before);
                    code(inner, is_list.then(|| tree.delimiter()), hasher);
                });
                parameters = parameters.filter(|_| !are_parameters);
                at += 1;
            }
            rest => at += leaf(rest, hasher),
        }
    }
}

/// Where the parameters are of a generic function whose `fn` is at the front.
fn parameters_behind(tokens: &[TokenTree]) -> Option<usize> {
    let [TokenTree::Ident(keyword), TokenTree::Ident(_), open, ..] = tokens else {
        return None;
    };
    if keyword != "fn" || !is(open, '<') {
        return None;
    }
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(2) {
        match token {
            token if is(token, '<') => depth += 1,
            token if is(token, '>') && !is(&tokens[at - 1], '-') => depth = depth.checked_sub(1)?,
            TokenTree::Group(group)
                if depth == 0 && group.delimiter() == Delimiter::Parenthesis =>
            {
                return Some(at);
            }
            _ => {}
        }
    }
    None
}

/// Feeds tokens that a macro sees, exactly as they are.
fn verbatim(tokens: &[TokenTree], hasher: &mut Hasher) {
    let mut at = 0;
    while at < tokens.len() {
        if let TokenTree::Group(tree) = &tokens[at] {
            group(tree, hasher, verbatim);
            at += 1;
        } else {
            at += leaf(&tokens[at..], hasher);
        }
    }
}

/// Feeds the token at the front, which is not a group, and returns of how many trees it consists.
fn leaf(tokens: &[TokenTree], hasher: &mut Hasher) -> usize {
    match &tokens[0] {
        TokenTree::Ident(name) => text(b'i', &name.to_string(), hasher),
        TokenTree::Literal(literal) => text(b'l', &literal.to_string(), hasher),
        TokenTree::Punct(_) => {
            let operator = operator(tokens);
            text(b'o', &operator, hasher);
            return operator.chars().count();
        }
        TokenTree::Group(_) => {}
    }
    1
}

/// The operator at the front, joined as the lexer joins it.
fn operator(tokens: &[TokenTree]) -> String {
    let mut joined = String::new();
    for token in tokens {
        let TokenTree::Punct(punct) = token else {
            break;
        };
        joined.push(punct.as_char());
        if punct.spacing() == Spacing::Alone {
            break;
        }
    }
    let longest = OPERATORS
        .iter()
        .find(|operator| joined.starts_with(**operator));
    longest.map_or_else(
        || joined.chars().take(1).collect(),
        |operator| (*operator).to_owned(),
    )
}

fn text(tag: u8, text: &str, hasher: &mut Hasher) {
    hasher.update(&[tag]);
    hasher.update(&(text.len() as u64).to_le_bytes());
    hasher.update(text.as_bytes());
}

fn group(tree: &Group, hasher: &mut Hasher, feed: impl FnOnce(&[TokenTree], &mut Hasher)) {
    let (open, close) = match tree.delimiter() {
        Delimiter::Parenthesis => (b'(', b')'),
        Delimiter::Bracket => (b'[', b']'),
        Delimiter::Brace => (b'{', b'}'),
        Delimiter::None => (b'<', b'>'),
    };
    let inner: Vec<TokenTree> = tree.stream().into_iter().collect();
    hasher.update(&[open]);
    feed(&inner, hasher);
    hasher.update(&[close]);
}

/// Whether a comma followed by `rest` could be left out: it ends a list of `around`, of generic
/// arguments, or of the where clause of the item.
fn says_nothing(rest: &[TokenTree], around: Option<Delimiter>) -> bool {
    match rest.first() {
        None => around.is_some(),
        Some(TokenTree::Group(body)) => {
            around == Some(Delimiter::None) && body.delimiter() == Delimiter::Brace
        }
        Some(token) => is(token, '>'),
    }
}

/// Whether an attribute sets the level of a lint, which alters no code.
fn is_lint_level(attribute: &Group) -> bool {
    let levels = ["allow", "deny", "expect", "forbid", "warn"];
    matches!(attribute.stream().into_iter().next(), Some(TokenTree::Ident(name))
        if levels.iter().any(|level| name == level))
}

/// Whether a comma at the end of `group` says nothing. In parentheses it does so unless it could
/// make a tuple of one element, which only a call or at least one more element rules out; commas
/// beside `<` or `|` may belong to types or closures.
fn closes_a_list(group: &Group, inner: &[TokenTree], before: Option<&TokenTree>) -> bool {
    match group.delimiter() {
        Delimiter::Brace | Delimiter::Bracket => true,
        Delimiter::None => false,
        Delimiter::Parenthesis => {
            let called = matches!(before, Some(TokenTree::Ident(name))
                if !BEFORE_A_TUPLE.contains(&name.to_string().as_str()));
            let commas = inner.iter().filter(|token| is(token, ',')).count();
            called || commas > 1 && !inner.iter().any(|token| is(token, '<') || is(token, '|'))
        }
    }
}

fn is_documentation(attribute: &Group) -> bool {
    let first = attribute.stream().into_iter().next();
    matches!(first, Some(TokenTree::Ident(name)) if name == "doc")
}

fn is(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

#[cfg(test)]
mod tests {
    use super::digest;

    fn of(source: &str) -> blake3::Hash {
        digest(&source.parse().expect(source))
    }

    #[test]
    fn what_cannot_change_a_result_leaves_the_digest() {
        for (one, other) in [
            ("fn f(a: u8) -> u8 { a + 1 }", "fn f ( a : u8 )\n->u8{a+1}"),
            (
                "fn f() { g() }",
                "/// Docs.\nfn f() { // note\n g() /* and /* note */ */ }",
            ),
            (
                "fn f() { g() }",
                "#[doc = \"x\"] #[doc(hidden)] fn f() { #![doc = \"y\"] g() }",
            ),
            (
                "fn f() { g() }",
                "#[allow(unused)] fn f() { #[expect(clippy::x)] g() }",
            ),
            ("fn f(a: u8) { g(a) }", "fn f(a: u8,) { g(a,) }"),
            ("fn f() { vec![a, 1] }", "fn f() { vec![a, 1,] }"),
            (
                "fn f<T: A<B>>(a: Vec<T>, b: u8) {}",
                "fn f<T: A<B>>(a: Vec<T>, b: u8,) {}",
            ),
            ("fn f() { [1, 2] }", "fn f() { [1, 2,] }"),
            ("fn f() { S { a, b } }", "fn f() { S { a, b, } }"),
            ("fn f() { (a, b) }", "fn f() { (a, b,) }"),
            ("fn f() -> M<A, B> { g() }", "fn f() -> M<A, B,> { g() }"),
            (
                "fn f<T>() where T: A { g() }",
                "fn f<T>() where T: A, { g() }",
            ),
            ("fn f() { x = -1 }", "fn f() { x=-1 }"),
            (
                "fn f() { match a { B => 1, _ => 2 } }",
                "fn f() { match a { B => 1, _ => 2, } }",
            ),
        ] {
            assert_eq!(of(one), of(other), "{one}\n{other}");
        }
    }

    #[test]
    fn another_token_is_another_digest() {
        for (one, other) in [
            ("fn f() { a + 1 }", "fn f() { a - 1 }"),
            ("fn f() { 1 }", "fn f() { 2 }"),
            ("fn f() { \"a\" }", "fn f() { \"b\" }"),
            ("fn f(a: u8, b: u8) { a }", "fn f(b: u8, a: u8) { a }"),
            ("fn f() { a && b }", "fn f() { a & &b }"),
            ("fn f() { a << b }", "fn f() { a < <b }"),
            ("fn f() { g((a, b)) }", "fn f() { g(a, b) }"),
            ("fn f() { { a; } b }", "fn f() { { a; b } }"),
            ("fn f() { (a) }", "fn f() { [a] }"),
            ("fn f() { ab }", "fn f() { a b }"),
            ("#[inline] fn f() {}", "fn f() {}"),
            ("#[cfg(a)] fn f() {}", "#[cfg(b)] fn f() {}"),
            ("fn f() { 'a' }", "fn f() { a }"),
        ] {
            assert_ne!(of(one), of(other), "{one}\n{other}");
        }
    }

    #[test]
    fn a_comma_that_makes_a_tuple_of_one_counts() {
        for (one, other) in [
            ("fn f() { (a,) }", "fn f() { (a) }"),
            ("fn f() { return (a,) }", "fn f() { return (a) }"),
            ("fn f() -> (M<A, B>,) {}", "fn f() -> (M<A, B>) {}"),
            ("fn f() { (|a, b| c,) }", "fn f() { (|a, b| c) }"),
            ("fn f() { (a, { b }) }", "fn f() { (a { b }) }"),
        ] {
            assert_ne!(of(one), of(other), "{one}\n{other}");
        }
    }

    #[test]
    fn what_a_macro_sees_counts_as_it_stands() {
        for (one, other) in [
            ("fn f() { m!(a,) }", "fn f() { m!(a) }"),
            ("fn f() { m!([a,]) }", "fn f() { m!([a]) }"),
            ("fn f() { m! { #[doc = \"a\"] b } }", "fn f() { m! { b } }"),
            ("#[m(a,)] fn f() {}", "#[m(a)] fn f() {}"),
            (
                "fn f() { macro_rules! m { ([a,]) => {}; } }",
                "fn f() { macro_rules! m { ([a]) => {}; } }",
            ),
        ] {
            assert_ne!(of(one), of(other), "{one}\n{other}");
        }
    }

    #[test]
    fn the_digest_is_the_same_on_every_run_and_platform() {
        assert_eq!(
            of("fn f(a: u8) -> u8 { a << 1 }").to_hex().as_str(),
            "1224392de7dc2e3c3cd87b7dbd950f51005b1c4e77f01a67e5ca5fb12cf1dfe1"
        );
    }
}
