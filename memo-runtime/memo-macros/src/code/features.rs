//! With which features the other packages around were compiled.
//!
//! The build script knows those that cargo resolves for the whole workspace. A build of one package
//! (`cargo build -p …`), or one with tests, may compile another package with fewer or with more, and
//! which it was decides what code a function runs. Only who compiles knows: cargo hands the
//! compiler each library with a number in its name, and has noted in a directory of the same
//! number what it was compiled with.
//!
//! Neither is promised by cargo. What must hold: where anything is not as it is described here,
//! that number itself counts. It differs whenever the features do; but also between profiles and
//! compilers, so that these no longer share results.
//!
//! - `--extern name=…/deps/libname-<number>.rmeta` (or `.rlib`, `.so`) is a library that the crate
//!   can name. A library that only other libraries use is beside them, and its number stands in the
//!   metadata of those.
//! - `…/.fingerprint/<package>-<number>/lib-name.json` has `"features":"[\"one\", \"two\"]"`. It is
//!   written when the library is finished. While it is still being compiled, because cargo begins
//!   with a crate as soon as there is metadata of what it uses, the features stand in the command
//!   line of that compiler.

mod notes;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use memo_code::Model;
use memo_code::model::{DependencyKind, DependsOn, Package};

use super::arguments;

/// Between the end of a compiler and cargo's note of it there is a moment.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(2);

/// Puts the features that the packages of a model are compiled with into it. The first has them
/// already.
pub(super) fn put_in_force(model: &mut Model) {
    let arguments = arguments::all();
    let asked = |package: &Package| package.has_features;
    if model.packages.iter().skip(1).any(asked) {
        let libraries = Libraries::of(model, &arguments);
        libraries.put_into(model, &|library, package| {
            library.features(package, PATIENCE)
        });
    }
    put_compilation(model, &arguments);
}

/// Tells in a model how packages are compiled that are not always compiled alike. The number of the
/// crate at hand says so of everything beneath it.
fn put_compilation(model: &mut Model, arguments: &[String]) {
    let options = arguments::values(arguments, "-C");
    let number = options.iter().find_map(|it| it.strip_prefix("metadata="));
    let text = format!("(as compiled in {})", number.unwrap_or("an unknown build"));
    let externals = model.externals.iter_mut().filter(|it| it.varies);
    let externals = externals.map(|it| &mut it.features);
    let packages = model.packages.iter_mut().filter(|it| it.has_own_profile);
    let packages = packages.map(|it| &mut it.features);
    for features in externals.chain(packages) {
        features.push(text.clone());
    }
}

/// A compiled library.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Library {
    file: PathBuf,
    /// The number in its name.
    number: String,
}

/// The libraries of a model's packages, as far as the compiler is given them.
#[derive(Debug)]
struct Libraries(Vec<Option<Library>>);

impl Libraries {
    fn of(model: &Model, arguments: &[String]) -> Libraries {
        let mut libraries = vec![None; model.packages.len()];
        let externs = arguments::values(arguments, "--extern");
        for dependency in model
            .packages
            .first()
            .iter()
            .flat_map(|it| &it.dependencies)
        {
            let DependsOn::Local(package) = dependency.on else {
                continue;
            };
            let given = externs.iter().find_map(|value| {
                let (name, file) = value.split_once('=')?;
                let name = name.rsplit_once(':').map_or(name, |(_, name)| name);
                (name == dependency.name).then_some(file)
            });
            if dependency.kind != DependencyKind::Build
                && let Some(library) = given.and_then(|file| Library::new(Path::new(file)))
            {
                libraries[package] = Some(library);
            }
        }
        Libraries(libraries)
    }

    /// Puts what `features` tells of each library into the model.
    fn put_into(
        &self,
        model: &mut Model,
        features: &dyn Fn(&Library, &Package) -> Option<Vec<String>>,
    ) {
        for number in 1..model.packages.len() {
            let package = &model.packages[number];
            if !package.has_features {
                continue;
            }
            let leading = self.leading_to(number, model);
            let library = match &self.0[number] {
                Some(library) => Some(library.clone()),
                None => library_beside(&leading, package),
            };
            let told = library.as_ref().and_then(|it| features(it, package));
            let numbers = library.iter().chain(leading.iter().copied());
            let numbers: Vec<&str> = numbers.map(|it| it.number.as_str()).collect();
            match told {
                Some(features) => model.packages[number].features = features,
                None if numbers.is_empty() => {}
                None => {
                    model.packages[number].features =
                        vec![format!("(unknown {})", numbers.join(" "))];
                }
            }
        }
    }

    /// The libraries that the compiler is given and that use this package, by whatever way.
    fn leading_to(&self, package: usize, model: &Model) -> Vec<&Library> {
        let given = self.0.iter().enumerate();
        let given = given.filter_map(|(number, library)| Some((number, library.as_ref()?)));
        given
            .filter(|(number, _)| *number != package && uses(model, *number, package))
            .map(|(_, library)| library)
            .collect()
    }
}

/// Whether one package uses another, by whatever way.
fn uses(model: &Model, one: usize, other: usize) -> bool {
    let mut reached = BTreeSet::from([one]);
    let mut open = vec![one];
    while let Some(package) = open.pop() {
        for dependency in &model.packages[package].dependencies {
            if let DependsOn::Local(next) = dependency.on
                && dependency.kind == DependencyKind::Normal
                && reached.insert(next)
            {
                open.push(next);
            }
        }
    }
    reached.contains(&other)
}

/// The library of a package among those beside `users`: the one whose number stands in them.
fn library_beside(users: &[&Library], package: &Package) -> Option<Library> {
    let start = format!("lib{}-", package.targets.first()?.name);
    let mut found: BTreeMap<String, Library> = BTreeMap::new();
    for user in users {
        let metadata = user.file.with_extension("rmeta");
        let content = fs::read(metadata).or_else(|_| fs::read(&user.file)).ok()?;
        let beside = fs::read_dir(user.file.parent()?).ok()?.flatten();
        let beside = beside.filter(|it| it.file_name().to_string_lossy().starts_with(&start));
        let mut beside: Vec<Library> = beside.filter_map(|it| Library::new(&it.path())).collect();
        // Only what follows a hyphen can be a number.
        for text in content.split(|byte| *byte == b'-').skip(1) {
            for library in beside.extract_if(.., |it| text.starts_with(it.number.as_bytes())) {
                found.insert(library.number.clone(), library);
            }
        }
    }
    let (_, library) = found.pop_first()?;
    found.is_empty().then_some(library)
}

impl Library {
    fn new(file: &Path) -> Option<Library> {
        let (_, number) = file.file_stem()?.to_str()?.rsplit_once('-')?;
        Some(Library {
            file: file.to_owned(),
            number: number.to_owned(),
        })
    }

    /// The features that it was compiled with, if that can be told.
    fn features(&self, package: &Package, patience: Duration) -> Option<Vec<String>> {
        let notes = self.file.parent()?.parent()?.join(".fingerprint");
        let notes = notes.join(format!("{}-{}", package.name, self.number));
        let began = Instant::now();
        while notes.is_dir() {
            let told = notes::left(&notes).or_else(|| notes::at_work(&self.number));
            if told.is_some() || began.elapsed() >= patience {
                return told;
            }
            thread::sleep(PAUSE);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use memo_code::model::{Dependency, Target, TargetKind};

    use super::*;

    /// `app` uses `middle`, which uses `base`; both have features.
    fn model() -> Model {
        let package = |name: &str, uses: &[usize]| Package {
            name: name.to_owned(),
            features: vec!["of-the-workspace".to_owned()],
            has_features: true,
            targets: vec![Target {
                name: name.to_owned(),
                kind: TargetKind::Library,
                root: "src/lib.rs".to_owned(),
                edition: 2024,
            }],
            dependencies: uses
                .iter()
                .map(|number| Dependency {
                    name: ["app", "middle", "base"][*number].to_owned(),
                    kind: DependencyKind::Normal,
                    on: DependsOn::Local(*number),
                })
                .collect(),
            ..Package::default()
        };
        Model {
            packages: vec![
                package("app", &[1]),
                package("middle", &[2]),
                package("base", &[]),
            ],
            ..Model::default()
        }
    }

    /// A directory of libraries with these files in it.
    fn compiled(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (path, content) in files {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        dir
    }

    /// The features of `middle` and `base` in a compilation of `app` with these files around.
    fn told(files: &[(&str, &str)]) -> [Vec<String>; 2] {
        let dir = compiled(files);
        let middle = dir.path().join("deps/libmiddle-a1.rmeta");
        let arguments = [
            "--extern".to_owned(),
            format!("priv:middle={}", middle.display()),
        ];
        let mut model = model();
        let libraries = Libraries::of(&model, &arguments);
        libraries.put_into(&mut model, &|library, package| {
            library.features(package, Duration::ZERO)
        });
        [1, 2].map(|package| model.packages[package].features.clone())
    }

    const METADATA: (&str, &str) = ("deps/libmiddle-a1.rmeta", "rust-99 base-b2 other-c3");
    const BASE: (&str, &str) = ("deps/libbase-b2.rmeta", "");
    const OTHER_BASE: (&str, &str) = ("deps/libbase-b4.rmeta", "");
    const NOTE: (&str, &str) = (
        ".fingerprint/middle-a1/lib-middle.json",
        r#"{"rustc":1,"features":"[\"fast\", \"default\"]","declared_features":"[\"x\"]"}"#,
    );
    const NOTE_OF_BASE: (&str, &str) =
        (".fingerprint/base-b2/lib-base.json", r#"{"features":"[]"}"#);
    const NOTE_OF_OTHER: (&str, &str) = (
        ".fingerprint/base-b4/lib-base.json",
        r#"{"features":"[\"x\"]"}"#,
    );

    #[test]
    fn features_are_those_that_cargo_has_noted() {
        let [middle, base] = told(&[
            METADATA,
            BASE,
            OTHER_BASE,
            NOTE,
            NOTE_OF_BASE,
            NOTE_OF_OTHER,
        ]);
        assert_eq!(middle, ["default", "fast"]);
        assert!(base.is_empty(), "{base:?}");
    }

    #[test]
    fn where_nothing_is_noted_the_number_counts() {
        assert_eq!(
            told(&[METADATA, BASE]),
            [["(unknown a1)"], ["(unknown b2 a1)"]]
        );
        assert_eq!(told(&[]), [["(unknown a1)"], ["(unknown a1)"]]);
        let not_understood = (NOTE.0, r#"{"features":["fast"]}"#);
        let [middle, _] = told(&[METADATA, not_understood]);
        assert_eq!(middle, ["(unknown a1)"]);
    }

    #[test]
    fn where_several_libraries_may_be_meant_the_users_number_counts() {
        let metadata = (METADATA.0, "base-b2 base-b4");
        let [_, base] = told(&[
            metadata,
            BASE,
            OTHER_BASE,
            NOTE,
            NOTE_OF_BASE,
            NOTE_OF_OTHER,
        ]);
        assert_eq!(base, ["(unknown a1)"]);
    }

    #[test]
    fn a_package_that_is_not_linked_stays_as_it_is() {
        let mut model = model();
        Libraries::of(&model, &[]).put_into(&mut model, &|_, _| None);
        assert_eq!(model, self::model());
    }

    #[test]
    fn packages_without_features_are_not_asked_for() {
        let mut model = model();
        model.packages[1].has_features = false;
        let libraries = Libraries::of(
            &model,
            &["--extern=middle=/deps/libmiddle-a1.so".to_owned()],
        );
        model.packages[2].has_features = false;
        libraries.put_into(&mut model, &|_, package| panic!("{}", package.name));
        assert_eq!(model.packages[1].features, ["of-the-workspace"]);
    }
}
