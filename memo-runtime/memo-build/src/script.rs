//! What a build script does: leave a model for `#[memo]`, and say what is the matter.
//!
//! What must hold: it never fails. Whatever goes wrong is a warning, and less is known.

use std::collections::BTreeSet;
use std::path::Path;

use memo_code::model::TROUBLES_FILE;
use memo_code::sources::Disk;
use memo_code::{Analysis, Memory, Model, Surroundings};

use crate::error::Error;
use crate::model::{coarse_model, model};
use crate::query::Query;
use crate::{directives, files, remembered, watched};

/// More warnings than these would be read by nobody.
const MOST_WARNINGS: usize = 10;

/// Deeply nested sources take this much to parse without optimization.
const STACK: usize = 64 << 20;

/// Does all of it, on a thread of its own, whose stack is large and whose panics end there.
pub(crate) fn run(query: &Query, out_dir: &Path) {
    let ended = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        let thread = thread.spawn_scoped(scope, || leave_model(query, out_dir))?;
        Ok::<_, std::io::Error>(thread.join())
    });
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(_)) => directives::warning("finding out about the code panicked"),
        Err(error) => directives::warning(&format!("no thread could be started: {error}")),
    }
}

fn leave_model(query: &Query, out_dir: &Path) {
    let dir = query.directory();
    let model = remembered::load(query, out_dir).unwrap_or_else(|| ask(query));
    directives::rerun_if_changed(&dir, &watched::files(&model, query));
    if let Err(error) = remembered::save(&model, query, out_dir) {
        directives::warning(&format!(
            "what the package is made of cannot be kept: {error}"
        ));
        return;
    }
    let troubles = prime(&model, &dir, out_dir);
    let told: String = troubles.iter().map(|it| format!("{it}\n")).collect();
    // If it cannot be left there, the troubles are told twice.
    let _ = files::replace(&out_dir.join(TROUBLES_FILE), told.as_bytes());
    for trouble in troubles.iter().take(MOST_WARNINGS) {
        directives::warning(trouble);
    }
    if let Some(more @ 1..) = troubles.len().checked_sub(MOST_WARNINGS) {
        directives::warning(&format!("and {more} more like these"));
    }
}

/// Asks cargo, and is content with less if that fails.
fn ask(query: &Query) -> Model {
    let answer = model(query).inspect(|model| {
        if let Some(trouble) = &model.trouble {
            directives::warning(trouble);
        }
    });
    answer.unwrap_or_else(|error| {
        // Nobody who reads this could do anything about a package that was downloaded.
        if !matches!(error, Error::Downloaded) {
            directives::warning(&format!(
                "a change of any dependency counts, because {error}; touch build.rs to try again"
            ));
        }
        coarse_model(query, &error)
    })
}

/// Has every target analysed, so that its files need not be parsed when it is compiled; what could
/// not be understood.
fn prime(model: &Model, dir: &Path, out_dir: &Path) -> BTreeSet<String> {
    let sources = Disk::new(dir);
    let surroundings = Surroundings {
        sources: &sources,
        generated: None,
        environment: None,
    };
    let mut memory = Memory::load(out_dir);
    let mut troubles = BTreeSet::new();
    let targets = model
        .packages
        .first()
        .map_or(0, |package| package.targets.len());
    for target in 0..targets {
        let analysis = Analysis::new(model, target, surroundings, &mut memory);
        let found = analysis.troubles().iter();
        troubles.extend(found.map(|it| format!("{}: {}", it.place, it.problem)));
    }
    memory.save(out_dir);
    troubles
}
