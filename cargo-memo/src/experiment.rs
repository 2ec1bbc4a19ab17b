//! Whole programs through the cache: what `run` and `sweep` share.

pub(crate) mod arguments;
pub(crate) mod call;
pub(crate) mod child;
mod content;
pub(crate) mod environment;
pub(crate) mod inputs;
pub(crate) mod mentioned;
pub(crate) mod metrics;
pub(crate) mod outputs;
pub(crate) mod point;
pub(crate) mod program;
pub(crate) mod seen;
pub(crate) mod setup;
pub(crate) mod space;
pub(crate) mod stdin;
