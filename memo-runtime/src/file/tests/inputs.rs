//! Inputs: what is part of a key, and when a file is read for it.

use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::time::SystemTime;

use super::*;
use crate::file::beneath;
use crate::file::seen::State;

/// Has the store say of a file that it holds something else: if that comes
/// out, the file was not read.
fn pretend(lab: &Lab, path: &Path) -> Digest {
    let digest = Digest::from_bytes([7; 32]);
    let state = State::of(&beneath::look(path).unwrap());
    lab.store.remembered(true).note(&state.parts(), &digest);
    digest
}

#[test]
fn a_file_counts_by_its_content_and_neither_by_path_nor_by_times_nor_by_rights() {
    let lab = Lab::new();
    let path = lab.write("a", "content");
    let key = lab.key("a").unwrap();
    assert_eq!(lab.key("a").unwrap(), key);
    lab.write("b/c", "content");
    assert_eq!(lab.key("b/c").unwrap(), key, "its path is part of the key");
    let touched = File::options().write(true).open(&path).unwrap();
    touched
        .set_modified(SystemTime::now() - Duration::from_secs(60))
        .unwrap();
    assert_eq!(lab.key("a").unwrap(), key, "its times are part of the key");
    fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
    assert_eq!(lab.key("a").unwrap(), key, "its rights are part of the key");
    lab.write("a", "Content");
    assert_ne!(lab.key("a").unwrap(), key);
    lab.write("a", "");
    assert_ne!(lab.key("a").unwrap(), key);
}

#[test]
fn the_key_of_a_file_stays_the_same_in_later_versions() {
    let lab = Lab::new();
    lab.write("a", "content");
    lab.write("d/a", "content");
    let keys = [lab.key("a").unwrap(), lab.key("d").unwrap()];
    assert_eq!(
        keys.map(|key| key.to_hex()),
        [
            "1bd0ae3a21a69a605d38ca04623ef4cf64fa91f502f395bed3c3c725cd03048e",
            "1defc91206bb2991bdd6df77aa9286e7b42d2a9c58fce41dcdbc8ad44cbc98b0",
        ]
    );
}

#[test]
fn a_file_that_was_left_alone_is_not_read_again_by_any_process() {
    let lab = Lab::new();
    let path = lab.write("a", "content");
    // Not through this process, which would remember it as well.
    let other = pretend(&lab, &path);
    let pretended = lab.key("a").unwrap();
    let (digest, _) = scope::keying(&mut Some(lab.memo.clone()), || {
        key::digest_of(&crate::file::content::Content::File(other))
    });
    assert_eq!(pretended, digest.unwrap());
    let touched = File::options().write(true).open(&path).unwrap();
    touched
        .set_modified(SystemTime::now() - Duration::from_secs(60))
        .unwrap();
    assert_ne!(lab.key("a").unwrap(), pretended, "its times have changed");
}

#[test]
fn a_young_file_is_read_each_time_and_a_settled_one_is_remembered() {
    for (lab, remembered) in [(Lab::at_once(), false), (Lab::new(), true)] {
        let path = lab.write("a", "content");
        lab.key("a").unwrap();
        let state = State::of(&beneath::look(&path).unwrap()).parts();
        let recalled = lab.store.remembered(false).recall(&state);
        assert_eq!(recalled.is_some(), remembered);
    }
}

#[test]
fn a_change_within_one_tick_of_the_clock_is_noticed() {
    let lab = Lab::at_once();
    let path = lab.write("a", "one");
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    let key = lab.key("a").unwrap();
    // The same size and time of modification, and mostly even the same time
    // of change.
    lab.write("a", "two");
    let touched = File::options().write(true).open(&path).unwrap();
    touched.set_modified(modified).unwrap();
    assert_ne!(lab.key("a").unwrap(), key);
}

#[test]
fn times_to_come_are_never_believed() {
    let lab = Lab::new();
    let path = lab.write("a", "content");
    let future = SystemTime::now() + Duration::from_secs(24 * 3600);
    let touched = File::options().write(true).open(&path).unwrap();
    touched.set_modified(future).unwrap();
    lab.key("a").unwrap();
    let state = State::of(&beneath::look(&path).unwrap()).parts();
    assert_eq!(lab.store.remembered(false).recall(&state), None);
}

#[test]
fn what_is_remembered_and_torn_is_read_again() {
    let lab = Lab::new();
    let path = lab.write("a", "content");
    let state = State::of(&beneath::look(&path).unwrap()).parts();
    pretend(&lab, &path);
    assert!(lab.store.remembered(false).recall(&state).is_some());
    let table = lab.outer.join("store/files/seen");
    let mut bytes = fs::read(&table).unwrap();
    let at = bytes.iter().position(|byte| *byte == 7).unwrap();
    bytes[at] = 8;
    fs::write(&table, bytes).unwrap();
    assert_eq!(lab.store.remembered(false).recall(&state), None);
}

#[test]
fn the_table_keeps_the_last_state_of_each_file_and_its_size_within_bounds() {
    let lab = Lab::new();
    let mut remembered = lab.store.remembered(true);
    let states: Vec<[u64; 5]> = (0..1000).map(|inode| [1, inode, 2, 3, 4]).collect();
    for round in 0..3 {
        for [device, inode, size, modified, _] in &states {
            let state = [*device, *inode, *size, *modified, round];
            remembered.note(&state, &Digest::from_bytes([round as u8; 32]));
        }
    }
    let recalled = states.iter().filter(|[device, inode, size, modified, _]| {
        let state = [*device, *inode, *size, *modified, 2];
        remembered.recall(&state) == Some(Digest::from_bytes([2; 32]))
    });
    // More than four of a thousand rarely share one of 16384 sets.
    assert_eq!(recalled.count(), 1000);
    let old = states.iter().any(|state| {
        let [device, inode, size, modified, _] = *state;
        remembered
            .recall(&[device, inode, size, modified, 1])
            .is_some()
    });
    assert!(!old, "an earlier state of a file is still known");
    let size = fs::metadata(lab.outer.join("store/files/seen"))
        .unwrap()
        .len();
    assert!(size <= 4 << 20, "{size}");
}

#[test]
fn a_file_that_is_replaced_by_a_link_counts_as_what_it_leads_to() {
    let lab = Lab::new();
    let path = lab.write("a", "content");
    let key = lab.key("a").unwrap();
    lab.write("same", "content");
    lab.write("other", "different");
    for (target, same) in [("same", true), ("other", false)] {
        fs::remove_file(&path).unwrap();
        lab.link("a", &lab.path(target));
        assert_eq!(lab.key("a").unwrap() == key, same, "{target}");
    }
}

#[test]
fn what_cannot_be_read_has_no_key_and_says_why() {
    let lab = Lab::new();
    let error = lab.key("missing").unwrap_err();
    assert!(error.contains("user/missing`: No such file"), "{error}");
    let fifo = lab.path("fifo");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &fifo,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    let error = lab.key("fifo").unwrap_err();
    assert!(error.ends_with("it is a named pipe"), "{error}");
    let odd = lab
        .path("")
        .join(std::ffi::OsStr::from_bytes(b"a\x1b[2J\xff"));
    let error = key::digest_of(&InputFile::new(odd))
        .unwrap_err()
        .to_string();
    assert!(error.contains(r"a\u{1b}[2J"), "{error}");
}

#[test]
fn a_directory_counts_by_the_names_kinds_and_bytes_in_it() {
    let lab = Lab::new();
    lab.write("d/one", "1");
    lab.write("d/sub/two", "2");
    let key = lab.key("d").unwrap();
    assert_ne!(lab.key("d/one").unwrap(), key);
    lab.write("elsewhere/sub/two", "2");
    lab.write("elsewhere/one", "1");
    assert_eq!(lab.key("elsewhere").unwrap(), key);

    let mut keys = vec![key];
    let mut another = |what: &str| {
        let key = lab.key("d").unwrap();
        assert!(!keys.contains(&key), "{what}");
        keys.push(key);
    };
    lab.write("d/three", "");
    another("a file has come");
    fs::rename(lab.path("d/three"), lab.path("d/four")).unwrap();
    another("a file has another name");
    fs::rename(lab.path("d/four"), lab.path("d/sub/four")).unwrap();
    another("a file is elsewhere");
    fs::set_permissions(lab.path("d/one"), Permissions::from_mode(0o755)).unwrap();
    another("a file may be executed");
    fs::create_dir(lab.path("d/empty")).unwrap();
    another("an empty directory has come");
    fs::remove_dir(lab.path("d/empty")).unwrap();
    lab.write("d/empty", "");
    another("it is a file");
    fs::remove_file(lab.path("d/empty")).unwrap();
    lab.link("d/empty", Path::new("one"));
    another("it is a link");
    fs::remove_file(lab.path("d/empty")).unwrap();
    lab.link("d/empty", Path::new("sub/two"));
    another("the link leads elsewhere");
}

#[test]
fn links_in_a_directory_are_not_followed_and_the_store_in_it_is_passed_over() {
    let lab = Lab::new();
    lab.write("d/one", "1");
    lab.link("d/round", Path::new("."));
    lab.link("d/out", &lab.outer.join("outside"));
    let key = lab.key("d").unwrap();
    fs::write(lab.outer.join("outside/precious"), "other").unwrap();
    assert_eq!(lab.key("d").unwrap(), key);

    let all = lab.key("..").unwrap();
    lab.store.mark_files_of("f", lab.clock.now()).unwrap();
    assert_eq!(lab.key("..").unwrap(), all, "the store is part of the key");
}

#[test]
fn an_output_as_an_argument_is_an_input_with_its_content() {
    let lab = Lab::new();
    let path = lab.write("a", "content");
    let output = OutputFile::new(&path);
    assert_eq!(InputFile::from(&output), InputFile::new(&path));
    let (digest, seen) = scope::keying(&mut Some(lab.memo.clone()), || key::digest_of(&output));
    assert_eq!(digest.unwrap(), lab.key("a").unwrap());
    assert_eq!(seen.len(), 1);
    assert_eq!(key::digest_of(&output).unwrap(), lab.key("a").unwrap());
}

#[test]
fn people_and_other_formats_see_the_path() {
    let input = InputFile::new("data/rivers.csv");
    assert_eq!(key::short_text(&input), "\"data/rivers.csv\"");
    let json = serde_json::to_string(&(&input, OutputFile::new("out"))).unwrap();
    assert_eq!(json, r#"["data/rivers.csv","out"]"#);
    let back: (InputFile, OutputFile) = serde_json::from_str(&json).unwrap();
    assert_eq!(back, (input, OutputFile::new("out")));
}

/// What is in a variant within an internally tagged enum, serde gathers with
/// a serializer of its own before it writes it.
#[test]
fn the_content_counts_where_serde_gathers_a_value_first() {
    #[derive(serde::Serialize)]
    #[serde(tag = "kind")]
    enum Source {
        Table(Place),
    }
    #[derive(serde::Serialize)]
    enum Place {
        Here { table: InputFile },
    }
    let lab = Lab::new();
    let table = InputFile::new(lab.write("a", "content"));
    let source = Source::Table(Place::Here { table });
    let digest = || scope::keying(&mut Some(lab.memo.clone()), || key::digest_of(&source));
    let (before, seen) = digest();
    assert_eq!(seen.len(), 1);
    lab.write("a", "Content");
    assert_ne!(digest().0.unwrap(), before.unwrap());
}

#[test]
fn an_input_that_changes_while_the_function_computes_is_noticed() {
    for lab in [Lab::new(), Lab::at_once()] {
        lab.write("a", "content");
        lab.write("d/one", "1");
        let (_, file) = lab.seen("a");
        let (_, dir) = lab.seen("d");
        let change = |seen: &[InputSeen]| seen[0].change(&lab.desk());
        assert_eq!(change(&file), None);
        assert_eq!(change(&dir), None);
        lab.write("a", "changed");
        lab.write("d/two", "2");
        let told = change(&file).unwrap().to_string();
        assert!(told.ends_with("this input has changed while the function computed"));
        assert!(change(&dir).is_some());
        fs::remove_file(lab.path("a")).unwrap();
        assert!(change(&file).unwrap().to_string().contains("No such file"));
    }
}

#[test]
fn an_input_that_was_another_for_a_while_is_noticed() {
    let lab = Lab::new();
    let path = lab.write("a", "content");
    let (_, seen) = lab.seen("a");
    // Written to, and then as it was: the function may have read what came between.
    fs::remove_file(&path).unwrap();
    lab.write("b", "content");
    fs::rename(lab.path("b"), &path).unwrap();
    assert!(seen[0].change(&lab.desk()).is_some());
}

#[test]
fn what_a_function_writes_that_an_argument_calls_is_not_part_of_the_argument() {
    /// Calls a memoized function when it is serialized.
    struct Calling<'a>(&'a Lab);
    impl serde::Serialize for Calling<'_> {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let calls = self.0.memo.call("json");
            let json =
                calls.get_or_compute(|| serde_json::to_string(&InputFile::new("f")).unwrap());
            let plain = self
                .0
                .memo
                .call("plain")
                .computing(|| serde_json::to_string(&InputFile::new("f")).unwrap());
            (json, plain.uncached()).serialize(serializer)
        }
    }
    let lab = Lab::new();
    let given = lab.memo.call("outer").arg("calling", &Calling(&lab));
    given.get_or_compute(|| ());
    let json = lab.memo.call("json").computing(String::new);
    let json = json.cached();
    assert_eq!(json.as_deref(), Some("\"f\""));
}
