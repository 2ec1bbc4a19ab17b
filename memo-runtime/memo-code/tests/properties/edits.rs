//! The tokens of a text, and edits between and of them.

use std::ops::Range;

use proc_macro2::{Spacing, TokenStream, TokenTree};

use super::random::Random;

/// A text and where its tokens are.
pub(crate) struct Tokens<'a> {
    text: &'a str,
    /// The tokens in order, delimiters and documentation apart.
    leaves: Vec<Range<usize>>,
    /// What is between brackets, with them.
    groups: Vec<Range<usize>>,
    /// Where a space changes nothing.
    gaps: Vec<usize>,
}

impl<'a> Tokens<'a> {
    /// The tokens of `text`; `None` if it has none.
    pub(crate) fn of(text: &'a str) -> Option<Self> {
        let stream: TokenStream = text.parse().ok()?;
        let mut tokens = Self {
            text,
            leaves: Vec::new(),
            groups: Vec::new(),
            gaps: Vec::new(),
        };
        tokens.walk(stream);
        (!tokens.leaves.is_empty()).then_some(tokens)
    }

    fn walk(&mut self, stream: TokenStream) {
        let mut joined = false;
        let mut documented = 0;
        for token in stream {
            let span = token.span().byte_range();
            if span.start < documented {
                continue;
            }
            if !joined {
                self.gaps.push(span.start);
            }
            joined = false;
            match token {
                TokenTree::Group(group) => {
                    self.walk(group.stream());
                    self.groups.push(span);
                    self.gaps.push(group.span_close().byte_range().start);
                }
                TokenTree::Punct(_)
                    if self.text[span.clone()].starts_with('/') && span.len() > 1 =>
                {
                    documented = span.end;
                }
                TokenTree::Punct(punct) => {
                    // With a space behind it, the dot of `pair.0.len()` would belong to a number.
                    let number = self.text[..span.start].ends_with(|it: char| it.is_ascii_digit());
                    joined = punct.spacing() == Spacing::Joint || punct.as_char() == '.' && number;
                    self.leaves.push(span);
                }
                TokenTree::Ident(_) | TokenTree::Literal(_) => self.leaves.push(span),
            }
        }
    }

    /// The text with comments, spaces and lines put between tokens.
    pub(crate) fn spread(&self, random: &mut Random) -> String {
        const NOTHING: [&str; 7] = [
            " ",
            "\n",
            "\t\n\n  ",
            " /* note */ ",
            " // note\n",
            " /* a /* note */ in #[a] note } */ ",
            " //// no documentation\n",
        ];
        let mut text = String::new();
        let mut from = 0;
        for &gap in &self.gaps {
            if random.one_in(3) {
                text.push_str(&self.text[from..gap]);
                text.push_str(random.of(&NOTHING));
                from = gap;
            }
        }
        text + &self.text[from..]
    }

    /// The text with one token deleted or doubled between the brackets that open at `start`;
    /// `None` if there is none.
    pub(crate) fn altered(&self, start: usize, random: &mut Random) -> Option<String> {
        let range = self.groups.iter().find(|group| group.start == start)?;
        let inside = |leaf: &&Range<usize>| {
            range.start <= leaf.start && leaf.end <= range.end && &self.text[(*leaf).clone()] != ","
        };
        let leaves: Vec<&Range<usize>> = self.leaves.iter().filter(inside).collect();
        let leaf = *leaves.get(random.below(leaves.len().max(1)))?;
        let (before, token, after) = (
            &self.text[..leaf.start],
            &self.text[leaf.clone()],
            &self.text[leaf.end..],
        );
        Some(if random.one_in(2) {
            format!("{before} {after}")
        } else {
            format!("{before}{token} {token}{after}")
        })
    }
}
