//! Paths of outputs, as names: what may be declared, and what a recording may
//! say.

use memo_runtime::run::RecordedOutput;

use crate::failure::Failure;
use crate::render::escape;

/// The longest name that file systems have, in bytes.
const LONGEST: usize = 255;

/// The names of a path that was declared: those of directories, and the last.
pub(super) fn declared(path: &str) -> Result<Vec<&str>, Failure> {
    let refuse = |why| Err(refused(path, why));
    if path.starts_with('/') {
        return refuse("it is absolute; give it relative to the working directory");
    }
    let names: Vec<&str> = path
        .split('/')
        .filter(|name| !matches!(*name, "" | "."))
        .collect();
    if names.contains(&"..") {
        return refuse("it leads out of the working directory; start the run further up");
    }
    if names.is_empty() {
        return refuse("it is the working directory itself; name what the program leaves there");
    }
    if path.contains('\0') {
        return refuse("no path contains a NUL");
    }
    Ok(names)
}

/// The names of all paths of a recording, if it can be true: plain relative
/// paths, each declared or in a directory that is, none of which is another or
/// is beneath another.
pub(super) fn recorded<'a>(
    outputs: &'a [RecordedOutput],
    declared: &[String],
) -> Result<Vec<Vec<&'a str>>, Failure> {
    let declared = declared
        .iter()
        .map(|path| self::declared(path))
        .collect::<Result<Vec<_>, _>>()?;
    let mut all = Vec::with_capacity(outputs.len());
    for output in outputs {
        let names: Vec<&str> = output.path.split('/').collect();
        if !names.iter().all(|name| is_plain(name)) {
            return Err(impossible(&output.path, "that is no path of an output"));
        }
        if !declared.iter().any(|declared| names.starts_with(declared)) {
            return Err(impossible(&output.path, "it has not been declared"));
        }
        all.push(names);
    }
    let mut sorted = all.clone();
    sorted.sort_unstable();
    for pair in sorted.windows(2) {
        if let [one, next] = pair
            && next.starts_with(one)
        {
            return Err(impossible(&next.join("/"), "another output is in its way"));
        }
    }
    Ok(all)
}

/// Why a path cannot be declared.
pub(super) fn refused(path: &str, why: &str) -> Failure {
    let path = escape(path);
    Failure::Usage(format!("`{path}` cannot be an output: {why}"))
}

fn is_plain(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && name.len() <= LONGEST && !name.contains('\0')
}

fn impossible(path: &str, why: &str) -> Failure {
    Failure::Failed(format!(
        "cannot restore `{}`: {why}; look at the store with `cargo memo verify`, or run again with --refresh",
        escape(path)
    ))
}
