//! What is to be added, and how it is written.

use std::fmt;
use std::path::{Path, PathBuf};

use cargo_metadata::semver::{Version, VersionReq};
use toml_edit::{InlineTable, Item, Value};

/// A dependency that is wanted.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// The table it belongs to.
    pub(super) table: &'static str,
    /// The package.
    pub(super) package: &'static str,
    /// Where it comes from.
    pub(super) source: Source,
}

/// Where a dependency comes from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// A registry.
    Version(&'static str),
    /// A directory.
    Path(PathBuf),
    /// What the workspace says.
    Workspace,
}

impl Source {
    /// What is written for it.
    pub(super) fn value(&self) -> Value {
        let inline = |key: &str, value: Value| {
            let mut table = InlineTable::new();
            table.insert(key, value);
            Value::InlineTable(table)
        };
        match self {
            Self::Version(version) => (*version).into(),
            Self::Path(path) => inline("path", path.to_string_lossy().into_owned().into()),
            Self::Workspace => inline("workspace", true.into()),
        }
    }

    /// Whether a dependency comes from here.
    pub(super) fn is(&self, there: &Item) -> bool {
        let part = |key| there.as_table_like().and_then(|table| table.get(key));
        let path = part("path").and_then(Item::as_str);
        match self {
            Self::Workspace => part("workspace").is_some(),
            Self::Path(wanted) => path.is_some_and(|path| Path::new(path) == wanted),
            Self::Version(wanted) => {
                let required = there.as_str().or(part("version").and_then(Item::as_str));
                let elsewhere = ["path", "git", "registry"]
                    .map(part)
                    .iter()
                    .any(Option::is_some);
                let meets = |required| {
                    let required = VersionReq::parse(required).ok()?;
                    Some(required.matches(&Version::parse(wanted).ok()?))
                };
                !elsewhere && required.and_then(meets).unwrap_or(false)
            }
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value().fmt(f)
    }
}
