//! What a child is given, and what cannot be started.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{PipeWriter, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::thread;

use super::*;

/// A file with these rights, in a directory of its own.
fn program(content: &str, mode: u32) -> (tempfile::TempDir, OsString) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("program");
    fs::write(&path, content).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    (dir, path.into())
}

fn started(program: impl Into<OsString>) -> Result<End, CannotStart> {
    Play::of(program, &[]).run_in(Path::new("/"))
}

#[test]
fn a_child_gets_what_it_is_to_get() {
    let dir = tempfile::tempdir().unwrap();
    let (input, mut writer) = io::pipe().unwrap();
    writer.write_all(b"from outside").unwrap();
    drop(writer);
    let mut play = shell(r#"pwd; echo "$0 $GIVEN $HOME"; cat"#).stdin(input);
    play.arguments.push("called".into());
    play.set.push(("GIVEN".into(), "a thing".into()));
    play.run_in(dir.path()).unwrap();
    let home = env::var("HOME").unwrap_or_default();
    let dir = dir.path().canonicalize().unwrap();
    assert_eq!(
        play.text(Stream::Stdout),
        format!("{}\ncalled a thing {home}\nfrom outside", dir.display())
    );
}

#[test]
fn a_child_goes_by_the_name_it_is_given() {
    let spawn = Spawn {
        program: Path::new("/bin/sh"),
        name: OsStr::new("another-name"),
        arguments: &["-c".into(), "echo $0".into()],
        dir: Path::new("/"),
        set: &[],
        stdin: None,
        timeout: None,
    };
    let mut said = Vec::new();
    let each = &mut |_, bytes: &[u8]| said.extend_from_slice(bytes);
    run(spawn, &Asked::default(), each).unwrap();
    assert_eq!(said, b"another-name\n");
}

#[test]
fn without_input_there_is_nothing_to_read() {
    let mut play = shell("cat; echo done");
    play.run();
    assert_eq!(play.text(Stream::Stdout), "done\n");
}

#[test]
fn a_child_leads_its_own_group() {
    let mut play = shell("echo $$; ps -o pgid= -p $$ 2>/dev/null || cut -d' ' -f5 /proc/$$/stat");
    play.run();
    let text = play.text(Stream::Stdout);
    let mut numbers = text.split_whitespace();
    assert_eq!(numbers.next(), numbers.next());
}

#[test]
#[cfg(target_os = "linux")]
fn no_descriptor_gets_into_a_child() {
    let list = "ls /proc/self/fd";
    let here = Command::new("/bin/sh").args(["-c", list]).output().unwrap();
    let expected = String::from_utf8(here.stdout).unwrap();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..10 {
                    let mut play = shell(list);
                    play.run();
                    assert_eq!(play.text(Stream::Stdout), expected);
                }
            });
        }
    });
}

#[test]
fn many_children_do_not_mix() {
    thread::scope(|scope| {
        for thread in 0..64 {
            scope.spawn(move || {
                for turn in 0..4 {
                    let mut play = shell(&format!(
                        "echo {thread}; echo {turn} >&2; echo {thread}.{turn}; exit {turn}"
                    ));
                    assert_eq!(play.run().how, Ended::Exited(turn));
                    let expected = [
                        (Stream::Stdout, format!("{thread}\n").into_bytes()),
                        (Stream::Stderr, format!("{turn}\n").into_bytes()),
                        (Stream::Stdout, format!("{thread}.{turn}\n").into_bytes()),
                    ];
                    assert_eq!(*play.printed.borrow(), expected);
                }
            });
        }
    });
}

#[test]
fn what_is_not_there_is_not_found() {
    let (_dir, interpreted) = program("#!/no/such/interpreter\n", 0o755);
    for absent in ["/no/such/program".into(), interpreted] {
        let found = started(&absent);
        assert!(
            matches!(found, Err(CannotStart::NotFound)),
            "{absent:?}: {found:?}"
        );
    }
}

#[test]
fn what_is_no_program_is_not_executable() {
    let (dir, plain) = program("#!/bin/sh\n", 0o644);
    let beneath: OsString = Path::new(&plain).join("beneath").into();
    for odd in [plain, dir.path().into(), beneath] {
        let found = started(&odd);
        assert!(
            matches!(found, Err(CannotStart::NotExecutable(_))),
            "{odd:?}: {found:?}"
        );
    }
}

#[test]
fn a_program_that_stays_open_for_writing_is_not_executable() {
    let (_dir, path) = program("#!/bin/sh\n", 0o755);
    let _writer = OpenOptions::new().append(true).open(&path).unwrap();
    let found = started(&path);
    assert!(
        matches!(found, Err(CannotStart::NotExecutable(_))),
        "{found:?}"
    );
}

#[test]
fn a_directory_that_is_not_there_is_no_missing_program() {
    let found = shell(":").run_in(Path::new("/no/such/directory"));
    assert!(matches!(found, Err(CannotStart::Other(_))), "{found:?}");
}

#[test]
fn arguments_that_are_too_long_are_neither() {
    let mut play = shell(":");
    play.arguments.push("x".repeat(16 << 20).into());
    let found = play.run_in(Path::new("/"));
    assert!(matches!(found, Err(CannotStart::Other(_))), "{found:?}");
}

#[test]
fn a_script_without_an_interpreter_is_run_by_the_shell() {
    let (_dir, path) = program("echo run \"$1\"\nexit 4\n", 0o755);
    let mut play = Play::of(path, &["so"]);
    assert_eq!(play.run().how, Ended::Exited(4));
    assert_eq!(play.text(Stream::Stdout), "run so\n");
}

/// A writer that children get as input: it is closed when all of them are dead.
pub(super) fn life() -> (io::PipeReader, PipeWriter) {
    io::pipe().unwrap()
}
