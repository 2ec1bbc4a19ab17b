//! Files in the store: kept once, never written to, and checked before they
//! are put back.

use super::*;

#[test]
fn the_same_content_is_kept_once_and_nobody_may_write_to_it() {
    let lab = Lab::new();
    lab.write("a", "content");
    lab.write("out/b", "content");
    lab.keep(&["a"]).unwrap();
    lab.keep(&["a", "out/b"]).unwrap();
    let kept = lab.kept();
    assert_eq!(kept.len(), 1);
    let metadata = fs::metadata(&kept[0]).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o7777, 0o444);
    assert_eq!(metadata.nlink(), 1, "it is a hard link of the user's file");
    let names: Vec<_> = kept[0]
        .iter()
        .rev()
        .take(2)
        .map(|it| it.to_str().unwrap())
        .collect();
    let digest = blake3::hash(b"content").to_hex();
    assert_eq!([names[1], names[0]].concat(), digest.as_str());
    assert!(
        fs::read_dir(lab.outer.join("store/tmp"))
            .unwrap()
            .next()
            .is_none()
    );
}

type Harm = fn(&Path);

#[test]
fn a_damaged_file_is_noticed_moved_aside_and_kept_anew() {
    let damages: [(&str, Harm); 3] = [
        ("another byte", |file| damage(file, "Content")),
        ("cut short", |file| damage(file, "cont")),
        ("longer", |file| damage(file, "content and more")),
    ];
    for (what, harm) in damages {
        let lab = Lab::new();
        let path = lab.write("a", "content");
        let entry = lab.keep(&["a"]).unwrap();
        harm(&lab.kept()[0]);
        // What is there already needs nothing of the store.
        lab.find(&entry).unwrap();
        fs::remove_file(&path).unwrap();
        let unrestored = lab.find(&entry).unwrap_err();
        assert!(unrestored.is_loss(), "{what}");
        assert!(
            unrestored
                .to_string()
                .ends_with("is damaged, and was moved aside"),
            "{what}: {unrestored}"
        );
        assert!(!path.exists(), "{what}");
        assert_eq!(lab.inside().len(), 1, "{what}: something is left over");
        assert_eq!(lab.kept(), [] as [PathBuf; 0], "{what}");
        let damaged = lab.outer.join("store/damaged");
        assert_eq!(fs::read_dir(damaged).unwrap().count(), 1, "{what}");
        assert_eq!(lab.store.strangers().unwrap(), [] as [&str; 0]);

        let again = lab.find(&entry).unwrap_err();
        assert!(again.to_string().ends_with("it is not kept any more"));
        lab.write("a", "content");
        let entry = lab.keep(&["a"]).unwrap();
        fs::remove_file(&path).unwrap();
        lab.find(&entry).unwrap();
        assert_eq!(lab.read("a"), "content");
    }
}

#[test]
fn a_store_that_may_only_be_read_is_left_as_it_is() {
    let lab = Lab::new();
    let path = lab.write("a", "content");
    let entry = lab.keep(&["a"]).unwrap();
    let reader = Desk {
        writes: false,
        ..lab.desk()
    };
    let (_, outputs) =
        scope::decoding(|| codec::decode::<Vec<OutputFile>>(Codec::Bincode, &entry.payload));
    fs::remove_file(&path).unwrap();
    outputs.restore(&reader, &entry.header).unwrap();
    assert_eq!(lab.read("a"), "content");
    damage(&lab.kept()[0], "Content");
    fs::remove_file(&path).unwrap();
    let unrestored = outputs.restore(&reader, &entry.header).unwrap_err();
    assert!(
        unrestored
            .to_string()
            .ends_with("what is kept of it is damaged")
    );
    assert_eq!(lab.kept().len(), 1, "it was moved");
}

#[test]
fn a_damaged_list_of_a_directory_is_noticed() {
    let lab = Lab::new();
    lab.write("out/a", "content");
    let entry = lab.keep(&["out"]).unwrap();
    let list = lab
        .kept()
        .into_iter()
        .find(|file| fs::metadata(file).unwrap().len() != 7);
    let list = list.unwrap();
    let mut bytes = fs::read(&list).unwrap();
    bytes[1] ^= 1;
    fs::set_permissions(&list, Permissions::from_mode(0o600)).unwrap();
    fs::write(&list, bytes).unwrap();
    assert!(lab.find(&entry).unwrap_err().is_loss());
    assert_eq!(lab.kept().len(), 1, "it was not moved aside");
}

#[test]
fn nothing_is_put_back_if_one_of_the_files_is_lost() {
    let lab = Lab::new();
    lab.write("a", "one");
    lab.write("b", "another");
    let entry = lab.keep(&["a", "b"]).unwrap();
    let lost = lab
        .kept()
        .into_iter()
        .find(|file| fs::metadata(file).unwrap().len() == 7);
    fs::remove_file(lost.unwrap()).unwrap();
    for name in ["a", "b"] {
        fs::remove_file(lab.path(name)).unwrap();
    }
    assert!(lab.find(&entry).unwrap_err().is_loss());
    assert_eq!(lab.inside().len(), 1, "only half of it is there");
}

#[test]
fn keeping_again_renews_the_time_of_a_file() {
    let lab = Lab::new();
    lab.write("a", "content");
    lab.keep(&["a"]).unwrap();
    let modified = || {
        let stat = rustix::fs::stat(&lab.kept()[0]).unwrap();
        crate::store::dir::modified(&stat)
    };
    assert_eq!(modified(), lab.clock.now());
    lab.clock.advance(Duration::from_secs(3600));
    lab.keep(&["a"]).unwrap();
    assert_eq!(modified(), lab.clock.now());
}
