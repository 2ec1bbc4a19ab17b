//! `[workspace.metadata.memo]` in a workspace's Cargo.toml.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{BadSetting, Fsync, STORE_DIR, Share};

/// The settings of a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// `dir`: where the store is, relative to the workspace root.
    pub dir: Option<PathBuf>,
    /// `fsync`: when entries are synced.
    pub fsync: Option<Fsync>,
    /// `share`: who may write to the store.
    pub share: Option<Share>,
    /// `wait`: how long to wait for another's computation at most.
    pub wait: Option<Duration>,
    /// What stands there and could not be used.
    pub bad: Vec<BadSetting>,
}

impl Settings {
    /// Reads pairs of key and value. A value that is not a string is handed
    /// over as it would be written.
    pub fn read<'a>(pairs: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let mut settings = Self::default();
        for (key, value) in pairs {
            let place = format!("workspace.metadata.memo.{key}");
            match settings.set(key, &value) {
                Some(Ok(())) => {}
                Some(Err(expected)) => {
                    settings
                        .bad
                        .push(BadSetting::value(place, &value, &expected));
                }
                None => {
                    let problem = "there is no such setting, but dir, fsync, share and wait".into();
                    settings.bad.push(BadSetting { place, problem });
                }
            }
        }
        settings
    }

    /// Sets one setting, if there is such a one.
    fn set(&mut self, key: &str, value: &str) -> Option<Result<(), String>> {
        Some(match key {
            "dir" => match value {
                "" => Err("a path".into()),
                path => {
                    self.dir = Some(path.into());
                    Ok(())
                }
            },
            "fsync" => value.parse().map(|fsync| self.fsync = Some(fsync)),
            "share" => value.parse().map(|share| self.share = Some(share)),
            "wait" => duration(value).map(|wait| self.wait = Some(wait)),
            _ => return None,
        })
    }

    /// The store of the workspace at `root`.
    pub fn store_dir(&self, root: &Path) -> PathBuf {
        root.join(self.dir.as_deref().unwrap_or(Path::new(STORE_DIR)))
    }
}

/// Reads a duration such as `500ms`, `90s`, `10m`, `2h`, `7d`, `1w`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let bad = || "a number and a unit (ms, s, m, h, d or w)".to_owned();
    let split = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(bad)?;
    let number: u64 = text[..split].parse().map_err(|_| bad())?;
    let seconds = match text[split..].trim() {
        "ms" => return Ok(Duration::from_millis(number)),
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return Err(bad()),
    };
    number
        .checked_mul(seconds)
        .map(Duration::from_secs)
        .ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_want_a_unit() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("10 m"), Ok(Duration::from_secs(600)));
        assert_eq!(duration("7d"), Ok(Duration::from_secs(604_800)));
        for bad in ["", "7", "s", "-1s", "1.5h", "1y", "99999999999999999999s"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_unknown_setting_is_named_and_costs_only_itself() {
        let settings = Settings::read([("dirr", "x".to_owned()), ("fsync", "never".to_owned())]);
        assert_eq!(settings.fsync, Some(Fsync::Never));
        assert_eq!(
            settings.bad[0].to_string(),
            "the setting workspace.metadata.memo.dirr is passed over: \
             there is no such setting, but dir, fsync, share and wait"
        );
    }

    #[test]
    fn the_store_is_in_the_workspace_unless_told_otherwise() {
        let root = Path::new("/ws");
        assert_eq!(Settings::default().store_dir(root), Path::new("/ws/.memo"));
        let elsewhere = Settings::read([("dir", "/scratch/memo".to_owned())]);
        assert_eq!(elsewhere.store_dir(root), Path::new("/scratch/memo"));
    }
}
