//! What results have under names: arguments, and the metrics of programs.
//!
//! What must hold: a condition, an order and a column see the same under a
//! name.

use std::borrow::Cow;

use memo_runtime::manage::{Argument, EntryHead};
use memo_runtime::run::RunFacts;

use super::Listed;
use crate::experiment::call::{DECLARED_OUTPUT, STANDARD_INPUT, WORKING_DIRECTORY};
use crate::render::number;

/// What tells a metric from an argument of the same name.
const METRIC: &str = "metric ";

impl Listed {
    /// What a program came to; `None`: it is the result of a function.
    pub(crate) fn run(&self) -> Option<&RunFacts> {
        self.head.as_ref().ok()?.run.as_ref()
    }

    /// What there is under a name: an argument, or else a metric.
    pub(crate) fn value(&self, name: &str) -> Option<Cow<'_, str>> {
        let metric = || self.metric(bare(name)).map(|value| number(value).into());
        self.argument(name).or_else(metric)
    }

    /// The argument of this name; where it was given several times, all its
    /// values.
    pub(crate) fn argument(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut arguments = self.arguments().iter().filter(|one| one.name == name);
        let mut value = Cow::Borrowed(arguments.next()?.text.as_str());
        for argument in arguments {
            value.to_mut().push_str(", ");
            value.to_mut().push_str(&argument.text);
        }
        Some(value)
    }

    /// The metric of this name.
    pub(crate) fn metric(&self, name: &str) -> Option<f64> {
        let mut metrics = self.run()?.metrics.iter();
        let metric = metrics.find(|metric| metric.name == name)?;
        Some(metric.value)
    }

    /// All names that there is something under.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let arguments = self.arguments().iter();
        let metrics = self.run().into_iter().flat_map(|run| &run.metrics);
        arguments
            .map(|argument| argument.name.as_str())
            .chain(metrics.map(|metric| metric.name.as_str()))
    }
}

/// A name without what tells a metric from an argument.
pub(crate) fn bare(name: &str) -> &str {
    name.strip_prefix(METRIC).unwrap_or(name)
}

/// The name of a metric where arguments have these names.
pub(crate) fn metric_name(metric: &str, arguments: &[String]) -> String {
    match arguments.iter().any(|argument| argument == metric) {
        true => format!("{METRIC}{metric}"),
        false => metric.to_owned(),
    }
}

/// The arguments that were typed behind the name of a program; of a function,
/// all.
pub(crate) fn typed(head: &EntryHead) -> impl Iterator<Item = &Argument> {
    let arguments = &head.header.arguments;
    let is_run = head.run.is_some();
    let arguments = arguments.iter();
    arguments.filter(move |one| !is_run || !is_around(&one.name) && one.name != SEPARATOR)
}

/// What tells a program that no options follow. It says nothing by itself.
const SEPARATOR: &str = "--";

/// Whether an argument is what a program reads, what it leaves, or where it
/// runs.
fn is_around(name: &str) -> bool {
    let is_of_many = ["input ", "env "].iter().any(|kind| name.starts_with(kind));
    is_of_many || [WORKING_DIRECTORY, STANDARD_INPUT, DECLARED_OUTPUT].contains(&name)
}

/// `lr=0.1, layers=3`; what goes by its position alone has no name.
pub(crate) fn arguments_text<'a>(arguments: impl IntoIterator<Item = &'a Argument>) -> String {
    let arguments = arguments.into_iter();
    named_text(arguments.map(|argument| (&*argument.name, &*argument.text)))
}

/// The same of names and texts.
pub(crate) fn named_text<'a>(named: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let texts = named.map(|(name, text)| match name.parse::<usize>() {
        Ok(_) => text.to_owned(),
        Err(_) => format!("{name}={text}"),
    });
    texts.collect::<Vec<_>>().join(", ")
}
