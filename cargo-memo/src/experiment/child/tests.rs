//! Children that are real processes: shells, and this test program itself,
//! which [`plays_its_part`] when it is told to.

mod ending;
mod order;
mod starting;

use std::cell::{Cell, RefCell};
use std::env;
use std::ffi::OsString;
use std::path::Path;

use super::*;

/// What this program is to do as a child.
const PART: &str = "MEMO_TEST_PART";
/// What it prints before it does so.
const CURTAIN: &[u8] = b"<the curtain rises>";

/// What a child printed, in order; what went to one stream in a row is one.
type Printed = Vec<(Stream, Vec<u8>)>;

fn join(printed: &mut Printed, stream: Stream, bytes: &[u8]) {
    match printed.last_mut() {
        Some((last, joined)) if *last == stream => joined.extend_from_slice(bytes),
        _ => printed.push((stream, bytes.to_vec())),
    }
}

/// Nobody asks for the end, or somebody does.
#[derive(Debug, Default)]
struct Asked(Cell<u32>);

impl Interrupts for Asked {
    fn asked(&self) -> u32 {
        self.0.get()
    }
}

/// A child that is about to run.
#[derive(Debug)]
struct Play {
    program: OsString,
    arguments: Vec<OsString>,
    set: Vec<(OsString, OsString)>,
    stdin: Option<File>,
    timeout: Option<Duration>,
    asked: Asked,
    /// After what has been printed the end is asked for, and how often.
    cue: Option<(&'static str, u32)>,
    printed: RefCell<Printed>,
}

/// A shell that runs a script.
fn shell(script: &str) -> Play {
    Play::of("/bin/sh", &["-c", script])
}

/// This program, playing a part of [`plays_its_part`].
fn part(name: &str) -> Play {
    let this = env::current_exe().unwrap();
    let test = "experiment::child::tests::plays_its_part";
    let mut play = Play::of(this, &[test, "--exact", "--nocapture", "--test-threads=1"]);
    play.set.push((PART.into(), name.into()));
    play
}

impl Play {
    fn of(program: impl Into<OsString>, arguments: &[&str]) -> Self {
        Self {
            program: program.into(),
            arguments: arguments.iter().map(OsString::from).collect(),
            set: Vec::new(),
            stdin: None,
            timeout: None,
            asked: Asked::default(),
            cue: None,
            printed: RefCell::default(),
        }
    }

    fn stdin(mut self, stdin: impl Into<std::os::fd::OwnedFd>) -> Self {
        self.stdin = Some(stdin.into().into());
        self
    }

    fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    fn asked_after(mut self, text: &'static str, times: u32) -> Self {
        self.cue = Some((text, times));
        self
    }

    fn run_in(&mut self, dir: &Path) -> Result<End, CannotStart> {
        let spawn = Spawn {
            program: self.program.as_ref(),
            name: &self.program,
            arguments: &self.arguments,
            dir,
            set: &self.set,
            stdin: self.stdin.take(),
            timeout: self.timeout,
        };
        run(spawn, &self.asked, &mut |stream, bytes| {
            join(&mut self.printed.borrow_mut(), stream, bytes);
            if let Some((text, times)) = self.cue
                && self.text(Stream::Stdout).contains(text)
            {
                self.asked.0.set(times);
            }
        })
    }

    fn run(&mut self) -> End {
        self.run_in(Path::new("/")).unwrap()
    }

    /// What it printed to a stream, as text.
    fn text(&self, stream: Stream) -> String {
        let printed = self.printed.borrow();
        let bytes = printed.iter().filter(|(from, _)| *from == stream);
        let bytes: Vec<u8> = bytes.flat_map(|(_, bytes)| bytes.clone()).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// What it printed since the curtain rose.
    fn performance(&self) -> Printed {
        let mut printed = self.printed.borrow().clone();
        let begins = |bytes: &[u8]| {
            let mut windows = bytes.windows(CURTAIN.len());
            windows.position(|window| window == CURTAIN)
        };
        let first = printed
            .iter()
            .position(|(_, bytes)| begins(bytes).is_some());
        printed.drain(..first.expect("the curtain does not rise"));
        let (_, opening) = &mut printed[0];
        let at = begins(opening).unwrap() + CURTAIN.len();
        opening.drain(..at);
        printed.retain(|(_, bytes)| !bytes.is_empty());
        printed
    }
}

/// Not a test of its own: what this program does as a child of other tests.
#[test]
fn plays_its_part() {
    let Ok(part) = env::var(PART) else {
        return;
    };
    rustix::io::write(io::stdout(), CURTAIN).unwrap();
    match part.as_str() {
        "alternates" => order::alternates(),
        "prints pages" => order::prints_pages(),
        "widens its pipe" => order::widens_its_pipe(),
        "widens its pipe and leaves" => order::widens_its_pipe_and_leaves(),
        "has a child" => ending::has_a_child(),
        other => panic!("there is no part called {other}"),
    }
    std::process::exit(0);
}
