//! Rows for spreadsheets: RFC 4180, with plain line feeds.

use super::escape;

/// The rows as text. What a terminal would obey is escaped here too: rows
/// are looked at before they are loaded.
pub(crate) fn csv_rows(rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = String::new();
    for row in rows {
        for (at, field) in row.iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            push_field(&mut text, &escape(field));
        }
        text.push('\n');
    }
    text
}

fn push_field(text: &mut String, field: &str) {
    if field.contains([',', '"']) {
        text.push('"');
        text.push_str(&field.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(field);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_quoted_only_where_it_must_be() {
        let row = ["plain", "a, b", r#"say "no""#, "", "line\nfeed"];
        assert_eq!(
            csv_rows([row.map(str::to_owned).to_vec()]),
            "plain,\"a, b\",\"say \"\"no\"\"\",,line\\nfeed\n"
        );
    }
}
