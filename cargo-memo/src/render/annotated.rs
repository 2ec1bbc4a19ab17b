//! Rows with lines of text that belong to them: beside them where there is
//! room, else below.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::difference::Line;
use super::table::{Column, Table};

const OLD: Style = AnsiColor::Red.on_default();
const NEW: Style = AnsiColor::Green.on_default();
const NOTE: Style = Style::new().dimmed();

/// The space before rows, and before lines that stand below one.
const INDENT: usize = 2;
const DEEP_INDENT: usize = 6;

/// Rows with lines of text.
#[derive(Debug)]
pub(crate) struct Annotated {
    table: Table,
    lines: Vec<Vec<Line>>,
}

impl Annotated {
    /// No rows yet. The titles of the columns are not shown.
    pub(crate) fn new(columns: impl Into<Vec<Column>>) -> Self {
        Self {
            table: Table::new(columns),
            lines: Vec::new(),
        }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>, lines: Vec<Line>) {
        self.table.row(cells);
        self.lines.push(lines);
    }

    /// The text, of at most `width` columns if that is possible.
    pub(crate) fn render(&self, width: Option<usize>) -> String {
        let left = INDENT + self.table.width() + Column::GAP;
        let widest = self
            .lines
            .iter()
            .flatten()
            .map(|line| Table::width(&alone(line)));
        let widest = widest.max().unwrap_or(0);
        if width.is_none_or(|width| left + widest <= width) {
            self.side_by_side(left, width)
        } else {
            self.one_below_the_other(width)
        }
    }

    fn side_by_side(&self, left: usize, width: Option<usize>) -> String {
        let mut text = String::new();
        let room = width.map(|width| width.saturating_sub(left));
        for (row, lines) in self.table.padded_rows(None).iter().zip(&self.lines) {
            let mut row = format!("{:INDENT$}{row}", "");
            for line in lines {
                text.push_str(&row);
                text.push_str(&alone(line).render_rows(room));
                row = " ".repeat(left);
            }
            if lines.is_empty() {
                push_line(&mut text, 0, &row);
            }
        }
        text
    }

    fn one_below_the_other(&self, width: Option<usize>) -> String {
        let mut text = String::new();
        let less = |indent| width.map(|width| width.saturating_sub(indent));
        let rows = self.table.padded_rows(less(INDENT));
        for (row, lines) in rows.iter().zip(&self.lines) {
            push_line(&mut text, INDENT, row);
            for line in lines {
                let line = alone(line).render_rows(less(DEEP_INDENT));
                let _ = write!(text, "{:DEEP_INDENT$}{line}", "");
            }
        }
        text
    }
}

fn push_line(text: &mut String, indent: usize, line: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "{:indent$}{}", "", line.trim_end());
}

/// A line as a table of its own, which escapes it and cuts it to the room
/// there is.
fn alone(line: &Line) -> Table {
    let mut table = Table::new([Column::text("").cut()]);
    let (style, text) = match line {
        Line::Old(text) => (OLD, format!("-{text}")),
        Line::New(text) => (NEW, format!("+{text}")),
        Line::Around(text) => (Style::new(), format!(" {text}")),
        Line::Note(text) => (NOTE, text.clone()),
    };
    table.styled_row(style, [text]);
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Annotated {
        let columns = ["", ""].map(|title| Column::text(title).cut());
        let mut rows = Annotated::new(columns);
        let cells = |cells: [&str; 2]| cells.map(str::to_owned);
        let line = |line: fn(String) -> Line, text: &str| line(text.to_owned());
        rows.row(
            cells(["model::forward", "changed"]),
            vec![
                line(Line::Old, "    let z = w.dot(x);"),
                line(Line::New, "    let z = w.dot(x) + b;"),
                line(Line::Note, "… 3 more lines"),
            ],
        );
        rows.row(cells(["ops::学", "new"]), Vec::new());
        rows
    }

    fn shown(width: Option<usize>) -> String {
        anstream::adapter::strip_str(&rows().render(width)).to_string()
    }

    #[test]
    fn lines_stand_beside_their_row_where_there_is_room() {
        let beside = "  model::forward  changed  -    let z = w.dot(x);
                           +    let z = w.dot(x) + b;
                           … 3 more lines
  ops::学         new
";
        assert_eq!(shown(None), beside);
        assert_eq!(shown(Some(53)), beside);
    }

    #[test]
    fn lines_stand_below_their_row_where_there_is_none() {
        assert_eq!(
            shown(Some(52)),
            "  model::forward  changed
      -    let z = w.dot(x);
      +    let z = w.dot(x) + b;
      … 3 more lines
  ops::学         new
"
        );
        assert_eq!(
            shown(Some(20)),
            "  model::f…  changed
      -    let z = …
      +    let z = …
      … 3 more lines
  ops::学    new
"
        );
    }

    #[test]
    fn old_and_new_have_their_colours() {
        let text = rows().render(None);
        assert!(
            text.contains(&format!("{OLD}-    let z = w.dot(x);")),
            "{text:?}"
        );
        assert!(
            text.contains(&format!("{NEW}+    let z = w.dot(x) + b;")),
            "{text:?}"
        );
    }
}
