//! Calls whose value is kept and not handed out.

use std::future::Future;

use super::asynchronous::AsyncCall;
use super::bounds::{Keeping, Value};
use super::inputs::Prepared;
use super::report::Report;
use super::{Call, Fetched, Told, found, kept};
use crate::codec::compress::Encoding;
use crate::codec::{self, Wanted};
use crate::config::Mode;
use crate::file::scope;
use crate::journal::Outcome;
use crate::shelved::Shelved;
use crate::store::Loaded;

impl<R: Value, F: FnOnce() -> R> Call<R, F> {
    /// The value on the shelf: kept from an earlier call and not even read, or
    /// computed now and kept. What cannot be kept is held in memory by the
    /// shelf.
    ///
    /// Of a function that returns a `Result` of which only an `Ok` is kept, use
    /// [`try_shelve`](Call::try_shelve): the shelf would hold all of it.
    ///
    /// # Panics
    ///
    /// As [`Call::get`].
    pub fn shelve(self) -> Shelved<R> {
        self.fetch_shelved().value
    }

    /// As [`shelve`](Call::shelve), and how the value was come by.
    ///
    /// # Panics
    ///
    /// As [`Call::get`].
    pub fn fetch_shelved(self) -> Fetched<Shelved<R>> {
        let call = self.prepared.clone();
        found_on_shelf(&call)
            .unwrap_or_else(|| self.fetch().map(|value| put_on_shelf(&call, &value)))
    }
}

impl<T: Value, E, F: FnOnce() -> Result<T, E>> Call<Result<T, E>, F> {
    /// As [`shelve`](Call::shelve), for a function that may fail.
    ///
    /// # Errors
    ///
    /// What the function returns.
    ///
    /// # Panics
    ///
    /// As [`Call::get`].
    pub fn try_shelve(self) -> Result<Shelved<T>, E> {
        let call = self.prepared.clone();
        match found_on_shelf(&call) {
            Some(found) => Ok(found.value),
            None => Ok(put_on_shelf(&call, &self.get()?)),
        }
    }
}

impl<R: Value, Fut: Future<Output = R>> AsyncCall<R, Fut> {
    /// As [`Call::shelve`].
    ///
    /// # Panics
    ///
    /// As [`Call::get`].
    pub async fn shelve(self) -> Shelved<R> {
        let call = self.prepared.clone();
        match found_on_shelf(&call) {
            Some(found) => found.value,
            None => put_on_shelf(&call, &self.get().await),
        }
    }
}

impl<T: Value, E, Fut: Future<Output = Result<T, E>>> AsyncCall<Result<T, E>, Fut> {
    /// As [`Call::try_shelve`].
    ///
    /// # Errors
    ///
    /// What the function returns.
    ///
    /// # Panics
    ///
    /// As [`Call::get`].
    pub async fn try_shelve(self) -> Result<Shelved<T>, E> {
        let call = self.prepared.clone();
        match found_on_shelf(&call) {
            Some(found) => Ok(found.value),
            None => Ok(put_on_shelf(&call, &self.get().await?)),
        }
    }
}

/// The shelf of a call whose value is kept.
fn found_on_shelf<T: Value>(call: &Prepared) -> Option<Fetched<Shelved<T>>> {
    let memo = call.memo.as_ref()?;
    if matches!(memo.options().mode, Mode::Refresh | Mode::Check) {
        return None;
    }
    let report = Report::begin(call);
    let loaded = kept_as::<T>(call)?;
    let shelf = Shelved::kept(call, &loaded);
    let told = Told::of(&loaded, Outcome::Hit, memo.opened()?);
    Some(found(call, &report, shelf, told))
}

/// The shelf of a call that has been made. It holds the value itself if it is
/// not kept.
fn put_on_shelf<T: Value>(call: &Prepared, value: &T) -> Shelved<T> {
    if let Some(loaded) = kept_as::<T>(call) {
        return Shelved::kept(call, &loaded);
    }
    let codecs = codec::candidates(call.about.shape_is_complete);
    let value_type = Keeping::<T>::value_type();
    let (encoded, outputs) =
        scope::encoding(|| Keeping::<T>::give_whole(value, Wanted::Any(codecs)));
    match encoded {
        // What is in its files nobody knows.
        Ok(_) if !outputs.is_empty() => Shelved::lost(call, value_type),
        Ok(encoded) => {
            let encoding = Encoding::from(encoded.codec).number();
            Shelved::held(call, value_type, encoding, encoded.pieces.concat())
        }
        Err(_) => Shelved::lost(call, value_type),
    }
}

/// The entry of a call, if a value of this type is kept in it.
fn kept_as<T: Value>(call: &Prepared) -> Option<Loaded> {
    kept(call).filter(|_| call.about.value_type == Keeping::<T>::value_type())
}
