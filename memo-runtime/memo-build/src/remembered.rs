//! The model of the last run, as long as nothing has changed that it was made from.
//!
//! Beside the model stands the digest of everything that cargo was asked with and would read. Its
//! version does not belong there: cargo gives another compiler another `OUT_DIR`.

use std::fs;
use std::io;
use std::path::Path;

use memo_code::Model;
use memo_code::model::MODEL_FILE;

use crate::error::Error;
use crate::files;
use crate::model::model;
use crate::query::Query;
use crate::watched;

/// The digest's place in `OUT_DIR`.
const INPUTS_FILE: &str = "memo/inputs";

/// Where cargo finds targets by itself, in a package's directory.
const DISCOVERED: [&str; 5] = ["src", "src/bin", "examples", "tests", "benches"];

/// Where cargo finds a build script by itself.
const SCRIPT: &str = "build.rs";

/// The [model](model()) as it was remembered in `dir`, as long as nothing has changed that it was made
/// from; else cargo is asked, and the answer remembered. For tools that ask often.
///
/// # Errors
///
/// As those of [`model`](model()). That it cannot be remembered is none.
pub fn remembered_model(query: &Query, dir: &Path) -> Result<Model, Error> {
    if let Some(model) = load(query, dir) {
        return Ok(model);
    }
    let model = model(query)?;
    // It is asked for again next time.
    let _ = save(&model, query, dir);
    Ok(model)
}

/// The model in `out_dir`, if cargo would tell the same again. One with trouble is not worth
/// remembering: the trouble may be over.
pub(crate) fn load(query: &Query, out_dir: &Path) -> Option<Model> {
    let model = Model::from_bytes(&fs::read(out_dir.join(MODEL_FILE)).ok()?)?;
    let digest = fs::read(out_dir.join(INPUTS_FILE)).ok()?;
    let is_valid = model.trouble.is_none() && digest == digest_of(&model, query);
    is_valid.then_some(model)
}

/// Leaves the model in `out_dir`. An older one does not stay there if that fails.
pub(crate) fn save(model: &Model, query: &Query, out_dir: &Path) -> io::Result<()> {
    let (model_file, inputs_file) = (out_dir.join(MODEL_FILE), out_dir.join(INPUTS_FILE));
    let saved = files::replace(&model_file, &model.to_bytes());
    let saved = saved.and_then(|()| files::replace(&inputs_file, &digest_of(model, query)));
    if saved.is_err() {
        for file in [inputs_file, model_file] {
            // What cannot be removed either is in a directory that nobody can write to.
            let _ = fs::remove_file(file);
        }
    }
    saved
}

fn digest_of(model: &Model, query: &Query) -> [u8; 32] {
    let dir = query.directory();
    let mut inputs = Inputs::default();
    inputs.add(env!("CARGO_PKG_VERSION").as_bytes());
    inputs.list(&query.platforms);
    inputs.list(query.features.as_deref().unwrap_or_default());
    for path in watched::manifests(model, query) {
        inputs.add(path.as_bytes());
        inputs.file(&dir.join(path));
    }
    for package in &model.packages {
        inputs.targets(&dir.join(&package.dir));
    }
    inputs.digest()
}

/// What cargo would look at to find targets.
fn names_in(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries
        .map(|entry| {
            let is_target = entry.path().join("main.rs").exists();
            format!("{} {is_target}", entry.file_name().to_string_lossy())
        })
        .collect();
    names.sort();
    names
}

/// What an answer of cargo was made from.
#[derive(Default)]
pub(crate) struct Inputs {
    hasher: blake3::Hasher,
}

impl Inputs {
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.hasher.update(&(bytes.len() as u64).to_le_bytes());
        self.hasher.update(bytes);
    }

    pub(crate) fn list(&mut self, texts: &[String]) {
        self.add(&(texts.len() as u64).to_le_bytes());
        for text in texts {
            self.add(text.as_bytes());
        }
    }

    /// The content of a file; that of one that is not there is empty.
    pub(crate) fn file(&mut self, path: &Path) {
        self.add(&fs::read(path).unwrap_or_default());
    }

    /// The names that make targets of a package in this directory.
    pub(crate) fn targets(&mut self, package: &Path) {
        for place in DISCOVERED {
            self.list(&names_in(&package.join(place)));
        }
        self.add(&[u8::from(package.join(SCRIPT).is_file())]);
    }

    pub(crate) fn digest(&self) -> [u8; 32] {
        self.hasher.finalize().into()
    }
}
