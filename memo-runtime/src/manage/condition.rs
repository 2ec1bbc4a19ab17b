//! Conditions on values by name: `lr > 0.1 and layers = 3 or not (act = relu)`.
//!
//! ```text
//! condition  = both { "or" both }
//! both       = one { "and" one }
//! one        = "not" one | "(" condition ")" | comparison
//! comparison = name operator value
//! operator   = "=" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "~"
//! name       = word or quoted text; `a.b` is what `a` has under the name `b`
//! value      = word or quoted text
//! ```
//!
//! A word ends at a space, a comma, a parenthesis, a quotation mark or an operator.
//! Values are what [`Debug`](std::fmt::Debug) prints. Where both sides are
//! numbers they are compared as numbers, else as texts, without the quotation
//! marks that strings have; what is asked for in quotation marks is a text. `~`
//! asks whether the text on the left contains the one on the right.
//!
//! What must hold: a comparison that cannot be decided does not hold. So a name
//! that has no value meets neither `act = relu` nor `act != relu`, but it does
//! meet `not act = relu`; a text is neither less nor greater than a number; and of
//! a text that was cut short, which its ellipsis tells, only what is there counts.

mod inside;
mod number;
mod parse;
mod quoted;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use number::Number;
use quoted::unquoted;

/// What values have to be like.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition(Node);

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Comparison(Comparison),
    Not(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
}

#[derive(Clone, Debug, PartialEq)]
struct Comparison {
    name: String,
    operator: Operator,
    value: String,
    /// What the value is as a number, unless it was in quotation marks.
    number: Option<Number>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
}

/// Why a text is no condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadCondition {
    /// Where it stops being one: characters before that.
    pub at: usize,
    /// What should be there.
    pub expected: &'static str,
}

impl fmt::Display for BadCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, expected } = self;
        write!(f, "expected {expected} at character {}", at + 1)
    }
}

impl std::error::Error for BadCondition {}

impl FromStr for Condition {
    type Err = BadCondition;

    fn from_str(text: &str) -> Result<Self, BadCondition> {
        parse::condition(text).map(Self)
    }
}

impl Condition {
    /// Whether the values that `value_of` has by name are like this.
    pub fn matches<'a>(&self, value_of: impl Fn(&str) -> Option<Cow<'a, str>>) -> bool {
        self.0.holds(&value_of)
    }

    /// The names that it compares, as they were written.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.0.collect_names(&mut names);
        names
    }
}

impl Node {
    fn holds<'a>(&self, value_of: &impl Fn(&str) -> Option<Cow<'a, str>>) -> bool {
        match self {
            Self::Comparison(comparison) => inside::value(&comparison.name, value_of)
                .is_some_and(|text| comparison.holds(&text)),
            Self::Not(node) => !node.holds(value_of),
            Self::And(nodes) => nodes.iter().all(|node| node.holds(value_of)),
            Self::Or(nodes) => nodes.iter().any(|node| node.holds(value_of)),
        }
    }

    fn collect_names<'s>(&'s self, names: &mut Vec<&'s str>) {
        match self {
            Self::Comparison(comparison) => names.push(&comparison.name),
            Self::Not(node) => node.collect_names(names),
            Self::And(nodes) | Self::Or(nodes) => {
                nodes.iter().for_each(|node| node.collect_names(names));
            }
        }
    }
}

impl Comparison {
    fn holds(&self, text: &str) -> bool {
        let text = unquoted(text);
        let (shown, cut) = match text.strip_suffix('…') {
            Some(shown) => (shown, true),
            None => (&*text, false),
        };
        if self.operator == Operator::Contains {
            return shown.contains(&self.value);
        }
        // What was cut off decides.
        if cut && self.value.starts_with(shown) {
            return false;
        }
        let equality = matches!(self.operator, Operator::Equal | Operator::Unequal);
        let order = match (Number::read(&text), self.number) {
            (Some(number), Some(value)) => number.compare(value),
            (None, None) => shown.cmp(&self.value),
            // A number and a text are not equal, and there is no order in them.
            _ if !equality => return false,
            _ => shown.cmp(&self.value),
        };
        match self.operator {
            Operator::Equal => order.is_eq(),
            Operator::Unequal => order.is_ne(),
            Operator::Less => order.is_lt(),
            Operator::LessOrEqual => order.is_le(),
            Operator::Greater => order.is_gt(),
            Operator::GreaterOrEqual => order.is_ge(),
            Operator::Contains => false,
        }
    }
}

/// What there is under a name as conditions have it, where `value_of` has whole
/// values: `config.lr` is what `config` has under `lr`.
pub fn value_under<'a>(
    name: &str,
    value_of: impl Fn(&str) -> Option<Cow<'a, str>>,
) -> Option<Cow<'a, str>> {
    inside::value(name, &value_of)
}

/// How two values compare that people would compare: as numbers if both are
/// numbers, numbers before texts, and texts without their quotation marks.
pub fn compare_values(one: &str, other: &str) -> Ordering {
    match (Number::read(one), Number::read(other)) {
        (Some(one), Some(other)) => one.compare(other),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => unquoted(one).cmp(&unquoted(other)),
    }
}
