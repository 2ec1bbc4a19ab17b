//! The terminal, or what stands in its place: where output goes, how wide it
//! is, and whether it has colours.
//!
//! Results go to standard output; notes, warnings, errors and questions to
//! standard error. Standard error is best effort: it is where failing to
//! write would be reported.

use std::env;
use std::io::{self, IsTerminal, Write};

use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};

use crate::cli::Color;
use crate::interrupt;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Green.on_default().bold();

/// Lets `CARGO_TERM_COLOR` decide about colours, until flags are known;
/// otherwise `NO_COLOR` and the kind of terminal do. Cargo itself refuses
/// words that it does not know.
pub(crate) fn colour_by_environment() {
    match env::var("CARGO_TERM_COLOR").as_deref() {
        Ok("always") => ColorChoice::Always.write_global(),
        Ok("never") => ColorChoice::Never.write_global(),
        _ => {}
    }
}

/// Standard output and standard error.
#[derive(Debug)]
pub(crate) struct Shell {
    quiet: bool,
}

impl Shell {
    /// The shell as the flags want it. `quiet`: without warnings and notes.
    pub(crate) fn new(color: Option<Color>, quiet: bool) -> Self {
        match color {
            Some(Color::Always) => ColorChoice::Always.write_global(),
            Some(Color::Never) => ColorChoice::Never.write_global(),
            Some(Color::Auto) => ColorChoice::Auto.write_global(),
            None => {}
        }
        Self { quiet }
    }

    /// Whether warnings, notes and progress are not wanted.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Writes a result.
    pub(crate) fn print(&self, text: &str) -> io::Result<()> {
        let mut stdout = anstream::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    }

    /// Says what went wrong.
    pub(crate) fn error(&self, message: &str) {
        say(ERROR, "error", message);
    }

    /// Says what is odd, unless this is to be quiet.
    pub(crate) fn warn(&self, message: &str) {
        if !self.quiet {
            say(WARNING, "warning", message);
        }
    }

    /// Says what is good to know, unless this is to be quiet.
    pub(crate) fn note(&self, message: &str) {
        if !self.quiet {
            say(NOTE, "note", message);
        }
    }

    /// Says how far long work has come, unless this is to be quiet.
    pub(crate) fn say_line(&self, line: &str) {
        if !self.quiet {
            let _ = writeln!(anstream::stderr(), "{line}");
        }
    }

    /// Says in a word what is done, and of what, unless this is to be quiet.
    pub(crate) fn tell(&self, word: &str, message: &str) {
        if !self.quiet {
            say(NOTE, word, message);
        }
    }

    /// Asks a question; `None` if there is nobody to answer it.
    pub(crate) fn confirm(&self, question: &str) -> Option<bool> {
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return None;
        }
        let mut stderr = anstream::stderr();
        let mut answer = String::new();
        // From when the question is seen, an interrupt answers it.
        let read = interrupt::ending(|| {
            let _ = write!(stderr, "{question} [y/N] ");
            let _ = stderr.flush();
            io::stdin().read_line(&mut answer)
        });
        if read.ok()? == 0 {
            // The input was closed, and the cursor is still behind the question.
            let _ = writeln!(stderr);
        }
        Some(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }
}

fn say(style: Style, word: &str, message: &str) {
    let _ = writeln!(anstream::stderr(), "{style}{word}{style:#}: {message}");
}

/// Whether results are read by a person as they are written.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// How many columns results may take: what `COLUMNS` says, else the width of
/// the terminal, else as many as they like.
pub(crate) fn width() -> Option<usize> {
    let said = env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let measured = || {
        let size = is_terminal().then(|| rustix::termios::tcgetwinsize(io::stdout()));
        Some(usize::from(size?.ok()?.ws_col))
    };
    said.or_else(measured).filter(|&columns| columns > 0)
}
