//! A value in JSON.
//!
//! `Some` vanishes, `None` and `()` are null, other variants are objects with
//! one field. Maps are objects if their keys are texts, else lists of pairs.
//! Bytes are texts of hex digits, and so that nothing is lost, numbers that JSON
//! does not have are texts too.

use std::io;
use std::ops::ControlFlow;

use memo_runtime::manage::{Atom, Group, Inspector};

use crate::failure::Failure;
use crate::render::line;
use crate::shell::Shell;

/// So much is gathered before it is written.
const PIECE: usize = 32 << 10;

/// Writes a value.
pub(super) struct JsonValue<'s> {
    shell: &'s Shell,
    text: String,
    groups: Vec<Open>,
    written: io::Result<()>,
}

/// A group that has begun.
struct Open {
    form: Form,
    /// How many pieces it has so far.
    pieces: u64,
}

/// What a group is in JSON.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    List,
    /// A map of which no key has been seen.
    Map,
    Object,
    Pairs,
    /// Just the one piece in it.
    Nothing,
    /// One field.
    Field,
}

impl<'s> JsonValue<'s> {
    /// Writes to `shell`, behind the text `before`.
    pub(super) fn new(shell: &'s Shell, before: String) -> Self {
        Self {
            shell,
            text: before,
            groups: Vec::new(),
            written: Ok(()),
        }
    }

    /// Adds text that is JSON.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Writes what has been gathered.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        self.write();
        Ok(self.written?)
    }

    fn write(&mut self) {
        if self.written.is_ok() {
            self.written = self.shell.print(&self.text);
        }
        self.text.clear();
    }

    /// What stands before the next piece of a group.
    fn separate(&mut self, is_text: bool) {
        let Some(open) = self.groups.last_mut() else {
            return;
        };
        if open.form == Form::Map {
            open.form = if is_text { Form::Object } else { Form::Pairs };
            self.text.push(if is_text { '{' } else { '[' });
        }
        let is_key = open.pieces.is_multiple_of(2);
        self.text.push_str(match (open.form, open.pieces) {
            (Form::Pairs, 0) => "[",
            (Form::Pairs, _) if is_key => "], [",
            (_, 0) => "",
            (Form::Object, _) if !is_key => ": ",
            _ => ", ",
        });
        open.pieces += 1;
    }

    fn flow(&mut self) -> ControlFlow<()> {
        if self.text.len() > PIECE {
            self.write();
        }
        match self.written {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

impl Inspector for JsonValue<'_> {
    fn atom(&mut self, atom: Atom<'_>) -> ControlFlow<()> {
        self.separate(matches!(atom, Atom::Text { .. }));
        self.text.push_str(&match atom {
            Atom::Unit | Atom::Nothing => "null".to_owned(),
            Atom::Bool(value) => value.to_string(),
            Atom::Unsigned(value) => value.to_string(),
            Atom::Signed(value) => value.to_string(),
            Atom::Single(value) if value.is_finite() => format!("{value:?}"),
            Atom::Double(value) if value.is_finite() => format!("{value:?}"),
            Atom::Single(value) => format!("\"{value:?}\""),
            Atom::Double(value) => format!("\"{value:?}\""),
            Atom::Char(value) => string(&value.to_string()),
            Atom::Text { text, .. } => string(text),
            Atom::Bytes { bytes, .. } => {
                let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("\"{hex}\"")
            }
        });
        self.flow()
    }

    fn begin(&mut self, group: Group) -> ControlFlow<()> {
        self.separate(false);
        let (form, text) = match group {
            Group::List | Group::Tuple => (Form::List, "[".to_owned()),
            Group::Map => (Form::Map, String::new()),
            Group::Struct(_) => (Form::Object, "{".to_owned()),
            Group::Variant("Some") => (Form::Nothing, String::new()),
            Group::Variant(name) => (Form::Field, format!("{{{}: ", string(name))),
        };
        self.text.push_str(&text);
        self.groups.push(Open { form, pieces: 0 });
        self.flow()
    }

    fn end(&mut self, _left_out: u64) -> ControlFlow<()> {
        let form = self.groups.pop().map(|open| open.form);
        self.text.push_str(match form {
            Some(Form::List) => "]",
            Some(Form::Map) => "{}",
            Some(Form::Object | Form::Field) => "}",
            Some(Form::Pairs) => "]]",
            Some(Form::Nothing) | None => "",
        });
        self.flow()
    }
}

/// A text in quotation marks.
fn string(text: &str) -> String {
    line(text).trim_end().to_owned()
}
