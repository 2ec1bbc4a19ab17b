//! The `#[memo]` attribute and the `call!` macro of `memo-runtime`, which re-exports both; use them
//! from there.
//!
//! One stage per file: `settings` and `function` parse and check what is written, `place`
//! finds out where it stands, `code` which code its result depends on, `expand` writes what is
//! compiled; `call` is the other macro. The code that is written is a thin shell around one
//! function of the runtime. After a mistake the function is passed through as it stands, so that
//! one mistake gives one message.

mod call;
mod code;
mod compression;
mod duration;
mod expand;
mod function;
mod place;
mod scanner;
mod settings;
mod unknown;

use blake3::Hash;
use memo_code::tokens;
use proc_macro2::{Ident, TokenStream};
use syn::Error;

use crate::code::{Code, Source};
use crate::function::Function;
use crate::place::Position;
use crate::settings::{Errors, Settings};

/// Keeps the results of a function on disk: a call with the same arguments and the same code loads
/// the result instead of computing it.
///
/// ```ignore
/// #[memo]
/// fn primes_between(a: u64, b: u64) -> Vec<u64> { /* … */ }
///
/// #[memo(version = 2, ignore(pool), ttl = "7d")]
/// fn train(pool: &Pool, data: &[f64], rate: f64) -> Result<Model, Error> { /* … */ }
/// ```
///
/// # What it stands on
///
/// Free functions, functions and methods of inherent impls, of trait impls and of traits, generic
/// functions, functions in functions, and `async fn`. Type and constant arguments are part of the
/// key, and so is `self`. Of a `Result`, only `Ok` is kept.
///
/// An attribute macro above `#[memo]` changes what is computed and kept. One below it applies to
/// every call, also to those whose result is loaded.
///
/// # Settings
///
/// | setting | meaning |
/// |---|---|
/// | `version = 2` | part of the key: another number is another result |
/// | `ignore(pool, verbose)` | these arguments are no part of the key; `self` may be one |
/// | `ttl = "7d"` | results expire after that time: numbers with the units `s`, `m`, `h`, `d`, `w` |
/// | `cache_if = path` | keeps what `path: fn(&Result) -> bool` accepts, `Result` being the result type |
/// | `cache_err` | keeps errors too |
/// | `codec = "bincode"` or `"messagepack"` | how values are written, instead of finding out |
/// | `compress = "zstd"`, `"zstd:9"`, `"lz4"` or `"none"` | how the written values are compressed, if that makes them smaller; `zstd` and `lz4` are features of `memo-runtime` |
/// | `memory = false` | the program does not hold results in memory as well, to find them faster the next time |
/// | `code = "graph"`, `"crate"`, `"function"` or `"none"` | which code is part of the key, see below |
/// | `name = "…"` | stands in the key for the function's path, so that it can move |
/// | `store = expr` | the `Memo` to use, evaluated at each call |
/// | `crate = path` | the path of `memo-runtime`, where it has another name than `::memo_runtime` |
///
/// # What is checked
///
/// Arguments implement `serde::Serialize` unless they are ignored, the result implements
/// `serde::Serialize` and `serde::Deserialize` and borrows nothing; there is no `&mut` argument, no
/// `impl Trait`, no `const`, `unsafe` or foreign function, and no setting that is unknown or
/// contradicts another. Everything else is a compile error that names the culprit and the cure.
///
/// # What you promise
///
/// The function is pure: its result depends on nothing but its arguments and its code, and nobody
/// misses what else it does. It reads no clock, no environment, no file that can change, and no
/// source of chance but a seed among its arguments. An ignored argument does not alter the result.
///
/// # What code counts
///
/// | level | what is part of the key |
/// |---|---|
/// | `"graph"` | all that the function can reach in the workspace, and the versions of the dependencies that it can reach |
/// | `"crate"` | the whole package, and its dependencies |
/// | `"function"` | the function's own tokens |
/// | `"none"` | nothing but `version` |
///
/// Comments, documentation and formatting never count. `"graph"` is what a package has whose build
/// script says `memo_build::fingerprint();`, others have `"function"`: there, change `version` when
/// something changes that the function uses.
///
/// A generic function in a library can be called with types that the library does not know: those of
/// a program that uses it, closures, functions, `dyn Trait`. Their code is not in the table above,
/// so there the whole program is part of the key, as the file that runs: a result is computed again
/// after any edit of the program. `MEMO_LOG=debug` tells of each such function. What helps is to
/// memoize it where the type is known, as a function of the program that calls the generic one.
///
/// Which features another package of the workspace is compiled with depends on what else is built
/// (`cargo build -p one` or the whole workspace). Those that it is compiled with count, where the
/// function reaches code that asks for them.
///
/// # What it expands to
///
/// The function, which makes the call, and beside it the hidden function `__memo_call_…`, which
/// [`call!`] uses. A trait impl can hold no other function, and where the place of a function cannot
/// be found out, because a macro writes it, there is none either if it is bound to a type.
///
/// A macro that writes one function twice into one enclosing function gives both the same path.
/// They are numbered in the order of the source.
#[proc_macro_attribute]
pub fn memo(
    settings: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    let _exclusive = code::exclusively();
    let (settings, item) = (settings.into(), TokenStream::from(item));
    memoize(settings, item.clone(), |name, settings, digest| {
        let span = name.span().unwrap();
        let at = (span.line(), span.column());
        let file = span.local_file();
        let position = place::position(&name.to_string(), file.clone(), at, digest);
        let source = Source {
            file,
            at,
            item: &item,
            digest,
        };
        Ok((position, Code::find(settings.code, &source)?))
    })
    .into()
}

/// Gives the call of a memoized function as a value, without making it.
///
/// ```ignore
/// let call = call!(primes_between(1, 100));
/// let kept: Option<Vec<u64>> = call.cached();
/// let score = call!(model.fit(&data)).get();
/// ```
///
/// It takes one call by path or of a method, with type arguments if need be. The function must be
/// memoized, and not one of a trait. If it is imported by name, write the path that leads to it:
/// `call!(sieve::primes_between(1, 100))`, because what `call!` names is the hidden function
/// `__memo_call_primes_between` beside it. An error that speaks of such a function means that there
/// is none, for one of these reasons.
#[proc_macro]
pub fn call(call: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let _exclusive = code::exclusively();
    call::expand(call.into())
        .unwrap_or_else(Error::into_compile_error)
        .into()
}

/// What is compiled in the place of `item`; with a mistake, the item as it stands and the errors.
/// `locate` finds out where the function of that name and digest stands, and what of its code
/// counts.
fn memoize(
    settings: TokenStream,
    item: TokenStream,
    locate: impl FnOnce(&Ident, &Settings, Hash) -> Result<(Position, Code), Error>,
) -> TokenStream {
    let expanded = checked(settings, item.clone()).and_then(|(function, settings)| {
        let digest = tokens::digest(&item);
        let (position, code) = locate(&function.signature.ident, &settings, digest)?;
        Ok(expand::expand(&function, &settings, position, &code))
    });
    expanded.unwrap_or_else(|error| [item, error.into_compile_error()].into_iter().collect())
}

fn checked(settings: TokenStream, item: TokenStream) -> Result<(Function, Settings), Error> {
    let function: Function = syn::parse2(item)?;
    let mut errors = Errors::default();
    let settings = syn::parse2::<Settings>(settings).and_then(|settings| {
        settings.check(&function.argument_names(), function.result())?;
        Ok(settings)
    });
    if let Err(error) = function.check() {
        errors.push(error);
    }
    let settings = settings.unwrap_or_else(|error| {
        errors.push(error);
        Settings::default()
    });
    errors.into_result()?;
    Ok((function, settings))
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;

    use super::memoize;
    use crate::code::Code;
    use crate::place::{Place, Position};

    /// What `#[memo(settings)]` makes of `item`, with its tokens in canonical spacing.
    fn memoized(settings: &str, item: &str, place: Place) -> String {
        let parse = |text: &str| text.parse::<TokenStream>().expect(text);
        let position = Position { place, ordinal: 0 };
        memoize(parse(settings), parse(item), |_, _, _| {
            Ok((position, Code::default()))
        })
        .to_string()
    }

    fn contains(expanded: &str, source: &str) -> bool {
        expanded.contains(&source.parse::<TokenStream>().expect(source).to_string())
    }

    #[test]
    fn a_body_that_is_being_written_is_passed_through() {
        for body in [
            "{ let y = x. }",
            "{ let y = ; x }",
            "{ match x { 1 => } }",
            "{ x + }",
            "{ if }",
        ] {
            let expanded = memoized("", &format!("fn f(x: u64) -> u64 {body}"), Place::Free);
            assert!(
                contains(&expanded, &format!("move || -> u64 {body}")),
                "{expanded}"
            );
            assert!(!expanded.contains("compile_error"), "{expanded}");
        }
    }

    #[test]
    fn an_item_that_cannot_be_understood_is_kept_beside_the_error() {
        for (settings, item) in [
            ("", "fn f(x: ) -> u64 { x }"),
            ("", "pub fn f"),
            ("", "fn f(x: u64) -> { x }"),
            ("", "struct S ;"),
            ("vers", "fn f(x: u64) -> u64 { x. }"),
            ("version =", "fn f(x: u64) -> u64 { x }"),
            ("", "fn f(x: &mut u64) -> u64 { 1 }"),
        ] {
            let expanded = memoized(settings, item, Place::Free);
            assert!(contains(&expanded, item), "{expanded}");
            assert_eq!(expanded.matches("compile_error").count(), 1, "{expanded}");
        }
    }

    #[test]
    fn a_name_stands_for_the_number_too() {
        let position = Position {
            place: Place::Free,
            ordinal: 3,
        };
        let numbered = |settings: &str| {
            let settings = settings.parse().expect(settings);
            let item = "fn f() {}".parse().expect("a function");
            memoize(settings, item, |_, _, _| Ok((position, Code::default())))
                .to_string()
                .contains("ordinal : 3")
        };
        assert!(numbered(""));
        assert!(!numbered("name = \"f\""));
    }

    #[test]
    fn a_companion_stands_only_where_it_may() {
        let companion = |item, place| memoized("", item, place).contains("fn __memo_call_f");
        let (free, method, of_self) = (
            "fn f() -> u8 { 1 }",
            "fn f(&self) -> u8 { 1 }",
            "fn f() -> Self { 1 }",
        );
        assert!(companion(free, Place::Free));
        assert!(companion(method, Place::Inherent));
        assert!(!companion(free, Place::Trait));
        assert!(companion(free, Place::Unknown));
        assert!(!companion(method, Place::Unknown));
        assert!(!companion(of_self, Place::Unknown));
    }
}
