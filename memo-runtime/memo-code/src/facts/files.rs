//! Files that count: those that are included, those that a macro of which nothing is known may
//! read, and those of packages that count whole.

use std::collections::BTreeSet;

use blake3::Hasher;

use super::{Facts, GENERATED, hex};
use crate::analysis::Analysis;
use crate::file::{Include, Kind};
use crate::list::FactKind;
use crate::reach::Reach;
use crate::sources::{Sources, join, parent};

/// The digest of a file.
pub(super) fn content(sources: &dyn Sources, path: &str) -> String {
    match sources.read(path) {
        Ok(content) => blake3::hash(&content).to_hex().to_string(),
        Err(_) => String::from("missing"),
    }
}

/// What this crate, `memo-build` and the `#[memo]` attribute have in `OUT_DIR`.
const OUR_FILES: &str = "memo/";

impl Analysis<'_> {
    /// Files that are included, or that a macro of which nothing is known may read.
    pub(super) fn included_files(&self, reach: &Reach<'_>, telling: &[usize], facts: &mut Facts) {
        for (number, file) in &reach.included {
            match file {
                Include::Beside(name) | Include::InPackage(name)
                    if self.graph.node(*number).kind == Kind::Macro =>
                {
                    self.beside_callers(name, reach, facts);
                }
                Include::Generated(name) if self.graph.node(*number).kind == Kind::Macro => {
                    let value = self.generated(name);
                    facts.add(FactKind::File, format!("{GENERATED}{name}"), value);
                }
                file => {
                    let (name, value) = self.included(*number, file);
                    facts.add(FactKind::File, name, value);
                }
            }
        }
        let mut generated_too = false;
        for number in telling.iter().copied() {
            let (node, placed) = (self.graph.node(number), self.graph.placed(number));
            let file = &self.graph.loaded.files[placed.file];
            if file.generated {
                let name = format!("{GENERATED}{} {}", file.path, self.path(number));
                facts.add(FactKind::File, name, hex(&node.digest));
            }
            for path in &node.mentions.paths {
                self.named_file(number, path, facts);
            }
            let mut macros = node.mentions.macros.iter();
            generated_too |= self.graph.krate_of(number) == self.krate
                && macros.any(|name| !self.graph.is_own_macro(self.graph.name(number, *name)));
        }
        let has_script = self.model.packages[0].build_script.is_some();
        if let Some(generated) = self.surroundings.generated
            && generated_too
            && has_script
        {
            for path in generated.files_below("").unwrap_or_default() {
                if !path.starts_with(OUR_FILES) {
                    let name = format!("{GENERATED}{path}");
                    facts.add(FactKind::File, name, content(generated, &path));
                }
            }
        }
    }

    /// A file that a macro includes, which is looked for beside whoever calls the macro.
    fn beside_callers(&self, name: &str, reach: &Reach<'_>, facts: &mut Facts) {
        let places = reach.order.iter().map(|number| {
            let file = &self.graph.loaded.files[self.graph.placed(*number).file];
            join(parent(&file.path), name)
        });
        let packages = self.packages(reach).into_iter();
        let packages = packages.map(|package| join(&self.model.packages[package].dir, name));
        for place in places.chain(packages).collect::<BTreeSet<_>>() {
            if self.surroundings.sources.has(&place) {
                let value = content(self.surroundings.sources, &place);
                facts.add(FactKind::File, place, value);
            }
        }
    }

    /// A file or directory that a string names, if there is one: relative to the source file, the
    /// package, or where macros that are in wide use look.
    fn named_file(&self, number: usize, path: &str, facts: &mut Facts) {
        let file = &self.graph.loaded.files[self.graph.placed(number).file].path;
        let package = self.graph.loaded.krates[self.graph.krate_of(number)].package;
        let package = &self.model.packages[package].dir;
        let path = path.trim_start_matches("$CARGO_MANIFEST_DIR/");
        let sources = self.surroundings.sources;
        let places = [
            join(parent(file), path),
            join(package, path),
            join(package, &format!("src/{path}")),
            join(package, &format!("templates/{path}")),
        ];
        for place in places {
            if sources.has(&place) {
                let value = content(sources, &place);
                facts.add(FactKind::File, place, value);
            } else if place != *package
                && !place.is_empty()
                && let Ok(below) = sources.files_below(&place)
            {
                for file in below {
                    let value = content(sources, &file);
                    facts.add(FactKind::File, file, value);
                }
            }
        }
    }

    /// The name of an included file, and the digest of what is in it.
    fn included(&self, number: usize, file: &Include) -> (String, String) {
        let place = &self.graph.loaded.files[self.graph.placed(number).file];
        let package = self.graph.loaded.krates[self.graph.krate_of(number)].package;
        let package = &self.model.packages[package];
        let sources = self.surroundings.sources;
        match file {
            Include::Beside(name) if place.generated => {
                let path = join(parent(&place.path), name);
                let value = self.generated(&path);
                (format!("{GENERATED}{path}"), value)
            }
            Include::Beside(name) => {
                let path = join(parent(&place.path), name);
                let value = content(sources, &path);
                (path, value)
            }
            Include::InPackage(name) => {
                let path = join(&package.dir, name);
                let value = content(sources, &path);
                (path, value)
            }
            Include::Generated(name) if package.dir.is_empty() => {
                (format!("{GENERATED}{name}"), self.generated(name))
            }
            Include::Generated(_) | Include::Unknown => {
                (format!("{GENERATED}?"), String::from("unknown"))
            }
        }
    }

    fn generated(&self, path: &str) -> String {
        let generated = self.surroundings.generated;
        generated.map_or_else(
            || String::from("unknown"),
            |generated| content(generated, path),
        )
    }

    /// The digest of what a build script may read: every file of a package but those whose items
    /// count by themselves, documentation and tests.
    pub(super) fn beside_items(&self, dir: &str) -> String {
        let loaded: BTreeSet<&str> = self.files().into_iter().collect();
        let counts = |path: &str| {
            let inside = path.strip_prefix(dir).unwrap_or(path);
            let inside = inside.trim_start_matches('/');
            let apart = ["tests/", "benches/", "examples/"];
            !loaded.contains(path)
                && !inside.ends_with(".md")
                && !apart.iter().any(|part| inside.starts_with(part))
        };
        self.digest_below(dir, counts)
    }

    /// The digest of every file of a package.
    pub(super) fn whole(&self, dir: &str) -> String {
        self.digest_below(dir, |_| true)
    }

    fn digest_below(&self, dir: &str, counts: impl Fn(&str) -> bool) -> String {
        let mut hasher = Hasher::new();
        match self.surroundings.sources.files_below(dir) {
            Ok(files) => {
                for file in files.into_iter().filter(|file| counts(file)) {
                    let name = file.strip_prefix(dir).unwrap_or(&file);
                    for part in [name, &content(self.surroundings.sources, &file)] {
                        hasher.update(&(part.len() as u64).to_le_bytes());
                        hasher.update(part.as_bytes());
                    }
                }
                hasher.finalize().to_hex().to_string()
            }
            Err(error) => format!("cannot be listed: {}", error.kind()),
        }
    }
}
