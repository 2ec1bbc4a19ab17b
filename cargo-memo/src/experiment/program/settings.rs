//! What cargo's configuration and the workspace's manifest decide of a binary.
//!
//! What must hold: settings that could make a binary, or its run, do something else are told;
//! comments and formatting are not, nor is where the checkout lies. Settings of a profile count
//! whichever profile is chosen, so that a build for debugging is told like one for release.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Key, Value};

/// What decides, of the profiles of a manifest, what a program does.
const OF_PROFILES: [&str; 3] = ["debug-assertions", "overflow-checks", "panic"];

/// The configuration that cargo reads, the nearest file first.
#[derive(Debug, Default)]
pub(super) struct Config {
    files: Vec<File>,
}

/// A file of settings.
#[derive(Debug)]
struct File {
    path: PathBuf,
    /// The settings by their paths; `None`: it cannot be parsed.
    settings: Option<BTreeMap<Vec<String>, Value>>,
    bytes: Vec<u8>,
}

impl Config {
    /// The configuration that holds in the current directory.
    pub(super) fn here() -> Self {
        let dir = env::current_dir().unwrap_or_default();
        let home = env::var_os("CARGO_HOME").map(|home| dir.join(home));
        let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
        Self::around(&dir, home.as_deref())
    }

    /// The configuration that holds in a directory, with that of cargo's home.
    pub(super) fn around(dir: &Path, home: Option<&Path>) -> Self {
        let mut dirs: Vec<PathBuf> = dir.ancestors().map(|dir| dir.join(".cargo")).collect();
        let home = home.filter(|home| !dirs.iter().any(|dir| dir == home));
        dirs.extend(home.map(Path::to_owned));
        let mut config = Self::default();
        for dir in dirs {
            // Where both are there, cargo reads the one without an extension.
            let mut paths = ["config", "config.toml"]
                .map(|name| dir.join(name))
                .into_iter();
            if let Some(path) = paths.find(|path| path.is_file()) {
                config.read(path);
            }
        }
        config
    }

    /// Reads a file, then those that it includes, of which the last is the nearest.
    fn read(&mut self, path: PathBuf) {
        if self.files.iter().any(|file| file.path == path) {
            return;
        }
        let Some(file) = File::read(path) else {
            return;
        };
        let included = file.included();
        self.files.push(file);
        for path in included.into_iter().rev() {
            self.read(path);
        }
    }

    /// The settings that count, by name. Of a setting of several files all values count.
    pub(super) fn told(&self) -> Vec<(String, String)> {
        told(&self.files, |path| match path {
            ["env" | "profile", ..] | ["build", "rustflags" | "target", ..] => true,
            ["target", _, key, ..] => *key == "rustflags",
            _ => false,
        })
    }

    /// What `[env]` adds to the environment: it leaves what is set already, unless it is forced.
    pub(super) fn environment(&self) -> Vec<(String, OsString)> {
        let settings = self.files.iter().flat_map(|file| &file.settings);
        let names: BTreeSet<&str> = settings
            .flat_map(BTreeMap::keys)
            .filter(|path| path[0] == "env")
            .filter_map(|path| path.get(1).map(String::as_str))
            .collect();
        let added = |name: &str| Some((name.to_owned(), self.variable(name)?));
        names.into_iter().filter_map(added).collect()
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        let is = |key| self.nearest(&["env", name, key])?.1.as_bool();
        let value = self.nearest(&["env", name]);
        let (file, value) = value.or_else(|| self.nearest(&["env", name, "value"]))?;
        let value = value.as_str()?;
        if env::var_os(name).is_some() && is("force") != Some(true) {
            return None;
        }
        if is("relative") != Some(true) {
            return Some(value.into());
        }
        // The directory that holds the one that the file is in.
        let dir = file.path.ancestors().nth(2)?;
        Some(dir.join(value).into_os_string())
    }

    fn nearest(&self, path: &[&str]) -> Option<(&File, &Value)> {
        let path: Vec<String> = path.iter().map(|&key| key.to_owned()).collect();
        let mut found = self.files.iter();
        found.find_map(|file| Some((file, file.settings.as_ref()?.get(&path)?)))
    }
}

/// The settings of a manifest's profiles that count, by name.
pub(super) fn of_manifest(manifest: &Path) -> Vec<(String, String)> {
    let file = File::read(manifest.to_owned());
    told(file.as_slice(), |path| {
        let last = path.last().is_some_and(|last| OF_PROFILES.contains(last));
        path[0] == "profile" && last
    })
}

impl File {
    fn read(path: PathBuf) -> Option<Self> {
        let bytes = fs::read(&path).ok()?;
        let text = str::from_utf8(&bytes).ok();
        let parsed = text.and_then(|text| text.parse::<DocumentMut>().ok());
        let parsed = parsed.and_then(|it| it.into_item().into_value().ok());
        let settings = parsed.map(|table| {
            let mut settings = BTreeMap::new();
            flatten(table, &mut Vec::new(), &mut settings);
            settings
        });
        Some(Self {
            path,
            settings,
            bytes,
        })
    }

    /// The files that it includes: `"path"`, or `{ path = "path" }`, one or several.
    fn included(&self) -> Vec<PathBuf> {
        let settings = self.settings.iter();
        let named = settings.flat_map(|all| all.get(&vec!["include".to_owned()]));
        let named = named.flat_map(|value| match value.as_array() {
            Some(several) => several.iter().collect(),
            None => vec![value],
        });
        let dir = self.path.parent().unwrap_or(Path::new(""));
        named
            .filter_map(|it| {
                it.as_str()
                    .or_else(|| it.as_inline_table()?.get("path")?.as_str())
            })
            .map(|path| dir.join(path))
            .collect()
    }
}

fn flatten(value: Value, path: &mut Vec<String>, settings: &mut BTreeMap<Vec<String>, Value>) {
    match value {
        Value::InlineTable(table) => {
            for (key, value) in table {
                path.push(key.to_string());
                flatten(value, path, settings);
                path.pop();
            }
        }
        value => {
            settings.insert(path.clone(), value);
        }
    }
}

fn told(files: &[File], counts: impl Fn(&[&str]) -> bool) -> Vec<(String, String)> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files {
        let Some(settings) = &file.settings else {
            let name = "a file of settings that cannot be parsed".to_owned();
            all.entry(name).or_default().push(hex(&file.bytes));
            continue;
        };
        for (path, value) in settings {
            let keys: Vec<&str> = path.iter().map(String::as_str).collect();
            if !counts(&keys) {
                continue;
            }
            let mut value = canonical(value);
            if keys[0] == "env" {
                // It may be a secret.
                value = hex(value.as_bytes());
            }
            let quoted: Vec<String> = keys
                .iter()
                .map(|&key| Key::new(key).display_repr().into_owned())
                .collect();
            all.entry(quoted.join(".")).or_default().push(value);
        }
    }
    let joined = all.into_iter();
    joined
        .map(|(name, values)| (name, values.join(", then ")))
        .collect()
}

/// A value as it would be written without comments and formatting.
fn canonical(value: &Value) -> String {
    match value {
        Value::String(it) => Value::from(it.value().as_str()).to_string(),
        Value::Integer(it) => it.value().to_string(),
        Value::Float(it) => it.value().to_string(),
        Value::Boolean(it) => it.value().to_string(),
        Value::Datetime(it) => it.value().to_string(),
        Value::Array(several) => {
            let values: Vec<String> = several.iter().map(canonical).collect();
            format!("[{}]", values.join(", "))
        }
        Value::InlineTable(table) => {
            let pairs = table.iter().map(|(key, value)| (key, canonical(value)));
            format!("{:?}", pairs.collect::<BTreeMap<_, _>>())
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}
