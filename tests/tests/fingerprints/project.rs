//! A workspace that users could have, built by cargo and run: which of its memoized functions are
//! computed is told by the functions themselves.
//!
//! Every workspace is in a temporary directory of its own. They share one target directory, below
//! that of this package, so that dependencies are compiled once; packages of different projects
//! must have different names therefore. What a project leaves there is removed with it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use memo_tests::Scene;
use serde_json::Value;

/// The package that functions tell of their computations: each is one line of the ledger of a
/// [`Scene`].
const LEDGER: &str = r#"
use std::sync::atomic::{AtomicUsize, Ordering};

pub fn computed(what: &str) {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let dir = std::env::var("LEDGER_DIR").unwrap();
    let time = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_nanos();
    let path = format!("{dir}/{}-{time}-{count}", std::process::id());
    std::fs::write(path, format!("began\t{count}\t{what}\t0\t{time}\n")).unwrap();
}
"#;

/// A workspace and a store.
pub(crate) struct Project {
    scene: Scene,
    root: Cell<&'static str>,
    packages: RefCell<Vec<String>>,
    edits: RefCell<Vec<Edit>>,
    seen: Cell<usize>,
    log: RefCell<String>,
}

struct Edit {
    path: PathBuf,
    before: Option<Vec<u8>>,
}

/// What cargo has made.
#[derive(Debug)]
pub(crate) struct Built {
    artifacts: Vec<Artifact>,
}

#[derive(Debug)]
struct Artifact {
    target: String,
    kind: String,
    is_fresh: bool,
    executable: Option<PathBuf>,
}

impl Project {
    /// A workspace without packages.
    pub(crate) fn new() -> Self {
        let project = Self {
            scene: Scene::new(),
            root: Cell::new("workspace"),
            packages: RefCell::default(),
            edits: RefCell::default(),
            seen: Cell::new(0),
            log: RefCell::default(),
        };
        project.write(
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\n\n[profile.dev]\ndebug = false\n",
        );
        let lock = fs::read(repository().join("Cargo.lock")).unwrap();
        fs::write(project.path("Cargo.lock"), lock).unwrap();
        project
    }

    /// Adds a package with the build script that a user would write. `more` is put at the end of
    /// its manifest, which then is in the table of dependencies.
    pub(crate) fn package(&self, name: &str, more: &str) {
        let build = repository().join("memo-runtime/memo-build");
        let build = format!(
            "\n[build-dependencies]\nmemo-build.path = {:?}\n",
            build.display()
        );
        self.package_without_script(name, &format!("{more}{build}"));
        self.write(
            &format!("{name}/build.rs"),
            "fn main() {\n    memo_build::fingerprint();\n}\n",
        );
    }

    /// Adds a package without a build script.
    pub(crate) fn package_without_script(&self, name: &str, more: &str) {
        let runtime = repository().join("memo-runtime");
        let manifest = format!(
            "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [dependencies]\nledger.path = {:?}\nmemo-runtime.path = {:?}\n{more}",
            ledger().display(),
            runtime.display(),
        );
        self.plain_package(name, &manifest);
    }

    /// Adds a package that does not know of memo.
    pub(crate) fn plain_package(&self, name: &str, manifest: &str) {
        self.packages.borrow_mut().push(name.to_owned());
        self.write(&format!("{name}/Cargo.toml"), manifest);
    }

    /// Writes a file.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let before = fs::read(&path).ok();
        fs::write(&path, text).unwrap();
        self.edits.borrow_mut().push(Edit { path, before });
    }

    /// Replaces the one occurrence of `from` in a file.
    #[track_caller]
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(path)).unwrap();
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {path}");
        self.note(&format!("edited {path}: {from:?} to {to:?}"));
        self.write(path, &text.replacen(from, to, 1));
    }

    /// Undoes everything since the project was last computed whole or [settled](Self::settle).
    pub(crate) fn undo(&self) {
        self.note("undone");
        for edit in self.edits.take().into_iter().rev() {
            match edit.before {
                Some(before) => fs::write(edit.path, before).unwrap(),
                None => fs::remove_file(edit.path).unwrap(),
            }
        }
    }

    /// Takes what there is for what [`Project::undo`] goes back to.
    pub(crate) fn settle(&self) {
        self.edits.take();
    }

    /// Copies the workspace to another place, deeper than before, and goes there.
    pub(crate) fn move_away(&self) {
        let old = self.path("");
        self.root.set("moved/to/another/place");
        copy(&old, &self.path(""));
        self.settle();
    }

    /// Runs cargo, with `arguments`, and expects it to succeed.
    #[track_caller]
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Built {
        let mut command = self.command(env!("CARGO"));
        command
            .args(arguments)
            .args(["--offline", "--message-format=json-render-diagnostics"])
            .current_dir(self.path(""))
            .env("CARGO_TARGET_DIR", shared().join("target"))
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("RUSTC_WORKSPACE_WRAPPER")
            .env_remove("RUSTFLAGS");
        self.note(&format!("cargo {}", arguments.join(" ")));
        let output = self.output(&mut command);
        Built::read(&output)
    }

    /// Runs programs, and expects that they compute `expected` and nothing else; in any order.
    #[track_caller]
    pub(crate) fn run(&self, programs: &[PathBuf], expected: &[&str]) {
        for program in programs {
            self.note(&format!("run {}", program.display()));
            self.output(&mut self.command(program));
        }
        let executions = self.scene.executions();
        let new = executions.iter().skip(self.seen.replace(executions.len()));
        let computed: BTreeSet<_> = new.map(|execution| execution.key.as_str()).collect();
        let expected: BTreeSet<_> = expected.iter().copied().collect();
        assert_eq!(computed, expected, "is computed\n{}", self.log.borrow());
        self.log.take();
    }

    /// Builds the workspace, runs its programs, and expects that they compute `expected` and
    /// nothing else.
    #[track_caller]
    pub(crate) fn computes(&self, expected: &[&str]) {
        let built = self.cargo(&["build"]);
        self.run(&built.programs(), expected);
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        self.scene.command(program)
    }

    #[track_caller]
    fn output(&self, command: &mut Command) -> Output {
        let output = command.output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        self.note(&words);
        assert!(
            output.status.success(),
            "{command:?} failed\n{}",
            self.log.borrow()
        );
        output
    }

    fn note(&self, line: &str) {
        *self.log.borrow_mut() += &format!("{}\n", line.trim_end());
    }

    fn path(&self, path: &str) -> PathBuf {
        self.scene.path().join(self.root.get()).join(path)
    }
}

impl Built {
    fn read(output: &Output) -> Self {
        let lines = output.stdout.split(|byte| *byte == b'\n');
        let messages = lines.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
        let made = messages.filter(|message| message["reason"] == "compiler-artifact");
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let artifacts = made.map(|message| Artifact {
            target: text(&message["target"]["name"]).unwrap(),
            kind: text(&message["target"]["kind"][0]).unwrap(),
            is_fresh: message["fresh"] == true,
            executable: text(&message["executable"]).map(PathBuf::from),
        });
        Self {
            artifacts: artifacts.collect(),
        }
    }

    /// All programs, but for build scripts.
    pub(crate) fn programs(&self) -> Vec<PathBuf> {
        let programs = self.artifacts.iter();
        programs.filter_map(|it| it.executable.clone()).collect()
    }

    /// The kinds and names of the targets that had to be compiled.
    pub(crate) fn compiled(&self) -> Vec<String> {
        let compiled = self.artifacts.iter().filter(|it| !it.is_fresh);
        compiled
            .map(|it| format!("{} {}", it.kind, it.target))
            .collect()
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let names: Vec<_> = self.packages.take();
        let names: Vec<_> = names.iter().map(|name| name.replace('-', "_")).collect();
        for profile in ["debug", "release"] {
            let dir = shared().join("target").join(profile);
            for place in [
                "",
                "deps",
                "build",
                ".fingerprint",
                "incremental",
                "examples",
            ] {
                sweep(&dir.join(place), &names);
            }
        }
    }
}

/// Removes what cargo has made of the packages in a directory.
fn sweep(dir: &Path, packages: &[String]) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().replace('-', "_");
        let name = name.strip_prefix("lib").unwrap_or(&name);
        let is_of = |package: &String| name.starts_with(package.as_str());
        if packages.iter().any(is_of) {
            // Whoever is left over does no harm.
            let _ = fs::remove_file(entry.path()).or_else(|_| fs::remove_dir_all(entry.path()));
        }
    }
}

/// Where the sources of memo are.
fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// What all projects share, and keep from one run of the tests to the next.
fn shared() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("fingerprints")
}

/// The directory of the package `ledger`.
fn ledger() -> &'static Path {
    static DIR: OnceLock<PathBuf> = OnceLock::new();
    DIR.get_or_init(|| {
        let dir = shared().join("ledger");
        fs::create_dir_all(dir.join("src")).unwrap();
        let manifest = "[package]\nname = \"ledger\"\nedition = \"2024\"\n\n[workspace]\n";
        for (path, text) in [("Cargo.toml", manifest), ("src/lib.rs", LEDGER)] {
            let path = dir.join(path);
            if fs::read_to_string(&path).is_ok_and(|old| old == text) {
                continue;
            }
            fs::write(path, text).unwrap();
        }
        dir
    })
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}
