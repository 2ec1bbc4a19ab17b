//! What a build script says to cargo.
//!
//! With one colon, as all cargos know them: with two, cargo refuses to build a package whose
//! `rust-version` is older than they are.

use std::path::Path;

/// Asks cargo to run the build script again when one of `files` changes, which are relative to the
/// package's directory `dir`. Cargo would take a file that is missing for one that has changed, at
/// every build.
pub(crate) fn rerun_if_changed(dir: &Path, files: &[String]) {
    for file in files {
        if dir.join(file).is_file() {
            emit("rerun-if-changed", file);
        }
    }
}

/// Shows a warning, in one line.
pub(crate) fn warning(text: &str) {
    emit("warning", &format!("memo: {}", in_one_line(text)));
}

fn emit(key: &str, value: &str) {
    #[allow(clippy::print_stdout, reason = "this is how a build script speaks")]
    if !value.contains(['\n', '\r']) {
        println!("cargo:{key}={value}");
    }
}

/// The text with whatever controls a terminal escaped.
fn in_one_line(text: &str) -> String {
    let mut line = String::new();
    for character in text.chars() {
        if character.is_control() {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::in_one_line;

    #[test]
    fn a_warning_is_one_line_and_controls_no_terminal() {
        assert_eq!(
            in_one_line("a\nb\r\tc\u{1b}[1mé"),
            "a\\nb\\r\\tc\\u{1b}[1mé"
        );
    }
}
