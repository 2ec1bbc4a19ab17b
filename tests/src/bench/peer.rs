//! The programs that benchmarks compare us with, installed once into `peers` in the target
//! directory.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The version of `bkt`.
pub const BKT: &str = "0.8.2";

/// What is installed for Python, each at this version.
const PYTHON: [&str; 3] = ["joblib==1.6.0", "numpy==2.4.6", "diskcache==5.6.3"];

/// The directory of the peers' own programs.
pub fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

/// Where peers are installed. `tmp` is `CARGO_TARGET_TMPDIR`, which only benchmarks know.
fn root(tmp: &str) -> PathBuf {
    let target = Path::new(tmp).parent().expect("a target directory");
    target.join("peers")
}

/// `bkt`, which caches what commands print.
///
/// # Errors
///
/// It cannot be installed.
pub fn bkt(tmp: &str) -> Result<PathBuf, String> {
    let root = root(tmp);
    let bkt = root.join("bin/bkt");
    if !bkt.exists() {
        run(cargo()
            .args(["install", "bkt", "--version", BKT, "--locked", "--root"])
            .arg(&root))?;
    }
    Ok(bkt)
}

/// A Python that has joblib, numpy and diskcache.
///
/// # Errors
///
/// There is no Python, or they cannot be installed.
pub fn python(tmp: &str) -> Result<PathBuf, String> {
    let venv = root(tmp).join("python");
    let python = venv.join("bin/python");
    // Written last, so that what was interrupted is done again.
    let installed = venv.join("installed");
    let wanted = PYTHON.join("\n");
    if fs::read_to_string(&installed).is_ok_and(|found| found == wanted) {
        return Ok(python);
    }
    run(Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&venv))?;
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet"])
        .args(PYTHON))?;
    fs::write(&installed, wanted).map_err(|error| error.to_string())?;
    Ok(python)
}

/// The program that uses the crate `cached` with its disk store.
///
/// # Errors
///
/// It cannot be built.
pub fn cached(tmp: &str) -> Result<PathBuf, String> {
    let target = root(tmp).join("cached");
    run(cargo()
        .args(["build", "--release", "--quiet", "--locked"])
        .arg("--target-dir")
        .arg(&target)
        .current_dir(sources().join("cached")))?;
    Ok(target.join("release/memo-peer-cached"))
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a command that installs something; what it prints goes to stderr.
fn run(command: &mut Command) -> Result<(), String> {
    let name = format!("{command:?}");
    let output = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .map_err(|error| format!("{name}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let last = words.lines().rfind(|line| !line.trim().is_empty());
    Err(format!("{name}: {}", last.unwrap_or("failed")))
}
