//! A program, built; and its runs.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::cargo;
use crate::failure::{Failure, Result};
use crate::mutate;
use crate::program::{Mutant, Program};
use crate::tree::Tree;

/// A program that can be run.
#[derive(Debug)]
pub struct Built {
    executable: PathBuf,
    /// Mutants that the compiler runs to find a constant, and that have no probe therefore.
    pub constant: BTreeSet<u32>,
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The exit code, or none after a signal.
    pub code: Option<i32>,
    /// What it printed.
    pub printed: Vec<u8>,
}

impl Outcome {
    /// Whether the program came to its end.
    pub fn succeeded(&self) -> bool {
        self.code == Some(0)
    }
}

/// Builds a program with a probe in every function where one can be.
///
/// # Errors
///
/// It does not compile.
pub fn with_probes(program: &Program, tree: &Tree, target: &Path) -> Result<Built> {
    let mut constant = BTreeSet::new();
    loop {
        mutate::write_probes(program, tree, &constant)?;
        match build(&tree.driver(), target)? {
            Attempt::Built(executable) => {
                let executable = keep(&executable, &tree.driver())?;
                return Ok(Built {
                    executable,
                    constant,
                });
            }
            Attempt::Refused { constants, words } => {
                let before = constant.len();
                constant.extend(constants);
                if constant.len() == before {
                    return Err(Failure::new(format!(
                        "the program does not compile:\n{words}"
                    )));
                }
            }
        }
    }
}

/// Builds a program with nothing but a panic in one function; `None` if it does not compile.
///
/// # Errors
///
/// Cargo cannot be run.
pub fn with_panic(
    program: &Program,
    tree: &Tree,
    mutant: &Mutant,
    target: &Path,
) -> Result<Option<Built>> {
    mutate::write_panic(program, tree, mutant)?;
    match build(&tree.driver(), target)? {
        Attempt::Built(executable) => Ok(Some(Built {
            executable,
            constant: BTreeSet::new(),
        })),
        Attempt::Refused { .. } => Ok(None),
    }
}

impl Built {
    /// Runs an examined function with a mutant in force, or with none if its number is 0.
    ///
    /// # Errors
    ///
    /// The program cannot be started.
    pub fn run(&self, mutant: u32, examined: u32) -> Result<Outcome> {
        let output = Command::new(&self.executable)
            .args([mutant.to_string(), examined.to_string()])
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .map_err(|why| Failure::at("run", &self.executable, why))?;
        Ok(Outcome {
            code: output.status.code(),
            printed: output.stdout,
        })
    }
}

/// Copies a program out of the target directory, where the next build would replace it.
fn keep(executable: &Path, dir: &Path) -> Result<PathBuf> {
    let kept = dir.join("kept");
    std::fs::copy(executable, &kept).map_err(|why| Failure::at("copy", executable, why))?;
    Ok(kept)
}

enum Attempt {
    Built(PathBuf),
    Refused {
        constants: BTreeSet<u32>,
        words: String,
    },
}

fn build(dir: &Path, target: &Path) -> Result<Attempt> {
    let output = cargo::build(dir, target)?;
    let mut words = String::from_utf8_lossy(&output.stderr).into_owned();
    let mut constants = BTreeSet::new();
    let mut executable = None;
    for line in output.stdout.split(|byte| *byte == b'\n') {
        let Ok(message) = serde_json::from_slice::<Value>(line) else {
            continue;
        };
        if let Some(path) = message["executable"].as_str() {
            executable = Some(PathBuf::from(path));
        }
        let diagnostic = &message["message"];
        if diagnostic["level"] == "error" {
            words += diagnostic["rendered"].as_str().unwrap_or_default();
            constants_in(diagnostic, &mut constants);
        }
    }
    match executable {
        Some(executable) if output.status.success() => Ok(Attempt::Built(executable)),
        _ => Ok(Attempt::Refused { constants, words }),
    }
}

/// Collects the mutants at whose probes the evaluation of a constant failed.
fn constants_in(diagnostic: &Value, constants: &mut BTreeSet<u32>) {
    let array = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for span in array(&diagnostic["spans"]) {
        for line in array(&span["text"]) {
            let text: Vec<char> = line["text"].as_str().unwrap_or_default().chars().collect();
            let column = |name: &str| line[name].as_u64().unwrap_or(1) as usize - 1;
            let (start, end) = (column("highlight_start"), column("highlight_end"));
            let marked: String = text.get(start..end).unwrap_or_default().iter().collect();
            constants.extend(mutate::probes_in(&marked));
        }
    }
    for child in array(&diagnostic["children"]) {
        constants_in(&child, constants);
    }
}
