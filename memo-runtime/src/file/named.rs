//! Which files in the store an entry needs.

use super::tree::{Kind, Tree};
use crate::header::{KeptContent, KeptFile};
use crate::key::Digest;
use crate::store::Store;
use crate::store::files::Unfetched;

/// A file in the store that an entry needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Needed<'a> {
    /// Of which output, by its path.
    pub(crate) path: &'a str,
    pub(crate) digest: Digest,
    /// Its size; `None`: it is the list of what is in a directory.
    pub(crate) bytes: Option<u64>,
}

/// All files that are needed for what an entry names. Of a directory whose list
/// is lost or damaged, that is the list alone.
///
/// # Errors
///
/// A list cannot be read now: it is not known what is needed.
pub(crate) fn needed<'a>(
    store: &Store,
    files: &'a [KeptFile],
) -> Result<Vec<Needed<'a>>, Unfetched> {
    let mut needed = Vec::with_capacity(files.len());
    for file in files {
        let path = file.path.as_str();
        let (digest, bytes) = match file.content {
            KeptContent::File { digest, bytes, .. } => (digest, Some(bytes)),
            KeptContent::Directory { digest, .. } => (digest, None),
        };
        needed.push(Needed {
            path,
            digest,
            bytes,
        });
        if bytes.is_some() {
            continue;
        }
        let list = match store.fetch_list(&digest) {
            Ok(list) => list,
            Err(Unfetched::Missing | Unfetched::Damaged(_)) => continue,
            Err(unfetched) => return Err(unfetched),
        };
        let nodes = Tree::from_bytes(&list).unwrap_or_default().nodes;
        needed.extend(nodes.into_iter().filter_map(|node| match node.kind {
            Kind::File(leaf) => Some(Needed {
                path,
                digest: leaf.digest,
                bytes: Some(leaf.bytes),
            }),
            Kind::Empty | Kind::Link(_) => None,
        }));
    }
    Ok(needed)
}
