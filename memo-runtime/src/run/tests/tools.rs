//! What tools see of runs, and of what programs tell.

use std::io::Write as _;
use std::ops::ControlFlow;

use super::*;
use crate::manage::{Atom, Criterion, Extent, Group, Inspector, Limits, Reason, Shown};
use crate::{frame, manage};

#[test]
fn a_run_is_listed_and_shown() {
    let scratch = Scratch::new();
    let memo = scratch.memo();
    let list: Arc<[u8]> = b"main, and all it reaches".as_slice().into();
    let code = ProgramCode::Source {
        level: manage::CodeLevel::Graph,
        package_version: "1.2.3".to_owned(),
        fingerprint: Digest::from_bytes([9; 32]),
        list: Arc::clone(&list),
        conditions: vec![("unix".to_owned(), true)],
    };
    let call = builder_of(&memo, 1).code(code).build();
    record(&call, b"text");
    let vault = scratch.vault();
    let function = vault.functions().unwrap().pop().unwrap();
    let name = function.name.clone().unwrap();
    assert_eq!(
        (name.package.as_str(), name.path.as_str()),
        ("lab", "train")
    );
    let entry = scratch.entries().pop().unwrap();
    let head = vault.head(&entry).unwrap().unwrap();
    let header = &head.header;
    assert_eq!(header.package_version, "1.2.3");
    assert_eq!(
        (header.code_level.name(), head.codec()),
        ("graph", "recording")
    );
    assert_eq!(header.arguments[0].name, "seed");
    assert_eq!(header.arguments[0].text, "1");
    assert_eq!(head.run, Some(facts(0)));
    let code = vault.code(&function, &header.fingerprint.unwrap());
    let code = code.unwrap().unwrap();
    assert_eq!((code.list.as_slice(), code.conditions.len()), (&*list, 1));
    assert_eq!(
        manage_shown(&vault, &entry, 100),
        (SHOWN.to_owned(), Shown::Whole)
    );
    assert_eq!(manage_shown(&vault, &entry, 2).1, Shown::Beginning);
    // The value of a function is no recording, nor has it facts of a run.
    memo.call("f").get_or_compute(|| 1_u8);
    for entry in scratch.entries() {
        let head = vault.head(&entry).unwrap().unwrap();
        if head.header.function == "f" {
            assert_eq!(head.run, None);
            assert!(vault.recording(&entry).unwrap().is_none());
        }
    }
}

const SHOWN: &str = "Struct(\"Recording\"){ \"exit_code\" 0 \"stdout_bytes\" 4 \"stderr_bytes\" 0 \
                     \"outputs\" Map{ } \"metrics\" Map{ \"loss\" 0.25 } } ";

struct Notes(String);

impl Inspector for Notes {
    fn atom(&mut self, atom: Atom<'_>) -> ControlFlow<()> {
        self.0 += &match atom {
            Atom::Text { text, .. } => format!("{text:?} "),
            Atom::Signed(number) => format!("{number} "),
            Atom::Unsigned(number) => format!("{number} "),
            Atom::Double(number) => format!("{number} "),
            other => panic!("{other:?}"),
        };
        ControlFlow::Continue(())
    }

    fn begin(&mut self, group: Group) -> ControlFlow<()> {
        self.0 += &format!("{group:?}{{ ");
        ControlFlow::Continue(())
    }

    fn end(&mut self, _: u64) -> ControlFlow<()> {
        self.0 += "} ";
        ControlFlow::Continue(())
    }
}

fn manage_shown(vault: &Vault, entry: &Entry, atoms: u64) -> (String, Shown) {
    let mut notes = Notes(String::new());
    let head = vault.head(entry).unwrap().unwrap();
    let extent = Extent { atoms, text: 100 };
    let shown = vault.inspect(entry, &head, extent, &mut notes);
    (notes.0, shown.unwrap().unwrap())
}

#[test]
fn runs_are_verified_explained_and_removed() {
    let scratch = Scratch::new();
    let clock = Clock::manual(1_000_000_000_000_000_000);
    let memo = scratch.builder().clock(clock.clone()).build();
    for (seed, size) in [(1, 10), (2, LARGE)] {
        clock.advance(Duration::from_secs(1));
        record(&run_of(&memo, seed), &vec![b'x'; size]);
    }
    let vault = scratch.vault();
    let report = vault.verify(&()).unwrap();
    assert_eq!((report.entries, report.amiss.len()), (2, 0));
    assert!(report.strangers.is_empty(), "{:?}", report.strangers);

    let explained = vault.why(&run_of(&memo, 2).key()).unwrap().unwrap();
    assert!(
        matches!(&explained.reasons[..], [Reason::Arguments(changes)] if changes.len() == 1),
        "{:?}",
        explained.reasons
    );
    let failed = run_of(&memo, 3);
    computes(failed.begin(&manner())).fail(Cause::ExitCode, Duration::ZERO);
    let explained = vault.why(&failed.key()).unwrap().unwrap();
    assert_eq!(
        explained.computation.not_kept,
        Some(manage::NotKept::ExitCode)
    );
    assert!(record(&failed, b"x").kept);
    let explained = vault.why(&failed.key()).unwrap().unwrap();
    assert!(
        matches!(
            explained.reasons[0],
            Reason::NotKept {
                why: manage::NotKept::ExitCode,
                ..
            }
        ),
        "{:?}",
        explained.reasons
    );

    let large = scratch
        .entries()
        .into_iter()
        .max_by_key(|entry| entry.bytes);
    let path = vault.entry_path(&large.unwrap());
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.len() - 100;
    bytes[at] ^= 1;
    std::fs::write(path, bytes).unwrap();
    let report = vault.verify(&()).unwrap();
    assert_eq!((report.entries, report.amiss.len()), (3, 1));
    assert_eq!(vault.repair(&report).entries, 1);

    let limits = Limits {
        max_entries: Some(1),
        ..Limits::default()
    };
    let later = Clock::manual(2_000_000_000_000_000_000);
    let vault = scratch.vault().with_clock(later);
    let plan = vault.plan_upkeep(&limits, &()).unwrap().unwrap();
    assert_eq!(vault.carry_out(&plan, &()).unwrap().entries.entries, 1);
    let plan = vault.plan(&Criterion::All).unwrap();
    vault.carry_out(&plan, &()).unwrap();
    assert!(scratch.entries().is_empty());
    assert!(scratch.names("entries").is_empty() && scratch.names("tmp").is_empty());
}

fn metrics(bytes: &[u8]) -> Vec<(String, f64)> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let metrics = read_metrics(file.path()).into_iter();
    metrics.map(|metric| (metric.name, metric.value)).collect()
}

fn told(told: &[(&str, f64)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    assert!(told.iter().all(|metric| frame::append(metric, &mut bytes)));
    bytes
}

#[test]
fn the_last_value_of_a_metric_counts_and_the_first_says_where() {
    let bytes = told(&[
        ("loss", 3.0),
        ("accuracy", 0.5),
        ("loss", 1.0),
        ("", f64::NAN),
    ]);
    let read = metrics(&bytes);
    let names: Vec<&str> = read.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["loss", "accuracy", ""]);
    assert_eq!((read[0].1, read[1].1, read[2].1.is_nan()), (1.0, 0.5, true));
    assert_eq!(read_metrics(Path::new("/nowhere")), []);
}

#[test]
fn torn_and_hostile_metrics_are_passed_over() {
    let good = told(&[("a", 1.0), ("b", 2.0)]);
    for cut in 0..good.len() {
        let torn = [
            &good[..cut],
            &told(&[("c", 3.0)]),
            &[0xF1, b'm', b'r', b'\n'],
        ]
        .concat();
        let read = metrics(&torn);
        assert_eq!(read.last().unwrap(), &("c".to_owned(), 3.0), "cut at {cut}");
    }
    let long = "x".repeat(201);
    let many: Vec<String> = (0..1100).map(|n| n.to_string()).collect();
    let mut all = vec![(long.as_str(), 1.0)];
    all.extend(many.iter().map(|name| (name.as_str(), 1.0)));
    all.push(("7", 2.0));
    let read = metrics(&told(&all));
    assert_eq!((read.len(), read[7].1), (1000, 2.0));
}

/// Far more than is read at once.
#[test]
fn a_million_values_of_a_metric_are_one() {
    let mut bytes = Vec::new();
    for step in 0..100_000 {
        assert!(frame::append(&("step", f64::from(step)), &mut bytes));
    }
    assert_eq!(metrics(&bytes), [("step".to_owned(), 99_999.0)]);
}
