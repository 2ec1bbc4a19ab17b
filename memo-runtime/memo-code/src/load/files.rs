//! Which files belong to a file: those of its modules, those that it includes as code, and those
//! that macros may declare.

use std::sync::Arc;

use super::{DEEPEST, File, Loaded, Pending, Placed};
use crate::analysis::Surroundings;
use crate::file::{Declared, FileItems, Include, Kind};
use crate::memory::Memory;
use crate::model::Model;
use crate::sources::{join, parent};

impl Loaded {
    /// Reads what nodes of a file include as expressions or statements.
    pub(super) fn include_code(
        &mut self,
        model: &Model,
        items: &FileItems,
        next: &Pending,
        first: usize,
        surroundings: &Surroundings<'_>,
        memory: &mut Memory,
    ) {
        for (index, node) in items.nodes.iter().enumerate() {
            if node.kind == Kind::Invocation {
                continue;
            }
            for include in &node.mentions.code {
                let module = self.nodes[first + index].module;
                let krate = self.modules[module].krate;
                let package = &model.packages[self.krates[krate].package];
                let (path, sources) = match include {
                    Include::Beside(path) => {
                        (join(parent(&next.path), path), Some(surroundings.sources))
                    }
                    Include::InPackage(path) => {
                        (join(&package.dir, path), Some(surroundings.sources))
                    }
                    Include::Generated(path) if self.krates[krate].package == 0 => {
                        (path.clone(), surroundings.generated)
                    }
                    Include::Generated(_) | Include::Unknown => continue,
                };
                let Some(content) = sources.and_then(|sources| sources.read(&path).ok()) else {
                    continue;
                };
                let content = [b"fn include() {\n".as_slice(), &content, b"\n}"].concat();
                let code = memory.items(&content);
                let names = code.names.iter();
                let names = names.map(|name| self.names.intern(name)).collect();
                let brought = 0..code.nodes.len().min(1);
                self.files.push(File {
                    path,
                    items: Arc::clone(&code),
                    names,
                    generated: matches!(include, Include::Generated(_)),
                });
                for index_there in brought {
                    let brought = self.brought.entry(first + index).or_default();
                    brought.push(self.nodes.len());
                    self.nodes.push(Placed {
                        file: self.files.len() - 1,
                        index: index_there,
                        module,
                        parent: None,
                    });
                }
            }
        }
    }

    /// Modules in files of their own that a macro could declare by a name that it is given.
    pub(super) fn declare_by_macros(
        &mut self,
        items: &FileItems,
        next: &Pending,
        first: usize,
        modules: &[usize],
        surroundings: &Surroundings<'_>,
        pending: &mut Vec<Pending>,
    ) {
        for (index, node) in items.nodes.iter().enumerate() {
            if node.kind != Kind::Invocation || next.nesting >= DEEPEST {
                continue;
            }
            for name in node.wild.iter().flat_map(|wild| &wild.names) {
                let declared = Declared {
                    module: node.module,
                    name: items.names[*name as usize].clone(),
                    paths: Vec::new(),
                    path_is_certain: false,
                    only: node.only,
                    node: u32::try_from(index).unwrap_or(u32::MAX),
                };
                let found = find_module(items, &declared, next, surroundings);
                let is_declared = |other: &Declared| other.name == declared.name;
                if found.is_empty() || items.declared.iter().any(is_declared) {
                    continue;
                }
                let around = modules[node.module as usize];
                let krate = self.modules[around].krate;
                let (name, only) = (declared.name.clone(), declared.only);
                let module =
                    self.add_module(Some(around), krate, name, false, only, Some(first + index));
                pending.extend(found.into_iter().map(|(path, owns_directory)| Pending {
                    path,
                    module,
                    owns_directory,
                    generated: next.generated,
                    nesting: next.nesting + 1,
                }));
            }
        }
    }
}

/// The files that a module can be in, each with whether it owns its directory.
pub(super) fn find_module(
    items: &FileItems,
    declared: &Declared,
    file: &Pending,
    surroundings: &Surroundings<'_>,
) -> Vec<(String, bool)> {
    let sources = if file.generated {
        surroundings.generated
    } else {
        Some(surroundings.sources)
    };
    let Some(sources) = sources else {
        return Vec::new();
    };
    let beside = parent(&file.path);
    let own = file
        .path
        .rsplit('/')
        .next()
        .and_then(|name| name.strip_suffix(".rs"));
    let mut chain = Vec::new();
    let mut module = declared.module;
    while module != 0 {
        chain.push(&items.modules[module as usize]);
        module = items.modules[module as usize].parent;
    }
    // The directory of the file's name is left out where `#[path]` says another.
    let mut directory = beside.to_owned();
    let mut pending = (!file.owns_directory).then_some(own.unwrap_or_default());
    for module in chain.iter().rev().filter(|module| !module.is_body) {
        match &module.path {
            Some(path) => {
                pending = None;
                directory = join(&directory, path);
            }
            None => {
                let stem = pending.take().unwrap_or_default();
                directory = join(&join(&directory, stem), &module.name);
            }
        }
    }
    let explicit_base = directory.clone();
    let directory = join(&directory, pending.unwrap_or_default());
    let explicit = declared
        .paths
        .iter()
        .map(|path| (join(&explicit_base, path), true));
    let implied = [
        (join(&directory, &format!("{}.rs", declared.name)), false),
        (join(&directory, &format!("{}/mod.rs", declared.name)), true),
    ];
    let implied = implied.into_iter().filter(|_| !declared.path_is_certain);
    explicit
        .chain(implied)
        .filter(|(path, _)| sources.has(path))
        .collect()
}
