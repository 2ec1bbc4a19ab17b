//! What is printed and left comes back as it was.

use super::*;

/// Numbers that look random.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        (self.0 >> 33) % limit
    }
}

/// What a program does: prints, and in the end leaves files.
#[derive(Debug, Default)]
struct Doings {
    prints: Vec<(Stream, Vec<u8>)>,
    files: Vec<Vec<u8>>,
}

impl Doings {
    fn random(seed: u64) -> Self {
        let mut numbers = Numbers(seed);
        let most = [10, 300, 40_000, 200_000][numbers.below(4) as usize];
        let bytes = |numbers: &mut Numbers| -> Vec<u8> {
            let len = numbers.below(most);
            (0..len).map(|_| numbers.below(256) as u8).collect()
        };
        let prints = (0..numbers.below(12)).map(|_| {
            let stream = [Stream::Stdout, Stream::Stderr][numbers.below(2) as usize];
            (stream, bytes(&mut numbers))
        });
        let prints = prints.collect();
        let files = (0..numbers.below(4)).map(|_| bytes(&mut numbers)).collect();
        Self { prints, files }
    }

    fn all_of(&self, stream: Stream) -> Vec<u8> {
        let prints = self.prints.iter().filter(|(of, _)| *of == stream);
        prints.flat_map(|(_, bytes)| bytes.clone()).collect()
    }

    /// What is printed, with neighbours of one stream joined.
    fn joined(&self) -> Vec<(Stream, Vec<u8>)> {
        let mut joined: Vec<(Stream, Vec<u8>)> = Vec::new();
        for (stream, bytes) in self.prints.iter().filter(|(_, bytes)| !bytes.is_empty()) {
            match joined.last_mut() {
                Some((last, text)) if last == stream => text.extend_from_slice(bytes),
                _ => joined.push((*stream, bytes.clone())),
            }
        }
        joined
    }

    fn record(&self, scratch: &Scratch, mut recorder: Recorder) -> Finished {
        for (stream, bytes) in &self.prints {
            recorder.write(*stream, bytes);
        }
        let work = scratch.work();
        std::fs::create_dir_all(work.join("out/empty")).unwrap();
        for (number, bytes) in self.files.iter().enumerate() {
            std::fs::write(work.join(format!("out/{number}.bin")), bytes).unwrap();
        }
        let declared = ["out".to_owned()];
        let outputs = outputs_in(&work, &declared);
        let since = std::time::SystemTime::UNIX_EPOCH;
        recorder
            .collect(&outputs, since, Duration::from_millis(5))
            .unwrap();
        recorder.finish(facts(3), Duration::from_millis(5))
    }

    #[track_caller]
    fn are_in(&self, recording: &Recording) {
        assert_eq!(printed(recording), self.joined());
        let stdout = self.all_of(Stream::Stdout);
        let stderr = self.all_of(Stream::Stderr);
        assert_eq!(recording.stdout_bytes(), stdout.len() as u64);
        assert_eq!(recording.stderr_bytes(), stderr.len() as u64);
        let digest = |bytes: &[u8]| Digest::from_bytes(*blake3::hash(bytes).as_bytes());
        assert_eq!(recording.digest(Stream::Stdout), digest(&stdout));
        assert_eq!(recording.digest(Stream::Stderr), digest(&stderr));
        assert_eq!(recording.outputs().len(), self.files.len() + 1);
        for (number, bytes) in self.files.iter().enumerate() {
            let told = &recording.outputs()[number];
            assert_eq!(told.path, format!("out/{number}.bin"));
            assert_eq!(told.kind, OutputKind::File);
            assert_eq!(told.bytes, bytes.len() as u64);
            assert_eq!(told.digest, digest(bytes));
        }
        let dir = recording.outputs().last().unwrap();
        assert_eq!(
            (dir.path.as_str(), dir.kind),
            ("out/empty", OutputKind::Dir)
        );
        assert_eq!(recording.facts(), &facts(3));
        assert_eq!(recording.duration(), Duration::from_millis(5));
        assert_eq!(recording.created(), 1_000_000_000_000_000_000);
    }
}

#[track_caller]
fn comes_back(doings: &Doings) {
    let scratch = Scratch::new();
    let call = run_of(&scratch.memo(), 1);
    let recorder = computes(call.begin(&manner()));
    assert_eq!(recorder.cause(), Cause::Absent);
    assert_eq!(recorder.held(), Some(call.key()));
    let finished = doings.record(&scratch, recorder);
    assert_eq!((finished.outcome, finished.kept), (Outcome::Computed, true));
    assert_eq!(finished.problem, None);
    doings.are_in(&finished.recording.unwrap());
    let work = scratch.work();
    std::fs::remove_dir_all(work.join("out")).unwrap();
    let declared = ["out".to_owned()];
    let (recording, outcome) = found(call.begin(&Manner {
        outputs: Some(&outputs_in(&work, &declared)),
        ..manner()
    }));
    assert_eq!(outcome, Outcome::Hit);
    doings.are_in(&recording);
    for (number, bytes) in doings.files.iter().enumerate() {
        assert!(std::fs::read(work.join(format!("out/{number}.bin"))).unwrap() == *bytes);
    }
    assert!(work.join("out/empty").is_dir());
    // In another process, and for tools.
    let (recording, _) = found(run_of(&scratch.memo(), 1).begin(&manner()));
    doings.are_in(&recording);
    let entry = scratch.entries().pop().unwrap();
    doings.are_in(&scratch.vault().recording(&entry).unwrap().unwrap());
    assert!(scratch.names("tmp").is_empty() && scratch.names("flights").is_empty());
}

#[test]
fn a_program_that_does_nothing_comes_back() {
    comes_back(&Doings::default());
}

#[test]
fn bytes_of_any_kind_come_back_in_order() {
    let both = [Stream::Stdout, Stream::Stderr];
    let all: Vec<u8> = (0..=255).collect();
    let prints = (0..60).map(|n| (both[n % 2], all[..n].to_vec())).collect();
    comes_back(&Doings {
        prints,
        files: vec![Vec::new(), all],
    });
}

#[test]
fn whatever_is_done_comes_back() {
    for seed in 0..60 {
        comes_back(&Doings::random(seed));
    }
}

/// Around the size that is held in memory, to the byte.
#[test]
fn what_just_fits_and_what_just_does_not_comes_back() {
    for size in (65_536 - 12)..(65_536 + 3) {
        comes_back(&Doings {
            prints: vec![(Stream::Stdout, vec![b'x'; size])],
            files: Vec::new(),
        });
        comes_back(&Doings {
            prints: Vec::new(),
            files: vec![vec![b'x'; size], b"y".to_vec()],
        });
    }
}

#[test]
fn what_one_stream_prints_in_a_row_takes_no_more_than_if_it_were_printed_at_once() {
    let scratch = Scratch::new();
    let sizes = [1, 1000].map(|at_once: usize| {
        let call = run_of(&scratch.memo(), at_once as u64);
        let mut recorder = computes(call.begin(&manner()));
        for piece in [b'x'; 5000].chunks(at_once) {
            recorder.write(Stream::Stdout, piece);
        }
        recorder.write(Stream::Stderr, b"");
        recorder.write(Stream::Stdout, b"x");
        assert!(recorder.finish(facts(0), Duration::ZERO).kept);
        let found = scratch.vault().find(&call.key().to_hex()).unwrap();
        scratch
            .vault()
            .head(&found[0].entry)
            .unwrap()
            .unwrap()
            .value_bytes
    });
    assert_eq!(sizes[0], sizes[1]);
}

#[test]
fn a_listener_that_wants_no_more_ends_the_replay() {
    let scratch = Scratch::new();
    let call = run_of(&scratch.memo(), 1);
    let mut recorder = computes(call.begin(&manner()));
    for _ in 0..3 {
        recorder.write(Stream::Stdout, b"out");
        recorder.write(Stream::Stderr, b"err");
    }
    let recording = recorder.finish(facts(0), Duration::ZERO).recording.unwrap();
    let mut told = 0;
    let replayed = recording.replay(|_, _| {
        told += 1;
        match told {
            2 => Err(std::io::ErrorKind::BrokenPipe.into()),
            _ => Ok(()),
        }
    });
    let error = replayed.unwrap_err();
    assert_eq!((told, error.kind()), (2, std::io::ErrorKind::BrokenPipe));
}

#[test]
fn what_was_found_can_be_read_when_the_entry_is_gone() {
    let scratch = Scratch::new();
    let call = run_of(&scratch.memo(), 1);
    let text = vec![b'x'; LARGE];
    record(&call, &text);
    let (recording, _) = found(call.begin(&manner()));
    std::fs::remove_dir_all(scratch.store()).unwrap();
    assert!(stdout(&recording) == text);
}
