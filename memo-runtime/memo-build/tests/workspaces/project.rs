//! Workspaces in directories of their own, which are gone with them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use memo_build::Query;
use memo_code::Model;
use memo_code::model::Package;
use tempfile::TempDir;

pub(crate) struct Project {
    dir: TempDir,
}

impl Project {
    /// A directory with these files; each `Cargo.toml` gets a library beside it unless it is there.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let project = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        for (path, text) in files {
            project.write(path, text);
            let library = project.path(path).with_file_name("src").join("lib.rs");
            if path.ends_with("Cargo.toml") && text.contains("[package]") && !library.exists() {
                fs::create_dir_all(library.parent().unwrap()).unwrap();
                fs::write(library, "").unwrap();
            }
        }
        project
    }

    /// The same with a lock file in `root`.
    pub(crate) fn locked(root: &str, files: &[(&str, &str)]) -> Self {
        let project = Self::new(files);
        project.lock(root);
        project
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn lock(&self, root: &str) {
        let mut command = cargo();
        command.args(["generate-lockfile", "--offline", "--quiet"]);
        let status = command.current_dir(self.path(root)).status().unwrap();
        assert!(status.success());
    }

    /// The question for the package in `dir`, as it is compiled by default.
    pub(crate) fn query(&self, dir: &str) -> Query {
        Query::new(self.path(dir).join("Cargo.toml"))
    }

    pub(crate) fn model(&self, dir: &str) -> Model {
        memo_build::model(&self.query(dir)).unwrap()
    }

    /// The model with these features in force.
    pub(crate) fn model_with(&self, dir: &str, features: &[&str]) -> Model {
        let mut query = self.query(dir);
        query.features = Some(features.iter().map(|&it| it.to_owned()).collect());
        memo_build::model(&query).unwrap()
    }
}

/// The cargo that runs the tests.
pub(crate) fn cargo() -> Command {
    Command::new(env!("CARGO"))
}

pub(crate) fn package<'a>(model: &'a Model, name: &str) -> &'a Package {
    let mut packages = model.packages.iter();
    packages.find(|it| it.name == name).expect(name)
}

pub(crate) fn names(model: &Model) -> Vec<&str> {
    let packages = model.packages.iter();
    packages.map(|package| package.name.as_str()).collect()
}

/// The dependencies of a package as text: name, kind, package.
pub(crate) fn dependencies(model: &Model, of: &str) -> Vec<String> {
    use memo_code::model::DependsOn;
    let dependencies = package(model, of).dependencies.iter();
    let dependencies = dependencies.map(|it| {
        let on = match it.on {
            DependsOn::Local(index) => &model.packages[index].name,
            DependsOn::External(index) => &model.externals[index].name,
        };
        format!("{} {:?} {on}", it.name, it.kind)
    });
    dependencies.collect()
}

/// All files below a directory.
pub(crate) fn files_below(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let files = entries.flat_map(|path| match path.is_dir() {
        true => files_below(&path),
        false => vec![path],
    });
    files.collect()
}

pub(crate) fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|it| it == text.as_bytes())
}
