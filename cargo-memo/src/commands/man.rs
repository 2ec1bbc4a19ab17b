//! `man`: the manual pages, one for the program and one for each verb. It is
//! for those who package the program.

use std::fs;
use std::io;
use std::path::Path;

use clap::Command;
use clap_mangen::Man;

use super::Verdict;
use crate::cli::{self, ManOptions};
use crate::failure::Failure;
use crate::render::escape;

/// What stands over the help below the options, whatever it is.
const EXTRA: &str = ".SH EXTRA";
/// The line of the help before the examples.
const EXAMPLES: &str = "Examples:";

/// Runs the verb.
pub(crate) fn run(options: &ManOptions) -> Result<Verdict, Failure> {
    let dir = &options.dir;
    let mut command = cli::definition().disable_help_subcommand(true);
    command.build();
    fs::create_dir_all(dir)
        .and_then(|()| write(&command, dir))
        .map_err(|error| {
            let dir = escape(&dir.to_string_lossy());
            Failure::Failed(format!("cannot write the manual pages to `{dir}`: {error}"))
        })?;
    Ok(Verdict::Done)
}

/// Writes the page of a command, and those of its verbs.
fn write(command: &Command, dir: &Path) -> io::Result<()> {
    for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set()) {
        write(verb, dir)?;
    }
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render(&mut page)?;
    let page = String::from_utf8_lossy(&page);
    fs::write(dir.join(man.get_filename()), with_sections(&page))
}

/// A page with the help below its options in sections: the examples in one of
/// their own, and lines that are indented as they are.
fn with_sections(page: &str) -> String {
    let (mut extra, mut headed, mut verbatim) = (false, false, false);
    let mut text = String::new();
    for line in page.lines() {
        let heading = line.starts_with(".SH");
        let indented = extra && line.starts_with(' ');
        if verbatim != indented {
            text.push_str(if indented { ".nf\n" } else { ".fi\n" });
            verbatim = indented;
        }
        if heading {
            (extra, headed) = (line == EXTRA, false);
        }
        if line == EXTRA {
            continue;
        }
        if extra && line == EXAMPLES {
            text.push_str(".SH EXAMPLES\n");
            headed = false;
            continue;
        }
        if extra && !headed && !indented && !line.is_empty() {
            text.push_str(".SH NOTES\n");
            headed = true;
        }
        text.push_str(line);
        text.push('\n');
    }
    if verbatim {
        text.push_str(".fi\n");
    }
    text
}
