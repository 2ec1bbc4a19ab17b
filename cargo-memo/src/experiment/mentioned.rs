//! Files that arguments name: the script that an interpreter is given, which
//! counts as the program does, and those that nobody declared.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use memo_runtime::Moment;

use super::inputs::Inputs;

/// What runs scripts, as far as it goes by one name; Python has many.
const INTERPRETERS: [&str; 14] = [
    "Rscript", "awk", "bash", "dash", "fish", "gawk", "julia", "lua", "node", "perl", "php",
    "ruby", "sh", "zsh",
];

/// The script in the arguments of an interpreter: the first that is no option,
/// if there is such a file.
pub(crate) fn script(program: &str, arguments: &[OsString], dir: &Path) -> Option<String> {
    let is_one = program.starts_with("python") || INTERPRETERS.contains(&program);
    let is_option = |word: &&OsString| word.as_encoded_bytes().starts_with(b"-");
    let first = arguments.iter().find(|word| !is_option(word))?.to_str()?;
    (is_one && dir.join(first).is_file()).then(|| first.to_owned())
}

/// A file among the arguments that is neither declared nor as it was when a
/// run was `computed`: the run may have read it.
pub(crate) fn outdated<'a>(
    arguments: &'a [OsString],
    inputs: &Inputs,
    outputs: &[String],
    dir: &Path,
    computed: Moment,
) -> Option<&'a str> {
    let words = arguments.iter().filter_map(|word| OsStr::to_str(word));
    let values = words.map(|word| word.split_once('=').map_or(word, |(_, value)| value));
    let computed = UNIX_EPOCH + Duration::from_nanos(computed);
    let mut files = values.filter(|value| {
        let metadata = fs::metadata(dir.join(value)).ok();
        metadata.is_some_and(|file| {
            file.is_file() && file.modified().is_ok_and(|written| written > computed)
        })
    });
    files.find(|file| {
        let is_output = |output: &String| Path::new(file).starts_with(output);
        !inputs.has(Path::new(file)) && !outputs.iter().any(is_output)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_file_behind_an_interpreter_is_its_script() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["train.py", "data"] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let found = |program: &str, line: &str| {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            script(program, &words, dir.path())
        };
        assert_eq!(
            found("python3.12", "-u train.py data").as_deref(),
            Some("train.py")
        );
        assert_eq!(found("bash", "train.py").as_deref(), Some("train.py"));
        assert_eq!(found("python3", "-m train data"), None);
        assert_eq!(found("sh", "-c echo data"), None);
        assert_eq!(found("cat", "train.py"), None);
    }
}
