//! A command: any program that is not built here.
//!
//! Its code is the content of its file and where that is: two equal scripts in two directories are
//! two programs, for scripts look around themselves. What must hold: a checkout that has been
//! moved has the same programs.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use memo_runtime::Digest;
use memo_runtime::key::KeyBuilder;

use super::Ready;
use crate::experiment::content;
use crate::experiment::seen::Seen;
use crate::failure::Failure;
use crate::render::escape;

/// The exit code of shells for a command that is not there.
const NOT_FOUND: u8 = 127;
/// The exit code of shells for a command that cannot be executed.
const NOT_EXECUTABLE: u8 = 126;

/// A program that is not built here.
#[derive(Debug)]
pub(crate) struct Command {
    /// As it was typed.
    typed: OsString,
    path: PathBuf,
    name: String,
    /// Where it is, as far as that is part of its code.
    place: PathBuf,
    digest: Digest,
    seen: Seen,
}

impl Command {
    /// The command of this name, looked for as shells do it: in the directories of `PATH`, or where
    /// a name with a slash says. `root`: that of the workspace, if there is one.
    pub(super) fn find(typed: &OsStr, root: Option<&Path>) -> Result<Self, Failure> {
        let path = resolve(typed, env::var_os("PATH").as_deref())?;
        let name = path.file_name().unwrap_or(typed);
        let name = name.to_string_lossy().into_owned();
        let place = place(&path, root);
        let (digest, seen) =
            digest(&path, &place, typed).map_err(|error| cannot_execute(&path, &error))?;
        Ok(Self {
            typed: typed.to_owned(),
            path,
            name,
            place,
            digest,
            seen,
        })
    }

    /// The name of its file.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The digest of its file, and of where that is.
    pub(super) fn digest(&self) -> Digest {
        self.digest
    }

    /// The directory of its file.
    pub(super) fn directory(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }

    /// It is run where it is.
    pub(super) fn ready(&self) -> Ready {
        Ready {
            path: self.path.clone(),
            arg0: self.typed.clone(),
            env: Vec::new(),
            _pinned: None,
        }
    }

    /// Whether the file is no longer what the digest was made of. One that nobody has written to is
    /// not read for it.
    pub(super) fn has_moved_on(&self) -> bool {
        let is_seen = fs::metadata(&self.path).is_ok_and(|it| self.seen.is_still(&it));
        let now = || digest(&self.path, &self.place, &self.typed);
        !is_seen && !now().is_ok_and(|(digest, _)| digest == self.digest)
    }
}

/// The file that a shell would execute.
pub(super) fn resolve(typed: &OsStr, path: Option<&OsStr>) -> Result<PathBuf, Failure> {
    if typed.as_bytes().contains(&b'/') {
        let found = PathBuf::from(typed);
        return match executable(&found) {
            Ok(()) => Ok(std::path::absolute(&found).unwrap_or(found)),
            Err(error) => Err(cannot_execute(&found, &error)),
        };
    }
    let mut refused = None;
    for dir in path.into_iter().flat_map(env::split_paths) {
        // An empty name stands for the current directory.
        let found = std::path::absolute(Path::new(".").join(&dir).join(typed));
        let Ok(found) = found else { continue };
        match executable(&found) {
            Ok(()) if !typed.is_empty() => return Ok(found),
            Err(error) if !is_missing(&error) && !found.is_dir() => {
                refused.get_or_insert((found, error));
            }
            _ => {}
        }
    }
    Err(match refused {
        Some((found, error)) => cannot_execute(&found, &error),
        None => {
            let typed = escape(&typed.to_string_lossy());
            Failure::Exit {
                code: NOT_FOUND,
                message: format!(
                    "command not found: `{typed}`: it is in no directory of PATH; a program \
                     elsewhere is named by its path, as in `./{typed}`"
                ),
            }
        }
    })
}

/// Whether a file is there and may be executed by somebody; whether by this user, shows when it is.
fn executable(path: &Path) -> io::Result<()> {
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() || metadata.permissions().mode() & 0o111 == 0 {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    Ok(())
}

fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

fn cannot_execute(path: &Path, error: &io::Error) -> Failure {
    let shown = escape(&path.to_string_lossy());
    let (code, message) = match error.kind() {
        _ if is_missing(error) => (NOT_FOUND, format!("command not found: `{shown}`")),
        io::ErrorKind::IsADirectory => (
            NOT_EXECUTABLE,
            format!("cannot execute `{shown}`: it is a directory"),
        ),
        io::ErrorKind::PermissionDenied => (
            NOT_EXECUTABLE,
            format!(
                "cannot execute `{shown}`: permission denied; `chmod +x` makes a file executable"
            ),
        ),
        _ => (NOT_EXECUTABLE, format!("cannot execute `{shown}`: {error}")),
    };
    Failure::Exit { code, message }
}

/// Where a file is: from the root of the workspace, or else from that of the file system. Links on
/// the way are followed; its own name counts, for programs of many names look at it.
fn place(path: &Path, root: Option<&Path>) -> PathBuf {
    let dir = path.parent().and_then(|dir| dir.canonicalize().ok());
    let name = path.file_name();
    let real = dir.zip(name).map(|(dir, name)| dir.join(name));
    let real = real.unwrap_or_else(|| path.to_owned());
    let root = root.and_then(|root| root.canonicalize().ok());
    let beneath = root.and_then(|root| real.strip_prefix(root).ok().map(Path::to_owned));
    beneath.unwrap_or(real)
}

/// The digest of a file, of where it is, and of what the program is told that it was called as.
fn digest(path: &Path, place: &Path, typed: &OsStr) -> io::Result<(Digest, Seen)> {
    let file = File::open(path)?;
    // Seen before it is read: what is written meanwhile shows later.
    let seen = Seen::of(&file.metadata()?);
    let (content, _) = content::digest(file)?;
    let mut digest = KeyBuilder::new();
    digest.field("place", place.as_os_str().as_bytes());
    // The whole path of a file in the workspace says no more than its place there.
    if !Path::new(typed).is_absolute() || place.is_absolute() {
        digest.field("name", typed.as_bytes());
    }
    digest.digest("content", &content);
    Ok((digest.finish(), seen))
}
