//! The tool, for benchmarks of it.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The `cargo-memo` of this workspace as users have it, built if need be.
///
/// # Panics
///
/// It cannot be built.
pub fn release() -> PathBuf {
    let cargo = std::env::var_os("CARGO").expect("benchmarks are run by cargo");
    let built = Command::new(cargo)
        .args(["build", "--release", "-p", "cargo-memo"])
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo");
    let messages = String::from_utf8(built.stdout).expect("messages of cargo");
    let mut messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let executable = messages.find_map(|message| {
        let executable = message["executable"].as_str()?.to_owned();
        (message["target"]["name"] == "cargo-memo").then_some(executable)
    });
    executable.expect("cargo-memo builds").into()
}
