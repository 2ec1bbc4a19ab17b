//! How cost grows with the size of a value.

use std::path::Path;

use memo_tests::bench::stage::Answer;
use tempfile::TempDir;

use super::panel::{Colour, Panel, Series, Unit, decades, in_turn, middle, ours, settle, system};

/// Values of a size take so many bytes together, if they are not too many or too few.
const TOGETHER: u64 = 200_000_000;

/// Of larger values there are few.
const LARGE: u64 = 1_000_000;

/// Keeping a value, and hits as a vector and mapped.
pub(crate) fn panel(place: &Path, most: u64) -> Panel {
    let mut keep = Series::ours("store of a Vec<u64>", Colour::Orange);
    let mut write = Series::system("write + rename", Colour::Orange);
    let mut words = Series::ours("hit, Vec<u64>", Colour::Blue);
    let mut bytes = Series::ours("hit, Vec<u8>", None);
    let mut read = Series::system("read into fresh memory", Colour::Blue);
    let mut checked = Series::ours("hit, MappedVec, checked now", Colour::Violet);
    let mut mapped = Series::ours("hit, MappedVec, checked before", Colour::Green);
    let mut map = Series::system("open + map", Colour::Green);
    for size in decades(most) {
        let values = Values::new(place, "words", size);
        let [ours, raw] = values.keep();
        keep.note(size, middle(ours));
        write.note(size, middle(raw));
        let [ours, _, raw, raw_map] = values.load();
        words.note(size, middle(ours));
        read.note(size, middle(raw));
        map.note(size, middle(raw_map));

        let values = Values::new(place, "bytes", size);
        let [kept, _] = values.keep();
        let [ours, ..] = values.load();
        bytes.note(size, kept.and_then(|_| middle(ours)));

        let values = Values::new(place, "mapped", size);
        let [kept, _] = values.keep();
        let [now, before, ..] = values.load();
        checked.note(size, kept.clone().and_then(|_| middle(now)));
        mapped.note(size, kept.and_then(|_| middle(before)));
    }
    Panel {
        title: "size of a value",
        x: Unit::Bytes,
        doubling: false,
        y: Unit::Seconds,
        series: vec![keep, write, words, bytes, read, checked, mapped, map],
    }
}

/// Values of a kind and size, in a store of their own, and files of as many bytes.
struct Values {
    dir: TempDir,
    kind: &'static str,
    size: u64,
    /// Values in a turn.
    batch: u64,
    turns: u64,
}

impl Values {
    fn new(place: &Path, kind: &'static str, size: u64) -> Self {
        let count = (TOGETHER / size).clamp(3, 100);
        // Small ones together, so that each finds the processor's caches as it has left them.
        let batch = if size > LARGE { 1 } else { 20 };
        let mut dir = tempfile::tempdir_in(place).expect("a directory");
        // They stay, as all that is small and many, until the benchmark is done.
        dir.disable_cleanup(size <= LARGE);
        Self {
            dir,
            kind,
            size,
            batch,
            turns: count.div_ceil(batch),
        }
    }

    /// Keeps all, beside writing files.
    fn keep(&self) -> [Answer; 2] {
        let told = [
            (&mut ours(self.dir.path()), &self.ours("keep") as _),
            (&mut system(self.dir.path()), &self.system("write") as _),
        ];
        let took = in_turn(self.turns, told);
        settle();
        took
    }

    /// Finds all, and again, beside reading files and mapping them.
    fn load(&self) -> [Answer; 4] {
        let dir = self.dir.path();
        let mut memo = ours(dir);
        let told = [
            (&mut memo, &self.ours("load") as _),
            (&mut system(dir), &self.system("read plain") as _),
            (&mut system(dir), &self.system("map plain") as _),
        ];
        let [first, read, map] = in_turn(self.turns, told);
        let [second] = in_turn(self.turns, [(&mut memo, &self.ours("load") as _)]);
        [first, second, read, map]
    }

    fn ours(&self, verb: &'static str) -> impl Fn(u64) -> String {
        let len = match self.kind {
            "bytes" => self.size,
            _ => self.size / 8,
        };
        move |turn| {
            let (kind, batch) = (self.kind, self.batch);
            format!("{verb} {kind} {len} {} {batch}", turn * batch)
        }
    }

    fn system(&self, verb: &'static str) -> impl Fn(u64) -> String {
        let (size, batch) = (self.size, self.batch);
        move |turn| format!("{verb} {size} {} {batch}", turn * batch)
    }
}
