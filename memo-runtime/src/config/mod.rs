//! Where the store is and how it behaves.
//!
//! Three sources, the later winning: defaults, `[workspace.metadata.memo]`
//! in the workspace's Cargo.toml (as the build script told it, or else as it
//! is), and `MEMO_*` environment variables. This module is the one door to
//! both; everything else is handed [`Options`]. A value that makes no sense is
//! reported once and passed over: settings never fail a caller.

mod environment;
mod settings;
mod workspace;

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

pub(crate) use environment::{Environment, current_dir, host, is_running, process};
pub use settings::Settings;
pub(crate) use workspace::{find_workspace, known_workspace};

use crate::clock::Clock;

/// The directory of the store in a workspace, unless a setting names another.
pub const STORE_DIR: &str = ".memo";

/// What memoized calls do (`MEMO`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mode {
    /// Look up, compute what is missing, keep it. `on`.
    #[default]
    On,
    /// Compute everything, keep nothing, read nothing. `off`.
    Off,
    /// Look up, compute what is missing, write nothing. `readonly`.
    ReadOnly,
    /// Compute everything and replace what is kept. `refresh`.
    Refresh,
    /// Compute every hit again, and report where the results differ. `check`.
    Check,
    /// Look up; a miss is a panic. `offline`.
    Offline,
}

impl FromStr for Mode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "on" | "1" => Self::On,
            "off" | "0" => Self::Off,
            "readonly" => Self::ReadOnly,
            "refresh" => Self::Refresh,
            "check" => Self::Check,
            "offline" => Self::Offline,
            _ => return Err("one of on, off, readonly, refresh, check or offline".into()),
        })
    }
}

/// When an entry is made to survive a power cut before it is published
/// (`fsync`, `MEMO_FSYNC`). Without, a power cut may cost entries that were
/// just written; it never makes a wrong value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fsync {
    /// When computing took over 100 ms. `auto`.
    #[default]
    Auto,
    /// Always. `always`.
    Always,
    /// Never. `never`.
    Never,
}

impl Fsync {
    pub(crate) fn wanted(self, computing: Duration) -> bool {
        match self {
            Self::Auto => computing > Duration::from_millis(100),
            Self::Always => true,
            Self::Never => false,
        }
    }
}

impl FromStr for Fsync {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "auto" => Self::Auto,
            "always" => Self::Always,
            "never" => Self::Never,
            _ => return Err("auto, always or never".into()),
        })
    }
}

/// Who may write to the store (`share`, `MEMO_SHARE`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Share {
    /// Its owner alone; a store of another user is refused. `none`.
    #[default]
    None,
    /// The group of the directory. `group`.
    Group,
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "none" => Self::None,
            "group" => Self::Group,
            _ => return Err("none or group".into()),
        })
    }
}

/// How a store behaves for one program. Made by [`crate::Memo::builder`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) mode: Mode,
    pub(crate) fsync: Fsync,
    pub(crate) share: Share,
    /// How long to wait for another's computation at most; by default as
    /// long as [`default_wait`] says.
    pub(crate) wait: Option<Duration>,
    pub(crate) clock: Clock,
}

const SHORTEST_WAIT: Duration = Duration::from_secs(30);

/// How long to wait for another's computation: twice as long as it took
/// before, and at least 30 s.
pub(crate) fn default_wait(usual: Option<Duration>) -> Duration {
    usual
        .unwrap_or_default()
        .saturating_mul(2)
        .max(SHORTEST_WAIT)
}

/// A setting that could not be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadSetting {
    /// Where it stands: the name of a variable, or the path of a key.
    pub place: String,
    /// What is wrong with it, and what would be right.
    pub problem: String,
}

impl BadSetting {
    /// A value that is none of what is `expected`.
    fn value(place: impl Into<String>, found: &str, expected: &str) -> Self {
        let problem = format!("`{found}` is not {expected}");
        Self {
            place: place.into(),
            problem,
        }
    }
}

impl fmt::Display for BadSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the setting {} is passed over: {}",
            self.place, self.problem
        )
    }
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
        let mut dir = environment.dir.clone();
        if let Some((root, settings)) = workspace {
            options.fsync = settings.fsync.unwrap_or_default();
            options.share = settings.share.unwrap_or_default();
            options.wait = settings.wait;
            dir.get_or_insert_with(|| settings.store_dir(&root));
            bad.extend(settings.bad);
        }
        environment.apply(&mut options);
        Self { dir, options, bad }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_twice_the_usual_and_never_short() {
        let seconds = Duration::from_secs;
        assert_eq!(default_wait(Some(seconds(1))), seconds(30));
        assert_eq!(default_wait(Some(seconds(100))), seconds(200));
        assert_eq!(default_wait(None), seconds(30));
    }

    #[test]
    fn the_environment_wins_over_the_workspace() {
        let settings = Settings {
            dir: Some("elsewhere".into()),
            fsync: Some(Fsync::Always),
            wait: Some(Duration::from_secs(5)),
            ..Settings::default()
        };
        let workspace = Some((PathBuf::from("/ws"), settings));
        let environment = Environment::from(|name| match name {
            "MEMO_FSYNC" => Some("never".into()),
            _ => None,
        });
        let found = Found::combine(&environment, workspace.clone());
        assert_eq!(found.dir.unwrap(), PathBuf::from("/ws/elsewhere"));
        assert_eq!(found.options.fsync, Fsync::Never);
        assert_eq!(found.options.wait, Some(Duration::from_secs(5)));

        let environment = Environment::from(|name| (name == "MEMO_DIR").then(|| "/mine".into()));
        let found = Found::combine(&environment, workspace);
        assert_eq!(found.dir.unwrap(), PathBuf::from("/mine"));
    }
}
