//! Tables: a header and one line for each row, cut to the width there is.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Row, TableStyle, Width};

use super::escape;

const HEADER: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();
const ODD: Style = AnsiColor::Yellow.on_default();

/// The space between two columns.
const GAP: u16 = 2;
/// Where space is short, spare columns go before others get narrower than
/// this; and no column gets narrower than [`NARROWEST`].
const COMFORTABLE: u16 = 24;
const NARROWEST: u16 = 8;
/// No cell has more characters, whatever a store holds: laying out takes the
/// square of them.
const LONGEST: usize = 4000;

/// A column of a table.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    title: String,
    alignment: CellAlignment,
    fit: Fit,
    at_least: u16,
}

/// What becomes of a column where space is short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    /// It is shown whole.
    Whole,
    /// What does not fit is cut off.
    Cut,
    /// It is left out.
    Spare,
    /// It has been left out, and stays so.
    Gone,
}

impl Column {
    /// The space between two columns.
    pub(crate) const GAP: usize = GAP as usize;

    /// A column of words, aligned left.
    pub(crate) fn text(title: &str) -> Self {
        Self {
            title: cell(title),
            alignment: CellAlignment::Left,
            fit: Fit::Whole,
            at_least: 0,
        }
    }

    /// A column of numbers, aligned right.
    pub(crate) fn number(title: &str) -> Self {
        Self {
            alignment: CellAlignment::Right,
            ..Self::text(title)
        }
    }

    /// Lets the column be cut where space is short.
    pub(crate) fn cut(self) -> Self {
        Self {
            fit: Fit::Cut,
            ..self
        }
    }

    /// Lets the column be left out where space is short.
    pub(crate) fn spare(self) -> Self {
        Self {
            fit: Fit::Spare,
            ..self
        }
    }

    /// Makes the column so wide, whatever is in it.
    pub(crate) fn at_least(self, at_least: u16) -> Self {
        Self { at_least, ..self }
    }
}

/// A table. Cells are escaped as they are added.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<(Style, Vec<String>)>,
}

impl Table {
    /// An empty table.
    pub(crate) fn new(columns: impl Into<Vec<Column>>) -> Self {
        Self {
            columns: columns.into(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.styled_row(Style::new(), cells);
    }

    /// Adds a row that matters less than others.
    pub(crate) fn faint_row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.styled_row(FAINT, cells);
    }

    /// Adds a row that catches the eye.
    pub(crate) fn odd_row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.styled_row(ODD, cells);
    }

    /// Adds a row in a style of its own.
    pub(super) fn styled_row(&mut self, style: Style, cells: impl IntoIterator<Item = String>) {
        let cells = cells.into_iter().map(|text| cell(&text)).collect();
        self.rows.push((style, cells));
    }

    /// The table as text of at most `width` columns, if that is possible.
    pub(crate) fn render(&self, width: Option<usize>) -> String {
        self.lines(width, true)
    }

    /// The rows alone, to go on below a header.
    pub(crate) fn render_rows(&self, width: Option<usize>) -> String {
        self.lines(width, false)
    }

    /// The columns of a table that goes on below this one: as wide, and the
    /// same ones left out.
    pub(crate) fn columns_to_go_on(&self, width: Option<usize>) -> Vec<Column> {
        let contents = self.laid_out().column_max_content_widths();
        let widths = self.fit(&contents, width);
        let columns = self.columns.iter().zip(widths);
        let go_on = columns.map(|(column, width)| Column {
            fit: match (width, column.fit) {
                (None, _) => Fit::Gone,
                (Some(_), Fit::Spare) => Fit::Whole,
                (Some(_), fit) => fit,
            },
            at_least: width.unwrap_or(0),
            ..column.clone()
        });
        go_on.collect()
    }

    /// How wide the table is where nothing is cut or left out.
    pub(super) fn width(&self) -> usize {
        let contents = self.laid_out().column_max_content_widths();
        taken(&self.fit(&contents, None))
    }

    /// The rows alone, without their styles, each as wide as the table and a
    /// gap, to go on beside them.
    pub(super) fn padded_rows(&self, width: Option<usize>) -> Vec<String> {
        self.laid_lines(width).split_off(1)
    }

    fn lines(&self, width: Option<usize>, header: bool) -> String {
        let styles = std::iter::once(HEADER).chain(self.rows.iter().map(|(style, _)| *style));
        let lines = self.laid_lines(width);
        let mut text = String::new();
        for (line, style) in lines.iter().zip(styles).skip(usize::from(!header)) {
            // Writing to a string does not fail.
            let _ = writeln!(text, "{style}{}{style:#}", line.trim_end());
        }
        text
    }

    /// The header and the rows.
    fn laid_lines(&self, width: Option<usize>) -> Vec<String> {
        let mut table = self.laid_out();
        let widths = self.fit(&table.column_max_content_widths(), width);
        for ((column, wanted), width) in table.column_iter_mut().zip(&self.columns).zip(&widths) {
            column.set_cell_alignment(wanted.alignment);
            // The arrangement counts the gap as part of the column.
            column.set_constraint(match width {
                Some(width) => ColumnConstraint::Absolute(Width::Fixed(width + GAP)),
                None => ColumnConstraint::Hidden,
            });
        }
        table.lines().collect()
    }

    fn laid_out(&self) -> comfy_table::Table {
        let mut table = comfy_table::Table::new();
        table
            .load_style(TableStyle::new())
            .set_content_arrangement(ContentArrangement::Disabled)
            .set_truncation_indicator("…")
            // Lines are cut where they end, not where a word does.
            .set_delimiter('\0')
            .set_header(one_line(self.columns.iter().map(|column| &column.title)));
        for (_, cells) in &self.rows {
            table.add_row(one_line(cells));
        }
        for column in table.column_iter_mut() {
            column.set_padding((0, GAP));
        }
        table
    }

    /// How wide each column is to be; `None`: it is left out.
    fn fit(&self, contents: &[u16], width: Option<usize>) -> Vec<Option<u16>> {
        let mut widths: Vec<Option<u16>> = contents
            .iter()
            .zip(&self.columns)
            .map(|(content, column)| {
                (column.fit != Fit::Gone).then_some((*content).max(column.at_least))
            })
            .collect();
        let Some(available) = width else {
            return widths;
        };
        while taken(&self.comfortable(&widths)) > available {
            let spare = |at: &usize| self.columns[*at].fit == Fit::Spare && widths[*at].is_some();
            match (0..widths.len()).rfind(spare) {
                Some(at) => widths[at] = None,
                None => break,
            }
        }
        while taken(&widths) > available {
            let widest = widths
                .iter_mut()
                .zip(&self.columns)
                .filter(|(_, column)| column.fit == Fit::Cut)
                .filter_map(|(width, _)| width.as_mut())
                .max()
                .filter(|width| **width > NARROWEST);
            match widest {
                Some(width) => *width -= 1,
                None => break,
            }
        }
        widths
    }

    /// The widths at which columns that can be cut are still good to read.
    fn comfortable(&self, widths: &[Option<u16>]) -> Vec<Option<u16>> {
        let comfortable = |(width, column): (&Option<u16>, &Column)| match column.fit {
            Fit::Cut => width.map(|width| width.min(COMFORTABLE)),
            _ => *width,
        };
        widths.iter().zip(&self.columns).map(comfortable).collect()
    }
}

/// How wide a table with such columns is.
fn taken(widths: &[Option<u16>]) -> usize {
    let shown = widths
        .iter()
        .flatten()
        .map(|width| usize::from(*width + GAP));
    shown.sum::<usize>().saturating_sub(GAP.into())
}

/// What a cell shows of a text.
fn cell(text: &str) -> String {
    let mut shown = escape(text);
    if let Some((end, _)) = shown.char_indices().nth(LONGEST) {
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

fn one_line<T: ToString>(cells: impl IntoIterator<Item = T>) -> Row {
    let mut row: Row = cells
        .into_iter()
        .map(|cell| cell.to_string())
        .collect::<Vec<_>>()
        .into();
    row.max_height(1);
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new([
            Column::text("ID"),
            Column::text("arguments").cut(),
            Column::number("size"),
            Column::text("last used").spare(),
        ]);
        table.row(
            [
                "1f9a3c07",
                "a = 1, b = 500000000",
                "211.0 MB",
                "yesterday 17:20",
            ]
            .map(str::to_owned),
        );
        table.row(["77b0c1d2", "学習率 = \"\x1b[0m\"", "0 B", ""].map(str::to_owned));
        table
    }

    fn shown(table: &Table, width: Option<usize>) -> String {
        anstream::adapter::strip_str(&table.render(width)).to_string()
    }

    #[test]
    fn columns_are_aligned_by_what_is_seen() {
        assert_eq!(
            shown(&table(), None),
            "\
ID        arguments                 size  last used
1f9a3c07  a = 1, b = 500000000  211.0 MB  yesterday 17:20
77b0c1d2  学習率 = \"\\u{1b}[0m\"       0 B
"
        );
    }

    #[test]
    fn where_space_is_short_spare_columns_go_and_others_are_cut() {
        assert_eq!(
            shown(&table(), Some(40)),
            "\
ID        arguments                 size
1f9a3c07  a = 1, b = 500000000  211.0 MB
77b0c1d2  学習率 = \"\\u{1b}[0m\"       0 B
"
        );
        assert_eq!(
            shown(&table(), Some(32)),
            "\
ID        arguments         size
1f9a3c07  a = 1, b = …  211.0 MB
77b0c1d2  学習率 = \"\\…       0 B
"
        );
    }

    #[test]
    fn a_table_goes_on_in_the_columns_it_began_with() {
        let mut next = Table::new(table().columns_to_go_on(Some(40)));
        next.row(["00000000", "b = 7", "1 B", "today 17:20"].map(str::to_owned));
        let text = next.render_rows(Some(40));
        assert_eq!(
            anstream::adapter::strip_str(&text).to_string(),
            "00000000  b = 7                      1 B\n"
        );
    }

    #[test]
    fn no_width_is_too_small_and_no_cell_too_long() {
        for width in [1, 8, 20] {
            assert!(
                shown(&table(), Some(width)).starts_with("ID        argumen"),
                "{width}"
            );
        }
        let mut long = Table::new([Column::text("function").cut()]);
        long.row(["x".repeat(100_000)]);
        assert_eq!(
            shown(&long, Some(20))
                .lines()
                .nth(1)
                .map(|line| line.chars().count()),
            Some(20)
        );
    }
}
