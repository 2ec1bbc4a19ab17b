//! The one door to the environment of the process.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use super::settings::duration;
use super::{BadSetting, Fsync, Mode, Options, Share};

/// The `MEMO_*` variables.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    /// `MEMO_DIR`: the store.
    pub(crate) dir: Option<PathBuf>,
    /// `MEMO`: what calls do.
    pub(crate) mode: Option<Mode>,
    fsync: Option<Fsync>,
    share: Option<Share>,
    wait: Option<Duration>,
    /// `MEMO_LOG`: up to which level events go to stderr.
    pub(crate) log: Option<log::LevelFilter>,
    pub(crate) bad: Vec<BadSetting>,
}

impl Environment {
    /// The environment of this process.
    pub(crate) fn of_process() -> Self {
        Self::from(|name| env::var_os(name))
    }

    /// An environment in which `get` tells the variables.
    pub(crate) fn from(get: impl Fn(&str) -> Option<OsString>) -> Self {
        let mut bad = Vec::new();
        let get = |name: &str| get(name).filter(|value| !value.is_empty());
        let dir = get("MEMO_DIR").map(PathBuf::from);
        let read = |name: &str| {
            let value = get(name)?;
            Some((name.to_owned(), value.to_string_lossy().into_owned()))
        };
        let (mode, fsync, share) = (read("MEMO"), read("MEMO_FSYNC"), read("MEMO_SHARE"));
        let (wait, log) = (read("MEMO_WAIT"), read("MEMO_LOG"));
        Self {
            dir,
            mode: parse(mode, &mut bad, |text| text.parse()),
            fsync: parse(fsync, &mut bad, |text| text.parse()),
            share: parse(share, &mut bad, |text| text.parse()),
            wait: parse(wait, &mut bad, duration),
            log: parse(log, &mut bad, |text| {
                text.parse()
                    .map_err(|_| "off, error, warn, info, debug or trace".to_owned())
            }),
            bad,
        }
    }

    /// Puts what the environment says over `options`.
    pub(crate) fn apply(&self, options: &mut Options) {
        options.mode = self.mode.unwrap_or(options.mode);
        options.fsync = self.fsync.unwrap_or(options.fsync);
        options.share = self.share.unwrap_or(options.share);
        options.wait = self.wait.or(options.wait);
    }
}

fn parse<T>(
    variable: Option<(String, String)>,
    bad: &mut Vec<BadSetting>,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Option<T> {
    let (place, found) = variable?;
    match parse(&found) {
        Ok(value) => Some(value),
        Err(expected) => {
            bad.push(BadSetting::value(place, &found, &expected));
            None
        }
    }
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
    use super::*;

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
    fn what_is_not_set_or_empty_says_nothing() {
        let nothing = environment(&[("MEMO", ""), ("MEMO_DIR", "")]);
        assert_eq!(nothing.mode, None);
        assert_eq!(nothing.dir, None);
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
        assert_eq!(all.log, Some(log::LevelFilter::Info));
    }

    #[test]
    fn nonsense_is_reported_and_passed_over() {
        let bad = environment(&[("MEMO", "onn"), ("MEMO_WAIT", "soon")]);
        assert_eq!(bad.mode, None);
        assert_eq!(
            bad.bad[0].to_string(),
            "the setting MEMO is passed over: \
             `onn` is not one of on, off, readonly, refresh, check or offline"
        );
        assert_eq!(
            bad.bad[1].to_string(),
            "the setting MEMO_WAIT is passed over: \
             `soon` is not a number and a unit (ms, s, m, h, d or w)"
        );
    }
}
