//! The settings in `#[memo(…)]`: their grammar, and what makes no sense by itself.
//!
//! Every mistake is reported, each where it stands. What depends on the function, such as the names
//! in `ignore`, is checked in [`Settings::check`].

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, Ident, LitBool, LitInt, LitStr, Path, Token, parenthesized, parse_quote};

use crate::compression::Compression;
use crate::duration;
use crate::unknown::unknown;

const NAMES: [&str; 12] = [
    "version",
    "ignore",
    "ttl",
    "cache_if",
    "cache_err",
    "codec",
    "compress",
    "code",
    "name",
    "memory",
    "store",
    "crate",
];

/// How values become bytes.
#[derive(Clone, Copy)]
pub(crate) enum Codec {
    Bincode,
    MessagePack,
}

/// What code is part of the key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// Everything that the function can reach.
    Graph,
    /// The whole package and its dependencies.
    Crate,
    /// The function's own tokens.
    Function,
    /// Nothing but `version`.
    None,
}

impl Level {
    const NAMES: [&str; 4] = ["graph", "crate", "function", "none"];

    fn named(name: &str) -> Option<Level> {
        Some(match name {
            "graph" => Level::Graph,
            "crate" => Level::Crate,
            "function" => Level::Function,
            "none" => Level::None,
            _ => return None,
        })
    }
}

/// The settings of one memoized function, as given.
#[derive(Default)]
pub(crate) struct Settings {
    pub(crate) version: Option<u64>,
    pub(crate) ignore: Vec<Ident>,
    pub(crate) ttl_seconds: Option<u64>,
    pub(crate) cache_if: Option<Path>,
    /// Where `cache_err` stands.
    pub(crate) cache_err: Option<Span>,
    pub(crate) codec: Option<Codec>,
    /// How results are compressed, and where that stands.
    pub(crate) compress: Option<(Compression, Span)>,
    /// The level of code, and where it stands.
    pub(crate) code: Option<(Level, Span)>,
    pub(crate) name: Option<LitStr>,
    pub(crate) memory: Option<bool>,
    pub(crate) store: Option<Expr>,
    runtime: Option<Path>,
}

impl Settings {
    /// The path of the runtime crate.
    pub(crate) fn runtime(&self) -> Path {
        self.runtime
            .clone()
            .unwrap_or_else(|| parse_quote!(::memo_runtime))
    }

    /// Checks the settings against the names of the function's arguments, and
    /// the type of its result.
    pub(crate) fn check(&self, arguments: &[String], result: TokenStream) -> Result<(), Error> {
        let mut errors = Errors::default();
        if let Some((Compression::Zstd(_) | Compression::Lz4, span)) = self.compress
            && mentions(result, "MappedVec")
        {
            errors.push(Error::new(
                span,
                "a `MappedVec` is mapped as it is kept, so it cannot be compressed: leave `compress` out, or return a `Vec`",
            ));
        }
        for (at, ignored) in self.ignore.iter().enumerate() {
            let name = ignored.to_string();
            if self.ignore[..at].contains(ignored) {
                errors.push(Error::new(
                    ignored.span(),
                    format!("`{name}` is ignored twice"),
                ));
            } else if !arguments.contains(&name) {
                errors.push(Error::new(
                    ignored.span(),
                    unknown("argument", &name, arguments),
                ));
            }
        }
        errors.into_result()
    }

    fn set(&mut self, setting: &Ident, input: ParseStream<'_>) -> Result<(), Error> {
        match setting.to_string().as_str() {
            "version" => {
                let number: LitInt = value(setting, "2", input)?;
                self.version = Some(number.base10_parse()?);
            }
            "ignore" => {
                if !input.peek(syn::token::Paren) {
                    return Err(Error::new(setting.span(), form("ignore(pool, verbose)")));
                }
                let names;
                parenthesized!(names in input);
                let names: Punctuated<Ident, Token![,]> =
                    Punctuated::parse_terminated_with(&names, Ident::parse_any)?;
                if names.is_empty() {
                    return Err(Error::new(setting.span(), form("ignore(pool, verbose)")));
                }
                self.ignore = names.into_iter().collect();
            }
            "ttl" => {
                let text: LitStr = value(setting, "\"7d\"", input)?;
                let seconds = duration::seconds(&text.value());
                self.ttl_seconds = Some(seconds.map_err(|reason| Error::new(text.span(), reason))?);
            }
            "cache_if" => self.cache_if = Some(value(setting, "path::of::a_function", input)?),
            "cache_err" => {
                if input.peek(Token![=]) || input.peek(syn::token::Paren) {
                    return Err(Error::new(
                        setting.span(),
                        "`cache_err` takes no value: write it alone, or leave it out",
                    ));
                }
                self.cache_err = Some(setting.span());
            }
            "codec" => {
                let text: LitStr = value(setting, "\"bincode\"", input)?;
                self.codec = Some(match text.value().as_str() {
                    "bincode" => Codec::Bincode,
                    "messagepack" => Codec::MessagePack,
                    other => {
                        return Err(Error::new(
                            text.span(),
                            unknown("codec", other, &["bincode", "messagepack"]),
                        ));
                    }
                });
            }
            "compress" => {
                let text: LitStr = value(setting, "\"zstd\"", input)?;
                let compression = Compression::named(&text.value());
                let compression = compression.map_err(|reason| Error::new(text.span(), reason))?;
                self.compress = Some((compression, text.span()));
            }
            "code" => {
                let text: LitStr = value(setting, "\"function\"", input)?;
                let name = text.value();
                let level = Level::named(&name).ok_or_else(|| {
                    Error::new(text.span(), unknown("level of code", &name, &Level::NAMES))
                })?;
                self.code = Some((level, text.span()));
            }
            "name" => {
                let text: LitStr = value(setting, "\"train\"", input)?;
                if text.value().trim().is_empty() {
                    return Err(Error::new(
                        text.span(),
                        "a name that says nothing cannot stand for the function: give one, or leave out `name`",
                    ));
                }
                self.name = Some(text);
            }
            "memory" => {
                let memory: LitBool = value(setting, "false", input)?;
                self.memory = Some(memory.value);
            }
            "store" => self.store = Some(value(setting, "expression", input)?),
            "crate" => {
                let CratePath(path) = value(setting, "path::of::memo_runtime", input)?;
                self.runtime = Some(path);
            }
            other => {
                return Err(Error::new(
                    setting.span(),
                    unknown("setting", other, &NAMES),
                ));
            }
        }
        Ok(())
    }
}

impl Parse for Settings {
    fn parse(input: ParseStream<'_>) -> Result<Settings, Error> {
        let mut settings = Settings::default();
        let mut given: Vec<Ident> = Vec::new();
        let mut errors = Errors::default();
        let mut code_is_none = None;
        while !input.is_empty() {
            let setting = input.call(Ident::parse_any)?;
            let is_first = !given.contains(&setting);
            let mut result = settings.set(&setting, input);
            if !is_first {
                result = Err(Error::new(
                    setting.span(),
                    format!("`{setting}` is given twice"),
                ));
            }
            if result.is_ok() && !input.is_empty() && !input.peek(Token![,]) {
                result = Err(input.error("expected `,` before the next setting"));
            }
            if setting == "code" && matches!(settings.code, Some((Level::None, _))) {
                code_is_none = Some(setting.span());
            }
            given.push(setting);
            if let Err(error) = result {
                errors.push(error);
                while !input.is_empty() && !input.peek(Token![,]) {
                    input.parse::<TokenTree>()?;
                }
            }
            input.parse::<Option<Token![,]>>()?;
        }
        if let Some(span) = code_is_none
            && !given.iter().any(|setting| setting == "version")
        {
            errors.push(Error::new(
                span,
                "with `code = \"none\"` only `version` can tell that the function has changed: give one, as in \
                 `#[memo(code = \"none\", version = 1)]`",
            ));
        }
        errors.into_result().map(|()| settings)
    }
}

/// Whether a name stands anywhere in `tokens`.
pub(crate) fn mentions(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(found) => found == name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        _ => false,
    })
}

/// A path, written as it is or in a string.
struct CratePath(Path);

impl Parse for CratePath {
    fn parse(input: ParseStream<'_>) -> Result<CratePath, Error> {
        let path = match input.parse::<Option<LitStr>>()? {
            Some(text) => text.parse_with(Path::parse_mod_style)?,
            None => input.call(Path::parse_mod_style)?,
        };
        Ok(CratePath(path))
    }
}

/// Errors that are reported together.
#[derive(Default)]
pub(crate) struct Errors(Option<Error>);

impl Errors {
    pub(crate) fn push(&mut self, error: Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            None => self.0 = Some(error),
        }
    }

    pub(crate) fn into_result(self) -> Result<(), Error> {
        self.0.map_or(Ok(()), Err)
    }
}

/// What stands behind the `=` of a setting.
fn value<T: Parse>(setting: &Ident, example: &str, input: ParseStream<'_>) -> Result<T, Error> {
    let form = || form(&format!("{setting} = {example}"));
    if input.parse::<Option<Token![=]>>()?.is_none() {
        return Err(Error::new(setting.span(), form()));
    }
    let start = input.span();
    input.parse().map_err(|_| Error::new(start, form()))
}

fn form(example: &str) -> String {
    format!("expected the form `{example}`")
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;

    use super::Settings;

    /// The messages for `settings` on a function with the arguments `a` and `pool`.
    fn messages(settings: &str) -> Vec<String> {
        messages_for(settings, "Vec<u64>")
    }

    /// The messages for `settings` on such a function that returns this.
    fn messages_for(settings: &str, result: &str) -> Vec<String> {
        let result: TokenStream = result.parse().expect(result);
        let checked = syn::parse_str::<Settings>(settings).and_then(|settings| {
            settings.check(&["a".to_owned(), "pool".to_owned()], result.clone())
        });
        let errors = checked.err().into_iter().flatten();
        errors.map(|error| error.to_string()).collect()
    }

    #[test]
    fn all_settings_are_understood_at_once() {
        let all = "version = 2, ignore(pool, a), ttl = \"1d12h\", cache_if = crate::good, cache_err, \
                   codec = \"messagepack\", compress = \"zstd:9\", code = \"none\", name = \"n\", \
                   memory = false, store = &*STORE, crate = ::memo,";
        assert!(messages(all).is_empty(), "{:?}", messages(all));
        assert!(messages("").is_empty());
        assert!(messages("crate = \"a::b\"").is_empty());
    }

    #[test]
    fn every_mistake_is_reported() {
        assert_eq!(
            messages("versoin = 2, ttl = 7, cache_err = true, ttl = \"1d\"").len(),
            4
        );
        assert_eq!(messages("ignore(b, a, a)").len(), 2);
    }

    #[test]
    fn what_is_mapped_is_not_compressed() {
        let mapped = "Result<(memo_runtime::MappedVec<u64>, u8), String>";
        for compress in ["zstd", "zstd:9", "lz4"] {
            let settings = format!("compress = \"{compress}\"");
            assert_eq!(messages_for(&settings, mapped).len(), 1, "{compress}");
            assert!(messages(&settings).is_empty(), "{compress}");
        }
        assert!(messages_for("compress = \"none\"", mapped).is_empty());
        assert!(messages_for("", mapped).is_empty());
    }
}
