//! Judges the computations in a ledger: those that held the flight of one key never overlap.

use crate::ledger::Execution;

/// When processes were about to be killed: process id and time.
///
/// The time is taken before the signal is sent, so that the process surely lived until then. When
/// it died is not known: its locks are free, and another may begin, before its end can be learned.
pub type Deaths = [(u32, u64)];

/// Two computations of one key that went on at the same time.
pub type Overlap<'a> = (&'a Execution, &'a Execution);

/// Whether a computation held the flight of its key. One that was killed before it could tell is
/// taken to have, unless it was nested: those do not wait for each other.
pub fn is_flight(execution: &Execution) -> bool {
    match execution.outcome.as_deref() {
        Some(outcome) => outcome == "computed",
        None => !execution.nested,
    }
}

/// Every flight that began while another of its key went on. `executions` are in the order of
/// their beginning.
pub fn overlaps<'a>(executions: &'a [Execution], deaths: &Deaths) -> Vec<Overlap<'a>> {
    let mut last = std::collections::HashMap::<&str, (u64, &Execution)>::new();
    let mut found = Vec::new();
    for execution in executions.iter().filter(|execution| is_flight(execution)) {
        let end = surely_lived_until(execution, deaths);
        let (until, previous) = *last.entry(&execution.key).or_insert((end, execution));
        if previous != execution && execution.began < until {
            found.push((previous, execution));
        }
        if end >= until {
            last.insert(&execution.key, (end, execution));
        }
    }
    found
}

fn surely_lived_until(execution: &Execution, deaths: &Deaths) -> u64 {
    let of_process = deaths.iter().filter(|(pid, _)| *pid == execution.pid);
    let death = of_process
        .map(|(_, time)| *time)
        .find(|time| *time >= execution.began);
    execution.ended.or(death).unwrap_or(execution.began)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A computation of `key` in process `pid` from `began` to `ended`; 0: it has no end.
    fn execution(key: &str, pid: u32, began: u64, ended: u64) -> Execution {
        Execution {
            key: key.to_owned(),
            pid,
            nested: false,
            began,
            ended: (ended > 0).then_some(ended),
            outcome: (ended > 0).then(|| "computed".to_owned()),
        }
    }

    #[test]
    fn flights_of_a_key_overlap_if_one_begins_before_another_ends() {
        let one_by_one = [execution("a", 1, 0, 10), execution("a", 2, 10, 20)];
        assert_eq!(overlaps(&one_by_one, &[]), []);
        let other_key = [execution("a", 1, 0, 10), execution("b", 2, 5, 20)];
        assert_eq!(overlaps(&other_key, &[]), []);
        let within = [
            execution("a", 1, 0, 30),
            execution("a", 2, 10, 20),
            execution("a", 3, 25, 40),
        ];
        assert_eq!(
            overlaps(&within, &[]),
            [(&within[0], &within[1]), (&within[0], &within[2])]
        );
    }

    #[test]
    fn a_killed_flight_lasts_until_its_process_was_about_to_be_killed() {
        let killed = [execution("a", 1, 5, 0), execution("a", 2, 10, 20)];
        assert_eq!(overlaps(&killed, &[(1, 10)]), []);
        assert_eq!(
            overlaps(&killed, &[(1, 4)]),
            [],
            "it was killed as it began"
        );
        assert_eq!(overlaps(&killed, &[(1, 11)]).len(), 1);
    }

    #[test]
    fn work_that_is_known_to_be_double_is_no_flight() {
        let mut double = [execution("a", 1, 0, 10), execution("a", 2, 5, 20)];
        double[1].outcome = Some("duplicate".to_owned());
        assert_eq!(overlaps(&double, &[]), []);
        double[1] = Execution {
            nested: true,
            outcome: None,
            ended: None,
            ..double[1].clone()
        };
        assert_eq!(overlaps(&double, &[(2, 20)]), []);
    }
}
