//! Numbers in what a program prints: the last that matches, line by line.
//!
//! What must hold: memory does not grow with the output, however long its
//! lines are; and a number that is not one is no metric.

use memo_runtime::run::{Metric, Stream};
use regex::bytes::Regex;

/// A longer line is searched in pieces.
const LONGEST_LINE: usize = 64 << 10;

/// Where a metric stands in the output.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    /// The name of the metric.
    pub(crate) name: String,
    /// Its first group is the number; without a group, all of it is.
    pub(crate) regex: Regex,
}

/// Looks for metrics in output as it comes.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    patterns: &'a [Pattern],
    found: Vec<Option<f64>>,
    /// The line that each stream is at.
    lines: [Vec<u8>; 2],
}

impl<'a> Reader<'a> {
    /// Looks for what the patterns say.
    pub(crate) fn new(patterns: &'a [Pattern]) -> Self {
        Self {
            patterns,
            found: vec![None; patterns.len()],
            lines: [Vec::new(), Vec::new()],
        }
    }

    /// Reads on.
    pub(crate) fn read(&mut self, stream: Stream, bytes: &[u8]) {
        if self.patterns.is_empty() {
            return;
        }
        let number = usize::from(stream == Stream::Stderr);
        let mut line = std::mem::take(&mut self.lines[number]);
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            for piece in piece.chunks(LONGEST_LINE) {
                line.extend_from_slice(piece);
                if line.ends_with(b"\n") || line.len() >= LONGEST_LINE {
                    self.search(&line);
                    line.clear();
                }
            }
        }
        self.lines[number] = line;
    }

    /// What has been found, in the order of the patterns.
    pub(crate) fn finish(mut self) -> Vec<Metric> {
        for line in std::mem::take(&mut self.lines) {
            self.search(&line);
        }
        let found = self.patterns.iter().zip(self.found);
        found
            .filter_map(|(pattern, value)| {
                Some(Metric {
                    name: pattern.name.clone(),
                    value: value?,
                })
            })
            .collect()
    }

    fn search(&mut self, line: &[u8]) {
        for (pattern, found) in self.patterns.iter().zip(&mut self.found) {
            let numbers = pattern.regex.captures_iter(line).filter_map(|captures| {
                let group = captures.get(1).or_else(|| captures.get(0))?;
                str::from_utf8(group.as_bytes()).ok()?.trim().parse().ok()
            });
            *found = numbers.last().or(*found);
        }
    }
}

/// What a program told, and what was found in its output: the latter wins.
pub(crate) fn joined(told: Vec<Metric>, found: Vec<Metric>) -> Vec<Metric> {
    let mut joined = told;
    for metric in found {
        match joined.iter_mut().find(|one| one.name == metric.name) {
            Some(one) => one.value = metric.value,
            None => joined.push(metric),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(name: &str, regex: &str) -> Pattern {
        Pattern {
            name: name.to_owned(),
            regex: Regex::new(regex).unwrap(),
        }
    }

    fn metric(name: &str, value: f64) -> Metric {
        Metric {
            name: name.to_owned(),
            value,
        }
    }

    fn found(pattern: &Pattern, pieces: &[(Stream, &str)]) -> Option<f64> {
        let mut reader = Reader::new(std::slice::from_ref(pattern));
        for (stream, piece) in pieces {
            reader.read(*stream, piece.as_bytes());
        }
        reader.finish().first().map(|metric| metric.value)
    }

    #[test]
    fn the_last_number_counts_wherever_the_output_was_cut() {
        use Stream::{Stderr, Stdout};
        let loss = pattern("loss", "loss=([0-9.e-]+)");
        for pieces in [
            &[(Stdout, "loss=0.5\nloss=0.25\n")][..],
            &[(Stdout, "loss=0.5 loss=0.25")],
            &[
                (Stdout, "loss=0.5\nlo"),
                (Stderr, "x\n"),
                (Stdout, "ss=0.25"),
            ],
            &[(Stderr, "loss=0.2"), (Stderr, "5\n"), (Stdout, "done\n")],
            &[(Stdout, "loss=0.25\nloss=e\n")],
        ] {
            assert_eq!(found(&loss, pieces), Some(0.25), "{pieces:?}");
        }
        assert_eq!(found(&loss, &[(Stdout, "no such thing")]), None);
        let whole = pattern("n", "[0-9]*");
        assert_eq!(found(&whole, &[(Stdout, "1 22\n")]), Some(22.0));
    }

    #[test]
    fn a_line_without_an_end_is_not_held() {
        let patterns = [pattern("loss", "loss=([0-9]+)")];
        let mut reader = Reader::new(&patterns);
        for _ in 0..100 {
            reader.read(Stream::Stdout, &[b'x'; 100_000]);
            assert!(reader.lines[0].capacity() <= 4 * LONGEST_LINE);
        }
        reader.read(Stream::Stdout, b"\nloss=7");
        assert_eq!(reader.finish(), [metric("loss", 7.0)]);
    }

    #[test]
    fn what_was_found_wins_over_what_was_told() {
        assert_eq!(
            joined(
                vec![metric("loss", 1.0), metric("acc", 0.5)],
                vec![metric("loss", 2.0), metric("n", 3.0)]
            ),
            [metric("loss", 2.0), metric("acc", 0.5), metric("n", 3.0)]
        );
    }
}
