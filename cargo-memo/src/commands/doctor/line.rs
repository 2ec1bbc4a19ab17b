//! A line of what `doctor` says.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use memo_runtime::manage::Verdict as Gravity;
use serde::Serialize;

use crate::render::paragraph;

const FINE: Style = AnsiColor::Green.on_default();
const ODD: Style = AnsiColor::Yellow.on_default();
const BROKEN: Style = AnsiColor::Red.on_default().bold();

/// Where the name of the check begins, and where what was seen.
const CHECK: usize = 8;
const TEXT: usize = CHECK + 25;

/// A check, what was seen, and what to do about it.
#[derive(Debug)]
pub(super) struct Line {
    /// What was looked at, in a word or a few.
    pub(super) check: &'static str,
    /// How grave it is.
    pub(super) gravity: Gravity,
    /// What was seen.
    pub(super) text: String,
    /// What to do about it, unless it is fine.
    pub(super) cure: Option<String>,
}

/// The same for programs.
#[derive(Serialize)]
pub(super) struct LineDocument<'a> {
    check: String,
    verdict: &'static str,
    text: &'a str,
    cure: Option<&'a str>,
}

impl Line {
    /// Something is as it should be.
    pub(super) fn fine(check: &'static str, text: impl Into<String>) -> Self {
        Self {
            check,
            gravity: Gravity::Fine,
            text: text.into(),
            cure: None,
        }
    }

    /// Something is not.
    pub(super) fn amiss(
        gravity: Gravity,
        check: &'static str,
        text: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self {
            check,
            gravity,
            text: text.into(),
            cure: Some(cure.into()),
        }
    }

    fn word(&self) -> &'static str {
        match self.gravity {
            Gravity::Fine => "ok",
            Gravity::Odd => "odd",
            Gravity::Broken => "broken",
        }
    }

    /// The text, in lines of at most `width` columns.
    pub(super) fn render(&self, width: Option<usize>) -> String {
        let style = match self.gravity {
            Gravity::Fine => FINE,
            Gravity::Odd => ODD,
            Gravity::Broken => BROKEN,
        };
        let (word, check) = (self.word(), self.check);
        let text = |text: &str| {
            let room = width.map(|width| width.saturating_sub(TEXT));
            let lines = paragraph(text, 0, room);
            lines.replace('\n', &format!("\n{:TEXT$}", ""))
        };
        let mut lines = String::new();
        let names = TEXT - CHECK;
        // Writing to a string does not fail.
        let _ = write!(lines, "{style}{word:CHECK$}{style:#}{check:names$}");
        let _ = writeln!(lines, "{}", text(&self.text).trim_end());
        if let Some(cure) = &self.cure {
            let cure = text(&format!("cure: {cure}"));
            let _ = writeln!(lines, "{:TEXT$}{}", "", cure.trim_end());
        }
        lines
    }

    /// The same for programs.
    pub(super) fn document(&self) -> LineDocument<'_> {
        LineDocument {
            check: self.check.replace(' ', "_"),
            verdict: self.word(),
            text: &self.text,
            cure: self.cure.as_deref(),
        }
    }
}
