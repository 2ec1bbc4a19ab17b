//! What the oracle is tried on: programs, each a driver with some crates around it.
//!
//! `subjects.toml` lists them. A driver is a source file with memoized functions, which are
//! *examined*, and with functions without arguments, the *entries*, that call them and return what
//! the program prints.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::failure::{Failure, Result};

/// A program.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Subject {
    /// Its name; that of its driver in `drivers/` too.
    pub name: String,
    /// What is special about it.
    pub style: String,
    /// Whether the short form has it.
    #[serde(default)]
    pub short: bool,
    /// The crates that the driver uses and whose functions are mutated.
    #[serde(default)]
    pub crates: BTreeMap<String, Origin>,
    /// Crates that those use, and whose functions are mutated too.
    #[serde(default)]
    pub beneath: BTreeMap<String, Origin>,
    /// Crates that the driver uses and that stay as they are.
    #[serde(default)]
    pub others: BTreeMap<String, Origin>,
    /// Source files that become modules of the driver and are mutated, by their place in its
    /// `src`; relative to this package.
    #[serde(default)]
    pub modules: BTreeMap<String, PathBuf>,
    /// The entry for each examined function, by its path; where there are none, each memoized
    /// function of the driver's file is its own entry.
    #[serde(default)]
    pub entries: BTreeMap<String, String>,
}

/// Where a crate is from.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields, rename_all = "kebab-case")]
pub enum Origin {
    /// From crates.io, in exactly this version.
    Version(String),
    /// From crates.io, with features.
    #[serde(rename_all = "kebab-case")]
    Published {
        /// Its exact version.
        version: String,
        /// The features to ask for.
        #[serde(default)]
        features: Vec<String>,
        /// Whether to ask for the default ones too.
        #[serde(default = "yes")]
        default_features: bool,
    },
    /// From a directory, relative to this package.
    Local {
        /// The directory.
        path: PathBuf,
    },
}

fn yes() -> bool {
    true
}

impl Origin {
    /// The requirement as a manifest has it.
    pub fn requirement(&self) -> String {
        match self {
            Self::Version(version) => format!("\"={version}\""),
            Self::Published {
                version,
                features,
                default_features,
            } => format!(
                "{{ version = \"={version}\", features = {features:?}, default-features = {default_features} }}"
            ),
            Self::Local { .. } => "\"*\"".to_owned(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Subjects {
    subject: Vec<Subject>,
}

/// The directory of this package.
pub fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All subjects, in the order of their file.
///
/// # Errors
///
/// The file cannot be read or understood.
pub fn all() -> Result<Vec<Subject>> {
    let path = home().join("subjects.toml");
    let text = std::fs::read_to_string(&path).map_err(|why| Failure::at("read", &path, why))?;
    let subjects: Subjects =
        toml::from_str(&text).map_err(|why| Failure::at("understand", &path, why))?;
    Ok(subjects.subject)
}
