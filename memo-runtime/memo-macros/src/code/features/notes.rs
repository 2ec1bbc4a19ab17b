//! What is written down of the features that a library is compiled with: in cargo's note of it, and
//! in the command line of its compiler. See [`super`].

use std::fs;
use std::path::Path;

use crate::code::arguments;

/// The features that cargo has noted.
pub(super) fn left(notes: &Path) -> Option<Vec<String>> {
    let mut entries = fs::read_dir(notes).ok()?.flatten();
    let note = entries.find(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("lib-") && name.ends_with(".json")
    })?;
    in_note(&fs::read_to_string(note.path()).ok()?)
}

/// The features in a note.
fn in_note(note: &str) -> Option<Vec<String>> {
    let (_, list) = note.split_once("\"features\":\"[")?;
    let (list, _) = list.split_once("]\"")?;
    let mut features = Vec::new();
    for quoted in list.split(", ").filter(|it| !it.is_empty()) {
        let feature = quoted.strip_prefix("\\\"")?.strip_suffix("\\\"")?;
        features.push(feature.to_owned());
    }
    features.sort();
    Some(features)
}

/// The features that a compiler which is at work on this library was given.
pub(super) fn at_work(number: &str) -> Option<Vec<String>> {
    let mut processes = fs::read_dir("/proc").ok()?.flatten();
    processes.find_map(|process| {
        let line = fs::read(process.path().join("cmdline")).ok()?;
        let line = String::from_utf8(line).ok()?;
        in_command_line(number, line.split('\0'))
    })
}

/// The features in the command line of a compiler, if it is that of this library.
fn in_command_line<'a>(number: &str, line: impl Iterator<Item = &'a str>) -> Option<Vec<String>> {
    let arguments = arguments::expanded(line.map(str::to_owned));
    let is_it = arguments
        .iter()
        .any(|it| it.strip_prefix("extra-filename=-") == Some(number));
    if !is_it {
        return None;
    }
    let conditions = arguments::values(&arguments, "--cfg");
    let features = conditions.into_iter().filter_map(|condition| {
        let feature = condition.strip_prefix("feature=\"")?;
        Some(feature.strip_suffix('"')?.to_owned())
    });
    let mut features: Vec<String> = features.collect();
    features.sort();
    Some(features)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_that_is_at_work_tells_features_in_its_command_line() {
        let line = "rustc\0--cfg\0feature=\"fast\"\0--cfg\0unix\0--cfg\0feature=\"a\"\0-C\0extra-filename=-a1\0";
        let features = in_command_line("a1", line.split('\0'));
        assert_eq!(features.unwrap(), ["a", "fast"]);
        assert_eq!(in_command_line("a", line.split('\0')), None);
    }
}
