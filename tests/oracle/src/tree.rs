//! A program laid out on disk: a driver, the crates that it uses, and what is mutated in them.
//!
//! `plain/driver` is what is analysed, as it was published; `plain/crates` are the mutated crates.
//! Everything that is built is made from there.

use std::fs;
use std::path::{Path, PathBuf};

use memo_build::Query;
use memo_code::Model;

use crate::cargo;
use crate::failure::{Failure, Result};
use crate::subject::{Origin, Subject, home};

/// The name of the crate that panics in the mutant.
pub const PROBE: &str = "memo-oracle-probe";

/// A tree of packages below one directory.
#[derive(Clone, Debug)]
pub struct Tree {
    root: PathBuf,
}

impl Tree {
    /// Lays out a subject below `work`, anew. Crates that are published come from cargo's own
    /// store, to which cargo downloads what it has not yet.
    ///
    /// # Errors
    ///
    /// Cargo fails, or a file cannot be written.
    pub fn lay_out(subject: &Subject, work: &Path) -> Result<Self> {
        let work = work.join(&subject.name);
        let tree = Self {
            root: work.join("plain"),
        };
        remove(&tree.root)?;
        let fetched = fetch(subject, &work.join("fetch"))?;
        for (name, from) in fetched {
            copy_dir(&from, &tree.root.join("crates").join(name))?;
        }
        for (name, origin) in subject.crates.iter().chain(&subject.beneath) {
            if let Origin::Local { path } = origin {
                copy_dir(&home().join(path), &tree.root.join("crates").join(name))?;
            }
        }
        let macros = "[dependencies]\nmemo-macros = { path = \"../memo-macros\" }\n";
        for (name, rest, lib) in [
            (
                "memo-macros",
                "[lib]\nproc-macro = true\n",
                include_str!("../support/macros.rs"),
            ),
            ("memo-runtime", macros, include_str!("../support/memo.rs")),
        ] {
            let dir = tree.root.join(name);
            write(&dir.join("Cargo.toml"), &manifest(name, rest))?;
            write(&dir.join("src/lib.rs"), lib)?;
        }
        let driver = home()
            .join("drivers")
            .join(&subject.name)
            .with_extension("rs");
        copy(&driver, &tree.driver().join("src/main.rs"))?;
        for (place, file) in &subject.modules {
            copy(&home().join(file), &tree.driver().join("src").join(place))?;
        }
        write(&tree.driver().join("Cargo.toml"), &driver_manifest(subject))?;
        cargo::fetch(&tree.driver())?;
        Ok(tree)
    }

    /// Copies the tree to a place beside it.
    ///
    /// # Errors
    ///
    /// A file cannot be written.
    pub fn duplicate(&self, name: &str) -> Result<Self> {
        let root = self.root.with_file_name(name);
        remove(&root)?;
        copy_dir(&self.root, &root)?;
        Ok(Self { root })
    }

    /// Adds the crate that panics in the mutant to every package.
    ///
    /// # Errors
    ///
    /// A file cannot be written.
    pub fn add_probe(&self) -> Result<()> {
        let probe = self.root.join(PROBE);
        write(&probe.join("Cargo.toml"), &manifest(PROBE, ""))?;
        write(
            &probe.join("src/lib.rs"),
            include_str!("../support/probe.rs"),
        )?;
        let crates = self.root.join("crates");
        let mut packages = vec![self.driver()];
        if crates.exists() {
            packages.extend(list(&crates)?);
        }
        for package in packages {
            let path = package.join("Cargo.toml");
            let dependency = format!("\n[dependencies.{PROBE}]\npath = {probe:?}\n");
            write(&path, &(read(&path)? + &dependency))?;
        }
        Ok(())
    }

    /// What the driver is made of, as a build script would find it out.
    ///
    /// # Errors
    ///
    /// Cargo fails.
    pub fn model(&self) -> Result<Model> {
        let query = Query::new(self.driver().join("Cargo.toml"));
        memo_build::model(&query)
            .map_err(|why| Failure::at("find out what there is in", &self.root, why))
    }

    /// The directory of the driver's package.
    pub fn driver(&self) -> PathBuf {
        self.root.join("driver")
    }

    /// The text of a file.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn read(&self, path: &str) -> Result<String> {
        read(&self.driver().join(path))
    }

    /// Writes a file, unless it is there with the same text.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn write(&self, path: &str, text: &str) -> Result<()> {
        let path = self.driver().join(path);
        if read(&path).is_ok_and(|there| there == text) {
            return Ok(());
        }
        write(&path, text)
    }
}

/// Lets cargo download the published crates of a subject, and says where they are.
fn fetch(subject: &Subject, dir: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut text = manifest("fetch", "[dependencies]\n");
    let mut names = Vec::new();
    for (name, origin) in subject.crates.iter().chain(&subject.beneath) {
        if !matches!(origin, Origin::Local { .. }) {
            text += &format!("{name} = {}\n", origin.requirement());
            names.push(name);
        }
    }
    if names.is_empty() {
        return Ok(Vec::new());
    }
    write(&dir.join("Cargo.toml"), &text)?;
    write(&dir.join("src/lib.rs"), "")?;
    let metadata = cargo::metadata(dir)?;
    let wanted = metadata.root_package().map(|root| &root.dependencies);
    let wanted = wanted.map_or(&[][..], Vec::as_slice);
    let found = names.into_iter().map(|name| {
        let wanted = wanted.iter().find(|dependency| dependency.name == *name);
        let package = metadata.packages.iter().find(|package| {
            package.name == *name
                && wanted.is_some_and(|wanted| wanted.req.matches(&package.version))
        });
        let dir = package.and_then(|package| package.manifest_path.parent());
        let dir =
            dir.ok_or_else(|| Failure::new(format!("cargo has not found the crate {name}")))?;
        Ok((name.clone(), dir.to_owned().into_std_path_buf()))
    });
    found.collect()
}

fn manifest(name: &str, rest: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n{rest}"
    )
}

fn driver_manifest(subject: &Subject) -> String {
    let mut rest = "[dependencies]\nmemo-runtime = { path = \"../memo-runtime\" }\n".to_owned();
    for (name, origin) in subject.crates.iter().chain(&subject.others) {
        rest += &format!("{name} = {}\n", origin.requirement());
    }
    rest += "\n[patch.crates-io]\n";
    for name in subject.crates.keys().chain(subject.beneath.keys()) {
        rest += &format!("{name} = {{ path = \"../crates/{name}\" }}\n");
    }
    manifest("driver", &rest)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|why| Failure::at("read", path, why))
}

fn write(path: &Path, text: &str) -> Result<()> {
    make_parent(path)?;
    fs::write(path, text).map_err(|why| Failure::at("write", path, why))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    make_parent(to)?;
    fs::copy(from, to).map_err(|why| Failure::at("copy", from, why))?;
    Ok(())
}

fn make_parent(path: &Path) -> Result<()> {
    let dir = path.parent().unwrap_or(path);
    fs::create_dir_all(dir).map_err(|why| Failure::at("make", dir, why))
}

fn remove(dir: &Path) -> Result<()> {
    match fs::remove_dir_all(dir) {
        Err(why) if dir.exists() => Err(Failure::at("remove", dir, why)),
        _ => Ok(()),
    }
}

fn list(dir: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(dir).map_err(|why| Failure::at("list", dir, why))?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    paths
        .collect::<std::io::Result<_>>()
        .map_err(|why| Failure::at("list", dir, why))
}

fn copy_dir(from: &Path, to: &Path) -> Result<()> {
    for path in list(from)? {
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() {
            copy_dir(&path, &to.join(name))?;
        } else {
            copy(&path, &to.join(name))?;
        }
    }
    Ok(())
}
