//! Which packages are not always compiled alike: with which features depends on what else of the
//! workspace is built, and a profile may have settings for one package alone.
//!
//! What must hold: a package that is not marked here is compiled with the features of the model in
//! every build that compiles the package at hand. Features only ever add up, so that it is enough to
//! compare the smallest build, of the package alone and without tests, with the largest.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use memo_code::Model;

use crate::cargo;
use crate::manifest::Manifest;
use crate::query::Query;

/// Separates a package from its features in what cargo is asked to print.
const SEPARATOR: char = '|';

/// Features by name and version of the package; one package may be compiled several times.
type Features = BTreeMap<(String, String), BTreeSet<String>>;

/// Marks in `model` what is not always compiled alike.
pub(crate) fn mark(model: &mut Model, workspace: &Path, query: &Query) {
    let manifest = Manifest::read(&workspace.join("Cargo.toml")).unwrap_or_default();
    let has_own_profile = manifest.has_profiles_of_packages();
    for package in model.packages.iter_mut().skip(1) {
        package.has_own_profile = has_own_profile;
    }
    if model.externals.is_empty() {
        return;
    }
    let Some(first) = model.packages.first() else {
        return;
    };
    let alone = format!("{}@{}", first.name, first.version);
    let smallest = ["--package", &alone, "--edges", "normal,build"];
    let smallest = cargo::tree(query, &[&smallest[..], &["--no-default-features"]].concat());
    let largest = cargo::tree(query, &["--workspace", "--edges", "normal,build,dev"]);
    let trees = smallest.ok().zip(largest.ok());
    let trees = trees.map(|(smallest, largest)| (features(&smallest), features(&largest)));
    for external in &mut model.externals {
        let key = (external.name.clone(), external.version.clone());
        external.varies = match &trees {
            // What only tests use is compiled for nothing else.
            Some((smallest, largest)) => {
                let smallest = smallest.get(&key);
                smallest.is_some() && smallest != largest.get(&key)
            }
            None => true,
        };
    }
}

/// Reads what cargo prints: a line a package, `name v1.2.3 (…)|feature,feature`.
fn features(printed: &str) -> Features {
    let mut features = Features::new();
    for line in printed.lines() {
        let Some((package, enabled)) = line.rsplit_once(SEPARATOR) else {
            continue;
        };
        let mut words = package.split(' ');
        if let (Some(name), Some(version)) = (words.next(), words.next()) {
            let version = version.trim_start_matches('v');
            let enabled = enabled.trim_end_matches(" (*)").to_owned();
            let key = (name.to_owned(), version.to_owned());
            features.entry(key).or_default().insert(enabled);
        }
    }
    features
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_package_with_its_features() {
        let printed = "app v0.1.0 (/somewhere else/app)|\n\
                       serde_derive v1.0.2 (proc-macro)|default\n\
                       serde v1.0.2|derive,std (*)\n\
                       serde v1.0.2|std\n\n\
                       nothing\n";
        let features = features(printed);
        let of = |name: &str, version: &str| -> Vec<&str> {
            let key = (name.to_owned(), version.to_owned());
            features[&key].iter().map(String::as_str).collect()
        };
        assert_eq!(of("app", "0.1.0"), [""]);
        assert_eq!(of("serde_derive", "1.0.2"), ["default"]);
        assert_eq!(of("serde", "1.0.2"), ["derive,std", "std"]);
        assert_eq!(features.len(), 3);
    }
}
