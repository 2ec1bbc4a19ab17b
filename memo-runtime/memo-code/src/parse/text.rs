//! Source text without comments and empty lines, for people to read.

/// `source` without comments, documentation, empty lines and what all lines are indented by.
pub(super) fn readable(source: &str, column: usize) -> String {
    let code = without_comments(source);
    let mut lines = code
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty());
    let mut text = String::with_capacity(code.len());
    if let Some(first) = lines.next() {
        text.push_str(first.trim_start());
    }
    for line in lines {
        let indent = line
            .bytes()
            .take(column)
            .take_while(|byte| *byte == b' ')
            .count();
        text.push('\n');
        text.push_str(&line[indent..]);
    }
    text
}

fn without_comments(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut out = String::with_capacity(source.len());
    let (mut at, mut copied) = (0, 0);
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                let line = source[at..]
                    .find('\n')
                    .map_or(bytes.len(), |length| at + length);
                out.push_str(&source[copied..at]);
                copied = line;
                line
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                let end = at + block_comment(&bytes[at..]);
                out.push_str(&source[copied..at]);
                copied = end;
                end
            }
            b'"' => at + quoted(&bytes[at..]),
            b'r' if !bytes[..at]
                .last()
                .is_some_and(|byte| is_word(*byte) && *byte != b'b' && *byte != b'c') =>
            {
                at + raw(&bytes[at..])
            }
            b'\'' => at + apostrophe(&source[at..]),
            _ => at + 1,
        };
        at = end.min(bytes.len());
    }
    out.push_str(&source[copied.min(bytes.len())..]);
    out
}

fn is_word(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

/// The length of the block comment at the front.
pub(super) fn block_comment(bytes: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < bytes.len() {
        match &bytes[at..] {
            [b'/', b'*', ..] => {
                depth += 1;
                at += 2;
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    at
}

fn quoted(bytes: &[u8]) -> usize {
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

fn raw(bytes: &[u8]) -> usize {
    let hashes = bytes[1..].iter().take_while(|byte| **byte == b'#').count();
    if bytes.get(1 + hashes) != Some(&b'"') {
        return 1;
    }
    let mut at = 2 + hashes;
    while at < bytes.len() {
        let closes = bytes[at] == b'"'
            && bytes[at + 1..]
                .iter()
                .take(hashes)
                .filter(|byte| **byte == b'#')
                .count()
                == hashes;
        if closes {
            return at + 1 + hashes;
        }
        at += 1;
    }
    at
}

/// A character, or the mark of a lifetime.
fn apostrophe(text: &str) -> usize {
    let mut letters = text.char_indices().skip(1);
    match (letters.next(), letters.next()) {
        (Some((_, '\\')), Some((at, letter))) => {
            let from = at + letter.len_utf8();
            text[from..].find('\'').map_or(from, |end| from + end + 1)
        }
        (_, Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn comments_and_empty_lines_are_left_out() {
        let source = "/// Doc.\n    fn f() { // why\n\n        /* a /* b */ */ g(\"// no\", '\"', r#\"/* \"no\" */\"#)\n    }";
        assert_eq!(
            readable(source, 4),
            "fn f() {\n     g(\"// no\", '\"', r#\"/* \"no\" */\"#)\n}"
        );
    }

    #[test]
    fn what_never_closes_ends_with_the_text() {
        for source in ["/*", "\"\\", "r#\"", "'", "'\\", "//", "é'é"] {
            readable(source, 0);
        }
    }
}
