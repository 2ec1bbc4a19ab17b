//! Outputs and the store are apart: a run that kept the store would keep
//! itself, and one that was restored into it would undo what others keep.

use std::path::{Component, Path, PathBuf};

use super::names::refused;
use crate::failure::Failure;

/// Refuses a declared path that is the store, lies in it or contains it.
pub(super) fn apart(declared: &str, dir: &Path, store: &Path) -> Result<(), Failure> {
    let output = resolved(&dir.join(declared));
    let store = resolved(store);
    let why = if output == store {
        "it is the store; name something else"
    } else if output.starts_with(&store) {
        "it lies in the store; name something outside of it"
    } else if store.starts_with(&output) {
        "it contains the store; name what the program leaves there"
    } else {
        return Ok(());
    };
    Err(refused(declared, why))
}

/// Where a path leads: through all links, as far as it exists.
fn resolved(path: &Path) -> PathBuf {
    for ancestor in path.ancestors() {
        if let (Ok(mut real), Ok(rest)) = (ancestor.canonicalize(), path.strip_prefix(ancestor)) {
            for name in rest.components() {
                match name {
                    Component::ParentDir => drop(real.pop()),
                    name => real.push(name),
                }
            }
            return real;
        }
    }
    path.to_owned()
}
