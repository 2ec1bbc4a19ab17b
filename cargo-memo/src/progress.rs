//! How far long work has come, as a bar on a terminal: on standard error,
//! not before it has taken a while, cleared when it is done, and nowhere
//! else.

use std::io;
use std::sync::Once;
use std::time::{Duration, Instant};

use anstream::{AutoStream, ColorChoice};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use memo_runtime::manage::Watch;

use crate::interrupt;
use crate::shell::Shell;

/// Work that is done sooner needs no bar.
const SHORT: Duration = Duration::from_millis(300);

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// Entries.
    Entries,
    /// Their bytes.
    Bytes,
}

/// Long work that is shown, and stops at Ctrl-C.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    measure: Measure,
    begun: Instant,
    quiet: bool,
    showing: Once,
}

impl Progress {
    /// Begins work that goes by a word such as `checking`.
    pub(crate) fn begin(shell: &Shell, word: &'static str, measure: Measure) -> Self {
        interrupt::listen();
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(&template(measure)) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_prefix(word);
        Self {
            bar,
            measure,
            begun: Instant::now(),
            quiet: shell.is_quiet(),
            showing: Once::new(),
        }
    }

    fn amount(&self, entries: u64, bytes: u64) -> u64 {
        match self.measure {
            Measure::Entries => entries,
            Measure::Bytes => bytes,
        }
    }

    fn show(&self) {
        self.bar
            .set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }
}

fn template(measure: Measure) -> String {
    let prefix = match AutoStream::choice(&io::stderr()) {
        ColorChoice::Never => "{prefix:>12}",
        _ => "{prefix:>12.cyan.bold}",
    };
    let numbers = match measure {
        Measure::Entries => "{human_pos}/{human_len} entries",
        Measure::Bytes => "{decimal_bytes}/{decimal_total_bytes}",
    };
    format!("{prefix} [{{bar:27}}] {numbers}, {{eta}} left")
}

impl Watch for Progress {
    fn planned(&self, entries: u64, bytes: u64) {
        self.bar.set_length(self.amount(entries, bytes));
    }

    fn done(&self, entries: u64, bytes: u64) {
        self.bar.inc(self.amount(entries, bytes));
        if !self.quiet && self.begun.elapsed() >= SHORT {
            self.showing.call_once(|| self.show());
        }
    }

    fn goes_on(&self) -> bool {
        !interrupt::came()
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
