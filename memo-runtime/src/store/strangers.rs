//! What stands in a store and is none of its files.
//!
//! A store works around such things and never removes them. Only directories
//! in which names tell everything are looked at.

use std::io;

use super::Store;
use super::dir::Dir;
use super::inventory::list;
use super::layout::{
    self, CODE, DAMAGED, ENTRIES, EXPIRES_FILE, FILES, FILES_OF, FILES_SEEN, FLIGHTS,
    FUNCTION_FILE, TMP,
};
use crate::error::StoreError;

impl Store {
    /// The paths, relative to the root, of what has no place in a store.
    pub(crate) fn strangers(&self) -> Result<Vec<String>, StoreError> {
        let mut strangers = Vec::new();
        for name in list(self.root())? {
            if !layout::belongs_in_root(&name) {
                strangers.push(name);
                continue;
            }
            let Ok(dir) = self.root().open_dir(&name) else {
                continue;
            };
            match name.as_str() {
                FLIGHTS => leaves(&dir, &name, |name| is_hex(name, 64), &mut strangers)?,
                TMP => leaves(&dir, &name, is_temporary, &mut strangers)?,
                DAMAGED => leaves(&dir, &name, is_set_aside, &mut strangers)?,
                CODE => {
                    for (path, dir) in branches(&dir, &name, |_| true, &mut strangers)? {
                        leaves(&dir, &path, |name| is_hex(name, 64), &mut strangers)?;
                    }
                }
                FILES => {
                    let is_fan = |name: &str| is_hex(name, 2);
                    let is_ours = |name: &str| [FILES_OF, FILES_SEEN].contains(&name);
                    leaves(
                        &dir,
                        &name,
                        |name| is_fan(name) || is_ours(name),
                        &mut strangers,
                    )?;
                    for (path, fan) in branches(&dir, &name, is_fan, &mut strangers)? {
                        leaves(&fan, &path, |name| is_hex(name, 62), &mut strangers)?;
                    }
                }
                ENTRIES => {
                    for (path, dir) in branches(&dir, &name, |_| true, &mut strangers)? {
                        leaves(&dir, &path, is_of_function, &mut strangers)?;
                        let is_fan = |name: &str| is_hex(name, 2);
                        for (path, fan) in branches(&dir, &path, is_fan, &mut strangers)? {
                            leaves(&fan, &path, |name| is_hex(name, 62), &mut strangers)?;
                        }
                    }
                }
                _ => {}
            }
        }
        strangers.sort();
        Ok(strangers)
    }
}

/// Notes what is in `dir` and goes by a name that nothing of ours has.
fn leaves(
    dir: &Dir,
    path: &str,
    is_ours: impl Fn(&str) -> bool,
    strangers: &mut Vec<String>,
) -> Result<(), StoreError> {
    let names = list(dir)?.into_iter().filter(|name| !is_ours(name));
    strangers.extend(names.map(|name| format!("{path}/{name}")));
    Ok(())
}

/// The directories in `dir` that go by the names `wanted`, with their paths.
/// Notes what goes by such a name and is no directory.
fn branches(
    dir: &Dir,
    path: &str,
    wanted: impl Fn(&str) -> bool,
    strangers: &mut Vec<String>,
) -> Result<Vec<(String, Dir)>, StoreError> {
    let mut branches = Vec::new();
    for name in list(dir)?.into_iter().filter(|name| wanted(name)) {
        let path = format!("{path}/{name}");
        match dir.open_dir(&name) {
            Ok(dir) => branches.push((path, dir)),
            // Removed since it was listed, or not for us to look into.
            Err(error) if is_gone_or_closed(&error) => {}
            Err(_) => strangers.push(path),
        }
    }
    Ok(branches)
}

fn is_gone_or_closed(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied
    )
}

/// Whether this is a name in the directory of a function.
fn is_of_function(name: &str) -> bool {
    [FUNCTION_FILE, EXPIRES_FILE].contains(&name) || is_hex(name, 2)
}

/// Whether this is the name of a file that is being written, or of a trial.
fn is_temporary(name: &str) -> bool {
    is_hex(name, 16) || layout::is_trial(name)
}

/// Whether this is the name of an entry that was set aside.
fn is_set_aside(name: &str) -> bool {
    name.split_once('-')
        .is_some_and(|(key, unique)| is_hex(key, 64) && is_hex(unique, 16))
}

fn is_hex(name: &str, digits: usize) -> bool {
    name.len() == digits && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}
