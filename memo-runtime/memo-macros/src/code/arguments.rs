//! The command line of the compiler.

use std::env;
use std::fs;

/// All arguments of this compiler.
pub(super) fn all() -> Vec<String> {
    let arguments = env::args_os().skip(1);
    expanded(arguments.map(|argument| argument.to_string_lossy().into_owned()))
}

/// Arguments with the content of the files that they name: a long command line is in one (`@file`),
/// an argument a line.
pub(super) fn expanded(arguments: impl Iterator<Item = String>) -> Vec<String> {
    let mut out = Vec::new();
    for argument in arguments {
        match argument.strip_prefix('@').map(fs::read_to_string) {
            Some(Ok(content)) => out.extend(content.lines().map(str::to_owned)),
            _ => out.push(argument),
        }
    }
    out
}

/// The values of an option, written `--option value` or `--option=value`.
pub(super) fn values<'a>(arguments: &'a [String], option: &str) -> Vec<&'a str> {
    let mut values = Vec::new();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.strip_prefix(option) {
            Some("") => values.extend(arguments.next().map(String::as_str)),
            Some(rest) => values.extend(rest.strip_prefix('=')),
            None => {}
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_however_they_are_written() {
        let line = [
            "--extern",
            "a=b",
            "--externs",
            "c=d",
            "--extern=e=f",
            "--extern",
        ];
        let line = line.map(str::to_owned);
        assert_eq!(values(&line, "--extern"), ["a=b", "e=f"]);
    }

    #[test]
    fn a_long_line_is_in_a_file() {
        let file = env::temp_dir().join(format!("memo-macros-arguments-{}", std::process::id()));
        fs::write(&file, "--extern\na=b\n").unwrap();
        let named = format!("@{}", file.display());
        let line = [named, "@missing".to_owned(), "src/lib.rs".to_owned()];
        let arguments = expanded(line.into_iter());
        fs::remove_file(&file).unwrap();
        assert_eq!(arguments, ["--extern", "a=b", "@missing", "src/lib.rs"]);
    }
}
