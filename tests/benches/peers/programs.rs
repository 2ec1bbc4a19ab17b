//! The row of a command whose output is kept.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use memo_tests::bench::stage::{Answer, timed};
use memo_tests::tool;

use super::field::Field;
use super::row::{Lane, Role, Row};

const ROUNDS: u64 = 300;

/// Hits of `/bin/echo hi`, as whole processes.
pub(crate) fn run(field: &Field) -> Row {
    let ground = field.ground();
    let program = tool::release();
    let bkt = field.bkt().clone();
    let (here, there) = (ground.path().to_owned(), ground.path().to_owned());
    let lanes = vec![
        Lane::new("memo", Role::Ours, move |_| {
            took(&mut ours(&program, &here))
        }),
        Lane::new("/bin/echo itself", Role::System, |_| {
            took(Command::new("/bin/echo").arg("hi"))
        }),
        Lane::new("bkt", Role::Peer, move |_| took(&mut theirs(&bkt, &there)?)).goal(1.0),
    ];
    let name = "cargo memo run /bin/echo, hit";
    Row::run("run", name, field.at_most(ROUNDS), lanes)
}

fn ours(program: &Path, dir: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .args(["-q", "run", "--", "/bin/echo", "hi"])
        .current_dir(dir)
        .env("MEMO_DIR", dir.join("store"))
        .env_remove("MEMO_BENCH_DIR");
    command
}

fn theirs(bkt: &Result<PathBuf, String>, dir: &Path) -> Result<Command, String> {
    let mut command = Command::new(bkt.as_ref().map_err(Clone::clone)?);
    command.arg("--cache-dir").arg(dir.join("bkt"));
    command.args(["--ttl", "1d", "--", "/bin/echo", "hi"]);
    Ok(command)
}

/// How long a program takes, from its start to its end.
fn took(command: &mut Command) -> Answer {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let (status, took) = timed(|| command.status());
    match status {
        Ok(status) if status.success() => Ok(vec![took]),
        Ok(status) => Err(status.to_string()),
        Err(error) => Err(error.to_string()),
    }
}
