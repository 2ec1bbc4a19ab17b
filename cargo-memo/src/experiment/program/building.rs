//! `cargo build` of one binary.
//!
//! Cargo shows its progress and its errors by itself; what it builds it tells in messages. What
//! must hold: the binary is built as `cargo run` would build it.

use std::env;
use std::ffi::OsString;
use std::io::BufReader;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use cargo_metadata::{Artifact, BuildScript, Message};

use super::CargoFlags;
use super::choice::Choice;
use crate::failure::Failure;
use crate::interrupt;
use crate::render::escape;
use crate::shell::Shell;

/// What came of a build.
#[derive(Debug, Default)]
pub(super) struct Built {
    /// The executable.
    pub(super) executable: PathBuf,
    /// Directories of libraries that build scripts have named.
    pub(super) linked: Vec<PathBuf>,
    /// What the build script of the package has put into the environment, and where it has written.
    pub(super) variables: Vec<(String, String)>,
}

/// The cargo to call.
pub(super) fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Builds a binary.
pub(super) fn build(
    choice: Choice<'_>,
    flags: &CargoFlags,
    shell: &Shell,
) -> Result<Built, Failure> {
    let name = escape(&choice.target.name);
    let failed =
        |problem: &str| Failure::Failed(format!("cannot build the binary `{name}`: {problem}"));
    let mut child = command(choice, flags, shell)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(&format!("cannot start cargo: {error}")))?;
    let messages = child.stdout.take().map(BufReader::new);
    let mut built = None;
    let mut beside = Built::default();
    for message in messages.into_iter().flat_map(Message::parse_stream) {
        match message {
            Ok(Message::CompilerArtifact(artifact)) if is_of(&artifact, choice) => {
                built = artifact.executable.or(built);
            }
            Ok(Message::BuildScriptExecuted(script)) => beside.take(script, choice),
            Ok(_) => {}
            Err(error) => {
                // Whoever does not listen any more must not keep it waiting.
                let _ = child.kill();
                let _ = child.wait();
                return Err(failed(&format!("cannot read what cargo says: {error}")));
            }
        }
    }
    let status = child
        .wait()
        .map_err(|error| failed(&format!("cannot wait for cargo: {error}")))?;
    if interrupt::came() {
        return Err(Failure::Interrupted(format!(
            "interrupted while the binary `{name}` was built"
        )));
    }
    if !status.success() {
        return Err(failed("`cargo build` failed, and says above why"));
    }
    let executable = built.ok_or_else(|| failed("cargo does not say where it is"))?;
    Ok(Built {
        executable: executable.into_std_path_buf(),
        ..beside
    })
}

fn command(choice: Choice<'_>, flags: &CargoFlags, shell: &Shell) -> Command {
    let mut command = Command::new(cargo());
    command.args(["build", "--message-format", "json-render-diagnostics"]);
    command
        .arg("--manifest-path")
        .arg(&choice.package.manifest_path);
    command.args(["--bin", &choice.target.name]);
    for (flag, is_set) in [
        ("--quiet", shell.is_quiet()),
        ("--release", flags.release),
        ("--all-features", flags.all_features),
        ("--no-default-features", flags.no_default_features),
        ("--locked", flags.locked),
        ("--offline", flags.offline),
        ("--frozen", flags.frozen),
    ] {
        if is_set {
            command.arg(flag);
        }
    }
    for features in &flags.features {
        command.args(["--features", features]);
    }
    for (flag, value) in [("--profile", &flags.profile), ("--target", &flags.target)] {
        if let Some(value) = value {
            command.args([flag, value]);
        }
    }
    if let Some(dir) = &flags.target_dir {
        command.arg("--target-dir").arg(dir);
    }
    command
}

fn is_of(artifact: &Artifact, choice: Choice<'_>) -> bool {
    artifact.package_id == choice.package.id
        && artifact.target.is_bin()
        && artifact.target.name == choice.target.name
}

impl Built {
    fn take(&mut self, script: BuildScript, choice: Choice<'_>) {
        let paths = script.linked_paths.into_iter().map(|path| {
            // `native=/somewhere`: the word says what is looked for there.
            let (_, dir) = path.as_str().split_once('=').unwrap_or(("", path.as_str()));
            PathBuf::from(dir)
        });
        self.linked.extend(paths);
        if script.package_id == choice.package.id {
            self.variables = script.env;
            let out = script.out_dir.into_string();
            self.variables.push(("OUT_DIR".to_owned(), out));
        }
    }
}
