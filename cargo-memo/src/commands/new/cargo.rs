//! `cargo init`, which lays the foundation: it knows which names will not do,
//! whether a repository is to be begun, and whether the package becomes a
//! member of a workspace.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::cli::Vcs;
use crate::failure::Failure;
use crate::render::escape;

/// Begins a package in an empty directory, and returns what cargo warns of.
///
/// # Errors
///
/// Cargo refuses. What it has made until then stays.
pub(super) fn init(dir: &Path, name: &str, vcs: Option<Vcs>) -> Result<Vec<String>, Failure> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(&cargo);
    command.args(["init", "--bin", "--color=never"]);
    command.arg(format!("--name={name}"));
    command.args(vcs.map(|vcs| match vcs {
        Vcs::Git => "--vcs=git",
        Vcs::None => "--vcs=none",
    }));
    command.arg("--").arg(dir).stdin(Stdio::null());
    let output = command.output().map_err(|error| {
        let cargo = escape(&cargo.to_string_lossy());
        Failure::Failed(format!(
            "cannot run `{cargo}`: {error}: install cargo, or name it with CARGO"
        ))
    })?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        return Ok(warnings(&said));
    }
    Err(Failure::Usage(format!(
        "cannot make a package `{}` in `{}`: choose another name with --name, or another place; \
         cargo says:\n  {}",
        escape(name),
        escape(&dir.to_string_lossy()),
        error(&said)
    )))
}

/// What cargo warns of.
fn warnings(said: &str) -> Vec<String> {
    let lines: Vec<&str> = said.lines().collect();
    let is_warning = |at: &usize| lines[*at].starts_with("warning: ");
    let warnings = (0..lines.len()).filter(is_warning);
    // What is indented explains a warning further, or is of another matter.
    let warning = |at| message(&lines[at..], |line| line.starts_with(' '));
    warnings.map(warning).collect()
}

/// Why cargo gave up.
fn error(said: &str) -> String {
    let lines: Vec<&str> = said.lines().collect();
    let at = lines.iter().position(|line| line.starts_with("error: "));
    message(&lines[at.unwrap_or(0)..], |_| false)
}

/// The message that the first of the lines begins, without the advice behind it
/// and without its word: its lines, all but the first indented.
fn message(lines: &[&str], ends: impl Fn(&str) -> bool) -> String {
    const WORDS: [&str; 4] = ["error: ", "warning: ", "note: ", "help: "];
    let has_word = |line: &str| WORDS.iter().any(|word| line.starts_with(word));
    let Some((first, rest)) = lines.split_first() else {
        return String::new();
    };
    let rest = rest
        .iter()
        .take_while(|line| !has_word(line) && !ends(line));
    let rest = rest.filter(|line| !line.trim().is_empty());
    let first = first.split_once(": ").map_or(*first, |(_, text)| text);
    let mut message = escape(first);
    for line in rest {
        message.push_str("\n  ");
        message.push_str(&escape(line));
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_told_without_what_explains_them() {
        let said = "    Creating binary (application) package
warning: package name `core` may be confused with another
It is recommended to use a different name.
note: the directory name is used as the package name
      Adding `core` as member of workspace
warning: compiling this new package may not work

two packages named `core` in this workspace
warning: virtual workspace defaulting to `resolver = \"1\"`
  |
  = note: to keep the current resolver, specify it
";
        assert_eq!(
            warnings(said),
            [
                "package name `core` may be confused with another\n  It is recommended to use a \
                 different name.",
                "compiling this new package may not work\n  two packages named `core` in this \
                 workspace",
                "virtual workspace defaulting to `resolver = \"1\"`",
            ]
        );
    }

    #[test]
    fn of_an_error_the_causes_are_told_and_not_the_advice() {
        let said = "    Creating binary (application) package
error: failed to parse manifest

Caused by:
  it is no TOML
help: pass `--name <pkgname>`
";
        assert_eq!(
            error(said),
            "failed to parse manifest\n  Caused by:\n    it is no TOML"
        );
    }

    #[test]
    fn cargo_may_say_nothing() {
        assert_eq!(error(""), "");
        assert!(warnings("").is_empty());
    }
}
