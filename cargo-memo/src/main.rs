//! The `cargo memo` subcommand: words, flags, tables and exit codes.
//!
//! What it shows and removes is found by [`memo_runtime::manage`], and what the
//! sources are by [`memo_build`] and [`memo_code`]; they return data. What must
//! hold here: nothing that comes out of a store reaches a terminal unescaped,
//! and every way to end has its exit code: 0 done, 1 findings or failures,
//! 2 usage.

mod cli;
mod code_state;
mod commands;
mod experiment;
mod failure;
mod interrupt;
mod listing;
mod locate;
mod progress;
mod reading;
mod render;
mod selection;
mod set_aside;
mod shell;
mod suggest;
mod workspace;

use std::process::ExitCode;

use cli::{Cli, Verb};
use commands::{
    Context, Verdict, clear, completions, config, doctor, gc, init, list, log, man, new, run, show,
    status, sweep, verify, why,
};
use failure::Failure;
use locate::Place;
use shell::Shell;

fn main() -> ExitCode {
    shell::colour_by_environment();
    let cli = match cli::parse(std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => {
            // Help on a closed pipe, as in `--help | head`, is still help.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(failure::USAGE));
        }
    };
    let shell = Shell::new(cli.common.color, cli.common.quiet);
    match perform(&cli, &shell) {
        Ok(Verdict::Done) => ExitCode::SUCCESS,
        Ok(Verdict::Findings) => ExitCode::from(failure::FAILED),
        Ok(Verdict::Exit(code)) => ExitCode::from(code),
        Err(failure) => {
            if let Some(message) = failure.message() {
                shell.error(&message);
            }
            ExitCode::from(failure.exit_code())
        }
    }
}

fn perform(cli: &Cli, shell: &Shell) -> Result<Verdict, Failure> {
    cli.check()?;
    let common = &cli.common;
    let context = || Context::open(common, shell, Place::find(common, shell)?);
    match cli.verb() {
        Verb::Status => status::run(&context()?),
        Verb::List(options) => list::run(&context()?, options),
        Verb::Show(options) => show::run(&context()?, options),
        Verb::Log(options) => log::run(&context()?, options),
        Verb::Why(options) => why::run(&context()?, options),
        Verb::Clear(options) => clear::run(&context()?, options),
        Verb::Gc(options) => gc::run(&context()?, options),
        Verb::Verify(options) => verify::run(&context()?, options),
        Verb::Doctor(options) => doctor::run(common, shell, options),
        Verb::Config(options) => config::run(common, shell, options),
        Verb::Run(options) => run::run(common, shell, options),
        Verb::Sweep(options) => sweep::run(common, shell, options),
        Verb::New(options) => new::run(common, shell, options),
        Verb::Init(options) => init::run(common, shell, options),
        Verb::Completions(options) => completions::run(shell, options),
        Verb::Man(options) => man::run(options),
    }
}
