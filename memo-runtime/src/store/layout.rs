//! Names of directories and files in a store.
//!
//! ```text
//! .memo/
//!   CACHEDIR.TAG                      backup tools pass the directory over
//!   .gitignore                        `*`
//!   format                            the format version, in decimal
//!   entries/
//!     <function>/                     a slug of its name, and 16 hex digits
//!       function                      a frame: its full name
//!       expires                       empty; entries may have a time to live
//!       <2 hex digits>/
//!         <62 hex digits>             one entry; the digits are its key
//!   flights/<64 hex digits>           one computation under way
//!   code/
//!     <function>/                     named as below `entries/`
//!       <64 hex digits>               the list of the code behind a fingerprint
//!   files/                            files that results name (`store/files.rs`)
//!     <2 hex digits>/<62 hex digits>  one of them; the digits are its digest
//!     of/<function>                   empty; its entries may name files
//!     seen                            what files of the user held
//!   journal/
//!     log                             executions, appended
//!     log.<n>                         older ones, in decimal from 1 on
//!     past                            what still older ones add up to
//!     lock                            locked by who sums them up
//!   upkeep/
//!     lock                            locked by who keeps the store within limits
//!     state                           a frame: how upkeep left the store
//!     growth                          its length tells how much has come since
//!   runtimes/<version>                empty; a version of this crate in use
//!   tmp/<16 hex digits>               entries and lists being written; a large
//!                                     entry is locked by who writes it
//!   tmp/.memo-trial-<16 hex digits>/  what the directory can do is being tried
//!   damaged/<64 hex digits>-<16>      entries and files that failed their check
//! ```
//!
//! Counts and sizes by function need only directory listings. An entry
//! directory holds at most one 256th of a function's entries. Names are
//! lower-case letters, digits, `_`, `-` and `.`, so that they survive file
//! systems that fold case.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use crate::key::Digest;

/// The version of the layout and of the files in it that this crate writes.
pub(crate) const FORMAT: u32 = 1;

pub(crate) const ENTRIES: &str = "entries";
pub(crate) const CODE: &str = "code";
pub(crate) const FLIGHTS: &str = "flights";
/// Files that results name.
pub(crate) const FILES: &str = "files";
/// The functions whose entries may name files.
pub(crate) const FILES_OF: &str = "of";
/// What files of the user held when they were last read.
pub(crate) const FILES_SEEN: &str = "seen";
pub(crate) const JOURNAL: &str = "journal";
pub(crate) const JOURNAL_LOG: &str = "log";
/// Locked by whoever compacts the journal; never removed.
pub(crate) const JOURNAL_LOCK: &str = "lock";
pub(crate) const JOURNAL_PAST: &str = "past";
/// The journal, relative to the root.
pub(crate) const JOURNAL_PATH: &str = "journal/log";
pub(crate) const TMP: &str = "tmp";
pub(crate) const DAMAGED: &str = "damaged";
pub(crate) const FORMAT_FILE: &str = "format";
pub(crate) const CACHEDIR_TAG: &str = "CACHEDIR.TAG";
pub(crate) const GITIGNORE: &str = ".gitignore";
/// The record of a function's full name, in the function's directory.
pub(crate) const FUNCTION_FILE: &str = "function";
/// Says of a function's directory that entries in it may have a time to live.
pub(crate) const EXPIRES_FILE: &str = "expires";
pub(crate) const UPKEEP: &str = "upkeep";
pub(crate) const UPKEEP_LOCK: &str = "lock";
pub(crate) const UPKEEP_STATE: &str = "state";
pub(crate) const UPKEEP_GROWTH: &str = "growth";
pub(crate) const RUNTIMES: &str = "runtimes";

const SLUG_MAX: usize = 40;

/// Whether `name` can stand in the root of a store.
pub(crate) fn belongs_in_root(name: &str) -> bool {
    let parts = [
        ENTRIES,
        FLIGHTS,
        JOURNAL,
        TMP,
        DAMAGED,
        CACHEDIR_TAG,
        GITIGNORE,
        CODE,
        UPKEEP,
        RUNTIMES,
        FILES,
    ];
    parts.contains(&name) || belongs_to_new_root(name)
}

/// Whether `name` may stand in a directory that is to become a store: what a
/// crash at that, or at trying the directory, left.
pub(crate) fn belongs_to_new_root(name: &str) -> bool {
    let rest = name.strip_prefix(FORMAT_FILE);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.')) || is_trial(name)
}

const TRIAL: &str = ".memo-trial-";

/// A name for a directory in which it is tried what a file system can do.
pub(crate) fn trial_name() -> String {
    format!("{TRIAL}{}", unique_name())
}

/// Whether `name` is that of such a directory.
pub(crate) fn is_trial(name: &str) -> bool {
    name.strip_prefix(TRIAL)
        .is_some_and(|rest| rest.len() == 16 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The directory of a function: made of its name, for people, and of the
/// digest of its identity, which tells it from all others.
pub(crate) fn function_dir(path: &str, identity: &Digest) -> String {
    let mut slug = String::with_capacity(SLUG_MAX + 17);
    let tail = path
        .char_indices()
        .rev()
        .nth(SLUG_MAX - 1)
        .map_or(path, |(at, _)| &path[at..]);
    for c in tail.chars() {
        match c {
            'a'..='z' | '0'..='9' | '_' => slug.push(c),
            'A'..='Z' => slug.push(c.to_ascii_lowercase()),
            _ if slug.is_empty() || slug.ends_with('.') => {}
            _ => slug.push('.'),
        }
    }
    let slug = match slug.trim_end_matches('.') {
        "" => "function",
        slug => slug,
    };
    format!("{slug}-{}", &identity.to_hex()[..16])
}

/// Where the entry of a key is, below `entries/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) key: Digest,
    relative: String,
    function_len: usize,
}

impl Place {
    pub(crate) fn new(function_dir: &str, key: Digest) -> Self {
        let hex = key.to_hex();
        let relative = [function_dir, "/", &hex[..2], "/", &hex[2..]].concat();
        Self {
            key,
            relative,
            function_len: function_dir.len(),
        }
    }

    /// The entry, relative to `entries/`.
    pub(crate) fn relative(&self) -> &str {
        &self.relative
    }

    /// The directory of the function.
    pub(crate) fn function_dir(&self) -> &str {
        &self.relative[..self.function_len]
    }

    /// The directory of the entry, relative to the function's.
    pub(crate) fn fan(&self) -> &str {
        &self.parent()[self.function_len + 1..]
    }

    /// The entry, relative to its directory.
    pub(crate) fn leaf(&self) -> &str {
        &self.relative[self.function_len + 4..]
    }

    /// The directory of the entry, relative to `entries/`.
    pub(crate) fn parent(&self) -> &str {
        &self.relative[..self.function_len + 3]
    }
}

/// 16 hex digits that no other process or call is given.
pub(crate) fn unique_name() -> String {
    // RandomState is seeded by the system once a thread and stepped at each
    // use; the process id separates what a forked child would repeat.
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u32(std::process::id());
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_lies_two_levels_below_its_function() {
        let key = crate::key::digest_of("key").unwrap();
        let place = Place::new("f-0", key);
        let hex = key.to_hex();
        assert_eq!(place.relative(), format!("f-0/{}/{}", &hex[..2], &hex[2..]));
        assert_eq!(place.parent(), format!("f-0/{}", &hex[..2]));
        assert_eq!(place.function_dir(), "f-0");
        assert_eq!(place.fan(), &hex[..2]);
        assert_eq!(place.leaf(), &hex[2..]);
    }

    #[test]
    fn any_function_name_becomes_a_safe_directory_name() {
        let identity = crate::key::digest_of("identity").unwrap();
        let long = "α/../\0".repeat(100);
        for path in [
            "ulam::primes_between",
            "",
            "..",
            "/etc",
            "Foo<'_, Vec<u8>>::Bar",
            &long,
        ] {
            let name = function_dir(path, &identity);
            assert!(name.len() <= SLUG_MAX + 17, "{name}");
            assert!(!name.starts_with('.'), "{name}");
            assert!(
                name.chars()
                    .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-' | '.')),
                "{name}"
            );
        }
        assert!(
            function_dir("ulam::primes_between", &identity).starts_with("ulam.primes_between-")
        );
    }

    #[test]
    fn unique_names_differ() {
        let names: std::collections::HashSet<_> = (0..1000).map(|_| unique_name()).collect();
        assert_eq!(names.len(), 1000);
    }
}
