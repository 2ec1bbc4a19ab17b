//! Which features of a package flags put in force.

use std::collections::BTreeSet;

use cargo_metadata::Package;

use super::CargoFlags;

/// The features that are in force, sorted: those asked for, and those that they bring.
pub(super) fn in_force(package: &Package, flags: &CargoFlags) -> Vec<String> {
    let known = &package.features;
    let mut open: Vec<&str> = Vec::new();
    if !flags.no_default_features && known.contains_key("default") {
        open.push("default");
    }
    if flags.all_features {
        open.extend(known.keys().map(String::as_str));
    }
    let asked = flags
        .features
        .iter()
        .flat_map(|list| list.split([',', ' ']));
    open.extend(asked.filter(|name| !name.is_empty()));
    let own = format!("{}/", package.name);
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        let name = name.strip_prefix(&own).unwrap_or(name);
        if found.insert(name) {
            // What is no feature of its own (`dep:x`, `x/y`) is one of a dependency.
            let brought = known.get(name).into_iter().flatten();
            open.extend(
                brought
                    .map(String::as_str)
                    .filter(|it| known.contains_key(*it)),
            );
        }
    }
    found.into_iter().map(str::to_owned).collect()
}
