//! What a manifest tells by itself, where cargo cannot be asked.

use std::fs;
use std::path::Path;

use memo_code::model::{self, TargetKind};
use serde_json::Value as Json;
use toml::{Table, Value};

use crate::error::Error;

/// A `Cargo.toml`.
#[derive(Debug, Default)]
pub(crate) struct Manifest {
    table: Table,
}

impl Manifest {
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(|source| Error::Manifest {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self::parse(&text))
    }

    /// Reads a manifest; one that is no TOML says nothing, as cargo is the one to complain.
    pub(crate) fn parse(text: &str) -> Self {
        Self {
            table: toml::from_str(text).unwrap_or_default(),
        }
    }

    /// The name of the package; empty if the manifest is of a workspace alone.
    pub(crate) fn name(&self) -> &str {
        self.package_text("name").unwrap_or_default()
    }

    /// Whether there are features that are on unless they are turned off.
    pub(crate) fn has_default_features(&self) -> bool {
        let features = self.table.get("features");
        features.is_some_and(|features| features.get("default").is_some())
    }

    /// Whether a profile has settings for some packages alone.
    pub(crate) fn has_profiles_of_packages(&self) -> bool {
        let profiles = self.table.get("profile").and_then(Value::as_table);
        let mut profiles = profiles.into_iter().flat_map(Table::values);
        profiles.any(|profile| profile.get("package").is_some())
    }

    /// The paths and patterns of the members of the workspace.
    pub(crate) fn members(&self) -> Vec<String> {
        let workspace = self.table.get("workspace");
        let members = workspace.and_then(|workspace| workspace.get("members")?.as_array());
        let members = members.into_iter().flatten().filter_map(Value::as_str);
        members.map(str::to_owned).collect()
    }

    /// `[workspace.metadata]`.
    pub(crate) fn workspace_metadata(&self) -> Json {
        let workspace = self.table.get("workspace");
        let metadata = workspace.and_then(|workspace| workspace.get("metadata"));
        serde_json::to_value(metadata).unwrap_or_default()
    }

    /// The package as far as its manifest and the usual places tell; its dependencies are not
    /// among that. `exists` says whether there is a file, relative to the package's directory.
    pub(crate) fn package(&self, exists: impl Fn(&str) -> bool) -> model::Package {
        let edition = self.package_text("edition").and_then(|it| it.parse().ok());
        let target = |name: &str, kind, root: &str| model::Target {
            name: name.replace('-', "_"),
            kind,
            root: root.to_owned(),
            edition: edition.unwrap_or(2015),
        };
        let library = self.table.get("lib");
        let kind = match library.and_then(|library| library.get("proc-macro")) {
            Some(Value::Boolean(true)) => TargetKind::ProcMacro,
            _ => TargetKind::Library,
        };
        let library_name = library.and_then(|library| text(library, "name"));
        let library_root = library.and_then(|library| text(library, "path"));
        let mut targets = vec![
            target(
                library_name.unwrap_or(self.name()),
                kind,
                library_root.unwrap_or("src/lib.rs"),
            ),
            target(self.name(), TargetKind::Binary, "src/main.rs"),
        ];
        for (key, kind) in [
            ("bin", TargetKind::Binary),
            ("example", TargetKind::Example),
            ("test", TargetKind::Test),
            ("bench", TargetKind::Benchmark),
        ] {
            let declared = self.table.get(key).and_then(Value::as_array);
            let declared = declared.into_iter().flatten();
            targets.extend(
                declared.filter_map(|it| Some(target(text(it, "name")?, kind, text(it, "path")?))),
            );
        }
        targets.retain(|target| exists(&target.root));
        targets.dedup_by(|one, other| one.kind == other.kind && one.root == other.root);
        let build_script = self.package_text("build").unwrap_or("build.rs");
        model::Package {
            name: self.name().to_owned(),
            version: self.package_text("version").unwrap_or_default().to_owned(),
            has_features: self.table.get("features").is_some(),
            targets,
            build_script: exists(build_script).then(|| build_script.to_owned()),
            foreign_code: self.package_text("links").is_some(),
            ..model::Package::default()
        }
    }

    fn package_text(&self, key: &str) -> Option<&str> {
        text(self.table.get("package")?, key)
    }
}

fn text<'a>(table: &'a Value, key: &str) -> Option<&'a str> {
    table.get(key)?.as_str()
}

#[cfg(test)]
mod tests {
    use memo_code::model::TargetKind;

    use super::Manifest;
    use crate::settings::settings;

    #[test]
    fn the_usual_places_are_looked_at() {
        let manifest = Manifest::parse(
            r#"
            [package]
            name = "an-experiment"
            version = "0.2.0"
            edition = "2021"
            [[bin]]
            name = "other"
            path = "programs/other.rs"
            [[bin]]
            name = "gone"
            path = "programs/gone.rs"
            "#,
        );
        let there = ["src/lib.rs", "programs/other.rs", "build.rs"];
        let package = manifest.package(|path| there.contains(&path));
        let targets: Vec<_> = package.targets.iter().collect();
        let targets: Vec<_> = targets
            .iter()
            .map(|it| (it.name.as_str(), it.kind, it.root.as_str(), it.edition))
            .collect();
        assert_eq!(package.name, "an-experiment");
        assert_eq!(package.version, "0.2.0");
        assert_eq!(package.build_script.as_deref(), Some("build.rs"));
        assert_eq!(
            targets,
            [
                ("an_experiment", TargetKind::Library, "src/lib.rs", 2021),
                ("other", TargetKind::Binary, "programs/other.rs", 2021),
            ]
        );
    }

    #[test]
    fn a_procedural_macro_with_a_name_and_place_of_its_own() {
        let manifest = Manifest::parse(
            "[package]\nname = \"a\"\nlinks = \"z\"\n\
             [lib]\nname = \"b\"\npath = \"m.rs\"\nproc-macro = true\n",
        );
        let package = manifest.package(|path| path == "m.rs");
        let library = &package.targets[0];
        assert_eq!((library.name.as_str(), library.edition), ("b", 2015));
        assert_eq!(library.kind, TargetKind::ProcMacro);
        assert!(package.foreign_code);
    }

    #[test]
    fn settings_are_the_same_as_cargo_gives_them() {
        let manifest = Manifest::parse("[workspace.metadata.memo]\ndir = \"kept\"\nwait = 5\n");
        let expected = [("dir", "kept"), ("wait", "5")];
        let expected = expected.map(|(key, text)| (key.to_owned(), text.to_owned()));
        assert_eq!(settings(&manifest.workspace_metadata()), expected);
    }

    #[test]
    fn what_is_no_manifest_says_nothing() {
        let manifest = Manifest::parse("[package\nname");
        assert_eq!(manifest.name(), "");
        assert!(!manifest.has_default_features());
        assert!(settings(&manifest.workspace_metadata()).is_empty());
        assert!(manifest.package(|_| false).targets.is_empty());
    }
}
