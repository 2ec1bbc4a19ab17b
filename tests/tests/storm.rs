//! The storm: 16 processes of 4 threads on 64 keys that call each other, while processes are
//! killed, stopped and continued at random and the store is cleared, kept within limits and
//! verified.
//!
//! No two flights of a key may overlap, no value may be wrong, nobody may get stuck, and nothing
//! is to be told of trouble. It rages for 30 seconds, or as long as `MEMO_STORM_SECONDS` says,
//! and in any case until enough has happened:
//!
//! ```text
//! MEMO_STORM_SECONDS=600 cargo test -p memo-tests --release --test storm -- --nocapture
//! ```

use std::collections::HashMap;
use std::env;
use std::thread;
use std::time::{Duration, Instant};

use memo_runtime::manage::{Criterion, Limits};
use memo_runtime::{Clock, StoreError};
use memo_tests::actor::Signal;
use memo_tests::random::Random;
use memo_tests::{Actor, Scene, flights, ledger};

const CELLS: &str = env!("CARGO_BIN_EXE_cells");
const KEYS: usize = 64;
const PROCESSES: usize = 16;
const THREADS: u64 = 4;
/// A part of the processes must go on, or nothing happens.
const STOPPED_AT_MOST: usize = 4;

/// A program on the scene that has told that it is ready.
fn start(scene: &Scene) -> Actor {
    let mut actor = Actor::start(scene.command(CELLS).env("MEMO_LOG", "warn"));
    actor.says("ready");
    actor
}

#[test]
fn in_a_calm_each_key_flies_once() {
    let scene = Scene::new();
    let mut actors: Vec<_> = (0..PROCESSES).map(|_| start(&scene)).collect();
    for (number, actor) in actors.iter_mut().enumerate() {
        actor.tell(&format!("tour {THREADS} {} 2", number as u64 * THREADS));
    }
    for actor in &mut actors {
        actor.says("toured");
    }
    for actor in actors {
        actor.leave_quietly();
    }
    let executions = scene.executions();
    assert_eq!(flights::overlaps(&executions, &[]), []);
    let mut flights_of = HashMap::<_, usize>::new();
    for execution in executions
        .iter()
        .filter(|execution| flights::is_flight(execution))
    {
        *flights_of.entry(&execution.key).or_default() += 1;
    }
    assert_eq!(flights_of.len(), KEYS);
    assert!(
        flights_of.values().all(|flights| *flights == 1),
        "{flights_of:?}"
    );
    assert_eq!((scene.entries().len(), scene.litter()), (KEYS, vec![]));
}

#[test]
#[allow(
    clippy::print_stdout,
    reason = "the figures of a long storm are its result"
)]
fn in_a_storm_no_flights_of_a_key_overlap() {
    let seconds = env::var("MEMO_STORM_SECONDS").map_or(30, |text| text.parse().unwrap());
    let scene = Scene::new();
    let mut storm = Storm::gather(&scene);
    let end = Instant::now() + Duration::from_secs(seconds);
    while Instant::now() < end || storm.is_a_breeze() {
        storm.strike();
    }
    let report = storm.calm_down();

    let executions = scene.executions();
    let overlaps = flights::overlaps(&executions, &report.deaths);
    let flights = executions
        .iter()
        .filter(|execution| flights::is_flight(execution))
        .count();
    println!(
        "{seconds} s: {} calls, {} computations, {flights} of them flights, {} kills, {} stops, \
         {} entries cleared, {} evicted; violations: {} overlaps, {} complaints",
        report.calls,
        executions.len(),
        report.deaths.len(),
        report.stops,
        report.cleared,
        report.evicted,
        overlaps.len(),
        report.complaints.len(),
    );
    assert_eq!(overlaps, []);
    assert_eq!(report.complaints, [""; 0]);

    let mut survivor = start(&scene);
    survivor.tell("tour 1 0 1");
    survivor.says("toured");
    survivor.leave_quietly();
    let vault = scene.vault();
    vault
        .carry_out(&vault.plan(&Criterion::All).unwrap(), &())
        .unwrap();
    assert_eq!(vault.flights().unwrap(), []);
}

/// Processes that visit cells, and what befalls them.
struct Storm<'a> {
    scene: &'a Scene,
    random: Random,
    processes: Vec<Process>,
    seeds: u64,
    report: Report,
}

struct Process {
    actor: Actor,
    stopped: bool,
}

/// What happened.
#[derive(Default)]
struct Report {
    calls: u64,
    stops: usize,
    cleared: u64,
    evicted: u64,
    /// Who was killed when.
    deaths: Vec<(u32, u64)>,
    /// Wrong values, warnings, panics.
    complaints: Vec<String>,
}

impl<'a> Storm<'a> {
    fn gather(scene: &'a Scene) -> Self {
        let mut storm = Self {
            scene,
            random: Random::new(2),
            processes: Vec::new(),
            seeds: 0,
            report: Report::default(),
        };
        for _ in 0..PROCESSES {
            let process = storm.spawn();
            storm.processes.push(process);
        }
        storm
    }

    fn spawn(&mut self) -> Process {
        let mut actor = start(self.scene);
        self.seeds += THREADS;
        actor.tell(&format!("roam {THREADS} {}", self.seeds));
        Process {
            actor,
            stopped: false,
        }
    }

    /// Whether too little has happened yet to prove anything, as on a busy machine.
    fn is_a_breeze(&self) -> bool {
        let report = &self.report;
        report.deaths.len() <= 10 || report.stops <= 10 || report.cleared <= KEYS as u64
    }

    /// Does one thing to one process, or to the store, some milliseconds after the last.
    fn strike(&mut self) {
        thread::sleep(Duration::from_millis(self.random.below(30) as u64));
        let chosen = self.random.below(PROCESSES);
        match self.random.below(32) {
            0..12 => self.kill(chosen),
            12..25 => self.stop_or_continue(chosen),
            25..31 => self.clear(),
            _ => self.keep_within_limits(),
        }
        for process in &mut self.processes {
            self.report.listen(&mut process.actor);
        }
    }

    fn kill(&mut self, chosen: usize) {
        let actor = &mut self.processes[chosen].actor;
        self.report.deaths.push((actor.pid(), ledger::now()));
        actor.kill();
        self.report.listen(actor);
        self.processes[chosen] = self.spawn();
    }

    fn stop_or_continue(&mut self, chosen: usize) {
        let stopped = self
            .processes
            .iter()
            .filter(|process| process.stopped)
            .count();
        let process = &mut self.processes[chosen];
        if process.stopped {
            process.actor.signal(Signal::CONT);
            process.stopped = false;
        } else if stopped < STOPPED_AT_MOST {
            process.actor.signal(Signal::STOP);
            process.stopped = true;
            self.report.stops += 1;
        }
    }

    fn clear(&mut self) {
        let vault = self.scene.vault();
        match vault
            .plan(&Criterion::All)
            .and_then(|plan| vault.carry_out(&plan, &()))
        {
            Ok(removed) => self.report.cleared += removed.entries.entries,
            Err(error) => self.report.complaints.push(format!("clear: {error}")),
        }
    }

    /// Evicts three of four entries, as if nobody had used them for a while, and verifies the rest.
    fn keep_within_limits(&mut self) {
        let clock = Clock::manual(Clock::system().now());
        clock.advance(Duration::from_secs(600));
        let vault = self.scene.vault().with_clock(clock);
        let limits = Limits {
            max_entries: Some(KEYS as u64 / 4),
            ..Limits::default()
        };
        let evict = || {
            let lock = vault.lock_upkeep(&(), |_| ())?;
            let plan = vault.plan_upkeep(&limits, &())?.unwrap_or_default();
            let removed = vault.carry_out(&plan, &())?;
            if let Some(lock) = lock {
                vault.end_upkeep(lock, &plan, &removed);
            }
            Ok::<_, StoreError>(removed)
        };
        match evict() {
            Ok(removed) => self.report.evicted += removed.entries.entries,
            Err(error) => self.report.complaints.push(format!("gc: {error}")),
        }
        match vault.verify(&()) {
            Ok(report) => {
                let amiss = report.amiss.iter();
                let told = amiss.map(|amiss| format!("verify: {amiss:?}"));
                self.report.complaints.extend(told);
                let strangers = report.strangers.iter();
                let told = strangers.map(|path| format!("verify: a stranger, {path}"));
                self.report.complaints.extend(told);
            }
            Err(error) => self.report.complaints.push(format!("verify: {error}")),
        }
    }

    /// Lets all processes end what they are at.
    fn calm_down(mut self) -> Report {
        for Process { actor, .. } in &mut self.processes {
            actor.signal(Signal::CONT);
            actor.tell("enough");
        }
        for Process { mut actor, .. } in self.processes {
            loop {
                match actor.hear().as_str() {
                    "over" => break,
                    line => self.report.count(line),
                }
            }
            self.report.complaints.extend(actor.leave());
        }
        self.report
    }
}

impl Report {
    fn listen(&mut self, actor: &mut Actor) {
        for line in actor.overhear() {
            self.count(&line);
        }
        self.complaints.extend(actor.take_logged());
    }

    fn count(&mut self, line: &str) {
        match line
            .strip_prefix("calls ")
            .and_then(|calls| calls.parse::<u64>().ok())
        {
            Some(calls) => self.calls += calls,
            None => self.complaints.push(line.to_owned()),
        }
    }
}
