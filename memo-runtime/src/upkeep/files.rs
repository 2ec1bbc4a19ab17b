//! Files that entries name: how much of the disk each entry has of them, and
//! which of them no entry names any more.
//!
//! Entries are opened for it only in the directories of functions that have
//! kept files. What must hold: nothing is removed while it is not known what
//! every entry names.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};

use super::policy::Candidate;
use super::survey::each;
use crate::clock::Moment;
use crate::error::StoreError;
use crate::file::named::needed;
use crate::key::Digest;
use crate::store::Store;
use crate::store::files::inventory::Unnamed;
use crate::store::inventory::{Entry, Unreadable};
use crate::watch::Watch;

/// An entry, and the files that it names.
struct Naming<E> {
    entry: E,
    digests: Vec<Digest>,
}

/// Counts the files that entries name to the size of these entries. What
/// several name is shared out among them, so that the sum is what it is.
pub(super) fn share_out<'a>(
    store: &Store,
    candidates: impl Iterator<Item = &'a mut Candidate>,
    watch: &dyn Watch,
) {
    let mut naming: Vec<Naming<&mut Candidate>> = candidates
        .map(|entry| Naming {
            entry,
            digests: Vec::new(),
        })
        .collect();
    each(&mut naming, watch, |it| {
        it.digests = digests(store, &it.entry.entry).unwrap_or_default();
    });
    let mut shares: HashMap<Digest, u64> = HashMap::new();
    for digest in naming.iter().flat_map(|it| &it.digests) {
        *shares.entry(*digest).or_default() += 1;
    }
    for (digest, share) in &mut shares {
        *share = store.disk_of_file(digest) / *share;
    }
    for Naming { entry, digests } in naming {
        let of_files = digests.iter().map(|digest| shares[digest]);
        entry.entry.disk = of_files.fold(entry.entry.disk, u64::saturating_add);
    }
}

/// Removes the files that no entry names. Those that were kept within the last
/// hour stay, unless `all` go.
pub(super) fn remove_unnamed(store: &Store, now: Moment, all: bool) -> Result<Unnamed, StoreError> {
    let functions = store.functions_with_files()?;
    let mut entries = Vec::new();
    for function in store.functions()? {
        if functions.contains(&function.dir) {
            store.entries_of(&function, |entry| {
                entries.push(Naming {
                    entry,
                    digests: Vec::new(),
                });
            })?;
        }
    }
    let is_known = AtomicBool::new(true);
    each(&mut entries, &(), |it| match digests(store, &it.entry) {
        Some(digests) => it.digests = digests,
        None => is_known.store(false, Ordering::Relaxed),
    });
    if !is_known.into_inner() {
        return Ok(Unnamed::default());
    }
    let naming = entries.iter().filter(|it| !it.digests.is_empty());
    let naming: HashSet<String> = naming
        .map(|it| it.entry.function_dir().to_owned())
        .collect();
    let named = entries.into_iter().flat_map(|it| it.digests).collect();
    store.remove_files_except(&named, &naming, now, all)
}

/// The files that an entry names, each once; `None`: that cannot be known.
fn digests(store: &Store, entry: &Entry) -> Option<Vec<Digest>> {
    let files = match store.files_named_by(entry) {
        Ok(files) => files.unwrap_or_default(),
        // Nobody will ever find what it names.
        Err(Unreadable::Damaged(_)) => Vec::new(),
        Err(Unreadable::Newer(_) | Unreadable::System(_)) => return None,
    };
    let needed = needed(store, &files).ok()?;
    let mut digests: Vec<Digest> = needed.iter().map(|it| it.digest).collect();
    digests.sort_unstable();
    digests.dedup();
    Some(digests)
}
