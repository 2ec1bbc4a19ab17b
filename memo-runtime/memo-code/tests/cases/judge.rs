//! Judges the rows of a table: analyses each project before the edit, after it, and after it has
//! been undone, and compares.
//!
//! Beside its verdicts every row is held to what must hold of all: undoing the edit gives the old
//! fingerprint; what is remembered of files does not alter one; a change can be told from the
//! lists; the part that sources tell is the same without a compiler; what changes at the level
//! `graph` changes at the level `crate`; and each function is found at the place of its name.

use std::collections::BTreeSet;

use memo_code::{Analysis, Fingerprint, FunctionId, Level, Memory, Model, Surroundings};
use proc_macro2::{TokenStream, TokenTree};

use super::case::{Case, Expected, Function, Verdict, View};
use super::project::Project;

/// Judges all rows and panics with what is wrong in any of them.
pub(crate) fn table<const ROWS: usize>(cases: [Case; ROWS]) {
    let wrong: Vec<String> = cases.iter().flat_map(judge).collect();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// What is wrong in one row.
pub(crate) fn judge(case: &Case) -> Vec<String> {
    assert!(!case.verdicts.is_empty(), "{}: no verdict", case.name);
    let mut edited = case.project.clone();
    case.edits.iter().for_each(|edit| edit(&mut edited));

    let (original, edited) = (Cargo::new(&case.project), Cargo::new(&edited));
    let mut memory = Memory::default();
    let before = Build::new(&original, &mut memory);
    let mut memory = reloaded(&memory);
    let after = Build::new(&edited, &mut memory);
    let mut memory = reloaded(&memory);
    let undone = Build::new(&original, &mut memory);
    let afresh = Build::new(&edited, &mut Memory::default());

    let mut wrong = Vec::new();
    for verdict in &case.verdicts {
        let [in_tests, not_in_tests] = [true, false].map(|test| {
            let level = verdict.view.level;
            after.see(verdict, View { level, test })
        });
        if verdict.expected == Expected::TellsTests && in_tests == not_in_tests {
            wrong.push("in a test build it should be another".to_owned());
        }
        let [before, after, undone, afresh] =
            [&before, &after, &undone, &afresh].map(|build| build.see(verdict, verdict.view));
        wrong.extend(disappointed(verdict, &before, &after));
        if undone != before {
            wrong.push("undoing the edit does not give the old fingerprint".to_owned());
        }
        if afresh != after {
            wrong.push("what is remembered of files alters the fingerprint".to_owned());
        }
        if before.digest != after.digest && before.explanation == after.explanation {
            wrong.push("the lists do not tell what changed".to_owned());
        }
    }
    for build in [&before, &after] {
        wrong.extend(build.complaints(case));
    }
    for (before, after) in before.memoized.iter().zip(&after.memoized) {
        if before.path == after.path && before.graph != after.graph && before.whole == after.whole {
            let path = &before.path;
            wrong.push(format!("{path} changes, but not at the level `crate`"));
        }
    }
    wrong.sort_unstable();
    wrong.dedup();
    let name = case.name;
    wrong
        .iter()
        .map(|what| format!("  {name}: {what}"))
        .collect()
}

/// What is found out of files, as the next build reads it.
fn reloaded(memory: &Memory) -> Memory {
    let bytes = memory.to_bytes();
    bytes.map_or_else(Memory::default, |bytes| Memory::from_bytes(&bytes))
}

/// Says so if the fingerprints are not what the verdict says.
fn disappointed(verdict: &Verdict, before: &Seen, after: &Seen) -> Option<String> {
    let Verdict { function, view, .. } = verdict;
    let function = match function {
        Function::Written(path) => (*path).to_owned(),
        Function::Made(tokens, None) => format!("`{tokens}` nowhere"),
        Function::Made(tokens, Some((file, line))) => format!("`{tokens}` in {file}:{line}"),
    };
    let what = match verdict.expected {
        Expected::Changes if before == after => "should change",
        Expected::Stays if before != after => "should stay",
        Expected::Asks(condition) if !after.asks(condition) => condition,
        _ => return None,
    };
    let build = if view.test { " of a test build" } else { "" };
    Some(format!("{function} at {:?}{build}: {what}", view.level))
}

/// Gives the value of a variable.
type Environment<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// A project, and what cargo tells of it.
struct Cargo<'a> {
    project: &'a Project,
    model: Model,
    environment: Box<Environment<'a>>,
}

impl<'a> Cargo<'a> {
    fn new(project: &'a Project) -> Self {
        Self {
            project,
            model: Model::from_bytes(&project.model().to_bytes()).expect("a model"),
            environment: Box::new(|name| project.environment.get(name).cloned()),
        }
    }
}

/// An analysis of a project as the compiler makes it, and one that no compiler helps.
struct Build<'a> {
    project: &'a Project,
    analysis: Analysis<'a>,
    unaided: Analysis<'a>,
    memoized: Vec<Both>,
}

/// The fingerprints of a function at both levels.
struct Both {
    path: String,
    graph: ([u8; 32], Vec<String>),
    whole: ([u8; 32], Vec<String>),
}

/// What the key of a call sees of a fingerprint.
#[derive(PartialEq, Eq)]
struct Seen {
    digest: [u8; 32],
    conditions: Vec<(String, bool)>,
    explanation: Vec<String>,
}

impl Seen {
    fn asks(&self, condition: &str) -> bool {
        let mut asked = self.conditions.iter();
        asked.any(|(asked, _)| spaced(asked) == spaced(condition))
    }
}

impl<'a> Build<'a> {
    fn new(cargo: &'a Cargo<'a>, memory: &mut Memory) -> Self {
        let Cargo { project, model, .. } = cargo;
        let unaided = Surroundings {
            sources: &project.files,
            generated: None,
            environment: None,
        };
        let compiled = Surroundings {
            generated: Some(&project.generated),
            environment: Some(&*cargo.environment),
            ..unaided
        };
        let target = project.target();
        let analysis = Analysis::new(model, target, compiled, memory);
        let print = |id, level| {
            let fingerprint = analysis.fingerprint(id, level, false);
            (fingerprint.digest, fingerprint.conditions)
        };
        let memoized = analysis.memoized().into_iter().map(|function| Both {
            graph: print(function.id, Level::Graph),
            whole: print(function.id, Level::Crate),
            path: function.path,
        });
        Self {
            project,
            memoized: memoized.collect(),
            unaided: Analysis::new(model, target, unaided, &mut Memory::default()),
            analysis,
        }
    }

    fn see(&self, verdict: &Verdict, View { level, test }: View) -> Seen {
        let fingerprint = match &verdict.function {
            Function::Written(path) => {
                let id = self.find(path);
                self.analysis.fingerprint(id, level, test)
            }
            Function::Made(tokens, place) => {
                self.analysis
                    .fingerprint_of(&parsed(tokens), *place, level, test)
            }
        };
        let flags = self.project.conditions(test);
        let conditions = fingerprint.conditions.iter();
        Seen {
            digest: fingerprint.digest,
            conditions: conditions
                .map(|condition| (condition.clone(), holds(parsed(condition), &flags)))
                .collect(),
            explanation: explanation(&fingerprint),
        }
    }

    /// The memoized function whose path ends like that.
    fn find(&self, path: &str) -> FunctionId {
        let memoized = self.analysis.memoized();
        let end = format!("::{path}");
        let mut found = memoized
            .iter()
            .filter(|function| format!("::{}", function.path).ends_with(&end));
        match (found.next(), found.next()) {
            (Some(function), None) => function.id,
            _ => {
                let paths: Vec<_> = memoized.iter().map(|function| &function.path).collect();
                panic!("`{path}` is not one of {paths:?}");
            }
        }
    }

    /// What is wrong with this analysis by itself.
    fn complaints(&self, case: &Case) -> Vec<String> {
        let mut wrong = Vec::new();
        for trouble in self.analysis.troubles() {
            let mut expected = case.troubles.iter();
            if !expected.any(|place| trouble.place.ends_with(place)) {
                wrong.push(format!("{}: {}", trouble.place, trouble.problem));
            }
        }
        let unaided = self.unaided.memoized();
        for (function, unaided) in self.analysis.memoized().iter().zip(&unaided) {
            let path = &function.path;
            let list = self
                .analysis
                .fingerprint(function.id, Level::Graph, false)
                .list;
            let other = self
                .unaided
                .fingerprint(unaided.id, Level::Graph, false)
                .list;
            if list.sources != other.sources {
                wrong.push(format!(
                    "{path}: without a compiler, its sources are others"
                ));
            }
            if !list
                .items
                .is_sorted_by_key(|item| (&item.krate, &item.path, item.digest))
            {
                wrong.push(format!("{path}: its items are not sorted"));
            }
            let place = self.place(&function.file, function.line, path);
            if place
                .and_then(|(line, column)| self.analysis.function_at(&function.file, line, column))
                != Some(function.id)
            {
                wrong.push(format!("{path}: it is not found where it stands"));
            }
        }
        wrong
    }

    /// The line and column of a function's name.
    fn place(&self, file: &str, line: u32, path: &str) -> Option<(usize, usize)> {
        let line = line as usize;
        let text = self.project.files.get(file)?.lines().nth(line - 1)?;
        let name = path.rsplit("::").next()?;
        let at = text.find(&format!("fn {name}"))?;
        Some((line, text[..at].chars().count() + "fn ".len() + 1))
    }
}

/// A fingerprint's list, but for what does not count.
fn explanation(fingerprint: &Fingerprint) -> Vec<String> {
    let list = &fingerprint.list;
    let items = list
        .items
        .iter()
        .map(|item| format!("{}::{} {:?}", item.krate, item.path, item.digest));
    let dependencies = list.dependencies.iter().map(|it| format!("{it:?}"));
    let facts = list.facts.iter().map(|it| format!("{it:?}"));
    items.chain(dependencies).chain(facts).collect()
}

/// Whether rustc would say that a condition holds.
fn holds(condition: TokenStream, flags: &BTreeSet<String>) -> bool {
    let tokens: Vec<TokenTree> = condition.into_iter().collect();
    let (name, group) = match &tokens[..] {
        [TokenTree::Ident(name), TokenTree::Group(group)] => (name.to_string(), group),
        [] => panic!("an empty condition"),
        _ => {
            let condition = TokenStream::from_iter(tokens).to_string();
            return condition == "true" || flags.iter().any(|flag| spaced(flag) == condition);
        }
    };
    let parts = split(group.stream());
    let mut parts = parts.into_iter().map(|part| holds(part, flags));
    match name.as_str() {
        "all" => parts.all(|part| part),
        "any" => parts.any(|part| part),
        "not" => !parts.any(|part| part),
        name => panic!("`{name}` joins no conditions"),
    }
}

/// What is between commas.
fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(it) if it.as_char() == ',');
    let parts = tokens.split(is_comma).filter(|part| !part.is_empty());
    parts.map(|part| part.iter().cloned().collect()).collect()
}

/// A condition as its tokens, however it is spaced.
fn spaced(condition: &str) -> String {
    parsed(condition).to_string()
}

fn parsed(tokens: &str) -> TokenStream {
    tokens.parse().expect(tokens)
}
