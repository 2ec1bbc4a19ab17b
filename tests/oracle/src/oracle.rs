//! Asks for each mutant whether it changes the run, and whether it changes the fingerprint.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use memo_code::Model;

use crate::build::{self, Built, Outcome};
use crate::code::{Analyst, Sight};
use crate::failure::{Failure, Result};
use crate::program::{Mutant, Program};
use crate::subject::Subject;
use crate::tree::Tree;
use crate::verdict::{Finding, Verdict};

/// How the oracle is to work.
pub struct Options<'a> {
    /// The directory in which programs are laid out and built.
    pub work: PathBuf,
    /// The most mutants of a subject; they are taken evenly.
    pub limit: usize,
    /// How many mutants of a subject are built for themselves, to try the oracle.
    pub rebuild: usize,
    /// How the analysis sees the sources.
    pub sight: &'a Sight,
}

/// Tries the analysis on one subject.
///
/// # Errors
///
/// The program cannot be fetched, built, run or analysed. Nothing is said of it then.
pub fn consult(subject: &Subject, options: &Options<'_>) -> Result<Verdict> {
    let begun = Instant::now();
    let tree = Tree::lay_out(subject, &options.work)?;
    let model = tree.model()?;
    let program = Program::read(subject, &tree, &model)?;
    let probed = tree.duplicate("probed")?;
    probed.add_probe()?;
    let built = build::with_probes(&program, &probed, &options.work.join("target"))?;
    let bench = Bench {
        original: originals(&program, &built)?,
        program,
        tree,
        model,
        built,
    };
    let mut verdict = Verdict {
        subject: subject.name.clone(),
        style: subject.style.clone(),
        examined: bench.program.examined.len(),
        build_seconds: begun.elapsed().as_secs_f64(),
        ..Verdict::default()
    };
    let analyst = Analyst::new(&bench.program, &bench.tree, &bench.model, options.sight)?;
    verdict.troubles = analyst.troubles;
    let chosen = evenly(&bench.program.mutants, options.limit);
    for checked in bench.check_all(&chosen, options.sight)? {
        bench.record(&checked, &mut verdict);
    }
    bench.dispute(&chosen, options, &mut verdict)?;
    Ok(verdict)
}

/// What each examined function prints with no mutant in force.
fn originals(program: &Program, built: &Built) -> Result<Vec<Outcome>> {
    let outcomes = program.examined.iter().map(|examined| {
        let outcome = built.run(0, examined.number)?;
        if !outcome.succeeded() || outcome.printed.is_empty() {
            return Err(Failure::new(format!(
                "{} fails or prints nothing",
                examined.path
            )));
        }
        if built.run(0, examined.number)? != outcome {
            return Err(Failure::new(format!(
                "{} prints now this, now that",
                examined.path
            )));
        }
        Ok(outcome)
    });
    outcomes.collect()
}

/// At most `limit` elements, evenly spaced.
fn evenly<T>(all: &[T], limit: usize) -> Vec<&T> {
    let wanted = limit.min(all.len());
    (0..wanted)
        .map(|at| &all[(2 * at + 1) * all.len() / (2 * wanted)])
        .collect()
}

/// A program with all that is needed to try it.
struct Bench {
    program: Program,
    tree: Tree,
    model: Model,
    built: Built,
    original: Vec<Outcome>,
}

/// A mutant that was tried.
struct Checked<'a> {
    mutant: &'a Mutant,
    /// For each examined function, whether the run changed.
    ran: Vec<bool>,
    /// For each examined function, whether the fingerprint changed.
    changed: Vec<bool>,
    running: Duration,
    analysing: Duration,
}

impl Bench {
    /// Tries mutants, on all processors.
    fn check_all<'a>(&self, mutants: &[&'a Mutant], sight: &Sight) -> Result<Vec<Checked<'a>>> {
        let next = AtomicUsize::new(0);
        let checked = Mutex::new(Vec::with_capacity(mutants.len()));
        let work = || -> Result<()> {
            let mut analyst = Analyst::new(&self.program, &self.tree, &self.model, sight)?;
            while let Some(mutant) = mutants.get(next.fetch_add(1, Ordering::Relaxed)) {
                let one = self.check(mutant, &mut analyst)?;
                checked
                    .lock()
                    .unwrap_or_else(|poison| poison.into_inner())
                    .push(one);
            }
            Ok(())
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let ended = threads.into_iter().map(|thread| {
                let panicked = |_| Failure::new("the analysis panicked");
                thread.join().map_err(panicked)?
            });
            ended.collect::<Result<()>>()
        })?;
        let mut checked = checked
            .into_inner()
            .unwrap_or_else(|poison| poison.into_inner());
        checked.sort_by_key(|checked| checked.mutant.number);
        Ok(checked)
    }

    fn check<'a>(&self, mutant: &'a Mutant, analyst: &mut Analyst<'_>) -> Result<Checked<'a>> {
        let begun = Instant::now();
        let ran = if self.built.constant.contains(&mutant.number) {
            vec![false; self.original.len()]
        } else {
            self.runs(&self.built, mutant.number)?
        };
        let running = begun.elapsed();
        let changed = analyst.changes(mutant)?;
        Ok(Checked {
            mutant,
            ran,
            changed,
            running,
            analysing: begun.elapsed() - running,
        })
    }

    /// For each examined function, whether its run is another with this mutant.
    fn runs(&self, built: &Built, mutant: u32) -> Result<Vec<bool>> {
        let examined = self.program.examined.iter().zip(&self.original);
        let runs = examined.map(|(examined, original)| {
            let outcome = built.run(mutant, examined.number)?;
            Ok(outcome != *original)
        });
        runs.collect()
    }

    fn record(&self, checked: &Checked<'_>, verdict: &mut Verdict) {
        verdict.run_seconds += checked.running.as_secs_f64();
        verdict.analysis_seconds += checked.analysing.as_secs_f64();
        let those = |wanted: fn(bool, bool) -> bool| -> Vec<String> {
            let pairs = checked.ran.iter().zip(&checked.changed);
            let examined = self.program.examined.iter().zip(pairs);
            examined
                .filter(|(_, (ran, changed))| wanted(**ran, **changed))
                .map(|(examined, _)| examined.path.clone())
                .collect()
        };
        let finding = |examined| self.finding(checked.mutant, examined);
        if self.built.constant.contains(&checked.mutant.number) {
            verdict.refused += 1;
            if !checked.changed.contains(&true) {
                verdict.unnoticed.push(finding(Vec::new()));
            }
            return;
        }
        verdict.mutants += 1;
        verdict.checks += checked.ran.len();
        verdict.matter += those(|ran, _| ran).len();
        let missed = those(|ran, changed| ran && !changed);
        if !missed.is_empty() {
            verdict.missed.push(finding(missed));
        }
        let needless = those(|ran, changed| !ran && changed);
        if !needless.is_empty() {
            verdict.needless += needless.len();
            verdict.needlessly.push(finding(needless));
        }
    }

    /// Builds some mutants for themselves, and compares their runs with those of their probes.
    fn dispute(
        &self,
        mutants: &[&Mutant],
        options: &Options<'_>,
        verdict: &mut Verdict,
    ) -> Result<()> {
        let sample = evenly(mutants, options.rebuild);
        if sample.is_empty() {
            return Ok(());
        }
        let tree = self.tree.duplicate("rebuilt")?;
        let target = options.work.join("target");
        for mutant in sample {
            let probed = !self.built.constant.contains(&mutant.number);
            let rebuilt = build::with_panic(&self.program, &tree, mutant, &target)?;
            let agree = match rebuilt {
                Some(rebuilt) if probed => {
                    self.runs(&rebuilt, mutant.number)? == self.runs(&self.built, mutant.number)?
                }
                Some(_) => false,
                None => !probed,
            };
            verdict.rebuilt += 1;
            if !agree {
                verdict.disputed.push(self.finding(mutant, Vec::new()));
            }
        }
        Ok(())
    }

    fn finding(&self, mutant: &Mutant, examined: Vec<String>) -> Finding {
        Finding {
            krate: self.program.files[mutant.file].krate.clone(),
            path: mutant.function.path.clone(),
            kind: mutant.function.kind,
            place: self.program.place(mutant),
            examined,
        }
    }
}
