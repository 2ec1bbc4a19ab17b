//! From the recording to the working directory.
//!
//! First everything is compared with what is there, and nothing is written if
//! something is in the way. Then what is missing or differs is written to a
//! temporary file beside its place, and renamed into it.

use std::fs::{File, Permissions};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::OnceLock;

use memo_runtime::Digest;
use memo_runtime::run::{OutputKind, RecordedOutput};
use rustix::fs::FileType;
use rustix::io::Errno;

use super::beneath::{Dir, Obstacle, RIGHTS, Told};
use super::{Has, Restored, interrupted, names};
use crate::failure::Failure;
use crate::render::escape;

/// What the names of temporary files begin with; 16 hexadecimal digits follow.
const TEMPORARY: &str = ".memo-";
/// How much is read at once.
const PIECE: usize = 256 << 10;
/// The rights of a directory of which nothing was recorded.
const OPEN: u32 = 0o777;

/// Whether a name is that of a temporary file, which stays if a process that
/// restores is killed.
pub(super) fn is_temporary(name: &str) -> bool {
    name.strip_prefix(TEMPORARY).is_some_and(|digits| {
        digits.len() == 16 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}

/// Makes all outputs of `recording` be there, unless `stopped`.
pub(super) fn restore(
    dir: &Path,
    declared: &[String],
    recording: &impl Has,
    stopped: &dyn Fn() -> bool,
) -> Result<Restored, Failure> {
    let outputs = recording.outputs();
    let paths = names::recorded(outputs, declared)?;
    if paths.is_empty() {
        return Ok(Restored::default());
    }
    let root = Dir::working(dir).map_err(|error| {
        Failure::Failed(format!(
            "cannot restore outputs: `{}`: {error}",
            escape(&dir.display().to_string())
        ))
    })?;
    let granted = granted()
        .map_err(|error| Failure::Failed(format!("cannot make a temporary file: {error}")))?;
    let mut restoration = Restoration {
        root,
        granted,
        copier: Copier {
            stopped,
            buffer: vec![0; PIECE],
        },
    };
    let mut differing = Vec::new();
    for (index, (output, names)) in outputs.iter().zip(&paths).enumerate() {
        if !restoration.is_there(output, names)? {
            differing.push(index);
        }
    }
    for &index in &differing {
        let (output, names) = (&outputs[index], &paths[index]);
        restoration.put(output, names, || recording.open(index))?;
    }
    Ok(Restored {
        written: differing.len(),
        same: outputs.len() - differing.len(),
    })
}

/// The rights that the user's mask grants to what is created. To ask the system
/// for the mask is to set it, also for what other threads create or start.
/// It is found out once: nothing here sets it.
fn granted() -> io::Result<u32> {
    static GRANTED: OnceLock<u32> = OnceLock::new();
    if let Some(granted) = GRANTED.get() {
        return Ok(*granted);
    }
    let all = Permissions::from_mode(RIGHTS);
    let probe = tempfile::Builder::new().permissions(all).tempfile()?;
    let granted = probe.as_file().metadata()?.permissions().mode() & RIGHTS;
    Ok(*GRANTED.get_or_init(|| granted))
}

struct Restoration<'a> {
    root: Dir,
    granted: u32,
    copier: Copier<'a>,
}

impl Restoration<'_> {
    /// Whether an output is in its place, with its rights. What cannot be read is not.
    fn is_there(&mut self, output: &RecordedOutput, names: &[&str]) -> Result<bool, Failure> {
        let Some((last, parents)) = names.split_last() else {
            return Ok(true);
        };
        let mut found = None;
        for (depth, name) in parents.iter().enumerate() {
            let next = found.as_ref().unwrap_or(&self.root).child(name);
            match next.map_err(|obstacle| in_the_way(output, &parents[..=depth], &obstacle))? {
                Some(dir) => found = Some(dir),
                None => return Ok(false),
            }
        }
        let parent = found.as_ref().unwrap_or(&self.root);
        let obstacle = |obstacle| in_the_way(output, names, &obstacle);
        match output.kind {
            OutputKind::Dir => match parent.kind(last).map_err(obstacle)? {
                None => Ok(false),
                Some(FileType::Directory) => Ok(true),
                Some(kind) => Err(obstacle(Obstacle::Is(kind))),
            },
            OutputKind::File => match parent.file(last) {
                Ok(None) | Err(Obstacle::System(Errno::ACCESS | Errno::PERM)) => Ok(false),
                Ok(Some((_, stat))) if u64::try_from(stat.st_size) != Ok(output.bytes) => Ok(false),
                Ok(Some((_, stat))) if stat.st_mode & RIGHTS != output.mode & self.granted => {
                    Ok(false)
                }
                Ok(Some((file, _))) => {
                    let copied = self.copier.copy(output, file, &mut io::sink())?;
                    Ok(matches!(copied, Ok(digest) if digest == output.digest))
                }
                Err(found) => Err(obstacle(found)),
            },
        }
    }

    /// Puts an output into its place.
    fn put<'b>(
        &mut self,
        output: &RecordedOutput,
        names: &[&str],
        open: impl FnOnce() -> io::Result<Box<dyn Read + 'b>>,
    ) -> Result<(), Failure> {
        let Some((last, parents)) = names.split_last() else {
            return Ok(());
        };
        let mut made = None;
        for (depth, name) in parents.iter().enumerate() {
            let next = made.as_ref().unwrap_or(&self.root).child_or_new(name, OPEN);
            let obstacle = |obstacle| in_the_way(output, &parents[..=depth], &obstacle);
            made = Some(next.map_err(obstacle)?);
        }
        let parent = made.as_ref().unwrap_or(&self.root);
        if output.kind == OutputKind::Dir {
            let made = parent.make(last, output.mode);
            return made.map_err(|obstacle| in_the_way(output, names, &obstacle));
        }
        let unwritten = |error: Errno| failed(output, &io::Error::from(error));
        let recorded = open().map_err(|error| failed(output, &error))?;
        let (temporary, mut file) = Temporary::create(parent, output.mode).map_err(unwritten)?;
        let digest = self
            .copier
            .copy(output, recorded, &mut file)?
            .map_err(|error| failed(output, &error))?;
        if digest != output.digest {
            return Err(failed(
                output,
                &"what is kept of it is not what was recorded",
            ));
        }
        drop(file);
        temporary.rename(last).map_err(unwritten)
    }
}

/// Copies files piece by piece.
struct Copier<'a> {
    stopped: &'a dyn Fn() -> bool,
    buffer: Vec<u8>,
}

impl Copier<'_> {
    /// Copies at most what was recorded and a byte, and digests it.
    fn copy(
        &mut self,
        output: &RecordedOutput,
        from: impl Read,
        to: &mut dyn io::Write,
    ) -> Result<io::Result<Digest>, Failure> {
        let mut from = from.take(output.bytes.saturating_add(1));
        let mut hasher = blake3::Hasher::new();
        loop {
            if (self.stopped)() {
                return Err(interrupted("restoring outputs"));
            }
            let piece = match from.read(&mut self.buffer) {
                Ok(0) => break,
                Ok(length) => &self.buffer[..length],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Ok(Err(error)),
            };
            hasher.update(piece);
            if let Err(error) = to.write_all(piece) {
                return Ok(Err(error));
            }
        }
        Ok(Ok(Digest::from_bytes(*hasher.finalize().as_bytes())))
    }
}

/// A file that is removed unless it is renamed.
struct Temporary<'a> {
    dir: &'a Dir,
    name: String,
    renamed: bool,
}

impl<'a> Temporary<'a> {
    fn create(dir: &'a Dir, mode: u32) -> Result<(Self, File), Errno> {
        loop {
            let name = format!(
                "{TEMPORARY}{:016x}",
                RandomState::new().build_hasher().finish()
            );
            match dir.create(&name, mode) {
                Err(Errno::EXIST) => {}
                Err(error) => return Err(error),
                Ok(file) => {
                    let temporary = Self {
                        dir,
                        name,
                        renamed: false,
                    };
                    return Ok((temporary, file));
                }
            }
        }
    }

    fn rename(mut self, target: &str) -> Result<(), Errno> {
        self.dir.rename(&self.name, target)?;
        self.renamed = true;
        Ok(())
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if !self.renamed {
            let _ = self.dir.remove(&self.name);
        }
    }
}

fn in_the_way(output: &RecordedOutput, at: &[&str], obstacle: &Obstacle) -> Failure {
    let advice = match obstacle {
        Obstacle::Is(_) => "; move it away",
        Obstacle::System(_) => "",
    };
    let told = at.join("/");
    failed(output, &format_args!("{}{advice}", Told(&told, obstacle)))
}

fn failed(output: &RecordedOutput, why: &dyn std::fmt::Display) -> Failure {
    Failure::Failed(format!("cannot restore `{}`: {why}", escape(&output.path)))
}
