//! Crates in memory, and the fingerprints of their functions.

use std::collections::BTreeMap;

use memo_code::model::{Package, Target, TargetKind};
use memo_code::{Analysis, Fingerprint, Level, Memory, Model, Surroundings};

/// The root of every crate: a path that stands in no string of the corpus, where it would count as
/// a file that is read, comments and all.
pub(crate) const ROOT: &str = "code/root.rs";

/// The files of one crate.
#[derive(Clone, Default)]
pub(crate) struct Crate {
    pub(crate) files: BTreeMap<String, String>,
}

/// A fingerprint: its digest, and the conditions that it asks for.
pub(crate) type Print = ([u8; 32], Vec<String>);

impl Crate {
    /// A crate with nothing but a root.
    pub(crate) fn of(text: String) -> Self {
        Self {
            files: BTreeMap::from([(ROOT.to_owned(), text)]),
        }
    }

    /// The fingerprints of the first `most` memoized functions, by path.
    pub(crate) fn fingerprints(&self, level: Level, most: usize) -> Vec<(String, Print)> {
        let model = model();
        let analysis = self.analysis(&model);
        let memoized = analysis.memoized().into_iter().take(most);
        memoized
            .map(|function| {
                let fingerprint = analysis.fingerprint(function.id, level, true);
                (function.path, (fingerprint.digest, fingerprint.conditions))
            })
            .collect()
    }

    /// The fingerprint of each memoized function, asked for first of all, and last of all.
    pub(crate) fn first_and_last(&self, level: Level) -> Vec<[Fingerprint; 2]> {
        let model = model();
        let all = self.analysis(&model);
        let memoized = all.memoized();
        for function in &memoized {
            all.fingerprint(function.id, level, true);
        }
        let pairs = memoized.iter().map(|function| {
            let alone = self.analysis(&model);
            [&alone, &all].map(|analysis| analysis.fingerprint(function.id, level, true))
        });
        pairs.collect()
    }

    fn analysis<'a>(&'a self, model: &'a Model) -> Analysis<'a> {
        let surroundings = Surroundings {
            sources: &self.files,
            generated: None,
            environment: None,
        };
        Analysis::new(model, 0, surroundings, &mut Memory::default())
    }
}

fn model() -> Model {
    let library = Target {
        name: "app".to_owned(),
        kind: TargetKind::Library,
        root: ROOT.to_owned(),
        edition: 2024,
    };
    let app = Package {
        name: "app".to_owned(),
        version: "0.1.0".to_owned(),
        targets: vec![library],
        ..Package::default()
    };
    Model {
        packages: vec![app],
        ..Model::default()
    }
}
