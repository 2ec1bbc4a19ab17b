//! The settings of `[workspace.metadata.memo]`, as pairs of text.

use serde_json::Value;

/// The settings in `[workspace.metadata]`, sorted by key: strings as they are, all else as JSON.
pub(crate) fn settings(metadata: &Value) -> Vec<(String, String)> {
    let memo = metadata.get("memo").and_then(Value::as_object);
    let mut settings: Vec<_> = memo
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.clone(), text(value)))
        .collect();
    settings.sort();
    settings
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::settings;

    #[test]
    fn settings_are_text_sorted_by_key() {
        let metadata = json!({
            "other": { "dir": "not ours" },
            "memo": { "wait": 5, "dir": "kept", "share": "group", "limits": { "b": [1, true] } },
        });
        let expected = [
            ("dir", "kept"),
            ("limits", r#"{"b":[1,true]}"#),
            ("share", "group"),
            ("wait", "5"),
        ];
        let expected = expected.map(|(key, text)| (key.to_owned(), text.to_owned()));
        assert_eq!(settings(&metadata), expected);
    }

    #[test]
    fn no_table_is_no_settings() {
        for metadata in [Value::Null, json!({}), json!({ "memo": 3 })] {
            assert_eq!(settings(&metadata), [], "{metadata}");
        }
    }
}
