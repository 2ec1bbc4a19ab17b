//! Names of functions and programs: what is meant by what was typed, and how
//! short a name can be.
//!
//! What must hold: what is shown as a name means that one alone where it is
//! typed, as far as there are packages to tell namesakes apart.

use std::collections::BTreeMap;

use memo_runtime::manage::FunctionName;

/// Whether `asked` means the function or program with this path in this
/// package: by the path or the end of it, or by both, as in `lab/train`.
pub(crate) fn is_meant(package: &str, path: &str, asked: &str) -> bool {
    is_named(path, asked) || asked.split_once('/') == Some((package, path))
}

/// Whether `asked` is a function's path or the end of it, cut between
/// segments.
pub(crate) fn is_named(path: &str, asked: &str) -> bool {
    path.strip_suffix(asked)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with("::"))
}

/// The shortest names by which functions and programs can be told apart.
#[derive(Debug, Default)]
pub(crate) struct ShortNames {
    short: BTreeMap<FunctionName, String>,
}

impl ShortNames {
    /// Shortens the paths of `functions`, or leaves them whole. Where a path
    /// does not tell, the package stands before it.
    pub(crate) fn new<'a>(
        functions: impl IntoIterator<Item = &'a FunctionName>,
        whole: bool,
    ) -> Self {
        let mut short: BTreeMap<FunctionName, String> = functions
            .into_iter()
            .map(|name| (name.clone(), String::new()))
            .collect();
        let all: Vec<FunctionName> = short.keys().cloned().collect();
        for (name, short) in &mut short {
            let is_own = |end: &&str| {
                let mut others = all.iter().filter(|other| *other != name);
                others.all(|other| !is_named(&other.path, end))
            };
            let own = match whole {
                true => Some(name.path.as_str()).filter(is_own),
                false => ends(&name.path).find(is_own),
            };
            *short = match own {
                Some(own) => own.to_owned(),
                None if name.package.is_empty() => name.path.clone(),
                None => format!("{}/{}", name.package, name.path),
            };
        }
        Self { short }
    }

    /// The name for `function` in a table.
    pub(crate) fn of<'a>(&'a self, function: &'a FunctionName) -> &'a str {
        let name = self.short.get(function).unwrap_or(&function.path);
        if name.is_empty() { "(unknown)" } else { name }
    }
}

/// The last segment of a path.
pub(crate) fn last_segment(path: &str) -> &str {
    ends(path).next().unwrap_or(path)
}

/// The ends of a path that begin with a segment, the shortest first. What is
/// in angle brackets is one segment.
fn ends(path: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    let mut cuts = vec![0];
    let bytes = path.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'<' => depth += 1,
            b'>' => depth = depth.saturating_sub(1),
            b':' if depth == 0 && at > 0 && bytes[at - 1] == b':' => cuts.push(at + 1),
            _ => {}
        }
    }
    cuts.into_iter().rev().map(|cut| &path[cut..])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names written as `package/path`.
    fn named(names: &[&str]) -> Vec<FunctionName> {
        let name = |name: &&str| {
            let (package, path) = name.split_once('/').unwrap();
            FunctionName {
                package: package.to_owned(),
                path: path.to_owned(),
            }
        };
        names.iter().map(name).collect()
    }

    fn short(names: &[&str], whole: bool) -> Vec<String> {
        let functions = named(names);
        let short = ShortNames::new(&functions, whole);
        let short = functions.iter().map(|function| short.of(function));
        short.map(str::to_owned).collect()
    }

    #[test]
    fn a_function_goes_by_its_path_or_the_end_of_it() {
        assert!(is_named("ulam::sieve::primes", "ulam::sieve::primes"));
        assert!(is_named("ulam::sieve::primes", "sieve::primes"));
        assert!(is_named("ulam::sieve::primes", "primes"));
        for other in ["rimes", "ulam::sieve", "", "::primes"] {
            assert!(!is_named("ulam::sieve::primes", other), "{other}");
        }
    }

    #[test]
    fn a_program_and_a_function_of_one_name_can_be_named_apart() {
        for (asked, function, program) in [
            ("train", true, true),
            ("lab::train", true, false),
            ("lab/train", false, true),
            ("lab/lab::train", true, false),
            ("other/train", false, false),
            ("/train", false, false),
        ] {
            assert_eq!(is_meant("lab", "lab::train", asked), function, "{asked}");
            assert_eq!(is_meant("lab", "train", asked), program, "{asked}");
        }
        assert!(is_meant("", "train.sh", "/train.sh"));
    }

    #[test]
    fn names_are_as_short_as_they_can_be_told_apart() {
        let names = ["/a::x::train", "/a::y::train", "/a::<impl b::W<u8>>::fit"];
        assert_eq!(short(&names, false), ["x::train", "y::train", "fit"]);
        assert_eq!(short(&names, true)[0], "a::x::train");
    }

    #[test]
    fn where_the_path_does_not_tell_the_package_does() {
        let names = [
            "lab/lab::train",
            "lab/train",
            "other/train",
            "/train",
            "lab/fit",
        ];
        let expected = ["lab::train", "lab/train", "other/train", "train", "fit"];
        assert_eq!(short(&names, false), expected);
        assert_eq!(short(&names, true), expected);
    }

    #[test]
    fn what_is_shown_means_that_one_alone() {
        let functions = named(&[
            "lab/lab::train",
            "lab/train",
            "other/train",
            "lab/lab::b::fit",
        ]);
        for whole in [false, true] {
            let short = ShortNames::new(&functions, whole);
            for one in &functions {
                let asked = short.of(one);
                let meant = functions
                    .iter()
                    .filter(|name| is_meant(&name.package, &name.path, asked));
                assert_eq!(meant.collect::<Vec<_>>(), [one], "{asked}");
            }
        }
    }

    #[test]
    fn a_function_without_a_name_is_said_to_be_unknown() {
        assert_eq!(short(&["/"], false), ["(unknown)"]);
    }
}
