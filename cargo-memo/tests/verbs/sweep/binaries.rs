//! Sweeps over a binary of the workspace.

use std::fs;
use std::process::Stdio;

use crate::lab::Lab;

/// A package whose binary waits for a file before it prints its loss.
fn lab() -> Lab {
    let lab = Lab::new();
    lab.write(
        "Cargo.toml",
        "[package]\nname = \"lab\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n",
    );
    let [ran, go] = ["ran", "go"].map(|name| lab.bench.beside(name));
    lab.write(
        "src/main.rs",
        format!(
            "const LOSS: f64 = 0.5;\n\nfn main() {{\n    let words: Vec<String> = std::env::args().skip(1).collect();\n    \
             let mut ran = std::fs::File::options().create(true).append(true).open({ran:?}).unwrap();\n    \
             std::io::Write::write_all(&mut ran, format!(\"{{}}\\n\", words.join(\" \")).as_bytes()).unwrap();\n    \
             while words[1] == \"2\" && !std::path::Path::new({go:?}).exists() {{\n        std::thread::yield_now();\n    }}\n    \
             println!(\"{{LOSS}}\");\n}}\n"
        ),
    );
    lab
}

#[test]
fn a_sweep_runs_what_it_built_whatever_is_edited_and_built_meanwhile() {
    let lab = lab();
    let words = [
        "sweep", "--bin", "lab", "lr=1..=4", "-j", "1", "--metric", "loss=.*", "--format", "csv",
    ];
    let mut command = lab.command(&words);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while lab.ran().len() < 2 {
        std::thread::yield_now();
    }
    let text = String::from_utf8(lab.read("src/main.rs")).unwrap();
    lab.write("src/main.rs", text.replace("0.5", "0.25"));
    let built = std::process::Command::new(env!("CARGO"))
        .arg("build")
        .current_dir(lab.dir())
        .output();
    assert!(built.unwrap().status.success());
    fs::write(lab.bench.beside("go"), "").unwrap();
    let output = child.wait_with_output().unwrap();
    let (stdout, stderr) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert!(output.status.success(), "{stderr}");
    let losses: Vec<&str> = stdout
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(2).unwrap())
        .collect();
    assert_eq!(losses, ["0.5"; 4], "{stdout}");
    assert!(
        stderr.contains("the sources have changed since"),
        "{stderr}"
    );
    let again = lab.memo(&words);
    assert_eq!(
        again.stdout.matches(",0.25,computed").count(),
        4,
        "{}",
        again.stdout
    );
    lab.write("src/main.rs", text);
    assert_eq!(lab.memo(&words).stdout.matches(",0.5,hit").count(), 4);
    assert_eq!(lab.ran().len(), 8);
    let pinned = fs::read_dir(lab.path("target/memo")).unwrap().flatten();
    let pinned = pinned.filter(|entry| entry.file_name().to_string_lossy().starts_with("pinned"));
    assert_eq!(pinned.count(), 0, "no copy is left");
}
