//! The code of a whole program, as it is told without compiling it.
//!
//! A build knows more: which conditions hold, what build scripts say and generate. What must hold:
//! whatever of that could alter what the program does is either among the code, or is told as
//! unknown, so that nobody takes the rest for all of it. Conditions that tell a debug build from a
//! release build alone do not count.

mod script;

use std::collections::BTreeSet;

use crate::analysis::{Analysis, Trouble};
use crate::file::{Include, Node};
use crate::fingerprint::Fingerprint;
use crate::reach::Reach;

/// Macros from elsewhere, in wide use, that read no files; and our own.
const HARMLESS: [&str; 13] = [
    "anyhow",
    "bail",
    "call",
    "debug",
    "ensure",
    "error",
    "format_err",
    "info",
    "json",
    "log",
    "memo",
    "trace",
    "warn",
];

/// The code of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Everything that its `main` can reach, and what runs without being named. Features are
    /// settled as the model has them; the conditions that are left depend on the platform and on
    /// flags of the compiler.
    pub fingerprint: Fingerprint,
    /// What counts beside that and cannot be told without a build, sorted.
    pub unknown: Vec<Trouble>,
}

impl Analysis<'_> {
    /// The code of the program that the target at hand is.
    ///
    /// A `main` that a macro makes is not found; the whole crate counts then.
    pub fn program(&self) -> Program {
        let mut reach = self.reach(false);
        reach.run_program();
        Program {
            fingerprint: self.conclude(String::from("main"), &reach),
            unknown: self.unknown(&reach).into_iter().collect(),
        }
    }

    fn unknown(&self, reach: &Reach<'_>) -> BTreeSet<Trouble> {
        let mut unknown: BTreeSet<Trouble> = self.troubles().iter().cloned().collect();
        let scripted = self.scripted(reach);
        let mut tell = |number: usize, problem: String| {
            let file = self.graph.placed(number).file;
            let place = self.graph.loaded.files[file].path.clone();
            unknown.insert(Trouble { place, problem });
        };
        for krate in &reach.krates {
            for number in self.graph.nodes_of_krate(*krate) {
                let file = &self.graph.loaded.files[self.graph.placed(number).file];
                if file.items.included.iter().any(|it| is_generated(&it.file)) {
                    tell(number, String::from("it includes code that is generated"));
                }
            }
        }
        for (number, include) in &reach.included {
            if is_generated(include) {
                tell(
                    *number,
                    String::from("it includes a file that is generated"),
                );
            }
        }
        for number in reach.order.iter().copied() {
            let package = self.graph.loaded.krates[self.graph.krate_of(number)].package;
            if scripted.contains(&package)
                && let Some(problem) = self.asks_script(number)
            {
                tell(number, problem);
            }
        }
        for (package, condition) in self.conditions_of_scripts(reach) {
            if scripted.contains(&package) {
                let problem = format!("a build script may decide `cfg({condition})`");
                let place = self.model.packages[package].name.clone();
                unknown.insert(Trouble { place, problem });
            }
        }
        unknown
    }

    /// The packages of which something is reached that have a build script which may do more than
    /// can be told.
    fn scripted(&self, reach: &Reach<'_>) -> BTreeSet<usize> {
        let mut packages = self.packages(reach);
        packages.retain(|package| {
            let package = &self.model.packages[*package];
            let script = package.build_script.as_ref();
            script
                .is_some_and(|script| !script::is_plain(self.surroundings.sources, package, script))
        });
        packages
    }

    /// What a node may have from the build script of its package.
    fn asks_script(&self, number: usize) -> Option<String> {
        let node: &Node = self.graph.node(number);
        let mentions = &node.mentions;
        let set = |variable: &&String| !variable.starts_with("CARGO_");
        if let Some(variable) = mentions.environment.iter().find(set) {
            return Some(format!("a build script may set the variable `{variable}`"));
        }
        if mentions.any_variable {
            return Some(String::from("a build script may set a variable in it"));
        }
        let unknown = mentions.macros.iter().find(|name| {
            let name = self.graph.name(number, **name);
            !self.graph.is_own_macro(name) && !HARMLESS.contains(&self.graph.text(name))
        });
        let name = self.graph.text(self.graph.name(number, *unknown?));
        Some(format!(
            "the macro `{name}!` may read what a build script generates"
        ))
    }
}

/// Whether a file is where only a build puts it, or nobody knows where.
fn is_generated(include: &Include) -> bool {
    matches!(include, Include::Generated(_) | Include::Unknown)
}
