use std::process::Command;
use std::sync::Arc;

use memo_runtime::run::ProgramCode;

use super::super::{Binary, CargoFlags, Prepared, Ready, Wanted};
use super::lab::Lab;
use crate::failure::Failure;
use crate::shell::Shell;

fn find(lab: &Lab, bin: &str, exact: bool, flags: &CargoFlags) -> Result<Binary, Failure> {
    let wanted = Wanted {
        bin: Some(bin),
        package: None,
        exact,
        cargo: flags,
        command: None,
    };
    Binary::find(lab.workspace.clone(), &quiet(), &wanted)
}

fn quiet() -> Shell {
    Shell::new(None, true)
}

fn ready(binary: &Binary) -> Arc<Ready> {
    match binary.ready(&quiet()).unwrap() {
        Prepared::Ready(ready) => ready,
        Prepared::MovedOn => panic!("the sources are as they were"),
    }
}

/// What the program prints.
fn output(ready: &Ready) -> String {
    let output = Command::new(&ready.path)
        .envs(ready.env.iter().cloned())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn bytes(binary: &Binary) -> memo_runtime::Digest {
    match binary.code() {
        ProgramCode::Bytes(digest) => digest,
        ProgramCode::Source { .. } => panic!("the bytes should count"),
    }
}

#[test]
fn a_binary_is_built_where_it_runs_and_stays_what_its_code_says() {
    let lab = Lab::new();
    lab.write(
        "lab/src/bin/eval.rs",
        "fn main() {\n    println!(\"one {}\", std::env::var(\"CARGO_PKG_VERSION\").unwrap());\n}\n",
    );
    let binary = find(&lab, "eval", false, &lab.flags()).unwrap();
    assert!(matches!(binary.code(), ProgramCode::Source { .. }));
    assert_eq!((binary.package(), binary.name()), ("lab", "eval"));
    assert!(
        !lab.path("target/debug").exists(),
        "nothing is built to tell the code"
    );

    let first = ready(&binary);
    assert_eq!(output(&first), "one 0.1.0\n");
    assert!(first.path.ends_with("eval"));
    let main = lab.read("lab/src/bin/eval.rs");
    lab.write("lab/src/bin/eval.rs", &main.replace("one", "two"));
    assert!(binary.has_moved_on());
    assert!(Arc::ptr_eq(&first, &ready(&binary)), "it is built once");
    assert_eq!(output(&first), "one 0.1.0\n");

    // What was found before an edit and is built after it.
    lab.write("lab/src/bin/eval.rs", &main);
    let late = find(&lab, "eval", false, &lab.flags()).unwrap();
    lab.write("lab/src/bin/eval.rs", &main.replace("one", "two"));
    assert!(matches!(late.ready(&quiet()), Ok(Prepared::MovedOn)));
    let anew = find(&lab, "eval", false, &lab.flags()).unwrap();
    assert_eq!(output(&ready(&anew)), "two 0.1.0\n");

    // A build that fails.
    lab.write("lab/src/bin/eval.rs", "fn main() { no such code }");
    let broken = find(&lab, "eval", false, &lab.flags()).unwrap();
    let message = broken.ready(&quiet()).unwrap_err().message().unwrap();
    assert!(
        message.starts_with("cannot build the binary `eval`"),
        "{message}"
    );
    lab.write("lab/src/bin/eval.rs", &main);
    assert!(
        broken.ready(&quiet()).is_err(),
        "it is not tried by every worker"
    );
}

#[test]
fn the_bytes_count_if_that_is_asked_for() {
    let lab = Lab::new();
    let flags = lab.flags();
    let [one, same] = [(); 2].map(|()| find(&lab, "eval", true, &flags).unwrap());
    assert_eq!(bytes(&one), bytes(&same));
    assert_eq!(output(&ready(&one)), "eval\n");
    let main = lab.read("lab/src/bin/eval.rs");
    lab.write(
        "lab/src/bin/eval.rs",
        &main.replace("\"eval\"", "\"evaluated\""),
    );
    assert!(one.has_moved_on());
    let edited = find(&lab, "eval", true, &flags).unwrap();
    assert_ne!(bytes(&edited), bytes(&one));
    assert_eq!(output(&ready(&one)), "eval\n", "it has a copy of its own");
}

#[test]
fn the_bytes_count_where_the_sources_do_not_tell_all() {
    let mut lab = Lab::new();
    lab.write(
        "lab/src/bin/eval.rs",
        "include!(concat!(env!(\"OUT_DIR\"), \"/table.rs\"));\nfn main() {\n    println!(\"{}\", STEP);\n}\n",
    );
    let script = "fn main() {\n    let dir = std::env::var(\"OUT_DIR\").unwrap();\n    \
        std::fs::write(format!(\"{dir}/table.rs\"), \"const STEP: i32 = 1;\").unwrap();\n}\n";
    lab.write("lab/build.rs", script);
    lab.ask_again();
    let one = find(&lab, "eval", false, &lab.flags()).unwrap();
    assert_eq!(output(&ready(&one)), "1\n");
    lab.write("lab/build.rs", &script.replace("= 1", "= 2"));
    let other = find(&lab, "eval", false, &lab.flags()).unwrap();
    assert_eq!(output(&ready(&other)), "2\n");
    assert_ne!(bytes(&one), bytes(&other));
}

#[test]
fn a_missing_lock_file_is_made_by_a_build() {
    let lab = Lab::new();
    let before = lab.fingerprint("eval", &lab.flags());
    std::fs::remove_file(lab.path("Cargo.lock")).unwrap();
    let binary = find(&lab, "eval", false, &lab.flags()).unwrap();
    assert!(lab.path("Cargo.lock").exists());
    let ProgramCode::Source { fingerprint, .. } = binary.code() else {
        panic!("the sources tell all");
    };
    assert_eq!(fingerprint, before);
}
