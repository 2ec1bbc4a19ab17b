//! The lock protocol under a model checker.
//!
//! [`protocol::request`] runs here against a simulated directory, on threads
//! that shuttle schedules in every order it can think of; threads stand for
//! processes. They are killed at any step, computations fail, and entries are
//! cleared away meanwhile. Mutants of the protocol show that the model would
//! notice: each leaves out one thing that the protocol's text says must hold.
//!
//! `MEMO_MODEL_SCHEDULES=1000000 cargo test --release -p memo-runtime model`
//! runs the long form.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::PoisonError;

use shuttle::rand::{Rng, thread_rng};
use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler};
use shuttle::sync::{Arc, Mutex, MutexGuard};
use shuttle::{Config, FailurePersistence, Runner, thread};

use super::protocol::{Clearance, Tower, request};

/// What a mutant leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mutant {
    None,
    NoInodeCheck,
    UnlinkAfterUnlock,
    NoLookAfterLock,
    NoMarkOfFailure,
}

/// What happens beside orderly computing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weather {
    /// Nothing.
    Calm,
    /// Processes die at any step.
    Kills,
    /// Every computation fails.
    Failures,
    /// Processes die, and entries are cleared away.
    KillsAndClearing,
}

/// A file of the simulated directory.
#[derive(Default)]
struct Inode {
    locked: bool,
    /// The holder has written the whole entry into it.
    whole: bool,
    failed: bool,
}

#[derive(Default)]
struct Disk {
    inodes: Vec<Inode>,
    /// What stands in the place of the flight.
    flight: Option<usize>,
    /// What stands in the place of the entry.
    entry: Option<usize>,
    computing: usize,
    computed: usize,
    /// How many gave up queueing since they were told of a failure.
    told_of_failure: usize,
}

/// A world that broke a promise is looked at as it is.
fn lock(disk: &Mutex<Disk>) -> MutexGuard<'_, Disk> {
    disk.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An open file; closing it, in whatever way, releases its lock.
struct Handle {
    disk: Arc<Mutex<Disk>>,
    inode: usize,
    holds: Cell<bool>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        if self.holds.get() {
            let mut disk = lock(&self.disk);
            disk.inodes[self.inode].locked = false;
        }
    }
}

/// The process was killed.
#[derive(Debug)]
struct Killed;

#[derive(Clone)]
struct Process {
    disk: Arc<Mutex<Disk>>,
    mutant: Mutant,
    weather: Weather,
    waited: Cell<bool>,
}

impl Process {
    fn may_die(&self) -> Result<(), Killed> {
        let deadly = matches!(self.weather, Weather::Kills | Weather::KillsAndClearing);
        if deadly && thread_rng().gen_ratio(1, 16) {
            Err(Killed)
        } else {
            Ok(())
        }
    }
}

impl Tower for Process {
    type Handle = Handle;
    type Found = ();
    type Trouble = Killed;

    fn open(&self) -> Result<Handle, Killed> {
        self.may_die()?;
        let mut disk = lock(&self.disk);
        let inode = disk.flight.unwrap_or(disk.inodes.len());
        if disk.flight.is_none() {
            disk.inodes.push(Inode::default());
            disk.flight = Some(inode);
        }
        Ok(Handle {
            disk: self.disk.clone(),
            inode,
            holds: Cell::new(false),
        })
    }

    fn try_lock(&self, handle: &Handle) -> Result<bool, Killed> {
        self.may_die()?;
        let mut disk = lock(&self.disk);
        let inode = &mut disk.inodes[handle.inode];
        if inode.locked {
            return Ok(false);
        }
        inode.locked = true;
        drop(disk);
        handle.holds.set(true);
        Ok(true)
    }

    fn is_current(&self, handle: &Handle) -> Result<bool, Killed> {
        self.may_die()?;
        let current = lock(&self.disk).flight == Some(handle.inode);
        Ok(current || self.mutant == Mutant::NoInodeCheck)
    }

    fn has_failed(&self, handle: &Handle) -> bool {
        lock(&self.disk).inodes[handle.inode].failed
    }

    fn published(&self) -> Option<()> {
        let disk = lock(&self.disk);
        if self.mutant == Mutant::NoLookAfterLock {
            None
        } else {
            disk.entry.map(drop)
        }
    }

    fn unlink(&self, _: &Handle) {
        lock(&self.disk).flight = None;
    }

    fn wait(&self, _: &Handle) -> bool {
        self.waited.set(true);
        thread::yield_now();
        true
    }
}

impl Process {
    /// Gets the value, as a call does: looks, requests the flight, computes
    /// and publishes or fails.
    fn call(&self) -> Result<(), Killed> {
        self.may_die()?;
        if lock(&self.disk).entry.is_some() {
            return Ok(());
        }
        match request(self, true)? {
            Clearance::Published(()) => Ok(()),
            Clearance::Held(handle) => self.compute(handle),
            Clearance::HolderFailed => {
                lock(&self.disk).told_of_failure += 1;
                Ok(())
            }
            other @ (Clearance::Busy | Clearance::WaitedOut) => {
                unreachable!("{}", matches!(other, Clearance::Busy))
            }
        }
    }

    fn compute(&self, handle: Handle) -> Result<(), Killed> {
        let inode = handle.inode;
        {
            let mut disk = lock(&self.disk);
            disk.computing += 1;
            assert_eq!(disk.computing, 1, "two hold the flight of one key");
            let queued = self.weather == Weather::Failures && self.waited.get();
            assert!(!queued, "a failure was waited for, and then repeated");
        }
        thread::yield_now();
        let died = self.may_die();
        {
            let mut disk = lock(&self.disk);
            disk.computing -= 1;
            died?;
            disk.computed += 1;
            disk.inodes[inode].whole = self.weather != Weather::Failures;
            if self.mutant != Mutant::NoMarkOfFailure {
                disk.inodes[inode].failed = self.weather == Weather::Failures;
            }
        }
        self.may_die()?;
        if self.mutant == Mutant::UnlinkAfterUnlock {
            drop(handle);
            return self.leave_place();
        }
        self.leave_place()
    }

    /// Renames or unlinks by name, as the system does: whatever is there.
    fn leave_place(&self) -> Result<(), Killed> {
        let mut disk = lock(&self.disk);
        let flight = disk.flight.take();
        if self.weather != Weather::Failures {
            disk.entry = disk.entry.or(flight);
            let whole = disk.entry.is_none_or(|entry| disk.inodes[entry].whole);
            assert!(whole, "an unfinished file was published");
        }
        Ok(())
    }
}

const PROCESSES: usize = 3;

/// One run of the world; panics where a promise is broken.
fn world(mutant: Mutant, weather: Weather) {
    let process = Process {
        disk: Arc::default(),
        mutant,
        weather,
        waited: Cell::new(false),
    };
    let mut threads: Vec<_> = (0..PROCESSES)
        .map(|_| {
            let process = process.clone();
            thread::spawn(move || {
                // A killed process is started again, once.
                let _ = process.call().or_else(|Killed| process.call());
            })
        })
        .collect();
    if weather == Weather::KillsAndClearing {
        let disk = process.disk.clone();
        threads.push(thread::spawn(move || lock(&disk).entry = None));
    }
    for thread in threads {
        thread.join().unwrap();
    }
    let disk = lock(&process.disk);
    match weather {
        Weather::Calm => {
            assert_eq!(disk.computed, 1, "a key was computed more than once");
            assert_eq!(disk.flight, None, "a flight was left behind");
        }
        Weather::Failures => {
            assert_eq!(disk.computed + disk.told_of_failure, PROCESSES);
            assert_eq!(disk.flight, None, "a flight was left behind");
        }
        Weather::Kills | Weather::KillsAndClearing => {}
    }
}

fn schedules() -> usize {
    let wanted = std::env::var("MEMO_MODEL_SCHEDULES").ok();
    wanted.and_then(|text| text.parse().ok()).unwrap_or(5_000)
}

fn run(scheduler: impl Scheduler + 'static, world: impl Fn() + Send + Sync + 'static) {
    let mut config = Config::new();
    config.failure_persistence = FailurePersistence::None;
    Runner::new(scheduler, config).run(world);
}

const SEED: u64 = 20_260_101;

fn holds(weather: Weather) {
    run(
        RandomScheduler::new_from_seed(SEED, schedules()),
        move || world(Mutant::None, weather),
    );
    run(
        PctScheduler::new_from_seed(SEED, 3, schedules()),
        move || world(Mutant::None, weather),
    );
}

#[test]
fn one_computes_and_all_have_the_value() {
    holds(Weather::Calm);
}

#[test]
fn kills_never_make_two_holders() {
    holds(Weather::Kills);
}

#[test]
fn clearing_never_makes_two_holders() {
    holds(Weather::KillsAndClearing);
}

#[test]
fn failures_leave_nothing_behind() {
    holds(Weather::Failures);
}

/// Whether the model notices a mutant, in some weather.
fn is_caught(mutant: Mutant, weather: Weather) -> bool {
    let caught = |scheduler: Box<dyn Scheduler + Send>| {
        catch_unwind(AssertUnwindSafe(|| {
            run(scheduler, move || world(mutant, weather))
        }))
        .is_err()
    };
    caught(Box::new(RandomScheduler::new_from_seed(SEED, schedules())))
        || caught(Box::new(PctScheduler::new_from_seed(SEED, 3, schedules())))
}

#[test]
fn the_model_notices_a_missing_inode_check() {
    assert!(is_caught(Mutant::NoInodeCheck, Weather::Failures));
    assert!(is_caught(Mutant::NoInodeCheck, Weather::KillsAndClearing));
}

#[test]
fn the_model_notices_unlinking_after_unlocking() {
    assert!(is_caught(Mutant::UnlinkAfterUnlock, Weather::Calm));
}

#[test]
fn the_model_notices_that_the_store_is_not_looked_into_after_locking() {
    assert!(is_caught(Mutant::NoLookAfterLock, Weather::Calm));
}

#[test]
fn the_model_notices_a_missing_mark_of_failure() {
    assert!(is_caught(Mutant::NoMarkOfFailure, Weather::Failures));
}
