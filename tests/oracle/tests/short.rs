//! The oracle in short form, and the oracle itself under trial.

use std::path::{Path, PathBuf};

use memo_oracle::functions::{self, Kind};
use memo_oracle::oracle::{Options, consult};
use memo_oracle::subject::{self, Subject};
use memo_oracle::verdict::Verdict;
use memo_oracle::{code::Sight, report};

/// A directory for one test, gone with it.
struct Work(PathBuf);

impl Work {
    fn new(test: &str) -> Self {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        let _ = std::fs::remove_dir_all(&dir);
        Self(dir)
    }

    fn options<'a>(&self, rebuild: usize, sight: &'a Sight) -> Options<'a> {
        Options {
            work: self.0.clone(),
            limit: usize::MAX,
            rebuild,
            sight,
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn subject(name: &str) -> Subject {
    let all = subject::all().unwrap_or_else(|failure| panic!("{failure}"));
    let named = all.into_iter().find(|subject| subject.name == name);
    named.unwrap_or_else(|| panic!("there is no subject {name}"))
}

#[test]
fn what_changes_a_run_changes_the_fingerprint() {
    let work = Work::new("oracle-short");
    let all = subject::all().unwrap();
    let short = all.iter().filter(|subject| subject.short);
    let verdicts: Vec<Verdict> = short
        .map(|subject| consult(subject, &work.options(1, &|_, text| text)))
        .collect::<Result<_, _>>()
        .unwrap_or_else(|failure| panic!("{failure}"));
    let total = Verdict::total(&verdicts);
    assert!(total.is_sound(), "{}", report::table(&verdicts, false));
    assert!(total.mutants >= 200 && total.matter >= 300, "{total:?}");
    assert!(verdicts.iter().all(|verdict| verdict.rebuilt == 1));
}

#[test]
fn a_blind_analysis_is_caught() {
    let work = Work::new("oracle-blind");
    // As an analysis would see the sources that forgets what impls of traits do.
    let blind = |path: &str, text: Vec<u8>| {
        let mut text = String::from_utf8(text).unwrap();
        if path.ends_with(".rs") {
            let mut found = functions::find(&text, &[]).unwrap().functions;
            found.retain(|function| function.kind == Kind::Implementation);
            found.sort_by_key(|function| std::cmp::Reverse(function.body.start));
            for function in found {
                text.replace_range(function.body, "{}");
            }
        }
        text.into_bytes()
    };
    let verdict = consult(&subject("local"), &work.options(0, &blind))
        .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(!verdict.is_sound());
    let missed: Vec<&str> = verdict
        .missed
        .iter()
        .map(|missed| missed.path.as_str())
        .collect();
    for path in [
        "impl Add for Length::add",
        "impl fmt::Display for Length::fmt",
        "cleanup::impl Drop for Guard::drop",
        "dispatch::impl Area for Circle::area",
        "generic::hidden::impl Iterator for Countdown::next",
    ] {
        assert!(missed.contains(&path), "{path} is not among {missed:#?}");
    }
}

#[test]
fn what_cannot_be_examined_is_a_failure_and_no_verdict() {
    let work = Work::new("oracle-failing");
    let mut local = subject("local");
    local.entries.insert("nowhere".to_owned(), "all".to_owned());
    let failure = consult(&local, &work.options(0, &|_, text| text)).unwrap_err();
    assert!(
        failure.to_string().contains("no memoized nowhere"),
        "{failure}"
    );

    let unreadable = |_: &str, _: Vec<u8>| b"fn fn".to_vec();
    let failure = consult(&subject("local"), &work.options(0, &unreadable)).unwrap_err();
    assert!(
        failure.to_string().contains("the analysis does not know"),
        "{failure}"
    );
}
