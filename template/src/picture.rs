//! What a network has learned, as a map of the plane: in characters for a terminal, and as SVG.

use crate::data::Example;
use crate::model::Network;

/// The most arms that there are characters and colours for.
pub(crate) const MAX_ARMS: usize = 5;

/// What the network gives to each arm, in a terminal.
const GROUND: [char; MAX_ARMS] = [' ', '.', ':', '-', '='];

/// The examples of each arm, in a terminal.
const LETTERS: [char; MAX_ARMS] = ['A', 'B', 'C', 'D', 'E'];

/// The colours of the arms, which nobody's eyes confuse.
const COLOURS: [&str; MAX_ARMS] = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#f0e442"];

/// A character is about twice as high as wide, so that this map is a square too.
const TERMINAL: Raster = Raster {
    columns: 64,
    rows: 32,
};

const SVG: Raster = Raster {
    columns: 120,
    rows: 120,
};

/// The map in characters, examples as letters.
pub(crate) fn text(network: &Network, examples: &[Example]) -> String {
    let mut rows: Vec<Vec<char>> = (0..TERMINAL.rows)
        .map(|y| {
            let guesses = TERMINAL.guesses(network, y);
            guesses.iter().map(|&arm| GROUND[arm]).collect()
        })
        .collect();
    for example in examples {
        let [x, y] = TERMINAL.place(example.point);
        rows[y as usize][x as usize] = LETTERS[example.arm];
    }
    let mut text = String::new();
    for row in rows {
        text.extend(row);
        text.push('\n');
    }
    text
}

/// The map as SVG, examples as dots.
pub(crate) fn svg(network: &Network, examples: &[Example]) -> String {
    let Raster { columns, rows } = SVG;
    let mut lines = vec![
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {columns} {rows}\">"),
        "<g opacity=\"0.4\" shape-rendering=\"crispEdges\">".to_owned(),
    ];
    for y in 0..rows {
        let mut x = 0;
        // Neighbours of one colour are one rectangle.
        for run in SVG.guesses(network, y).chunk_by(usize::eq) {
            let (width, colour) = (run.len(), COLOURS[run[0]]);
            lines.push(format!(
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"1\" fill=\"{colour}\"/>"
            ));
            x += width;
        }
    }
    lines.push("</g>".to_owned());
    for example in examples {
        let ([x, y], colour) = (SVG.place(example.point), COLOURS[example.arm]);
        lines.push(format!(
            "<circle cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"0.9\" fill=\"{colour}\" stroke=\"white\" stroke-width=\"0.2\"/>"
        ));
    }
    lines.push("</svg>\n".to_owned());
    lines.join("\n")
}

/// The plane around the spiral, cut into cells.
struct Raster {
    columns: usize,
    rows: usize,
}

impl Raster {
    /// How far it reaches from the centre to each side. The arms end at 1.
    const REACH: f64 = 1.15;

    /// To which arm the network gives the cells of a row.
    fn guesses(&self, network: &Network, row: usize) -> Vec<usize> {
        let columns = 0..self.columns;
        columns
            .map(|column| network.guess(self.middle(column, row)))
            .collect()
    }

    /// The point in the middle of a cell.
    fn middle(&self, column: usize, row: usize) -> [f64; 2] {
        let offset =
            |cell: usize, cells: usize| Self::REACH * ((2 * cell + 1) as f64 / cells as f64 - 1.0);
        [offset(column, self.columns), -offset(row, self.rows)]
    }

    /// Where a point is, in cells from the left and from the top.
    fn place(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let cells = |offset: f64, cells: usize| (offset / Self::REACH + 1.0) / 2.0 * cells as f64;
        [cells(x, self.columns), cells(-y, self.rows)]
    }
}

#[cfg(test)]
mod tests {
    use memo_runtime::call;

    use super::*;
    use crate::{data, model};

    /// A network that has learned little, and examples.
    fn learned() -> (Network, Vec<Example>) {
        let data = call!(data::prepare(3, 20, 0.1)).uncached();
        let network = call!(model::train(1, 6, 0.05, 5, 0, &data.training)).uncached();
        (network, data.test)
    }

    #[test]
    fn every_character_shows_the_guess_for_its_place() {
        let (network, _) = learned();
        let text = text(&network, &[]);
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(rows.len(), TERMINAL.rows);
        for (y, row) in rows.iter().enumerate() {
            assert_eq!(row.len(), TERMINAL.columns);
            for (guess, character) in TERMINAL.guesses(&network, y).into_iter().zip(row.chars()) {
                assert_eq!(character, GROUND[guess]);
            }
        }
    }

    #[test]
    fn examples_are_where_they_belong() {
        let (network, _) = learned();
        let corner = |x, y, arm| Example { point: [x, y], arm };
        let examples = [
            corner(-1.0, 1.0, 0),
            corner(1.0, 1.0, 1),
            corner(1.0, -1.0, 2),
        ];
        let text = text(&network, &examples);
        let rows: Vec<&str> = text.lines().collect();
        let find = |letter| {
            let y = rows.iter().position(|row| row.contains(letter)).unwrap();
            (rows[y].find(letter).unwrap(), y)
        };
        assert_eq!(find('A'), (4, 2));
        assert_eq!(find('B'), (59, 2));
        assert_eq!(find('C'), (59, 29));
    }

    #[test]
    fn the_middle_of_a_cell_is_in_that_cell() {
        for raster in [TERMINAL, SVG] {
            for (column, row) in [(0, 0), (7, 3), (raster.columns - 1, raster.rows - 1)] {
                let [x, y] = raster.place(raster.middle(column, row));
                assert_eq!((x as usize, y as usize), (column, row));
                assert!((x.fract() - 0.5).abs() < 1e-9 && (y.fract() - 0.5).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn the_svg_has_a_dot_for_each_example_on_a_ground_without_gaps() {
        let (network, examples) = learned();
        let svg = svg(&network, &examples);
        assert_eq!(svg.matches("<circle ").count(), examples.len());
        let widths = svg.split(" width=\"").skip(1);
        let widths = widths.map(|rest| rest.split('"').next().unwrap().parse::<usize>().unwrap());
        assert_eq!(widths.sum::<usize>(), SVG.columns * SVG.rows);
    }
}
