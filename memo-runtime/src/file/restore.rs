//! From the store to the user's directories.
//!
//! First everything is compared with what is there, and nothing is written if
//! something is in the way, or is not kept any more. Then what is missing or
//! differs is written to a temporary file beside its place, and renamed into
//! it: a file is in its place whole or not at all, and only with the bytes that
//! were kept. A file gets no more rights than the user's mask grants, and runs
//! as nobody else. Files that are not among what is put back are left alone.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use log::Level;
use rustix::fs::FileType;

use super::beneath::{Obstacle, RIGHTS, kind};
use super::content::Reading;
use super::permitted::Site;
use super::temporary::{Temporary, has_rights};
use super::tree::{Kind, Leaf, Tree, is_executable};
use super::{Desk, Trouble};
use crate::events;
use crate::header::{self, KeptContent};
use crate::key::Digest;
use crate::store::dir::size;
use crate::store::files::Unfetched;
use crate::store::files::copy::{self, NotCopied};

/// Why outputs are not as they were kept.
#[derive(Debug)]
pub(crate) enum Unrestored {
    /// What was kept is gone, or damaged, or is not what an entry can say.
    Lost(Trouble),
    /// The store cannot be asked for it.
    Unreadable(Trouble),
    /// It cannot be put where it was.
    Hindered(Trouble),
    /// Whoever wants it wants no more.
    Cancelled,
}

impl Unrestored {
    /// Whether what is kept is of no use to anybody any more.
    pub(crate) fn is_loss(&self) -> bool {
        matches!(self, Self::Lost(_))
    }

    /// The same, of paths that are told as they are from `dir`.
    pub(crate) fn told_from(self, dir: &Path) -> Self {
        match self {
            Self::Lost(trouble) => Self::Lost(trouble.told_from(dir)),
            Self::Unreadable(trouble) => Self::Unreadable(trouble.told_from(dir)),
            Self::Hindered(trouble) => Self::Hindered(trouble.told_from(dir)),
            Self::Cancelled => Self::Cancelled,
        }
    }
}

impl fmt::Display for Unrestored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost(trouble) | Self::Unreadable(trouble) | Self::Hindered(trouble) => {
                write!(f, "cannot restore {trouble}")
            }
            Self::Cancelled => f.write_str("interrupted while restoring outputs"),
        }
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
    let put_back = put_back(pieces(paths, desk, header)?, desk)?;
    if !put_back.is_empty() {
        tell(&put_back);
    }
    Ok(())
}

/// Makes all of `pieces` be there; those that were not.
pub(crate) fn put_back(pieces: Vec<Piece>, desk: &Desk<'_>) -> Result<Vec<Piece>, Unrestored> {
    let mut restoration = Restoration::of(desk);
    let mut differing = Vec::new();
    for piece in pieces {
        if !restoration.is_there(&piece)? {
            restoration.check_kept(&piece)?;
            differing.push(piece);
        }
    }
    for piece in &differing {
        restoration.put(piece)?;
    }
    Ok(differing)
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
    let mut is_there = |piece: &Piece| matches!(restoration.is_there(piece), Ok(true));
    pieces(paths, desk, header).is_ok_and(|pieces| pieces.iter().all(&mut is_there))
}

/// A file of an output, or a directory with nothing in it.
pub(crate) struct Piece {
    /// Where it is, for people.
    pub(crate) path: PathBuf,
    pub(crate) site: Site,
    /// `None`: a directory.
    pub(crate) leaf: Option<Leaf>,
    /// Its rights; `None`: they count only as far as it may be executed.
    pub(crate) mode: Option<u32>,
}

/// What outputs are made of, as an entry's `header` has them.
fn pieces(
    paths: &BTreeSet<PathBuf>,
    desk: &Desk<'_>,
    header: &[u8],
) -> Result<Vec<Piece>, Unrestored> {
    let kept = header::kept_files(header).unwrap_or_default();
    let mut pieces = Vec::with_capacity(paths.len());
    for path in paths {
        let impossible = |problem: &str| Unrestored::Lost(Trouble::new(path, problem));
        let piece = |path: PathBuf, site, leaf| Piece {
            path,
            site,
            leaf,
            mode: None,
        };
        let site = Site::of(path)?;
        let content = kept.iter().find(|kept| Path::new(&kept.path) == path);
        let content = content.ok_or_else(|| impossible("the entry does not have it"))?;
        match content.content {
            KeptContent::File {
                bytes,
                executable,
                digest,
            } => {
                let leaf = Leaf {
                    bytes,
                    executable,
                    digest,
                };
                pieces.push(piece(path.clone(), site, Some(leaf)));
            }
            KeptContent::Directory { digest, .. } => {
                let list = desk.store.fetch_list(&digest);
                let list = list.map_err(|unfetched| lost(desk, path, &digest, unfetched))?;
                let impossible = || impossible("what is kept of it is no list of files");
                let tree = Tree::from_bytes(&list).ok_or_else(impossible)?;
                let names = tree.names().ok_or_else(impossible)?;
                if names.is_empty() {
                    pieces.push(piece(path.clone(), site, None));
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
                    pieces.push(piece(path, site.beneath(names), leaf));
                }
            }
        }
    }
    Ok(pieces)
}

/// What has become of something that was kept. If it is damaged, it is moved
/// out of the way of what will be kept in its place.
fn lost(desk: &Desk<'_>, path: &Path, digest: &Digest, unfetched: Unfetched) -> Unrestored {
    let lost = |problem: &str| Unrestored::Lost(Trouble::new(path, problem));
    match unfetched {
        Unfetched::Missing => lost("it is not kept any more"),
        Unfetched::Damaged(file) => {
            let moved = desk.writes && desk.store.set_file_aside(digest, file);
            lost(if moved {
                "what is kept of it is damaged, and was moved aside"
            } else {
                "what is kept of it is damaged"
            })
        }
        Unfetched::Store(error) => Unrestored::Unreadable(Trouble::new(path, error.to_string())),
    }
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

    /// Whether something is in its place. What cannot be read is not.
    fn is_there(&mut self, piece: &Piece) -> Result<bool, Unrestored> {
        let hindered = |obstacle| piece.site.hindered(&piece.path, &obstacle);
        if !(self.desk.goes_on)() {
            return Err(Unrestored::Cancelled);
        }
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
                if piece
                    .mode
                    .is_some_and(|mode| !has_rights(&dir, &stat, mode))
                {
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
        fetched.map_err(|unfetched| lost(&self.desk, &piece.path, &leaf.digest, unfetched))
    }

    fn put(&self, piece: &Piece) -> Result<(), Unrestored> {
        let failed = |error: io::Error| Trouble::new(&piece.path, error.to_string());
        let name = piece.site.name.as_os_str();
        let dir = piece.site.make(self.reading.store())?;
        let Some(leaf) = &piece.leaf else {
            let made = dir.make(name, piece.mode.unwrap_or(RIGHTS));
            return Ok(made.map_err(|obstacle| piece.site.hindered(&piece.path, &obstacle))?);
        };
        let kept = self.fetch(piece, leaf)?;
        let usual = if leaf.executable { 0o777 } else { 0o666 };
        let (temporary, file) = Temporary::create(&dir, piece.mode.unwrap_or(usual))
            .map_err(|error| failed(error.into()))?;
        let digest = match copy::copy(&kept, &file, self.desk.goes_on) {
            Ok(digest) => digest,
            Err(NotCopied::Stopped) => return Err(Unrestored::Cancelled),
            Err(NotCopied::Unread(error) | NotCopied::Unwritten(error)) => {
                return Err(failed(error).into());
            }
        };
        if digest != leaf.digest {
            let damaged = Unfetched::damaged(&kept);
            return Err(lost(&self.desk, &piece.path, &leaf.digest, damaged));
        }
        drop(file);
        temporary
            .rename(name)
            .map_err(|error| failed(error.into()).into())
    }
}
