//! `sweep`: one program for many values of its parameters, each point a run
//! like any other.
//!
//! What must hold: a point has the key of the same `run`; the program is built
//! once, and all points run the same copy; whatever ends a sweep, what is done
//! is kept, and the same command goes on from there.

mod board;
mod document;
mod estimate;
mod lines;
mod results;
mod tables;
mod under_way;
mod workers;

use std::num::NonZeroUsize;

use super::Verdict;
use super::run::{ATTEMPTS, restless};
use crate::cli::{Common, ProgramOptions, SweepOptions, Variable};
use crate::experiment::point::Task;
use crate::experiment::program::Prepared;
use crate::experiment::setup::{Declared, Setup};
use crate::experiment::space::{self, Point, Space};
use crate::failure::Failure;
use crate::interrupt;
use crate::shell::Shell;
use results::Parameters;
use under_way::Sweep;

/// Runs the verb.
pub(crate) fn run(
    common: &Common,
    shell: &Shell,
    options: &SweepOptions,
) -> Result<Verdict, Failure> {
    interrupt::only_count();
    let points = points(shell, options)?;
    space::refuse_shared_outputs(&options.program.output, &points)?;
    let parameters = Parameters::of(points.iter());
    let mut begun = 0;
    loop {
        begun += 1;
        let setup = Setup::new(common, shell, &options.program)?;
        let tasks = points
            .iter()
            .map(|point| setup.task(declared(options, point)))
            .collect::<Result<Vec<Task>, Failure>>()?;
        let sweep = Sweep::plan(common, shell, options, &parameters, &points, &tasks);
        if options.dry_run {
            return sweep.show();
        }
        // All points run what is built now, whatever is edited meanwhile.
        if sweep.has_misses()
            && let Prepared::MovedOn = setup.experiment.program.ready(shell)?
        {
            if begun == ATTEMPTS {
                return Err(restless());
            }
            shell.note("what it is made of was edited meanwhile: beginning anew");
            continue;
        }
        return sweep.carry_out(&setup.experiment);
    }
}

fn points(shell: &Shell, options: &SweepOptions) -> Result<Vec<Point>, Failure> {
    let space = Space::parse(
        &options.parameters,
        options.from.as_deref(),
        &options.zip,
        options.condition.as_ref(),
        options.sample.map(NonZeroUsize::get),
        options.seed.unwrap_or(0),
    )?;
    let points = space
        .points()
        .inspect_err(|_| warn(shell, space.remarks()))?;
    warn(shell, &points.remarks);
    let ProgramOptions { output, .. } = &options.program;
    if let Some(point) = points.all.first() {
        let template = options.program.arguments();
        warn(shell, &space::remarks(template, output, point)?);
    }
    Ok(points.all)
}

fn warn(shell: &Shell, remarks: &[String]) {
    for remark in remarks {
        shell.warn(remark);
    }
}

/// What is declared of one point.
fn declared(options: &SweepOptions, point: &Point) -> Declared {
    let of = Declared::of(&options.program);
    let fill = |texts: Vec<String>| -> Vec<String> {
        let texts = texts.iter();
        texts.map(|text| space::fill(text, point)).collect()
    };
    let in_environment = |name: &str| {
        let mut values = options.program.env.iter();
        values.any(|variable| {
            let value = variable.value.as_deref();
            value.is_some_and(|value| space::places(value, name))
        })
    };
    let variables = of.variables.into_iter().map(|variable| Variable {
        value: variable.value.map(|value| space::fill(&value, point)),
        ..variable
    });
    Declared {
        arguments: space::arguments(&of.arguments, &of.outputs, point, |name| {
            !in_environment(name)
        }),
        inputs: fill(of.inputs),
        outputs: fill(of.outputs),
        variables: variables.collect(),
    }
}
