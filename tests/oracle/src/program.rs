//! What is mutated in a laid-out program, and what is examined.

use std::collections::BTreeMap;

use memo_code::model::{Model, TargetKind};
use memo_code::sources::{join, parent};

use crate::failure::{Failure, Result};
use crate::functions::{self, Declared, Function};
use crate::subject::Subject;
use crate::tree::Tree;

/// A source file with functions that are mutated.
#[derive(Clone, Debug)]
pub struct File {
    /// The crate that it belongs to.
    pub krate: String,
    /// Its place, relative to the driver's directory.
    pub path: String,
    /// What it says.
    pub text: String,
    /// Where an `extern crate` has to stand, if its edition needs one and it is the root.
    pub extern_crate: Option<usize>,
}

/// A function whose body is replaced by a panic.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// Its number, from 1.
    pub number: u32,
    /// The index of its file.
    pub file: usize,
    /// The function.
    pub function: Function,
}

/// A memoized function.
#[derive(Clone, Debug)]
pub struct Examined {
    /// Its number, from 1.
    pub number: u32,
    /// Its path in the driver.
    pub path: String,
    /// The function of the driver that calls it.
    pub entry: String,
    /// The index of its file.
    pub file: usize,
    /// Where its first statement can be.
    pub start: usize,
}

/// A program, and its parts that count here.
#[derive(Clone, Debug)]
pub struct Program {
    /// Files in which something is mutated or examined.
    pub files: Vec<File>,
    /// What is mutated.
    pub mutants: Vec<Mutant>,
    /// What is examined.
    pub examined: Vec<Examined>,
}

/// The root of the driver's crate.
pub const MAIN: &str = "src/main.rs";

impl Program {
    /// Reads the sources of a tree.
    ///
    /// # Errors
    ///
    /// A file cannot be read or parsed, or an examined function is not there.
    pub fn read(subject: &Subject, tree: &Tree, model: &Model) -> Result<Self> {
        let mut program = Self {
            files: Vec::new(),
            mutants: Vec::new(),
            examined: Vec::new(),
        };
        let mut memoized = Vec::new();
        // The cache's own code is no part of what it keeps.
        let packages = model.packages.iter();
        for package in packages.filter(|package| package.name != "memo-runtime") {
            for target in &package.targets {
                if target.kind != TargetKind::ProcMacro {
                    let root = join(&package.dir, &target.root);
                    let found = program.read_crate(tree, &target.name, target.edition, &root)?;
                    memoized.extend(found);
                }
            }
        }
        program.choose_examined(subject, &memoized)?;
        Ok(program)
    }

    /// Reads a crate, and returns its memoized functions with the indices of their files.
    fn read_crate(
        &mut self,
        tree: &Tree,
        krate: &str,
        edition: u16,
        root: &str,
    ) -> Result<Vec<(usize, Function)>> {
        let mut memoized = Vec::new();
        let mut waiting = vec![(root.to_owned(), Vec::new())];
        while let Some((path, module)) = waiting.pop() {
            if self.files.iter().any(|file| file.path == path) {
                continue;
            }
            let Ok(text) = tree.read(&path) else {
                // The compiler leaves it out too, or says what is missing.
                continue;
            };
            let found = functions::find(&text, &module)
                .map_err(|why| Failure::new(format!("cannot parse {path}: {why}")))?;
            let file = self.files.len();
            for function in found.functions {
                if function.memoized {
                    memoized.push((file, function.clone()));
                }
                if path != MAIN {
                    let number = self.mutants.len() as u32 + 1;
                    self.mutants.push(Mutant {
                        number,
                        file,
                        function,
                    });
                }
            }
            for declared in found.modules {
                let mut inner = module.clone();
                inner.extend(declared.path.iter().cloned());
                for candidate in candidates(&path, path == root, &declared) {
                    waiting.push((candidate, inner.clone()));
                }
            }
            self.files.push(File {
                krate: krate.to_owned(),
                extern_crate: (edition < 2018 && path == root).then_some(found.first_item),
                path,
                text,
            });
        }
        Ok(memoized)
    }

    fn choose_examined(&mut self, subject: &Subject, memoized: &[(usize, Function)]) -> Result<()> {
        let mut entries: BTreeMap<String, String> = subject.entries.clone();
        if entries.is_empty() {
            let own = memoized
                .iter()
                .filter(|(file, _)| self.files[*file].path == MAIN);
            entries.extend(own.map(|(_, own)| (own.path.clone(), own.path.clone())));
        }
        for ((path, entry), number) in entries.into_iter().zip(1..) {
            let place = memoized.iter().find(|(_, function)| function.path == path);
            let missing = || Failure::new(format!("{} has no memoized {path}", subject.name));
            let (file, function) = place.ok_or_else(missing)?;
            self.examined.push(Examined {
                number,
                path,
                entry,
                file: *file,
                start: function.start,
            });
        }
        Ok(())
    }

    /// The crate and place of a mutant, as `either src/lib.rs:12`.
    pub fn place(&self, mutant: &Mutant) -> String {
        let file = &self.files[mutant.file];
        format!("{}:{}", file.path, mutant.function.line)
    }
}

/// Where the file of a module can be that is declared in the file `path`.
fn candidates(path: &str, root: bool, declared: &Declared) -> Vec<String> {
    let (name, inline) = match declared.path.split_last() {
        Some((name, inline)) => (name, inline.join("/")),
        None => return Vec::new(),
    };
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.trim_end_matches(".rs");
    let mut dir = parent(path).to_owned();
    let beside = root || stem == "mod";
    match &declared.file {
        Some(file) if inline.is_empty() => vec![join(&dir, file)],
        named => {
            if !beside {
                dir = join(&dir, stem);
            }
            dir = join(&dir, &inline);
            match named {
                Some(file) => vec![join(&dir, file)],
                None => vec![
                    join(&dir, &format!("{name}.rs")),
                    join(&dir, &format!("{name}/mod.rs")),
                ],
            }
        }
    }
}
