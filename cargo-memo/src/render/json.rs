//! Documents for programs.

use std::fmt::Write;

use serde::Serialize;

use super::is_unsafe;

/// The version of the documents' form. It is raised when a field changes its
/// meaning or goes, not when one is added.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a, T> {
    schema_version: u32,
    command: &'a str,
    #[serde(flatten)]
    body: T,
}

/// The document that `command` answers with.
pub(crate) fn document(command: &str, body: impl Serialize) -> String {
    let document = Document {
        schema_version: SCHEMA_VERSION,
        command,
        body,
    };
    finish(serde_json::to_string_pretty(&document))
}

/// An object on a line of its own.
pub(crate) fn line(object: impl Serialize) -> String {
    finish(serde_json::to_string(&object))
}

/// Numbers, strings and sequences always have a form in JSON. It escapes
/// what is below the space, but not all that terminals obey; such characters
/// occur within strings only.
fn finish(text: Result<String, serde_json::Error>) -> String {
    let text = text.unwrap_or_default();
    let mut safe = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        if c != '\n' && is_unsafe(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing to a string does not fail.
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(c);
        }
    }
    safe.push('\n');
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_json_leaves_alone_and_terminals_obey_is_escaped() {
        let hostile = "\x1b[31m \u{9b}31m \u{202e} \n é 👩";
        let text = line(hostile);
        assert_eq!(text, "\"\\u001b[31m \\u009b31m \\u202e \\n é 👩\"\n");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), hostile);
    }

    #[test]
    fn a_document_says_what_it_is() {
        #[derive(Serialize)]
        struct Body {
            entries: [u8; 1],
        }
        let text = document("list", Body { entries: [7] });
        assert_eq!(
            text,
            "{\n  \"schema_version\": 1,\n  \"command\": \"list\",\n  \"entries\": [\n    7\n  ]\n}\n"
        );
    }
}
