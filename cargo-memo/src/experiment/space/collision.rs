//! Points that would write the same file.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use super::{Point, fill, places};
use crate::failure::Failure;
use crate::render::{count, escape};

/// Refuses declared outputs of which two points would write the same.
pub(crate) fn refuse_shared_outputs(outputs: &[String], points: &[Point]) -> Result<(), Failure> {
    let mut written: HashMap<PathBuf, usize> = HashMap::new();
    for (number, point) in points.iter().enumerate() {
        for output in outputs {
            let path = plain(&fill(output, point));
            match written.get(&path) {
                Some(other) if *other != number => {
                    return Err(shared(output, &path, points, [*other, number]));
                }
                _ => written.insert(path, number),
            };
        }
    }
    Ok(())
}

/// A path without what leads nowhere, as `./` at its beginning.
fn plain(path: &str) -> PathBuf {
    let parts = Path::new(path).components();
    parts.filter(|part| *part != Component::CurDir).collect()
}

fn shared(output: &str, path: &Path, points: &[Point], both: [usize; 2]) -> Failure {
    let path = escape(&path.to_string_lossy());
    let [one, other] = both.map(|number| &points[number]);
    // What tells these two apart, but not their files.
    let pairs = one.parameters.iter().zip(&other.parameters);
    let missing = pairs.filter(|(one, other)| one.1 != other.1);
    let missing = missing.map(|((name, _), _)| &**name);
    let missing: Vec<&str> = missing.filter(|name| !places(output, name)).collect();
    let who = match output == fill(output, one) {
        true => format!("all {} would", count(points.len(), "point", "points")),
        false => format!("the points {} and {} would both", both[0] + 1, both[1] + 1),
    };
    let Some(name) = missing.first() else {
        return Failure::Usage(format!("{who} write `{path}`: give each a name of its own"));
    };
    Failure::Usage(format!(
        "{who} write `{path}`: put a parameter into its name, as in `{}`",
        escape(&with_parameter(output, name))
    ))
}

/// `model-{lr}.bin` for `model.bin`.
fn with_parameter(output: &str, name: &str) -> String {
    let path = Path::new(output);
    let extension = path.extension().map_or(0, |extension| extension.len() + 1);
    let (stem, extension) = output.split_at(output.len() - extension);
    format!("{stem}-{{{name}}}{extension}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(texts: &[&str]) -> Vec<Point> {
        let point = |text: &&str| Point {
            parameters: text
                .split(' ')
                .filter_map(|pair| pair.split_once('='))
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        };
        texts.iter().map(point).collect()
    }

    fn refused(outputs: &[&str], texts: &[&str]) -> Option<String> {
        let outputs: Vec<String> = outputs.iter().map(|&output| output.to_owned()).collect();
        let refused = refuse_shared_outputs(&outputs, &points(texts)).err()?;
        refused.message()
    }

    #[test]
    fn outputs_that_no_two_points_share_are_good() {
        for (outputs, points) in [
            (&["model-{lr}.bin"][..], &["lr=1 n=1", "lr=2 n=1"][..]),
            (&["{lr}/a", "{lr}/b"], &["lr=1", "lr=2"]),
            (&["model.bin", "./model.bin"], &["lr=1"]),
            (&[], &["lr=1", "lr=2"]),
        ] {
            assert_eq!(refused(outputs, points), None, "{outputs:?}");
        }
    }

    #[test]
    fn outputs_that_points_share_are_refused_with_advice() {
        for (outputs, points, message) in [
            (
                &["model.bin"][..],
                &["n=7 lr=1", "n=7 lr=2"][..],
                "all 2 points would write `model.bin`: put a parameter into its name, as in \
                 `model-{lr}.bin`",
            ),
            (
                &["log", "out/./x.tar.gz"],
                &["lr=1", "lr=2"],
                "all 2 points would write `log`: put a parameter into its name, as in `log-{lr}`",
            ),
            (
                &["m-{lr}.bin"],
                &["lr=1 n=1", "lr=2 n=1", "lr=1 n=2"],
                "the points 1 and 3 would both write `m-1.bin`: put a parameter into its name, as \
                 in `m-{lr}-{n}.bin`",
            ),
            (
                &["./{a}", "{b}"],
                &["a=1 b=2", "a=2 b=1"],
                "the points 1 and 2 would both write `2`: put a parameter into its name, as in \
                 `./{a}-{b}`",
            ),
            (
                &["x{a}{b}"],
                &["a=1 b=11", "a=11 b=1"],
                "the points 1 and 2 would both write `x111`: give each a name of its own",
            ),
        ] {
            assert_eq!(refused(outputs, points).as_deref(), Some(message));
        }
    }
}
