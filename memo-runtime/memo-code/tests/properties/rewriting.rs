//! Spaces and comments change nothing, and any token does.

use memo_code::Level;

use super::corpus::Corpus;
use super::crates::Crate;
use super::edits::Tokens;
use super::random::rounds;

#[test]
fn comments_and_spaces_between_tokens_change_no_fingerprint() {
    let corpus = Corpus::new();
    let mut compared = 0;
    for mut random in rounds(60) {
        let text = corpus.text(&mut random);
        let Some(tokens) = Tokens::of(&text) else {
            continue;
        };
        let spread = tokens.spread(&mut random);
        for level in [Level::Graph, Level::Crate] {
            let before = Crate::of(text.clone()).fingerprints(level, 8);
            let after = Crate::of(spread.clone()).fingerprints(level, 8);
            assert_eq!(before, after, "{level:?}\n{spread}");
            compared += before.len();
        }
    }
    assert!(compared > 100, "{compared} functions are no proof");
}

#[test]
fn any_token_of_a_function_changes_its_fingerprint() {
    let corpus = Corpus::new();
    let mut compared = 0;
    for mut random in rounds(80) {
        let text = corpus.text(&mut random);
        let before = Crate::of(text.clone()).fingerprints(Level::Graph, usize::MAX);
        let Some((start, name)) = memoized_at(&text, random.below(before.len().max(1))) else {
            continue;
        };
        let tokens = Tokens::of(&text);
        let Some(altered) = tokens.and_then(|it| it.altered(start, &mut random)) else {
            continue;
        };
        let after = Crate::of(altered.clone()).fingerprints(Level::Graph, usize::MAX);
        let of = |prints: &[(String, _)]| -> Vec<_> {
            let named = |path: &str| path.rsplit("::").next() == Some(&name);
            prints
                .iter()
                .filter(|(path, _)| named(path))
                .cloned()
                .collect()
        };
        assert_ne!(of(&before), of(&after), "{name}\n{altered}");
        compared += 1;
    }
    assert!(compared > 20, "{compared} functions are no proof");
}

/// Where the body of the memoized function of that number begins, and its name.
fn memoized_at(text: &str, number: usize) -> Option<(usize, String)> {
    let (at, _) = text.match_indices("\n#[memo]\n").nth(number)?;
    let name_at = at + text[at..].find("fn ")? + "fn ".len();
    let name = text[name_at..].split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let body = name_at + text[name_at..].find('{')?;
    Some((body, name.into_iter().next()?.to_owned()))
}
