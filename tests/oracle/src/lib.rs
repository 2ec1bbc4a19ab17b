//! The execution oracle: what changes a run must change the fingerprint.
//!
//! Real programs are laid out ([`tree`]), every function in them gets a probe that panics if the
//! function is the mutant of the run ([`mutate`]), and so one build ([`build`]) serves all mutants.
//! Beside each run stands the fingerprint of the memoized function with the same body replaced in
//! the sources ([`code`]). What must hold of the analysis is that no mutant changes a run and no
//! fingerprint; what must hold of the oracle is that a blind analysis does not pass.

pub mod build;
pub mod cargo;
pub mod code;
pub mod failure;
pub mod functions;
pub mod mutate;
pub mod oracle;
pub mod program;
pub mod report;
pub mod subject;
pub mod tree;
pub mod verdict;
