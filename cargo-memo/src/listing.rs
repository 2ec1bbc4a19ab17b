//! Finding functions by name and results by ID, and reading what results
//! say of themselves.

use std::collections::BTreeMap;

use memo_runtime::manage::{Argument, Entry, EntryHead, FunctionName, Unreadable, Vault};
use memo_runtime::{Digest, StoreError};

/// A result, with as much as can be read of it.
#[derive(Debug)]
pub(crate) struct Listed {
    /// Whose result it is.
    pub(crate) function: FunctionName,
    /// Its file.
    pub(crate) entry: Entry,
    /// What it says of itself.
    pub(crate) head: Result<EntryHead, Unreadable>,
}

impl Listed {
    /// Reads what an entry says of itself; `None`: it has gone.
    pub(crate) fn read(vault: &Vault, function: FunctionName, entry: Entry) -> Option<Self> {
        let head = vault.head(&entry).transpose()?;
        Some(Self {
            function,
            entry,
            head,
        })
    }

    /// The arguments of the call, as far as they can be read.
    pub(crate) fn arguments(&self) -> &[Argument] {
        let head = self.head.as_ref();
        head.map_or(&[], |head| &head.header.arguments)
    }

    /// How long computing it took, in nanoseconds, if it can be told.
    pub(crate) fn duration(&self) -> Option<u64> {
        self.head.as_ref().ok().map(|head| head.duration)
    }

    /// When it was computed, if that can be told.
    pub(crate) fn created(&self) -> Option<u64> {
        self.head.as_ref().ok().map(|head| head.created)
    }

    /// When it was last used: not before it was computed, even if another clock
    /// wrote the time.
    pub(crate) fn last_used(&self) -> u64 {
        self.entry.last_used.max(self.created().unwrap_or(0))
    }

    /// Until when it is valid; `None`: for ever.
    pub(crate) fn expires(&self) -> Option<u64> {
        let head = self.head.as_ref().ok()?;
        (head.ttl > 0).then(|| head.created.saturating_add(head.ttl))
    }

    /// Whether it is valid at the moment `now`, or why not.
    pub(crate) fn state(&self, now: u64) -> State {
        match &self.head {
            Err(Unreadable::Damaged(_)) => State::Damaged,
            Err(Unreadable::Newer(_)) => State::Newer,
            Err(Unreadable::System(_)) => State::Unreadable,
            Ok(_) if self.expires().is_some_and(|until| until <= now) => State::Expired,
            Ok(_) => State::Valid,
        }
    }

    /// Why it cannot be read, if so.
    pub(crate) fn problem(&self) -> Option<String> {
        self.head.as_ref().err().map(problem)
    }
}

/// Why an entry cannot be read.
pub(crate) fn problem(unreadable: &Unreadable) -> String {
    match unreadable {
        Unreadable::Damaged(fault) => format!("the entry is damaged: {fault}"),
        Unreadable::Newer(version) => format!(
            "the entry has format {version}, which this program does not know: update \
             cargo-memo"
        ),
        Unreadable::System(error) => format!("the entry cannot be read: {error}"),
    }
}

/// What an entry is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// The next call will find it.
    Valid,
    /// The next call will compute it anew.
    Expired,
    /// It does not match its digest.
    Damaged,
    /// A later version wrote it.
    Newer,
    /// The system refused to read it.
    Unreadable,
}

impl State {
    /// The word for it in output.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Expired => "expired",
            Self::Damaged => "damaged",
            Self::Newer => "newer",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Whether `asked` is a function's path or the end of it, cut between
/// segments.
pub(crate) fn is_named(path: &str, asked: &str) -> bool {
    path.strip_suffix(asked)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with("::"))
}

/// `lr=0.1, layers=3`
pub(crate) fn arguments_text(arguments: &[Argument]) -> String {
    let texts = arguments
        .iter()
        .map(|argument| format!("{}={}", argument.name, argument.text));
    texts.collect::<Vec<_>>().join(", ")
}

/// The shortest ends of functions' paths by which they can be told apart.
#[derive(Debug, Default)]
pub(crate) struct ShortNames {
    by_path: BTreeMap<String, String>,
}

impl ShortNames {
    /// Shortens the paths of `functions`, or leaves them whole.
    pub(crate) fn new<'a>(
        functions: impl IntoIterator<Item = &'a FunctionName>,
        whole: bool,
    ) -> Self {
        let mut by_path: BTreeMap<String, String> = functions
            .into_iter()
            .map(|name| (name.path.clone(), name.path.clone()))
            .collect();
        if !whole {
            let paths: Vec<String> = by_path.keys().cloned().collect();
            for (path, short) in &mut by_path {
                let is_own = |end: &&str| {
                    paths
                        .iter()
                        .all(|other| other == path || !is_named(other, end))
                };
                if let Some(end) = ends(path).find(is_own) {
                    *short = end.to_owned();
                }
            }
        }
        Self { by_path }
    }

    /// The name for `function` in a table.
    pub(crate) fn of<'a>(&'a self, function: &'a FunctionName) -> &'a str {
        let name = self.by_path.get(&function.path).unwrap_or(&function.path);
        if name.is_empty() { "(unknown)" } else { name }
    }
}

/// The last segment of a path.
pub(crate) fn last_segment(path: &str) -> &str {
    ends(path).next().unwrap_or(path)
}

/// The ends of a path that begin with a segment, the shortest first. What is
/// in angle brackets is one segment.
fn ends(path: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    let mut cuts = vec![0];
    let bytes = path.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'<' => depth += 1,
            b'>' => depth = depth.saturating_sub(1),
            b':' if depth == 0 && at > 0 && bytes[at - 1] == b':' => cuts.push(at + 1),
            _ => {}
        }
    }
    cuts.into_iter().rev().map(|cut| &path[cut..])
}

/// The shortest beginnings of keys, of at least eight digits, by which they
/// can be told apart in a store.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    sorted: Vec<Digest>,
}

/// Digits of an ID, where no more are needed.
pub(crate) const ID_DIGITS: usize = 8;

impl Ids {
    /// The IDs of all results in a store.
    pub(crate) fn of(vault: &Vault) -> Result<Self, StoreError> {
        let mut sorted = Vec::new();
        for function in vault.functions()? {
            vault.each_entry(&function, |entry| sorted.push(entry.key))?;
        }
        Ok(Self::among(sorted))
    }

    /// The IDs of results with these keys.
    pub(crate) fn among(mut keys: Vec<Digest>) -> Self {
        keys.sort_unstable();
        Self { sorted: keys }
    }

    /// The ID of the result with this key.
    pub(crate) fn of_key(&self, key: &Digest) -> String {
        let hex = key.to_hex();
        let at = self.sorted.partition_point(|other| other < key);
        let before = at.checked_sub(1).and_then(|at| self.sorted.get(at));
        let after = self.sorted[at..].iter().find(|other| *other != key);
        let shared = before.into_iter().chain(after).map(|other| {
            let other = other.to_hex();
            hex.bytes()
                .zip(other.bytes())
                .take_while(|(one, other)| one == other)
                .count()
        });
        let digits = shared.max().map_or(0, |shared| shared + 1).max(ID_DIGITS);
        hex[..digits].to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(paths: &[&str]) -> Vec<FunctionName> {
        let name = |path: &&str| FunctionName {
            package: String::new(),
            path: (*path).to_owned(),
        };
        paths.iter().map(name).collect()
    }

    #[test]
    fn a_function_goes_by_its_path_or_the_end_of_it() {
        assert!(is_named("ulam::sieve::primes", "ulam::sieve::primes"));
        assert!(is_named("ulam::sieve::primes", "sieve::primes"));
        assert!(is_named("ulam::sieve::primes", "primes"));
        for other in ["rimes", "ulam::sieve", "", "::primes"] {
            assert!(!is_named("ulam::sieve::primes", other), "{other}");
        }
    }

    #[test]
    fn names_are_as_short_as_they_can_be_told_apart() {
        let functions = named(&[
            "a::x::train",
            "a::y::train",
            "a::<impl b::W<u8>>::fit",
            "train",
        ]);
        let short = ShortNames::new(&functions, false);
        let names: Vec<&str> = functions
            .iter()
            .map(|function| short.of(function))
            .collect();
        assert_eq!(names, ["x::train", "y::train", "fit", "train"]);
        let whole = ShortNames::new(&functions, true);
        assert_eq!(whole.of(&functions[0]), "a::x::train");
    }

    #[test]
    fn a_function_without_a_name_is_said_to_be_unknown() {
        let functions = named(&[""]);
        assert_eq!(
            ShortNames::new(&functions, false).of(&functions[0]),
            "(unknown)"
        );
    }

    #[test]
    fn an_id_has_as_many_digits_as_it_takes() {
        let key = |first: [u8; 6]| {
            let mut bytes = [0; 32];
            bytes[..6].copy_from_slice(&first);
            Digest::from_bytes(bytes)
        };
        let alone = key([0x11, 0, 0, 0, 0, 0]);
        let one = key([0xab, 0xcd, 0xef, 0x01, 0x23, 0]);
        let other = key([0xab, 0xcd, 0xef, 0x01, 0x24, 0]);
        let ids = Ids::among(vec![one, alone, other]);
        assert_eq!(ids.of_key(&alone), "11000000");
        assert_eq!(ids.of_key(&one), "abcdef0123");
        assert_eq!(ids.of_key(&other), "abcdef0124");
    }
}
