//! From what was typed to a call of the cache: everything that the outcome of
//! a run depends on, in one key.
//!
//! What must hold: whatever can be given to a program on the command line is
//! part of the key; no path of this machine is, but that of a directory
//! outside of any workspace, since nothing else tells it from others.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

use memo_runtime::Memo;
use memo_runtime::key::digest_of;
use memo_runtime::run::RunCall;

use super::arguments::{self, Named};
use super::environment::Variables;
use super::inputs::Input;
use super::program::Program;
use super::stdin::Stdin;
use crate::failure::Failure;

/// What goes by these names was not typed as an argument: those have no spaces.
pub(crate) const WORKING_DIRECTORY: &str = "working directory";
pub(crate) const STANDARD_INPUT: &str = "standard input";
pub(crate) const DECLARED_OUTPUT: &str = "declared output";

/// Where programs run.
#[derive(Clone, Debug)]
pub(crate) struct Whereabouts {
    /// What of it is part of the key; `None`: the root of the workspace.
    named: Option<Named>,
}

impl Whereabouts {
    /// The current directory `dir`, in the workspace at `root`.
    pub(crate) fn new(dir: &Path, root: Option<&Path>) -> Result<Self, Failure> {
        let beneath = root.and_then(|root| dir.strip_prefix(root).ok());
        let known = beneath.unwrap_or(dir);
        if known.as_os_str().is_empty() {
            return Ok(Self { named: None });
        }
        let path = known.as_os_str().as_bytes();
        Ok(Self {
            named: Some(Named {
                name: WORKING_DIRECTORY.to_owned(),
                digest: digest_of(&(WORKING_DIRECTORY, path)).map_err(undigested)?,
                text: arguments::text(known.as_os_str()),
            }),
        })
    }
}

/// What makes up a run, beside the program.
#[derive(Debug)]
pub(crate) struct Parts<'a> {
    pub(crate) arguments: &'a [std::ffi::OsString],
    pub(crate) variables: &'a Variables,
    pub(crate) inputs: &'a [Input],
    pub(crate) outputs: &'a [String],
    pub(crate) stdin: Option<&'a Stdin>,
    pub(crate) whereabouts: &'a Whereabouts,
    pub(crate) ttl: Option<Duration>,
}

/// The call that a run is.
///
/// # Errors
///
/// Something cannot be digested.
pub(crate) fn call(memo: &Memo, program: &Program, parts: &Parts<'_>) -> Result<RunCall, Failure> {
    let mut call = RunCall::builder(memo, program.package(), program.name())
        .code(program.code())
        .dir(program.sources());
    let named = arguments::named(parts.arguments).map_err(undigested)?;
    for argument in named.iter().chain(&parts.variables.named) {
        call = call.argument(&argument.name, argument.digest, &argument.text);
    }
    for input in parts.inputs {
        call = call.argument(&input.name, input.digest, &input.text);
    }
    if let Some(stdin) = parts.stdin {
        let digest = digest_of(&(STANDARD_INPUT, stdin.digest.to_hex())).map_err(undigested)?;
        call = call.argument(STANDARD_INPUT, digest, &stdin.text);
    }
    for output in parts.outputs {
        let digest = digest_of(&(DECLARED_OUTPUT, output)).map_err(undigested)?;
        call = call.argument(DECLARED_OUTPUT, digest, &arguments::text(output.as_ref()));
    }
    if let Some(dir) = &parts.whereabouts.named {
        call = call.argument(&dir.name, dir.digest, &dir.text);
    }
    if let Some(ttl) = parts.ttl {
        call = call.ttl(ttl);
    }
    Ok(call.build())
}

fn undigested(error: memo_runtime::key::EncodeError) -> Failure {
    Failure::Failed(format!("cannot digest what the run depends on: {error}"))
}
