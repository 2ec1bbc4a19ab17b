//! A child dies with us, even if we are killed.

use std::process::Command;

/// Lets the child be killed when the thread that starts it ends: in [`run`],
/// which waits for the child, that is when this process is killed.
///
/// [`run`]: crate::experiment::child::run
#[cfg(target_os = "linux")]
#[allow(unsafe_code)]
pub(super) fn with_us(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;

    use rustix::io::Errno;
    use rustix::process::{Signal, getpid, getppid, set_parent_process_death_signal};

    let us = getpid();
    let bind = move || {
        set_parent_process_death_signal(Some(Signal::KILL))?;
        // Who was killed before that sends no signal.
        if getppid() == Some(us) {
            Ok(())
        } else {
            Err(Errno::SRCH.into())
        }
    };
    // SAFETY: what runs between fork and exec makes two system calls; it takes
    // no lock, allocates nothing and touches no memory but its own stack.
    unsafe {
        command.pre_exec(bind);
    }
}

/// Other systems have no such signal.
#[cfg(not(target_os = "linux"))]
pub(super) fn with_us(_command: &mut Command) {}
