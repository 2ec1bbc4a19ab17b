//! What is written in a string literal.

/// The content of a string literal as it stands in the source, with its usual escapes undone;
/// `None` for any other literal.
pub(super) fn string(literal: &str) -> Option<String> {
    let raw = literal.trim_start_matches(['b', 'c']);
    if let Some(raw) = raw.strip_prefix('r') {
        let raw = raw.trim_matches('#');
        return Some(raw.strip_prefix('"')?.strip_suffix('"')?.to_owned());
    }
    let quoted = raw.strip_prefix('"')?.strip_suffix('"')?;
    if !quoted.contains('\\') {
        return Some(quoted.to_owned());
    }
    let mut text = String::with_capacity(quoted.len());
    let mut letters = quoted.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('x') => {
                let (code, rest) = letters.as_str().split_at_checked(2).unwrap_or_default();
                text.extend(character(code));
                letters = rest.chars();
            }
            Some('u') => {
                let rest = letters.as_str();
                let (code, rest) = rest.split_once('}').unwrap_or((rest, ""));
                text.extend(character(&code.trim_start_matches('{').replace('_', "")));
                letters = rest.chars();
            }
            Some('\n') => {
                let rest = letters.as_str().trim_start();
                letters = rest.chars();
            }
            Some(other) => text.push(other),
            None => {}
        }
    }
    Some(text)
}

fn character(code: &str) -> Option<char> {
    char::from_u32(u32::from_str_radix(code, 16).ok()?)
}

/// A name as it is compared. The compiler takes different spellings of one letter for one; to tell
/// them takes the tables of Unicode, so all names with letters that could have two are taken for
/// one name.
pub(super) fn spelling(name: &str) -> &str {
    let is_plain = |letter: char| {
        letter.is_ascii() || matches!(letter, 'Α'..='Ω' | 'α'..='ω' | 'а'..='и' | 'к'..='я')
    };
    if name.chars().all(is_plain) {
        name
    } else {
        "(a name beyond ASCII)"
    }
}

/// The words in a text that could be names.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| letter != '_' && !letter.is_alphanumeric())
        .filter(|word| word.starts_with(|letter: char| letter == '_' || letter.is_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_read_in_every_form() {
        for literal in [
            r#""a\"b""#,
            r##"r#"a"b"#"##,
            r#"b"a\"b""#,
            "\"a\\\n   \\\"b\"",
        ] {
            assert_eq!(string(literal).as_deref(), Some("a\"b"), "{literal}");
        }
        assert_eq!(string(r#""\x7b\u{7d}""#).as_deref(), Some("{}"));
        assert_eq!(string("'a'"), None);
        assert_eq!(string("12"), None);
    }

    #[test]
    fn words_are_what_could_be_a_name() {
        let found: Vec<_> = words("a::b_1, 2c <é>").collect();
        assert_eq!(found, ["a", "b_1", "é"]);
    }
}
