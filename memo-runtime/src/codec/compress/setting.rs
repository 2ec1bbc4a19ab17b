//! How compression is asked for.

use std::fmt;
use std::str::FromStr;

use super::Method;

/// Whether results are compressed, and how (`compress`, `MEMO_COMPRESS`).
///
/// Zstandard and LZ4 are the features `zstd` and `lz4` of this crate. Without
/// the feature, results are kept as they are, which is told once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Compression {
    /// They are kept as they are. `none`.
    #[default]
    None,
    /// Zstandard. `zstd`, or with a level, `zstd:9`.
    Zstd {
        /// From 1, the fastest, to 22, the smallest; 3 if nothing is said.
        level: u8,
    },
    /// LZ4: faster than Zstandard, and larger. `lz4`.
    Lz4,
}

/// The level of Zstandard where none is given.
const ZSTD_LEVEL: u8 = 3;

impl Compression {
    pub(super) fn method(self) -> Option<Method> {
        match self {
            Self::None => None,
            Self::Zstd { .. } => Some(Method::Zstd),
            Self::Lz4 => Some(Method::Lz4),
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Zstd { level } => write!(f, "zstd:{level}"),
            Self::Lz4 => f.write_str("lz4"),
        }
    }
}

impl FromStr for Compression {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let level = |text: &str| {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            let level = text.parse().ok().filter(|_| digits);
            let level = level.filter(|level| (1..=22).contains(level));
            level.ok_or("a level of 1 to 22 behind zstd, as in zstd:9")
        };
        Ok(match (text, text.strip_prefix("zstd:")) {
            ("none", _) => Self::None,
            ("lz4", _) => Self::Lz4,
            ("zstd", _) => Self::Zstd { level: ZSTD_LEVEL },
            (_, Some(text)) => Self::Zstd {
                level: level(text)?,
            },
            _ => return Err("none, lz4, zstd, or zstd with a level, as in zstd:9".into()),
        })
    }
}

/// What this crate was built with, by its features.
#[derive(Debug)]
pub struct Features;

/// That Zstandard is among the [`Features`].
#[diagnostic::on_unimplemented(
    message = "`compress = \"zstd\"` needs the feature `zstd` of `memo-runtime`",
    label = "`memo-runtime` is built without Zstandard",
    note = "enable it in Cargo.toml, as in `memo-runtime = {{ version = \"0.1\", features = [\"zstd\"] }}`"
)]
pub trait HasZstd {}

/// That LZ4 is among the [`Features`].
#[diagnostic::on_unimplemented(
    message = "`compress = \"lz4\"` needs the feature `lz4` of `memo-runtime`",
    label = "`memo-runtime` is built without LZ4",
    note = "enable it in Cargo.toml, as in `memo-runtime = {{ version = \"0.1\", features = [\"lz4\"] }}`"
)]
pub trait HasLz4 {}

#[cfg(feature = "zstd")]
impl HasZstd for Features {}

#[cfg(feature = "lz4")]
impl HasLz4 for Features {}

/// Zstandard of this level, if it is there.
pub const fn zstd<F: HasZstd>(level: u8) -> Compression {
    Compression::Zstd { level }
}

/// LZ4, if it is there.
pub const fn lz4<F: HasLz4>() -> Compression {
    Compression::Lz4
}
