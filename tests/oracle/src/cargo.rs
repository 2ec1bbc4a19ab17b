//! Cargo: the one that runs this, or else the one there is.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output};

use cargo_metadata::{Metadata, MetadataCommand};

use crate::failure::{Failure, Result};

/// Writes the lock file of a package, and downloads what is in it.
///
/// # Errors
///
/// Cargo fails.
pub fn fetch(dir: &Path) -> Result<()> {
    let output = run(command(dir).args(["fetch", "--quiet"]), dir)?;
    if output.status.success() {
        return Ok(());
    }
    let why = String::from_utf8_lossy(&output.stderr);
    Err(Failure::at("lock the dependencies of", dir, why))
}

/// What there is to know of a package and of what it depends on, which is downloaded.
///
/// # Errors
///
/// Cargo fails.
pub fn metadata(dir: &Path) -> Result<Metadata> {
    MetadataCommand::new()
        .manifest_path(dir.join("Cargo.toml"))
        .exec()
        .map_err(|why| Failure::at("ask cargo about", dir, why))
}

/// Builds a package as fast as can be, with its messages as JSON.
///
/// # Errors
///
/// Cargo cannot be started; that it fails is in the output.
pub fn build(dir: &Path, target: &Path) -> Result<Output> {
    let mut command = command(dir);
    command
        .args(["build", "--quiet", "--keep-going", "--message-format=json"])
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_ENCODED_RUSTFLAGS", "--cap-lints=allow")
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env_remove("RUSTC_WORKSPACE_WRAPPER");
    run(&mut command, dir)
}

fn command(dir: &Path) -> Command {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.current_dir(dir);
    command
}

fn run(command: &mut Command, dir: &Path) -> Result<Output> {
    command
        .output()
        .map_err(|why| Failure::at("run cargo in", dir, why))
}
