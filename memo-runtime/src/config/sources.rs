//! The sources together: what holds, and where it comes from. Both are told
//! by the same order, in which environment wins over workspace, and that over
//! the defaults.

use std::path::PathBuf;

use super::environment::Environment;
use super::known::{Setting, Value};
use super::{BadSetting, Options, SETTINGS, Settings};

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nothing says otherwise.
    Default,
    /// `[workspace.metadata.memo]` in the workspace's Cargo.toml.
    Workspace,
    /// An environment variable.
    Variable,
}

/// A setting with the value that holds.
#[derive(Clone, Debug)]
pub struct InForce {
    /// The setting.
    pub setting: &'static Setting,
    /// Its value.
    pub value: Value,
    /// Where that comes from.
    pub origin: Origin,
}

/// Where results of functions in the package at `manifest_dir` are kept, and
/// how: what the workspace and the environment say together.
pub(crate) struct Found {
    pub(crate) dir: Option<PathBuf>,
    pub(crate) options: Options,
    pub(crate) bad: Vec<BadSetting>,
}

impl Found {
    /// Combines the environment with the settings of a workspace.
    pub(crate) fn combine(
        environment: &Environment,
        workspace: Option<(PathBuf, Settings)>,
    ) -> Self {
        let mut bad = environment.bad.clone();
        let mut options = Options::default();
        let mut dir = environment.values.dir.clone();
        if let Some((root, settings)) = workspace {
            settings.values.apply(&mut options);
            dir.get_or_insert_with(|| settings.store_dir(&root));
            bad.extend(settings.bad);
        }
        environment.apply(&mut options);
        Self { dir, options, bad }
    }
}

/// All settings with the values that [`Found::combine`] arrives at.
pub(crate) fn in_force(environment: &Environment, workspace: Option<&Settings>) -> Vec<InForce> {
    let of = |setting: &'static Setting| {
        let variable = setting.among(&environment.values);
        let key = workspace.and_then(|settings| setting.among(&settings.values));
        let (value, origin) = match (variable, key) {
            (Some(value), _) => (value, Origin::Variable),
            (None, Some(value)) => (value, Origin::Workspace),
            (None, None) => (setting.default(), Origin::Default),
        };
        InForce {
            setting,
            value,
            origin,
        }
    };
    SETTINGS.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::config::{Fsync, Limits, Written};

    #[test]
    fn the_environment_wins_over_the_workspace() {
        let settings = [
            ("dir", "elsewhere"),
            ("fsync", "always"),
            ("wait", "5s"),
            ("max-size", "5B"),
            ("max-entries", "7"),
        ];
        let settings =
            Settings::read(settings.map(|(key, text)| (key, Written::Text(text.to_owned()))));
        let workspace = Some((PathBuf::from("/ws"), settings));
        let environment = Environment::from(|name| match name {
            "MEMO_FSYNC" => Some("never".into()),
            "MEMO_MAX_SIZE" => Some("none".into()),
            _ => None,
        });
        let found = Found::combine(&environment, workspace.clone());
        let in_force = in_force(
            &environment,
            workspace.as_ref().map(|(_, settings)| settings),
        );
        let told: Vec<_> = in_force
            .iter()
            .map(|one| (one.setting.name(), one.value.to_string(), one.origin))
            .collect();
        let told: Vec<_> = told
            .iter()
            .map(|(name, value, origin)| (*name, value.as_str(), *origin))
            .collect();
        use Origin::{Default, Variable, Workspace};
        assert_eq!(
            told,
            [
                ("dir", "elsewhere", Workspace),
                ("max-size", "none", Variable),
                ("max-age", "none", Default),
                ("max-entries", "7", Workspace),
                ("order", "lru", Default),
                ("fsync", "never", Variable),
                ("share", "none", Default),
                ("wait", "5s", Workspace),
                ("compress", "none", Default),
                ("memory", "64MB", Default),
                ("MEMO", "on", Default),
                ("MEMO_LOG", "off", Default),
            ]
        );
        assert_eq!(found.dir.unwrap(), PathBuf::from("/ws/elsewhere"));
        assert_eq!(found.options.fsync, Fsync::Never);
        assert_eq!(found.options.wait, Some(Duration::from_secs(5)));
        let limits = Limits {
            max_size: None,
            max_entries: Some(7),
            ..Limits::default()
        };
        assert_eq!(found.options.limits, limits);

        let environment = Environment::from(|name| (name == "MEMO_DIR").then(|| "/mine".into()));
        let found = Found::combine(&environment, workspace);
        assert_eq!(found.dir.unwrap(), PathBuf::from("/mine"));
    }
}
