//! Searching text.

use memo_runtime::memo;
use regex_lite::{Captures, Regex, RegexBuilder};

#[memo]
fn matching() -> String {
    let dates = Regex::new(r"^\d{4}-\d{2}-\d{2}$").map(|regex| regex.is_match("2024-02-29"));
    format!("{dates:?}")
}

#[memo]
fn capturing() -> String {
    let regex = Regex::new(r"(?P<key>[a-z]+)=(?P<value>[^;]*);?").unwrap_or_else(|e| panic!("{e}"));
    let pairs = regex
        .captures_iter("lr=0.1;layers=3;")
        .map(|found: Captures<'_>| format!("{}:{}", &found["key"], &found["value"]));
    let names: Vec<_> = regex.capture_names().collect();
    format!("{} {names:?}", pairs.collect::<Vec<_>>().join(" "))
}

#[memo]
fn replacing() -> String {
    let regex = Regex::new(r"(\w+)\s+(\w+)").unwrap_or_else(|e| panic!("{e}"));
    let swapped = regex.replace_all("one two three four", "$2 ${1}!");
    let upper = regex.replace("ab cd", |found: &Captures<'_>| found[0].to_uppercase());
    format!("{swapped} {upper}")
}

#[memo]
fn splitting() -> String {
    let regex = RegexBuilder::new("[, x]+").case_insensitive(true).build();
    let parts = regex.map(|regex| regex.split("a, bXc  d").collect::<Vec<_>>().join("|"));
    format!("{parts:?}")
}

#[memo]
fn wrong() -> String {
    let patterns = [
        "(",
        "a{3,1}",
        "[z-a]",
        r"\p{L}",
        "(?<n>a)(?<n>b)",
        "a**",
        "*",
    ];
    let errors = patterns.iter().map(|pattern| match Regex::new(pattern) {
        Ok(regex) => regex.to_string(),
        Err(error) => error.to_string(),
    });
    errors.collect::<Vec<_>>().join("\n")
}
