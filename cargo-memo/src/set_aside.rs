//! The words for damaged entries that were moved aside.

use std::path::Path;

use crate::render::{count, escape};

/// What so many entries in the store in `dir` are, and how long they stay.
pub(crate) fn in_words(entries: usize, dir: &Path) -> String {
    format!(
        "{} moved aside; {} kept for up to 30 days in `{}`, or until `cargo memo clear --all`",
        count(entries, "damaged entry was", "damaged entries were"),
        if entries == 1 { "it is" } else { "they are" },
        escape(&dir.join("damaged").to_string_lossy())
    )
}
