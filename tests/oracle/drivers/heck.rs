//! Cases of names, and the parts of text.

use heck::{AsTitleCase, ToKebabCase, ToLowerCamelCase, ToShoutySnakeCase, ToUpperCamelCase};
use memo_runtime::memo;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

#[memo]
fn cases() -> String {
    let name = "XMLHttpRequest2 über-fast";
    format!("{} {}", name.to_kebab_case(), name.to_shouty_snake_case())
}

#[memo]
fn camels() -> String {
    let name = "lower_camel case";
    format!(
        "{} {}",
        name.to_lower_camel_case(),
        name.to_upper_camel_case()
    )
}

#[memo]
fn title() -> String {
    AsTitleCase("the_quick brownFox").to_string()
}

#[memo]
fn graphemes() -> String {
    let text = "a\u{310}e\u{301}🇩🇪o\r\n";
    let parts: Vec<&str> = text.graphemes(true).collect();
    format!("{parts:?} {}", text.grapheme_indices(false).rev().count())
}

#[memo]
fn words() -> String {
    let text = "The quick (\"brown\") fox can't jump 32.3 feet, right?";
    let words: Vec<&str> = text.unicode_words().collect();
    format!("{words:?} {:?}", text.split_word_bounds().count())
}

#[memo]
fn sentences() -> String {
    let text = "Mr. Fox jumped. [...] The dog was too lazy. 3.4 said no.";
    text.unicode_sentences().collect::<Vec<_>>().join("|")
}

#[memo]
fn cursor() -> String {
    let text = "🏳️‍🌈x";
    let mut cursor = GraphemeCursor::new(0, text.len(), true);
    format!(
        "{:?} {:?}",
        cursor.next_boundary(text, 0),
        cursor.cur_cursor()
    )
}
