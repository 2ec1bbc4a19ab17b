//! What differs between two texts, line by line and within a line.

use similar::{Algorithm, DiffTag, capture_diff_slices, group_diff_ops};

/// A line of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// It was there before.
    Old(String),
    /// It is there now.
    New(String),
    /// It is in both, and shows where the others are.
    Around(String),
    /// It is in neither, and says something of them.
    Note(String),
}

/// How much of a difference is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    /// At most so many lines.
    pub(crate) lines: usize,
    /// So many lines around those that differ, unless those are few.
    pub(crate) around: usize,
    /// At most so many characters of a line, where they differ.
    pub(crate) columns: usize,
}

/// So few lines are understood without those around them.
const FEW: usize = 4;
/// So many characters are kept on both sides of what differs in a line.
const KEPT: usize = 8;

/// The lines in which two texts differ. How far they are indented counts
/// only where nothing else differs.
pub(crate) fn differing_lines(before: &str, after: &str, extent: Extent) -> Vec<Line> {
    let [old, new] = [before, after].map(|text| {
        let lines = text
            .lines()
            .map(|line| line.trim_end().replace('\t', "    "));
        lines.collect::<Vec<String>>()
    });
    let [old_words, new_words] = [&old, &new].map(|lines| {
        let lines = lines.iter().map(|line| line.trim_start());
        lines.collect::<Vec<&str>>()
    });
    let parts = if old_words == new_words {
        capture_diff_slices(Algorithm::Myers, &old, &new)
    } else {
        capture_diff_slices(Algorithm::Myers, &old_words, &new_words)
    };
    let differing = parts.iter().filter(|part| part.tag() != DiffTag::Equal);
    let differing = differing.map(|part| part.old_range().len() + part.new_range().len());
    let around = match differing.sum() {
        0..=FEW => 0,
        _ => extent.around,
    };
    let mut lines = Vec::new();
    for (number, group) in group_diff_ops(parts, around).iter().enumerate() {
        if number > 0 {
            lines.push(Line::Note("…".to_owned()));
        }
        for part in group {
            if part.tag() == DiffTag::Equal {
                lines.extend(new[part.new_range()].iter().cloned().map(Line::Around));
            } else {
                lines.extend(old[part.old_range()].iter().cloned().map(Line::Old));
                lines.extend(new[part.new_range()].iter().cloned().map(Line::New));
            }
        }
    }
    narrow(&mut lines, extent.columns);
    // A line is not given up for one that says no more than that.
    if lines.len() > extent.lines.saturating_add(1) {
        let more = lines.len() - extent.lines;
        lines.truncate(extent.lines);
        lines.push(Line::Note(format!("… {more} more lines")));
    }
    lines
}

/// Shortens a long line that stands for another to what differs in it.
fn narrow(lines: &mut [Line], columns: usize) {
    for at in 1..lines.len() {
        let alone = !matches!(lines.get(at + 1), Some(Line::New(_)))
            && !matches!(at.checked_sub(2).map(|at| &lines[at]), Some(Line::Old(_)));
        if let [Line::Old(old), Line::New(new)] = &lines[at - 1..=at]
            && alone
        {
            let (old, new) = differing_parts(old, new, columns);
            (lines[at - 1], lines[at]) = (Line::Old(old), Line::New(new));
        }
    }
}

/// Two texts, or the parts of them that differ if one of them has more than
/// so many characters.
pub(crate) fn differing_parts(before: &str, after: &str, columns: usize) -> (String, String) {
    let [old, new] = [before, after].map(|text| text.chars().collect::<Vec<char>>());
    if old.len().max(new.len()) <= columns {
        return (before.to_owned(), after.to_owned());
    }
    let equal = |(one, other): &(&char, &char)| one == other;
    let start = old.iter().zip(&new).take_while(equal).count();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let ends = old_rest.iter().rev().zip(new_rest.iter().rev());
    let end = ends.take_while(equal).count();
    let part = |text: &[char]| {
        let from = if start > KEPT + 1 { start - KEPT } else { 0 };
        let left_out = if end > KEPT + 1 { end - KEPT } else { 0 };
        let mut part = String::new();
        if from > 0 {
            part.push('…');
        }
        part.extend(&text[from..text.len() - left_out]);
        if left_out > 0 {
            part.push('…');
        }
        part
    };
    (part(&old), part(&new))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Extent = Extent {
        lines: 100,
        around: 1,
        columns: 100,
    };

    fn shown(before: &str, after: &str, extent: Extent) -> String {
        let line = |line: &Line| match line {
            Line::Old(text) => format!("-{text}"),
            Line::New(text) => format!("+{text}"),
            Line::Around(text) => format!(" {text}"),
            Line::Note(text) => text.clone(),
        };
        let lines = differing_lines(before, after, extent);
        lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn few_lines_are_shown_alone() {
        let before = "fn f() {\n\ta;\n    b\n}";
        let after = "fn f() {\n    a;\n    c\n}\n";
        assert_eq!(shown(before, after, WHOLE), "-    b\n+    c");
        assert_eq!(shown("a\nb\nc\n", "a\nx\nc\n", WHOLE), "-b\n+x");
        assert_eq!(shown("a\n", "a\n", WHOLE), "");
    }

    #[test]
    fn indentation_counts_where_nothing_else_differs() {
        let deeper = "if x {\n    a\n    b\n}";
        assert_eq!(shown("a\nb", deeper, WHOLE), "+if x {\n…\n+}");
        assert_eq!(shown("\" a\nb\"", "\" a\n  b\"", WHOLE), "-b\"\n+  b\"");
    }

    #[test]
    fn many_lines_are_shown_with_those_around_them() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let after = "1\n2\na\nb\n5\n6\n7\nc\n9\n";
        assert_eq!(
            shown(before, after, WHOLE),
            " 2\n-3\n-4\n+a\n+b\n 5\n…\n 7\n-8\n+c\n 9"
        );
    }

    #[test]
    fn what_is_too_long_is_cut_with_a_count() {
        let before = "a\n".repeat(20);
        let extent = Extent { lines: 3, ..WHOLE };
        assert_eq!(shown(&before, "", extent), "-a\n-a\n-a\n… 17 more lines");
        let fits = "a\n".repeat(4);
        assert_eq!(shown(&fits, "", extent), "-a\n-a\n-a\n-a");
    }

    #[test]
    fn of_long_lines_the_differing_part_is_shown() {
        let [long, other] = ["0.5", "0.75"].map(|number| {
            let (head, tail) = ("x, ".repeat(20), ", y".repeat(20));
            format!("f({head}{number}{tail})")
        });
        let extent = Extent {
            columns: 40,
            ..WHOLE
        };
        assert_eq!(
            shown(&long, &other, extent),
            "-…x, x, 0.5, y, y,…\n+…x, x, 0.75, y, y,…"
        );
        // Of two there, which one stands for the new one cannot be told.
        let two = format!("{long}\n{long}\n");
        assert_eq!(shown(&two, &other, extent).matches(&long).count(), 2);
    }

    #[test]
    fn the_differing_part_of_texts_that_overlap_is_not_counted_twice() {
        let long = "a".repeat(50);
        let longer = "a".repeat(52);
        let (before, after) = differing_parts(&long, &longer, 20);
        assert_eq!((&*before, &*after), ("…aaaaaaaa", "…aaaaaaaaaa"));
        assert_eq!(differing_parts("ab", "ac", 2), ("ab".into(), "ac".into()));
    }
}
