//! What a child prints, and in what order.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rustix::process::Pid;

use super::*;
use crate::experiment::child::output::polled;
use crate::experiment::child::start::end_by_thread;

/// Numbers that look random and are always the same.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % sides
    }
}

/// What is printed where, write for write.
fn short_writes() -> impl Iterator<Item = (Stream, Vec<u8>)> {
    let mut dice = Dice(7);
    (0..100_000_u32).map(move |index| {
        let stream = match index {
            ..50_000 if index % 2 == 0 => Stream::Stdout,
            ..50_000 => Stream::Stderr,
            _ if dice.throw(5) == 0 => Stream::Stderr,
            _ => Stream::Stdout,
        };
        (stream, vec![b'a' + u8::try_from(index % 26).unwrap()])
    })
}

/// Writes of up to three pages.
fn long_writes() -> impl Iterator<Item = (Stream, Vec<u8>)> {
    let mut dice = Dice(11);
    (0..4_000).map(move |_| {
        let length = usize::try_from(dice.throw(12_289)).unwrap();
        let letter = b'a' + u8::try_from(dice.throw(26)).unwrap();
        let stream = if dice.throw(3) == 0 {
            Stream::Stderr
        } else {
            Stream::Stdout
        };
        (stream, vec![letter; length])
    })
}

fn print(writes: impl Iterator<Item = (Stream, Vec<u8>)>) {
    for (stream, bytes) in writes {
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let written = match stream {
                Stream::Stdout => rustix::io::write(io::stdout(), rest),
                Stream::Stderr => rustix::io::write(io::stderr(), rest),
            };
            rest = &rest[written.unwrap()..];
        }
    }
}

pub(super) fn alternates() {
    print(short_writes());
}

pub(super) fn prints_pages() {
    print(long_writes());
}

pub(super) fn widens_its_pipe() {
    rustix::pipe::fcntl_setpipe_size(io::stdout(), 1 << 20).unwrap();
    print((0..800).map(|_| (Stream::Stdout, vec![b'w'; 10_000])));
}

/// Leaves somebody behind who holds the pipe open.
pub(super) fn widens_its_pipe_and_leaves() {
    rustix::pipe::fcntl_setpipe_size(io::stdout(), 1 << 20).unwrap();
    let leave = ["-c", "exec 3<&0; cat <&3 &"];
    let shell = std::process::Command::new("/bin/sh").args(leave).status();
    assert!(shell.unwrap().success());
    print((0..100).map(|_| (Stream::Stdout, b"w".to_vec())));
}

fn joined(writes: impl Iterator<Item = (Stream, Vec<u8>)>) -> Printed {
    let mut printed = Printed::new();
    for (stream, bytes) in writes.filter(|(_, bytes)| !bytes.is_empty()) {
        join(&mut printed, stream, &bytes);
    }
    printed
}

/// Compares without printing megabytes.
fn assert_same(found: &Printed, expected: &Printed) {
    let differing = found
        .iter()
        .zip(expected)
        .position(|(one, other)| one != other);
    assert_eq!(differing, None, "the order differs at this run of writes");
    assert_eq!(found.len(), expected.len());
}

#[test]
fn short_writes_come_in_their_order() {
    let mut play = part("alternates");
    assert_eq!(play.run().how, Ended::Exited(0));
    assert_same(&play.performance(), &joined(short_writes()));
}

#[test]
fn the_order_holds_on_a_busy_machine() {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..2 * thread::available_parallelism().unwrap().get() {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        let mut play = part("alternates");
        play.run();
        done.store(true, Ordering::Relaxed);
        assert_same(&play.performance(), &joined(short_writes()));
    });
}

#[test]
fn writes_longer_than_a_page_stay_in_one_piece() {
    let mut play = part("prints pages");
    assert_eq!(play.run().how, Ended::Exited(0));
    assert_same(&play.performance(), &joined(long_writes()));
}

#[test]
fn a_pipe_that_the_child_widens_is_read_to_the_end() {
    let mut play = part("widens its pipe");
    assert_eq!(play.run().how, Ended::Exited(0));
    assert_same(
        &play.performance(),
        &vec![(Stream::Stdout, vec![b'w'; 8_000_000])],
    );
}

#[test]
fn what_is_left_in_a_pipe_that_is_held_open_is_read() {
    let (input, until) = io::pipe().unwrap();
    let mut play = part("widens its pipe and leaves").stdin(input);
    assert!(play.run().held_open);
    assert_same(
        &play.performance(),
        &vec![(Stream::Stdout, vec![b'w'; 100])],
    );
    drop(until);
}

#[test]
fn what_is_printed_comes_as_it_is() {
    let mut play = shell(r"printf 'a\0\377\nno newline'; printf '\033[1m' >&2");
    play.run();
    let expected = [
        (Stream::Stdout, b"a\0\xff\nno newline".to_vec()),
        (Stream::Stderr, b"\x1b[1m".to_vec()),
    ];
    assert_eq!(*play.printed.borrow(), expected);
    let mut silent = shell(":");
    silent.run();
    assert_eq!(*silent.printed.borrow(), []);
}

#[test]
fn streams_that_are_one_have_one_order() {
    let mut play = shell("echo one; echo two >&2; (echo three; echo four >&2) 2>&1");
    play.run();
    let expected = [
        (Stream::Stdout, b"one\n".to_vec()),
        (Stream::Stderr, b"two\n".to_vec()),
        (Stream::Stdout, b"three\nfour\n".to_vec()),
    ];
    assert_eq!(*play.printed.borrow(), expected);
}

#[test]
fn streams_can_be_opened_by_name() {
    let mut play = shell("echo out >/dev/stdout; echo err >/dev/stderr; echo more >>/dev/stdout");
    assert_eq!(play.run().how, Ended::Exited(0));
    assert_eq!(play.text(Stream::Stdout), "out\nmore\n");
    assert_eq!(play.text(Stream::Stderr), "err\n");
}

#[test]
fn a_stream_that_is_closed_is_no_end() {
    let mut play = shell("echo first; exec >&-; echo second >&2; exec 2>&-; exit 3");
    let end = play.run();
    assert_eq!((end.how, end.held_open), (Ended::Exited(3), false));
    assert_eq!(play.text(Stream::Stderr), "second\n");
}

#[test]
fn where_order_is_only_found_nothing_is_lost() {
    let (mut output, ends) = polled::Output::open().unwrap();
    let script = "i=0; while [ $i -lt 2000 ]; do echo $i; echo $i >&2; i=$((i+1)); done";
    let mut child = std::process::Command::new("/bin/sh")
        .args(["-c", script])
        .stdout(ends.stdout)
        .stderr(ends.stderr)
        .spawn()
        .unwrap();
    let end = end_by_thread(Pid::from_child(&child)).unwrap();
    output.watch(end).unwrap();
    let mut printed = [Vec::new(), Vec::new()];
    let each: &mut Each<'_> =
        &mut |stream, bytes| printed[stream as usize].extend_from_slice(bytes);
    while !output.listen(Duration::from_secs(10), each) {}
    output.finish(each);
    while !output.is_closed() {
        output.listen(Duration::from_secs(10), each);
    }
    assert!(child.wait().unwrap().success());
    let expected: String = (0..2_000).map(|number| format!("{number}\n")).collect();
    assert_eq!(printed, [expected.as_bytes(), expected.as_bytes()]);
}
