//! Sentences, broken into lines.

use super::escape;

/// `text` in lines of at most `width` columns, broken between words; all but
/// the first begin with `indent` spaces.
pub(crate) fn paragraph(text: &str, indent: usize, width: Option<usize>) -> String {
    let mut lines = String::new();
    let mut columns = 0;
    for word in escape(text).split(' ') {
        let length = word.chars().count();
        let fits = width.is_none_or(|width| columns + 1 + length <= width);
        if columns == 0 {
            columns = length;
        } else if fits {
            lines.push(' ');
            columns += 1 + length;
        } else {
            lines.push('\n');
            lines.extend(std::iter::repeat_n(' ', indent));
            columns = indent + length;
        }
        lines.push_str(word);
    }
    lines.push('\n');
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words() {
        let text = "one two three\n four";
        assert_eq!(paragraph(text, 2, None), "one two three\\n four\n");
        assert_eq!(paragraph(text, 2, Some(9)), "one two\n  three\\n\n  four\n");
        assert_eq!(paragraph("one two", 0, Some(3)), "one\ntwo\n");
        assert_eq!(paragraph("unbreakable", 2, Some(3)), "unbreakable\n");
    }
}
