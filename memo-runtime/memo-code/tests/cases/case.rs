//! One row of the table: a project, an edit, and what it does to whom.

use memo_code::Level;
use memo_code::model::{DependencyKind, Target, TargetKind};

use super::project::{Project, target};

/// A project, an edit of it, and verdicts.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) project: Project,
    pub(crate) edits: Vec<Edit>,
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) troubles: Vec<&'static str>,
    view: View,
}

/// What an edit does to a project.
type Edit = Box<dyn Fn(&mut Project)>;

/// What is expected of the fingerprint of one function.
pub(crate) struct Verdict {
    pub(crate) function: Function,
    pub(crate) view: View,
    pub(crate) expected: Expected,
}

/// A function whose fingerprint is looked at.
pub(crate) enum Function {
    /// One that is written in the sources, by the end of its path.
    Written(&'static str),
    /// One that a macro makes, by its tokens and where the compiler locates it.
    Made(&'static str, Option<(&'static str, usize)>),
}

/// Which fingerprint of a function is looked at.
#[derive(Clone, Copy)]
pub(crate) struct View {
    pub(crate) level: Level,
    pub(crate) test: bool,
}

/// What an edit does to a fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    Changes,
    Stays,
    /// The compiler is asked about a condition, after the edit.
    Asks(&'static str),
    /// In a test build it is another, after the edit.
    TellsTests,
}

impl From<&'static str> for Function {
    fn from(path: &'static str) -> Self {
        Self::Written(path)
    }
}

/// A function that a macro makes, located at a line of a file.
pub(crate) fn made(tokens: &'static str, file: &'static str, line: usize) -> Function {
    Function::Made(tokens, Some((file, line)))
}

/// A function that a macro makes nowhere in particular.
pub(crate) fn made_nowhere(tokens: &'static str) -> Function {
    Function::Made(tokens, None)
}

/// The row of that name, with the package `app` and nothing in it.
pub(crate) fn case(name: &'static str) -> Case {
    Case {
        name,
        project: Project::new(),
        edits: Vec::new(),
        verdicts: Vec::new(),
        troubles: Vec::new(),
        view: View {
            level: Level::Graph,
            test: false,
        },
    }
}

/// The project.
impl Case {
    /// The root of `app`'s library.
    pub(crate) fn lib(self, text: &str) -> Self {
        self.file("src/lib.rs", text)
    }

    /// A file of `app`; below `../dep/` of the package `dep`, below `OUT_DIR/` a generated one.
    pub(crate) fn file(mut self, path: &str, text: &str) -> Self {
        self.project.write(path, text);
        self
    }

    /// A program of `app`, in which the functions are looked for.
    pub(crate) fn in_program(self, name: &str, text: &str) -> Self {
        let path = format!("src/bin/{name}.rs");
        self.in_target(target(name, TargetKind::Binary, &path), text)
    }

    /// A target of `app`, in which the functions are looked for.
    pub(crate) fn in_target(mut self, target: Target, text: &str) -> Self {
        self.project.write(&target.root, text);
        self.project.compiled = (target.name.clone(), target.kind);
        self.project.package("app").targets.push(target);
        self
    }

    /// The functions are looked for in the library, whatever programs there are.
    pub(crate) fn in_library(self) -> Self {
        let library = ("app".to_owned(), TargetKind::Library);
        self.with(|project| project.compiled = library)
    }

    /// A path dependency of `app`.
    pub(crate) fn dependency(self, name: &str, text: &str) -> Self {
        self.dependency_of("app", name, text)
    }

    /// A path dependency of another package.
    pub(crate) fn dependency_of(mut self, of: &str, name: &str, text: &str) -> Self {
        self.project
            .add_package(of, name, TargetKind::Library, text);
        self
    }

    /// A crate of procedural macros that is a path dependency of `app`.
    pub(crate) fn proc_macro(mut self, name: &str, text: &str) -> Self {
        self.project
            .add_package("app", name, TargetKind::ProcMacro, text);
        self
    }

    /// The last dependency of `app` has another name in its code.
    pub(crate) fn known_as(mut self, alias: &str) -> Self {
        let dependencies = &mut self.project.package("app").dependencies;
        let last = dependencies.last_mut().expect("a dependency");
        alias.clone_into(&mut last.name);
        self
    }

    /// The last dependency of `app` is for its tests, or for its build script.
    pub(crate) fn only_for(mut self, kind: DependencyKind) -> Self {
        let dependencies = &mut self.project.package("app").dependencies;
        dependencies.last_mut().expect("a dependency").kind = kind;
        self
    }

    /// One package depends on another.
    pub(crate) fn depends(mut self, of: &str, on: &str) -> Self {
        self.project.depend(of, on, on);
        self
    }

    /// A package from the registry that `app` depends on.
    pub(crate) fn external(mut self, name: &str, version: &str) -> Self {
        let krate = name.replace('-', "_");
        self.project.add_external("app", &krate, name, version);
        self
    }

    /// A package from the registry that another package depends on.
    pub(crate) fn external_of(mut self, of: &str, name: &str, version: &str) -> Self {
        self.project.add_external(of, name, name, version);
        self
    }

    /// A package from the registry beneath another one from there.
    pub(crate) fn beneath(mut self, of: &str, name: &str, version: &str) -> Self {
        self.project.add_beneath(of, name, version);
        self
    }

    /// The build script of a package.
    pub(crate) fn build_script(mut self, package: &str, text: &str) -> Self {
        let package = self.project.package(package);
        package.build_script = Some("build.rs".to_owned());
        let path = format!("{}/build.rs", package.dir);
        self.project.write(path.trim_start_matches('/'), text);
        self
    }

    /// The package compiles code of another language.
    pub(crate) fn foreign_code(mut self, package: &str) -> Self {
        self.project.package(package).foreign_code = true;
        self
    }

    /// Whatever a project can be.
    pub(crate) fn with(mut self, set: impl FnOnce(&mut Project)) -> Self {
        set(&mut self.project);
        self
    }

    /// A file that cannot be read or understood is expected, by the end of its path.
    pub(crate) fn trouble(mut self, place: &'static str) -> Self {
        self.troubles.push(place);
        self
    }
}

/// The edit.
impl Case {
    /// Whatever an edit can be.
    pub(crate) fn then(mut self, edit: impl Fn(&mut Project) + 'static) -> Self {
        self.edits.push(Box::new(edit));
        self
    }

    /// Replaces the one occurrence of `from` in all files.
    pub(crate) fn edit(self, from: &'static str, to: &'static str) -> Self {
        self.then(move |project| project.replace(from, to))
    }

    /// Exchanges the one occurrence of `one` in all files for that of `other`.
    pub(crate) fn swap(self, one: &'static str, other: &'static str) -> Self {
        const BETWEEN: &str = "<between>";
        self.edit(one, BETWEEN)
            .edit(other, one)
            .edit(BETWEEN, other)
    }

    /// Writes a file.
    pub(crate) fn write(self, path: &'static str, text: &'static str) -> Self {
        self.then(move |project| project.write(path, text))
    }

    /// Moves a file.
    pub(crate) fn rename(self, from: &'static str, to: &'static str) -> Self {
        self.then(move |project| {
            let text = project.remove(from);
            project.write(to, &text);
        })
    }

    /// Another version of a package from the registry.
    pub(crate) fn upgrade(self, name: &'static str, version: &'static str) -> Self {
        self.then(move |project| project.external(name).version = version.to_owned())
    }

    /// A feature of a package is in force.
    pub(crate) fn feature_on(self, package: &'static str, feature: &'static str) -> Self {
        self.then(move |project| {
            let features = &mut project.package(package).features;
            features.push(feature.to_owned());
            features.sort_unstable();
        })
    }

    /// The compiler is given a condition, as in `--cfg`.
    pub(crate) fn flag(self, flag: &'static str) -> Self {
        self.then(move |project| project.flags.extend([flag.to_owned()]))
    }

    /// A variable of the compiler's environment, before and after.
    pub(crate) fn environment(mut self, name: &'static str, from: &str, to: &'static str) -> Self {
        let environment = &mut self.project.environment;
        environment.insert(name.to_owned(), from.to_owned());
        self.then(move |project| {
            let environment = &mut project.environment;
            environment.insert(name.to_owned(), to.to_owned());
        })
    }

    /// Another edition of a package.
    pub(crate) fn edition(self, package: &'static str, edition: u16) -> Self {
        self.then(move |project| project.package(package).targets[0].edition = edition)
    }
}

/// The verdicts.
impl Case {
    /// The verdicts that follow are about another level.
    pub(crate) fn at(mut self, level: Level) -> Self {
        self.view.level = level;
        self
    }

    /// The verdicts that follow are about a test build.
    pub(crate) fn in_tests(mut self) -> Self {
        self.view.test = true;
        self
    }

    /// The edit changes the fingerprint.
    pub(crate) fn changes(self, function: impl Into<Function>) -> Self {
        self.expect(function.into(), Expected::Changes)
    }

    /// The edit leaves the fingerprint as it is.
    pub(crate) fn stays(self, function: impl Into<Function>) -> Self {
        self.expect(function.into(), Expected::Stays)
    }

    /// The fingerprint asks the compiler about a condition.
    pub(crate) fn asks(self, function: &'static str, condition: &'static str) -> Self {
        self.expect(function.into(), Expected::Asks(condition))
    }

    /// A test build has another fingerprint.
    pub(crate) fn tells_tests(self, function: &'static str) -> Self {
        self.expect(function.into(), Expected::TellsTests)
    }

    fn expect(mut self, function: Function, expected: Expected) -> Self {
        self.verdicts.push(Verdict {
            function,
            view: self.view,
            expected,
        });
        self
    }
}
