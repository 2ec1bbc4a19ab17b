//! The row of building a program that keeps results.

use std::fs;
use std::path::Path;
use std::process::Command;

use memo_tests::bench::peer;
use memo_tests::bench::stage::{Answer, timed};

use super::field::{Field, Ground};
use super::row::{Lane, Role, Row};

const ROUNDS: u64 = 3;

/// A program of one function.
struct Program {
    name: &'static str,
    dependencies: String,
    build_script: Option<&'static str>,
    main: &'static str,
    /// The lock file that says which versions are used.
    lock: String,
}

/// Clean debug builds, of all dependencies too. Everything has been downloaded before.
pub(crate) fn builds(field: &Field) -> Row {
    let ground = field.ground();
    let lanes = vec![
        lane(&ground, "memo", Role::Ours, ours()),
        lane(&ground, "serde, and nothing else", Role::System, neither()),
        lane(&ground, "cached with redb", Role::Peer, theirs()).goal(1.0),
    ];
    let name = "clean debug build of a program";
    Row::run("builds", name, field.at_most(ROUNDS), lanes)
}

fn ours() -> Program {
    let memo = repository().join("memo-runtime");
    Program {
        name: "with-memo",
        dependencies: format!(
            "memo-runtime.path = {memo:?}\n{SERDE}\n[build-dependencies]\nmemo-build.path = {:?}\n",
            memo.join("memo-build")
        ),
        build_script: Some("fn main() {\n    memo_build::fingerprint();\n}\n"),
        main: "#[memo_runtime::memo]\nfn square(n: u64) -> u64 {\n    n * n\n}\n\n\
               fn main() {\n    println!(\"{}\", square(7));\n}\n",
        lock: read(&repository().join("Cargo.lock")),
    }
}

fn theirs() -> Program {
    let peer = peer::sources().join("cached");
    let manifest = read(&peer.join("Cargo.toml"));
    let line = manifest.lines().find(|line| line.starts_with("cached ="));
    Program {
        name: "with-cached",
        dependencies: format!("{}\n{SERDE}", line.expect("a dependency")),
        build_script: None,
        main: "#[cached::macros::concurrent_cached(disk = true, map_error = |e| e.to_string())]\n\
               fn square(n: u64) -> Result<u64, String> {\n    Ok(n * n)\n}\n\n\
               fn main() {\n    println!(\"{:?}\", square(7));\n}\n",
        lock: read(&peer.join("Cargo.lock")),
    }
}

fn neither() -> Program {
    Program {
        name: "with-neither",
        dependencies: SERDE.to_owned(),
        build_script: None,
        main: "fn main() {\n    println!(\"{}\", 7 * 7);\n}\n",
        lock: read(&repository().join("Cargo.lock")),
    }
}

const SERDE: &str = "serde = { version = \"1\", features = [\"derive\"] }\n";

fn lane(ground: &Ground, name: &str, role: Role, program: Program) -> Lane {
    let dir = ground.path().join(program.name);
    program.write(&dir);
    Lane::new(name, role, move |round| {
        if round == 0 {
            return cargo(&dir, &["fetch"]);
        }
        let built = cargo(&dir, &["build", "--offline"]);
        let _ = fs::remove_dir_all(dir.join("target"));
        built
    })
}

impl Program {
    fn write(&self, dir: &Path) {
        let manifest = format!(
            "[package]\nname = {:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [dependencies]\n{}\n[workspace]\n",
            self.name, self.dependencies
        );
        fs::create_dir_all(dir.join("src")).expect("a directory");
        fs::write(dir.join("Cargo.toml"), manifest).expect("a file");
        fs::write(dir.join("Cargo.lock"), &self.lock).expect("a file");
        fs::write(dir.join("src/main.rs"), self.main).expect("a file");
        if let Some(script) = self.build_script {
            fs::write(dir.join("build.rs"), script).expect("a file");
        }
    }
}

/// How long cargo takes.
fn cargo(dir: &Path, words: &[&str]) -> Answer {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(words)
        .arg("--quiet")
        .current_dir(dir)
        .env("CARGO_TARGET_DIR", dir.join("target"))
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTC_WORKSPACE_WRAPPER")
        .env_remove("RUSTFLAGS");
    let (output, took) = timed(|| command.output());
    let output = output.map_err(|error| error.to_string())?;
    match output.status.success() {
        true => Ok(vec![took]),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("a repository")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a file of the repository")
}
