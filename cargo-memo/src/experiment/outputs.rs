//! What can be declared as output of a run. How outputs are collected and put
//! back, `memo_runtime::run` knows.
//!
//! What must hold: no output reaches out of the working directory, and outputs
//! and the store are apart: a run that kept the store would keep itself, and
//! one that was restored into it would undo what others keep.

use std::path::{Component, Path, PathBuf};

use memo_runtime::run::output_path;

use crate::failure::Failure;
use crate::render::escape;

/// Checks what is declared as output: relative paths that stay beneath `dir`,
/// the working directory, and apart from the `store`.
///
/// # Errors
///
/// One is not; a usage error.
pub(crate) fn check(declared: &[String], dir: &Path, store: &Path) -> Result<(), Failure> {
    for path in declared {
        output_path(path).map_err(|why| refused(path, why))?;
        apart(path, dir, store)?;
    }
    Ok(())
}

/// Refuses a declared path that is the store, lies in it or contains it.
fn apart(declared: &str, dir: &Path, store: &Path) -> Result<(), Failure> {
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

/// Why a path cannot be declared.
fn refused(path: &str, why: &str) -> Failure {
    let path = escape(path);
    Failure::Usage(format!("`{path}` cannot be an output: {why}"))
}

#[cfg(test)]
mod tests;
