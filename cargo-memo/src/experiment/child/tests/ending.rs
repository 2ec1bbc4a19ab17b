//! How children end: by themselves, by others, and with us.

use std::io::{Read as _, stdin};
use std::os::fd::AsFd as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, Stdio};

use rustix::io::Errno;
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use super::starting::life;
use super::*;
use crate::experiment::child::ending::{Cause, Ending};
use crate::experiment::child::start::end_by_thread;

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn a_child_ends_by_itself_or_by_a_signal() {
    for code in [0, 1, 42, 255] {
        assert_eq!(
            shell(&format!("exit {code}")).run().how,
            Ended::Exited(code)
        );
    }
    assert_eq!(shell("kill -9 $$").run().how, Ended::Signalled(9));
    assert_eq!(shell("kill -SEGV $$").run().how, Ended::Signalled(11));
}

#[test]
fn an_interrupt_is_polite_first_then_firm() {
    let mut ending = Ending::new(None);
    assert_eq!(ending.due(seconds(3), 0), None);
    assert_eq!(ending.patience(seconds(3)), Duration::MAX);
    assert_eq!(ending.due(seconds(10), 1), Some(Signal::INT));
    assert_eq!(ending.cause(), Some(Cause::Interrupt));
    assert_eq!(ending.due(seconds(11), 1), None);
    assert_eq!(ending.patience(seconds(11)), seconds(1));
    assert_eq!(ending.due(seconds(12), 1), Some(Signal::TERM));
    assert_eq!(ending.due(seconds(14), 1), None);
    assert_eq!(ending.due(seconds(15), 1), Some(Signal::KILL));
    assert_eq!(ending.due(seconds(99), 1), None);
}

#[test]
fn asked_twice_a_child_is_killed_at_once() {
    let mut ending = Ending::new(None);
    assert_eq!(ending.due(seconds(1), 1), Some(Signal::INT));
    assert_eq!(ending.due(seconds(1), 2), Some(Signal::KILL));
    assert_eq!(ending.due(seconds(1), 3), None);
    assert_eq!(Ending::new(None).due(seconds(0), 2), Some(Signal::KILL));
}

#[test]
fn a_time_limit_ends_a_child_once_it_is_over() {
    let mut ending = Ending::new(Some(seconds(10)));
    assert_eq!(ending.due(seconds(9), 0), None);
    assert_eq!(ending.patience(seconds(9)), seconds(1));
    assert_eq!(ending.due(seconds(10), 0), Some(Signal::TERM));
    assert_eq!(ending.due(seconds(11), 1), None);
    assert_eq!(ending.due(seconds(12), 0), Some(Signal::KILL));
    assert_eq!(ending.cause(), Some(Cause::Limit));
}

#[test]
fn a_child_whose_time_is_over_is_ended() {
    let limit = Duration::from_millis(20);
    let mut play = shell("trap 'echo sorry; exit 0' TERM; while :; do sleep 0.01; done");
    play.timeout = Some(limit);
    let end = play.run();
    assert_eq!(end.how, Ended::TimedOut);
    assert!(end.took >= limit);
    assert_eq!(play.text(Stream::Stdout), "sorry\n");
}

#[test]
fn a_child_that_is_done_in_time_is_not() {
    let end = shell("exit 3").timeout(seconds(600)).run();
    assert_eq!(end.how, Ended::Exited(3));
}

#[test]
fn an_interrupt_reaches_the_whole_group() {
    let inner = r#"trap "echo inner; exit" INT; echo ready; while :; do sleep 0.01; done"#;
    let outer = format!("trap 'echo outer; exit' INT; sh -c '{inner}'; echo never");
    let mut play = shell(&outer).asked_after("ready", 1);
    assert_eq!(play.run().how, Ended::Interrupted);
    assert_eq!(play.text(Stream::Stdout), "ready\ninner\nouter\n");
}

#[test]
fn a_child_that_has_been_stopped_ends_politely_too() {
    let script = "trap 'echo polite; exit' INT; echo ready; kill -STOP $$; sleep 60";
    let mut play = shell(script).asked_after("ready", 1);
    assert_eq!(play.run().how, Ended::Interrupted);
    assert_eq!(play.text(Stream::Stdout), "ready\npolite\n");
}

#[test]
fn nobody_of_the_group_survives_the_second_interrupt() {
    let (mut alive, life) = life();
    let script = "exec 3>&0; trap '' INT TERM; (sleep 60; echo survived >&3) & echo ready; wait";
    let mut play = shell(script).stdin(life).asked_after("ready", 2);
    assert_eq!(play.run().how, Ended::Interrupted);
    let mut said = String::new();
    alive.read_to_string(&mut said).unwrap();
    assert_eq!(said, "");
}

#[test]
fn who_is_left_of_an_interrupted_group_is_killed() {
    let (mut alive, life) = life();
    let inner = r#"trap "" INT TERM; echo ready; sleep 60; echo survived >&3"#;
    let script = format!("exec 3>&0; sh -c '{inner}' & trap 'exit 5' INT; wait");
    let mut play = shell(&script).stdin(life).asked_after("ready", 1);
    assert_eq!(play.run().how, Ended::Interrupted);
    let mut said = String::new();
    alive.read_to_string(&mut said).unwrap();
    assert_eq!(said, "");
}

#[test]
fn who_holds_the_output_open_delays_nobody() {
    let (input, until) = io::pipe().unwrap();
    let mut play = shell("exec 3<&0; (read line <&3; echo late) & echo done").stdin(input);
    let end = play.run();
    assert_eq!((end.how, end.held_open), (Ended::Exited(0), true));
    assert_eq!(play.text(Stream::Stdout), "done\n");
    drop(until);
    assert!(!shell("echo done").run().held_open);
}

#[test]
#[cfg(target_os = "linux")]
fn what_others_print_right_after_the_end_is_heard() {
    let mut play = shell("(while [ -e /proc/$$/exe ]; do :; done; echo late) & :");
    let end = play.run();
    assert_eq!((end.how, end.held_open), (Ended::Exited(0), false));
    assert_eq!(play.text(Stream::Stdout), "late\n");
}

#[test]
fn a_child_has_been_waited_for() {
    let mut play = shell("echo $$");
    play.run();
    assert_is_no_child(&play.text(Stream::Stdout));
}

fn assert_is_no_child(pid: &str) {
    let pid = Pid::from_raw(pid.trim().parse().unwrap()).unwrap();
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    let found = waitid(WaitId::Pid(pid), options);
    assert!(matches!(found, Err(Errno::CHILD)), "{found:?}");
}

#[test]
fn a_panic_of_ours_ends_the_child() {
    let (mut alive, life) = life();
    let arguments = ["-c", "echo $$; sleep 60; echo survived >&0"].map(OsString::from);
    let mut pid = String::new();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let spawn = Spawn {
            program: Path::new("/bin/sh"),
            name: OsStr::new("sh"),
            arguments: &arguments,
            dir: Path::new("/"),
            set: &[],
            stdin: Some(std::os::fd::OwnedFd::from(life).into()),
            timeout: None,
        };
        run(spawn, &Asked::default(), &mut |_, bytes| {
            pid = String::from_utf8_lossy(bytes).into_owned();
            panic!("of ours");
        })
    }));
    assert!(panicked.is_err());
    assert_is_no_child(&pid);
    let mut said = String::new();
    alive.read_to_string(&mut said).unwrap();
    assert_eq!(said, "");
}

/// The part of a program that runs a child, until it is killed.
pub(super) fn has_a_child() {
    let life = stdin().as_fd().try_clone_to_owned().unwrap();
    let mut play = shell("echo alive >&0; sleep 20 </dev/null; echo survived >&0").stdin(life);
    play.run();
}

#[test]
#[cfg(target_os = "linux")]
fn a_child_dies_with_us() {
    let (mut alive, life) = life();
    let play = part("has a child");
    let mut us = Command::new(&play.program)
        .args(&play.arguments)
        .envs(play.set)
        .stdin(life)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = [0; 6];
    alive.read_exact(&mut said).unwrap();
    us.kill().unwrap();
    us.wait().unwrap();
    let mut rest = String::new();
    alive.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}

#[test]
fn a_thread_sees_the_end_where_the_system_does_not_tell() {
    let mut child = Command::new("/bin/sh")
        .args(["-c", "exit 6"])
        .spawn()
        .unwrap();
    let end = end_by_thread(Pid::from_child(&child)).unwrap();
    let mut nothing = Vec::new();
    File::from(end).read_to_end(&mut nothing).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(6));
}
