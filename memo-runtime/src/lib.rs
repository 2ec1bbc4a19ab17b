//! Keep the results of pure functions on disk.

pub mod key;

pub use key::{Digest, ParseDigestError};
