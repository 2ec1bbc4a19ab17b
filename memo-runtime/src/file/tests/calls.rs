//! Files in whole calls: a chain of them is computed as far as it has to be.

use std::cell::Cell;

use super::*;
use crate::Fetched;
use crate::journal::Outcome;

/// Two steps, each of which counts how often it runs.
struct Chain<'a> {
    lab: &'a Lab,
    sorted: Cell<u32>,
    counted: Cell<u32>,
}

impl<'a> Chain<'a> {
    fn of(lab: &'a Lab) -> Self {
        Self {
            lab,
            sorted: Cell::new(0),
            counted: Cell::new(0),
        }
    }

    /// Writes the sorted lines of a file.
    fn sort(&self, from: &str, to: &str) -> Fetched<OutputFile> {
        let input = InputFile::new(self.lab.path(from));
        let output = self.lab.path(to);
        let sorting = self.lab.memo.call("sort").arg("input", &input);
        sorting
            .computing(|| {
                self.sorted.set(self.sorted.get() + 1);
                let text = input.read_to_string().unwrap();
                let mut lines: Vec<&str> = text.lines().collect();
                lines.sort_unstable();
                fs::write(&output, lines.join("\n")).unwrap();
                OutputFile::new(&output)
            })
            .fetch()
    }

    /// Counts the lines of a file.
    fn count(&self, input: &OutputFile) -> usize {
        let counting = self.lab.memo.call("count").arg("input", input);
        counting
            .computing(|| {
                self.counted.set(self.counted.get() + 1);
                input.read_to_string().unwrap().lines().count()
            })
            .get()
    }

    fn runs(&self) -> (u32, u32) {
        (self.sorted.take(), self.counted.take())
    }
}

#[test]
fn each_step_runs_when_what_it_reads_is_another() {
    let lab = Lab::new();
    let chain = Chain::of(&lab);
    let all = || chain.count(&chain.sort("in", "out").value);
    lab.write("in", "b\na");
    assert_eq!((all(), chain.runs()), (2, (1, 1)));
    assert_eq!((all(), chain.runs()), (2, (0, 0)));
    fs::remove_file(lab.path("out")).unwrap();
    assert_eq!((all(), chain.runs()), (2, (0, 0)), "it was not put back");
    assert_eq!(lab.read("out"), "a\nb");
    // Other input with the same outcome: the second step has nothing to do.
    lab.write("in", "a\nb");
    assert_eq!((all(), chain.runs()), (2, (1, 0)));
    lab.write("in", "a\nb\nc");
    assert_eq!((all(), chain.runs()), (3, (1, 1)));
    // And back again.
    lab.write("in", "b\na");
    assert_eq!((all(), chain.runs()), (2, (0, 0)));
    assert_eq!(lab.read("out"), "a\nb");
}

#[test]
fn what_is_in_the_way_is_told_and_the_function_computed() {
    let lab = Lab::new();
    let chain = Chain::of(&lab);
    lab.write("in", "b\na");
    chain.sort("in", "out");
    fs::remove_file(lab.path("out")).unwrap();
    let precious = lab.outer.join("outside/precious");
    fs::remove_file(&precious).unwrap();
    lab.link("out", &precious);
    // The function itself follows the link; it is no business of the store.
    assert_eq!(chain.sort("in", "out").outcome, Outcome::Computed);
    assert_eq!(chain.sort("in", "out").outcome, Outcome::Computed);
    assert_eq!(chain.runs(), (3, 0));
    fs::remove_file(lab.path("out")).unwrap();
    assert_eq!(chain.sort("in", "out").outcome, Outcome::Hit);
    assert_eq!(lab.read("out"), "a\nb");
}

#[test]
fn a_lost_file_is_computed_and_kept_again() {
    let harms: [fn(&Path); 2] = [
        |file| fs::remove_file(file).unwrap(),
        |file| damage(file, "a\nB"),
    ];
    for harm in harms {
        let lab = Lab::new();
        let chain = Chain::of(&lab);
        lab.write("in", "b\na");
        chain.sort("in", "out");
        fs::remove_file(lab.path("out")).unwrap();
        harm(&lab.kept()[0]);
        assert_eq!(chain.sort("in", "out").outcome, Outcome::Computed);
        assert_eq!(lab.read("out"), "a\nb");
        fs::remove_file(lab.path("out")).unwrap();
        assert_eq!(chain.sort("in", "out").outcome, Outcome::Hit);
        assert_eq!(lab.read("out"), "a\nb");
        assert_eq!(chain.runs(), (2, 0));
    }
}

#[test]
fn a_result_is_not_kept_if_its_input_changes_meanwhile_or_its_output_is_not_permitted() {
    let lab = Lab::new();
    let input = InputFile::new(lab.write("in", "before"));
    let runs = Cell::new(0);
    let read = |writes: bool| {
        let call = lab.memo.call("read").arg("input", &input).computing(|| {
            runs.set(runs.get() + 1);
            let read = input.read_to_string().unwrap();
            if writes {
                lab.write("in", "after");
            }
            read
        });
        call.get()
    };
    assert_eq!(read(true), "before");
    assert_eq!(read(false), "after");
    lab.write("in", "before");
    assert_eq!(read(false), "before");
    assert_eq!((read(false), runs.take()), ("before".to_owned(), 3));

    let outside = lab.outer.join("outside/new");
    for _ in 0..2 {
        let call = lab.memo.call("write").computing(|| {
            runs.set(runs.get() + 1);
            fs::write(&outside, "x").unwrap();
            OutputFile::new(&outside)
        });
        assert_eq!(call.fetch().outcome, Outcome::Computed);
    }
    assert_eq!(runs.take(), 2);
}

#[test]
fn looking_for_a_result_puts_nothing_back() {
    let lab = Lab::new();
    lab.write("out", "content");
    let call = || {
        let path = lab.path("out");
        lab.memo.call("write").computing(move || {
            fs::write(&path, "content").unwrap();
            OutputFile::new(&path)
        })
    };
    call().get();
    assert!(call().cached().is_some());
    fs::remove_file(lab.path("out")).unwrap();
    assert!(call().cached().is_none());
    assert!(!lab.path("out").exists());
}

#[test]
#[cfg(target_os = "linux")]
fn a_tree_that_may_only_be_read_is_told_and_the_function_computed() {
    use rustix::fs::{IFlags, ioctl_getflags, ioctl_setflags};
    let lab = Lab::new();
    lab.write("out/a", "content");
    let entry = lab.keep(&["out/a"]).unwrap();
    fs::remove_file(lab.path("out/a")).unwrap();
    let dir = lab.path("out");
    let open = fs::File::open(&dir).unwrap();
    // Rights do not bind the superuser, and this flag does.
    let superuser = rustix::process::geteuid().is_root();
    let restrict = |is_restricted: bool| {
        let mode = if is_restricted { 0o500 } else { 0o700 };
        fs::set_permissions(&dir, Permissions::from_mode(mode)).unwrap();
        if superuser {
            let flags = ioctl_getflags(&open)?;
            let changed = if is_restricted {
                flags | IFlags::IMMUTABLE
            } else {
                flags - IFlags::IMMUTABLE
            };
            ioctl_setflags(&open, changed)?;
        }
        Ok::<(), rustix::io::Errno>(())
    };
    if let Err(error) = restrict(true) {
        eprintln!("not tried: no directory can be made immutable here: {error}");
        return;
    }
    let found = lab.find(&entry);
    // The flag goes before the rights, which it guards.
    if superuser {
        let flags = ioctl_getflags(&open).unwrap();
        ioctl_setflags(&open, flags - IFlags::IMMUTABLE).unwrap();
    }
    restrict(false).unwrap();
    let unrestored = found.unwrap_err();
    let told = unrestored.to_string();
    assert!(told.contains("out/a`: ") && told.contains("ermi"), "{told}");
    assert!(!unrestored.is_loss());
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 0);
    lab.find(&entry).unwrap();
}
