//! The crate that is being compiled: what the build script left for it, and its analysis, which is
//! made once a process.
//!
//! What must hold: no build fails for it. Where the analysis cannot be made, there is a warning,
//! and a fingerprint that no other build shares: its results are never taken for those of other
//! code.

use std::any::Any;
use std::cell::OnceCell;
use std::env;
use std::fs;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Once, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use memo_code::list::{Fact, FactKind};
use memo_code::model::{MODEL_FILE, TROUBLES_FILE};
use memo_code::{Analysis, CodeList, Disk, Fingerprint, Level, Memory, Model, Surroundings};
use proc_macro2::TokenStream;

use super::Source;
use super::compiling::Compiling;
use super::conditions;
use super::edited::Watched;
use super::fallback::Fallback;
use super::features;
use super::paths;

/// More warnings than these would be read by nobody.
const MOST_WARNINGS: usize = 10;

/// What the build script left.
pub(super) enum Left {
    /// Nothing: it is not there, or does not ask for fingerprints.
    Nothing,
    /// A model that another version of `memo-build` wrote.
    Foreign,
    /// The model.
    Model(Model),
}

/// What the build script of the package that is compiled left.
pub(super) fn model() -> &'static Left {
    static LEFT: OnceLock<Left> = OnceLock::new();
    LEFT.get_or_init(|| {
        let Some(bytes) = directory("OUT_DIR").and_then(|dir| fs::read(dir.join(MODEL_FILE)).ok())
        else {
            return Left::Nothing;
        };
        let Some(model) = Model::from_bytes(&bytes) else {
            warn("memo-build is of another version than memo-runtime, so of each function only its own tokens count");
            return Left::Foreign;
        };
        // A program that runs cargo may hand its own `OUT_DIR` on.
        let compiled = env::var("CARGO_PKG_NAME").unwrap_or_default();
        match model.packages.first() {
            Some(package) if package.name == compiled => Left::Model(model),
            _ => Left::Nothing,
        }
    })
}

/// The code that the function at `source` in `file` depends on; second where tests are compiled, if
/// it is another there.
pub(super) fn fingerprints(
    model: &Model,
    file: &Path,
    source: &Source<'_>,
    level: Level,
) -> (Fingerprint, Option<Fingerprint>) {
    // Never dropped: it is tens of thousands of small pieces, and the process ends right behind.
    thread_local!(static CRATE: OnceCell<ManuallyDrop<Result<Crate, String>>> = const { OnceCell::new() });

    let item = source.item.to_string();
    let found = {
        let _without_compiler = Fallback::begin();
        catch_unwind(AssertUnwindSafe(|| {
            CRATE.with(|krate| {
                let krate = krate.get_or_init(|| ManuallyDrop::new(Crate::analyse(model)));
                let krate = krate.as_ref().map_err(String::clone)?;
                krate.fingerprints(file, source.at, &item, level)
            })
        }))
    };
    let found =
        found.unwrap_or_else(|panic| Err(format!("this is a mistake in memo: {}", text(&*panic))));
    found.unwrap_or_else(|problem| {
        static TOLD: Once = Once::new();
        TOLD.call_once(|| warn(&format!("{problem}; results are kept for this build alone")));
        (unshared(&problem), None)
    })
}

/// An analysed crate.
struct Crate {
    analysis: Analysis<'static>,
    model: &'static Model,
    sources: &'static Watched,
    package: PathBuf,
    current: PathBuf,
}

impl Crate {
    /// Analyses the crate. What the analysis is made of is needed as long as the process lives.
    fn analyse(model: &Model) -> Result<Crate, String> {
        let missing = |name: &str| format!("the compiler is run without {name}");
        let directory = |name| directory(name).ok_or_else(|| missing(name));
        let (package, out) = (directory("CARGO_MANIFEST_DIR")?, directory("OUT_DIR")?);
        let current = env::current_dir().map_err(|error| error.to_string())?;
        let mut model = model.clone();
        let target = Compiling::of_process(&package, &current)
            .target(&mut model, &package)
            .ok_or("it cannot be told which crate is compiled")?;
        features::put_in_force(&mut model);
        let mut memory = Memory::load(&out);
        let sources: &Watched = Box::leak(Box::new(Watched::new(&package)));
        let generated: &Disk = Box::leak(Box::new(Disk::new(&out)));
        let surroundings = Surroundings {
            sources,
            generated: Some(generated),
            environment: Some(&|name| env::var(name).ok()),
        };
        let model: &Model = Box::leak(Box::new(model));
        let analysis = Analysis::new(model, target, surroundings, &mut memory);
        memory.save(&out);
        tell(&analysis, &out);
        Ok(Crate {
            analysis,
            model,
            sources,
            package,
            current,
        })
    }

    fn fingerprints(
        &self,
        file: &Path,
        (line, column): (usize, usize),
        item: &str,
        level: Level,
    ) -> Result<(Fingerprint, Option<Fingerprint>), String> {
        let spellings = paths::spellings(file, &self.current, &self.package);
        let function = spellings
            .iter()
            .find_map(|file| self.analysis.function_at(file, line, column));
        let place = spellings
            .iter()
            .find(|file| self.sources.has_read(file))
            .map(|file| (file.as_str(), line));
        let (plain, in_tests) = match function {
            Some(function) => self.analysis.fingerprints(function, level),
            None => {
                let item: TokenStream = item
                    .parse()
                    .map_err(|error| format!("a macro makes a function of no tokens: {error}"))?;
                let (mut plain, mut in_tests) = self.analysis.fingerprints_of(&item, place, level);
                // The macro may stand in an impl that leaves types open.
                for found in [Some(&mut plain), in_tests.as_mut()].into_iter().flatten() {
                    found.types.get_or_insert_default();
                }
                (plain, in_tests)
            }
        };
        let finished = |mut found: Fingerprint| {
            if let Some(types) = &mut found.types {
                types.retain(|path| is_clear(path, self.model));
            }
            self.sources.mark(&mut found);
            conditions::answer(&mut found);
            found
        };
        Ok((finished(plain), in_tests.map(finished)))
    }
}

/// Whether it is clear in which crate this path of a type is.
fn is_clear(path: &str, model: &Model) -> bool {
    let krate = path.split("::").next().unwrap_or_default();
    !model.ambiguous.iter().any(|name| name == krate)
}

/// Tells of what could not be understood, unless the build script has.
fn tell(analysis: &Analysis<'_>, out: &Path) {
    let told = fs::read_to_string(out.join(TROUBLES_FILE)).unwrap_or_default();
    let troubles = analysis.troubles().iter();
    let troubles = troubles.map(|it| format!("{}: {}", it.place, it.problem));
    for warning in warnings(troubles, &told) {
        eprintln!("warning: memo: {warning}");
    }
}

/// The troubles that have not been told, if there are not too many.
fn warnings(troubles: impl Iterator<Item = String>, told: &str) -> Vec<String> {
    let is_new = |trouble: &String| told.lines().all(|line| line != trouble);
    let mut new: Vec<String> = troubles.filter(is_new).collect();
    if let Some(more @ 1..) = new.len().checked_sub(MOST_WARNINGS) {
        new.truncate(MOST_WARNINGS);
        new.push(format!("and {more} more like these"));
    }
    new
}

/// A fingerprint that no other build shares.
fn unshared(problem: &str) -> Fingerprint {
    let time = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let mut hasher = blake3::Hasher::new_derive_key("memo-macros 1 not analysed");
    hasher.update(&time.as_nanos().to_le_bytes());
    hasher.update(&std::process::id().to_le_bytes());
    let fact = Fact {
        kind: FactKind::Whole,
        name: env::var("CARGO_PKG_NAME").unwrap_or_default(),
        value: problem.to_owned(),
    };
    Fingerprint {
        digest: *hasher.finalize().as_bytes(),
        conditions: Vec::new(),
        list: CodeList {
            facts: vec![fact],
            ..CodeList::default()
        },
        types: Some(Vec::new()),
    }
}

fn directory(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from)
}

/// What a panic said.
fn text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("it does not say what")
}

/// Tells something to who builds. Cargo passes on what the compiler writes.
fn warn(problem: &str) {
    let package = env::var("CARGO_PKG_NAME").unwrap_or_default();
    eprintln!("warning: the code of {package} could not be analysed: {problem}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_one_of_several_crates_of_a_name_is_not_clear() {
        let model = Model {
            ambiguous: vec!["ndarray".to_owned()],
            ..Model::default()
        };
        assert!(!is_clear("ndarray::", &model));
        assert!(!is_clear("ndarray::ArrayBase", &model));
        assert!(is_clear("ndarray_rand::", &model));
        assert!(is_clear("app::ndarray::Plan", &model));
    }

    #[test]
    fn troubles_are_told_once_and_not_without_end() {
        let troubles = (0..25).map(|number| format!("src/{number}.rs: not understood"));
        let told: String = (0..13)
            .map(|number| format!("src/{number}.rs: not understood\n"))
            .collect();
        let found = warnings(troubles.clone(), &told);
        assert_eq!(found.len(), 11);
        assert_eq!(found[0], "src/13.rs: not understood");
        assert_eq!(found[10], "and 2 more like these");
        assert_eq!(warnings(troubles.take(13), &told), [""; 0]);
    }
}
