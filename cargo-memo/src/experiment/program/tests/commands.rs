use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::super::command::{Command, resolve};

/// Makes a file with this mode.
fn file(dir: &Path, path: &str, mode: u32, content: &str) -> PathBuf {
    let path = dir.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    path
}

/// Directories with programs, and a search path that has them all.
fn bins() -> (TempDir, OsString) {
    let dir = tempfile::tempdir().unwrap();
    file(dir.path(), "one/refused", 0o644, "no");
    file(dir.path(), "two/refused", 0o755, "yes");
    file(dir.path(), "two/only", 0o755, "yes");
    file(dir.path(), "two/text", 0o644, "no");
    fs::create_dir(dir.path().join("one/only")).unwrap();
    let path = ["one", "none", "two"].map(|name| dir.path().join(name));
    (dir, std::env::join_paths(path).unwrap())
}

#[test]
fn a_name_is_looked_for_in_the_search_path() {
    let (dir, path) = bins();
    for (name, expected) in [
        ("only", Ok("two/only")),
        ("refused", Ok("two/refused")),
        ("text", Err(126)),
        ("gone", Err(127)),
        ("", Err(127)),
    ] {
        let found = resolve(OsStr::new(name), Some(&path)).map_err(|it| it.exit_code());
        assert_eq!(
            found.ok(),
            expected.ok().map(|it| dir.path().join(it)),
            "{name}"
        );
        let code = resolve(OsStr::new(name), Some(&path)).map_err(|it| it.exit_code());
        assert_eq!(code.err(), expected.err(), "{name}");
    }
    let nowhere = resolve(OsStr::new("only"), None).map_err(|it| it.exit_code());
    assert_eq!(nowhere, Err(127));
}

#[test]
fn a_name_with_a_slash_is_a_path() {
    let (dir, path) = bins();
    for (name, expected) in [
        ("two/only", None),
        ("two/text", Some(126)),
        ("two", Some(126)),
        ("two/gone", Some(127)),
        ("two/only/more", Some(127)),
    ] {
        let named = dir.path().join(name);
        let failure = resolve(named.as_os_str(), Some(&path)).err();
        assert_eq!(failure.map(|it| it.exit_code()), expected, "{name}");
    }
    let message = resolve(dir.path().join("two").as_os_str(), None).unwrap_err();
    assert!(message.message().unwrap().ends_with("it is a directory"));
}

#[test]
fn content_and_place_are_the_code_of_a_command() {
    let dir = tempfile::tempdir().unwrap();
    let [one, other] =
        ["one/run.sh", "other/run.sh"].map(|path| file(dir.path(), path, 0o755, "true"));
    let digest = |path: &Path, root| Command::find(path.as_os_str(), root).unwrap().digest();
    assert_eq!(digest(&one, None), digest(&one, None));
    assert_ne!(digest(&one, None), digest(&other, None), "two directories");

    let before = digest(&one, None);
    file(dir.path(), "one/run.sh", 0o755, "false");
    assert_ne!(digest(&one, None), before, "edited");
    file(dir.path(), "one/run.sh", 0o700, "true");
    assert_eq!(digest(&one, None), before, "edited back, another mode");
}

#[test]
fn a_workspace_that_is_moved_has_the_same_commands() {
    let digest_in = |root: &Path| {
        let script = file(root, "scripts/run.sh", 0o755, "true");
        Command::find(script.as_os_str(), Some(root))
            .unwrap()
            .digest()
    };
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    assert_eq!(digest_in(one.path()), digest_in(other.path()));

    let link = other.path().join("link");
    symlink(one.path(), &link).unwrap();
    assert_eq!(digest_in(one.path()), digest_in(&link), "through a link");
}

#[test]
fn a_program_of_many_names_is_many_programs() {
    let dir = tempfile::tempdir().unwrap();
    let program = file(dir.path(), "busybox", 0o755, "true");
    let [one, other] = ["ls", "cat"].map(|name| {
        symlink(&program, dir.path().join(name)).unwrap();
        Command::find(dir.path().join(name).as_os_str(), None).unwrap()
    });
    assert_eq!((one.name(), other.name()), ("ls", "cat"));
    assert_ne!(one.digest(), other.digest());
}

#[test]
fn a_command_that_is_edited_has_moved_on() {
    let dir = tempfile::tempdir().unwrap();
    let script = file(dir.path(), "run.sh", 0o755, "true");
    let command = Command::find(script.as_os_str(), None).unwrap();
    assert!(!command.has_moved_on());
    file(dir.path(), "run.sh", 0o755, "true");
    assert!(!command.has_moved_on(), "the same was written again");
    file(dir.path(), "run.sh", 0o755, "fals");
    assert!(command.has_moved_on());
    fs::remove_file(&script).unwrap();
    assert!(command.has_moved_on(), "removed");
}
