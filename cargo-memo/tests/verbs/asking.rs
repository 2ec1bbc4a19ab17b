//! Questions, and who is there to answer them.

use crate::bench::Bench;
use crate::pseudo_terminal::Session;

/// The verbs that ask, with something to remove.
const ASKING: [&[&str]; 2] = [&["clear", "--all"], &["gc", "--max-entries", "1"]];

fn session(bench: &Bench, arguments: &[&str]) -> Session {
    let mut command = bench.command(arguments);
    command.arg("--store").arg(bench.store());
    Session::start(command, 80)
}

#[test]
fn yes_removes_and_anything_else_does_not() {
    for verb in ASKING {
        for answer in ["n\n", "\n", "what?\n", "\u{4}"] {
            let bench = Bench::filled();
            let mut session = session(&bench, verb);
            session.wait_for("[y/N] ");
            session.enter(answer);
            let (shown, code) = session.finish();
            assert!(shown.contains("nothing was removed"), "{verb:?}: {shown}");
            assert_eq!((bench.entries().len(), code), (3, 1), "{verb:?} {answer:?}");
        }
        let bench = Bench::filled();
        let mut session = session(&bench, verb);
        session.wait_for("[y/N] ");
        session.enter("y\n");
        let (shown, code) = session.finish();
        assert!(shown.contains("removed "), "{verb:?}: {shown}");
        assert!(bench.entries().len() < 3, "{verb:?}");
        assert_eq!(code, 0, "{verb:?}");
    }
}

#[test]
fn an_interrupt_answers_as_well() {
    for verb in ASKING {
        let bench = Bench::filled();
        let mut session = session(&bench, verb);
        session.wait_for("[y/N] ");
        session.interrupt();
        let (shown, code) = session.finish();
        assert_eq!((bench.entries().len(), code), (3, 130), "{verb:?}: {shown}");
    }
}

#[test]
fn without_a_terminal_nothing_is_removed_unless_yes_is_said() {
    for verb in ASKING {
        let bench = Bench::filled();
        let run = bench.memo(verb);
        assert!(
            run.stderr.contains("cannot ask whether to remove ")
                && run.stderr.contains("say --yes"),
            "{}",
            run.stderr
        );
        assert_eq!((bench.entries().len(), run.code), (3, 2), "{verb:?}");
        let run = bench.memo(&[verb, &["--yes"]].concat());
        assert_eq!(run.stderr, "", "{verb:?}");
        assert!(bench.entries().len() < 3, "{verb:?}");
        assert_eq!(run.code, 0, "{verb:?}");
    }
}
