//! What can be amiss with an entry.

use std::fmt;

/// Why bytes are not an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    NotAFile,
    TooShort,
    BadMagic,
    BadLengths,
    BadHeadDigest,
    BadPayloadDigest,
    OtherKey,
    OtherType,
    BadHeader,
    Undecodable,
    LostFile,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAFile => "it is not a regular file",
            Self::TooShort => "it is cut short",
            Self::BadMagic => "it does not begin as an entry",
            Self::BadLengths => "its lengths do not fit its size",
            Self::BadHeadDigest => "its head does not match its digest",
            Self::BadPayloadDigest => "its value does not match its digest",
            Self::OtherKey => "it holds the result of another call",
            Self::OtherType => "it holds a value of another type",
            Self::BadHeader => "its header cannot be decoded",
            Self::Undecodable => "its value cannot be decoded",
            Self::LostFile => "a file that its value names is lost",
        })
    }
}
