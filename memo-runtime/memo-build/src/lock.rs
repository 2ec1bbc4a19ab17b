//! What `Cargo.lock` says about packages.

use toml::{Table, Value};

/// A lock file.
#[derive(Debug, Default)]
pub(crate) struct Lock {
    packages: Vec<Locked>,
}

#[derive(Debug)]
struct Locked {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
}

impl Lock {
    /// Reads a lock file; what is not one has no packages.
    pub(crate) fn parse(text: &str) -> Self {
        let mut table: Table = toml::from_str(text).unwrap_or_default();
        let Some(Value::Array(packages)) = table.remove("package") else {
            return Self::default();
        };
        Self {
            packages: packages.iter().filter_map(locked).collect(),
        }
    }

    /// The checksum of a package. The source decides only between packages of one name and
    /// version, because `cargo metadata` does not spell every source as the lock file does.
    pub(crate) fn checksum(&self, name: &str, version: &str, source: &str) -> Option<&str> {
        let mut found: Vec<&Locked> = self.packages.iter().collect();
        found.retain(|package| package.name == name && package.version == version);
        if found.len() > 1 {
            found.retain(|package| package.source.as_deref() == Some(source));
        }
        found.first()?.checksum.as_deref()
    }
}

fn locked(package: &Value) -> Option<Locked> {
    let text = |key| Some(package.get(key)?.as_str()?.to_owned());
    Some(Locked {
        name: text("name")?,
        version: text("version")?,
        source: text("source"),
        checksum: text("checksum"),
    })
}

#[cfg(test)]
mod tests {
    use super::Lock;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "a"
version = "1.0.0"
source = "registry+https://example.org/one"
checksum = "11"

[[package]]
name = "a"
version = "1.0.0"
source = "registry+https://example.org/other"
checksum = "22"

[[package]]
name = "a"
version = "2.0.0"
source = "registry+https://example.org/one"
checksum = "33"

[[package]]
name = "ours"
version = "0.1.0"
"#;

    #[test]
    fn a_checksum_is_found_by_name_and_version() {
        let lock = Lock::parse(LOCK);
        assert_eq!(lock.checksum("a", "2.0.0", "spelled otherwise"), Some("33"));
        assert_eq!(lock.checksum("a", "3.0.0", ""), None);
        assert_eq!(lock.checksum("ours", "0.1.0", ""), None);
    }

    #[test]
    fn packages_of_one_name_and_version_differ_by_their_source() {
        let lock = Lock::parse(LOCK);
        for (registry, checksum) in [("one", Some("11")), ("other", Some("22")), ("none", None)] {
            let source = format!("registry+https://example.org/{registry}");
            assert_eq!(lock.checksum("a", "1.0.0", &source), checksum, "{source}");
        }
    }

    #[test]
    fn what_is_no_lock_file_has_no_packages() {
        for text in ["", "package = 3", "[[package]]\nname = 4", "<<<<<<<"] {
            assert_eq!(Lock::parse(text).checksum("a", "1.0.0", ""), None, "{text}");
        }
    }
}
