//! Ctrl-C, for work that can stop halfway: it is asked to stop, and then says
//! how far it came. A second Ctrl-C ends the program at once, which leaves
//! the store just as sound; unless programs run, which are ended first.

use std::io::{self, Write};
use std::process;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// The exit code of a program that was interrupted, as shells know it.
pub(crate) const INTERRUPTED: u8 = 130;

static CAME: AtomicBool = AtomicBool::new(false);
static TIMES: AtomicU32 = AtomicU32::new(0);
static ENDS: AtomicBool = AtomicBool::new(false);
static ONLY_COUNTED: AtomicBool = AtomicBool::new(false);

/// From now on an interrupt is noted first.
pub(crate) fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        // Without a handler the first interrupt ends the program.
        let _ = ctrlc::set_handler(|| {
            let ends = ENDS.load(Ordering::Relaxed);
            if ends {
                // The cursor is still behind the question.
                let _ = writeln!(io::stderr());
            }
            let again = TIMES.fetch_add(1, Ordering::Relaxed) > 0;
            CAME.store(true, Ordering::Relaxed);
            if ends || again && !ONLY_COUNTED.load(Ordering::Relaxed) {
                process::exit(INTERRUPTED.into());
            }
        });
    });
}

/// From now on interrupts are counted, and nothing else: for whoever runs
/// programs, and has to end them.
pub(crate) fn only_count() {
    ONLY_COUNTED.store(true, Ordering::Relaxed);
    listen();
}

/// Whether the work is to stop.
pub(crate) fn came() -> bool {
    CAME.load(Ordering::Relaxed)
}

/// Whether the work is to stop, for who looks by himself.
pub(crate) fn flag() -> &'static AtomicBool {
    &CAME
}

/// How often it was asked to.
pub(crate) fn times() -> u32 {
    TIMES.load(Ordering::Relaxed)
}

/// Does what cannot be asked to stop, as waiting for an answer: until it is
/// done, the first interrupt ends the program.
pub(crate) fn ending<T>(work: impl FnOnce() -> T) -> T {
    ENDS.store(true, Ordering::Relaxed);
    let done = work();
    ENDS.store(false, Ordering::Relaxed);
    done
}
