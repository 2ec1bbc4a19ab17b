//! The fingerprints of a program's examined functions, as it is and with a mutant.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;

use memo_code::model::TargetKind;
use memo_code::{Analysis, Disk, FunctionId, Level, Memory, Model, Sources, Surroundings, Trouble};

use crate::failure::{Failure, Result};
use crate::mutate;
use crate::program::{Mutant, Program};
use crate::tree::Tree;

/// How the analysis sees the text of a file: as it is, or, to try the oracle itself, with less in it.
pub type Sight = dyn Fn(&str, Vec<u8>) -> Vec<u8> + Sync;

/// What a fingerprint is compared by: its digest and its conditions.
type Compared = ([u8; 32], Vec<String>);

/// Finds fingerprints, one analysis after the other.
pub struct Analyst<'a> {
    program: &'a Program,
    model: &'a Model,
    target: usize,
    files: Files<'a>,
    memory: Memory,
    original: Vec<Compared>,
    /// What counts whole because it could not be understood.
    pub troubles: Vec<String>,
}

impl<'a> Analyst<'a> {
    /// Analyses the program as it is.
    ///
    /// # Errors
    ///
    /// The analysis does not know one of the examined functions.
    pub fn new(
        program: &'a Program,
        tree: &Tree,
        model: &'a Model,
        sight: &'a Sight,
    ) -> Result<Self> {
        let targets = model.packages.first().map(|package| &package.targets);
        let mut targets = targets.into_iter().flatten();
        let binary = targets.position(|target| target.kind == TargetKind::Binary);
        let target = binary.ok_or_else(|| Failure::new("the model has no program"))?;
        let mut analyst = Self {
            program,
            model,
            target,
            files: Files {
                disk: Disk::new(tree.driver()),
                sight,
                read: RefCell::default(),
            },
            memory: Memory::default(),
            original: Vec::new(),
            troubles: Vec::from_iter(model.trouble.clone()),
        };
        analyst.original = analyst.fingerprints(None)?;
        Ok(analyst)
    }

    /// Whether a mutant changes the fingerprint of each examined function, in their order.
    ///
    /// # Errors
    ///
    /// The analysis does not know one of the examined functions.
    pub fn changes(&mut self, mutant: &Mutant) -> Result<Vec<bool>> {
        let fingerprints = self.fingerprints(Some(mutant))?;
        let pairs = fingerprints.iter().zip(&self.original);
        Ok(pairs.map(|(now, before)| now != before).collect())
    }

    fn fingerprints(&mut self, mutant: Option<&Mutant>) -> Result<Vec<Compared>> {
        let sources = Overlay {
            files: &self.files,
            replaced: mutant.map(|mutant| {
                let path = self.program.files[mutant.file].path.as_str();
                (path, mutate::replaced(self.program, mutant))
            }),
        };
        let surroundings = Surroundings {
            sources: &sources,
            generated: None,
            environment: None,
        };
        let analysis = Analysis::new(self.model, self.target, surroundings, &mut self.memory);
        if mutant.is_none() {
            let troubles = analysis.troubles().iter();
            let words = |trouble: &Trouble| format!("{}: {}", trouble.place, trouble.problem);
            self.troubles.extend(troubles.map(words));
        }
        let memoized = analysis.memoized();
        let examined = self.program.examined.iter().map(|examined| {
            let known = memoized.iter().find(|known| known.path == examined.path);
            known.map(|known| known.id).ok_or_else(|| {
                Failure::new(format!("the analysis does not know {}", examined.path))
            })
        });
        let examined = examined.collect::<Result<Vec<FunctionId>>>()?;
        let fingerprints = examined.into_iter().map(|function| {
            let fingerprint = analysis.fingerprint(function, Level::Graph, false);
            (fingerprint.digest, fingerprint.conditions)
        });
        Ok(fingerprints.collect())
    }
}

/// Files on disk, read once.
struct Files<'a> {
    disk: Disk,
    sight: &'a Sight,
    read: RefCell<BTreeMap<String, Option<Vec<u8>>>>,
}

/// Files of which one has another text.
struct Overlay<'a> {
    files: &'a Files<'a>,
    replaced: Option<(&'a str, String)>,
}

impl Sources for Overlay<'_> {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        match &self.replaced {
            Some((replaced, text)) if *replaced == path => {
                Ok((self.files.sight)(path, text.clone().into_bytes()))
            }
            _ => self.files.read(path),
        }
    }

    fn files_below(&self, dir: &str) -> io::Result<Vec<String>> {
        self.files.disk.files_below(dir)
    }
}

impl Files<'_> {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let mut files = self.read.borrow_mut();
        let bytes = files.entry(path.to_owned()).or_insert_with(|| {
            let bytes = self.disk.read(path).ok()?;
            Some((self.sight)(path, bytes))
        });
        bytes.clone().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}
