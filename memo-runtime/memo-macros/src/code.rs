//! What code is part of a function's key, and how that is written into the program.
//!
//! Without the model that `memo_build::fingerprint()` leaves for the compiler, it is the function's
//! own tokens. With it, the crate that is being compiled is analysed as soon as a memoized function
//! is met, and the function is given its fingerprint, the conditions that only the compiler knows,
//! and the list of what the fingerprint is made of. Conditions are left to the compiler: each is
//! written as a `cfg!(…)`, and the runtime puts their truth to the fingerprint.
//!
//! Where the source file is not known (in an editor, in a documentation test), nothing is analysed.

mod arguments;
mod began;
mod compiled;
mod compiling;
mod conditions;
mod edited;
mod fallback;
mod features;
mod paths;

use std::path::PathBuf;

use blake3::Hash;
use memo_code::{Fingerprint, Model};
use proc_macro2::{Literal, Span, TokenStream};
use quote::quote;
use syn::{Error, Path};

use crate::place::LineColumn;
use crate::settings::Level;
use compiled::Left;
pub(crate) use fallback::exclusively;

/// A function as the compiler hands it over.
pub(crate) struct Source<'a> {
    /// The source file that its name stands in, if the compiler tells.
    pub(crate) file: Option<PathBuf>,
    /// Where in the file.
    pub(crate) at: LineColumn,
    /// Its tokens, without the attribute.
    pub(crate) item: &'a TokenStream,
    /// Their digest.
    pub(crate) digest: Hash,
}

/// What of the code is part of a function's key, and what is known of its workspace.
#[derive(Default)]
pub(crate) struct Code {
    counts: Counts,
    workspace: Option<Workspace>,
}

/// What of the code counts.
#[derive(Default)]
enum Counts {
    #[default]
    Nothing,
    Function(Hash),
    Reached {
        level: memo_code::Level,
        /// What is reached, and what instead where tests are compiled, if that is something else.
        code: Box<(Fingerprint, Option<Fingerprint>)>,
    },
}

/// The root of the workspace, relative to the package, and its settings.
struct Workspace {
    root: String,
    settings: Vec<(String, String)>,
}

impl Code {
    /// The code of a function with this `code` setting.
    ///
    /// # Errors
    ///
    /// The setting asks for more than can be had without the build script.
    pub(crate) fn find(setting: Option<(Level, Span)>, source: &Source<'_>) -> Result<Code, Error> {
        let Some(file) = source.file.as_deref().filter(|_| !is_documentation_test()) else {
            return Ok(Code::own(setting, source.digest));
        };
        let model = match compiled::model() {
            Left::Model(model) => model,
            left => return Code::without_model(setting, source.digest, left),
        };
        let level = match setting {
            Some((Level::None | Level::Function, _)) => {
                return Ok(Code {
                    workspace: Some(Workspace::of(model)),
                    ..Code::own(setting, source.digest)
                });
            }
            Some((Level::Crate, _)) => memo_code::Level::Crate,
            Some((Level::Graph, _)) | None => memo_code::Level::Graph,
        };
        Ok(Code {
            counts: Counts::Reached {
                level,
                code: Box::new(compiled::fingerprints(model, file, source, level)),
            },
            workspace: Some(Workspace::of(model)),
        })
    }

    /// The function's own tokens, if anything is to count at all.
    fn own(setting: Option<(Level, Span)>, digest: Hash) -> Code {
        let counts = match setting {
            Some((Level::None, _)) => Counts::Nothing,
            _ => Counts::Function(digest),
        };
        Code {
            counts,
            workspace: None,
        }
    }

    fn without_model(
        setting: Option<(Level, Span)>,
        digest: Hash,
        left: &Left,
    ) -> Result<Code, Error> {
        let Some((Level::Graph | Level::Crate, span)) = setting else {
            return Ok(Code::own(setting, digest));
        };
        Err(Error::new(
            span,
            match left {
                Left::Foreign => {
                    "this level of code needs the `memo-build` that belongs to this `memo-runtime`: give both the \
                     same version in Cargo.toml"
                }
                _ => {
                    "this level of code needs a build script: add `memo-build` to the `[build-dependencies]`, and \
                     `fn main() { memo_build::fingerprint(); }` as `build.rs`"
                }
            },
        ))
    }

    /// The value of the field `code` of the runtime's `Function`.
    pub(crate) fn counted(&self, runtime: &Path) -> TokenStream {
        match &self.counts {
            Counts::Nothing => quote!(#runtime::__private::Code::None),
            Counts::Function(digest) => {
                let digest = hex(digest.as_bytes());
                quote!(#runtime::__private::Code::Function(#digest))
            }
            Counts::Reached { level, code } => {
                let (plain, in_tests) = &**code;
                let level = match level {
                    memo_code::Level::Graph => quote!(Graph),
                    memo_code::Level::Crate => quote!(Crate),
                };
                let plain = reached(plain, runtime);
                let reached = match in_tests {
                    None => plain,
                    Some(in_tests) => {
                        let in_tests = reached(in_tests, runtime);
                        quote!(if ::core::cfg!(test) { #in_tests } else { #plain })
                    }
                };
                quote!(#runtime::__private::Code::#level(#reached))
            }
        }
    }

    /// The value of the field `workspace` of the runtime's `Function`.
    pub(crate) fn workspace(&self, runtime: &Path) -> TokenStream {
        let Some(Workspace { root, settings }) = &self.workspace else {
            return quote!(::core::option::Option::None);
        };
        let (names, values): (Vec<_>, Vec<_>) = settings.iter().cloned().unzip();
        quote! {
            ::core::option::Option::Some(#runtime::__private::Workspace {
                root: #root,
                settings: &[#((#names, #values)),*],
            })
        }
    }
}

impl Workspace {
    fn of(model: &Model) -> Workspace {
        Workspace {
            root: model.workspace_root.clone(),
            settings: model.settings.clone(),
        }
    }
}

/// A fingerprint with its conditions and its list.
fn reached(fingerprint: &Fingerprint, runtime: &Path) -> TokenStream {
    let conditions = fingerprint.conditions.iter().filter_map(|text| {
        let condition: TokenStream = text.parse().ok()?;
        Some(quote!((#text, ::core::cfg!(#condition))))
    });
    let digest = hex(&fingerprint.digest);
    let list = Literal::byte_string(&fingerprint.list.to_bytes());
    let types = match &fingerprint.types {
        Some(types) => quote!(::core::option::Option::Some(&[#(#types),*])),
        None => quote!(::core::option::Option::None),
    };
    quote! {
        #runtime::__private::Reached {
            fingerprint: #digest,
            conditions: &[#(#conditions),*],
            list: #list,
            types: #types,
        }
    }
}

fn hex(digest: &[u8; 32]) -> String {
    Hash::from_bytes(*digest).to_hex().as_str().to_owned()
}

/// Whether rustdoc compiles an example. Its source lies inside a comment of another crate.
fn is_documentation_test() -> bool {
    std::env::var_os("UNSTABLE_RUSTDOC_TEST_PATH").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(digest: u8, conditions: &[&str]) -> Fingerprint {
        Fingerprint {
            digest: [digest; 32],
            conditions: conditions.iter().map(|text| (*text).to_owned()).collect(),
            list: memo_code::CodeList::default(),
            types: None,
        }
    }

    /// What is written for a function that reaches this, in canonical spacing.
    fn written(
        level: memo_code::Level,
        plain: Fingerprint,
        in_tests: Option<Fingerprint>,
    ) -> String {
        let code = Code {
            counts: Counts::Reached {
                level,
                code: Box::new((plain, in_tests)),
            },
            workspace: None,
        };
        code.counted(&syn::parse_quote!(::memo)).to_string()
    }

    fn canonical(source: &str) -> String {
        let tokens: TokenStream = source.parse().expect(source);
        tokens.to_string()
    }

    #[test]
    fn a_fingerprint_that_tests_do_not_alter_is_written_once() {
        let code = written(memo_code::Level::Crate, fingerprint(1, &[]), None);
        assert!(
            code.starts_with(&canonical("::memo::__private::Code::Crate")),
            "{code}"
        );
        assert_eq!(code.matches(&"01".repeat(32)).count(), 1);
        assert!(!code.contains("cfg"), "{code}");
    }

    #[test]
    fn a_fingerprint_that_tests_alter_is_left_to_the_compiler() {
        let code = written(
            memo_code::Level::Graph,
            fingerprint(1, &[]),
            Some(fingerprint(2, &[])),
        );
        assert!(code.contains(&canonical("if ::core::cfg!(test)")), "{code}");
        let in_tests = code.find(&"02".repeat(32)).expect("the one in tests");
        assert!(
            in_tests < code.find(&"01".repeat(32)).expect("the other"),
            "{code}"
        );
    }

    #[test]
    fn conditions_are_left_to_the_compiler_with_their_text() {
        let asking = fingerprint(1, &["all(unix, feature = \"fast\")"]);
        let code = written(memo_code::Level::Graph, asking, None);
        let condition =
            r#"("all(unix, feature = \"fast\")", ::core::cfg!(all(unix, feature = "fast")))"#;
        assert!(code.contains(&canonical(condition)), "{code}");
    }

    #[test]
    fn the_types_that_a_function_knows_are_written() {
        let knowing = |types: Option<&[&str]>| {
            let types = types.map(|types| types.iter().map(|&path| path.to_owned()).collect());
            let one = Fingerprint {
                types,
                ..fingerprint(1, &[])
            };
            written(memo_code::Level::Graph, one, None)
        };
        let types = "types: ::core::option::Option::Some(&[\"app::Plan\", \"std::\"])";
        assert!(knowing(Some(&["app::Plan", "std::"])).contains(&canonical(types)));
        let none = canonical("types: ::core::option::Option::None");
        assert!(knowing(None).contains(&none));
    }

    #[test]
    fn the_workspace_is_written_with_its_settings() {
        let code = Code {
            counts: Counts::Nothing,
            workspace: Some(Workspace {
                root: "../..".to_owned(),
                settings: vec![("wait".to_owned(), "90s".to_owned())],
            }),
        };
        let written = code.workspace(&syn::parse_quote!(::memo)).to_string();
        let workspace =
            "::memo::__private::Workspace { root: \"../..\", settings: &[(\"wait\", \"90s\")], }";
        assert!(written.contains(&canonical(workspace)), "{written}");
        let written = Code::default()
            .workspace(&syn::parse_quote!(::memo))
            .to_string();
        assert_eq!(written, canonical("::core::option::Option::None"));
    }
}
