//! Paths of several names below a directory, opened without following a link
//! in any of them: by one system call where there is one.

use std::os::fd::OwnedFd;

use rustix::fs::{Mode, OFlags, openat};
use rustix::io::Errno;

#[cfg(not(target_os = "linux"))]
pub(super) use step_by_step as open;

/// Opens `relative` below `dir`, refusing links in every component.
#[cfg(target_os = "linux")]
pub(super) fn open(dir: &OwnedFd, relative: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
    use std::sync::atomic::{AtomicBool, Ordering};

    use rustix::fs::{ResolveFlags, openat2};

    static MISSING: AtomicBool = AtomicBool::new(false);

    if !MISSING.load(Ordering::Relaxed) {
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
        match openat2(dir, relative, flags, Mode::empty(), resolve) {
            // Kernels before 5.6 and strict sandboxes lack the call.
            Err(Errno::NOSYS | Errno::PERM) => MISSING.store(true, Ordering::Relaxed),
            // A rename elsewhere on the path may have interfered.
            Err(Errno::AGAIN | Errno::INTR) => return step_by_step(dir, relative, flags),
            other => return other,
        }
    }
    step_by_step(dir, relative, flags)
}

/// Opens `relative` below `dir` one component at a time, refusing links.
pub(super) fn step_by_step(dir: &OwnedFd, relative: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
    let mut components = relative.split('/').peekable();
    let mut at: Option<OwnedFd> = None;
    while let Some(component) = components.next() {
        let here = at.as_ref().unwrap_or(dir);
        let flags = match components.peek() {
            Some(_) => OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOFOLLOW,
            None => flags,
        };
        at = Some(openat(here, component, flags, Mode::empty())?);
    }
    at.ok_or(Errno::NOENT)
}
