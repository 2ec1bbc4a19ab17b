//! Looking into a store and clearing it, for tools.
//!
//! `cargo memo` is made of this; other tools may be. Everything here returns
//! data (listings, statistics, a plan), never words. What must hold: no result
//! is removed that is not in the [`Plan`] that was shown, and reading changes
//! nothing, not even the time of last use.
//!
//! ```
//! # let dir = tempfile::tempdir()?;
//! # let dir = dir.path().join("store");
//! # memo_runtime::Memo::open(&dir)?.call("f").get_or_compute(|| 1);
//! use memo_runtime::Share;
//! use memo_runtime::manage::{Criterion, Vault};
//!
//! let vault = Vault::open(&dir, Share::None)?.expect("there is a store");
//! let plan = vault.plan(&Criterion::All)?;
//! assert_eq!(plan.entries.len(), 1);
//! let removed = vault.carry_out(&plan, &())?;
//! assert_eq!(removed.entries.entries, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod condition;
mod plan;
mod probe;
mod signs;
mod value;
mod verify;
mod why;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub use crate::watch::Watch;
pub use condition::{BadCondition, Condition, compare_values, value_under};
pub use plan::Criterion;
pub use probe::{
    Check, Finding, Leftovers, Opening, Permissions, Probe, Tried, Verdict, hold_lock,
};
pub use signs::MovedAside;
pub use value::{Atom, Beginning, EntryCheck, Extent, Group, Inspector, Shown};
pub use verify::{Amiss, DamagedFile, DamagedList, Repaired, Report};
pub use why::{
    ArgumentChange, Computation, Duplicate, Explanation, NotKept, ReadEntry, Reason, Removal,
    RemovedBy, Unknown,
};

pub use crate::config::{
    BadSetting, DEFAULT_MAX_SIZE, InForce, Limits, Order, Origin, SETTINGS, STORE_DIR, Setting,
    Settings, Value, Written, parse_duration, parse_size,
};
pub use crate::header::{Argument, CodeLevel, Commit, Header, KeptContent, KeptFile};
pub use crate::journal::{
    Cause, Execution, FunctionStatistics, JournalPosition, Outcome, Statistics,
};
pub use crate::store::FunctionName;
pub use crate::store::code::StoredCode;
pub use crate::store::dir::{FileSystem, Room, Site};
pub use crate::store::files::inventory::KeptFiles;
pub use crate::store::flight::Holder;
pub use crate::store::inventory::{Entry, EntryHead, FunctionDir, Glance, Unreadable};
pub use crate::store::scan::Gather;
pub use crate::store::upkeep::{Keeper, UpkeepLock};
pub use crate::upkeep::plan::{Litter, Plan, Planned, Removed, Totals};

use crate::call::Memo;
use crate::clock::{Clock, Moment};
use crate::codec::compress::Encoding;
use crate::config::{self, Environment, Found, Options, Share};
use crate::error::StoreError;
use crate::journal::{self, Journal};
use crate::key::Digest;
use crate::store::flight::{self, Seen};
use crate::store::{FORMAT, Store};

/// A store, open for looking into it.
#[derive(Debug)]
pub struct Vault {
    pub(crate) store: Arc<Store>,
    journal: Arc<Journal>,
    clock: Clock,
}

/// Where a store is, as settings and environment say.
#[derive(Clone, Debug)]
pub struct Located {
    /// Its directory; `None` if neither names one.
    pub dir: Option<PathBuf>,
    /// Who may write to it.
    pub share: Share,
    /// How large it may grow.
    pub limits: Limits,
    /// All settings, with where their values come from.
    pub in_force: Vec<InForce>,
    /// Settings that could not be used.
    pub bad: Vec<BadSetting>,
    options: Options,
}

/// The workspace around a directory, and its settings, without asking cargo;
/// `None`: there is none.
pub fn workspace_around(dir: &Path) -> Option<(PathBuf, Settings)> {
    config::find_workspace(dir, None)
}

/// Where the store is that programs of a workspace use, given its root and
/// its settings: `MEMO_DIR` wins over the settings.
pub fn locate(workspace: Option<(PathBuf, Settings)>) -> Located {
    let environment = Environment::of_process();
    let settings = workspace.as_ref().map(|(_, settings)| settings);
    let in_force = config::in_force(&environment, settings);
    let found = Found::combine(&environment, workspace);
    let mut bad = found.bad;
    bad.extend(config::unknown_variables());
    Located {
        dir: found.dir,
        share: found.options.share,
        limits: found.options.limits,
        in_force,
        bad,
        options: found.options,
    }
}

impl Located {
    /// The store in `dir`, behaving as it does for programs of the workspace.
    /// It is opened when it is first needed.
    pub fn memo(&self, dir: &Path) -> Memo {
        Memo::closed(dir.to_owned(), self.options.clone())
    }
}

/// A computation that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlightUnderWay {
    /// The key that is being computed.
    pub key: Digest,
    /// Who computes it; `None` if they have not said so yet.
    pub holder: Option<Holder>,
}

/// A result found by its ID.
#[derive(Clone, Debug)]
pub struct FoundEntry {
    /// The function it is a result of.
    pub function: FunctionDir,
    /// The entry.
    pub entry: Entry,
}

impl Vault {
    /// The format version of stores that this crate reads and writes.
    pub const FORMAT: u32 = FORMAT;

    /// Opens the store in `dir`; `None` if there is none.
    ///
    /// # Errors
    ///
    /// There is a directory and it cannot be used as a store.
    pub fn open(dir: &Path, share: Share) -> Result<Option<Self>, StoreError> {
        let Some(store) = Store::open_existing(dir, share == Share::Group)? else {
            return Ok(None);
        };
        let store = Arc::new(store);
        let journal = Journal::new(&store);
        Ok(Some(Self {
            store,
            journal,
            clock: Clock::system(),
        }))
    }

    /// Takes the time of day from `clock`.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Where the store is.
    pub fn path(&self) -> &Path {
        self.store.path()
    }

    /// All functions that have a directory in the store.
    ///
    /// # Errors
    ///
    /// The store cannot be listed.
    pub fn functions(&self) -> Result<Vec<FunctionDir>, StoreError> {
        self.store.functions()
    }

    /// Hands out the entries of a function, in no particular order.
    ///
    /// # Errors
    ///
    /// The store cannot be listed.
    pub fn each_entry(
        &self,
        function: &FunctionDir,
        found: impl FnMut(Entry),
    ) -> Result<(), StoreError> {
        self.store.entries_of(function, found)
    }

    /// What an entry says of itself, its digest checked; `None`: it has gone.
    ///
    /// # Errors
    ///
    /// It is damaged, newer than this crate, or cannot be read.
    pub fn head(&self, entry: &Entry) -> Result<Option<EntryHead>, Unreadable> {
        self.store.head(entry)
    }

    /// What the fixed part of an entry says, unchecked; `None`: it has gone, or
    /// is no entry.
    pub fn glance(&self, entry: &Entry) -> Option<Glance> {
        self.store.glance(entry)
    }

    /// The code behind a fingerprint of a function; `None` if the store does
    /// not have it.
    ///
    /// # Errors
    ///
    /// It is damaged, newer than this crate, or cannot be read.
    pub fn code(
        &self,
        function: &FunctionDir,
        fingerprint: &Digest,
    ) -> Result<Option<StoredCode>, Unreadable> {
        self.store.code(&function.dir, fingerprint)
    }

    /// The fingerprints of a function whose code the store has, sorted.
    ///
    /// # Errors
    ///
    /// The store cannot be listed.
    pub fn fingerprints(&self, function: &FunctionDir) -> Result<Vec<Digest>, StoreError> {
        self.store.fingerprints(&function.dir)
    }

    /// The files that an entry's value names; `None`: the entry has gone.
    ///
    /// # Errors
    ///
    /// It is damaged, newer than this crate, or cannot be read.
    pub fn files_named_by(&self, entry: &Entry) -> Result<Option<Vec<KeptFile>>, Unreadable> {
        self.store.files_named_by(entry)
    }

    /// The files that results name, counted: each once, however many name it.
    ///
    /// # Errors
    ///
    /// The store cannot be listed.
    pub fn files(&self) -> Result<KeptFiles, StoreError> {
        let mut files = KeptFiles::default();
        self.store.each_file(|file| files.add(&file))?;
        Ok(files)
    }

    /// Where the file of an entry is.
    pub fn entry_path(&self, entry: &Entry) -> PathBuf {
        self.store.listed_path(entry)
    }

    /// The entries whose key begins with the hex digits `id`.
    ///
    /// # Errors
    ///
    /// The store cannot be listed.
    pub fn find(&self, id: &str) -> Result<Vec<FoundEntry>, StoreError> {
        let functions = self.functions()?;
        let mut found = Vec::new();
        self.store
            .each_beginning_with(&functions, id, |function, entry| {
                let function = functions[function].clone();
                found.push(FoundEntry { function, entry });
            })?;
        Ok(found)
    }

    /// The keys of all entries that have the first byte of one of `keys`, in
    /// no particular order: what an ID of them could be mistaken for.
    ///
    /// # Errors
    ///
    /// The store cannot be listed.
    pub fn keys_beside(&self, keys: &[Digest]) -> Result<Vec<Digest>, StoreError> {
        self.store.keys_beside(&self.functions()?, keys)
    }

    /// The computations that are under way.
    ///
    /// # Errors
    ///
    /// The store cannot be listed.
    pub fn flights(&self) -> Result<Vec<FlightUnderWay>, StoreError> {
        let names = self.store.flight_names()?;
        let looked = names
            .iter()
            .filter_map(|name| flight::look(&self.store, name, false));
        Ok(looked
            .filter_map(|(key, seen)| match seen {
                Seen::UnderWay(holder) => Some(FlightUnderWay { key, holder }),
                Seen::Abandoned => None,
            })
            .collect())
    }

    /// Gathers all entries of `functions`, on all cores. What is gathered of
    /// the function at a position begins as `begin` says; the results are in
    /// the order of `functions`.
    ///
    /// # Errors
    ///
    /// The store cannot be listed.
    pub fn scan<G: Gather>(
        &self,
        functions: &[FunctionDir],
        begin: impl Fn(usize) -> G + Sync,
    ) -> Result<Vec<G>, StoreError> {
        self.store.scan(functions, begin)
    }

    /// Hands out the journal's records, oldest first, from `start` on; returns
    /// where the next reading may begin. The beginning is
    /// `JournalPosition::default()`.
    ///
    /// # Errors
    ///
    /// The journal is there and cannot be read.
    pub fn each_execution(
        &self,
        start: JournalPosition,
        found: impl FnMut(Execution),
    ) -> Result<JournalPosition, StoreError> {
        journal::read_from(&self.store, start, found).map_err(|error| self.unreadable(error))
    }

    /// The journal summed up by function, what has been removed from it
    /// included.
    ///
    /// # Errors
    ///
    /// The journal is there and cannot be read.
    pub fn statistics(&self) -> Result<Statistics, StoreError> {
        journal::statistics(&self.store).map_err(|error| self.unreadable(error))
    }

    /// The longest that computing a result of a function took lately; `None`
    /// if it has not been computed lately.
    pub fn usual(&self, function: &FunctionName) -> Option<Duration> {
        journal::longest_recent(&self.store, &function.package, &function.path)
    }

    fn unreadable(&self, error: io::Error) -> StoreError {
        StoreError::io("read", self.path().join(journal::PATH), error)
    }
}

impl EntryHead {
    /// The name of the codec that the value is encoded with.
    pub fn codec(&self) -> &'static str {
        Encoding::from_number(self.codec).map_or("unknown", |it| it.codec.name())
    }

    /// The name of what the encoded value is compressed with, if it is.
    pub fn compression(&self) -> Option<&'static str> {
        Some(Encoding::from_number(self.codec)?.method?.name())
    }
}
