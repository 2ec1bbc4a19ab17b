//! Conditions of compilation: those for the compiler to answer, and those that features settle.

use std::collections::BTreeSet;

use super::Facts;
use crate::analysis::Analysis;
use crate::list::FactKind;
use crate::model::Package;
use crate::parse::words;
use crate::reach::{Reach, speaks_of_tests};

/// What is known of a condition in another package: whether it speaks of features, and what is
/// left for the compiler to say.
fn settle(condition: &str, package: &Package) -> (bool, Option<String>) {
    let mut rest = String::with_capacity(condition.len());
    let mut speaks_of_features = false;
    let mut text = condition;
    while let Some(at) = text.find(FEATURE) {
        let name = &text[at + FEATURE.len()..];
        let Some(end) = name.find('"') else { break };
        let is_on = package.features.iter().any(|on| *on == name[..end]);
        rest.push_str(&text[..at]);
        rest.push_str(if is_on { "all()" } else { "any()" });
        text = &name[end + 1..];
        speaks_of_features = true;
    }
    rest.push_str(text);
    // Tests of another package are never compiled.
    if rest == "test" || rest == "not(test)" {
        return (speaks_of_features, None);
    }
    let asks = words(&rest)
        .into_iter()
        .any(|word| !["all", "any", "not"].contains(&word));
    (speaks_of_features, asks.then_some(rest))
}

/// Whether a word stands in a condition as a value, as `linux` in `target_os = "linux"`.
fn is_value(condition: &str, word: &str) -> bool {
    condition
        .split('"')
        .skip(1)
        .step_by(2)
        .any(|value| words(value).contains(&word))
        || ["unix", "windows"].contains(&word)
}

/// How a condition speaks of a feature, up to its name.
const FEATURE: &str = "feature = \"";

/// Names in conditions that no build script sets.
const CONDITION_WORDS: [&str; 25] = [
    "all",
    "any",
    "debug_assertions",
    "doc",
    "doctest",
    "false",
    "feature",
    "miri",
    "not",
    "overflow_checks",
    "panic",
    "proc_macro",
    "sanitize",
    "target_abi",
    "target_arch",
    "target_endian",
    "target_env",
    "target_family",
    "target_feature",
    "target_has_atomic",
    "target_os",
    "target_pointer_width",
    "target_vendor",
    "test",
    "true",
];

/// All words of conditions that tell nothing but how a program is built: for debugging or not.
const BUILD_WORDS: [&str; 11] = [
    "abort",
    "all",
    "any",
    "debug_assertions",
    "doc",
    "false",
    "not",
    "overflow_checks",
    "panic",
    "true",
    "unwind",
];

/// Whether a condition has words that no compiler and no manifest knows by itself.
fn asks_script(condition: &str) -> bool {
    let is_known = |word: &&str| CONDITION_WORDS.contains(word) || is_value(condition, word);
    !words(condition).iter().all(is_known)
}

impl Analysis<'_> {
    /// The conditions that are asked for, by crate.
    fn asked(&self, reach: &Reach<'_>) -> BTreeSet<(usize, String)> {
        let of_macros = reach.krates.iter().flat_map(|krate| {
            let conditions = reach.conditions_of_macros.iter();
            conditions.map(|condition| (*krate, condition.clone()))
        });
        reach.conditions.iter().cloned().chain(of_macros).collect()
    }

    /// The packages with conditions that a build script may set.
    pub(crate) fn conditions_of_scripts(&self, reach: &Reach<'_>) -> BTreeSet<(usize, String)> {
        let asked = self.asked(reach).into_iter().map(|(krate, condition)| {
            let package = self.graph.loaded.krates[krate].package;
            (package, settle(&condition, &self.model.packages[package]).1)
        });
        asked
            .filter_map(|(package, rest)| Some((package, rest.filter(|it| asks_script(it))?)))
            .collect()
    }

    /// The conditions for the compiler. Those in another package are settled by its features; what
    /// its build script sets makes the script count, which is put into `built`.
    pub(super) fn conditions(
        &self,
        reach: &Reach<'_>,
        facts: &mut Facts,
        built: &mut BTreeSet<usize>,
    ) -> Vec<String> {
        let mut conditions = BTreeSet::new();
        for (krate, condition) in self.asked(reach) {
            let package = self.graph.loaded.krates[krate].package;
            if krate == self.krate && !reach.is_program {
                conditions.insert(condition);
                continue;
            }
            let of_package = &self.model.packages[package];
            let (speaks_of_features, rest) = settle(&condition, of_package);
            if speaks_of_features || of_package.has_own_profile && rest.is_some() {
                let name = format!("{}: {condition}", of_package.name);
                facts.add(FactKind::Feature, name, of_package.features.join(" "));
            }
            if let Some(rest) = rest {
                if of_package.build_script.is_some() && asks_script(&rest) {
                    built.insert(package);
                }
                conditions.insert(rest);
            }
        }
        if reach.test
            && conditions
                .iter()
                .any(|condition| speaks_of_tests(condition))
        {
            facts.add(FactKind::Condition, "test", "on");
        }
        conditions.retain(|condition| condition != "test" && condition != "not(test)");
        if reach.is_program {
            let tells_build = |condition: &str| {
                let mut words = words(condition).into_iter();
                words.all(|word| BUILD_WORDS.contains(&word))
            };
            conditions.retain(|condition| !tells_build(condition));
        }
        conditions.into_iter().collect()
    }

    /// Other packages whose build scripts may set variables that code in them asks for.
    pub(super) fn asked_variables(&self, telling: &[usize]) -> BTreeSet<usize> {
        let mut packages = BTreeSet::new();
        for number in telling {
            let package = self.graph.loaded.krates[self.graph.krate_of(*number)].package;
            let mentions = &self.graph.node(*number).mentions;
            let is_set = |variable: &String| !variable.starts_with("CARGO_");
            if package != 0
                && self.model.packages[package].build_script.is_some()
                && (mentions.any_variable || mentions.environment.iter().any(is_set))
            {
                packages.insert(package);
            }
        }
        packages
    }
}
