//! Conditions of compilation: which the compiler can be asked for, and what stands in for the rest.
//!
//! A condition is written into the program as `cfg!(…)`, so it has to be one that the compiler
//! understands. What stands in a `cfg` is not always one: in the definition of a macro there may be
//! a hole that its callers fill. In the place of those counts all that the command line of the
//! compiler says about conditions.

use memo_code::Fingerprint;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Lit, Meta, Token};

use super::arguments;

/// What the compiler is told that decides conditions.
const DECIDING: [&str; 6] = [
    "debug-assertions",
    "opt-level",
    "overflow-checks",
    "panic",
    "target-cpu",
    "target-feature",
];

/// Takes from a fingerprint the conditions that the compiler cannot be asked for; if there are any,
/// the command line becomes part of it.
pub(super) fn answer(fingerprint: &mut Fingerprint) {
    let before = fingerprint.conditions.len();
    fingerprint.conditions.retain(|text| is_understood(text));
    if fingerprint.conditions.len() < before {
        let mut hasher = blake3::Hasher::new_derive_key("memo-macros 1 command line");
        hasher.update(&fingerprint.digest);
        for option in deciding(arguments::all().into_iter()) {
            hasher.update(&(option.len() as u64).to_le_bytes());
            hasher.update(option.as_bytes());
        }
        fingerprint.digest = *hasher.finalize().as_bytes();
    }
}

/// Whether `cfg!(text)` is understood by the compiler.
fn is_understood(text: &str) -> bool {
    fn is_predicate(meta: &Meta) -> bool {
        match meta {
            Meta::Path(path) => path.get_ident().is_some(),
            Meta::NameValue(pair) => {
                let is_text = |value: &Expr| {
                    matches!(
                        value,
                        Expr::Lit(ExprLit {
                            lit: Lit::Str(_),
                            ..
                        })
                    )
                };
                pair.path.get_ident().is_some() && is_text(&pair.value)
            }
            Meta::List(list) => {
                let parse = Punctuated::<Meta, Token![,]>::parse_terminated;
                let Ok(inner) = list.parse_args_with(parse) else {
                    return false;
                };
                let is_count_right = match list.path.get_ident() {
                    Some(name) if name == "not" => inner.len() == 1,
                    Some(name) => name == "all" || name == "any",
                    None => false,
                };
                is_count_right && inner.iter().all(is_predicate)
            }
        }
    }
    syn::parse_str(text).is_ok_and(|meta| is_predicate(&meta))
}

/// What of a command line decides conditions.
fn deciding(arguments: impl Iterator<Item = String>) -> Vec<String> {
    let mut found = Vec::new();
    let mut flag = String::new();
    for argument in arguments {
        let whole = match flag.as_str() {
            "--cfg" | "--target" | "-C" | "-Z" => format!("{flag}={argument}"),
            _ => argument.clone(),
        };
        let option = whole.trim_start_matches("-C=").trim_start_matches("-C");
        let option = option.trim_start_matches("--codegen=");
        let name = option.split('=').next().unwrap_or_default();
        if whole == "--test"
            || ["--cfg=", "--target=", "-Z"]
                .iter()
                .any(|start| whole.starts_with(start))
            || DECIDING.contains(&name)
        {
            found.push(whole);
        }
        flag = argument;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_compiler_understands_is_told_from_what_it_does_not() {
        for text in [
            "unix",
            "feature = \"fast\"",
            "all(unix, not(debug_assertions))",
            "any()",
        ] {
            assert!(is_understood(text), "{text}");
        }
        for text in [
            "$condition",
            "# condition",
            "not(unix, windows)",
            "feature = fast",
            "a::b",
            "version(\"1.80\")",
            "",
            "\"",
        ] {
            assert!(!is_understood(text), "{text}");
        }
    }

    #[test]
    fn of_a_command_line_counts_what_decides_conditions() {
        let line = "rustc --crate-name a src/lib.rs -C opt-level=3 --cfg feature=\"x\" -Cpanic=abort \
                    -C metadata=17 --out-dir /elsewhere --test -L dependency=/deps --target=riscv";
        let arguments = line.split_whitespace().map(str::to_owned);
        let expected = [
            "-C=opt-level=3",
            "--cfg=feature=\"x\"",
            "-Cpanic=abort",
            "--test",
            "--target=riscv",
        ];
        assert_eq!(deciding(arguments), expected);
    }

    #[test]
    fn a_condition_with_a_hole_is_answered_by_the_command_line() {
        let asked = |conditions: &[&str]| {
            let mut fingerprint = Fingerprint {
                digest: [7; 32],
                conditions: conditions.iter().map(|text| (*text).to_owned()).collect(),
                list: memo_code::CodeList::default(),
                types: None,
            };
            answer(&mut fingerprint);
            (fingerprint.conditions, fingerprint.digest == [7; 32])
        };
        let unix = vec!["unix".to_owned()];
        assert_eq!(asked(&["unix"]), (unix.clone(), true));
        assert_eq!(asked(&["$hole", "unix"]), (unix, false));
    }
}
