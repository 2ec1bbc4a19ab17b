//! A program that a test directs, line by line.
//!
//! What the test tells arrives on the program's stdin, what the program says comes from its
//! stdout; [`crate::stage`] is its end of the two. What it logs on stderr is kept beside.

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;

pub use rustix::process::Signal;
use rustix::process::{Pid, kill_process};

use crate::watchdog::DEADLINE;

/// A running program. It is killed when the actor is dropped, and the test fails if the program
/// fails while the test still expects something of it.
pub struct Actor {
    child: Child,
    stdin: Option<ChildStdin>,
    heard: Receiver<Heard>,
    said: Vec<String>,
    logged: Vec<String>,
}

enum Heard {
    Said(String),
    Logged(String),
}

impl Actor {
    /// Starts a program.
    ///
    /// # Panics
    ///
    /// When it cannot be started.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        let (sender, heard) = mpsc::channel();
        listen(
            child.stdout.take().expect("is piped"),
            sender.clone(),
            Heard::Said,
        );
        listen(
            child.stderr.take().expect("is piped"),
            sender,
            Heard::Logged,
        );
        let stdin = child.stdin.take();
        Self {
            child,
            stdin,
            heard,
            said: Vec::new(),
            logged: Vec::new(),
        }
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Tells it a line. If it has ended, nobody hears it.
    pub fn tell(&mut self, line: &str) {
        if let Some(stdin) = &mut self.stdin {
            let _ = stdin.write_all(format!("{line}\n").as_bytes());
        }
    }

    /// The next line that it says.
    ///
    /// # Panics
    ///
    /// When it ends instead, or says nothing until the deadline.
    pub fn hear(&mut self) -> String {
        while self.said.is_empty() {
            self.listen("a line");
        }
        self.said.remove(0)
    }

    /// Expects `line` to be the next that it says.
    ///
    /// # Panics
    ///
    /// When it says something else; and as [`Actor::hear`].
    #[track_caller]
    pub fn says(&mut self, line: &str) {
        let said = self.hear();
        assert_eq!(said, line, "{self:?}");
    }

    /// The first line that it has logged, or will log, with `part` in it.
    ///
    /// # Panics
    ///
    /// When it ends instead, or logs no such line until the deadline.
    pub fn logs(&mut self, part: &str) -> String {
        loop {
            if let Some(line) = self.logged.iter().find(|line| line.contains(part)) {
                return line.clone();
            }
            self.listen(part);
        }
    }

    /// What it has said by now and nobody heard yet, without waiting for more.
    pub fn overhear(&mut self) -> Vec<String> {
        while let Ok(heard) = self.heard.try_recv() {
            self.note(heard);
        }
        std::mem::take(&mut self.said)
    }

    /// What it has logged by now, as far as nobody has taken it yet.
    pub fn take_logged(&mut self) -> Vec<String> {
        std::mem::take(&mut self.logged)
    }

    /// Sends it a signal.
    ///
    /// # Panics
    ///
    /// When it has been reaped already.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Kills it without warning; returns when it is dead.
    ///
    /// # Panics
    ///
    /// When the system fails to.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Tells it that there is nothing more to do and expects it to end well; what it logged.
    ///
    /// # Panics
    ///
    /// When it fails, or does not end until the deadline.
    pub fn leave(mut self) -> Vec<String> {
        self.stdin = None;
        loop {
            match self.heard.recv_timeout(DEADLINE) {
                Ok(heard) => self.note(heard),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("does not end: {self:?}"),
            }
        }
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}: {self:?}");
        std::mem::take(&mut self.logged)
    }

    /// Tells it that there is nothing more to do and expects it to end well, having logged nothing.
    ///
    /// # Panics
    ///
    /// When it logged something; and as [`Actor::leave`].
    #[track_caller]
    pub fn leave_quietly(self) {
        let logged = self.leave();
        assert!(logged.is_empty(), "{}", logged.join("\n"));
    }

    fn listen(&mut self, expected: &str) {
        match self.heard.recv_timeout(DEADLINE) {
            Ok(heard) => self.note(heard),
            Err(RecvTimeoutError::Disconnected) => panic!("ended before {expected:?}: {self:?}"),
            Err(RecvTimeoutError::Timeout) => panic!("no {expected:?}: {self:?}"),
        }
    }

    fn note(&mut self, heard: Heard) {
        match heard {
            Heard::Said(line) => self.said.push(line),
            Heard::Logged(line) => self.logged.push(line),
        }
    }
}

impl Drop for Actor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl fmt::Debug for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} said {:?} and logged", self.pid(), self.said)?;
        self.logged
            .iter()
            .try_for_each(|line| write!(f, "\n  {line}"))
    }
}

fn listen(source: impl Read + Send + 'static, sender: Sender<Heard>, wrap: fn(String) -> Heard) {
    thread::spawn(move || {
        for line in BufReader::new(source).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            if sender.send(wrap(line)).is_err() {
                return;
            }
        }
    });
}
