//! The field: who competes, and where.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

use memo_tests::bench::stage::Answer;
use memo_tests::bench::{Contestant, ours, peer, raw};
use tempfile::TempDir;

use super::row::{Lane, Role};

/// Who can compete.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Who {
    Memo,
    System,
    Joblib,
    Diskcache,
    Cached,
    /// The same without syncing what it writes, which is lost if it is killed.
    CachedLax,
}

impl Who {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Memo => "memo",
            Self::System => "system",
            Self::Joblib => "joblib",
            Self::Diskcache => "diskcache",
            Self::Cached => "cached with redb",
            Self::CachedLax => "cached with redb, lost when killed",
        }
    }

    pub(crate) fn role(self) -> Role {
        match self {
            Self::Memo => Role::Ours,
            Self::System => Role::System,
            Self::Joblib | Self::Diskcache | Self::Cached | Self::CachedLax => Role::Peer,
        }
    }
}

/// Where all keep what they keep, and what of them is installed.
pub(crate) struct Field {
    dir: TempDir,
    rows: Cell<u32>,
    python: Result<PathBuf, String>,
    cached: Result<PathBuf, String>,
    bkt: Result<PathBuf, String>,
    quick: bool,
    versions: Vec<String>,
}

impl Field {
    /// Installs the peers.
    pub(crate) fn prepare(place: &Path, tmp: &str, quick: bool) -> Self {
        let mut field = Self {
            dir: tempfile::tempdir_in(place).expect("a directory"),
            rows: Cell::new(0),
            python: peer::python(tmp),
            cached: peer::cached(tmp),
            bkt: peer::bkt(tmp),
            quick,
            versions: Vec::new(),
        };
        let ground = field.ground();
        let all = [
            Who::Memo,
            Who::System,
            Who::Joblib,
            Who::Diskcache,
            Who::Cached,
        ];
        for who in all {
            let player = ground.player(who);
            let versions = player.contestant.map(|it| it.versions().to_owned());
            let versions = versions.unwrap_or_else(|why| format!("{}: {why}", who.name()));
            field.versions.push(versions);
        }
        field.versions.push(match &field.bkt {
            Ok(_) => format!("bkt {}", peer::BKT),
            Err(why) => format!("bkt: {why}"),
        });
        field
    }

    /// The versions of all that compete, or why one cannot be run.
    pub(crate) fn versions(&self) -> Vec<String> {
        self.versions.clone()
    }

    /// A number of rounds, or of elements: fewer if it has to be quick.
    pub(crate) fn at_most(&self, count: u64) -> u64 {
        match self.quick {
            true => count.div_ceil(20),
            false => count,
        }
    }

    /// An empty directory for a row. It stays until all rows are done: who creates files soon after
    /// many have been removed is slowed down by ext4.
    pub(crate) fn ground(&self) -> Rc<Ground> {
        self.rows.set(self.rows.get() + 1);
        let dir = self.dir.path().join(self.rows.get().to_string());
        fs::create_dir(&dir).expect("a directory");
        Rc::new(Ground {
            dir,
            python: self.python.clone(),
            cached: self.cached.clone(),
        })
    }

    /// Where `bkt` is.
    pub(crate) fn bkt(&self) -> &Result<PathBuf, String> {
        &self.bkt
    }
}

/// The directory of a row.
pub(crate) struct Ground {
    dir: PathBuf,
    python: Result<PathBuf, String>,
    cached: Result<PathBuf, String>,
}

impl Ground {
    pub(crate) fn path(&self) -> &Path {
        &self.dir
    }

    /// Where a contestant keeps what it keeps.
    pub(crate) fn place(&self, who: Who) -> PathBuf {
        self.path().join(format!("{who:?}"))
    }

    /// A contestant that has just been started.
    pub(crate) fn player(self: &Rc<Self>, who: Who) -> Player {
        Player {
            who,
            contestant: self.start(who),
            ground: Rc::clone(self),
        }
    }

    fn start(&self, who: Who) -> Result<Contestant, String> {
        let place = self.place(who);
        let mut command = match who {
            Who::Memo => ours::command(&place),
            Who::System => raw::command(&place),
            Who::Joblib => self.script("with_joblib.py")?,
            Who::Diskcache => self.script("with_diskcache.py")?,
            Who::Cached | Who::CachedLax => {
                let mut command = Command::new(self.cached.as_ref().map_err(Clone::clone)?);
                command.env("XDG_CACHE_HOME", &place);
                if who == Who::CachedLax {
                    command.arg("lax");
                }
                command
            }
        };
        if matches!(who, Who::Joblib | Who::Diskcache) {
            command.arg(&place);
        }
        Contestant::start(&mut command)
    }

    fn script(&self, name: &str) -> Result<Command, String> {
        let python = self.python.as_ref().map_err(Clone::clone)?;
        let mut command = Command::new(python);
        command.arg(peer::sources().join(name));
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        Ok(command)
    }
}

/// A contestant, or why there is none.
pub(crate) struct Player {
    pub(crate) who: Who,
    pub(crate) contestant: Result<Contestant, String>,
    ground: Rc<Ground>,
}

impl Player {
    /// Tells it a line, and waits for the answer.
    pub(crate) fn ask(&mut self, line: &str) -> Answer {
        match &mut self.contestant {
            Ok(contestant) => contestant.ask(line),
            Err(why) => Err(why.clone()),
        }
    }

    /// Has it do something that is not timed. If it fails, it competes no more.
    pub(crate) fn having(mut self, line: &str) -> Self {
        if let Err(why) = self.ask(line) {
            self.contestant = Err(why);
        }
        self
    }

    /// Ends it, and starts another in its place.
    pub(crate) fn restarted(mut self) -> Self {
        self.restart();
        self
    }

    /// The same in place.
    pub(crate) fn restart(&mut self) {
        if let Err(why) = &self.contestant {
            self.contestant = Err(why.clone());
            return;
        }
        // The one before has to have ended: there may be only one at a time.
        self.contestant = Err("is being started".to_owned());
        self.contestant = self.ground.start(self.who);
    }

    /// A lane in which it is told `line` each round.
    pub(crate) fn lane(mut self, line: impl Fn(u64) -> String + 'static) -> Lane {
        let name = self.who.name();
        Lane::new(name, self.who.role(), move |round| self.ask(&line(round)))
    }
}

/// Waits until what was written is on the disk, so that nobody is timed while it is.
pub(crate) fn settle() {
    let status = Command::new("sync").status();
    assert!(status.expect("sync").success());
}
