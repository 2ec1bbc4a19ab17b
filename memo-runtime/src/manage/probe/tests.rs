use super::*;
use crate::Memo;

/// What is found where `program` is the other process.
fn probe(dir: &Path, program: &[&str]) -> Vec<Finding> {
    let probe = Probe {
        dir,
        share: Share::None,
        limits: &Limits::default(),
        lock_holder: &|_| {
            let mut command = Command::new(program[0]);
            command.args(&program[1..]);
            command
        },
    };
    probe.run()
}

/// A program that says that it has locked the file, and has not.
const LIAR: [&str; 3] = ["sh", "-c", "echo locked; cat"];

fn verdict(findings: &[Finding], is_it: impl Fn(&Check) -> bool) -> Option<Verdict> {
    let mut findings = findings.iter();
    let found = findings.find(|finding| is_it(&finding.check));
    found.map(|finding| finding.verdict)
}

fn of_processes(check: &Check) -> bool {
    matches!(check, Check::LocksOfProcesses(_))
}

#[test]
fn locks_that_do_not_exclude_are_broken() {
    let temp = tempfile::tempdir().unwrap();
    let findings = probe(&temp.path().join("store"), &LIAR);
    assert_eq!(verdict(&findings, of_processes), Some(Verdict::Broken));
    let opens = |check: &Check| matches!(check, Check::LocksOfOpens(_));
    assert_eq!(verdict(&findings, opens), Some(Verdict::Fine));
    assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 0);
}

#[test]
fn a_second_process_that_fails_is_told() {
    let temp = tempfile::tempdir().unwrap();
    for program in [&["false"][..], &["/no/such/program"]] {
        let findings = probe(temp.path(), program);
        let tried = findings.iter().find_map(|finding| match &finding.check {
            Check::LocksOfProcesses(tried) => Some(tried),
            _ => None,
        });
        assert!(matches!(tried, Some(Tried::Failed(_))), "{program:?}");
    }
    assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 0);
}

#[test]
fn a_store_is_left_as_it_was() {
    let temp = tempfile::tempdir().unwrap();
    let store = temp.path().join("store");
    let memo = Memo::open(&store).unwrap();
    memo.call("f").get_or_compute(|| 1_u8);
    drop(memo);
    let names = || {
        let mut names = Vec::new();
        let mut dirs = vec![store.clone()];
        while let Some(dir) = dirs.pop() {
            for item in fs::read_dir(dir).unwrap() {
                let path = item.unwrap().path();
                dirs.extend(path.is_dir().then(|| path.clone()));
                names.push(path);
            }
        }
        names.sort();
        names
    };
    let before = names();
    let findings = probe(&store, &LIAR);
    assert_eq!(names(), before);
    let open = |check: &Check| matches!(check, Check::Store(Opening::Open));
    assert_eq!(verdict(&findings, open), Some(Verdict::Fine));
    let writing = |check: &Check| matches!(check, Check::Writing(Tried::Kept));
    assert_eq!(verdict(&findings, writing), Some(Verdict::Fine));
}

#[test]
#[cfg(target_os = "linux")]
fn where_nothing_can_be_written_that_is_what_is_found() {
    let findings = probe(Path::new("/proc/store"), &LIAR);
    let writing = |check: &Check| matches!(check, Check::Writing(Tried::Failed(_)));
    assert_eq!(verdict(&findings, writing), Some(Verdict::Broken));
    assert_eq!(verdict(&findings, of_processes), None);
}

#[test]
fn what_was_left_is_counted() {
    let temp = tempfile::tempdir().unwrap();
    let store = temp.path().join("store");
    drop(Memo::open(&store).unwrap());
    let vault = Vault::open(&store, Share::None).unwrap().unwrap();
    let clock = Clock::manual(Clock::system().now() + 2 * nanos(LITTER_AGE));
    let left = || leftovers(&vault, &clock).unwrap();
    assert_eq!(left(), Leftovers::default());
    let key = crate::key::digest_of("key").unwrap().to_hex();
    fs::create_dir(store.join("damaged")).unwrap();
    for (file, bytes) in [
        (format!("tmp/{}", &key[..16]), ""),
        (format!("flights/{key}"), ""),
        (format!("damaged/{key}-{}", &key[..16]), "12345"),
    ] {
        fs::write(store.join(file), bytes).unwrap();
    }
    let expected = Leftovers {
        temporary: 1,
        flights: 1,
        damaged: 1,
        damaged_bytes: 5,
    };
    assert_eq!(left(), expected);
    let just_now = leftovers(&vault, &Clock::system()).unwrap();
    assert_eq!(just_now.temporary, 0);
}
