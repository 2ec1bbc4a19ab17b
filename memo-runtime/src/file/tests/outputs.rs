//! Outputs: kept, and put back.

use super::*;

#[test]
fn a_missing_or_different_output_is_put_back_and_an_equal_one_is_left_alone() {
    let lab = Lab::new();
    let path = lab.write("plots/a.svg", "drawn");
    let entry = lab.keep(&["plots/a.svg"]).unwrap();
    let inode = |path: &Path| fs::metadata(path).unwrap().ino();
    let before = inode(&path);
    let found = lab.find(&entry).unwrap();
    assert_eq!(found, [OutputFile::new(&path)]);
    assert_eq!(inode(&path), before, "it was written again");
    assert!(lab.is_there(&entry));

    for change in [
        || Vec::new(),
        || b"drawn otherwise".to_vec(),
        || b"drawm".to_vec(),
    ] {
        fs::write(&path, change()).unwrap();
        assert!(!lab.is_there(&entry));
        lab.find(&entry).unwrap();
        assert_eq!(lab.read("plots/a.svg"), "drawn");
    }
    fs::remove_dir_all(lab.path("plots")).unwrap();
    assert!(!lab.is_there(&entry));
    assert_eq!(
        lab.find(&entry).unwrap()[0].read_to_string().unwrap(),
        "drawn"
    );
    assert_eq!(
        fs::read_dir(lab.path("plots")).unwrap().count(),
        1,
        "something is left over"
    );
}

#[test]
fn looking_changes_nothing() {
    let lab = Lab::new();
    let path = lab.write("a", "content");
    let entry = lab.keep(&["a"]).unwrap();
    fs::remove_file(&path).unwrap();
    assert!(!lab.is_there(&entry));
    assert!(!path.exists());
}

#[test]
fn a_relative_output_is_beneath_the_current_directory() {
    let relative = tempfile::Builder::new().tempdir_in(".").unwrap();
    let path = Path::new(relative.path().file_name().unwrap()).join("a");
    fs::write(&path, "content").unwrap();
    let lab = Lab::new();
    let entry = lab.keep_value(&vec![OutputFile::new(&path)]).unwrap();
    fs::remove_file(&path).unwrap();
    assert_eq!(lab.find(&entry).unwrap(), [OutputFile::new(&path)]);
    assert_eq!(fs::read_to_string(&path).unwrap(), "content");
}

#[test]
fn an_empty_file_is_kept_and_put_back() {
    let lab = Lab::new();
    lab.write("empty", "");
    let entry = lab.keep(&["empty"]).unwrap();
    fs::remove_file(lab.path("empty")).unwrap();
    lab.find(&entry).unwrap();
    assert_eq!(lab.read("empty"), "");
}

#[test]
fn rights_are_kept_as_far_as_a_file_may_be_executed() {
    let lab = Lab::new();
    let mode = |name: &str| fs::metadata(lab.path(name)).unwrap().permissions().mode() & 0o7777;
    for (name, rights) in [("tool", 0o4755), ("data", 0o2666), ("closed", 0o1700)] {
        lab.write(name, name);
        fs::set_permissions(lab.path(name), Permissions::from_mode(rights)).unwrap();
    }
    let entry = lab.keep(&["tool", "data", "closed"]).unwrap();
    for name in ["tool", "data", "closed"] {
        fs::remove_file(lab.path(name)).unwrap();
    }
    lab.find(&entry).unwrap();
    fs::write(lab.path("mine"), "").unwrap();
    let mine = mode("mine");
    let executable = mine | (mine & 0o444) >> 2;
    assert_eq!(
        [mode("tool"), mode("data"), mode("closed")],
        [executable, mine, executable],
        "as far as the user's mask grants, and no more"
    );
    // It differs if it may not be executed any more.
    fs::set_permissions(lab.path("tool"), Permissions::from_mode(0o600)).unwrap();
    assert!(!lab.is_there(&entry));
}

#[test]
fn a_directory_is_kept_whole_and_files_that_came_later_are_left_alone() {
    let lab = Lab::new();
    lab.write("out/one", "1");
    lab.write("out/sub/deep/two", "2");
    fs::create_dir(lab.path("out/empty")).unwrap();
    let key = lab.key("out").unwrap();
    let entry = lab.keep(&["out"]).unwrap();
    let before = lab.inside();
    fs::remove_dir_all(lab.path("out")).unwrap();
    lab.find(&entry).unwrap();
    assert_eq!(lab.inside(), before);
    assert_eq!(lab.key("out").unwrap(), key);

    lab.write("out/sub/mine", "mine");
    lab.write("out/one", "changed");
    lab.find(&entry).unwrap();
    assert_eq!(
        (lab.read("out/one"), lab.read("out/sub/mine")),
        ("1".into(), "mine".into())
    );
    let files = header::kept_files(&entry.header).unwrap();
    assert!(matches!(
        files[0].content,
        KeptContent::Directory {
            files: 2,
            bytes: 2,
            ..
        }
    ));
}

#[test]
fn an_empty_directory_is_kept_and_put_back() {
    let lab = Lab::new();
    fs::create_dir(lab.path("out")).unwrap();
    let entry = lab.keep(&["out"]).unwrap();
    fs::remove_dir(lab.path("out")).unwrap();
    lab.find(&entry).unwrap();
    assert_eq!(fs::read_dir(lab.path("out")).unwrap().count(), 0);
}

#[test]
fn a_file_changed_after_it_was_kept_changes_nothing_in_the_store() {
    let lab = Lab::new();
    let path = lab.write("a", "content");
    let entry = lab.keep(&["a"]).unwrap();
    let file = fs::File::options().write(true).open(&path).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&file, b"CONTENT", 0).unwrap();
    lab.find(&entry).unwrap();
    assert_eq!(lab.read("a"), "content");
    // And the other way round: what was put back is the user's own.
    fs::write(&path, "mine").unwrap();
    fs::remove_file(&path).unwrap();
    lab.find(&entry).unwrap();
    assert_eq!(lab.read("a"), "content");
}

#[test]
fn outputs_inside_other_values_are_found_wherever_they_are() {
    #[derive(serde::Serialize, serde::Deserialize)]
    struct Report {
        title: String,
        figures: Vec<Option<OutputFile>>,
    }
    let lab = Lab::new();
    let path = lab.write("a", "content");
    let report = Report {
        title: "rivers".to_owned(),
        figures: vec![
            None,
            Some(OutputFile::new(&path)),
            Some(OutputFile::new(&path)),
        ],
    };
    for codec in [Codec::Bincode, Codec::MessagePack] {
        let (payload, outputs) = scope::encoding(|| {
            assert!(codec::same(&report, &report));
            codec::encode(codec, &report).unwrap()
        });
        let files = outputs.keep(&lab.desk(), "f-0", true).unwrap();
        assert_eq!(files.len(), 1);
        fs::remove_file(&path).unwrap();
        let (found, outputs) = scope::decoding(|| codec::decode::<Report>(codec, &payload));
        outputs.restore(&lab.desk(), &header_with(&files)).unwrap();
        let found = found.unwrap();
        assert_eq!(found.title, report.title);
        assert_eq!(
            found.figures[1].as_ref().unwrap().read().unwrap(),
            b"content"
        );
    }
}

#[test]
fn what_the_function_has_not_written_is_not_kept() {
    let lab = Lab::new();
    let told = lab.keep(&["missing"]).err().unwrap().to_string();
    assert!(told.starts_with("output `") && told.ends_with("the function has not written it"));
    fs::create_dir(lab.path("out")).unwrap();
    lab.link("out/link", Path::new("nowhere"));
    let told = lab.keep(&["out"]).err().unwrap().to_string();
    assert!(
        told.ends_with("out/link`: it is a symbolic link; only files and directories are kept"),
        "{told}"
    );
}

#[test]
fn an_entry_that_does_not_say_what_a_file_held_is_of_no_use() {
    let lab = Lab::new();
    let path = lab.write("a", "content");
    let entry = Entry {
        payload: codec::encode(Codec::Bincode, &vec![OutputFile::new(&path)]).unwrap(),
        header: header_with(&[]),
    };
    let unrestored = lab.find(&entry).unwrap_err();
    assert!(unrestored.is_loss());
    assert!(
        unrestored
            .to_string()
            .ends_with("the entry does not have it")
    );
}
