//! A store to call through: found by itself, or opened by the program.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{
    Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
};
use std::time::{Duration, Instant};

use super::builder::{Builder, CallBuilder};
use super::function::Workspace;
use super::inputs::Inputs;
use super::tier::Tier;
use crate::config::{self, Environment, Found, Mode, Options, Share};
use crate::error::StoreError;
use crate::events;
use crate::journal::Journal;
use crate::key::Digest;
use crate::store::Store;
use crate::upkeep::automatic::{Automatic, Terms};

/// How long a store that could not be opened is left alone.
const RETRY: Duration = Duration::from_millis(100);

/// A store of results, open in this process. Clones are the same store.
///
/// Functions with `#[memo]` find theirs by themselves; this is for naming
/// another (`#[memo(store = …)]`) and for keeping results without the macro:
///
/// ```
/// # let dir = tempfile::tempdir()?;
/// # let dir = dir.path().join("store");
/// # fn train(lr: f64, layers: u32) -> f64 { lr * f64::from(layers) }
/// use memo_runtime::Memo;
///
/// let memo = Memo::open(&dir)?;
/// let (lr, layers) = (0.1, 3);
/// let loss = memo
///     .call("train")
///     .version(1)
///     .arg("lr", &lr)
///     .arg("layers", &layers)
///     .get_or_compute(|| train(lr, layers));
/// # assert_eq!(loss, train(lr, layers));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Memo {
    inner: Arc<Inner>,
}

struct Inner {
    dir: PathBuf,
    options: Options,
    state: RwLock<State>,
    /// The store as it was last looked into without creating it.
    looked_into: Mutex<Option<Arc<Store>>>,
    /// The last trouble that was told of.
    trouble: Mutex<Option<String>>,
    upkeep: Automatic,
    /// What is held in memory, if anything is to be.
    tier: Option<Tier>,
}

enum State {
    Closed,
    Open(Open),
    Failed { since: Instant },
}

/// A store that is open, and its journal.
#[derive(Clone, Debug)]
pub(crate) struct Open(Arc<Parts>);

#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) store: Arc<Store>,
    pub(crate) journal: Arc<Journal>,
}

impl Open {
    fn new(store: Store) -> Self {
        let store = Arc::new(store);
        let journal = Journal::new(&store);
        Self(Arc::new(Parts { store, journal }))
    }
}

impl Deref for Open {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Memo {
    /// Opens the store in `dir`, creating it if it is missing. The `MEMO_*`
    /// variables say how it behaves, save `MEMO_DIR`.
    ///
    /// # Errors
    ///
    /// The directory cannot be used as a store; see [`StoreError`]. A program
    /// that can do without may use [`Memo::builder`] and
    /// [`Builder::build`], which never fails.
    pub fn open(dir: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::builder(dir).open()
    }

    /// Says how a store behaves before it is opened.
    pub fn builder(dir: impl AsRef<Path>) -> Builder {
        let environment = Environment::of_process();
        report_bad(&environment.bad);
        let mut options = Options::default();
        environment.apply(&mut options);
        Builder::new(dir.as_ref().to_owned(), options)
    }

    /// The store of the workspace that the package at `manifest_dir` is in:
    /// the one that was `known` when it was compiled, or else one to be found.
    pub(crate) fn of_package(manifest_dir: &Path, known: Option<&Workspace>) -> Option<Self> {
        static KNOWN: OnceLock<Mutex<HashMap<PathBuf, Memo>>> = OnceLock::new();
        let environment = Environment::of_process();
        let known = known.and_then(|Workspace { root, settings }| {
            config::known_workspace(manifest_dir, root, settings)
        });
        let workspace = known
            .or_else(|| config::find_workspace(manifest_dir, config::current_dir().as_deref()));
        let found = Found::combine(&environment, workspace);
        report_bad(&found.bad);
        let Some(dir) = found.dir else {
            if found.options.mode != Mode::Off {
                let error = StoreError::NoPlace {
                    searched: manifest_dir.to_owned(),
                };
                events::warn_once("no place", "", format_args!("nothing is kept: {error}"));
            }
            return None;
        };
        // One handle for one directory, however many functions keep there.
        let mut known = KNOWN
            .get_or_init(Mutex::default)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let memo = known
            .entry(dir)
            .or_insert_with_key(|dir| Self::closed(dir.clone(), found.options));
        Some(memo.clone())
    }

    /// The store of the workspace around the current directory.
    pub(crate) fn of_surroundings() -> Option<Self> {
        Self::of_package(&config::current_dir()?, None)
    }

    /// Where the store is.
    pub fn dir(&self) -> &Path {
        &self.inner.dir
    }

    /// What calls do: how `MEMO` was set, or the program.
    pub fn mode(&self) -> Mode {
        self.inner.options.mode
    }

    /// Begins a call that goes by a name alone, without the macro.
    ///
    /// Nothing is known of the code behind the name: say
    /// [`version`](CallBuilder::version) and raise it when the code changes.
    pub fn call(&self, name: &str) -> CallBuilder {
        CallBuilder::new(Inputs::named(self.clone(), name))
    }

    /// A store that is opened when it is first needed.
    pub(crate) fn closed(dir: PathBuf, options: Options) -> Self {
        let state = RwLock::new(State::Closed);
        let looks = matches!(options.mode, Mode::On | Mode::ReadOnly | Mode::Offline);
        let tier = options.memory.filter(|_| looks).map(Tier::new);
        Self {
            inner: Arc::new(Inner {
                dir,
                options,
                state,
                looked_into: Mutex::default(),
                trouble: Mutex::default(),
                upkeep: Automatic::default(),
                tier,
            }),
        }
    }

    /// What is held in memory; `None` where every call is to look into the
    /// store, or is not to look at all.
    pub(crate) fn tier(&self) -> Option<&Tier> {
        self.inner.tier.as_ref()
    }

    /// Keeps the store within its limits, if that is due. For who is about to
    /// compute; it is done meanwhile.
    pub(crate) fn keep_up(&self, open: &Open) {
        self.inner.upkeep.look(&open.store, &self.terms());
    }

    /// Reckons with an entry of so many bytes that has come into the store.
    pub(crate) fn grown(&self, open: &Open, key: &Digest, bytes: u64) {
        let upkeep = &self.inner.upkeep;
        upkeep.published(&open.store, &self.terms(), key, bytes);
    }

    /// Waits for the end of upkeep that this program is at, which otherwise
    /// ends with the program. For tests.
    #[doc(hidden)]
    pub fn finish_upkeep(&self) {
        self.inner.upkeep.finish();
    }

    fn terms(&self) -> Terms<'_> {
        let Options { limits, clock, .. } = self.options();
        Terms { limits, clock }
    }

    /// Opens the store, unless nothing is to be looked up or kept.
    pub(crate) fn open_now(&self) -> Result<(), StoreError> {
        if self.options().mode != Mode::Off {
            let open = self.inner.open_store()?;
            *self.inner.state_mut() = State::Open(open);
        }
        Ok(())
    }

    pub(crate) fn options(&self) -> &Options {
        &self.inner.options
    }

    /// The store, if it can be used. Trouble is told once; a store that
    /// failed to open is tried again after a while.
    pub(crate) fn opened(&self) -> Option<Open> {
        match &*self.inner.state() {
            State::Open(open) => return Some(open.clone()),
            State::Failed { since } if since.elapsed() < RETRY => return None,
            _ => {}
        }
        let mut state = self.inner.state_mut();
        if let State::Open(open) = &*state {
            return Some(open.clone());
        }
        match self.inner.open_store() {
            Ok(open) => {
                *state = State::Open(open.clone());
                Some(open)
            }
            Err(error) => {
                *state = State::Failed {
                    since: Instant::now(),
                };
                drop(state);
                self.warn(&error);
                None
            }
        }
    }

    /// Opens the store anew after `old` was removed under our feet.
    pub(crate) fn reopened(&self, old: &Open) -> Option<Open> {
        {
            let mut state = self.inner.state_mut();
            if let State::Open(open) = &*state
                && Arc::ptr_eq(&open.store, &old.store)
            {
                *state = State::Closed;
            }
        }
        self.opened()
    }

    /// The store if it is there, without creating it.
    pub(crate) fn opened_if_there(&self) -> Option<Arc<Store>> {
        let state = self.inner.state();
        match &*state {
            State::Open(open) if !open.store.is_gone() => return Some(Arc::clone(&open.store)),
            _ => drop(state),
        }
        let mut looked_into = lock(&self.inner.looked_into);
        if let Some(store) = looked_into.as_ref().filter(|store| !store.is_gone()) {
            return Some(Arc::clone(store));
        }
        let shared = self.options().share == Share::Group;
        let store = Store::open_existing(&self.inner.dir, shared).ok().flatten();
        *looked_into = store.map(Arc::new);
        looked_into.clone()
    }

    /// Why results are not kept, as far as it is known.
    pub(crate) fn trouble(&self) -> Option<String> {
        lock(&self.inner.trouble).clone()
    }

    /// Tells that results cannot be looked up or kept, and why; once for each
    /// cause, whatever it hinders.
    pub(crate) fn warn(&self, error: &StoreError) {
        let cause = match error {
            StoreError::Io { source, .. } => format!("{:?}", source.kind()),
            other => format!("{:?}", std::mem::discriminant(other)),
        };
        let subject = format!("{} {cause}", self.inner.dir.display());
        *lock(&self.inner.trouble) = Some(error.to_string());
        events::warn_once(
            "store",
            &subject,
            format_args!("results are computed, not kept: {error}"),
        );
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inner {
    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn open_store(&self) -> Result<Open, StoreError> {
        let shared = self.options.share == Share::Group;
        if self.options.mode != Mode::ReadOnly {
            return Store::open(&self.dir, shared).map(Open::new);
        }
        let missing = || StoreError::io("open", &self.dir, io::ErrorKind::NotFound);
        Store::open_existing(&self.dir, shared)?
            .map(Open::new)
            .ok_or_else(missing)
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memo")
            .field("dir", &self.inner.dir)
            .finish_non_exhaustive()
    }
}

fn report_bad(bad: &[config::BadSetting]) {
    for setting in bad {
        events::warn_once("setting", &setting.place, format_args!("{setting}"));
    }
}
