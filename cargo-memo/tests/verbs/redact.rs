//! What differs from run to run and from machine to machine, in brackets:
//! paths, keys, sizes (they contain names of hosts and commits), durations,
//! processes. Gaps in tables, whose width follows from those, are closed.

use std::path::Path;

/// `text` without what varies.
pub(crate) fn redacted(text: &str, store: &Path) -> String {
    let text = text.replace(&*store.to_string_lossy(), "[STORE]");
    let mut lines = Vec::new();
    let mut within_commit = false;
    for line in text.split('\n') {
        let opens = line.ends_with("\"commit\": {");
        if opens || line.starts_with("commit ") {
            within_commit = opens;
        } else if within_commit {
            within_commit = !line.trim_start().starts_with('}');
        } else if !line.ends_with("\"commit\": null,") {
            lines.push(field(line).unwrap_or_else(|| words(line)));
        }
    }
    lines.join("\n")
}

/// A field of a document that is a varying number, or names a machine.
fn field(line: &str) -> Option<String> {
    let (name, value) = line.split_once("\": ")?;
    let bare = name.trim_start().trim_start_matches('"');
    let varies = bare.ends_with("_seconds") || bare.ends_with("bytes");
    let kind = match bare {
        "max_bytes" => return None,
        "pid" | "host" => "[HERE]",
        _ if varies => "[NUMBER]",
        _ => return None,
    };
    let comma = if value.ends_with(',') { "," } else { "" };
    Some(format!("{name}\": {kind}{comma}"))
}

fn words(line: &str) -> String {
    let indent = &line[..line.len() - line.trim_start().len()];
    let mut words: Vec<String> = Vec::new();
    for word in line.split_whitespace() {
        let bare = word.trim_end_matches([';', ',', ')', ':']);
        let rest = &word[bare.len()..];
        let kind = match bare {
            "ns" | "µs" | "ms" | "s" => Some("[TOOK]"),
            "B" | "kB" => Some("[SIZE]"),
            _ => None,
        };
        match (words.last_mut(), kind) {
            (Some(number), Some(kind)) if is_number(number) => {
                let open = if number.starts_with('(') { "(" } else { "" };
                *number = [open, kind, rest].concat();
            }
            (Some(process), _) if process == "process" => words.push("[HERE]".to_owned()),
            (Some(on), _) if on == "on" && line.starts_with("by") => {
                words.push("[HERE]".to_owned())
            }
            _ => words.push(name(word)),
        }
    }
    format!("{indent}{}", words.join(" "))
}

fn is_number(word: &str) -> bool {
    let digits = word.trim_start_matches('(');
    !digits.is_empty()
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// A word that may be a key, an ID, or the path of an entry.
fn name(word: &str) -> String {
    if let Some(at) = word.find("/entries/") {
        return format!("{}/[ENTRY]", &word[..at]);
    }
    let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let hex = bare.bytes().all(|byte| byte.is_ascii_hexdigit());
    match bare.len() {
        64 if hex => word.replace(bare, "[KEY]"),
        8 if hex => word.replace(bare, "[ID]"),
        _ => keys_of_rows(word),
    }
}

/// The keys and numbers in a row that is separated by commas.
fn keys_of_rows(word: &str) -> String {
    if word.matches(',').count() < 4 {
        return word.to_owned();
    }
    let cell = |cell: &str| match cell.len() {
        64 => "[KEY]".to_owned(),
        _ if is_number(cell) => "[NUMBER]".to_owned(),
        _ => cell.to_owned(),
    };
    word.split(',').map(cell).collect::<Vec<_>>().join(",")
}
