//! What the oracle found out about one subject.

use serde::Serialize;

use crate::functions::Kind;

/// The findings of one subject. A *check* is one mutant against one examined function.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Verdict {
    /// The subject.
    pub subject: String,
    /// What is special about it.
    pub style: String,
    /// Functions whose bodies were replaced, one at a time.
    pub mutants: usize,
    /// Memoized functions.
    pub examined: usize,
    /// Checks.
    pub checks: usize,
    /// Checks in which the run panicked or printed something else.
    pub matter: usize,
    /// Checks in which the run was the same and the fingerprint another.
    pub needless: usize,
    /// Mutants that the compiler refuses, because it runs the function to find a constant. They are
    /// not among [`Verdict::mutants`].
    pub refused: usize,
    /// Mutants that were built for themselves too, to try the oracle.
    pub rebuilt: usize,
    /// The run changed and the fingerprint did not: results would be stale.
    pub missed: Vec<Finding>,
    /// The compiler refuses the mutant, and no fingerprint changed.
    pub unnoticed: Vec<Finding>,
    /// Mutants that changed fingerprints and no run.
    pub needlessly: Vec<Finding>,
    /// Mutants whose own build behaved in another way than their probe.
    pub disputed: Vec<Finding>,
    /// What counts whole because the analysis or cargo could not tell more.
    pub troubles: Vec<String>,
    /// Seconds that it took to build the program.
    pub build_seconds: f64,
    /// Seconds that all runs took, on all processors together.
    pub run_seconds: f64,
    /// Seconds that all analyses took, on all processors together.
    pub analysis_seconds: f64,
}

/// A mutant of which something is to be said.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The crate.
    #[serde(rename = "crate")]
    pub krate: String,
    /// The function.
    pub path: String,
    /// What kind of item it is.
    pub kind: Kind,
    /// Its file and line.
    pub place: String,
    /// The examined functions that it is said of.
    pub examined: Vec<String>,
}

impl Verdict {
    /// Whether nothing speaks against the analysis, nor against the oracle itself.
    pub fn is_sound(&self) -> bool {
        self.missed.is_empty() && self.disputed.is_empty()
    }

    /// Of the checks in which the run was the same, the share in which the fingerprint was too.
    pub fn precision(&self) -> f64 {
        let same = self.checks - self.matter;
        1.0 - self.needless as f64 / same.max(1) as f64
    }

    /// The checks that missed.
    pub fn misses(&self) -> usize {
        self.missed
            .iter()
            .map(|finding| finding.examined.len())
            .sum()
    }

    /// The sums over several subjects.
    pub fn total(verdicts: &[Self]) -> Self {
        let mut total = Self {
            subject: "all".to_owned(),
            ..Self::default()
        };
        for verdict in verdicts {
            total.mutants += verdict.mutants;
            total.examined += verdict.examined;
            total.checks += verdict.checks;
            total.matter += verdict.matter;
            total.needless += verdict.needless;
            total.refused += verdict.refused;
            total.rebuilt += verdict.rebuilt;
            total.missed.extend_from_slice(&verdict.missed);
            total.unnoticed.extend_from_slice(&verdict.unnoticed);
            total.needlessly.extend_from_slice(&verdict.needlessly);
            total.disputed.extend_from_slice(&verdict.disputed);
            total.troubles.extend_from_slice(&verdict.troubles);
            total.build_seconds += verdict.build_seconds;
            total.run_seconds += verdict.run_seconds;
            total.analysis_seconds += verdict.analysis_seconds;
        }
        total
    }
}
