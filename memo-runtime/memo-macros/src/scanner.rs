//! Splits source text into the words and marks that show its structure, with their offsets.
//!
//! Comments and literals are left out, so that no brace inside one is seen. A lifetime is one
//! token, as is a name with its `r#`; every other mark is a token of one character. Numbers come as
//! words. Text that is no Rust gives some tokens or others, and never a panic.

/// The tokens of a source text, in order.
pub(crate) struct Scanner<'a> {
    source: &'a str,
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(source: &'a str) -> Scanner<'a> {
        let mut scanner = Scanner {
            source,
            rest: source,
        };
        if source.starts_with("#!") && !source[2..].trim_start().starts_with('[') {
            scanner.advance_while(|letter| letter != '\n');
        }
        scanner
    }

    fn first(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// Moves on by `length` bytes and returns them.
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    fn advance_while(&mut self, accept: impl Fn(char) -> bool) -> &'a str {
        let length = self
            .rest
            .find(|letter| !accept(letter))
            .unwrap_or(self.rest.len());
        self.take(length)
    }

    /// Moves on to just behind the next `end`.
    fn take_past(&mut self, end: &str) {
        let length = self
            .rest
            .find(end)
            .map_or(self.rest.len(), |at| at + end.len());
        self.take(length);
    }

    fn skip_block_comment(&mut self) {
        let mut depth = 0_usize;
        while !self.rest.is_empty() {
            if self.rest.starts_with("/*") {
                depth += 1;
                self.take(2);
            } else if self.rest.starts_with("*/") {
                depth -= 1;
                self.take(2);
                if depth == 0 {
                    return;
                }
            } else {
                self.take(self.first().map_or(0, char::len_utf8));
            }
        }
    }

    /// Skips a literal up to the next unescaped `quote`, which also opened it.
    fn skip_quoted(&mut self, quote: char) {
        self.take(quote.len_utf8());
        while let Some(letter) = self.first() {
            self.take(letter.len_utf8());
            if letter == quote {
                return;
            }
            if letter == '\\' {
                self.take(self.first().map_or(0, char::len_utf8));
            }
        }
    }

    /// Skips a raw string if one stands here, at its `#` or its quote.
    fn skip_raw_string(&mut self) -> bool {
        let hashes = self.rest.len() - self.rest.trim_start_matches('#').len();
        let raw = self.rest[hashes..].starts_with('"');
        if raw {
            self.take(hashes + 1);
            self.take_past(&format!("\"{}", "#".repeat(hashes)));
        }
        raw
    }

    /// A character literal is skipped, a lifetime returned.
    fn apostrophe(&mut self) -> Option<&'a str> {
        let mut letters = self.rest.chars().skip(1);
        let (first, second) = (letters.next(), letters.next());
        if first == Some('\\') || second == Some('\'') {
            self.skip_quoted('\'');
            return None;
        }
        let name = self.rest[1..].find(|letter| !is_word(letter));
        Some(self.take(name.map_or(self.rest.len(), |length| 1 + length)))
    }

    /// A word, unless it turns out to be the prefix of a string, which is skipped with it.
    fn word(&mut self) -> Option<&'a str> {
        let before = self.rest;
        let word = self.advance_while(is_word);
        match word {
            "r" | "br" | "cr" if self.skip_raw_string() => None,
            "b" | "c" if self.rest.starts_with('"') => {
                self.skip_quoted('"');
                None
            }
            "r" if self.rest[..].starts_with('#') && self.rest[1..].starts_with(is_word) => {
                self.take(1);
                let name = self.advance_while(is_word);
                Some(&before[..2 + name.len()])
            }
            word => Some(word),
        }
    }
}

impl<'a> Iterator for Scanner<'a> {
    type Item = (&'a str, usize);

    fn next(&mut self) -> Option<(&'a str, usize)> {
        loop {
            let start = self.source.len() - self.rest.len();
            let token = match self.first()? {
                letter if letter.is_whitespace() => {
                    self.advance_while(char::is_whitespace);
                    None
                }
                '/' if self.rest.starts_with("//") => {
                    self.advance_while(|letter| letter != '\n');
                    None
                }
                '/' if self.rest.starts_with("/*") => {
                    self.skip_block_comment();
                    None
                }
                '"' => {
                    self.skip_quoted('"');
                    None
                }
                '\'' => self.apostrophe(),
                letter if is_word(letter) => self.word(),
                letter => Some(self.take(letter.len_utf8())),
            };
            if let Some(token) = token {
                return Some((token, start));
            }
        }
    }
}

fn is_word(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::Scanner;

    fn tokens(source: &str) -> String {
        Scanner::new(source)
            .map(|(token, _)| token)
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn braces_inside_comments_and_literals_are_not_seen() {
        for source in [
            "a // {\n b",
            "a /* { /* { */ { */ b",
            "a \"{\\\"{\" b",
            "a r\"{\\\" b",
            "a r##\"{\"#{\"## b",
            "a b\"{\" br#\"{\"# c\"{\" cr#\"{\"# b",
            "#!/bin/{\na b",
        ] {
            assert_eq!(tokens(source), "a b", "{source}");
        }
        assert_eq!(tokens("'{' '\\'' '\\u{1F600}' b'{' x"), "b x");
    }

    #[test]
    fn lifetimes_and_raw_names_are_one_token() {
        assert_eq!(tokens("&'a r#type<'_>"), "& 'a r#type < '_ >");
    }

    #[test]
    fn offsets_count_bytes() {
        let offsets: Vec<_> = Scanner::new("é x /*\n*/ \"\n\" y").collect();
        assert_eq!(offsets, [("é", 0), ("x", 3), ("y", 15)]);
    }

    #[test]
    fn what_never_closes_ends_with_the_text() {
        for source in ["\"a", "'\\", "/* /* */", "r#\"a\"", "'", "r#", "b'", "#!"] {
            Scanner::new(source).for_each(drop);
        }
    }
}
