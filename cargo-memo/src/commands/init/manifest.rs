//! The manifest: two dependencies more, and nothing else moved.

use toml_edit::{DocumentMut, Item, TableLike};

use super::wanted::{Source, Wanted};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// A manifest, to be edited.
#[derive(Debug)]
pub(super) struct Manifest {
    document: DocumentMut,
    /// Whether its lines end in `\r\n`. The document does not keep that.
    has_returns: bool,
    /// Whether it begins with a byte order mark, which the document does not
    /// keep either.
    has_mark: bool,
    /// The dependencies that can be inherited: their keys, and the packages.
    inheritable: Vec<(String, String)>,
}

/// A dependency that is there.
struct There<'m> {
    key: &'m str,
    item: &'m Item,
    /// The platforms that it is for, if not for all.
    target: Option<&'m str>,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// It is not TOML.
    pub(super) fn read(text: &str) -> Result<Self, toml_edit::TomlError> {
        let document: DocumentMut = text.parse()?;
        let workspace = document.get("workspace").and_then(Item::as_table_like);
        let dependencies = workspace
            .and_then(|workspace| workspace.get("dependencies"))
            .and_then(Item::as_table_like);
        let inheritable = dependencies.into_iter().flat_map(TableLike::iter);
        let inheritable = inheritable
            .map(|(key, item)| (key.to_owned(), real_name(item).unwrap_or(key).to_owned()))
            .collect();
        Ok(Self {
            document,
            has_returns: has_returns(text),
            has_mark: text.starts_with(BYTE_ORDER_MARK),
            inheritable,
        })
    }

    /// The manifest of a member of the workspace that `root` describes.
    pub(super) fn within(self, root: &Self) -> Self {
        Self {
            inheritable: root.inheritable.clone(),
            ..self
        }
    }

    /// Whether the workspace says where a package comes from.
    pub(super) fn declares(&self, package: &str) -> bool {
        self.inheritable.iter().any(|(_, known)| known == package)
    }

    /// Whether the package itself depends on another.
    pub(super) fn depends_on(&self, package: &str) -> bool {
        self.there("dependencies", package).is_some()
    }

    /// The platforms that a dependency is for, if it is not for all.
    pub(super) fn only_for(&self, wanted: &Wanted) -> Option<&str> {
        self.there(wanted.table, wanted.package)?.target
    }

    /// The name by which code knows a package.
    pub(super) fn name_in_code(&self, table: &str, package: &str) -> String {
        let there = self.there(table, package);
        there.map_or(package, |there| there.key).replace('-', "_")
    }

    /// How a table is spelled here.
    pub(super) fn spelled(&self, table: &str) -> String {
        spelled(self.document.as_table(), table)
    }

    /// A dependency, for all platforms or else for some.
    fn there(&self, table: &str, package: &str) -> Option<There<'_>> {
        let everywhere = self.there_in(self.document.as_table(), None, table, package);
        everywhere.or_else(|| {
            let targets = self.document.get("target")?.as_table_like()?;
            targets.iter().find_map(|(target, tables)| {
                self.there_in(tables.as_table_like()?, Some(target), table, package)
            })
        })
    }

    fn there_in<'m>(
        &self,
        tables: &'m dyn TableLike,
        target: Option<&'m str>,
        table: &str,
        package: &str,
    ) -> Option<There<'m>> {
        let table = tables.get(&spelled(tables, table))?;
        let mut dependencies = table.as_table_like()?.iter();
        let (key, item) = dependencies.find(|(key, item)| self.package(key, item) == package)?;
        Some(There { key, item, target })
    }

    /// The package that is meant by a dependency.
    fn package<'m>(&'m self, key: &'m str, item: &'m Item) -> &'m str {
        let is_inherited = item
            .as_table_like()
            .is_some_and(|table| table.contains_key("workspace"));
        let inherited = self.inheritable.iter().find(|(known, _)| known == key);
        match inherited {
            Some((_, package)) if is_inherited => package,
            _ => real_name(item).unwrap_or(key),
        }
    }

    /// The key under which a wanted dependency is to be written.
    fn key(&self, wanted: &Wanted) -> String {
        let is_it = |(_, package): &&(String, String)| package == wanted.package;
        match (&wanted.source, self.inheritable.iter().find(is_it)) {
            (Source::Workspace, Some((key, _))) => key.clone(),
            _ => wanted.package.to_owned(),
        }
    }

    /// How a dependency is written that is there and comes from elsewhere than
    /// is wanted, or in a version that is not the wanted one.
    pub(super) fn otherwise(&self, wanted: &Wanted) -> Option<String> {
        let there = self.there(wanted.table, wanted.package)?.item;
        if wanted.source.is(there) {
            return None;
        }
        let there = there.clone().into_value().ok()?;
        Some(there.decorated("", "").to_string())
    }

    /// What `package.build` says, if it says anything.
    pub(super) fn build(&self) -> Option<&Item> {
        self.document
            .get("package")
            .and_then(Item::as_table_like)?
            .get("build")
    }

    /// Adds a dependency; `false` if it is there, in whatever form.
    ///
    /// # Errors
    ///
    /// What is in the place of the table is none.
    pub(super) fn add(&mut self, wanted: &Wanted) -> Result<bool, String> {
        if self.there(wanted.table, wanted.package).is_some() {
            return Ok(false);
        }
        let key = self.key(wanted);
        let name = self.spelled(wanted.table);
        let table = self
            .document
            .entry(&name)
            .or_insert_with(toml_edit::table)
            .as_table_like_mut()
            .ok_or_else(|| format!("`{name}` is no table"))?;
        let keys: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).collect();
        table.insert(&key, Item::Value(wanted.source.value()));
        if keys.is_sorted() {
            table.sort_values();
        }
        if let Some(inline) = self.document[&name].as_inline_table_mut() {
            inline.fmt();
        }
        Ok(true)
    }

    /// The text of the manifest.
    pub(super) fn text(&self) -> String {
        let mut text = self.document.to_string();
        if self.has_returns {
            text = text.replace("\r\n", "\n").replace('\n', "\r\n");
        }
        if self.has_mark && !text.starts_with(BYTE_ORDER_MARK) {
            text.insert(0, BYTE_ORDER_MARK);
        }
        text
    }
}

/// Whether the lines of a text end in `\r\n`: the first decides.
pub(super) fn has_returns(text: &str) -> bool {
    text.split_inclusive('\n')
        .next()
        .is_some_and(|line| line.ends_with("\r\n"))
}

/// The name of the package, where a dependency goes by another.
fn real_name(dependency: &Item) -> Option<&str> {
    dependency.as_table_like()?.get("package")?.as_str()
}

/// How a table is spelled: with `_`, which is deprecated, only where it is
/// there like that.
fn spelled(tables: &dyn TableLike, name: &str) -> String {
    let deprecated = name.replace('-', "_");
    match tables.contains_key(name) || !tables.contains_key(&deprecated) {
        true => name.to_owned(),
        false => deprecated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(text: &str, source: &Source) -> String {
        let mut manifest = Manifest::read(text).unwrap();
        for (table, package) in [
            ("dependencies", "memo-runtime"),
            ("build-dependencies", "memo-build"),
        ] {
            let wanted = Wanted {
                table,
                package,
                source: source.clone(),
            };
            assert!(manifest.add(&wanted).unwrap());
            assert!(!manifest.add(&wanted).unwrap(), "it is there already");
        }
        manifest.text()
    }

    #[test]
    fn comments_forms_and_order_stay() {
        let text = "\
# Top.
[package]
name = \"lab\" # the lab

[dependencies] # ours
# For numbers.
libm   = '0.2'
serde = { version = \"1\", features = [\"derive\"] }

[profile.release]
debug = true
";
        assert_eq!(
            added(text, &Source::Version("0.1.0")),
            "\
# Top.
[package]
name = \"lab\" # the lab

[dependencies] # ours
# For numbers.
libm   = '0.2'
memo-runtime = \"0.1.0\"
serde = { version = \"1\", features = [\"derive\"] }

[profile.release]
debug = true

[build-dependencies]
memo-build = \"0.1.0\"
"
        );
    }

    #[test]
    fn tables_of_their_own_and_inline_tables_are_understood() {
        let text = "\
dependencies = { zero = \"1\", one = \"1\" }

[build-dependencies.cc]
version = \"1\"
";
        assert_eq!(
            added(text, &Source::Workspace),
            "\
dependencies = { zero = \"1\", one = \"1\", memo-runtime = { workspace = true } }

[build-dependencies]
memo-build = { workspace = true }

[build-dependencies.cc]
version = \"1\"
"
        );
    }

    #[test]
    fn line_ends_stay() {
        let text = "[package]\r\nname = \"lab\"\r\n\r\n[dependencies]\r\nlibm = \"1\"\r\n";
        let edited = added(text, &Source::Workspace);
        assert!(edited.starts_with(text), "{edited:?}");
        assert_eq!(edited.matches('\n').count(), edited.matches("\r\n").count());
    }

    #[test]
    fn a_dependency_from_elsewhere_is_told() {
        let otherwise = |written: &str, source: Source| {
            let text = format!("[dependencies]\nmemo-runtime = {written} # ours\n");
            let wanted = Wanted {
                table: "dependencies",
                package: "memo-runtime",
                source,
            };
            Manifest::read(&text).unwrap().otherwise(&wanted)
        };
        let path = |path: &str| Source::Path(path.into());
        for (written, source) in [
            ("\"0.1\"", Source::Version("0.1.3")),
            (
                "{ version = \"0.1\", features = [] }",
                Source::Version("0.1.3"),
            ),
            ("{ workspace = true }", Source::Workspace),
            ("{ path = \"../memo/\" }", path("../memo")),
        ] {
            assert_eq!(otherwise(written, source), None, "{written}");
        }
        for (written, source) in [
            ("\"0.2\"", Source::Version("0.1.3")),
            (
                "{ version = \"0.1\", path = \"../memo\" }",
                Source::Version("0.1.3"),
            ),
            ("\"0.1\"", Source::Workspace),
            ("{ path = \"../other\" }", path("../memo")),
        ] {
            assert_eq!(otherwise(written, source).as_deref(), Some(written));
        }
    }

    #[test]
    fn a_renamed_dependency_is_there() {
        let text = "[dependencies]\nmemo = { package = \"memo-runtime\", version = \"0.1\" }\n";
        let mut manifest = Manifest::read(text).unwrap();
        let wanted = Wanted {
            table: "dependencies",
            package: "memo-runtime",
            source: Source::Workspace,
        };
        assert!(!manifest.add(&wanted).unwrap());
        assert_eq!(manifest.text(), text);
    }
}
