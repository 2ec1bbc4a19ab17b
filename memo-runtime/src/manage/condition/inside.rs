//! Looking into the text of a value: `Config { lr: 0.1, layers: 3 }` has `lr`.
//!
//! Fields of structs, values of maps, and elements by their position; a value
//! that something is wrapped around, as in `Some(Config { lr: 0.1 })`, is looked
//! into as well. What stands where a text was cut short is not found.

use std::borrow::Cow;

use super::quoted::unquoted;

/// The value with the name `name`: a whole one, or a part of one.
pub(super) fn value<'a>(
    name: &str,
    value_of: &impl Fn(&str) -> Option<Cow<'a, str>>,
) -> Option<Cow<'a, str>> {
    if let Some(value) = value_of(name) {
        return Some(value);
    }
    name.rmatch_indices('.').find_map(|(dot, _)| {
        let whole = value_of(&name[..dot])?;
        let found = name[dot + 1..]
            .split('.')
            .try_fold(&*whole, |text, part| part_of(text, part))?;
        Some(Cow::Owned(found.to_owned()))
    })
}

/// How many values may be wrapped around one that is looked into.
const WRAPPINGS: usize = 16;

/// What the text of a value has under a name.
fn part_of<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let mut text = text;
    for _ in 0..WRAPPINGS {
        let open = text.find(['{', '(', '[', '"', '\''])?;
        let mut items = Items(text.get(open + 1..)?);
        let bracket = text.as_bytes()[open];
        match (bracket, name.parse()) {
            (b'{', _) => {
                let mut fields = items.filter_map(|item| item.split_at_checked(colon(item)?));
                let (_, value) = fields.find(|(field, _)| unquoted(field) == name)?;
                return Some(value[1..].trim());
            }
            (b'(' | b'[', Ok(position)) => {
                return items.nth(position).filter(|item| !item.contains('…'));
            }
            (b'(', Err(_)) => {
                text = items.next()?;
                if items.next().is_some() {
                    return None;
                }
            }
            _ => return None,
        }
    }
    None
}

/// Where the colon after a field's name is.
fn colon(item: &str) -> Option<usize> {
    let mut outside = Outside::default();
    item.char_indices()
        .find(|(_, c)| outside.is_at(*c) && *c == ':')
        .map(|(at, _)| at)
}

/// The items of a list: what ends with a comma or the closing bracket.
struct Items<'t>(&'t str);

impl<'t> Iterator for Items<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let mut outside = Outside::default();
        let (end, closing) = self.0.char_indices().find_map(|(at, c)| {
            let ends = outside.is_at(c) && matches!(c, ',' | ')' | ']' | '}');
            ends.then_some((at, c))
        })?;
        let item = self.0[..end].trim();
        self.0 = if closing == ',' {
            &self.0[end + 1..]
        } else {
            ""
        };
        (!item.is_empty()).then_some(item)
    }
}

/// Whether one is outside all brackets and quotation marks.
#[derive(Default)]
struct Outside {
    depth: usize,
    quote: Option<char>,
    escaped: bool,
}

impl Outside {
    /// Goes on by a character, and tells whether it is outside itself.
    fn is_at(&mut self, c: char) -> bool {
        if let Some(quote) = self.quote {
            match c {
                _ if self.escaped => self.escaped = false,
                '\\' => self.escaped = true,
                _ if c == quote => self.quote = None,
                _ => {}
            }
            return false;
        }
        let outside = self.depth == 0;
        match c {
            '"' | '\'' => self.quote = Some(c),
            '(' | '[' | '{' => self.depth += 1,
            ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        outside
    }
}
