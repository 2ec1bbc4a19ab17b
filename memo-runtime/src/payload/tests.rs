use std::collections::BTreeSet;
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tempfile::NamedTempFile;

use super::*;

/// Where payloads begin here: as in entries, not at the beginning of a page.
const START: u64 = 192;
/// Of all ways of being read: at once, in pieces, in large pages.
const SIZES: [usize; 8] = [
    0,
    1,
    4095,
    (1 << 20) - 1,
    1 << 20,
    (2 << 20) + 1,
    4 << 20,
    (9 << 20) + 13,
];

/// A file with a payload that has been there for long.
struct Kept {
    file: NamedTempFile,
    payload: Vec<u8>,
}

impl Kept {
    fn of(size: usize) -> Self {
        let run: Vec<u8> = (0..=250).collect();
        let mut payload = run.repeat(size.div_ceil(run.len()));
        payload.truncate(size);
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(&[0xff; START as usize]).unwrap();
        file.write_all(&payload).unwrap();
        let kept = Self { file, payload };
        kept.settle();
        kept
    }

    /// Lets the clock tick on, so that the file's times tell the next change.
    fn settle(&self) {
        let changed = |of: &std::fs::Metadata| (of.ctime(), of.ctime_nsec());
        let last = changed(&self.file.as_file().metadata().unwrap());
        let last = Duration::new(last.0 as u64, last.1 as u32);
        while SystemTime::now() < UNIX_EPOCH + last + Duration::from_millis(21) {
            std::thread::yield_now();
        }
    }

    fn incoming(&self) -> Incoming {
        Incoming::in_file(
            self.file.reopen().unwrap(),
            START,
            self.payload.len() as u64,
            *blake3::hash(&self.payload).as_bytes(),
        )
    }

    /// Writes to the file, in its place.
    fn flip(&self, at: u64) {
        let mut file = self.file.as_file();
        let mut byte = [0];
        file.seek(SeekFrom::Start(START + at)).unwrap();
        file.read_exact(&mut byte).unwrap();
        file.seek(SeekFrom::Start(START + at)).unwrap();
        file.write_all(&[!byte[0]]).unwrap();
    }

    /// Takes bytes away from its end.
    fn cut(&self, by: u64) {
        let size = START + self.payload.len() as u64 - by;
        self.file.as_file().set_len(size).unwrap();
    }
}

type Take = fn(Incoming) -> Result<Vec<u8>, Unsound>;

/// All ways of taking a payload.
const WAYS: [Take; 4] = [
    |incoming| incoming.bytes().map(|bytes| bytes.to_vec()),
    |incoming| incoming.map().map(|mapping| mapping.to_vec()),
    |incoming| {
        let mut all = vec![0; incoming.len() as usize];
        incoming.read_into(&mut [&mut all])?;
        Ok(all)
    },
    |incoming| {
        let mut all = vec![0; incoming.len() as usize];
        let third = all.len() / 3;
        let (one, rest) = all.split_at_mut(third);
        let (two, three) = rest.split_at_mut(third.min(64));
        incoming.read_into(&mut [one, two, &mut [], three])?;
        Ok(all)
    },
];

#[test]
fn each_way_of_taking_a_payload_gives_all_of_it() {
    for size in SIZES {
        let kept = Kept::of(size);
        for (way, take) in WAYS.iter().enumerate() {
            assert_eq!(take(kept.incoming()).unwrap(), kept.payload, "{size} {way}");
        }
        let first = kept.incoming();
        assert_eq!(*first.first(64).unwrap(), kept.payload[..size.min(64)]);
    }
}

#[test]
fn a_payload_in_memory_is_taken_as_one_in_a_file() {
    for size in SIZES {
        let Kept { payload, .. } = Kept::of(size);
        let mut bytes = vec![0xff; START as usize];
        bytes.extend_from_slice(&payload);
        bytes.push(0xff);
        for (way, take) in WAYS.iter().enumerate() {
            let at = START as usize..START as usize + size;
            let incoming = Incoming::checked(bytes.clone(), at);
            assert_eq!(take(incoming).unwrap(), payload, "{size} {way}");
        }
    }
}

#[test]
fn a_payload_that_was_altered_is_noticed_each_way() {
    for size in &SIZES[1..] {
        for at in BTreeSet::from([0, size / 2, size - 1]) {
            let kept = Kept::of(*size);
            kept.flip(at as u64);
            for (way, take) in WAYS.iter().enumerate() {
                let taken = take(kept.incoming());
                assert!(matches!(taken, Err(Unsound::Digest)), "{size} {at} {way}");
            }
        }
    }
}

#[test]
fn a_payload_that_was_cut_after_it_was_found_is_noticed_each_way() {
    for size in &SIZES[1..] {
        for by in BTreeSet::from([1, size / 2 + 1, size + START as usize]) {
            let kept = Kept::of(*size);
            let found: Vec<Incoming> = WAYS.iter().map(|_| kept.incoming()).collect();
            kept.cut(by as u64);
            for (way, (take, incoming)) in WAYS.iter().zip(found).enumerate() {
                let taken = take(incoming);
                assert!(matches!(taken, Err(Unsound::Digest)), "{size} {by} {way}");
            }
        }
    }
}

/// It would end the program to look at what the file does not have any more.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_is_cut_when_it_is_mapped_already_is_an_error() {
    let size = SIZES[SIZES.len() - 1];
    for by in [4096, size / 2, size + START as usize] {
        let kept = Kept::of(size);
        let mapping = Mapping::of(kept.file.as_file(), START, size as u64).unwrap();
        kept.cut(by as u64);
        assert!(mapping.digest().is_err(), "{by}");
    }
}

#[test]
fn buffers_of_another_size_are_refused() {
    let kept = Kept::of(100);
    for size in [99, 101] {
        let read = kept.incoming().read_into(&mut [&mut vec![0; size]]);
        assert!(matches!(read, Err(Unsound::System(_))), "{size}");
    }
}

#[test]
fn mapped_payloads_are_aligned() {
    for size in SIZES {
        let kept = Kept::of(size);
        let small = Incoming::checked(kept.payload.clone(), 0..size);
        for incoming in [kept.incoming(), small] {
            let mapping = incoming.map().unwrap();
            assert_eq!(mapping.as_ptr() as usize % 64, 0, "{size}");
        }
    }
}

#[test]
fn a_file_is_mapped_once_for_all_who_hold_it() {
    let kept = Kept::of(2 << 20);
    let mapping = kept.incoming().map().unwrap();
    let again = kept.incoming().map().unwrap();
    assert!(Arc::ptr_eq(&mapping, &again));
}

#[test]
fn a_file_that_changed_since_it_was_checked_is_checked_again() {
    let kept = Kept::of(2 << 20);
    let held = kept.incoming().map().unwrap();
    kept.file.as_file().set_modified(UNIX_EPOCH).unwrap();
    kept.settle();
    let again = kept.incoming().map().unwrap();
    assert!(!Arc::ptr_eq(&held, &again), "it was not checked again");
    drop((held, again));
    kept.flip(1 << 20);
    kept.file.as_file().set_modified(UNIX_EPOCH).unwrap();
    assert!(matches!(kept.incoming().map(), Err(Unsound::Digest)));
}

#[test]
fn a_mapping_stays_when_its_file_is_replaced_or_goes() {
    let kept = Kept::of(3 << 20);
    let payload = kept.payload.clone();
    let held = kept.incoming().map().unwrap();
    let other = Kept::of(1 << 20);
    std::fs::rename(other.file.path(), kept.file.path()).unwrap();
    assert_eq!(**held, payload);
    drop(kept);
    assert_eq!(**held, payload);
}

#[test]
fn a_file_with_nothing_in_it_that_says_it_is_larger_than_memory_is_refused_at_once() {
    let file = tempfile::tempfile().unwrap();
    let len = super::memory().next_power_of_two();
    file.set_len(len).unwrap();
    let incoming = || Incoming::in_file(file.try_clone().unwrap(), 0, len, [0; 32]);
    assert!(matches!(incoming().map(), Err(Unsound::Digest)));
    assert!(matches!(incoming().bytes(), Err(Unsound::Digest)));
}
