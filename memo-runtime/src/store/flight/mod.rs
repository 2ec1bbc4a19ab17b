//! Flights: the computations under way, one lock file each.
//!
//! The file says who holds it (a [`Holder`], as a frame), for people only:
//! the kernel's lock is the one truth about whether it is held. The finished
//! entry is written into the flight's own file, which then is renamed into
//! its place among the entries. So a key is either in flight or published,
//! a miss creates one file and not two, and a kill at any moment leaves
//! nothing but a file that the next to compute the key takes over.

mod held;
pub(crate) mod lock;
#[cfg(test)]
mod model;
mod protocol;
mod sweep;

use std::cell::Cell;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

pub(crate) use held::{Holding, run_time};
pub(crate) use protocol::Clearance;
pub(crate) use sweep::{Seen, look};

use super::dir::{Dir, sole};
use super::entry::Sealed;
use super::layout::Place;
use super::{FunctionName, Published, Store};
use crate::clock::Moment;
use crate::error::StoreError;
use crate::frame;
use crate::key::Digest;

/// Who computes a key, since when. `S` is how it has its texts: borrowed
/// when it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder<S = String> {
    /// The function, as it is written in entries.
    pub function: S,
    /// The package of the function; empty without the macro.
    pub package: S,
    /// The process that holds the lock.
    pub pid: u32,
    /// The host it runs on.
    pub host: S,
    /// When the computation began.
    pub since: Moment,
    /// Whether the computation came to nothing.
    pub(crate) failed: bool,
}

/// Enough bytes for any [`Holder`] whose names are of sensible length.
const HOLDER_MAX: usize = 4096;

/// The first wait for a lock; later ones double up to [`LAST_NAP`].
const FIRST_NAP: Duration = Duration::from_micros(100);
const LAST_NAP: Duration = Duration::from_millis(2);

/// Asked now and then by a thread that waits for another's computation.
pub(crate) trait Patience {
    /// Whether to go on waiting, after `waited`, for `holder` (if it has
    /// said who it is).
    fn goes_on(&self, waited: Duration, holder: impl Fn() -> Option<Holder>) -> bool;
}

/// A held flight: the right to compute a key and publish its result.
///
/// Dropped without having been published, it marks the computation as
/// failed, so that those who wait do not line up to repeat it.
#[derive(Debug)]
pub(crate) struct Flight {
    store: Arc<Store>,
    file: File,
    key: Digest,
    pid: u32,
    name: String,
    /// How many bytes of the file say who holds it.
    said: u64,
    landed: bool,
}

/// Requests the flight of `place`. `look` looks into the store.
pub(crate) fn request<F>(
    store: &Arc<Store>,
    place: &Place,
    holder: &Holder<&str>,
    look: impl Fn() -> Option<F>,
    patience: &impl Patience,
) -> Result<Clearance<Flight, F>, StoreError> {
    let flights = store.flights()?;
    let name = place.key.to_hex();
    let tower = FileTower {
        flights,
        name: &name,
        look,
        patience,
        began: Instant::now(),
        nap: Cell::new(FIRST_NAP),
    };
    let may_wait = !Holding::any();
    let clearance = protocol::request(&tower, may_wait)
        .map_err(|error| StoreError::io("lock", flights.path().join(&name), error))?;
    Ok(match clearance {
        Clearance::Held(opened) => {
            Clearance::Held(Flight::begin(store, opened, place.key, name, holder))
        }
        Clearance::Published(found) => Clearance::Published(found),
        Clearance::Busy => Clearance::Busy,
        Clearance::WaitedOut => Clearance::WaitedOut,
        Clearance::HolderFailed => Clearance::HolderFailed,
    })
}

/// The flight's holder, as far as the file tells.
pub(crate) fn read_holder(file: &File) -> Option<Holder> {
    let mut bytes = [0; HOLDER_MAX];
    let size = file.read_at(&mut bytes, 0).ok()?;
    frame::first(&bytes[..size])
}

impl Flight {
    fn begin(
        store: &Arc<Store>,
        opened: Opened,
        key: Digest,
        name: String,
        holder: &Holder<&str>,
    ) -> Self {
        // What a killed holder left would show behind our shorter bytes.
        if opened.used.get() {
            let _ = opened.file.set_len(0);
        }
        let store = Arc::clone(store);
        let mut flight = Self {
            store,
            file: opened.file,
            key,
            pid: std::process::id(),
            name,
            said: 0,
            landed: false,
        };
        flight.say(holder);
        flight
    }

    /// The key that is computed.
    pub(crate) fn key(&self) -> Digest {
        self.key
    }

    /// Whether the file still has its name, and this is the process that
    /// locked it. A cleaner may have removed it, and a forked child returns
    /// from the computation as well.
    fn is_ours(&self) -> bool {
        let named = sole(&self.file).is_ok_and(|stat| stat.st_nlink == 1);
        named && std::process::id() == self.pid
    }

    /// Writes who holds the flight. Failing to is no trouble: it only leaves
    /// those who wait without a name.
    fn say(&mut self, holder: &Holder<&str>) {
        let mut bytes = Vec::with_capacity(256);
        if frame::append(holder, &mut bytes) {
            self.said = bytes.len() as u64;
            let _ = self.file.write_all_at(&bytes, 0);
        }
    }

    /// Turns the flight into the entry of its key. `replace`: also if one is
    /// there. `durable`: synced first, so that it survives a power cut.
    pub(crate) fn publish(
        mut self,
        place: &Place,
        owner: &FunctionName,
        sealed: &Sealed<'_>,
        replace: bool,
        durable: bool,
    ) -> Result<Published, StoreError> {
        let store = Arc::clone(&self.store);
        let flights = store.flights()?;
        if !self.is_ours() {
            self.landed = true;
            return store.publish_unlocked(place, owner, sealed, replace, durable);
        }
        let path = || flights.path().join(&self.name);
        (|| {
            sealed.write_to(&self.file)?;
            if sealed.len() < self.said {
                self.file.set_len(sealed.len())?;
            }
            if durable {
                self.file.sync_data()
            } else {
                Ok(())
            }
        })()
        .map_err(|error| StoreError::io("write", path(), error))?;
        let published =
            store.place_entry(flights, &self.name, place, owner, sealed.expires(), replace)?;
        if published == Published::New {
            self.landed = true;
            store.withhold_writing(&self.file, sealed.len());
        } else {
            // Another published meanwhile; the computation did not fail.
            self.landed = flights.unlink(&self.name).is_ok();
        }
        if durable {
            store.sync_names(place)?;
        }
        Ok(published)
    }
}

impl Flight {
    /// Ends the flight of a key that has been published from another file.
    pub(crate) fn land(mut self) {
        self.landed = true;
        if self.is_ours()
            && let Ok(flights) = self.store.flights()
        {
            let _ = flights.unlink(&self.name);
        }
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        if !self.landed && self.is_ours() {
            self.say(&Holder {
                failed: true,
                ..Holder::default()
            });
            // Unlinked before the file is closed, that is, while it is held.
            if let Ok(flights) = self.store.flights() {
                let _ = flights.unlink(&self.name);
            }
        }
    }
}

/// An open flight file.
struct Opened {
    file: File,
    /// Whether somebody has held it before; known once it is locked.
    used: Cell<bool>,
}

/// The flight files of one store, for one key.
struct FileTower<'a, L, P> {
    flights: &'a Dir,
    name: &'a str,
    look: L,
    patience: &'a P,
    began: Instant,
    nap: Cell<Duration>,
}

impl<F, L: Fn() -> Option<F>, P: Patience> protocol::Tower for FileTower<'_, L, P> {
    type Handle = Opened;
    type Found = F;
    type Trouble = io::Error;

    fn open(&self) -> io::Result<Opened> {
        let file = self.flights.open_or_create(self.name)?;
        Ok(Opened {
            file,
            used: Cell::new(false),
        })
    }

    fn try_lock(&self, opened: &Opened) -> io::Result<bool> {
        lock::try_exclusive(&opened.file)
    }

    fn is_current(&self, opened: &Opened) -> io::Result<bool> {
        let stat = sole(&opened.file)?;
        // A file that became an entry has bytes, and one that was unlinked
        // has no name: an empty file with a name never left its place.
        opened.used.set(stat.st_size > 0);
        if stat.st_size == 0 || stat.st_nlink == 0 {
            return Ok(stat.st_nlink > 0);
        }
        self.flights.leads_to(self.name, &opened.file)
    }

    fn has_failed(&self, opened: &Opened) -> bool {
        read_holder(&opened.file).is_some_and(|holder| holder.failed)
    }

    fn published(&self) -> Option<F> {
        (self.look)()
    }

    fn unlink(&self, _: &Opened) {
        let _ = self.flights.unlink(self.name);
    }

    fn wait(&self, opened: &Opened) -> bool {
        if !self
            .patience
            .goes_on(self.began.elapsed(), || read_holder(&opened.file))
        {
            return false;
        }
        std::thread::sleep(self.nap.get());
        self.nap.set((self.nap.get() * 2).min(LAST_NAP));
        true
    }
}
