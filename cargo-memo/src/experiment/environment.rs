//! Variables of the environment that a run depends on: `NAME`, as it is, or
//! `NAME=VALUE`, which is set for the program.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use memo_runtime::key::digest_of;

use super::arguments::{self, Named};
use crate::cli::Variable;
use crate::failure::Failure;
use crate::render::escape;

/// What a name says of a value that is nobody's business.
const SECRETS: [&str; 5] = ["KEY", "TOKEN", "SECRET", "PASS", "CREDENTIAL"];

/// Variables that count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Variables {
    /// What they add to the key.
    pub(crate) named: Vec<Named>,
    /// Those that are set for the program.
    pub(crate) set: Vec<(OsString, OsString)>,
}

/// Looks at the variables that were asked for. `get` gives the value of one.
///
/// # Errors
///
/// A value cannot be digested.
pub(crate) fn variables(
    asked: &[Variable],
    get: impl Fn(&str) -> Option<OsString>,
) -> Result<Variables, Failure> {
    let mut variables = Variables::default();
    for Variable { name, value } in asked {
        let given = value.as_ref().map(OsString::from);
        let value = given.clone().or_else(|| get(name));
        variables.named.push(named(name, value.as_deref())?);
        variables
            .set
            .extend(given.map(|value| (name.into(), value)));
    }
    Ok(variables)
}

fn named(name: &str, value: Option<&OsStr>) -> Result<Named, Failure> {
    let upper = name.to_uppercase();
    let is_secret = SECRETS.iter().any(|word| upper.contains(word));
    // What it is belongs to it: an argument may be called the same.
    let value_bytes = value.map(OsStr::as_bytes);
    let digest = digest_of(&("environment", name, value_bytes))
        .map_err(|error| Failure::Failed(format!("cannot digest `{}`: {error}", escape(name))))?;
    Ok(Named {
        name: format!("env {}", escape(name)),
        digest,
        text: match value {
            None => "(not set)".to_owned(),
            Some(_) if is_secret => "(not shown)".to_owned(),
            Some(value) => arguments::text(value),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(asked: &str) -> Variables {
        let get = |name: &str| (name != "UNSET").then(|| OsString::from(format!("of {name}")));
        variables(&[asked.parse().unwrap()], get).unwrap()
    }

    #[test]
    fn a_variable_counts_as_it_is_or_as_it_is_set() {
        let here = read("SEED");
        assert_eq!(
            (here.named[0].name.as_str(), here.named[0].text.as_str()),
            ("env SEED", "of SEED")
        );
        assert!(here.set.is_empty());
        let given = read("SEED=of SEED");
        assert_eq!(given.named, here.named);
        assert_eq!(given.set, [("SEED".into(), "of SEED".into())]);
        assert_ne!(read("SEED=2").named, here.named);
        assert_eq!(read("UNSET").named[0].text, "(not set)");
        assert_ne!(read("UNSET").named, read("UNSET=").named);
    }

    #[test]
    fn secrets_count_and_are_not_shown() {
        let one = read("API_TOKEN=abc");
        assert_eq!(one.named[0].text, "(not shown)");
        assert_ne!(one.named[0].digest, read("API_TOKEN=abd").named[0].digest);
    }
}
