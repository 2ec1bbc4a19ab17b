//! What the command line says, checked before anything is computed.

use std::path::{Path, PathBuf};

use clap::Parser;

/// The primes up to it fill 3.6 GB, which a desktop machine can still hold.
const MAX_UPTO: u64 = 10_000_000_000;

/// Compute primes and their Ulam spiral, each result once and then never again.
///
/// Run it twice: the second run computes nothing.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Args {
    /// Sieve the numbers from 1 to N; N may be written as 500000000, 500_000_000 or 5e8
    #[arg(long, value_name = "N", default_value = "500_000_000", value_parser = parse_upto, allow_negative_numbers = true)]
    pub(crate) upto: u64,

    /// Wind up all numbers up to N, seen from afar, instead of the first N / 10,000
    #[arg(long)]
    pub(crate) whole: bool,

    /// Draw the spiral into this file
    #[arg(long, value_name = "FILE.png", value_parser = parse_out)]
    pub(crate) out: Option<PathBuf>,
}

impl Args {
    /// The last number of the spiral that is drawn number by number.
    pub(crate) fn spiral_end(&self) -> u64 {
        (self.upto / 10_000).max(1)
    }
}

fn parse_upto(text: &str) -> Result<u64, String> {
    let upto = parse_count(text)?;
    match upto {
        0 | 1 => Err("there are no primes below 2; give a number from 2 on".into()),
        2..=MAX_UPTO => Ok(upto),
        _ => Err(too_large()),
    }
}

/// Reads digits with optional underscores and an optional power of ten, as in `500_000_000` or `5e8`.
fn parse_count(text: &str) -> Result<u64, String> {
    let (digits, zeros) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let whole = |part: &str| {
        let part = part.replace('_', "");
        match part.as_str() {
            "" => false,
            part => part.bytes().all(|byte| byte.is_ascii_digit()),
        }
    };
    if !whole(digits) || !whole(zeros) {
        return Err("not a whole number; write it like 500_000_000 or 5e8".into());
    }
    let value = |part: &str| part.replace('_', "").parse::<u64>().ok();
    let power = value(zeros)
        .and_then(|zeros| u32::try_from(zeros).ok())
        .and_then(|zeros| 10_u64.checked_pow(zeros));
    value(digits)
        .zip(power)
        .and_then(|(digits, power)| digits.checked_mul(power))
        .ok_or_else(too_large)
}

fn too_large() -> String {
    format!("too large: the primes would not fit into memory; give at most {MAX_UPTO}")
}

fn parse_out(text: &str) -> Result<PathBuf, String> {
    let path = Path::new(text);
    match path.extension() {
        Some(extension) if extension.eq_ignore_ascii_case("png") => Ok(path.into()),
        _ => Err("the picture is a PNG; give a file name that ends in .png".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Args, String> {
        Args::try_parse_from([&["ulam"], words].concat()).map_err(|error| {
            assert_eq!(error.exit_code(), 2);
            error.to_string()
        })
    }

    #[test]
    fn without_arguments_the_first_50_000_of_500_million_numbers_are_wound_up() {
        let args = parse(&[]).unwrap();
        assert_eq!((args.upto, args.spiral_end()), (500_000_000, 50_000));
        assert_eq!((args.whole, args.out), (false, None));
    }

    #[test]
    fn a_number_may_be_grouped_or_given_as_a_power_of_ten() {
        for text in ["50000000", "50_000_000", "5e7", "50E6", "5_0e0_6"] {
            assert_eq!(parse(&["--upto", text]).unwrap().upto, 50_000_000, "{text}");
        }
    }

    #[test]
    fn a_short_spiral_holds_at_least_one_number() {
        for (upto, end) in [("2", 1), ("10_000", 1), ("20_000", 2)] {
            assert_eq!(
                parse(&["--upto", upto]).unwrap().spiral_end(),
                end,
                "{upto}"
            );
        }
    }

    #[test]
    fn numbers_without_primes_are_refused() {
        for text in ["0", "1", "0e9"] {
            assert!(
                parse(&["--upto", text])
                    .unwrap_err()
                    .contains("no primes below 2"),
                "{text}"
            );
        }
    }

    #[test]
    fn numbers_beyond_memory_or_u64_are_refused() {
        for text in [
            "10_000_000_001",
            "18446744073709551616",
            "1e20",
            "2e99999999999",
            "99999999999e15",
        ] {
            let error = parse(&["--upto", text]).unwrap_err();
            assert!(
                error.contains("give at most 10000000000"),
                "{text}: {error}"
            );
        }
        assert_eq!(parse(&["--upto", "1e10"]).unwrap().upto, MAX_UPTO);
    }

    #[test]
    fn what_is_no_whole_number_is_refused() {
        for text in [
            "", "_", "many", "-5", "+5", "1.5", "e8", "5e", "5e-1", "0x10", "5e8e1", "5 000",
        ] {
            let error = parse(&["--upto", text]).unwrap_err();
            assert!(error.contains("not a whole number"), "{text}: {error}");
        }
    }

    #[test]
    fn a_picture_must_be_a_png() {
        assert_eq!(
            parse(&["--out", "a/Ulam.PNG"]).unwrap().out.unwrap(),
            Path::new("a/Ulam.PNG")
        );
        for text in ["ulam", "ulam.jpg", ".png", "png", "ulam.png.gz"] {
            let error = parse(&["--out", text]).unwrap_err();
            assert!(error.contains("ends in .png"), "{text}: {error}");
        }
    }
}
