//! Text that is safe to show: names, paths and argument values come from
//! files, and a terminal obeys what it is shown.

use std::fmt::Write;

/// Whether a character can move the cursor, change the terminal, or change
/// the order or lines in which its neighbours are read.
pub(crate) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{061c}'
                | '\u{200e}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
                | '\u{feff}'
        )
}

/// `text` with unsafe characters written as Rust writes them: `\n`,
/// `\u{1b}`.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) {
            // Writing to a string does not fail.
            let _ = write!(safe, "{}", c.escape_default());
        } else {
            safe.push(c);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_spelled_out() {
        assert_eq!(escape("\x1b[31mred\r\n\t\0"), r"\u{1b}[31mred\r\n\t\u{0}");
        assert_eq!(escape("\u{9b}31m\u{7f}"), r"\u{9b}31m\u{7f}");
        assert_eq!(
            escape("a\u{202e}b\u{2066}c\u{2028}"),
            r"a\u{202e}b\u{2066}c\u{2028}"
        );
    }

    #[test]
    fn every_other_script_is_left_alone() {
        for text in ["größe", "学習率", "👩‍🔬", "שלום", r"C:\dir", "a \"b\" 'c'"] {
            assert_eq!(escape(text), text);
        }
    }
}
