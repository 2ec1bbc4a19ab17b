//! Starting a child, and being sure that it does not stay behind.

mod death;

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::output::Ends;
use super::{CannotStart, Spawn};

/// How often a program is tried that is open for writing.
const TRIES: u32 = 10;

/// A child that has not been waited for. Dropped, it and its group are killed.
#[derive(Debug)]
pub(super) struct Running {
    child: Child,
    pid: Pid,
    reaped: bool,
}

impl Running {
    /// Starts a child that prints to `ends`.
    ///
    /// A file that the system does not know how to execute, as a script
    /// without `#!`, is run by `/bin/sh`, as `execvp` does.
    pub(super) fn start(spawn: Spawn<'_>, ends: Ends) -> Result<Self, CannotStart> {
        let dir = spawn.dir;
        let mut command = Command::new(spawn.program);
        command
            .arg0(spawn.name)
            .args(spawn.arguments)
            .current_dir(dir)
            .envs(spawn.set.iter().map(|(name, value)| (name, value)))
            .stdin(spawn.stdin.map_or_else(Stdio::null, Stdio::from))
            .stdout(ends.stdout)
            .stderr(ends.stderr)
            .process_group(0);
        death::with_us(&mut command);
        let child = spawn_patiently(&mut command).map_err(|error| {
            if dir.is_dir() {
                CannotStart::from(error)
            } else {
                CannotStart::Other(error)
            }
        })?;
        let pid = Pid::from_child(&child);
        Ok(Self {
            child,
            pid,
            reaped: false,
        })
    }

    /// What becomes readable when the child has ended.
    pub(super) fn end(&self) -> Result<OwnedFd, CannotStart> {
        end_of(self.pid).map_err(CannotStart::Other)
    }

    /// Sends a signal to the child's group. A group that has been stopped goes
    /// on, so that it can heed it.
    pub(super) fn signal(&self, signal: Signal) {
        // Until it has been waited for, the child's number is not another's.
        let _ = kill_process_group(self.pid, signal);
        let _ = kill_process_group(self.pid, Signal::CONT);
    }

    /// Waits for the child.
    pub(super) fn reap(&mut self) -> io::Result<ExitStatus> {
        let status = self.child.wait()?;
        self.reaped = true;
        Ok(status)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.reaped {
            self.signal(Signal::KILL);
            let _ = self.reap();
        }
    }
}

impl From<io::Error> for CannotStart {
    fn from(error: io::Error) -> Self {
        match Errno::from_io_error(&error) {
            Some(Errno::NOENT) => Self::NotFound,
            Some(
                Errno::ACCESS
                | Errno::PERM
                | Errno::NOEXEC
                | Errno::NOTDIR
                | Errno::ISDIR
                | Errno::LOOP
                | Errno::NAMETOOLONG
                | Errno::TXTBSY
                | Errno::LIBBAD,
            ) => Self::NotExecutable(error),
            _ => Self::Other(error),
        }
    }
}

/// Starts a program. One that was just written may still be open for writing
/// in a process that another thread is about to start: that passes.
fn spawn_patiently(command: &mut Command) -> io::Result<Child> {
    let mut pause = Duration::from_millis(1);
    for _ in 1..TRIES {
        match command.spawn() {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => {
                thread::sleep(pause);
                pause *= 2;
            }
            other => return other,
        }
    }
    command.spawn()
}

/// What becomes readable when a child has ended, which is then still to be
/// waited for.
#[cfg(target_os = "linux")]
fn end_of(child: Pid) -> io::Result<OwnedFd> {
    use rustix::process::{PidfdFlags, pidfd_open};

    match pidfd_open(child, PidfdFlags::empty()) {
        // Kernels before 5.3 and strict sandboxes lack the call.
        Err(Errno::NOSYS | Errno::PERM) => end_by_thread(child),
        other => Ok(other?),
    }
}

#[cfg(not(target_os = "linux"))]
use end_by_thread as end_of;

/// As [`end_of`]: a thread that waits.
pub(super) fn end_by_thread(child: Pid) -> io::Result<OwnedFd> {
    let (end, held) = io::pipe()?;
    thread::Builder::new().spawn(move || {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        while matches!(waitid(WaitId::Pid(child), options), Err(Errno::INTR)) {}
        drop(held);
    })?;
    Ok(end.into())
}
