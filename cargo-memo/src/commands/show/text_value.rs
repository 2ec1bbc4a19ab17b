//! A value as people read it: much as `Debug` prints it, in lines that fit.

use std::io;
use std::ops::ControlFlow;

use memo_runtime::manage::{Atom, Group, Inspector};

use crate::failure::Failure;
use crate::render::escape;
use crate::shell::Shell;

/// So much is gathered before it is written.
const PIECE: usize = 32 << 10;

/// Writes a value.
pub(super) struct TextValue<'s> {
    shell: &'s Shell,
    width: usize,
    groups: Vec<Open>,
    text: String,
    /// How many characters the line has.
    column: usize,
    /// Whether something precedes in the line, at which it may be broken.
    spaced: bool,
    written: io::Result<()>,
}

/// A group that has begun.
struct Open {
    group: Group,
    /// How many pieces it has so far.
    pieces: u64,
}

impl Open {
    fn has_pairs(&self) -> bool {
        matches!(self.group, Group::Map | Group::Struct(_))
    }
}

impl<'s> TextValue<'s> {
    /// Writes to `shell`, in lines of at most `width` characters if possible.
    pub(super) fn new(shell: &'s Shell, width: Option<usize>) -> Self {
        Self {
            shell,
            width: width.unwrap_or(usize::MAX),
            groups: Vec::new(),
            text: String::new(),
            column: 0,
            spaced: false,
            written: Ok(()),
        }
    }

    /// Ends the last line, and writes what has been gathered.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        if !self.text.is_empty() || self.column > 0 {
            self.text.push('\n');
        }
        self.write();
        Ok(self.written?)
    }

    fn write(&mut self) {
        if self.written.is_ok() {
            self.written = self.shell.print(&self.text);
        }
        self.text.clear();
    }

    fn push(&mut self, token: &str) {
        let len = token.chars().count();
        if std::mem::take(&mut self.spaced) {
            if self.column + 1 + len < self.width {
                self.text.push(' ');
                self.column += 1;
            } else {
                self.text.push_str("\n  ");
                self.column = 2;
            }
        }
        self.text.push_str(token);
        self.column += len;
    }

    /// What stands before the next piece of a group.
    fn separate(&mut self) {
        let Some(open) = self.groups.last_mut() else {
            return;
        };
        let separator = match open.pieces {
            0 => "",
            odd if open.has_pairs() && odd % 2 == 1 => ":",
            _ => ",",
        };
        open.pieces += 1;
        let spaced = !separator.is_empty() || matches!(open.group, Group::Struct(_));
        self.push(separator);
        self.spaced = spaced;
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

    /// Whether the next piece is the name of a field.
    fn is_name(&self) -> bool {
        let open = self.groups.last();
        open.is_some_and(|open| matches!(open.group, Group::Struct(_)) && open.pieces % 2 == 0)
    }

    fn token(&self, atom: Atom<'_>) -> String {
        match atom {
            Atom::Unit => "()".to_owned(),
            Atom::Nothing => "None".to_owned(),
            Atom::Bool(value) => value.to_string(),
            Atom::Unsigned(value) => value.to_string(),
            Atom::Signed(value) => value.to_string(),
            Atom::Single(value) => format!("{value:?}"),
            Atom::Double(value) => format!("{value:?}"),
            Atom::Char(value) => escape(&format!("{value:?}")),
            Atom::Text { text, .. } if self.is_name() => escape(text),
            Atom::Text { text, bytes } => {
                let cut = text.len() as u64 != bytes;
                let shown = match self.groups.is_empty() {
                    // A text alone is shown as it would be printed.
                    true => text.lines().map(escape).collect::<Vec<_>>().join("\n"),
                    false => escape(&format!("{text:?}")),
                };
                match cut {
                    true => format!("{shown}… {bytes} bytes"),
                    false => shown,
                }
            }
            Atom::Bytes { bytes, total } => {
                let shown: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                match bytes.len() as u64 == total {
                    true => format!("0x{shown}"),
                    false => format!("0x{shown}… {total} bytes"),
                }
            }
        }
    }
}

impl Inspector for TextValue<'_> {
    fn atom(&mut self, atom: Atom<'_>) -> ControlFlow<()> {
        let token = self.token(atom);
        self.separate();
        self.push(&token);
        self.flow()
    }

    fn begin(&mut self, group: Group) -> ControlFlow<()> {
        self.separate();
        match group {
            Group::List => self.push("["),
            Group::Tuple => self.push("("),
            Group::Map => self.push("{"),
            Group::Struct(name) => self.push(&format!("{name} {{")),
            Group::Variant(name) => self.push(&format!("{name}(")),
        }
        self.groups.push(Open { group, pieces: 0 });
        self.flow()
    }

    fn end(&mut self, left_out: u64) -> ControlFlow<()> {
        let Some(open) = self.groups.pop() else {
            return ControlFlow::Continue(());
        };
        if left_out > 0 {
            let shown = match open.has_pairs() {
                true => open.pieces.div_ceil(2),
                false => open.pieces,
            };
            if open.pieces > 0 {
                self.push(",");
                self.spaced = true;
            }
            self.push(&format!("… {} items", shown.saturating_add(left_out)));
        }
        match open.group {
            Group::List => self.push("]"),
            Group::Tuple | Group::Variant(_) => self.push(")"),
            Group::Map => self.push("}"),
            Group::Struct(_) => {
                self.spaced = true;
                self.push("}");
            }
        }
        self.flow()
    }
}
