//! Where memo-runtime and memo-build come from.

use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{InlineTable, Value};

use crate::commands::way::relative;
use crate::failure::Failure;
use crate::render::escape;

/// Where dependencies come from.
#[derive(Debug)]
pub(super) enum Source {
    /// A registry, in the version of this program.
    Registry,
    /// A checkout of the sources, as an absolute path without links.
    Checkout(PathBuf),
}

impl Source {
    /// The checkout that is named, if one is.
    pub(super) fn find(checkout: Option<&Path>) -> Result<Self, Failure> {
        let Some(checkout) = checkout else {
            return Ok(Self::Registry);
        };
        let is_checkout = |dir: &PathBuf| dir.join("memo-runtime/Cargo.toml").is_file();
        let found = fs::canonicalize(checkout).ok().filter(is_checkout);
        found.map(Self::Checkout).ok_or_else(|| {
            let shown = escape(&checkout.to_string_lossy());
            Failure::Usage(format!(
                "there is no memo-runtime in `{shown}`: --path wants a checkout of its sources"
            ))
        })
    }

    /// What a manifest in `dir` says of a dependency that is in this directory
    /// of a checkout.
    pub(super) fn value(&self, directory: &str, dir: &Path) -> Value {
        match self {
            Self::Registry => env!("CARGO_PKG_VERSION").into(),
            Self::Checkout(checkout) => {
                let dir = fs::canonicalize(dir).unwrap_or_else(|_| dir.to_owned());
                let way = relative(&dir, &checkout.join(directory));
                let mut table = InlineTable::new();
                table.insert("path", way.to_string_lossy().into_owned().into());
                Value::InlineTable(table)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_a_checkout_goes_up_and_down() {
        let value = |checkout: &str, dir: &str| {
            let source = Source::Checkout(checkout.into());
            source.value("memo-runtime", Path::new(dir)).to_string()
        };
        assert_eq!(
            value("/no/a", "/no/b/c"),
            "{ path = \"../../a/memo-runtime\" }"
        );
        assert_eq!(value("/no/a", "/no/a/b"), "{ path = \"../memo-runtime\" }");
    }
}
