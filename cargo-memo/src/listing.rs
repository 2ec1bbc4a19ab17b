//! Finding functions by name and results by ID, and reading what results
//! say of themselves.

mod names;
mod values;

use memo_runtime::manage::{Argument, Entry, EntryHead, FunctionName, Unreadable, Vault};
use memo_runtime::{Digest, StoreError};

pub(crate) use names::{ShortNames, is_meant, is_named, last_segment};
pub(crate) use values::{arguments_text, bare, metric_name, named_text, typed};

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
