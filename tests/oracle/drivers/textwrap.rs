//! Paragraphs.

use memo_runtime::memo;
use textwrap::wrap_algorithms::{Penalties, WrapAlgorithm};
use textwrap::{Options, WordSeparator, WordSplitter};

const TEXT: &str = "Memory is the treasury and guardian of all things, said Cicero; \
    to be ignorant of what occurred before you were born is to remain always a child-like soul.";

#[memo]
fn wrapping() -> String {
    textwrap::wrap(TEXT, 24).join("\n")
}

#[memo]
fn first_fit() -> String {
    let options = Options::new(30)
        .initial_indent("* ")
        .subsequent_indent("  ")
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(TEXT, &options)
}

#[memo]
fn penalties() -> String {
    let penalties = Penalties {
        nline_penalty: 10,
        ..Penalties::new()
    };
    let options = Options::new(18).wrap_algorithm(WrapAlgorithm::OptimalFit(penalties));
    textwrap::fill(TEXT, options)
}

#[memo]
fn indenting() -> String {
    let text = textwrap::dedent("    one\n      two\n    three\n");
    textwrap::indent(&text, "> ")
}

#[memo]
fn columns() -> String {
    textwrap::wrap_columns(TEXT, 2, 50, "| ", " | ", " |").join("\n")
}

#[memo]
fn refilling() -> String {
    let (text, options) = textwrap::unfill("- one two\n  three four\n");
    format!(
        "{text} {} {}",
        options.subsequent_indent,
        textwrap::refill("a b\nc d\n", 3)
    )
}

#[memo]
fn wide() -> String {
    format!(
        "{} {:?}",
        textwrap::core::display_width("日本 é"),
        textwrap::wrap("日本語 テスト", 6)
    )
}
