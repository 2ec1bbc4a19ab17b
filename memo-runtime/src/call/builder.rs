//! Stores and calls put together by hand, without the macro.

use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use super::bounds::{Keeping, Value};
use super::inputs::Inputs;
use super::memo::Memo;
use super::{Call, Fetched};
use crate::clock::Clock;
use crate::codec::compress::Compression;
use crate::config::{Fsync, Limits, Mode, Options, Share};
use crate::error::StoreError;

/// How a store is to behave. From [`Memo::builder`].
#[derive(Clone, Debug)]
pub struct Builder {
    dir: PathBuf,
    options: Options,
}

impl Builder {
    pub(super) fn new(dir: PathBuf, options: Options) -> Self {
        Self { dir, options }
    }

    /// What calls do.
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.options.mode = mode;
        self
    }

    /// When entries are synced.
    #[must_use]
    pub fn fsync(mut self, fsync: Fsync) -> Self {
        self.options.fsync = fsync;
        self
    }

    /// Who may write to the store.
    #[must_use]
    pub fn share(mut self, share: Share) -> Self {
        self.options.share = share;
        self
    }

    /// How long to wait at most for another thread or process that computes
    /// what is wanted, before computing it here too.
    #[must_use]
    pub fn wait(mut self, at_most: Duration) -> Self {
        self.options.wait = Some(at_most);
        self
    }

    /// How large the store may grow. Programs keep to it by themselves, while
    /// they compute; it may be passed for a while.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.options.limits = limits;
        self
    }

    /// How results are compressed, where a call says nothing of it. Those that
    /// do not get smaller are kept as they are.
    #[must_use]
    pub fn compress(mut self, compression: Compression) -> Self {
        self.options.compress = compression;
        self
    }

    /// How many bytes of results a process holds in memory as well, so that
    /// they need not be read again; `None`: none are.
    #[must_use]
    pub fn memory(mut self, bytes: Option<u64>) -> Self {
        self.options.memory = bytes;
        self
    }

    /// Where the time of day comes from.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.options.clock = clock;
        self
    }

    /// Opens the store.
    ///
    /// # Errors
    ///
    /// The directory cannot be used as a store; see [`StoreError`].
    pub fn open(self) -> Result<Memo, StoreError> {
        let memo = self.build();
        memo.open_now()?;
        Ok(memo)
    }

    /// A store that is opened when it is first needed. Should it then turn
    /// out to be of no use, that is told once and calls compute.
    pub fn build(self) -> Memo {
        Memo::closed(self.dir, self.options)
    }
}

/// A call that goes by a name. From [`Memo::call`].
#[derive(Debug)]
#[must_use = "a call does nothing until its value is asked for"]
pub struct CallBuilder {
    inputs: Inputs,
}

impl CallBuilder {
    pub(super) fn new(inputs: Inputs) -> Self {
        Self { inputs }
    }

    /// The version of the code behind the name.
    pub fn version(mut self, version: u64) -> Self {
        self.inputs.set_version(version);
        self
    }

    /// For how long the result is valid.
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.inputs.set_ttl(ttl);
        self
    }

    /// How the result is compressed, unless it does not get smaller.
    pub fn compress(mut self, compression: Compression) -> Self {
        self.inputs.set_compress(compression);
        self
    }

    /// Whether the result may be held in memory as well, which it may be
    /// unless this says otherwise.
    pub fn memory(mut self, memory: bool) -> Self {
        self.inputs.set_memory(memory);
        self
    }

    /// Adds an argument. Names and order are part of the key.
    pub fn arg<T: Serialize + ?Sized>(mut self, name: &str, value: &T) -> Self {
        self.inputs.add(name.to_owned(), value);
        self
    }

    /// The result: kept from an earlier call, or computed now and kept.
    pub fn get_or_compute<T: Value>(self, compute: impl FnOnce() -> T) -> T {
        self.computing(compute).get()
    }

    /// The result, and how it was come by.
    pub fn fetch_or_compute<T: Value>(self, compute: impl FnOnce() -> T) -> Fetched<T> {
        self.computing(compute).fetch()
    }

    /// The result of a computation that can fail: an `Ok` is kept, an `Err`
    /// is handed on and not kept.
    ///
    /// # Errors
    ///
    /// What `compute` returned.
    pub fn get_or_try_compute<T: Value, E>(
        self,
        compute: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        Call::new(self.inputs, Keeping::ok(), compute).get()
    }

    /// The call itself, for all else that can be done with one.
    pub fn computing<T: Value, F: FnOnce() -> T>(self, compute: F) -> Call<T, F> {
        Call::new(self.inputs, Keeping::all(), compute)
    }
}
