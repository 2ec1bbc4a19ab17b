//! What somebody may have meant who wrote a name that there is not.

use memo_runtime::manage::{BadSetting, SETTINGS};

use crate::listing::{is_named, last_segment};
use crate::render::escape;

/// The name among `known` that is like `written`, if one is.
pub(crate) fn nearest<'a>(
    written: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let written = written.to_lowercase();
    let distance = |name: &str| strsim::damerau_levenshtein(&written, &name.to_lowercase());
    let near = known.into_iter().map(|name| (distance(name), name));
    // A third of the letters wrong is a slip; more is another word.
    near.filter(|(distance, name)| *distance <= name.len().div_ceil(3) && *distance < name.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// The end of the path among `known` that is like the end of `written`, if one
/// is and `written` names none of them.
pub(crate) fn function<'a>(
    written: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    if known
        .clone()
        .into_iter()
        .any(|path| is_named(path, written))
    {
        return None;
    }
    nearest(last_segment(written), known.into_iter().map(last_segment))
}

/// The end of a message that asks whether `meant` was; empty for none.
pub(crate) fn question(meant: Option<&str>) -> String {
    let question = |meant| format!("; did you mean `{}`?", escape(meant));
    meant.map(question).unwrap_or_default()
}

/// The name of the setting that a bad one may be meant to be.
pub(crate) fn setting(bad: &BadSetting) -> Option<&'static str> {
    let unknown = bad.unknown.as_deref()?;
    if bad.place == unknown {
        return nearest(unknown, SETTINGS.iter().map(|setting| setting.variable));
    }
    nearest(unknown, SETTINGS.iter().filter_map(|setting| setting.key))
}

/// What is wrong with a setting, and which was meant.
pub(crate) fn in_words(bad: &BadSetting) -> String {
    match setting(bad) {
        Some(meant) => format!(
            "the setting {} is passed over: there is no such setting, did you mean `{meant}`?",
            bad.place
        ),
        None => bad.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let known = || SETTINGS.iter().filter_map(|setting| setting.key);
        for (written, meant) in [
            ("max_size", Some("max-size")),
            ("MaxSize", Some("max-size")),
            ("fsink", Some("fsync")),
            ("ordre", Some("order")),
            ("directory", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, known()), meant, "{written}");
        }
        assert_eq!(nearest("c", ["a", "b"]), None);
    }

    #[test]
    fn a_function_is_recognised_by_the_end_of_its_path() {
        let known = ["lab::train", "lab::<impl Score<u8>>::score"];
        for (written, meant) in [
            ("trian", Some("train")),
            ("other::train", Some("train")),
            ("scores", Some("score")),
            ("train", None),
            ("primes", None),
        ] {
            assert_eq!(function(written, known), meant, "{written}");
        }
    }
}
