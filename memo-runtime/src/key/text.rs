//! Values as people read them in tables and messages: short, on one line, safe to print.
//!
//! The text is not an input to any key. It looks like what `Debug` prints, and is made by
//! way of `Serialize`, which every argument implements. A value is not walked further than
//! it is shown, so the work does not grow with the value.

mod describer;
mod lists;

use std::fmt::{self, Display, Write};

use serde::{Serialize, Serializer, ser};

use describer::Describer;

/// The most bytes that a text has.
const LIMIT: usize = 200;

/// Stands for what is not shown.
const ELLIPSIS: &str = "…";

/// A text of at most 200 bytes that shows a value: `0.1`, `"adam"`,
/// `[2, 3, 5, … 26355867 items]`, `Config { lr: 0.1, layers: 3 }`.
///
/// A text that ends with an ellipsis was too long, or the rest of the value fails to
/// serialize. Control characters are escaped. Collections without order are
/// shown in the order in which they iterate.
pub fn short_text<T: Serialize + ?Sized>(value: &T) -> String {
    let mut text = Text::default();
    if value.serialize(Describer(&mut text)).is_err() {
        text.cut();
    }
    text.shown
}

/// Whether values that are serialized to `S` become a text.
pub(super) fn is_text<S: Serializer>() -> bool {
    typeid::of::<S>() == typeid::of::<Describer<'static>>()
}

/// The text so far.
#[derive(Default)]
struct Text {
    shown: String,
    /// How many brackets are open.
    open: usize,
    /// Nothing is added any more.
    complete: bool,
}

impl Text {
    fn push(&mut self, piece: &str) -> Result<(), Stop> {
        if self.complete {
            return Err(Stop);
        }
        let room = LIMIT - self.shown.len();
        self.shown.push_str(beginning(piece, room));
        if piece.len() > room {
            self.cut();
            return Err(Stop);
        }
        Ok(())
    }

    fn show(&mut self, value: fmt::Arguments<'_>) -> Result<(), Stop> {
        self.write_fmt(value).map_err(|_| Stop)
    }

    /// Shows the name of a type, a variant or a field.
    fn show_name(&mut self, name: &str) -> Result<(), Stop> {
        self.show(format_args!("{}", name.escape_debug()))
    }

    /// Shows a string in quotation marks. One character more than fits is looked at, so
    /// that a string that goes on is seen to do so.
    fn show_quoted(&mut self, string: &str) -> Result<(), Stop> {
        let looked_at = beginning(string, LIMIT + char::MAX.len_utf8());
        self.show(format_args!("{looked_at:?}"))
    }

    fn open(&mut self, bracket: &str) -> Result<(), Stop> {
        self.open += 1;
        self.push(bracket)
    }

    fn close(&mut self, bracket: &str) -> Result<(), Stop> {
        self.open -= 1;
        self.push(bracket)
    }

    /// Ends the walk of a value of which enough has been shown.
    fn stop(&mut self) -> Stop {
        self.complete |= self.open == 0;
        Stop
    }

    /// Ends a text that does not show the whole value.
    fn cut(&mut self) {
        if !self.complete {
            let room = LIMIT - ELLIPSIS.len();
            self.shown.truncate(beginning(&self.shown, room).len());
            self.shown.push_str(ELLIPSIS);
            self.complete = true;
        }
    }
}

impl Write for Text {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.push(piece).map_err(|_| fmt::Error)
    }
}

/// As much of a string as fits into `room` bytes.
fn beginning(string: &str, room: usize) -> &str {
    let mut end = room.min(string.len());
    while !string.is_char_boundary(end) {
        end -= 1;
    }
    &string[..end]
}

/// The text is complete, or the value fails to serialize: go no further.
#[derive(Debug)]
struct Stop;

impl Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no more of the value is shown")
    }
}

impl std::error::Error for Stop {}

impl ser::Error for Stop {
    fn custom<T: Display>(_reason: T) -> Self {
        Self
    }
}
