//! Labelled values, one below the other.

use std::fmt::Write;

use anstyle::Style;

use super::escape;

const LABEL: Style = Style::new().bold();

/// Labels and values, in order.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    fields: Vec<(&'static str, Vec<String>)>,
}

impl Fields {
    /// Adds a value.
    pub(crate) fn add(&mut self, label: &'static str, value: impl Into<String>) -> &mut Self {
        self.add_all(label, [value.into()])
    }

    /// Adds a value that may not be there.
    pub(crate) fn add_some(&mut self, label: &'static str, value: Option<String>) -> &mut Self {
        self.add_all(label, value)
    }

    /// Adds values, one to a line, under one label.
    pub(crate) fn add_all(
        &mut self,
        label: &'static str,
        values: impl IntoIterator<Item = String>,
    ) -> &mut Self {
        self.fields.push((label, values.into_iter().collect()));
        self
    }

    /// The text; values are escaped.
    pub(crate) fn render(&self) -> String {
        let width = self
            .fields
            .iter()
            .map(|(label, _)| label.len())
            .max()
            .unwrap_or(0);
        let mut text = String::new();
        for (label, values) in &self.fields {
            for (at, value) in values.iter().enumerate() {
                let label = if at == 0 { label } else { "" };
                let value = escape(value);
                // Writing to a string does not fail.
                let _ = writeln!(text, "{LABEL}{label:width$}{LABEL:#}  {value}");
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_aligned_and_absent_ones_left_out() {
        let mut fields = Fields::default();
        fields
            .add("store", "/ws/.memo")
            .add_some("expires", None)
            .add_all("arguments", ["a = 1".to_owned(), "b = \r2".to_owned()]);
        let text = anstream::adapter::strip_str(&fields.render()).to_string();
        assert_eq!(
            text,
            "store      /ws/.memo\narguments  a = 1\n           b = \\r2\n"
        );
    }
}
