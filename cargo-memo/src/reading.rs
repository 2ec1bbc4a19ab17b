//! Looking into many entries: over all cores, with a bar where there are so
//! many that it takes long, and until Ctrl-C.

use std::panic;
use std::thread;

use memo_runtime::manage::Watch;

use crate::failure::Failure;
use crate::progress::{Measure, Progress};
use crate::render::count;
use crate::shell::Shell;

/// How many are looked into between two looks at the clock on the wall.
const BLOCK: usize = 4096;
/// Fewer are not worth another thread.
const FEWEST: usize = 32;

/// Hands out, in the order of `items`, what `look` makes of them.
pub(crate) fn each<T: Send, U: Send>(
    shell: &Shell,
    mut items: impl ExactSizeIterator<Item = T>,
    look: impl Fn(T) -> Option<U> + Sync,
    mut found: impl FnMut(U),
) -> Result<(), Failure> {
    let planned = items.len();
    let progress = (planned > BLOCK).then(|| Progress::begin(shell, "reading", Measure::Entries));
    if let Some(progress) = &progress {
        progress.planned(planned as u64, 0);
    }
    loop {
        let block: Vec<T> = items.by_ref().take(BLOCK).collect();
        if block.is_empty() {
            return Ok(());
        }
        let looked_into = block.len() as u64;
        in_parallel(block, &look).into_iter().for_each(&mut found);
        if let Some(progress) = &progress {
            progress.done(looked_into, 0);
            if !progress.goes_on() {
                return Err(Failure::Interrupted(format!(
                    "interrupted: looked into {} of {}",
                    planned - items.len(),
                    count(planned, "entry", "entries")
                )));
            }
        }
    }
}

fn in_parallel<T: Send, U: Send>(items: Vec<T>, look: &(impl Fn(T) -> Option<U> + Sync)) -> Vec<U> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = items.len().div_ceil(threads).max(FEWEST);
    let mut items = items.into_iter();
    thread::scope(|scope| {
        let mut parts = Vec::new();
        while items.len() > share {
            let part: Vec<T> = items.by_ref().take(share).collect();
            parts.push(scope.spawn(|| part.into_iter().filter_map(look).collect::<Vec<U>>()));
        }
        let rest: Vec<U> = items.filter_map(look).collect();
        let parts = parts.into_iter().flat_map(|part| {
            part.join()
                .unwrap_or_else(|panic| panic::resume_unwind(panic))
        });
        parts.chain(rest).collect()
    })
}
