//! Compression as people write it: `zstd`, `zstd:9`, `lz4`, `none`.

use crate::unknown::unknown;

/// How the bytes are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    None,
    /// With this level.
    Zstd(u8),
    Lz4,
}

impl Compression {
    /// The compression that `text` stands for, or what is wrong with it.
    pub(crate) fn named(text: &str) -> Result<Compression, String> {
        let (method, level) = match text.split_once(':') {
            Some((method, level)) => (method, Some(level)),
            None => (text, None),
        };
        match (method, level) {
            ("zstd", None) => Ok(Compression::Zstd(3)),
            ("zstd", Some(level)) => {
                let is_plain = !level.starts_with('+');
                let known = level.parse().ok().filter(|_| is_plain);
                let known = known.filter(|level| (1..=22).contains(level));
                known.map(Compression::Zstd).ok_or_else(|| {
                    format!("`{level}` is not a level of zstd: expected 1 to 22, as in \"zstd:9\"")
                })
            }
            ("lz4", None) => Ok(Compression::Lz4),
            ("none", None) => Ok(Compression::None),
            ("lz4" | "none", Some(_)) => Err(format!(
                "`{method}` has no levels: write \"{method}\" alone"
            )),
            _ => Err(unknown("compression", method, &["zstd", "lz4", "none"])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Compression;

    #[test]
    fn a_compression_is_a_method_with_a_level_if_it_has_any() {
        let known = [
            ("zstd", Compression::Zstd(3)),
            ("zstd:1", Compression::Zstd(1)),
            ("zstd:22", Compression::Zstd(22)),
            ("lz4", Compression::Lz4),
            ("none", Compression::None),
        ];
        for (text, compression) in known {
            assert_eq!(Compression::named(text), Ok(compression), "{text}");
        }
        let message = |text| Compression::named(text).expect_err(text);
        assert_eq!(
            message("ztsd:9"),
            "unknown compression `ztsd`: did you mean `zstd`?"
        );
        for text in [
            "zstd:0", "zstd:23", "zstd:", "zstd:x", "zstd:+3", "zstd:1:2",
        ] {
            assert!(message(text).contains("is not a level of zstd"), "{text}");
        }
        assert_eq!(message("lz4:1"), "`lz4` has no levels: write \"lz4\" alone");
    }
}
