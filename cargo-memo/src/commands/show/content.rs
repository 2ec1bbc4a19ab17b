//! The value of a result, written as it is read.

use std::fmt::Write;

use memo_runtime::manage::{Beginning, EntryHead, Extent, Inspector, Shown, Unreadable, Vault};
use serde::Serialize;

use super::found::Found;
use super::json_value::JsonValue;
use super::text_value::TextValue;
use crate::commands::Context;
use crate::failure::Failure;
use crate::listing::problem;
use crate::render::{escape, size};

/// How much of a value is shown unless all is wanted.
const SOME: Extent = Extent {
    atoms: 1000,
    text: 4000,
};
/// All of it, but for texts that would fill the memory.
const ALL: Extent = Extent {
    atoms: u64::MAX,
    text: 1 << 30,
};
/// How many bytes are shown of a value whose form is not known.
const PREVIEW: usize = 256;
/// How many of them stand in a line.
const LINE: usize = 16;

/// What a document has of a value.
#[derive(Serialize)]
pub(super) struct ContentDocument {
    /// Takes the place of the value, which is written there.
    content: (),
    /// What the content is: the value, or its bytes.
    form: &'static str,
    complete: bool,
}

/// What stands in a document where the value belongs. Within a string the
/// quotation marks would be escaped.
const PLACE: &str = "\"content\": null";

/// Writes the value for people.
pub(super) fn text(context: &Context<'_>, found: &Found) -> Result<(), Failure> {
    let (vault, head) = readable(context, found)?;
    let mut text = TextValue::new(context.shell, context.width);
    match inspect(context, vault, found, head, &mut text) {
        Err(failure) => {
            text.finish()?;
            Err(failure)
        }
        Ok(Shown::Nothing) => preview(context, vault, found, head),
        Ok(shown) => {
            text.finish()?;
            if shown == Shown::Beginning && !context.verbose {
                context
                    .shell
                    .note("this is the beginning of the value, -v shows all of it");
            }
            Ok(())
        }
    }
}

/// Writes the document with the value in it.
pub(super) fn json(context: &Context<'_>, found: &Found) -> Result<(), Failure> {
    let (vault, head) = readable(context, found)?;
    let parts = |form, complete| {
        let value = ContentDocument {
            content: (),
            form,
            complete,
        };
        let document = found.json(context, Some(value), None);
        let (before, after) = document.split_once(PLACE).unwrap_or_default();
        (format!("{before}\"content\": "), after.to_owned())
    };
    let (before, _) = parts("value", true);
    let mut json = JsonValue::new(context.shell, before);
    let shown = inspect(context, vault, found, head, &mut json)?;
    let (form, complete) = match shown {
        Shown::Whole => ("value", true),
        Shown::Beginning => ("value", false),
        Shown::Nothing => {
            let Beginning { bytes, total } = beginning(vault, found, head)?;
            let hex = bytes.iter().fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            });
            json.push(&format!("\"{hex}\""));
            ("hex", bytes.len() as u64 == total)
        }
    };
    let (_, after) = parts(form, complete);
    json.push(&after);
    json.finish()
}

/// What it takes to read the value. Nothing is read that is not whole.
fn readable<'f>(
    context: &'f Context<'_>,
    found: &'f Found,
) -> Result<(&'f Vault, &'f EntryHead), Failure> {
    match (&context.vault, &found.listed.head, &found.problem) {
        (Some(vault), Ok(head), None) => Ok((vault, head)),
        _ => {
            let problem = found.problem.as_deref().unwrap_or("it has gone");
            Err(Failure::Failed(format!(
                "cannot show the value of `{}`: {}",
                found.id,
                escape(problem)
            )))
        }
    }
}

fn inspect(
    context: &Context<'_>,
    vault: &Vault,
    found: &Found,
    head: &EntryHead,
    inspector: &mut dyn Inspector,
) -> Result<Shown, Failure> {
    let extent = if context.verbose { ALL } else { SOME };
    let shown = vault.inspect(&found.listed.entry, head, extent, inspector);
    present(found, shown)
}

fn beginning(vault: &Vault, found: &Found, head: &EntryHead) -> Result<Beginning, Failure> {
    let entry = &found.listed.entry;
    present(found, vault.value_bytes(entry, head, PREVIEW))
}

fn present<T>(found: &Found, read: Result<Option<T>, Unreadable>) -> Result<T, Failure> {
    let why = match read {
        Ok(Some(read)) => return Ok(read),
        Ok(None) => "it has gone".to_owned(),
        Err(unreadable) => problem(&unreadable),
    };
    let why = escape(&why);
    Err(Failure::Failed(format!(
        "cannot show the value of `{}`: {why}",
        found.id
    )))
}

/// Writes the first bytes, where only the program knows what they mean.
fn preview(
    context: &Context<'_>,
    vault: &Vault,
    found: &Found,
    head: &EntryHead,
) -> Result<(), Failure> {
    let Beginning { bytes, total } = beginning(vault, found, head)?;
    let cure = match head.codec() {
        "bincode" => {
            "; with `#[memo(codec = \"messagepack\")]` names are kept, and it can be shown"
        }
        _ => "",
    };
    context.shell.note(&format!(
        "only the program knows what a `{}` is as {}: these are the first {} of {}{cure}",
        escape(&head.header.value_type),
        head.codec(),
        size(bytes.len() as u64),
        size(total)
    ));
    let mut text = String::new();
    for (number, line) in bytes.chunks(LINE).enumerate() {
        let hex = line.iter().map(|byte| format!("{byte:02x} "));
        let hex: String = hex.collect();
        let seen = line.iter().map(|byte| match byte {
            b' '..=b'~' => *byte as char,
            _ => '.',
        });
        let seen: String = seen.collect();
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "{:08x}  {hex:width$} {seen}",
            number * LINE,
            width = 3 * LINE
        );
    }
    context.shell.print(&text)?;
    Ok(())
}
