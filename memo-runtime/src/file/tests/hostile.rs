//! Paths that lead elsewhere, things in the way, and entries that say what no
//! function can have left: nothing outside changes, and it is told why.

use super::*;
use crate::file::tree::{Kind, Leaf, Node, Tree};

type GetInTheWay = fn(&Lab);

/// A result that an entry claims to have, whoever wrote that.
fn claim(path: &Path, content: KeptContent) -> Entry {
    let file = KeptFile {
        path: path.to_str().unwrap().to_owned(),
        content,
    };
    Entry {
        payload: codec::encode(Codec::Bincode, &vec![OutputFile::new(path)]).unwrap(),
        header: header_with(&[file]),
    }
}

/// A file that the store has, with the content `taken over`.
fn taken_over(lab: &Lab) -> KeptContent {
    lab.write("source", "taken over");
    let entry = lab.keep(&["source"]).unwrap();
    let content = header::kept_files(&entry.header).unwrap()[0].content;
    fs::remove_file(lab.path("source")).unwrap();
    content
}

#[test]
fn paths_that_lead_elsewhere_are_neither_kept_nor_written_to() {
    let lab = Lab::new();
    let content = taken_over(&lab);
    let outside = lab.outer.join("outside");
    lab.link("link", &outside);
    lab.link("leaf", &outside.join("precious"));
    let before = (lab.outside(), lab.inside());
    let cases = [
        (outside.join("precious"), "permit the directory"),
        (outside.join("new"), "permit the directory"),
        (lab.path("../outside/precious"), "`..` is in its path"),
        (lab.path("sub/../../outside/new"), "`..` is in its path"),
        (lab.path("link/precious"), "it is a symbolic link"),
        (lab.path("link/new/deep"), "it is a symbolic link"),
        (lab.path("leaf"), "it is a symbolic link"),
        (lab.path(""), "permit the directory"),
        (lab.path("."), "permit the directory"),
        (lab.path("nul\0"), "`"),
        (lab.path(&"x".repeat(300)), "too long"),
        (PathBuf::from("/"), "permit the directory"),
        (PathBuf::from(""), "permit the directory"),
        (PathBuf::from("../x"), "`..` is in its path"),
    ];
    for (path, why) in cases {
        let kept = lab.keep_value(&vec![OutputFile::new(&path)]);
        let told = kept.err().expect("it was kept").to_string();
        assert!(told.contains(why), "{}: {told}", path.display());
        let unrestored = lab.find(&claim(&path, content)).unwrap_err();
        let told = unrestored.to_string();
        assert!(told.contains(why), "{}: {told}", path.display());
        assert!(!unrestored.is_loss());
        assert!(!lab.is_there(&claim(&path, content)));
        assert_eq!((lab.outside(), lab.inside()), before, "{}", path.display());
    }
}

#[test]
fn a_link_that_the_user_permits_is_followed() {
    let lab = Lab::new();
    let far = lab.outer.join("far");
    fs::create_dir(&far).unwrap();
    lab.link("out", &far);
    OutputFile::permit(lab.path("out"));
    lab.write("out/a", "content");
    let entry = lab.keep(&["out/a"]).unwrap();
    fs::remove_file(far.join("a")).unwrap();
    lab.find(&entry).unwrap();
    assert_eq!(fs::read_to_string(far.join("a")).unwrap(), "content");
}

#[test]
fn the_store_is_no_output() {
    let lab = Lab::new();
    let content = taken_over(&lab);
    OutputFile::permit(&lab.outer);
    let store = lab.outer.join("store");
    for (path, why) in [
        (store.join("format"), "it is in the store"),
        (store.join("entries/x"), "it is in the store"),
        (store.clone(), "it is the store"),
    ] {
        let told = lab.keep_value(&vec![OutputFile::new(&path)]).err().unwrap();
        assert!(told.to_string().contains(why), "{told}");
    }
    let told = lab.find(&claim(&store.join("format"), content));
    assert!(told.unwrap_err().to_string().contains("it is in the store"));
    assert_eq!(fs::read_to_string(store.join("format")).unwrap(), "1\n");
    // One that contains it would be kept in itself.
    OutputFile::permit(lab.temp.path());
    let told = lab.keep_value(&vec![OutputFile::new(&lab.outer)]);
    let told = told.err().unwrap().to_string();
    assert!(told.contains("which no output may contain"), "{told}");
}

#[test]
fn what_is_in_the_way_stays_and_nothing_is_written() {
    let lab = Lab::new();
    lab.write("a", "one");
    lab.write("sub/b", "two");
    let entry = lab.keep(&["a", "sub/b"]).unwrap();
    let ways: [(&str, GetInTheWay); 4] = [
        ("it is a directory; move it away", |lab| {
            fs::remove_file(lab.path("sub/b")).unwrap();
            fs::create_dir(lab.path("sub/b")).unwrap();
        }),
        ("it is a symbolic link; move it away", |lab| {
            fs::remove_dir(lab.path("sub/b")).unwrap();
            lab.link("sub/b", &lab.outer.join("outside/precious"));
        }),
        ("it is a symbolic link; move it away", |lab| {
            fs::remove_dir_all(lab.path("sub")).unwrap();
            lab.link("sub", &lab.outer.join("outside"));
        }),
        ("it is a file; move it away", |lab| {
            fs::remove_file(lab.path("sub")).unwrap();
            lab.write("sub", "mine");
        }),
    ];
    fs::remove_file(lab.path("a")).unwrap();
    for (why, get_in_the_way) in ways {
        get_in_the_way(&lab);
        let before = (lab.outside(), lab.inside());
        let unrestored = lab.find(&entry).unwrap_err();
        assert!(unrestored.to_string().contains(why), "{unrestored}");
        assert!(!unrestored.is_loss());
        assert_eq!((lab.outside(), lab.inside()), before, "{why}");
    }
}

#[test]
fn a_list_of_files_that_leads_elsewhere_is_refused() {
    let lab = Lab::new();
    let KeptContent::File {
        bytes,
        executable,
        digest,
    } = taken_over(&lab)
    else {
        panic!("it is a file");
    };
    let leaf = Kind::File(Leaf {
        bytes,
        executable,
        digest,
    });
    let node = |path: &[u8], kind: &Kind| Node {
        path: path.to_vec(),
        kind: kind.clone(),
    };
    let hostile = [
        vec![node(b"../outside/new", &leaf)],
        vec![node(b"/etc/new", &leaf)],
        vec![node(b"a/../../new", &leaf)],
        vec![node(b"", &leaf)],
        vec![node(b".", &leaf)],
        vec![node(b"a//b", &leaf)],
        vec![node(b"a\0b", &leaf)],
        vec![node(&[b'x'; 256], &leaf)],
        vec![node(b"a", &leaf), node(b"a", &leaf)],
        vec![node(b"a", &leaf), node(b"a/b", &leaf)],
        vec![node(b"a", &Kind::Link(b"/etc".to_vec())), node(b"b", &leaf)],
        vec![node(b"a", &Kind::Link(b"..".to_vec()))],
    ];
    let before = (lab.outside(), lab.inside());
    for nodes in hostile {
        let list = Tree { nodes }.to_bytes().unwrap();
        let digest = lab.store.add_list(&list, false, 1).unwrap();
        let content = KeptContent::Directory {
            files: 1,
            bytes: 1,
            digest,
        };
        let entry = claim(&lab.path("out"), content);
        let unrestored = lab.find(&entry).unwrap_err();
        assert!(
            unrestored.to_string().ends_with("is no list of files"),
            "{unrestored}"
        );
        assert_eq!((lab.outside(), lab.inside()), before);
    }
    let bytes = vec![0xff; 64];
    let digest = lab.store.add_list(&bytes, false, 1).unwrap();
    let content = KeptContent::Directory {
        files: 1,
        bytes: 1,
        digest,
    };
    let entry = claim(&lab.path("out"), content);
    assert!(lab.find(&entry).unwrap_err().is_loss());
    // And one that does not.
    let nodes = vec![
        node(b"a b/..c", &leaf),
        node(b"a.b", &leaf),
        node(b"d", &Kind::Empty),
    ];
    let list = Tree { nodes }.to_bytes().unwrap();
    let digest = lab.store.add_list(&list, false, 1).unwrap();
    let content = KeptContent::Directory {
        files: 2,
        bytes: 1,
        digest,
    };
    lab.find(&claim(&lab.path("out"), content)).unwrap();
    assert_eq!(lab.read("out/a b/..c"), "taken over");
}

#[test]
fn what_stands_in_the_place_of_a_kept_file_is_not_waited_for_or_followed() {
    let lab = Lab::new();
    let path = lab.write("a", "precious");
    let entry = lab.keep(&["a"]).unwrap();
    fs::remove_file(&path).unwrap();
    let kept = lab.kept().remove(0);
    fs::remove_file(&kept).unwrap();
    symlink(lab.outer.join("outside/precious"), &kept).unwrap();
    assert!(lab.find(&entry).is_err(), "a link was followed");
    fs::remove_file(&kept).unwrap();
    let fifo = rustix::fs::FileType::Fifo;
    let mode = rustix::fs::Mode::RUSR;
    rustix::fs::mknodat(rustix::fs::CWD, &kept, fifo, mode, 0).unwrap();
    assert!(lab.find(&entry).unwrap_err().is_loss());
    assert!(!path.exists());
}

#[test]
fn a_length_that_the_file_does_not_have_is_not_believed() {
    let lab = Lab::new();
    let KeptContent::File {
        executable, digest, ..
    } = taken_over(&lab)
    else {
        panic!("it is a file");
    };
    for bytes in [0, 9, 11, u64::MAX] {
        let content = KeptContent::File {
            bytes,
            executable,
            digest,
        };
        let claimed = claim(&lab.path("a"), content);
        assert!(lab.find(&claimed).unwrap_err().is_loss());
    }
}
