//! Where a function stands: free, in an inherent impl, in a trait or a trait impl, or unknown.
//!
//! An attribute is given the tokens of its function and nothing around them, but the place decides
//! whether a second function may stand beside it. The place is therefore read from the source file,
//! up to the name of the function: what stands before an opening delimiter says what it opens.
//!
//! What must hold: a place is only named if it is certain. What a macro generates has an unknown
//! place unless the macro is called among the items of an impl, and so has a function whose source
//! file cannot be read (in a documentation test, or in an editor).

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use crate::scanner::Scanner;

/// A position in a source file: line and column, both from 1, in characters.
pub(crate) type LineColumn = (usize, usize);

/// A source file, a position in it, and the tokens of the function there.
type Expansion = (PathBuf, LineColumn, blake3::Hash);

/// What surrounds a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A module or a function body.
    Free,
    /// `impl Type { … }`.
    Inherent,
    /// `trait Name { … }` or `impl Name for Type { … }`, where only the trait's members may stand.
    Trait,
    /// Not to be found out.
    Unknown,
}

/// A function's place, and its number among those that the compiler gives the same path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) place: Place,
    /// How many functions of the same name stand earlier in the same enclosing items, which only
    /// functions in blocks can, and how many times this very source has been expanded before.
    pub(crate) ordinal: u32,
}

const UNKNOWN: Position = Position {
    place: Place::Unknown,
    ordinal: 0,
};

/// The position of the function whose name stands at `at` in `file` and whose tokens are `digest`.
///
/// A macro can generate one function more than once, with one path: those are told apart by the
/// order of their expansion, which is that of the source.
pub(crate) fn position(
    name: &str,
    file: Option<PathBuf>,
    at: LineColumn,
    digest: blake3::Hash,
) -> Position {
    static EXPANSIONS: LazyLock<Mutex<HashMap<Expansion, u32>>> = LazyLock::new(Mutex::default);

    let Some(file) = file else { return UNKNOWN };
    let mut position = read(&file).map_or(UNKNOWN, |source| find(&source, name, at));
    let mut expansions = EXPANSIONS.lock().unwrap_or_else(PoisonError::into_inner);
    let earlier = expansions.entry((file, at, digest)).or_default();
    position.ordinal += *earlier;
    *earlier += 1;
    position
}

/// The text of a source file as the compiler counts it, without a byte order mark.
fn read(file: &Path) -> Option<String> {
    let mut source = std::fs::read_to_string(file).ok()?;
    if source.starts_with('\u{feff}') {
        source.remove(0);
    }
    Some(source)
}

/// What a pair of delimiters encloses; the items have names as in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Scope {
    Module(String),
    Inherent(String),
    Trait(String),
    /// A function, or a constant with a block for its value.
    Body(String),
    /// The definition or the arguments of a macro.
    Macro,
    /// Anything else: a block, a list, the fields of a struct.
    Other,
}

/// An open scope, and the tokens in it since the last item or statement ended. What stands between
/// delimiters is not among them, only its closing delimiter.
struct Open<'a> {
    scope: Scope,
    header: Vec<&'a str>,
}

/// The offset of a position in `source`.
fn offset(source: &str, (line, column): LineColumn) -> Option<usize> {
    let before: usize = source
        .split_inclusive('\n')
        .take(line.checked_sub(1)?)
        .map(str::len)
        .sum();
    let mut letters = source[before..].char_indices();
    letters
        .nth(column.checked_sub(1)?)
        .map(|(letter, _)| before + letter)
}

fn find(source: &str, name: &str, at: LineColumn) -> Position {
    let Some(at) = offset(source, at) else {
        return UNKNOWN;
    };
    let mut scopes = vec![Open {
        scope: Scope::Other,
        header: Vec::new(),
    }];
    let mut namesakes = Vec::new();
    for (token, start) in Scanner::new(source) {
        let Some(Open { header, .. }) = scopes.last_mut() else {
            return UNKNOWN;
        };
        let named = token == name && header.last() == Some(&"fn");
        if start >= at {
            return Position {
                place: place(&scopes, named && start == at),
                ordinal: ordinal(&path(&scopes), &namesakes),
            };
        }
        // A block in an argument list of generics goes on, any other ends what it belongs to.
        if header.last() == Some(&"}") && !matches!(token, ">" | ",") {
            header.clear();
        }
        match token {
            "{" | "(" | "[" => {
                let scope = scope(header, token);
                scopes.push(Open {
                    scope,
                    header: Vec::new(),
                });
            }
            "}" | ")" | "]" => {
                scopes.pop();
                let Some(Open { header, .. }) = scopes.last_mut() else {
                    return UNKNOWN;
                };
                header.push(token);
            }
            ";" => header.clear(),
            _ => {
                header.push(token);
                if named {
                    namesakes.push(path(&scopes));
                }
            }
        }
    }
    UNKNOWN
}

/// What `delimiter` opens after `header`.
fn scope(header: &[&str], delimiter: &str) -> Scope {
    if let [.., _, "!"] | [.., _, "!", _] = header {
        return Scope::Macro;
    }
    if delimiter != "{" {
        return Scope::Other;
    }
    let function = header
        .windows(2)
        .find(|pair| pair[0] == "fn" && is_name(pair[1]));
    if let Some(pair) = function {
        return Scope::Body(pair[1].to_owned());
    }
    match item(header) {
        ["mod", name, ..] => Scope::Module((*name).to_owned()),
        ["trait", name, ..] => Scope::Trait((*name).to_owned()),
        ["const" | "static", name, .., "="] => Scope::Body((*name).to_owned()),
        ["impl", of @ ..] if of.iter().enumerate().any(|(at, _)| is_trait_for(&of[at..])) => {
            Scope::Trait(of.join(" "))
        }
        ["impl", of @ ..] if !of.contains(&"$") => Scope::Inherent(of.join(" ")),
        _ => Scope::Other,
    }
}

/// `header` from the keyword of the item on, without attributes and qualifiers.
fn item<'h, 'a>(mut header: &'h [&'a str]) -> &'h [&'a str] {
    loop {
        header = match header {
            ["#", "]", rest @ ..] | ["#", "!", "]", rest @ ..] => rest,
            ["pub", ")", rest @ ..] => rest,
            ["pub" | "unsafe" | "default" | "auto", rest @ ..] => rest,
            ["const", "impl" | "trait", ..] => &header[1..],
            header => return header,
        };
    }
}

/// Whether `tokens` begin with the `for` of `impl Trait for Type`, and not with that of `for<'a>`.
fn is_trait_for(tokens: &[&str]) -> bool {
    match tokens {
        ["for", "<", next, ..] => !next.starts_with('\'') && *next != ">",
        ["for", ..] => true,
        _ => false,
    }
}

fn is_name(token: &str) -> bool {
    token.starts_with(|letter: char| letter == '_' || letter.is_alphabetic())
}

/// The place of a function in `scopes`, the innermost last. `written` says that it stands there in
/// the source as a function, so that no macro has made it one.
fn place(scopes: &[Open<'_>], written: bool) -> Place {
    let mut generated = !written;
    for Open { scope, .. } in scopes.iter().rev() {
        match scope {
            Scope::Inherent(_) => return Place::Inherent,
            Scope::Trait(_) => return Place::Trait,
            Scope::Module(_) | Scope::Body(_) if generated => return Place::Unknown,
            Scope::Module(_) | Scope::Body(_) => return Place::Free,
            Scope::Macro => generated = true,
            Scope::Other => {}
        }
    }
    if generated {
        Place::Unknown
    } else {
        Place::Free
    }
}

/// The enclosing items, as in the path that the compiler gives a function.
fn path(scopes: &[Open<'_>]) -> Vec<Scope> {
    let items = scopes.iter().map(|open| &open.scope);
    items
        .filter(|scope| !matches!(scope, Scope::Macro | Scope::Other))
        .cloned()
        .collect()
}

fn ordinal(path: &Vec<Scope>, namesakes: &[Vec<Scope>]) -> u32 {
    if !path.iter().any(|scope| matches!(scope, Scope::Body(_))) {
        return 0;
    }
    namesakes
        .iter()
        .map(|namesake| u32::from(namesake == path))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::{Place, Position, find};

    /// The position of the function `f` that is marked with `§`.
    fn at(marked: &str) -> Position {
        let before = &marked[..marked.find('§').expect(marked)];
        let line = before.matches('\n').count() + 1;
        let column = before
            .chars()
            .rev()
            .take_while(|letter| *letter != '\n')
            .count()
            + 1;
        find(&marked.replace('§', ""), "f", (line, column))
    }

    #[test]
    fn the_innermost_item_is_the_place() {
        for (source, place) in [
            ("#[memo] fn §f() {}", Place::Free),
            ("mod m { pub(crate) fn §f() {} }", Place::Free),
            ("impl X { fn m() { fn §f() {} } }", Place::Free),
            ("impl A for X { fn m() { { fn §f() {} } } }", Place::Free),
            ("const _: () = { fn §f() {} };", Place::Free),
            ("impl X {} fn §f() {}", Place::Free),
            ("impl X { fn §f() {} }", Place::Inherent),
            (
                "#[a] unsafe impl X { const N: u8 = { 1 }; fn §f() {} }",
                Place::Inherent,
            ),
            (
                "fn m() -> impl A { impl X { pub fn §f() {} } }",
                Place::Inherent,
            ),
            (
                "impl<F: for<'a> Fn(&'a u8)> X<F> { fn §f() {} }",
                Place::Inherent,
            ),
            (
                "impl<F> X<F> where F: for<'a> A<'a>, { fn §f() {} }",
                Place::Inherent,
            ),
            ("impl X<{ N }> { fn §f() {} }", Place::Inherent),
            ("impl A for X { fn §f() {} }", Place::Trait),
            (
                "impl<T: for<'a> B<'a>> A for X<T> { fn g() {} fn §f() {} }",
                Place::Trait,
            ),
            ("impl A for <B as C>::D { fn §f() {} }", Place::Trait),
            ("impl A<{ N }, u8> for X { fn §f() {} }", Place::Trait),
            ("impl A for fn(u8) -> u8 { fn §f() {} }", Place::Trait),
            ("pub unsafe trait A: B { fn g(); fn §f() {} }", Place::Trait),
        ] {
            assert_eq!(at(source), Position { place, ordinal: 0 }, "{source}");
        }
    }

    #[test]
    fn comments_and_literals_around_do_not_mislead() {
        for source in [
            "impl X { /* } impl A for X { */ fn §f() {} }",
            "impl X { // }\n fn §f() {} }",
            "impl X { const C: char = '}'; fn §f() {} }",
            "impl X { const C: &'static str = \"}\\\"}\"; fn §f() {} }",
            "impl X { const C: &str = r#\"}\"}\"#; fn §f() {} }",
        ] {
            assert_eq!(at(source).place, Place::Inherent, "{source}");
        }
    }

    #[test]
    fn what_a_macro_generates_is_unknown_unless_an_impl_surrounds_the_macro() {
        for (source, place) in [
            ("make!(§f);", Place::Unknown),
            ("fn m() { make! { §f } }", Place::Unknown),
            ("make! { fn §f() {} }", Place::Unknown),
            ("macro_rules! m { () => { fn §f() {} } }", Place::Unknown),
            (
                "macro_rules! m { ($t:tt) => { impl $t { fn §f() {} } } }",
                Place::Unknown,
            ),
            (
                "macro_rules! m { () => { impl A for X { fn §f() {} } } }",
                Place::Trait,
            ),
            ("impl A for X { make!(§f); }", Place::Trait),
            ("impl X { make!(§f); }", Place::Inherent),
        ] {
            assert_eq!(at(source).place, place, "{source}");
        }
    }

    #[test]
    fn inner_functions_of_one_path_are_numbered() {
        for (source, ordinal) in [
            ("fn m() { { fn f() {} } { fn §f() {} } }", 1),
            ("fn m() { { fn §f() {} } { fn f() {} } }", 0),
            (
                "fn m() { fn f() {} if a { fn f() {} } loop { fn §f() {} } }",
                2,
            ),
            (
                "const _: () = { fn f() {} }; const _: u8 = { fn §f() {} 1 };",
                1,
            ),
            (
                "fn m() { { impl X { fn f() {} } } { impl X { fn §f() {} } } }",
                1,
            ),
            ("fn m() { impl X { fn f() {} } impl Y { fn §f() {} } }", 0),
            ("fn l() { fn f() {} } fn m() { fn §f() {} }", 0),
            ("fn f() {} fn m() { fn §f() {} }", 0),
            ("#[cfg(a)] fn f() {} #[cfg(b)] fn §f() {}", 0),
            ("fn m() { fn g() {} fn §f() {} }", 0),
        ] {
            assert_eq!(at(source).ordinal, ordinal, "{source}");
        }
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(
            at("/* é */ impl X {\r\n/* € */ fn §f() {} }").place,
            Place::Inherent
        );
    }

    #[test]
    fn a_position_outside_the_text_or_braces_that_do_not_match_give_an_unknown_place() {
        assert_eq!(find("fn f() {}", "f", (9, 9)).place, Place::Unknown);
        assert_eq!(at("} } fn §f() {}").place, Place::Unknown);
    }
}
