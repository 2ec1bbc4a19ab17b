//! Where the store is and how it behaves.
//!
//! Three sources, the later winning: defaults, `[workspace.metadata.memo]`
//! in the workspace's Cargo.toml (as the build script told it, or else as it
//! is), and `MEMO_*` environment variables. This module is the one door to
//! both; everything else is handed [`Options`]. A value that makes no sense is
//! reported once and passed over: settings never fail a caller.

mod environment;
mod known;
mod limits;
mod settings;
mod sources;
mod workspace;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

pub(crate) use environment::{
    Environment, HELD, METRICS, current_dir, held, host, is_running, metrics, process,
    unknown_variables,
};
pub use known::{SETTINGS, Setting, Value};
pub use limits::{DEFAULT_MAX_SIZE, Limits, Order, parse_duration, parse_size};
pub use settings::{Settings, Written};
pub(crate) use sources::{Found, in_force};
pub use sources::{InForce, Origin};
pub(crate) use workspace::{find_workspace, known_workspace};

use crate::clock::Clock;
use crate::codec::compress::Compression;

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

impl Mode {
    /// The word for it in settings and output.
    pub fn word(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
            Self::ReadOnly => "readonly",
            Self::Refresh => "refresh",
            Self::Check => "check",
            Self::Offline => "offline",
        }
    }
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
    /// The word for it in settings and output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }

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

impl Share {
    /// The word for it in settings and output.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Group => "group",
        }
    }
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
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) mode: Mode,
    pub(crate) fsync: Fsync,
    pub(crate) share: Share,
    pub(crate) limits: Limits,
    /// How long to wait for another's computation at most; by default as
    /// long as [`default_wait`] says.
    pub(crate) wait: Option<Duration>,
    /// How entries are compressed, unless a call has its own way.
    pub(crate) compress: Compression,
    /// How many bytes of results are held in memory, if any are.
    pub(crate) memory: Option<u64>,
    pub(crate) clock: Clock,
}

/// How many bytes of results a process holds in memory if nothing is said.
const DEFAULT_MEMORY: u64 = 64_000_000;

impl Default for Options {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            fsync: Fsync::default(),
            share: Share::default(),
            limits: Limits::default(),
            wait: None,
            compress: Compression::default(),
            memory: Some(DEFAULT_MEMORY),
            clock: Clock::default(),
        }
    }
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
    /// The name of the setting, if there is no such setting.
    pub unknown: Option<String>,
}

impl BadSetting {
    /// A value that is none of what is `expected`.
    fn value(place: impl Into<String>, found: &str, expected: &str) -> Self {
        let problem = format!("`{found}` is not {expected}");
        Self {
            place: place.into(),
            problem,
            unknown: None,
        }
    }

    /// A key that there is not.
    fn unknown_key(place: String, key: &str) -> Self {
        let known = SETTINGS.iter().filter_map(|setting| setting.key);
        Self {
            place,
            problem: none_but(known),
            unknown: Some(key.to_owned()),
        }
    }

    /// A variable that there is not.
    fn unknown_variable(name: String) -> Self {
        Self {
            place: name.clone(),
            problem: none_but(SETTINGS.iter().map(|setting| setting.variable)),
            unknown: Some(name),
        }
    }
}

fn none_but(known: impl Iterator<Item = &'static str>) -> String {
    let known: Vec<_> = known.collect();
    let (last, others) = known.split_last().unwrap_or((&"", &[]));
    format!(
        "there is no such setting, but {} and {last}",
        others.join(", ")
    )
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
}
