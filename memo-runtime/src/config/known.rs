//! All settings, in one table: the parser of manifests, that of variables,
//! and `cargo memo config` read the same lines, so that they cannot part.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::limits::{or_word, parse_count, parse_duration, parse_size};
use super::{Fsync, Limits, Mode, Options, Order, STORE_DIR, Share};
use crate::codec::compress::Compression;

/// A setting that there is.
#[derive(Debug)]
pub struct Setting {
    /// Its key in `[workspace.metadata.memo]`; `None` if it can only be set
    /// for one run, by its variable.
    pub key: Option<&'static str>,
    /// The environment variable that sets it, and wins over the key.
    pub variable: &'static str,
    /// What it does, in one sentence without a period.
    pub about: &'static str,
    /// Which values it takes.
    pub values: &'static str,
    pub(super) form: Form,
    pub(super) set: fn(&mut Values, &str) -> Result<(), String>,
    get: fn(&Values) -> Option<Value>,
}

/// How a value is written in a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// In quotes.
    Quoted,
    /// As a number, or in quotes.
    Number,
}

impl Setting {
    /// What it goes by: its key, or else its variable.
    pub fn name(&self) -> &'static str {
        self.key.unwrap_or(self.variable)
    }

    /// Its default.
    pub fn default(&self) -> Value {
        self.among(&Values::default_values()).unwrap_or(Value::None)
    }

    /// What it is set to in `values`, if it is.
    pub(super) fn among(&self, values: &Values) -> Option<Value> {
        (self.get)(values)
    }
}

/// The value of a setting. It is displayed as it may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// One of a few words.
    Word(&'static str),
    /// A path.
    Path(PathBuf),
    /// A number of bytes.
    Bytes(u64),
    /// A length of time.
    Duration(Duration),
    /// A number of entries.
    Count(u64),
    /// A way to compress.
    Compression(Compression),
    /// There is no such limit: `none`.
    None,
    /// Twice as long as it took before, and at least 30 s: `auto`.
    Auto,
}

const SIZES: [(u64, &str); 8] = [
    (1_000_000_000_000, "TB"),
    (1_000_000_000, "GB"),
    (1_000_000, "MB"),
    (1 << 40, "TiB"),
    (1 << 30, "GiB"),
    (1 << 20, "MiB"),
    (1_000, "kB"),
    (1 << 10, "KiB"),
];

const DURATIONS: [(u64, &str); 5] = [
    (604_800_000, "w"),
    (86_400_000, "d"),
    (3_600_000, "h"),
    (60_000, "m"),
    (1_000, "s"),
];

/// The number in the first unit that it is a whole multiple of.
fn in_units(number: u64, units: &[(u64, &'static str)], smallest: &'static str) -> String {
    let fits = |(unit, _): &&(u64, &str)| number > 0 && number.is_multiple_of(*unit);
    let (unit, name) = units.iter().find(fits).copied().unwrap_or((1, smallest));
    format!("{}{name}", number / unit)
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Path(path) => write!(f, "{}", path.display()),
            Self::Bytes(bytes) => f.write_str(&in_units(*bytes, &SIZES, "B")),
            Self::Duration(duration) => {
                let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
                f.write_str(&in_units(millis, &DURATIONS, "ms"))
            }
            Self::Count(count) => write!(f, "{count}"),
            Self::Compression(compression) => write!(f, "{compression}"),
            Self::None => f.write_str("none"),
            Self::Auto => f.write_str("auto"),
        }
    }
}

/// Values of settings from one source; `None` where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Values {
    pub(crate) dir: Option<PathBuf>,
    pub(crate) mode: Option<Mode>,
    pub(crate) log: Option<log::LevelFilter>,
    pub(super) max_size: Option<Option<u64>>,
    pub(super) max_age: Option<Option<Duration>>,
    pub(super) max_entries: Option<Option<u64>>,
    pub(super) order: Option<Order>,
    pub(super) fsync: Option<Fsync>,
    pub(super) share: Option<Share>,
    pub(super) wait: Option<Option<Duration>>,
    pub(super) compress: Option<Compression>,
    pub(super) memory: Option<Option<u64>>,
}

impl Values {
    /// What holds where no source says anything.
    fn default_values() -> Self {
        let Options {
            mode,
            fsync,
            share,
            limits,
            wait,
            compress,
            memory,
            clock: _,
        } = Options::default();
        let Limits {
            max_size,
            max_age,
            max_entries,
            order,
        } = limits;
        Self {
            dir: Some(STORE_DIR.into()),
            mode: Some(mode),
            log: Some(log::LevelFilter::Off),
            max_size: Some(max_size),
            max_age: Some(max_age),
            max_entries: Some(max_entries),
            order: Some(order),
            fsync: Some(fsync),
            share: Some(share),
            wait: Some(wait),
            compress: Some(compress),
            memory: Some(memory),
        }
    }

    /// Puts what is said here over `options`.
    pub(crate) fn apply(&self, options: &mut Options) {
        options.mode = self.mode.unwrap_or(options.mode);
        options.fsync = self.fsync.unwrap_or(options.fsync);
        options.share = self.share.unwrap_or(options.share);
        options.wait = self.wait.unwrap_or(options.wait);
        options.compress = self.compress.unwrap_or(options.compress);
        options.memory = self.memory.unwrap_or(options.memory);
        let limits = &mut options.limits;
        limits.max_size = self.max_size.unwrap_or(limits.max_size);
        limits.max_age = self.max_age.unwrap_or(limits.max_age);
        limits.max_entries = self.max_entries.unwrap_or(limits.max_entries);
        limits.order = self.order.unwrap_or(limits.order);
    }
}

/// A value that may be lifted.
fn lifted<T>(value: Option<Option<T>>, kind: fn(T) -> Value, otherwise: Value) -> Option<Value> {
    value.map(|value| value.map_or(otherwise, kind))
}

fn parse_path(text: &str) -> Result<PathBuf, String> {
    match text {
        "" => Err("a path".into()),
        path => Ok(Path::new(path).into()),
    }
}

fn parse_level(text: &str) -> Result<log::LevelFilter, String> {
    text.parse()
        .map_err(|_| "off, error, warn, info, debug or trace".to_owned())
}

/// The words of levels in lower case, as people write them.
fn level_word(level: log::LevelFilter) -> &'static str {
    match level {
        log::LevelFilter::Off => "off",
        log::LevelFilter::Error => "error",
        log::LevelFilter::Warn => "warn",
        log::LevelFilter::Info => "info",
        log::LevelFilter::Debug => "debug",
        log::LevelFilter::Trace => "trace",
    }
}

/// All settings.
pub static SETTINGS: [Setting; 12] = [
    Setting {
        key: Some("dir"),
        variable: "MEMO_DIR",
        about: "the directory of the store, relative to the workspace root",
        values: "a path",
        form: Form::Quoted,
        set: |values, text| parse_path(text).map(|path| values.dir = Some(path)),
        get: |values| values.dir.clone().map(Value::Path),
    },
    Setting {
        key: Some("max-size"),
        variable: "MEMO_MAX_SIZE",
        about: "how much of the disk the entries may take",
        values: "a size such as 500MB or 20GiB, or none",
        form: Form::Quoted,
        set: |values, text| {
            or_word(text, "none", parse_size).map(|size| values.max_size = Some(size))
        },
        get: |values| lifted(values.max_size, Value::Bytes, Value::None),
    },
    Setting {
        key: Some("max-age"),
        variable: "MEMO_MAX_AGE",
        about: "how long an entry may go unused",
        values: "a duration such as 30d or 12h, or none",
        form: Form::Quoted,
        set: |values, text| {
            or_word(text, "none", parse_duration).map(|age| values.max_age = Some(age))
        },
        get: |values| lifted(values.max_age, Value::Duration, Value::None),
    },
    Setting {
        key: Some("max-entries"),
        variable: "MEMO_MAX_ENTRIES",
        about: "how many entries there may be",
        values: "a number, or none",
        form: Form::Number,
        set: |values, text| {
            or_word(text, "none", parse_count).map(|count| values.max_entries = Some(count))
        },
        get: |values| lifted(values.max_entries, Value::Count, Value::None),
    },
    Setting {
        key: Some("order"),
        variable: "MEMO_ORDER",
        about: "which entries go first when a limit is passed",
        values: "lru (not used for longest) or value (soonest computed again for its size)",
        form: Form::Quoted,
        set: |values, text| text.parse().map(|order| values.order = Some(order)),
        get: |values| values.order.map(|order| Value::Word(order.word())),
    },
    Setting {
        key: Some("fsync"),
        variable: "MEMO_FSYNC",
        about: "which entries are made to survive a power cut before they are kept",
        values: "auto (those that took over 100 ms to compute), always or never",
        form: Form::Quoted,
        set: |values, text| text.parse().map(|fsync| values.fsync = Some(fsync)),
        get: |values| values.fsync.map(|fsync| Value::Word(fsync.word())),
    },
    Setting {
        key: Some("share"),
        variable: "MEMO_SHARE",
        about: "who beside its owner may use the store",
        values: "none, or group (the group of its directory)",
        form: Form::Quoted,
        set: |values, text| text.parse().map(|share| values.share = Some(share)),
        get: |values| values.share.map(|share| Value::Word(share.word())),
    },
    Setting {
        key: Some("wait"),
        variable: "MEMO_WAIT",
        about: "how long to wait for another's computation at most",
        values: "a duration such as 10m, or auto (twice as long as it took before, at least 30 s)",
        form: Form::Quoted,
        set: |values, text| {
            or_word(text, "auto", parse_duration).map(|wait| values.wait = Some(wait))
        },
        get: |values| lifted(values.wait, Value::Duration, Value::Auto),
    },
    Setting {
        key: Some("compress"),
        variable: "MEMO_COMPRESS",
        about: "how results are compressed",
        values: "none, lz4, zstd, or zstd with a level of 1 to 22, as in zstd:9",
        form: Form::Quoted,
        set: |values, text| text.parse().map(|it| values.compress = Some(it)),
        get: |values| values.compress.map(Value::Compression),
    },
    Setting {
        key: Some("memory"),
        variable: "MEMO_MEMORY",
        about: "how much of its results a program holds in memory as well",
        values: "a size such as 64MB, or none",
        form: Form::Quoted,
        set: |values, text| {
            or_word(text, "none", parse_size).map(|size| values.memory = Some(size))
        },
        get: |values| lifted(values.memory, Value::Bytes, Value::None),
    },
    Setting {
        key: None,
        variable: "MEMO",
        about: "what memoized calls do",
        values: "on, off, readonly, refresh, check or offline",
        form: Form::Quoted,
        set: |values, text| text.parse().map(|mode| values.mode = Some(mode)),
        get: |values| values.mode.map(|mode| Value::Word(mode.word())),
    },
    Setting {
        key: None,
        variable: "MEMO_LOG",
        about: "which events go to standard error in programs without a logger",
        values: "off, error, warn, info, debug or trace",
        form: Form::Quoted,
        set: |values, text| parse_level(text).map(|level| values.log = Some(level)),
        get: |values| values.log.map(|level| Value::Word(level_word(level))),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_a_default_that_can_be_written() {
        for setting in &SETTINGS {
            let default = setting.default().to_string();
            let mut values = Values::default();
            (setting.set)(&mut values, &default).unwrap();
            assert_eq!(setting.among(&values), Some(setting.default()), "{default}");
            let only = SETTINGS.iter().filter(|one| one.among(&values).is_some());
            assert_eq!(only.count(), 1, "{}", setting.name());
        }
    }

    #[test]
    fn sizes_and_durations_are_displayed_as_they_are_read() {
        for bytes in [0, 1, 999, 1500, 4096, 10_000_000_000, 3 << 30, u64::MAX] {
            let text = Value::Bytes(bytes).to_string();
            assert_eq!(parse_size(&text), Ok(bytes), "{text}");
        }
        for millis in [0, 1, 1000, 90_000, 86_400_000, 1_209_600_000] {
            let duration = Duration::from_millis(millis);
            let text = Value::Duration(duration).to_string();
            assert_eq!(parse_duration(&text), Ok(duration), "{text}");
        }
        assert_eq!(Value::Bytes(10_000_000_000).to_string(), "10GB");
        assert_eq!(Value::Bytes(2 << 30).to_string(), "2GiB");
        assert_eq!(Value::Duration(Duration::from_secs(90)).to_string(), "90s");
    }
}
