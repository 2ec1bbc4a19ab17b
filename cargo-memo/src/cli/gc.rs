//! What `gc` takes.

use std::time::Duration;

use clap::{Args, ValueEnum};
use memo_runtime::manage::{Limits, Order, parse_duration, parse_size};

/// What stands below the help.
pub(super) const HELP: &str = "\
Limits that are not given are those of the settings; `none` lifts one. What is
past its time to live goes whatever the limits are. Results that are being
computed, or were used in the last two minutes, stay. What is to be removed is
shown first. In a terminal the command then asks; elsewhere it wants --yes.

Programs keep to the limits by themselves while they compute. This is for
doing it now, or with other limits.

Examples:
  cargo memo gc --dry-run          What the settings leave no room for
  cargo memo gc --max-size 2GB     Down to 2 GB, the least recently used first
  cargo memo gc --max-age 30d -y   What went unused for a month, without asking
  cargo memo gc --max-entries 1000 --order value";

/// What `gc` takes.
#[derive(Args, Debug)]
pub(crate) struct GcOptions {
    /// How much of the disk results may take, such as 500MB or 10GB
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_size: Option<Limit<u64>>,
    /// How long a result may go unused, such as 12h or 30d
    #[arg(long, value_name = "TIME", value_parser = age)]
    max_age: Option<Limit<Duration>>,
    /// How many results there may be
    #[arg(long, value_name = "N", value_parser = number)]
    max_entries: Option<Limit<u64>>,
    /// What goes first: lru (least recently used), value (least computing time for its size)
    #[arg(long, value_enum, hide_possible_values = true)]
    order: Option<OrderName>,
    /// Show what would be removed, and remove nothing
    #[arg(long, short = 'n')]
    pub(crate) dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// A limit, or that there is none.
#[derive(Clone, Copy, Debug)]
struct Limit<T>(Option<T>);

/// What goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum OrderName {
    /// What was not used for longest.
    Lru,
    /// What is soonest computed again for the space that it takes.
    Value,
}

impl GcOptions {
    /// The limits to keep to where the settings say `limits`.
    pub(crate) fn limits(&self, limits: Limits) -> Limits {
        let order = self.order.map(|order| match order {
            OrderName::Lru => Order::Lru,
            OrderName::Value => Order::Value,
        });
        Limits {
            max_size: self.max_size.map_or(limits.max_size, |limit| limit.0),
            max_age: self.max_age.map_or(limits.max_age, |limit| limit.0),
            max_entries: self.max_entries.map_or(limits.max_entries, |limit| limit.0),
            order: order.unwrap_or(limits.order),
        }
    }
}

fn size(text: &str) -> Result<Limit<u64>, String> {
    limit(text, parse_size)
}

fn age(text: &str) -> Result<Limit<Duration>, String> {
    limit(text, parse_duration)
}

fn number(text: &str) -> Result<Limit<u64>, String> {
    limit(text, |text| {
        text.parse().map_err(|_| "a number of results".to_owned())
    })
}

fn limit<T>(text: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Result<Limit<T>, String> {
    if text == "none" {
        return Ok(Limit(None));
    }
    parse(text)
        .map(|limit| Limit(Some(limit)))
        .map_err(|expected| format!("it is to be {expected}, or none"))
}
