//! Workspaces in directories of their own, which are gone with them. They share a target directory,
//! so that this package is compiled once; packages have names of their own in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use tempfile::TempDir;

pub(crate) struct Project {
    dir: TempDir,
}

/// The manifest of a package that memoizes.
pub(crate) fn manifest(name: &str, rest: &str) -> String {
    let here = env!("CARGO_MANIFEST_DIR");
    format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n\
         {rest}\n\
         [build-dependencies]\nmemo-build = {{ path = \"{here}/memo-build\" }}\n\
         [dependencies.memo-runtime]\npath = \"{here}\"\n\
         [dependencies.serde]\nversion = \"1\"\nfeatures = [\"derive\"]\n"
    )
}

/// The build script of a package that memoizes.
pub(crate) const BUILD_SCRIPT: &str = "fn main() { memo_build::fingerprint(); }";

impl Project {
    /// A workspace with these members and files.
    pub(crate) fn new(members: &[&str], files: &[(&str, &str)]) -> Self {
        let project = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        let root = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n");
        project.write("Cargo.toml", &root);
        for (path, text) in files {
            project.write(path, text);
        }
        // Versions that are there already.
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        if let Ok(lock) = fs::read_to_string(lock) {
            project.write("Cargo.lock", &lock);
        }
        project
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Removes what programs have kept.
    pub(crate) fn forget_results(&self) {
        fs::remove_dir_all(self.dir.path().join("store")).unwrap();
    }

    /// Builds with these arguments of `cargo build`, and returns what the program `name` prints.
    pub(crate) fn run(&self, arguments: &[&str], name: &str) -> String {
        static BUILDING: Mutex<()> = Mutex::new(());
        let _building = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
        let built = Command::new(env!("CARGO"))
            .args(["build", "--offline", "--quiet"])
            .args(arguments)
            .env("CARGO_TARGET_DIR", target_dir())
            .current_dir(self.dir.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&built.stderr);
        assert!(built.status.success(), "{said}");
        let ran = Command::new(target_dir().join("debug").join(name))
            .env("MEMO_DIR", self.dir.path().join("store"))
            .output()
            .unwrap();
        assert!(ran.status.success());
        String::from_utf8(ran.stdout).unwrap()
    }
}

fn target_dir() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("workspaces")
}
