//! Teaches a small network to tell the arms of a spiral apart, and draws what it has learned.
//!
//! The two steps that take time carry `#[memo]`: [`data::prepare`] and [`model::train`]. Each is computed once for its
//! arguments and its code; whoever wants the same again, today or next month, has it loaded.

mod args;
mod data;
mod model;
mod picture;
mod random;

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use memo_runtime::{Fetched, call, metric};

use args::Args;

fn main() -> ExitCode {
    match run(&Args::parse(), &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever closed the pipe, as `head` does, has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args, out: &mut impl Write) -> io::Result<()> {
    // `data::prepare(…)` alone gives the data; `call!` gives the call, which can also tell how it came by the data.
    let preparing = call!(data::prepare(args.arms, args.points, args.noise));
    let data = report("prepare", preparing.fetch());

    let training = call!(model::train(
        args.layers,
        args.hidden,
        args.lr,
        args.epochs,
        args.seed,
        &data.training
    ));
    let network = report("train", training.fetch());

    // What `cargo memo` shows of a run beside its arguments. It is told here and not in `train`, which does not run
    // when its result is loaded.
    let (loss, accuracy) = (network.loss(&data.test), network.accuracy(&data.test));
    metric("loss", loss);
    metric("accuracy", accuracy);

    writeln!(out, "{}", picture::text(&network, &data.test))?;
    writeln!(out, "loss {loss:.3}, accuracy {:.1} %", 100.0 * accuracy)?;
    match &args.out {
        Some(path) => write_file(path, &picture::svg(&network, &data.test)),
        None => Ok(()),
    }
}

/// Says how the result of a step was come by, and returns it. What is another from run to run, such as a time, belongs on
/// standard error: what is on standard output is the result.
fn report<T>(step: &str, fetched: Fetched<T>) -> T {
    let outcome = fetched.outcome.to_string();
    let milliseconds = 1e3 * fetched.duration.as_secs_f64();
    eprintln!("{step:8}  {outcome:9}  {milliseconds:7.1} ms");
    fetched.value
}

fn write_file(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text).map_err(|error| {
        let message = format!("cannot write `{}`: {error}", path.display());
        io::Error::new(error.kind(), message)
    })
}
