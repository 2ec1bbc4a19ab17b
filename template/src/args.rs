//! What can be tried from the command line.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::Parser;
use clap::builder::RangedU64ValueParser;

use crate::picture::MAX_ARMS;

/// Teaches a small network to tell the arms of a spiral apart.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Args {
    /// Learning rate: how far a step goes along the gradient
    #[arg(long, default_value_t = 0.05, value_parser = positive)]
    pub(crate) lr: f64,

    /// Hidden layers of the network
    #[arg(long, default_value_t = 2, value_parser = count(0..=8))]
    pub(crate) layers: usize,

    /// Units in each hidden layer
    #[arg(long, default_value_t = 16, value_parser = count(1..=1024))]
    pub(crate) hidden: usize,

    /// How often each example is learned from
    #[arg(long, default_value_t = 200)]
    pub(crate) epochs: u32,

    /// Decides the first weights and the order of the examples
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,

    /// Arms of the spiral
    #[arg(long, default_value_t = 3, value_parser = count(2..=MAX_ARMS))]
    pub(crate) arms: usize,

    /// Examples on each arm
    #[arg(long, default_value_t = 100, value_parser = count(1..=100_000))]
    pub(crate) points: usize,

    /// How far examples stray from their arms, in radians
    #[arg(long, default_value_t = 0.2, value_parser = not_negative)]
    pub(crate) noise: f64,

    /// Draw the map into this file as well
    #[arg(long, value_name = "FILE.svg")]
    pub(crate) out: Option<PathBuf>,
}

fn count(range: RangeInclusive<usize>) -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(*range.start() as u64..=*range.end() as u64)
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(number @ f64::MIN_POSITIVE..=f64::MAX) => Ok(number),
        _ => Err("not a number above 0, such as 0.05 or 1e-3".to_owned()),
    }
}

fn not_negative(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(number @ 0.0..=f64::MAX) => Ok(number),
        _ => Err("not a number from 0 on, such as 0.2".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Args, String> {
        Args::try_parse_from([&["train"], words].concat()).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_not_said_has_a_default() {
        let args = parse(&["--lr", "1e-3", "--hidden=8"]).unwrap();
        assert_eq!((args.lr, args.hidden, args.layers), (0.001, 8, 2));
    }

    #[test]
    fn what_cannot_be_learned_with_is_refused() {
        for (name, value) in [
            ("--lr", "0"),
            ("--lr", "-1"),
            ("--lr", "inf"),
            ("--lr", "NaN"),
            ("--noise", "-0.1"),
            ("--arms", "1"),
            ("--arms", "6"),
            ("--hidden", "0"),
            ("--points", "0"),
        ] {
            let error = parse(&[&format!("{name}={value}")]).unwrap_err();
            assert!(error.contains(name), "{name} {value}: {error}");
        }
    }
}
