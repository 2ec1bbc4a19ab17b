//! Linked into every mutated crate: panics in the one function that is the mutant of this run.
//!
//! It must work in `const fn` and without `std`. A constant evaluation cannot read a mutable
//! static; the compiler then names the function, and the oracle takes its probe out.

#![no_std]

use core::sync::atomic::{AtomicU32, Ordering};

static CHOSEN: AtomicU32 = AtomicU32::new(0);
static EXAMINED: AtomicU32 = AtomicU32::new(0);
static MUTANT: AtomicU32 = AtomicU32::new(0);

/// Chooses the mutant of this run, and the memoized function in whose calls it is in force.
/// To be called once, before any other thread is started.
pub fn choose(mutant: u32, examined: u32) {
    CHOSEN.store(mutant, Ordering::SeqCst);
    EXAMINED.store(examined, Ordering::SeqCst);
}

/// Stands at the beginning of every function.
#[inline]
pub const fn reached(function: u32) {
    // SAFETY: the pointer is that of a static. It is written between calls of memoized functions
    // alone, when no other thread runs.
    if unsafe { *MUTANT.as_ptr() } == function {
        panic!("memo oracle");
    }
}

/// Stands at the beginning of every memoized function: the mutant is in force as long as this lives.
pub fn armed(function: u32) -> Armed {
    let examined = EXAMINED.load(Ordering::SeqCst) == function;
    if examined {
        MUTANT.store(CHOSEN.load(Ordering::SeqCst), Ordering::SeqCst);
    }
    Armed(examined)
}

pub struct Armed(bool);

impl Drop for Armed {
    fn drop(&mut self) {
        if self.0 {
            MUTANT.store(0, Ordering::SeqCst);
        }
    }
}
