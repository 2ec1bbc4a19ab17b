//! A small workspace on disk: the package `lab` with binaries and a library, and the package `dep`
//! that it depends on.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use cargo_metadata::{Metadata, MetadataCommand};
use memo_runtime::Digest;
use tempfile::TempDir;

use super::super::choice::{Choice, choose};
use super::super::source::{Source, look};
use super::super::{CargoFlags, Wanted};

const FILES: &[(&str, &str)] = &[
    (
        "Cargo.toml",
        "[workspace]\nmembers = [\"lab\", \"dep\"]\nresolver = \"3\"\n",
    ),
    (
        "lab/Cargo.toml",
        "[package]\nname = \"lab\"\nversion = \"0.1.0\"\nedition = \"2024\"\nauthors = [\"A\"]\n\
         [features]\ndefault = [\"warm\"]\nwarm = []\nfast = [\"faster\"]\nfaster = []\nother = []\n\
         [dependencies]\ndep = { path = \"../dep\" }\n",
    ),
    (
        "lab/src/main.rs",
        "//! Trains.\n\
         fn main() {\n    let lr = lab::rate();\n    println!(\"{}\", dep::step(lr));\n    \
         print!(\"{}\", include_str!(\"words.txt\"));\n    speed();\n    debug();\n    \
         println!(\"{}\", env!(\"CARGO_PKG_AUTHORS\"));\n}\n\
         fn speed() {\n    #[cfg(feature = \"fast\")]\n    println!(\"fast\");\n}\n\
         fn debug() {\n    if cfg!(debug_assertions) {\n        println!(\"debug\");\n    }\n}\n",
    ),
    ("lab/src/words.txt", "words\n"),
    (
        "lab/src/lib.rs",
        "pub fn rate() -> f64 {\n    0.1\n}\npub fn unused() -> f64 {\n    0.7\n}\n",
    ),
    (
        "lab/src/bin/eval.rs",
        "fn main() {\n    if cfg!(unix) {\n        println!(\"eval\");\n    }\n}\n",
    ),
    (
        "dep/Cargo.toml",
        "[package]\nname = \"dep\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    ),
    (
        "dep/src/lib.rs",
        "pub fn step(x: f64) -> f64 {\n    x * 2.0\n}\n",
    ),
];

/// The workspace, with a target directory of its own.
pub(super) struct Lab {
    temp: TempDir,
    pub(super) workspace: Metadata,
}

impl Lab {
    pub(super) fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        for (path, content) in FILES {
            let path = temp.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let locked = Command::new(cargo)
            .args(["generate-lockfile", "--offline", "--quiet"])
            .current_dir(temp.path())
            .status();
        assert!(locked.unwrap().success());
        let mut lab = Self {
            workspace: metadata(&temp),
            temp,
        };
        lab.put_apart();
        lab
    }

    /// Reads the manifests again.
    pub(super) fn ask_again(&mut self) {
        self.workspace = metadata(&self.temp);
        self.put_apart();
    }

    /// Nothing is shared with other tests, whatever the environment says.
    fn put_apart(&mut self) {
        let target = self.path("target");
        self.workspace.target_directory = target.try_into().unwrap();
    }

    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.temp.path().join(path)
    }

    pub(super) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub(super) fn write(&self, path: &str, content: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Flags that build into the target directory of this workspace.
    pub(super) fn flags(&self) -> CargoFlags {
        CargoFlags {
            offline: true,
            target_dir: Some(self.path("target")),
            ..CargoFlags::default()
        }
    }

    pub(super) fn choice(&self, bin: &str) -> Choice<'_> {
        let flags = CargoFlags::default();
        let wanted = Wanted {
            bin: Some(bin),
            package: None,
            exact: false,
            cargo: &flags,
            command: None,
        };
        choose(&self.workspace, &wanted, self.temp.path()).unwrap()
    }

    pub(super) fn source(&self, bin: &str, flags: &CargoFlags) -> Source {
        look(&self.workspace, self.choice(bin), flags).unwrap()
    }

    pub(super) fn fingerprint(&self, bin: &str, flags: &CargoFlags) -> Digest {
        let source = self.source(bin, flags);
        assert_eq!(source.unknown, None);
        source.fingerprint
    }
}

fn metadata(temp: &TempDir) -> Metadata {
    let manifest = temp.path().join("Cargo.toml");
    let mut command = MetadataCommand::new();
    command.manifest_path(manifest).no_deps();
    command.exec().unwrap()
}
