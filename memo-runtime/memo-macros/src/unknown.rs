//! What is said of a name that there is not.

/// The message for a name that is not among `known`.
pub(crate) fn unknown(kind: &str, name: &str, known: &[impl AsRef<str>]) -> String {
    let nearest = known
        .iter()
        .map(|candidate| (distance(name, candidate.as_ref()), candidate.as_ref()))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(name.len()) / 2)
        .min();
    match (nearest, known) {
        (Some((_, candidate)), _) => {
            format!("unknown {kind} `{name}`: did you mean `{candidate}`?")
        }
        (None, []) => format!("unknown {kind} `{name}`: there is none"),
        (None, known) => {
            let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
            format!(
                "unknown {kind} `{name}`: expected one of `{}`",
                known.join("`, `")
            )
        }
    }
}

/// How many letters have to be inserted, removed or replaced to make `a` into `b`.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (above, from) in a.chars().enumerate() {
        let mut diagonal = above;
        row[0] = above + 1;
        for (at, to) in b.chars().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(row[at] + 1).min(diagonal + 1);
        }
    }
    row[b.chars().count()]
}

#[cfg(test)]
mod tests {
    use super::unknown;

    #[test]
    fn an_unknown_name_gets_the_nearest_one_or_all() {
        let known = ["version", "ttl"];
        assert_eq!(
            unknown("setting", "versoin", &known),
            "unknown setting `versoin`: did you mean `version`?"
        );
        assert_eq!(
            unknown("setting", "x", &known),
            "unknown setting `x`: expected one of `version`, `ttl`"
        );
    }
}
