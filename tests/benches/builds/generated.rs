//! Programs of a size: packages that depend on each other, their modules, and in these what
//! programs are made of. The same shape always gives the same text.
//!
//! Modules with an even number call each other and those of the next package, and are what the
//! memoized functions reach; those with an odd number do the same among themselves.

/// The memoized functions of a program that has enough modules for them.
const MEMOIZED: usize = 10;

/// The size of a program.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    /// The packages; the first is the program, and each depends on all behind it.
    pub(crate) packages: usize,
    /// The modules of each package.
    pub(crate) modules: usize,
    /// How often [`GROUP`] is in each module.
    pub(crate) groups: usize,
}

const MODULE: &str = "
//! The quantities of TAG, and how they are measured.

use std::ops::Add;

/// What can be measured.
pub trait MeasuredTAG {
    /// The measure, so many levels down.
    fn measure_TAG(&self, depth: u64) -> f64;
}

macro_rules! mixed_TAG {
    ($one:expr, $other:expr) => {
        $one.wrapping_mul(31).wrapping_add($other)
    };
}

/// Where the module begins.
pub fn run_TAG(n: u64) -> u64 {
    let own = advance_LAST(n % 10) + EDITED;
    let measures: f64 = all_TAG(n).iter().map(|it| it.measure_TAG(2)).sum();
    mixed_TAG!(own, measures as u64)CALLS
}
";

const GROUP: &str = "
/// How much one of them weighs.
pub const SCALE_CAPS: f64 = 0.5;

/// A quantity, and how often it was counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CellTAG {
    /// How much.
    pub amount: f64,
    /// How often.
    pub count: u64,
}

/// What is done with a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionTAG {
    /// Nothing.
    Keep,
    /// It is taken so many times.
    Repeat(u64),
    /// It is given away.
    Drop { half: bool },
}

impl CellTAG {
    /// A quantity that was counted `count` times.
    pub fn new(count: u64) -> Self {
        let amount = count as f64 * SCALE_CAPS;
        Self { amount, count }
    }

    /// What it comes to.
    pub fn total(&self) -> f64 {
        // The count weighs more than the amount.
        self.amount + 2.0 * self.count as f64
    }

    fn done(self, action: ActionTAG) -> Self {
        match action {
            ActionTAG::Keep => self,
            ActionTAG::Repeat(times) => Self::new(self.count * times),
            ActionTAG::Drop { half: true } => Self::new(self.count / 2),
            ActionTAG::Drop { half: false } => Self::new(0),
        }
    }
}

impl Add for CellTAG {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::new(self.count + other.count)
    }
}

impl MeasuredHOME for CellTAG {
    fn measure_HOME(&self, depth: u64) -> f64 {
        if depth == 0 {
            return self.total();
        }
        self.done(ActionTAG::Drop { half: true }).measure_HOME(depth - 1)
    }
}

/// Goes on from `n`, with what was before in this module.
pub fn advance_TAG(n: u64) -> u64 {
    let cell = CellTAG::new(n) + CellTAG::new(n + 1);
    let values: Vec<u64> = (0..n % 7).map(|i| i * 3 + cell.count).collect();
    let action = match values.len() % 3 {
        0 => ActionTAG::Keep,
        1 => ActionTAG::Repeat(n),
        _ => ActionTAG::Drop { half: n % 2 == 0 },
    };
    let before = cell.done(action).count % 10;
    mixed_HOME!(BEFORE, values.iter().sum::<u64>())
}
";

const MAIN: &str = "
//! A program with memoized functions.

#![allow(dead_code)]

use memo_runtime::memo;

MODULES
MEMOIZED
fn main() {
    let results: Vec<u64> = vec![RESULTS];
    println!(\"{results:?}\");
}
";

const FUNCTION: &str = "
/// What TAG comes to.
#[memo]
fn outcome_TAG(n: u64) -> u64 {
    TAG::run_TAG(n)
}
";

impl Shape {
    /// The root file of a package and those of its modules, with their paths in the package.
    pub(crate) fn files(&self, package: usize) -> Vec<(String, String)> {
        let declared: String = (0..self.modules)
            .map(|module| format!("pub mod {};\n", tag(package, module)))
            .collect();
        let root = match package {
            0 => ("src/main.rs".to_owned(), self.main(&declared)),
            _ => ("src/lib.rs".to_owned(), declared),
        };
        let modules = (0..self.modules).map(|module| self.module(package, module, 0));
        [root].into_iter().chain(modules).collect()
    }

    /// The path of a module and its text; `edited` is a number in its main function.
    pub(crate) fn module(&self, package: usize, module: usize, edited: usize) -> (String, String) {
        let tag = tag(package, module);
        let group = |group| format!("{tag}_{group}");
        let mut calls = String::new();
        if let Some(next) = (module + 2 < self.modules).then(|| crate_tag(package, module + 2)) {
            calls += &format!(" ^ crate::{next}(n)");
        }
        if package + 1 < self.packages {
            let next = crate_tag(package + 1, module);
            calls += &format!(" ^ {}::{next}(n)", library(package + 1));
        }
        let mut text = MODULE
            .replace("EDITED", &edited.to_string())
            .replace("LAST", &group(self.groups - 1))
            .replace("CALLS", &calls);
        let cells: String = (0..self.groups)
            .map(|number| format!("        Box::new(CellTAG_{number}::new(n)),\n"))
            .collect();
        text += &format!(
            "\n/// One of each.\npub fn all_TAG(n: u64) -> Vec<Box<dyn MeasuredTAG>> {{\n    vec![\n{cells}    ]\n}}\n"
        );
        let mut text = text.replace("TAG", &tag);
        for number in 0..self.groups {
            let before = match number {
                0 => "before".to_owned(),
                _ => format!("advance_{}(before)", group(number - 1)),
            };
            text += &GROUP
                .replace("BEFORE", &before)
                .replace("HOME", &tag)
                .replace("CAPS", &group(number).to_uppercase())
                .replace("TAG", &group(number));
        }
        (format!("src/{tag}.rs"), text)
    }

    fn main(&self, declared: &str) -> String {
        let functions = (0..self.modules).step_by(2).take(MEMOIZED);
        let functions: Vec<_> = functions.map(|module| tag(0, module)).collect();
        let memoized: String = functions
            .iter()
            .map(|tag| FUNCTION.replace("TAG", tag))
            .collect();
        let results: Vec<_> = functions
            .iter()
            .map(|tag| format!("outcome_{tag}(1)"))
            .collect();
        MAIN.replace("MODULES", declared)
            .replace("MEMOIZED", &memoized)
            .replace("RESULTS", &results.join(", "))
    }

    /// All lines of the program.
    pub(crate) fn lines(&self) -> usize {
        (0..self.packages)
            .flat_map(|package| self.files(package))
            .map(|(_, text)| text.lines().count())
            .sum()
    }
}

/// The name of a package's library in the sources.
pub(crate) fn library(package: usize) -> String {
    format!("layer{package}")
}

fn tag(package: usize, module: usize) -> String {
    format!("p{package}m{module}")
}

fn crate_tag(package: usize, module: usize) -> String {
    let tag = tag(package, module);
    format!("{tag}::run_{tag}")
}
