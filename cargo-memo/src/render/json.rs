//! Documents for programs.

use std::collections::BTreeMap;
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

/// The document of a command that answers with one long list, written piece by
/// piece: the pieces together are what [`document`] would be.
#[derive(Debug, Default)]
pub(crate) struct LongDocument {
    has_items: bool,
}

impl LongDocument {
    /// All before the first item of the field `list`.
    pub(crate) fn begin(&mut self, command: &str, list: &str) -> String {
        let empty: [(); 0] = [];
        let whole = document(command, BTreeMap::from([(list, empty)]));
        whole.trim_end_matches(|c| c != '[').to_owned()
    }

    /// Some more items.
    pub(crate) fn items(&mut self, items: impl Iterator<Item = impl Serialize>) -> String {
        let mut text = String::new();
        for item in items {
            text.push_str(if self.has_items { ",\n" } else { "\n" });
            self.has_items = true;
            let item = finish(serde_json::to_string_pretty(&item));
            for (at, line) in item.lines().enumerate() {
                text.push_str(if at > 0 { "\n    " } else { "    " });
                text.push_str(line);
            }
        }
        text
    }

    /// All after the last item.
    pub(crate) fn end(&self) -> String {
        let end = if self.has_items {
            "\n  ]\n}\n"
        } else {
            "]\n}\n"
        };
        end.to_owned()
    }
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
    fn a_long_document_is_the_same_as_a_whole_one() {
        #[derive(Serialize)]
        struct Body {
            entries: Vec<BTreeMap<&'static str, Vec<u8>>>,
        }
        let item = || BTreeMap::from([("a", vec![1, 2]), ("b", vec![])]);
        for pieces in [vec![], vec![0], vec![1], vec![2, 0, 1]] {
            let mut long = LongDocument::default();
            let mut text = long.begin("list", "entries");
            for piece in &pieces {
                text.push_str(&long.items((0..*piece).map(|_| item())));
            }
            text.push_str(&long.end());
            let entries = (0..pieces.iter().sum()).map(|_| item()).collect();
            assert_eq!(text, document("list", Body { entries }), "{pieces:?}");
        }
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
