//! All entries of many functions at once, over all cores.
//!
//! The pieces that threads take are the directories below a function's, so
//! that one function with nearly everything is shared out as well.

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::io::Errno;

use super::Store;
use super::dir;
use super::inventory::{Entry, FunctionDir};
use crate::error::StoreError;
use crate::key::Digest;
use crate::workers::on_all_cores;

/// What is gathered of the entries of one function. Several threads gather
/// at once, each its own part.
pub trait Gather: Send {
    /// Takes in one more entry; they come in no particular order.
    fn add(&mut self, entry: Entry);

    /// Takes in what another thread has gathered of the same function.
    fn merge(&mut self, other: Self);
}

/// A directory with entries of a function.
struct Fan {
    function: usize,
    digits: String,
}

/// What one thread has gathered, by function.
type Part<G> = Result<Vec<(usize, G)>, StoreError>;

impl Store {
    /// Gathers all entries of `functions`; what is gathered of the function
    /// at a position begins as `begin` says.
    pub(crate) fn scan<G: Gather>(
        &self,
        functions: &[FunctionDir],
        begin: impl Fn(usize) -> G + Sync,
    ) -> Result<Vec<G>, StoreError> {
        let fans = self.fans(functions)?;
        let next = AtomicUsize::new(0);
        let parts = on_all_cores(|| self.scan_some(functions, &fans, &next, &begin));
        let mut gathered: Vec<G> = (0..functions.len()).map(&begin).collect();
        for part in parts {
            for (function, some) in part? {
                gathered[function].merge(some);
            }
        }
        Ok(gathered)
    }

    fn fans(&self, functions: &[FunctionDir]) -> Result<Vec<Fan>, StoreError> {
        let mut fans = Vec::new();
        for (function, named) in functions.iter().enumerate() {
            let listed = self.entries.each_name(&named.dir, |listed| {
                if let Some(digits) = fan_digits(listed.name()) {
                    fans.push(Fan { function, digits });
                }
                ControlFlow::Continue(())
            });
            self.unless_gone(&named.dir, listed)?;
        }
        Ok(fans)
    }

    fn scan_some<G: Gather>(
        &self,
        functions: &[FunctionDir],
        fans: &[Fan],
        next: &AtomicUsize,
        begin: impl Fn(usize) -> G,
    ) -> Part<G> {
        let mut gathered: Vec<(usize, G)> = Vec::new();
        let mut name: Arc<str> = "".into();
        while let Some(fan) = fans.get(next.fetch_add(1, Ordering::Relaxed)) {
            // Fans come in the order of their functions.
            if gathered
                .last()
                .is_none_or(|(last, _)| *last != fan.function)
            {
                gathered.push((fan.function, begin(fan.function)));
                name = functions[fan.function].dir.as_str().into();
            }
            if let Some((_, gathered)) = gathered.last_mut() {
                self.each_in_fan(&name, &fan.digits, |entry| {
                    gathered.add(entry);
                    ControlFlow::Continue(())
                })?;
            }
        }
        Ok(gathered)
    }

    /// Hands out the entries in one of a function's directories.
    pub(super) fn each_in_fan(
        &self,
        function: &Arc<str>,
        fan: &str,
        mut found: impl FnMut(Entry) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let relative = [function, "/", fan].concat();
        let listed = self.entries.each_name(&relative, |listed| {
            let Some(key) = key_of(fan, listed.name()) else {
                return ControlFlow::Continue(());
            };
            let Ok(stat) = listed.stat() else {
                return ControlFlow::Continue(());
            };
            found(Entry {
                key,
                bytes: dir::size(&stat),
                disk: dir::disk(&stat),
                last_used: dir::modified(&stat),
                function: Arc::clone(function),
            })
        });
        self.unless_gone(&relative, listed)
    }

    /// A directory that has gone, is none, or is kept from us, is one without
    /// entries.
    fn unless_gone(&self, relative: &str, listed: io::Result<()>) -> Result<(), StoreError> {
        let Err(error) = listed else {
            return Ok(());
        };
        match Errno::from_io_error(&error) {
            Some(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::ACCESS) => Ok(()),
            _ => {
                let path = self.entries.path().join(relative);
                Err(StoreError::io("list", path, error))
            }
        }
    }
}

/// The name of a directory with entries, if it is one.
fn fan_digits(name: &[u8]) -> Option<String> {
    let digits = str::from_utf8(name).ok()?;
    (digits.len() == 2).then(|| digits.to_owned())
}

/// The key of the entry `name` in `fan`, if it is one.
fn key_of(fan: &str, name: &[u8]) -> Option<Digest> {
    let mut digits = [0; 64];
    let (first, rest) = digits.split_at_mut(fan.len());
    if name.len() != rest.len() {
        return None;
    }
    first.copy_from_slice(fan.as_bytes());
    rest.copy_from_slice(name);
    str::from_utf8(&digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::Memo;

    #[derive(Default)]
    struct Keys(Vec<Digest>);

    impl Gather for Keys {
        fn add(&mut self, entry: Entry) {
            self.0.push(entry.key);
        }

        fn merge(&mut self, other: Self) {
            self.0.extend(other.0);
        }
    }

    #[test]
    fn each_entry_is_gathered_once_and_for_its_own_function() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("store");
        let memo = Memo::open(&path).unwrap();
        for number in 0..300_u64 {
            let name = ["one", "other", "third"][number as usize % 3];
            memo.call(name).arg("n", &number).get_or_compute(|| number);
        }
        let store = Store::open(&path, false).unwrap();
        let functions = store.functions().unwrap();
        let scanned = store.scan(&functions, |_| Keys::default()).unwrap();
        assert_eq!(scanned.len(), 3);
        for (function, Keys(keys)) in functions.iter().zip(scanned) {
            let mut listed = BTreeSet::new();
            let all = store.entries_of(function, |entry| {
                listed.insert(entry.key);
            });
            all.unwrap();
            assert_eq!(keys.len(), 100);
            assert_eq!(keys.into_iter().collect::<BTreeSet<_>>(), listed);
        }
    }

    #[test]
    fn neither_links_nor_strangers_nor_what_has_gone_is_gathered() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("store");
        let memo = Memo::open(&path).unwrap();
        memo.call("one").get_or_compute(|| 1_u8);
        let store = Store::open(&path, false).unwrap();
        let mut functions = store.functions().unwrap();
        let dir = path.join("entries").join(&functions[0].dir);
        let fans = std::fs::read_dir(&dir).unwrap().flatten();
        let fan = fans.map(|fan| fan.path()).find(|fan| fan.is_dir()).unwrap();
        symlink(&fan, dir.join("00")).unwrap();
        std::fs::write(fan.join("stranger"), "").unwrap();
        functions.push(FunctionDir {
            name: None,
            dir: "gone-0000000000000000".to_owned(),
        });
        let scanned = store.scan(&functions, |_| Keys::default()).unwrap();
        let counts: Vec<usize> = scanned.iter().map(|Keys(keys)| keys.len()).collect();
        assert_eq!(counts, [1, 0]);
    }
}
