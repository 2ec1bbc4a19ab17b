//! File systems that are mounted for a test.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::privileges::tool;

/// A file system that is mounted until this is dropped.
pub(crate) struct Mounted(PathBuf);

impl Mounted {
    /// A file system in memory at `at`, `options` as for mount(8).
    pub(crate) fn tmpfs(at: &Path, options: &str) -> Self {
        tool(
            "mount",
            &["-t", "tmpfs", "-o", options, "tmpfs", at.to_str().unwrap()],
        );
        Self(at.to_owned())
    }

    /// The directory `at`, from now on read-only.
    pub(crate) fn read_only(at: &Path) -> Self {
        let path = at.to_str().unwrap();
        tool("mount", &["--bind", path, path]);
        let mounted = Self(at.to_owned());
        tool("mount", &["-o", "remount,bind,ro", path]);
        mounted
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}
