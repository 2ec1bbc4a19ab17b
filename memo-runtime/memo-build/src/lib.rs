//! One line in a build script makes the code that a memoized function depends on part of its key.
//!
//! ```no_run
//! // build.rs
//! fn main() {
//!     memo_build::fingerprint();
//! }
//! ```
//!
//! with `memo-build` among the `[build-dependencies]`. `#[memo]` then knows of which packages the
//! code consists, and results stay valid until something changes that they depend on. Without it,
//! only the tokens of the memoized function itself count.
//!
//! # For tools
//!
//! [`model()`] gives the same without a build script, and [`remembered_model`] gives it again at
//! little cost; [`remembered_workspace`] does so for what there is in a workspace.

#![allow(
    clippy::needless_doctest_main,
    reason = "the examples are whole build scripts"
)]

mod cargo;
mod directives;
mod error;
mod files;
mod graph;
mod lock;
mod manifest;
mod model;
mod package;
mod paths;
mod query;
mod remembered;
mod script;
mod settings;
mod unified;
mod watched;
mod workspace;

pub use error::Error;
pub use model::{coarse_model, model};
pub use query::Query;
pub use remembered::remembered_model;
pub use workspace::remembered_workspace;

/// Tells `#[memo]` what the package is made of; to be called in `build.rs`.
///
/// It [asks cargo](model()), writes what it learns to `OUT_DIR`, and has cargo run the build script again when
/// a manifest or `Cargo.lock` changes. It does not watch sources: those are looked at whenever the
/// package is compiled. A build script that reads files of its own has to name them to cargo with
/// `rerun-if-changed`, as cargo looks at all files of a package only if nothing is named.
///
/// It never fails and never panics. What cannot be found out is shown as a warning, and results
/// are then computed again more often than they need be. Outside of a build script it does nothing.
///
/// # Examples
///
/// ```no_run
/// // build.rs
/// fn main() {
///     memo_build::fingerprint();
/// }
/// ```
pub fn fingerprint() {
    match Query::of_build_script() {
        Some((query, out_dir)) => script::run(&query, &out_dir),
        None => eprintln!("memo_build::fingerprint() does something in a build script only"),
    }
}
