//! Panels side by side, as one SVG.
//!
//! It brings its own background and follows the reader's colour scheme, so that it can be read on
//! a light page and on a dark one.

use std::fmt::Write;

use super::panel::{Colour, Panel, Series, Unit};
use super::report::label;

const WIDTH: f64 = 1080.0;
const HEIGHT: f64 = 474.0;
/// Of the plotting area of a panel.
const PLOT: (f64, f64) = (268.0, 236.0);
/// Its upper left corner, in the first panel.
const CORNER: (f64, f64) = (70.0, 56.0);
/// From panel to panel.
const STEP: f64 = 346.0;
/// From line to line of a legend.
const LINE: f64 = 18.0;

const STYLE: &str = "
    .page { fill: #ffffff; stroke: #d8dee6 }
    text { fill: #57606a; font: 11.5px system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', sans-serif }
    .title { fill: #1f2328; font-size: 14px; font-weight: 600 }
    .grid { stroke: #e9edf2; fill: none }
    .frame { stroke: #b6bfca; fill: none }
    .line { fill: none; stroke-width: 2.4; stroke-linejoin: round; stroke-linecap: round }
    .system { stroke-width: 1.5; stroke-dasharray: 1 4.5; opacity: .95 }
    .blue { stroke: #1f6feb; fill: #1f6feb }
    .orange { stroke: #d9640c; fill: #d9640c }
    .green { stroke: #1a8a43; fill: #1a8a43 }
    .violet { stroke: #8250df; fill: #8250df }
    path.line { fill: none }
    circle { stroke: none }
    @media (prefers-color-scheme: dark) {
        .page { fill: #0d1117; stroke: #30363d }
        text { fill: #9198a1 }
        .title { fill: #e6edf3 }
        .grid { stroke: #1d242d }
        .frame { stroke: #4a525c }
        .blue { stroke: #58a6ff; fill: #58a6ff }
        .orange { stroke: #f0883e; fill: #f0883e }
        .green { stroke: #3fb950; fill: #3fb950 }
        .violet { stroke: #bc8cff; fill: #bc8cff }
        path.line { fill: none }
    }
";

/// The picture of all panels.
pub(crate) fn draw(panels: &[Panel]) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         width=\"{WIDTH}\" height=\"{HEIGHT}\" role=\"img\" \
         aria-label=\"How cost grows with entries, size and processes\">\n\
         <style>{STYLE}</style>\n\
         <rect class=\"page\" x=\".5\" y=\".5\" width=\"{}\" height=\"{}\" rx=\"8\"/>\n",
        WIDTH - 1.0,
        HEIGHT - 1.0
    );
    for (index, panel) in panels.iter().enumerate() {
        let x = CORNER.0 + STEP * index as f64;
        let _ = writeln!(svg, "<g transform=\"translate({x} {})\">", CORNER.1);
        draw_panel(&mut svg, panel);
        svg += "</g>\n";
    }
    svg + "</svg>\n"
}

fn draw_panel(svg: &mut String, panel: &Panel) {
    let shown = || {
        let drawn = panel
            .series
            .iter()
            .filter(|series| !series.points.is_empty());
        drawn.filter_map(|series| Some((series, series.colour?)))
    };
    let points = || shown().flat_map(|(series, _)| series.points.iter().copied());
    if points().next().is_none() {
        return;
    }
    let scale = Scale {
        x: Axis::around(points().map(|(x, _)| x as f64), !panel.doubling),
        y: Axis::around(points().map(|(_, y)| y), true),
    };
    let (width, height) = PLOT;
    let title = match panel.y {
        Unit::PerSecond => format!("Calls per second by {}", panel.title),
        Unit::Count | Unit::Bytes | Unit::Seconds => format!("Time by {}", panel.title),
    };
    let _ = writeln!(
        svg,
        "<text class=\"title\" x=\"0\" y=\"-20\">{title}</text>"
    );
    for (at, text) in scale.y.ticks(panel.y) {
        let y = height * (1.0 - at);
        let _ = writeln!(
            svg,
            "<path class=\"grid\" d=\"M0 {y:.1}H{width}\"/>\
             <text x=\"-8\" y=\"{:.1}\" text-anchor=\"end\">{text}</text>",
            y + 4.0
        );
    }
    for (at, text) in scale.x.ticks(panel.x) {
        let x = width * at;
        let _ = writeln!(
            svg,
            "<path class=\"grid\" d=\"M{x:.1} 0V{height}\"/>\
             <text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{text}</text>",
            height + 18.0
        );
    }
    let _ = writeln!(svg, "<path class=\"frame\" d=\"M0 0V{height}H{width}\"/>");
    // What the system takes lies below ours.
    for system in [true, false] {
        for (series, colour) in shown().filter(|(series, _)| series.system == system) {
            draw_series(svg, series, colour, &scale);
        }
    }
    for (index, (series, colour)) in shown().enumerate() {
        let y = height + 44.0 + LINE * index as f64;
        let class = class(series, colour);
        let _ = writeln!(
            svg,
            "<path class=\"{class}\" d=\"M0 {y}h22\"/><text x=\"32\" y=\"{}\">{}</text>",
            y + 4.0,
            escaped(series.name)
        );
    }
}

fn draw_series(svg: &mut String, series: &Series, colour: Colour, scale: &Scale) {
    let places: Vec<(f64, f64)> = series
        .points
        .iter()
        .map(|point| scale.place(*point))
        .collect();
    let steps: Vec<String> = places
        .iter()
        .map(|(x, y)| format!("{x:.1} {y:.1}"))
        .collect();
    let class = class(series, colour);
    let _ = writeln!(svg, "<path class=\"{class}\" d=\"M{}\"/>", steps.join("L"));
    if !series.system {
        for (x, y) in places {
            let name = name(colour);
            let _ = writeln!(
                svg,
                "<circle class=\"{name}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>"
            );
        }
    }
}

fn class(series: &Series, colour: Colour) -> String {
    let system = if series.system { " system" } else { "" };
    format!("line{system} {}", name(colour))
}

fn name(colour: Colour) -> &'static str {
    match colour {
        Colour::Blue => "blue",
        Colour::Orange => "orange",
        Colour::Green => "green",
        Colour::Violet => "violet",
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

struct Scale {
    x: Axis,
    y: Axis,
}

impl Scale {
    fn place(&self, (x, y): (u64, f64)) -> (f64, f64) {
        (PLOT.0 * self.x.at(x as f64), PLOT.1 * (1.0 - self.y.at(y)))
    }
}

/// A logarithmic axis.
struct Axis {
    least: f64,
    most: f64,
    /// What a tick is to the one before.
    factor: f64,
}

impl Axis {
    /// An axis on which all values have a place, with decades at its ends if it is to be `whole`,
    /// or else doublings from one value to the next.
    fn around(values: impl Iterator<Item = f64>, whole: bool) -> Self {
        let (least, most) = values.fold((f64::MAX, f64::MIN_POSITIVE), |(least, most), value| {
            (least.min(value), most.max(value))
        });
        if !whole {
            return Self {
                least,
                most,
                factor: 2.0,
            };
        }
        let (floor, ceiling) = (least.log10().floor(), most.log10().ceil());
        let decades = (ceiling - floor).max(1.0);
        Self {
            least: 10_f64.powf(floor),
            most: 10_f64.powf(floor + decades),
            factor: 10.0,
        }
    }

    /// Where a value is, from 0 to 1.
    fn at(&self, value: f64) -> f64 {
        let span = (self.most / self.least).ln();
        if span > 0.0 {
            (value / self.least).ln() / span
        } else {
            0.5
        }
    }

    fn ticks(&self, unit: Unit) -> Vec<(f64, String)> {
        let values = std::iter::successors(Some(self.least), |value| Some(value * self.factor));
        let values = values.take_while(|value| *value <= self.most * 1.001);
        let tick = |value| (self.at(value), label(unit, value));
        values.map(tick).collect()
    }
}
