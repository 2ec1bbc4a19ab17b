//! Workspaces on disk, and cargo at work in them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::builds::generated::{Shape, library};

/// A workspace, with the build script or without it.
pub(crate) struct Workspace {
    dir: PathBuf,
    target: PathBuf,
    shape: Shape,
    name: String,
}

impl Workspace {
    /// Writes a program into a directory of its own in `dir`. Others may be compiled into the same
    /// `target` directory, so long as their names differ.
    pub(crate) fn new(dir: &Path, target: &Path, shape: Shape, name: &str, script: bool) -> Self {
        let name = format!("{name}-{}", if script { "with" } else { "without" });
        let workspace = Self {
            dir: dir.join(&name),
            target: target.to_owned(),
            shape,
            name,
        };
        workspace.write(
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\n",
        );
        let lock = fs::read_to_string(repository().join("Cargo.lock"));
        workspace.write("Cargo.lock", &lock.expect("a lock file"));
        for package in 0..shape.packages {
            let manifest = workspace.manifest(package, script && package == 0);
            workspace.write(&format!("{package}/Cargo.toml"), &manifest);
            for (path, text) in shape.files(package) {
                workspace.write(&format!("{package}/{path}"), &text);
            }
        }
        if script {
            workspace.write(
                "0/build.rs",
                "fn main() {\n    memo_build::fingerprint();\n}\n",
            );
        }
        workspace
    }

    fn manifest(&self, package: usize, script: bool) -> String {
        let name = |package| format!("{}-{package}", self.name);
        let mut manifest = format!(
            "[package]\nname = {:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n",
            name(package)
        );
        let memo = repository().join("memo-runtime");
        if package == 0 {
            manifest += &format!("memo-runtime.path = {memo:?}\n");
        }
        for below in package + 1..self.shape.packages {
            manifest += &format!(
                "{} = {{ package = {:?}, path = \"../{below}\" }}\n",
                library(below),
                name(below)
            );
        }
        if script {
            let build = memo.join("memo-build");
            manifest += &format!("\n[build-dependencies]\nmemo-build.path = {build:?}\n");
        }
        manifest
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.dir.join(path);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(path, text).expect("a file");
    }

    /// Changes the body of a function of a module.
    pub(crate) fn edit(&self, package: usize, module: usize, edited: usize) {
        let (path, text) = self.shape.module(package, module, edited);
        self.write(&format!("{package}/{path}"), &text);
    }

    /// The time that a debug build takes.
    pub(crate) fn build(&self) -> Duration {
        let mut command = Command::new(env!("CARGO"));
        command
            .args(["build", "--offline", "--quiet"])
            .current_dir(&self.dir)
            .env("CARGO_TARGET_DIR", &self.target)
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("RUSTC_WORKSPACE_WRAPPER")
            .env_remove("RUSTFLAGS");
        let began = Instant::now();
        let output = command.output().expect("cargo");
        let time = began.elapsed();
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && words.is_empty(), "{words}");
        time
    }
}

/// Where the sources of memo are.
fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("a repository")
}
