//! Texts in quotation marks, as `Debug` prints strings and characters.

use std::borrow::Cow;
use std::str::Chars;

/// A text without the quotation marks around it and the escapes within, if it
/// has any. Of a string that was cut short the closing mark is missing.
pub(super) fn unquoted(text: &str) -> Cow<'_, str> {
    let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        return Cow::Borrowed(text);
    };
    let mut rest = text[1..].chars();
    let mut read = String::with_capacity(text.len());
    loop {
        match rest.next() {
            Some(c) if c == quote => break,
            Some('\\') => read.extend(escaped(&mut rest)),
            Some(c) => read.push(c),
            None => break,
        }
    }
    if rest.as_str().is_empty() {
        Cow::Owned(read)
    } else {
        Cow::Borrowed(text)
    }
}

/// Reads what stands after a backslash.
pub(super) fn escaped(rest: &mut Chars<'_>) -> Option<char> {
    Some(match rest.next()? {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '0' => '\0',
        'u' => {
            let (code, after) = rest.as_str().strip_prefix('{')?.split_once('}')?;
            let c = u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
            *rest = after.chars();
            c?
        }
        c => c,
    })
}
