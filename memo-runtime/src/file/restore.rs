//! From the store to the user's directories.
//!
//! First everything is compared with what is there, and nothing is written if
//! something is in the way, or is not kept any more. Then what is missing or
//! differs is written to a temporary file beside its place, and renamed into
//! it: a file is in its place whole or not at all, and only with the bytes that
//! were kept. A file gets no more rights than the user's mask grants.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use log::Level;
use rustix::fs::FileType;
use rustix::io::Errno;

use super::beneath::{Dir, Obstacle, kind};
use super::content::Reading;
use super::permitted::{Site, hindered};
use super::tree::{Kind, Leaf, Tree, is_executable};
use super::{Desk, Trouble};
use crate::events;
use crate::header::{self, KeptContent};
use crate::key::Digest;
use crate::store::dir::size;
use crate::store::files::Unfetched;
use crate::store::files::copy::{self, NotCopied};
use crate::store::layout;

/// What the names of temporary files begin with; 16 hexadecimal digits follow.
const TEMPORARY: &str = ".memo-";

/// Whether a name is that of a temporary file, which stays if a process that
/// restores is killed.
pub(super) fn is_temporary(name: &[u8]) -> bool {
    name.strip_prefix(TEMPORARY.as_bytes())
        .is_some_and(|digits| digits.len() == 16 && digits.iter().all(u8::is_ascii_hexdigit))
}

/// Why outputs are not as they were kept.
#[derive(Debug)]
pub(crate) enum Unrestored {
    /// What was kept is gone, or damaged, or is not what an entry can say.
    Lost(Trouble),
    /// It cannot be put where it was.
    Hindered(Trouble),
}

impl Unrestored {
    /// Whether what is kept is of no use to anybody any more.
    pub(crate) fn is_loss(&self) -> bool {
        matches!(self, Self::Lost(_))
    }
}

impl fmt::Display for Unrestored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Lost(trouble) | Self::Hindered(trouble)) = self;
        write!(f, "cannot restore {trouble}")
    }
}

impl From<Trouble> for Unrestored {
    fn from(trouble: Trouble) -> Self {
        Self::Hindered(trouble)
    }
}

/// Makes what is at `paths` be there again, as an entry's `header` has it.
pub(super) fn restore(
    paths: &BTreeSet<PathBuf>,
    desk: &Desk<'_>,
    header: &[u8],
) -> Result<(), Unrestored> {
    let mut restoration = Restoration::of(desk);
    let mut differing = Vec::new();
    for piece in restoration.pieces(paths, header)? {
        if !restoration.is_there(&piece)? {
            restoration.check_kept(&piece)?;
            differing.push(piece);
        }
    }
    for piece in &differing {
        restoration.put(piece)?;
    }
    if !differing.is_empty() {
        tell(&differing);
    }
    Ok(())
}

/// Tells what was put back: what stood in its place is gone.
fn tell(pieces: &[Piece]) {
    let [first, others @ ..] = pieces else { return };
    let path = first.path.display().to_string();
    let path = path.escape_debug();
    match others.len() {
        0 => events::emit(Level::Info, format_args!("put back `{path}`")),
        more => events::emit(
            Level::Info,
            format_args!("put back `{path}` and {more} beside it"),
        ),
    }
}

/// Whether all that is at `paths` is as an entry's `header` has it.
pub(super) fn are_there(paths: &BTreeSet<PathBuf>, desk: &Desk<'_>, header: &[u8]) -> bool {
    let mut restoration = Restoration::of(desk);
    let pieces = restoration.pieces(paths, header);
    pieces.is_ok_and(|pieces| {
        let mut pieces = pieces.iter();
        pieces.all(|piece| matches!(restoration.is_there(piece), Ok(true)))
    })
}

/// A file of an output, or a directory with nothing in it.
struct Piece {
    /// Where it is, for people.
    path: PathBuf,
    site: Site,
    /// `None`: a directory.
    leaf: Option<Leaf>,
}

struct Restoration<'a> {
    desk: Desk<'a>,
    reading: Reading<'a>,
}

impl<'a> Restoration<'a> {
    fn of(desk: &Desk<'a>) -> Self {
        Self {
            desk: *desk,
            reading: Reading::at(desk),
        }
    }

    /// What the outputs are made of.
    fn pieces(&self, paths: &BTreeSet<PathBuf>, header: &[u8]) -> Result<Vec<Piece>, Unrestored> {
        let kept = header::kept_files(header).unwrap_or_default();
        let mut pieces = Vec::with_capacity(paths.len());
        for path in paths {
            let lost = |problem: &str| Unrestored::Lost(Trouble::new(path, problem));
            let site = Site::of(path)?;
            let content = kept.iter().find(|kept| Path::new(&kept.path) == path);
            let content = content.ok_or_else(|| lost("the entry does not have it"))?;
            match content.content {
                KeptContent::File {
                    bytes,
                    executable,
                    digest,
                } => pieces.push(Piece {
                    path: path.clone(),
                    site,
                    leaf: Some(Leaf {
                        bytes,
                        executable,
                        digest,
                    }),
                }),
                KeptContent::Directory { digest, .. } => {
                    let list = self.desk.store.fetch_list(&digest);
                    let list = list.map_err(|unfetched| self.lost(path, &digest, unfetched))?;
                    let tree = Tree::from_bytes(&list);
                    let impossible = || lost("what is kept of it is no list of files");
                    let tree = tree.ok_or_else(impossible)?;
                    let names = tree.names().ok_or_else(impossible)?;
                    if names.is_empty() {
                        pieces.push(Piece {
                            path: path.clone(),
                            site,
                            leaf: None,
                        });
                        continue;
                    }
                    for (names, node) in names.iter().zip(&tree.nodes) {
                        let leaf = match &node.kind {
                            Kind::File(leaf) => Some(*leaf),
                            Kind::Empty => None,
                            Kind::Link(_) => return Err(impossible()),
                        };
                        let path = names
                            .iter()
                            .fold(path.clone(), |path, name| path.join(name));
                        let site = site.beneath(names);
                        pieces.push(Piece { path, site, leaf });
                    }
                }
            }
        }
        Ok(pieces)
    }

    /// Whether something is in its place. What cannot be read is not.
    fn is_there(&mut self, piece: &Piece) -> Result<bool, Unrestored> {
        let hindered = |obstacle| hindered(&piece.path, &obstacle);
        let Some(dir) = piece.site.open(self.reading.store())? else {
            return Ok(false);
        };
        let name = piece.site.name.as_os_str();
        let Some(stat) = dir.look(name).map_err(hindered)? else {
            return Ok(false);
        };
        match (&piece.leaf, kind(&stat)) {
            (None, FileType::Directory) => Ok(true),
            (Some(leaf), FileType::RegularFile) => {
                if size(&stat) != leaf.bytes || is_executable(&stat) != leaf.executable {
                    return Ok(false);
                }
                let read = self.reading.file(&stat, &piece.path, || dir.file(name));
                Ok(matches!(read, Ok(Some((found, _))) if found == *leaf))
            }
            (_, other) => Err(hindered(Obstacle::Is(other)).into()),
        }
    }

    /// Whether the store seems to have what is to be put back.
    fn check_kept(&self, piece: &Piece) -> Result<(), Unrestored> {
        match &piece.leaf {
            None => Ok(()),
            Some(leaf) => self.fetch(piece, leaf).map(drop),
        }
    }

    fn fetch(&self, piece: &Piece, leaf: &Leaf) -> Result<File, Unrestored> {
        let fetched = self.desk.store.fetch_file(&leaf.digest, leaf.bytes);
        fetched.map_err(|unfetched| self.lost(&piece.path, &leaf.digest, unfetched))
    }

    fn put(&self, piece: &Piece) -> Result<(), Unrestored> {
        let failed = |error: io::Error| Trouble::new(&piece.path, error.to_string());
        let hindered = |obstacle| hindered(&piece.path, &obstacle);
        let name = piece.site.name.as_os_str();
        let dir = piece.site.make(self.reading.store())?;
        let Some(leaf) = &piece.leaf else {
            dir.child_or_new(name).map_err(hindered)?;
            return Ok(());
        };
        let kept = self.fetch(piece, leaf)?;
        let mode = if leaf.executable { 0o777 } else { 0o666 };
        let (temporary, file) =
            Temporary::create(&dir, mode).map_err(|error| failed(error.into()))?;
        let digest = match copy::copy(&kept, &file) {
            Ok(digest) => digest,
            Err(NotCopied::Unread(error) | NotCopied::Unwritten(error)) => {
                return Err(failed(error).into());
            }
        };
        if digest != leaf.digest {
            let damaged = Unfetched::damaged(&kept);
            return Err(self.lost(&piece.path, &leaf.digest, damaged));
        }
        drop(file);
        temporary
            .rename(name)
            .map_err(|error| failed(error.into()).into())
    }

    /// What has become of something that was kept. If it is damaged, it is
    /// moved out of the way of what will be kept in its place.
    fn lost(&self, path: &Path, digest: &Digest, unfetched: Unfetched) -> Unrestored {
        let lost = |problem: &str| Unrestored::Lost(Trouble::new(path, problem));
        match unfetched {
            Unfetched::Missing => lost("it is not kept any more"),
            Unfetched::Damaged(file) => {
                let moved = self.desk.writes && self.desk.store.set_file_aside(digest, file);
                lost(if moved {
                    "what is kept of it is damaged, and was moved aside"
                } else {
                    "what is kept of it is damaged"
                })
            }
            Unfetched::Store(error) => Unrestored::Hindered(Trouble::new(path, error.to_string())),
        }
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
        let name = [TEMPORARY, &layout::unique_name()].concat();
        let file = dir.create(&name, mode)?;
        let temporary = Self {
            dir,
            name,
            renamed: false,
        };
        Ok((temporary, file))
    }

    fn rename(mut self, target: &OsStr) -> Result<(), Errno> {
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
