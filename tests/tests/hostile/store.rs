//! A prepared store, the tree outside that it aims at, and the worker let loose on it.

use std::fs;
use std::os::unix::fs::{FileExt, symlink};
use std::path::{Path, PathBuf};

use crate::privileges::{Common, tool};
use crate::tree::tree;

/// What a call of the worker can do, on kept and on new keys.
const STEPS: [&str; 11] = [
    "get=1:100",
    "get=2:100",
    "cached=1:100",
    "refresh=1:100",
    "insert=2:100",
    "insert=3:100",
    "get=3:100",
    "forget=1:100",
    "get=1:100",
    "coded=1:100",
    "coded=2:100",
];

pub(crate) const TIB: u64 = 1 << 40;

/// A store in which key 1 is kept, and what is outside.
pub(crate) struct Prepared {
    common: Common,
    function: String,
    entry: String,
    /// Where the code of a function is that was called once.
    code: String,
    /// The names of the flights of keys 1 and 2.
    flights: [String; 2],
}

impl Prepared {
    pub(crate) fn new() -> Self {
        let common = Common::new();
        let store = common.store();
        common.run(&["die=1:100", "get=1:100"]);
        let first = only_name(&store.join("flights"));
        common.run(&["get=1:100"]).did("keeps", &["computed 1"]);
        common.run(&["die=2:100"]);
        let second = only_name(&store.join("flights"));
        fs::remove_file(store.join("flights").join(&second)).unwrap();
        let function = only_name(&store.join("entries"));
        let entry = format!("entries/{function}/{}/{}", &first[..2], &first[2..]);

        common.run(&["coded=1:100"]).did("keeps", &["computed 1"]);
        let coded = only_name(&store.join("code"));
        let list = only_name(&store.join("code").join(&coded));
        let code = format!("code/{coded}/{list}");

        // Outside, where links lead to: a file, and a place that could pass for a store.
        let outside = common.store().with_file_name("outside");
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("file"), "precious").unwrap();
        fs::create_dir(outside.join("directory")).unwrap();
        tool(
            "cp",
            &[
                "-a",
                store.to_str().unwrap(),
                outside.join("store").to_str().unwrap(),
            ],
        );
        Self {
            common,
            function,
            entry,
            code,
            flights: [first, second],
        }
    }

    pub(crate) fn outside(&self) -> PathBuf {
        self.common.store().with_file_name("outside")
    }

    /// The path that `name` stands for: `entry`, `fan`, `function`, `flight` (of key 2), `list` and
    /// `lists` (of code), or a path in the store.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.common.store().join(self.relative(name))
    }

    fn relative(&self, name: &str) -> String {
        match name {
            "entry" => self.entry.clone(),
            "fan" => self.entry[..self.entry.len() - 63].to_owned(),
            "function" => format!("entries/{}", self.function),
            "function name" => format!("entries/{}/function", self.function),
            "list" => self.code.clone(),
            "lists" => self.code[..self.code.len() - 65].to_owned(),
            "flight" => format!("flights/{}", self.flights[1]),
            "first flight" => format!("flights/{}", self.flights[0]),
            other => other.to_owned(),
        }
    }

    /// Removes what stands at `name`; its path.
    pub(crate) fn vacate(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        if path.is_dir() {
            fs::remove_dir_all(&path).unwrap();
        } else if path.exists() {
            fs::remove_file(&path).unwrap();
        }
        path
    }

    /// Makes `name` a link to `target` outside; `same`: to what is there under the same name.
    pub(crate) fn link(&self, name: &str, target: &str) {
        let target = match target {
            "same" => Path::new("store").join(self.relative(name)),
            other => PathBuf::from(other),
        };
        symlink(self.outside().join(target), self.vacate(name)).unwrap();
    }

    pub(crate) fn hard_link(&self, name: &str) {
        fs::hard_link(self.outside().join("file"), self.vacate(name)).unwrap();
    }

    pub(crate) fn fifo(&self, name: &str) {
        tool("mkfifo", &[self.vacate(name).to_str().unwrap()]);
    }

    /// A character device: `5` of major number 1 never ends, `7` is always full.
    pub(crate) fn device(&self, name: &str, minor: &str) {
        tool(
            "mknod",
            &[self.vacate(name).to_str().unwrap(), "c", "1", minor],
        );
    }

    pub(crate) fn socket(&self, name: &str) {
        // A socket's path has to be short.
        let short = self.common.store().join("s");
        drop(std::os::unix::net::UnixListener::bind(&short).unwrap());
        fs::rename(short, self.vacate(name)).unwrap();
    }

    pub(crate) fn directory(&self, name: &str) {
        let path = self.vacate(name);
        fs::create_dir(&path).unwrap();
        fs::write(path.join("inside"), "x").unwrap();
    }

    /// Makes the file at `name` a TiB long, by a hole.
    pub(crate) fn stretch(&self, name: &str) {
        let file = fs::File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(self.path(name));
        file.unwrap().set_len(TIB).unwrap();
    }

    /// Makes the entry tell that its value is a TiB long, with a right digest of its head, and
    /// makes it that long.
    pub(crate) fn promise_a_tib(&self) {
        let path = self.path("entry");
        let mut head = fs::read(&path).unwrap();
        let offset = u64::from_le_bytes(head[24..32].try_into().unwrap());
        head.truncate(offset as usize);
        head[32..40].copy_from_slice(&(TIB - offset).to_le_bytes());
        let mut digest = blake3::Hasher::new();
        digest.update(&head[..160]).update(&head[192..]);
        head[160..192].copy_from_slice(digest.finalize().as_bytes());
        self.stretch("entry");
        let file = fs::File::options().write(true).open(path).unwrap();
        file.write_all_at(&head, 0).unwrap();
    }

    pub(crate) fn give_away(&self, name: &str) {
        std::os::unix::fs::lchown(self.path(name), Some(1), Some(1)).unwrap();
    }

    /// Lets the worker loose, as this user or as nobody.
    pub(crate) fn bears(&self, what: &str, as_nobody: bool) {
        if as_nobody {
            let root = self.common.store().parent().unwrap().to_owned();
            let owner = format!("{0}:{0}", crate::worker::NOBODY);
            tool("chown", &["-hR", &owner, root.to_str().unwrap()]);
        }
        let before = tree(&self.outside());
        let run = if as_nobody {
            self.common.run_as_nobody(&STEPS)
        } else {
            self.common.run(&STEPS)
        };
        let run = run.right(what);
        assert!(run.peak > 0, "{what}: {run:?}");
        assert_eq!(run.did.len(), STEPS.len(), "{what}: {run:?}");
        let mut said = run.said.clone();
        said.sort();
        said.dedup();
        assert_eq!(said.len(), run.said.len(), "{what}: told twice: {run:?}");
        let after = tree(&self.outside());
        for path in before.keys().chain(after.keys()) {
            assert!(
                before.get(path) == after.get(path),
                "{what}: changed outside: {}",
                path.display()
            );
        }
    }
}

fn only_name(dir: &Path) -> String {
    let mut names = fs::read_dir(dir)
        .unwrap()
        .map(|item| item.unwrap().file_name());
    let name = names.next().unwrap().into_string().unwrap();
    assert!(
        names.next().is_none(),
        "{} holds more than one thing",
        dir.display()
    );
    name
}
