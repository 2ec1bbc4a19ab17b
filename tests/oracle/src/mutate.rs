//! Sources that are not as they were published: with probes in all functions, or a panic in one.

use std::collections::BTreeSet;

use crate::failure::{Failure, Result};
use crate::functions::{Function, Kind};
use crate::program::{File, MAIN, Mutant, Program};
use crate::tree::Tree;

/// The panic that takes the place of a body.
const PANIC: &str = "panic!(\"memo oracle\")";

/// How long a run may take before it counts as endless.
const SECONDS: u32 = 20;

/// The file of a mutant with its body replaced by a panic.
pub fn replaced(program: &Program, mutant: &Mutant) -> String {
    let mut text = program.files[mutant.file].text.clone();
    text.replace_range(mutant.function.body.clone(), &format!("{{ {PANIC} }}"));
    text
}

/// Writes all sources with a probe in every function, but for those in `without`.
///
/// # Errors
///
/// A file cannot be written.
pub fn write_probes(program: &Program, tree: &Tree, without: &BTreeSet<u32>) -> Result<()> {
    for (at, file) in program.files.iter().enumerate() {
        let mut insertions: Vec<(usize, String)> = Vec::new();
        for examined in program
            .examined
            .iter()
            .filter(|examined| examined.file == at)
        {
            let guard = format!(
                "let _armed = ::memo_oracle_probe::armed({});",
                examined.number
            );
            insertions.push((examined.start, guard));
        }
        for mutant in program.mutants.iter().filter(|mutant| mutant.file == at) {
            if !without.contains(&mutant.number) {
                let probe = format!("::memo_oracle_probe::reached({});", mutant.number);
                insertions.extend(first(&mutant.function, &probe));
            }
        }
        if let Some(start) = file.extern_crate {
            insertions.push((start, "extern crate memo_oracle_probe;\n".to_owned()));
        }
        let mut text = inserted(file, insertions)?;
        if file.path == MAIN {
            text += &main(program, true);
        }
        tree.write(&file.path, &text)?;
    }
    Ok(())
}

/// Writes all sources as they are, but for the `main` of the driver and the panic of a mutant.
///
/// # Errors
///
/// A file cannot be written.
pub fn write_panic(program: &Program, tree: &Tree, mutant: &Mutant) -> Result<()> {
    for (at, file) in program.files.iter().enumerate() {
        // The body stays behind the panic, for types that only it tells.
        let panic = (mutant.file == at).then(|| first(&mutant.function, &format!("{PANIC};")));
        let mut text = inserted(file, panic.into_iter().flatten().collect())?;
        if file.path == MAIN {
            text += &main(program, false);
        }
        tree.write(&file.path, &text)?;
    }
    Ok(())
}

/// What to insert where to make a statement the first of a function.
fn first(function: &Function, statement: &str) -> Vec<(usize, String)> {
    if function.kind == Kind::Macro {
        // A macro that wants one expression as a body gets one: a block.
        let close = (function.body.end - 1, "}".to_owned());
        vec![(function.start, format!("{{ {statement}")), close]
    } else {
        vec![(function.start, statement.to_owned())]
    }
}

/// The mutants whose probes the text mentions.
pub fn probes_in(text: &str) -> impl Iterator<Item = u32> {
    text.split("memo_oracle_probe::reached(")
        .skip(1)
        .filter_map(|rest| rest.split(')').next()?.parse().ok())
}

fn inserted(file: &File, mut insertions: Vec<(usize, String)>) -> Result<String> {
    // Sorting is stable: what was put in first at a place stands there first.
    insertions.sort_by_key(|(at, _)| *at);
    let mut text = String::with_capacity(file.text.len() + 64 * insertions.len());
    let mut done = 0;
    for (at, insertion) in insertions {
        let between = file
            .text
            .get(done..at)
            .ok_or_else(|| Failure::new(format!("{}: byte {at} is no place in it", file.path)))?;
        text += between;
        text += &insertion;
        done = at;
    }
    Ok(text + &file.text[done..])
}

/// The `main` of the driver. Its arguments are the mutant, or 0, and the function to examine.
fn main(program: &Program, probes: bool) -> String {
    let choose = if probes {
        "::memo_oracle_probe::choose(mutant, examined);"
    } else {
        "let _ = mutant;"
    };
    let entries: String = program
        .examined
        .iter()
        .map(|examined| format!("{} => crate::{}(),\n", examined.number, examined.entry))
        .collect();
    format!(
        "
fn main() {{
    let mut arguments = ::std::env::args().skip(1);
    let mut number = || arguments.next().and_then(|number| number.parse::<u32>().ok());
    let (Some(mutant), Some(examined)) = (number(), number()) else {{
        ::std::process::exit(2);
    }};
    ::std::thread::spawn(|| {{
        ::std::thread::sleep(::std::time::Duration::from_secs({SECONDS}));
        ::std::process::abort();
    }});
    {choose}
    let printed: ::std::string::String = match examined {{
        {entries}_ => ::std::process::exit(2),
    }};
    ::std::print!(\"{{printed}}\");
}}
"
    )
}
