//! A program that takes turns with others.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A running program whose end is [`super::stage`], or the like of it in another language. It is
/// ended when the contestant is dropped. What it says on stderr goes there.
#[derive(Debug)]
pub struct Contestant {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    versions: String,
}

impl Contestant {
    /// Starts a program, and waits until it is ready.
    ///
    /// # Errors
    ///
    /// It cannot be started, or ends before it is ready.
    pub fn start(command: &mut Command) -> Result<Self, String> {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot start {name}: {error}"))?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take().expect("is piped");
        let mut contestant = Self {
            child,
            stdin,
            stdout: BufReader::new(stdout),
            versions: String::new(),
        };
        let line = contestant.line()?;
        let versions = line.strip_prefix("ready ");
        contestant.versions = versions.ok_or_else(|| line.clone())?.to_owned();
        Ok(contestant)
    }

    /// The versions of what it measures.
    pub fn versions(&self) -> &str {
        &self.versions
    }

    /// Tells it a line, and waits for the answer.
    ///
    /// # Errors
    ///
    /// It fails, or has ended.
    pub fn ask(&mut self, line: &str) -> Result<Vec<u64>, String> {
        self.tell(line)?;
        self.answer()
    }

    /// Tells it a line without waiting for the answer, so that others can be told.
    ///
    /// # Errors
    ///
    /// It has ended.
    pub fn tell(&mut self, line: &str) -> Result<(), String> {
        let stdin = self.stdin.as_mut().expect("is open until it is dropped");
        let told = stdin.write_all(format!("{line}\n").as_bytes());
        told.map_err(|_| "has ended".to_owned())
    }

    /// The answer to what it was told.
    ///
    /// # Errors
    ///
    /// It fails, or has ended.
    pub fn answer(&mut self) -> Result<Vec<u64>, String> {
        let line = self.line()?;
        let mut words = line.split_whitespace();
        match words.next() {
            Some("ok") => {
                let numbers: Result<_, _> = words.map(str::parse).collect();
                numbers.map_err(|_| format!("answers {line:?}"))
            }
            Some("failed") => Err(words.collect::<Vec<_>>().join(" ")),
            _ => Err(format!("answers {line:?}")),
        }
    }

    fn line(&mut self) -> Result<String, String> {
        let mut line = String::new();
        match self.stdout.read_line(&mut line) {
            Ok(1..) => Ok(line.trim_end().to_owned()),
            _ => Err("has ended".to_owned()),
        }
    }
}

impl Drop for Contestant {
    fn drop(&mut self) {
        // It ends when it has nothing more to hear.
        self.stdin = None;
        let _ = self.child.wait();
    }
}
