//! The one door to the environment of the process.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::OnceLock;

use super::known::Values;
use super::{BadSetting, Options, SETTINGS};
use crate::key::Digest;

/// Tells programs of which runs they are part.
pub(crate) const HELD: &str = "MEMO_HELD";
/// Tells programs where to put metrics.
pub(crate) const METRICS: &str = "MEMO_METRICS";

/// How the names of all variables but `MEMO` itself begin.
const PREFIX: &str = "MEMO_";

/// The `MEMO_*` variables.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    pub(crate) values: Values,
    /// Variables that could not be used.
    pub(crate) bad: Vec<BadSetting>,
}

impl Environment {
    /// The environment of this process.
    pub(crate) fn of_process() -> Self {
        Self::from(|name| env::var_os(name))
    }

    /// An environment in which `get` tells the variables. What is empty is
    /// not set.
    pub(crate) fn from(get: impl Fn(&str) -> Option<OsString>) -> Self {
        let mut environment = Self::default();
        let values = &mut environment.values;
        for setting in &SETTINGS {
            let Some(found) = get(setting.variable).filter(|found| !found.is_empty()) else {
                continue;
            };
            if setting.key == Some("dir") {
                // The one value that need not be UTF-8.
                values.dir = Some(found.into());
                continue;
            }
            let found = found.to_string_lossy();
            if let Err(expected) = (setting.set)(values, &found) {
                let bad = BadSetting::value(setting.variable, &found, &expected);
                environment.bad.push(bad);
            }
        }
        environment
    }

    /// Puts what the environment says over `options`.
    pub(crate) fn apply(&self, options: &mut Options) {
        self.values.apply(options);
    }
}

/// The variables of this process that look like settings and are none.
///
/// Programs do not ask for them: whoever runs one may have variables of that
/// name that are none of ours.
pub(crate) fn unknown_variables() -> Vec<BadSetting> {
    unknown(env::vars_os().map(|(name, _)| name))
}

fn unknown(names: impl Iterator<Item = OsString>) -> Vec<BadSetting> {
    let names = names.filter_map(|name| name.into_string().ok());
    let mut unknown: Vec<String> = names
        .filter(|name| name.starts_with(PREFIX))
        .filter(|name| SETTINGS.iter().all(|setting| setting.variable != name))
        .filter(|name| ![HELD, METRICS].contains(&name.as_str()))
        .collect();
    unknown.sort();
    let bad = unknown.into_iter();
    bad.map(BadSetting::unknown_variable).collect()
}

/// The keys of the runs that this process is part of.
pub(crate) fn held() -> Vec<Digest> {
    keys(&env::var(HELD).unwrap_or_default())
}

/// Keys with commas in between; what is none is passed over.
fn keys(held: &str) -> Vec<Digest> {
    let keys = held.split(',').filter_map(|key| key.trim().parse().ok());
    keys.collect()
}

/// The file for the metrics of the run that this process is part of.
pub(crate) fn metrics() -> Option<PathBuf> {
    env::var_os(METRICS)
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
}

/// The name of this host, for people who look into the store.
pub(crate) fn host() -> &'static str {
    static HOST: OnceLock<String> = OnceLock::new();
    HOST.get_or_init(|| {
        rustix::system::uname()
            .nodename()
            .to_string_lossy()
            .into_owned()
    })
}

/// The number of this process, for people who look into the store. A child
/// that was forked without executing a program goes by its parent's.
pub(crate) fn process() -> u32 {
    static PROCESS: OnceLock<u32> = OnceLock::new();
    *PROCESS.get_or_init(std::process::id)
}

/// Whether a process of this host is alive and not stopped, as far as the
/// system tells.
pub(crate) fn is_running(process: u32) -> bool {
    // The state follows the program's name, which may contain anything.
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let state = stat
        .rsplit_once(") ")
        .and_then(|(_, rest)| rest.chars().next());
    state.is_some_and(|state| !matches!(state, 'T' | 't' | 'Z' | 'X'))
}

/// The directory that the process works in, if it still exists.
pub(crate) fn current_dir() -> Option<PathBuf> {
    env::current_dir().ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::config::{Fsync, Mode, Share};

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment::from(|name| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.into())
        })
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_process_is_running_until_it_is_gone() {
        assert!(is_running(std::process::id()));
        assert!(!is_running(u32::MAX));
    }

    #[test]
    fn keys_are_told_apart_by_commas() {
        let (one, other) = (Digest::from_bytes([1; 32]), Digest::from_bytes([2; 32]));
        assert_eq!(keys(""), []);
        assert_eq!(keys(&one.to_hex()), [one]);
        assert_eq!(keys(&format!("{one}, {other}")), [one, other]);
        assert_eq!(keys(&format!("x,{one},,{}", &other.to_hex()[1..])), [one]);
    }

    #[test]
    fn what_is_not_set_or_empty_says_nothing() {
        let nothing = environment(&[("MEMO", ""), ("MEMO_DIR", "")]);
        assert_eq!(nothing.values.mode, None);
        assert_eq!(nothing.values.dir, None);
        assert!(nothing.bad.is_empty());
    }

    #[test]
    fn every_variable_is_read() {
        let all = environment(&[
            ("MEMO", "refresh"),
            ("MEMO_DIR", "/x"),
            ("MEMO_FSYNC", "always"),
            ("MEMO_SHARE", "group"),
            ("MEMO_WAIT", "90s"),
            ("MEMO_LOG", "info"),
        ]);
        assert_eq!(all.bad, []);
        let mut options = Options::default();
        all.apply(&mut options);
        assert_eq!(options.mode, Mode::Refresh);
        assert_eq!(options.fsync, Fsync::Always);
        assert_eq!(options.share, Share::Group);
        assert_eq!(options.wait, Some(Duration::from_secs(90)));
        assert_eq!(all.values.log, Some(log::LevelFilter::Info));
    }

    #[test]
    fn nonsense_is_reported_and_passed_over() {
        let bad = environment(&[("MEMO", "onn"), ("MEMO_WAIT", "soon")]);
        assert_eq!(bad.values.mode, None);
        assert_eq!(
            bad.bad[1].to_string(),
            "the setting MEMO is passed over: \
             `onn` is not one of on, off, readonly, refresh, check or offline"
        );
        assert_eq!(
            bad.bad[0].to_string(),
            "the setting MEMO_WAIT is passed over: \
             `soon` is not a number and a unit (ms, s, m, h, d or w), or auto"
        );
    }

    #[test]
    fn variables_that_look_like_settings_are_known_or_reported() {
        let names = [
            "MEMO_DIRR",
            "MEMO",
            "MEMO_DIR",
            "MEMO_HELD",
            "MEMOS",
            "PATH",
            "MEMO_",
        ];
        let unknown = unknown(names.into_iter().map(OsString::from));
        let unknown: Vec<_> = unknown.iter().map(|bad| bad.place.as_str()).collect();
        assert_eq!(unknown, ["MEMO_", "MEMO_DIRR"]);
    }
}
