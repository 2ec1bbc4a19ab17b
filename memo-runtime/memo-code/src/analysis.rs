//! One crate with everything that it can reach.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use proc_macro2::TokenStream;

use crate::file::Kind;
use crate::fingerprint::{Fingerprint, Prepared};
use crate::graph::Graph;
use crate::load::Loaded;
use crate::memory::Memory;
use crate::model::{DependencyKind, DependsOn, Model, TargetKind};
use crate::parse::parse;
use crate::reach::{Leads, Reach};
use crate::sources::Sources;

/// What the result of an analysis depends on beside the model.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The source files.
    pub sources: &'a dyn Sources,
    /// The files in the package's `OUT_DIR`, if there is one.
    pub generated: Option<&'a dyn Sources>,
    /// The environment of the compiler; `None` where nothing is compiled.
    pub environment: Option<&'a Environment<'a>>,
}

/// Gives the value of a variable of the environment, if it is set.
pub type Environment<'a> = dyn Fn(&str) -> Option<String> + 'a;

impl std::fmt::Debug for Surroundings<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Surroundings")
    }
}

/// One function of an analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FunctionId(usize);

/// How much of the code counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// What the function can reach.
    Graph,
    /// The whole package and its dependencies.
    Crate,
}

/// A function with a `#[memo]` attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memoized {
    /// The function.
    pub id: FunctionId,
    /// Its path in its crate, such as `model::Layer::forward`.
    pub path: String,
    /// The file, relative to the directory of the package at hand.
    pub file: String,
    /// The line of its name, from 1.
    pub line: u32,
    /// Its tokens without the attribute, as [`crate::tokens::digest`] digests them.
    pub tokens: [u8; 32],
    /// What its `code = "…"` setting says.
    pub code: Option<String>,
    /// What its `version = …` setting says, as it is written.
    pub version: Option<String>,
}

/// Something that could not be read or understood, and counts whole for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trouble {
    /// The file or package, relative to the directory of the package at hand.
    pub place: String,
    /// What is the matter, and what counts whole for it.
    pub problem: String,
}

/// The sources of one crate, and of every local crate that it can reach.
#[derive(Debug)]
pub struct Analysis<'a> {
    pub(crate) model: &'a Model,
    pub(crate) surroundings: Surroundings<'a>,
    pub(crate) graph: Graph,
    /// The crate at hand.
    pub(crate) krate: usize,
    /// Paths of types in other targets of the package whose crate has the same name.
    pub(crate) namesakes: BTreeSet<String>,
    /// Without tests and with them.
    leads: [Leads; 2],
    pub(crate) prepared: RefCell<Prepared>,
    /// The same without files that are generated, if there are any.
    unaided: Option<Box<Self>>,
}

impl<'a> Analysis<'a> {
    /// Analyses the target with this index in the first package of `model`.
    ///
    /// # Panics
    ///
    /// There is no such package or target.
    pub fn new(
        model: &'a Model,
        target: usize,
        surroundings: Surroundings<'a>,
        memory: &mut Memory,
    ) -> Self {
        let mut loaded = Loaded::default();
        let krate = loaded.krate(model, (0, target), &surroundings, memory);
        let mut krate_of = HashMap::new();
        if is_library(model.packages[0].targets[target].kind) {
            krate_of.insert(0, krate);
        }
        for package in packages(model) {
            let targets = &model.packages[package].targets;
            let library = targets.iter().position(|target| is_library(target.kind));
            if let Some(library) = library
                && !krate_of.contains_key(&package)
            {
                let krate = loaded.krate(model, (package, library), &surroundings, memory);
                krate_of.insert(package, krate);
            }
        }
        loaded.troubles.sort();
        let namesakes = namesakes(model, target, &surroundings, memory);
        let is_aided = loaded.files.iter().any(|file| file.generated);
        let unaided = is_aided.then(|| {
            let surroundings = Surroundings {
                generated: None,
                ..surroundings
            };
            Box::new(Self::new(model, target, surroundings, memory))
        });
        Self {
            model,
            surroundings,
            graph: Graph::new(loaded, model, &krate_of),
            krate,
            namesakes,
            leads: Default::default(),
            prepared: RefCell::default(),
            unaided,
        }
    }

    /// What could not be read or understood, sorted.
    pub fn troubles(&self) -> &[Trouble] {
        &self.graph.loaded.troubles
    }

    /// The files that have been read, relative to the directory of the package at hand; not those
    /// in `OUT_DIR`.
    pub fn files(&self) -> Vec<&str> {
        let files = self.graph.loaded.files.iter();
        files
            .filter(|file| !file.generated)
            .map(|file| file.path.as_str())
            .collect()
    }

    /// The functions with a `#[memo]` attribute, in order of file and line.
    pub fn memoized(&self) -> Vec<Memoized> {
        let nodes = self.graph.nodes_of_krate(self.krate);
        let mut found: Vec<Memoized> = nodes
            .filter_map(|number| {
                let node = self.graph.node(number);
                let memo = node.function.as_ref()?.memo.as_ref()?;
                let placed = self.graph.placed(number);
                Some(Memoized {
                    id: FunctionId(number),
                    path: self.path(number),
                    file: self.graph.loaded.files[placed.file].path.clone(),
                    line: node.line,
                    tokens: node.digest,
                    code: memo.code.clone(),
                    version: memo.version.clone(),
                })
            })
            .collect();
        found.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
        found
    }

    /// The function whose name stands at a line and column of a file, both from 1 and in
    /// characters, if it is written there.
    pub fn function_at(&self, file: &str, line: usize, column: usize) -> Option<FunctionId> {
        let mut nodes = self.graph.nodes_of_krate(self.krate);
        nodes
            .find(|number| {
                let at = self
                    .graph
                    .node(*number)
                    .function
                    .as_ref()
                    .map(|function| function.at);
                let placed = self.graph.placed(*number);
                at.is_some_and(|at| (at.0 as usize, at.1 as usize) == (line, column))
                    && self.graph.loaded.files[placed.file].path == file
            })
            .map(FunctionId)
    }

    /// The code that a function depends on; `test` says whether tests are compiled.
    pub fn fingerprint(&self, function: FunctionId, level: Level, test: bool) -> Fingerprint {
        self.follow(function, level, test).0
    }

    /// The code that a function depends on; second where tests are compiled, if it is another
    /// there.
    pub fn fingerprints(
        &self,
        function: FunctionId,
        level: Level,
    ) -> (Fingerprint, Option<Fingerprint>) {
        let (plain, depends_on_test) = self.follow(function, level, false);
        let in_tests = depends_on_test.then(|| self.fingerprint(function, level, true));
        let in_tests = in_tests.filter(|in_tests| *in_tests != plain);
        (plain, in_tests)
    }

    /// Nothing reached yet.
    pub(crate) fn reach(&self, test: bool) -> Reach<'_> {
        let known = (&self.graph, &self.leads[usize::from(test)]);
        Reach::new(known, self.model, self.krate, test)
    }

    /// The fingerprint of a function, and whether it may be another if `test` is.
    fn follow(&self, function: FunctionId, level: Level, test: bool) -> (Fingerprint, bool) {
        let mut reach = self.reach(test);
        reach.enter(function.0);
        if level == Level::Crate {
            reach.reach_whole(self.krate);
        }
        reach.run();
        let mut fingerprint = self.conclude(self.path(function.0), &reach);
        if let Some(unaided) = &self.unaided
            && let Some(same) = unaided.same_function(self, function)
        {
            fingerprint.list.sources = unaided.fingerprint(same, level, test).list.sources;
        }
        (fingerprint, reach.depends_on_test)
    }

    /// The function of another analysis of the same sources, by where it stands.
    fn same_function(&self, other: &Self, function: FunctionId) -> Option<FunctionId> {
        let placed = other.graph.placed(function.0);
        let file = &other.graph.loaded.files[placed.file];
        let (line, column) = other.graph.node(function.0).function.as_ref()?.at;
        if file.generated {
            return None;
        }
        self.function_at(&file.path, line as usize, column as usize)
    }

    /// The code that a function which a macro generates depends on, given its tokens, and the file
    /// and line that the compiler locates it in.
    ///
    /// Names in it may resolve anywhere. Where no macro is found at that place, or the function
    /// speaks of a type around it, the crate counts whole.
    pub fn fingerprint_of(
        &self,
        tokens: &TokenStream,
        place: Option<(&str, usize)>,
        level: Level,
        test: bool,
    ) -> Fingerprint {
        let text = tokens.to_string();
        let items = parse(text.as_bytes());
        let mut reach = self.reach(test);
        let around = place.map_or_else(Vec::new, |(file, line)| self.macros_at(file, line));
        for node in &around {
            reach.reach(*node);
        }
        let is_bound = crate::parse::words(&text)
            .into_iter()
            .any(|word| word == "self" || word == "Self");
        if around.is_empty() || is_bound || level == Level::Crate || items.problem.is_some() {
            reach.reach_whole(self.krate);
        }
        let functions = items.nodes.iter().filter_map(|node| node.function.as_ref());
        if functions.into_iter().any(|function| function.generic) || is_bound {
            reach.reach_types();
        }
        let label = items
            .nodes
            .first()
            .map_or_else(String::new, |node| node.label.clone());
        for node in &items.nodes {
            let name = |local: u32| items.names.get(local as usize).map(String::as_str);
            for (local, how) in &node.mentions.names {
                reach.mention_text(name(*local).unwrap_or_default(), *how, self.krate);
            }
            for (local, _) in &node.mentions.names {
                reach.open_text(name(*local).unwrap_or_default());
            }
        }
        reach.run();
        let mut fingerprint = self.conclude(label, &reach);
        for node in &items.nodes {
            fingerprint.add_item(&self.graph.loaded.krates[self.krate].name, node);
        }
        fingerprint
    }

    /// Both at once, as [`Analysis::fingerprints`] has them.
    pub fn fingerprints_of(
        &self,
        tokens: &TokenStream,
        place: Option<(&str, usize)>,
        level: Level,
    ) -> (Fingerprint, Option<Fingerprint>) {
        let [plain, in_tests] =
            [false, true].map(|test| self.fingerprint_of(tokens, place, level, test));
        let in_tests = Some(in_tests).filter(|in_tests| *in_tests != plain);
        (plain, in_tests)
    }

    /// The macros that are defined or called around a line of a file.
    fn macros_at(&self, file: &str, line: usize) -> Vec<usize> {
        let nodes = self.graph.nodes_of_krate(self.krate);
        let here = nodes.filter(|number| {
            let node = self.graph.node(*number);
            let placed = self.graph.placed(*number);
            let lines = node.line as usize..=node.last_line as usize;
            matches!(node.kind, Kind::Macro | Kind::Invocation)
                && lines.contains(&line)
                && self.graph.loaded.files[placed.file].path == file
        });
        here.collect()
    }
}

/// The types in other targets of the first package whose crate has the name of this one's: the
/// compiler's names of types do not tell them from ours.
fn namesakes(
    model: &Model,
    target: usize,
    surroundings: &Surroundings<'_>,
    memory: &mut Memory,
) -> BTreeSet<String> {
    let targets = &model.packages[0].targets;
    let namesakes = (0..targets.len())
        .filter(|other| *other != target && targets[*other].name == targets[target].name);
    let mut paths = BTreeSet::new();
    for other in namesakes {
        let mut loaded = Loaded::default();
        loaded.krate(model, (0, other), surroundings, memory);
        let graph = Graph::new(loaded, model, &HashMap::new());
        paths.extend(graph.type_paths());
    }
    paths
}

fn is_library(kind: TargetKind) -> bool {
    matches!(kind, TargetKind::Library | TargetKind::ProcMacro)
}

/// The local packages that code of the first can reach, and itself.
fn packages(model: &Model) -> Vec<usize> {
    let mut found = vec![0];
    let mut next = 0;
    while let Some(package) = found.get(next).copied() {
        next += 1;
        for dependency in &model.packages[package].dependencies {
            let counts = match dependency.kind {
                DependencyKind::Normal => true,
                DependencyKind::Development => package == 0,
                DependencyKind::Build => false,
            };
            if let DependsOn::Local(other) = dependency.on
                && counts
                && !model.is_own(dependency.on)
                && !found.contains(&other)
            {
                found.push(other);
            }
        }
    }
    found
}
