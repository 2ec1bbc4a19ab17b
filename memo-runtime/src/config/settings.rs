//! `[workspace.metadata.memo]` in a workspace's Cargo.toml.

use std::path::{Path, PathBuf};

use super::known::{Form, Setting, Values};
use super::{BadSetting, SETTINGS, STORE_DIR};

/// What stands behind a key in a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// A string.
    Text(String),
    /// Something else, as it is written.
    Other(String),
}

/// The settings of a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    pub(crate) values: Values,
    /// What stands there and could not be used.
    pub bad: Vec<BadSetting>,
}

impl Settings {
    /// Reads pairs of key and value.
    pub fn read<'a>(pairs: impl IntoIterator<Item = (&'a str, Written)>) -> Self {
        let mut settings = Self::default();
        for (key, written) in pairs {
            let place = format!("workspace.metadata.memo.{key}");
            let known = SETTINGS.iter().find(|setting| setting.key == Some(key));
            let Some(setting) = known else {
                settings.bad.push(BadSetting::unknown_key(place, key));
                continue;
            };
            if let Err(expected) = settings.set(setting, &written) {
                let (Written::Text(found) | Written::Other(found)) = written;
                settings
                    .bad
                    .push(BadSetting::value(place, &found, &expected));
            }
        }
        settings
    }

    fn set(&mut self, setting: &Setting, written: &Written) -> Result<(), String> {
        let mut values = self.values.clone();
        match written {
            Written::Text(text) => (setting.set)(&mut values, text)?,
            Written::Other(text) => {
                (setting.set)(&mut values, text)?;
                if setting.form == Form::Quoted {
                    return Err("in quotes".to_owned());
                }
            }
        }
        self.values = values;
        Ok(())
    }

    /// The store of the workspace at `root`.
    pub fn store_dir(&self, root: &Path) -> PathBuf {
        root.join(self.values.dir.as_deref().unwrap_or(Path::new(STORE_DIR)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Fsync;

    fn read<const N: usize>(pairs: [(&str, &str); N]) -> Settings {
        Settings::read(pairs.map(|(key, text)| (key, Written::Text(text.to_owned()))))
    }

    #[test]
    fn an_unknown_setting_is_named_and_costs_only_itself() {
        let settings = read([("dirr", "x"), ("fsync", "never")]);
        assert_eq!(settings.values.fsync, Some(Fsync::Never));
        assert_eq!(settings.bad[0].unknown.as_deref(), Some("dirr"));
        assert_eq!(
            settings.bad[0].to_string(),
            "the setting workspace.metadata.memo.dirr is passed over: \
             there is no such setting, but dir, max-size, max-age, max-entries, order, fsync, \
             share, wait, compress and memory"
        );
    }

    #[test]
    fn a_value_of_another_kind_is_refused() {
        let other = |text: &str| Written::Other(text.to_owned());
        let settings = Settings::read([
            ("dir", other("5")),
            ("max-size", other("10")),
            ("max-entries", other("7")),
        ]);
        let problems: Vec<_> = settings
            .bad
            .iter()
            .map(|bad| bad.problem.as_str())
            .collect();
        assert_eq!(
            problems,
            [
                "`5` is not in quotes",
                "`10` is not a number and a unit (B, kB, MB, GB, TB, KiB, MiB, GiB or TiB), or none"
            ]
        );
        assert_eq!(settings.values.dir, None);
        assert_eq!(settings.values.max_entries, Some(Some(7)));
    }

    #[test]
    fn the_store_is_in_the_workspace_unless_told_otherwise() {
        let root = Path::new("/ws");
        assert_eq!(Settings::default().store_dir(root), Path::new("/ws/.memo"));
        let elsewhere = read([("dir", "/scratch/memo")]);
        assert_eq!(elsewhere.store_dir(root), Path::new("/scratch/memo"));
    }
}
