//! What a program prints is said again byte for byte, and in its order.

use std::process::Stdio;

use crate::lab::{Lab, is_there};

#[test]
fn the_order_of_both_streams_is_kept() {
    let lab = Lab::with(
        "for i in 1 2 3 4 5 6 7 8 9; do echo out $i; echo err $i >&2; printf 'more '; done",
    );
    let both = || {
        let command = lab.command(&["-q", "run", "--", "./train"]);
        let mut joined = std::process::Command::new("sh");
        joined.args(["-c", "exec \"$@\" 2>&1", "sh"]);
        joined.arg(command.get_program()).args(command.get_args());
        joined.current_dir(lab.dir()).stdin(Stdio::null());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => joined.env(name, value),
                None => joined.env_remove(name),
            };
        }
        String::from_utf8(joined.output().unwrap().stdout).unwrap()
    };
    let mut expected = String::new();
    for i in 1..10 {
        expected.push_str(&format!("out {i}\nerr {i}\nmore "));
    }
    assert_eq!(both(), expected, "live");
    assert_eq!(both(), expected, "replayed");
    assert_eq!(lab.ran().len(), 1);
}

#[test]
fn any_bytes_are_kept_with_or_without_a_last_line() {
    for body in [
        "printf 'no newline'",
        "printf '\\000\\001\\377\\033[2J\\r\\n'; printf '\\200' >&2",
        "head -c 100000 /dev/zero",
        "true",
    ] {
        let lab = Lab::with(body);
        let [first, second] = [(); 2].map(|()| lab.output(&["-q", "run", "--", "./train"]));
        assert_eq!(first, second, "{body}");
        let plain = std::process::Command::new(lab.path("train"))
            .output()
            .unwrap();
        assert_eq!(first, plain, "{body}");
        assert_eq!(lab.ran().len(), 2, "{body}");
    }
}

#[test]
fn two_hundred_megabytes_of_output_are_not_held_in_memory() {
    let lab = Lab::with("head -c 200000000 /dev/zero | tr '\\000' x; echo end >&2");
    let digest = || {
        let mut command = lab.command(&["-q", "run", "--", "./train"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut hasher = blake3::Hasher::new();
        let mut peak = 0;
        let mut stdout = child.stdout.take().unwrap();
        let mut buffer = vec![0; 1 << 20];
        loop {
            let read = std::io::Read::read(&mut stdout, &mut buffer).unwrap();
            if read == 0 {
                break;
            }
            hasher.update(&buffer[..read]);
            peak = peak_memory(child.id()).unwrap_or(peak);
        }
        assert!(child.wait().unwrap().success());
        if cfg!(target_os = "linux") {
            assert!((1..60 << 20).contains(&peak), "{peak} bytes");
        }
        (hasher.count(), hasher.finalize())
    };
    let (first, second) = (digest(), digest());
    assert_eq!(first, second);
    assert_eq!(first.0, 200_000_000);
    assert_eq!(lab.ran().len(), 1);
    assert_eq!(lab.left_behind().len(), 0);
}

/// The most memory that a process had, in bytes.
fn peak_memory(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes << 10)
}

#[test]
fn a_daemon_that_keeps_the_output_open_is_not_waited_for() {
    let lab = Lab::with("sleep 100000 & echo $! > daemon; echo done");
    let run = lab.train(&[]);
    let daemon = String::from_utf8(lab.read("daemon")).unwrap();
    let pid = daemon.trim().parse().unwrap();
    let pid = rustix::process::Pid::from_raw(pid).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    run.expect(0, "done\n", snapbox::str![[r#"
miss: train(), because no earlier call of it is known
warning: something that it started still has its output open: what that prints from now on is not recorded

"#]]);
    assert_eq!(lab.train(&[]).stdout, "done\n");
    assert_eq!(lab.ran().len(), 1);
}

#[test]
fn who_stops_listening_ends_the_program_as_a_pipe_does() {
    let lab = Lab::with("while :; do echo more; done");
    let mut command = lab.command(&["-q", "run", "--", "./train"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    std::io::Read::read_exact(&mut stdout, &mut [0; 5]).unwrap();
    drop(stdout);
    assert_eq!(child.wait().unwrap().code(), Some(128 + 13));
    assert_eq!((lab.kept(), lab.left_behind().len()), (0, 0));
}

#[test]
fn programs_may_open_their_streams_by_name() {
    let lab = Lab::with("echo out > /dev/stdout; echo err > /dev/stderr");
    for _ in 0..2 {
        let output = lab.output(&["-q", "run", "--", "./train"]);
        assert_eq!(
            (&*output.stdout, &*output.stderr),
            (&b"out\n"[..], &b"err\n"[..])
        );
    }
    assert_eq!(lab.ran().len(), 1);
}

#[test]
fn what_a_run_printed_can_be_seen_again() {
    let lab = Lab::with("echo out; printf 'err' >&2");
    assert_eq!(lab.train(&["7"]).code, 0);
    let shown = lab.output(&["show", "train", "--log"]);
    assert_eq!(
        (&*shown.stdout, &*shown.stderr),
        (&b"out\n"[..], &b"err"[..])
    );
    assert_eq!(lab.ran().len(), 1);
}

#[test]
fn python_prints_in_its_own_way() {
    if !is_there("python3") {
        return;
    }
    let lab = Lab::new();
    lab.write(
        "train.py",
        "import sys\nprint('loss=0.5')\nsys.stderr.write('bar\\r100%')\n",
    );
    for _ in 0..2 {
        let output = lab.output(&[
            "-q", "run", "--input", "train.py", "--", "python3", "train.py",
        ]);
        assert_eq!(
            (&*output.stdout, &*output.stderr),
            (&b"loss=0.5\n"[..], &b"bar\r100%"[..])
        );
    }
}

#[test]
fn a_hit_that_nobody_reads_ends_as_the_program_does() {
    let lab = Lab::with("seq 1000000");
    assert_eq!(lab.train(&[]).code, 0);
    let mut command = lab.command(&["-q", "run", "--", "./train"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(128 + 13));
    assert_eq!(lab.ran().len(), 1);
}
