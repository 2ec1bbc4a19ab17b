//! Which of a package's crates rustc is compiling.
//!
//! What the build script knew of targets may be out of date: it does not run again for a new source
//! file. What must hold: a target that cargo finds by its conventions is known, whenever it was
//! made.

use std::env;
use std::path::Path;

use memo_code::Model;
use memo_code::model::{Package, Target, TargetKind};

use super::arguments;
use super::paths;

/// Where cargo finds a library by itself.
const LIBRARY: &str = "src/lib.rs";

/// What the compiler was asked to compile.
pub(super) struct Compiling {
    /// The name of the crate.
    name: String,
    /// The spellings of its root file, if the command line has it.
    root: Option<[String; 2]>,
    edition: Option<u16>,
    is_program: bool,
}

impl Compiling {
    pub(super) fn of_process(package: &Path, current: &Path) -> Compiling {
        let arguments = arguments::all();
        let edition = arguments
            .iter()
            .find_map(|argument| argument.strip_prefix("--edition=")?.parse().ok());
        let root = arguments
            .iter()
            .find(|argument| argument.ends_with(".rs") && !argument.starts_with('-'));
        Compiling {
            name: env::var("CARGO_CRATE_NAME").unwrap_or_default(),
            root: root.map(|root| paths::spellings(Path::new(root), current, package)),
            edition,
            is_program: env::var_os("CARGO_BIN_NAME").is_some(),
        }
    }

    /// The index of the target that is compiled. The root file tells targets of one name apart;
    /// where the command line does not have it, whether it is a program does. A target that was
    /// made after the build script ran is added, and so is a library, which this may link.
    pub(super) fn target(&self, model: &mut Model, package: &Path) -> Option<usize> {
        let first = model.packages.first_mut()?;
        let target = self.known_target(first).or_else(|| self.added(first))?;
        let is_library =
            |target: &Target| matches!(target.kind, TargetKind::Library | TargetKind::ProcMacro);
        if !first.targets.iter().any(is_library) && package.join(LIBRARY).is_file() {
            first.targets.push(Target {
                name: first.name.replace('-', "_"),
                kind: TargetKind::Library,
                root: LIBRARY.to_owned(),
                edition: first.targets[target].edition,
            });
        }
        Some(target)
    }

    fn known_target(&self, package: &Package) -> Option<usize> {
        let targets = &package.targets;
        if let Some(spellings) = &self.root {
            return targets
                .iter()
                .position(|target| spellings.contains(&target.root));
        }
        let is_program = |target: &Target| target.kind == TargetKind::Binary;
        let mut named: Vec<usize> = (0..targets.len())
            .filter(|at| targets[*at].name == self.name)
            .collect();
        named.sort_by_key(|at| is_program(&targets[*at]) != self.is_program);
        named.first().copied()
    }

    fn added(&self, package: &mut Package) -> Option<usize> {
        let root = self.root.as_ref()?[0].clone();
        let edition = package.targets.first().map(|target| target.edition);
        package.targets.push(Target {
            name: self.name.clone(),
            kind: self.kind(&root),
            edition: self.edition.or(edition)?,
            root,
        });
        Some(package.targets.len() - 1)
    }

    /// The kind of a target with this root, by cargo's conventions.
    fn kind(&self, root: &str) -> TargetKind {
        match root.split('/').next() {
            Some("examples") => TargetKind::Example,
            Some("tests") => TargetKind::Test,
            Some("benches") => TargetKind::Benchmark,
            _ if self.is_program => TargetKind::Binary,
            _ => TargetKind::Library,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn compiling(name: &str, root: &str) -> Compiling {
        Compiling {
            name: name.to_owned(),
            root: Some([root.to_owned(), root.to_owned()]),
            edition: Some(2024),
            is_program: !root.ends_with("lib.rs"),
        }
    }

    fn model(targets: &[(&str, TargetKind, &str)]) -> Model {
        let targets = targets.iter().map(|&(name, kind, root)| Target {
            name: name.to_owned(),
            kind,
            root: root.to_owned(),
            edition: 2021,
        });
        let package = Package {
            name: "an-app".to_owned(),
            targets: targets.collect(),
            ..Package::default()
        };
        Model {
            packages: vec![package],
            ..Model::default()
        }
    }

    const PROGRAM: (&str, TargetKind, &str) = ("an_app", TargetKind::Binary, "src/main.rs");

    #[test]
    fn targets_of_one_name_are_told_apart_by_their_roots() {
        let library = ("an_app", TargetKind::Library, "src/lib.rs");
        let mut model = model(&[library, PROGRAM]);
        let nowhere = Path::new("/nowhere");
        let mut found = |root| compiling("an_app", root).target(&mut model, nowhere);
        assert_eq!(found("src/lib.rs"), Some(0));
        assert_eq!(found("src/main.rs"), Some(1));
    }

    #[test]
    fn a_target_that_is_new_is_added() {
        let mut model = model(&[PROGRAM]);
        let new = compiling("new", "examples/new.rs");
        assert_eq!(new.target(&mut model, Path::new("/nowhere")), Some(1));
        let target = &model.packages[0].targets[1];
        assert_eq!((target.kind, target.edition), (TargetKind::Example, 2024));
        assert_eq!(new.target(&mut model, Path::new("/nowhere")), Some(1));
    }

    #[test]
    fn a_library_that_is_new_is_known_to_the_program() {
        let dir = env::temp_dir().join(format!("memo-macros-compiling-{}", std::process::id()));
        let known = |model: &mut Model| {
            assert_eq!(
                compiling("an_app", "src/main.rs").target(model, &dir),
                Some(0)
            );
            let targets = model.packages[0].targets.iter();
            targets
                .map(|it| (it.name.clone(), it.root.clone()))
                .collect::<Vec<_>>()
        };
        let program = ("an_app".to_owned(), "src/main.rs".to_owned());
        let library = ("an_app".to_owned(), LIBRARY.to_owned());
        let before = known(&mut model(&[PROGRAM]));
        fs::create_dir_all(dir.join("src")).unwrap();
        fs::write(dir.join(LIBRARY), "").unwrap();
        let after = known(&mut model(&[PROGRAM]));
        let elsewhere = ("an_app", TargetKind::Library, "elsewhere.rs");
        let declared = known(&mut model(&[PROGRAM, elsewhere]));
        fs::remove_dir_all(&dir).unwrap();
        assert_eq!(before, [("an_app".to_owned(), "src/main.rs".to_owned())]);
        assert_eq!(after, [program, library]);
        assert_eq!(declared.len(), 2);
    }
}
