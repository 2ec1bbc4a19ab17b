//! From the root file of a crate to its modules, in whatever files they are.
//!
//! What must hold: every file that the compiler would read is read, and maybe more: both sides of
//! a condition are.

mod files;

use files::find_module;
use std::sync::Arc;

use crate::analysis::{Surroundings, Trouble};
use crate::file::{FileItems, Include, Kind, Only};
use crate::memory::Memory;
use crate::model::{Model, TargetKind};
use crate::names::{Name, Names, NumberMap};
use crate::sources::{join, parent};

/// A module, or a function body that holds items.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) krate: usize,
    pub(crate) parent: Option<usize>,
    pub(crate) depth: usize,
    pub(crate) is_body: bool,
    pub(crate) name: String,
    pub(crate) only: Only,
    /// The `mod` that declares it.
    pub(crate) node: Option<usize>,
    pub(crate) globs: Vec<usize>,
    pub(crate) imports: Vec<usize>,
    pub(crate) attributes: Vec<usize>,
}

/// A file in its place.
#[derive(Debug)]
pub(crate) struct File {
    /// Relative to the directory of the package at hand.
    pub(crate) path: String,
    pub(crate) items: Arc<FileItems>,
    /// Its names by their number in the file.
    pub(crate) names: Vec<Name>,
    pub(crate) generated: bool,
}

/// A node in its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed {
    pub(crate) file: usize,
    pub(crate) index: usize,
    pub(crate) module: usize,
    /// The node of the impl or trait that it is a part of.
    pub(crate) parent: Option<usize>,
}

/// A crate whose sources are at hand.
#[derive(Debug)]
pub(crate) struct Krate {
    pub(crate) package: usize,
    pub(crate) name: String,
    pub(crate) kind: TargetKind,
    pub(crate) edition: u16,
    pub(crate) root: usize,
    /// Its first node and the one behind its last.
    pub(crate) nodes: (usize, usize),
    /// Why everything in it counts, if so.
    pub(crate) whole: Option<String>,
}

/// Everything that has been read.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) names: Names,
    pub(crate) files: Vec<File>,
    pub(crate) modules: Vec<Module>,
    pub(crate) nodes: Vec<Placed>,
    pub(crate) krates: Vec<Krate>,
    pub(crate) troubles: Vec<Trouble>,
    /// What nodes include as code, or declare for the linker.
    pub(crate) brought: NumberMap<usize, Vec<usize>>,
}

/// A file that is to be read.
struct Pending {
    path: String,
    module: usize,
    /// Whether files of its modules are beside it, not in a directory of its name.
    owns_directory: bool,
    generated: bool,
    nesting: usize,
}

/// No sensible tree of modules is deeper; a file that declares itself is.
const DEEPEST: usize = 128;

impl Loaded {
    /// Reads a target of a package; returns the number of the crate.
    pub(crate) fn krate(
        &mut self,
        model: &Model,
        (package, target): (usize, usize),
        surroundings: &Surroundings<'_>,
        memory: &mut Memory,
    ) -> usize {
        let number = self.krates.len();
        let (package_model, first) = (&model.packages[package], self.nodes.len());
        let target = &package_model.targets[target];
        let root = self.add_module(None, number, String::new(), false, Only::default(), None);
        self.krates.push(Krate {
            package,
            name: target.name.clone(),
            kind: target.kind,
            edition: target.edition,
            root,
            nodes: (first, first),
            whole: None,
        });
        let mut pending = vec![Pending {
            path: join(&package_model.dir, &target.root),
            module: root,
            owns_directory: true,
            generated: false,
            nesting: 0,
        }];
        while let Some(next) = pending.pop() {
            self.file(model, next, surroundings, memory, &mut pending);
        }
        self.krates[number].nodes.1 = self.nodes.len();
        number
    }

    fn add_module(
        &mut self,
        parent: Option<usize>,
        krate: usize,
        name: String,
        is_body: bool,
        only: Only,
        node: Option<usize>,
    ) -> usize {
        let around = parent.map(|parent| &self.modules[parent]);
        let module = Module {
            krate,
            parent,
            depth: around.map_or(0, |around| around.depth + 1),
            is_body,
            name,
            only: around.map_or(only, |around| around.only.and(only)),
            node,
            globs: Vec::new(),
            imports: Vec::new(),
            attributes: Vec::new(),
        };
        self.modules.push(module);
        self.modules.len() - 1
    }

    fn file(
        &mut self,
        model: &Model,
        next: Pending,
        surroundings: &Surroundings<'_>,
        memory: &mut Memory,
        pending: &mut Vec<Pending>,
    ) {
        let krate = self.modules[next.module].krate;
        let read = if next.generated {
            match surroundings.generated {
                Some(generated) => generated.read(&next.path),
                None => return,
            }
        } else {
            surroundings.sources.read(&next.path)
        };
        let content = match read {
            Ok(content) => content,
            Err(error) => {
                self.count_whole(krate, &next.path, &format!("cannot be read ({error})"));
                return;
            }
        };
        let items = memory.items(&content);
        if let Some(problem) = &items.problem {
            let problem = format!("cannot be understood ({problem}): the file counts whole");
            self.trouble(&next.path, problem);
        }
        let names = items
            .names
            .iter()
            .map(|name| self.names.intern(name))
            .collect();
        let file = self.files.len();
        self.files.push(File {
            path: next.path.clone(),
            items: Arc::clone(&items),
            names,
            generated: next.generated,
        });
        let first = self.nodes.len();
        let modules = self.file_modules(&items, &next, first, krate);
        for (index, node) in items.nodes.iter().enumerate() {
            let module = modules[node.module as usize];
            let number = self.nodes.len();
            self.nodes.push(Placed {
                file,
                index,
                module,
                parent: node.parent.map(|parent| first + parent as usize),
            });
            let place = &mut self.modules[module];
            match node.kind {
                Kind::Glob { .. } => place.globs.push(number),
                Kind::Import { .. } => place.imports.push(number),
                Kind::Attributes | Kind::File => place.attributes.push(number),
                Kind::Foreign => {
                    // A function reaches what it declares in its body, which the linker finds.
                    let owner = items.modules[node.module as usize].owner;
                    if let Some(owner) = owner {
                        let owner = first + owner as usize;
                        self.brought.entry(owner).or_default().push(number);
                    }
                }
                _ => {}
            }
        }
        self.include_code(model, &items, &next, first, surroundings, memory);
        self.declare_by_macros(&items, &next, first, &modules, surroundings, pending);
        if next.nesting >= DEEPEST {
            self.count_whole(krate, &next.path, "includes itself");
            return;
        }
        for declared in &items.declared {
            let node = first + declared.node as usize;
            let around = modules[declared.module as usize];
            let module = self.add_module(
                Some(around),
                krate,
                declared.name.clone(),
                false,
                declared.only,
                Some(node),
            );
            let found = find_module(&items, declared, &next, surroundings);
            if found.is_empty() {
                let path = &next.path;
                let what = format!(
                    "declares the module `{}`, of which no file is found",
                    declared.name
                );
                self.count_whole(krate, path, &what);
            }
            pending.extend(found.into_iter().map(|(path, owns_directory)| Pending {
                path,
                module,
                owns_directory,
                generated: next.generated,
                nesting: next.nesting + 1,
            }));
        }
        for included in &items.included {
            let module = modules[included.module as usize];
            let package = &model.packages[self.krates[krate].package];
            let (path, generated) = match &included.file {
                Include::Beside(path) => (join(parent(&next.path), path), next.generated),
                Include::InPackage(path) => (join(&package.dir, path), false),
                Include::Generated(path) if self.krates[krate].package == 0 => (path.clone(), true),
                Include::Generated(_) | Include::Unknown => {
                    self.count_whole(krate, &next.path, "includes a file that is generated");
                    continue;
                }
            };
            pending.push(Pending {
                path,
                module,
                owns_directory: true,
                generated,
                nesting: next.nesting + 1,
            });
        }
    }

    /// The modules within a file, by their number in the file.
    fn file_modules(
        &mut self,
        items: &FileItems,
        next: &Pending,
        first: usize,
        krate: usize,
    ) -> Vec<usize> {
        let mut modules = vec![next.module];
        let own = &items.modules[0];
        self.modules[next.module].only = self.modules[next.module].only.and(own.only);
        for module in &items.modules[1..] {
            let parent = modules[module.parent as usize];
            let node = module.node.map(|node| first + node as usize);
            let name = module.name.clone();
            modules.push(self.add_module(
                Some(parent),
                krate,
                name,
                module.is_body,
                module.only,
                node,
            ));
        }
        modules
    }

    fn trouble(&mut self, place: &str, problem: String) {
        let trouble = Trouble {
            place: place.to_owned(),
            problem,
        };
        if !self.troubles.contains(&trouble) {
            self.troubles.push(trouble);
        }
    }

    fn count_whole(&mut self, krate: usize, place: &str, what: &str) {
        let name = &self.krates[krate].name;
        let problem = format!("{what}: the crate `{name}` counts whole");
        self.trouble(place, problem);
        self.krates[krate].whole = Some(format!("`{place}` {what}"));
    }
}
