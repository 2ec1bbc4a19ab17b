//! Ctrl-C, for work that can stop halfway: it is asked to stop, and then says
//! how far it came. A second Ctrl-C ends the program at once, which leaves
//! the store just as sound.

use std::io::{self, Write};
use std::process;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

/// The exit code of a program that was interrupted, as shells know it.
pub(crate) const INTERRUPTED: u8 = 130;

static CAME: AtomicBool = AtomicBool::new(false);
static ENDS: AtomicBool = AtomicBool::new(false);

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
            if CAME.swap(true, Ordering::Relaxed) || ends {
                process::exit(INTERRUPTED.into());
            }
        });
    });
}

/// Whether the work is to stop.
pub(crate) fn came() -> bool {
    CAME.load(Ordering::Relaxed)
}

/// Does what cannot be asked to stop, as waiting for an answer: until it is
/// done, the first interrupt ends the program.
pub(crate) fn ending<T>(work: impl FnOnce() -> T) -> T {
    ENDS.store(true, Ordering::Relaxed);
    let done = work();
    ENDS.store(false, Ordering::Relaxed);
    done
}
