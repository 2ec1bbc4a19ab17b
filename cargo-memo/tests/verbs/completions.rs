//! `completions` and `man`: what is made of the definition of the command
//! line.

use std::fs;
use std::process::Command;

use crate::bench::Bench;

#[test]
fn every_shell_has_its_script() {
    let bench = Bench::new();
    for (shell, has) in [
        ("bash", "complete -F _cargo_memo "),
        ("zsh", "_cargo-memo() {"),
        ("fish", "complete -c cargo-memo "),
        ("elvish", "edit:completion:arg-completer[cargo-memo]"),
        ("powershell", "-CommandName 'cargo-memo'"),
    ] {
        let run = bench.run(bench.command(&["completions", shell]));
        assert!(run.stdout.contains(has), "{shell}: {}", run.stdout);
        assert!(run.stdout.contains("verify"), "{shell}");
        assert_eq!((run.stderr.as_str(), run.code), ("", 0));
    }
    assert_eq!(bench.run(bench.command(&["completions", "tcsh"])).code, 2);
    assert_eq!(bench.run(bench.command(&["completions"])).code, 2);
}

/// What bash would offer for the last of these words.
fn offered(bench: &Bench, before: &str, words: &[&str]) -> Option<Vec<String>> {
    let script = bench.run(bench.command(&["completions", "bash"])).stdout;
    let file = bench.beside("completions.bash");
    fs::write(&file, script).unwrap();
    let last = words.len() - 1;
    let program = format!(
        "{before}\nsource {file}\nsource {file}\n\
         COMP_WORDS=({words}); COMP_CWORD={last}\n\
         complete=$(complete -p {name}); function=${{complete##*-F }}\n\
         ${{function%% *}} {name} {current:?} {previous}\n\
         printf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
        file = file.display(),
        words = words
            .iter()
            .map(|word| format!("{word:?} "))
            .collect::<String>(),
        name = words[0],
        current = words[last],
        previous = words[last - 1],
    );
    let output = Command::new("bash").args(["-c", &program]).output().ok()?;
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let offered = String::from_utf8(output.stdout).unwrap();
    Some(offered.lines().map(str::to_owned).collect())
}

#[test]
fn bash_completes_both_ways_to_call_it() {
    let bench = Bench::new();
    let Some(direct) = offered(&bench, "", &["cargo-memo", "ver"]) else {
        eprintln!("skipped: there is no bash here");
        return;
    };
    assert_eq!(direct, ["verify"]);
    let behind = |before: &str, words: &[&str]| offered(&bench, before, words).unwrap();
    assert_eq!(behind("", &["cargo", "memo", "ver"]), ["verify"]);
    assert_eq!(behind("", &["cargo", "memo", "list"]), ["list"]);
    assert_eq!(behind("", &["cargo", "memo", "--format", "js"]), ["json"]);
    assert_eq!(
        behind("", &["cargo", "memo", "clear", "--dr"]),
        ["--dry-run"]
    );
    let cargo = "_cargo() { COMPREPLY=(\"build for $2\"); }; complete -F _cargo cargo";
    assert_eq!(behind(cargo, &["cargo", "bu"]), ["build for bu"]);
    assert_eq!(behind(cargo, &["cargo", "memo", "ver"]), ["verify"]);
}

#[test]
fn each_verb_has_a_manual_page() {
    let bench = Bench::new();
    let dir = bench.beside("man/man1");
    let run = bench.run(bench.command(&["man", &dir.to_string_lossy()]));
    assert_eq!(
        (run.stdout.as_str(), run.stderr.as_str(), run.code),
        ("", "", 0)
    );
    let mut pages: Vec<String> = fs::read_dir(&dir)
        .unwrap()
        .map(|page| page.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    assert!(pages.contains(&"cargo-memo.1".to_owned()), "{pages:?}");
    assert!(pages.contains(&"cargo-memo-gc.1".to_owned()), "{pages:?}");
    assert!(!pages.contains(&"cargo-memo-man.1".to_owned()), "{pages:?}");
    let page = fs::read_to_string(dir.join("cargo-memo-log.1")).unwrap();
    let example = "\n.SH EXAMPLES\n.nf\n  cargo memo log \\-\\-since 2h";
    assert!(
        page.contains(example) && page.ends_with("\n.fi\n"),
        "{page}"
    );
    assert!(page.contains("\n.SH NOTES\nThe journal"), "{page}");
}

#[test]
fn a_place_that_cannot_hold_pages_is_told() {
    let bench = Bench::new();
    fs::write(bench.beside("file"), "").unwrap();
    let run = bench.run(bench.command(&["man", "file/man1"]));
    assert!(
        run.stderr
            .starts_with("error: cannot write the manual pages to `file/man1`: "),
        "{}",
        run.stderr
    );
    assert_eq!(run.code, 1);
}
