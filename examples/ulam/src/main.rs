//! The showcase of `memo-runtime`: primes, and the spiral in which Ulam saw them.
//!
//! Its functions carry `#[memo]`, and that is all they need: [`sieve::primes_between`],
//! [`spiral::ulam_spiral`] and [`density::density`]. The program calls each step twice. In the first
//! run the first call computes; every later call, in this run or any other, finds the result. The
//! primes stay on the shelf: what is made of them is keyed by the digest that is kept with them, so that
//! nobody reads 211 MB to find out that all is there.

mod args;
mod density;
mod out;
mod picture;
mod report;
mod sieve;
mod spiral;

use std::{
    fmt,
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;
use image::RgbImage;
use memo_runtime::{Fetched, ShelfError, call};

use args::Args;
use out::OutError;
use report::Report;

fn main() -> ExitCode {
    match run(&Args::parse(), &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever closed the pipe, as `head` does, has seen enough.
        Err(Error::Print(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args, out: &mut impl Write) -> Result<(), Error> {
    if let Some(path) = &args.out {
        out::check(path)?;
    }
    let (upto, end, blocks) = (args.upto, args.spiral_end(), picture::MAX_BLOCKS);
    let sieving = format!("primes_between(1, {upto})");
    let winding = if args.whole {
        format!("density(primes, 1, {upto}, {blocks})")
    } else {
        format!("ulam_spiral(primes, 1, {end})")
    };
    let report = &mut Report::new(out, sieving.len().max(winding.len()));

    let sieve = || Ok(call!(sieve::primes_between(1, upto)).fetch_shelved());
    let primes = twice(report, &sieving, sieve, sieve::count)?;
    if args.whole {
        let count = || {
            call!(density::density(&primes, 1, upto, blocks))
                .fetch()
                .transpose()
        };
        let density = twice(report, &winding, count, |density| Ok(density.primes()))?;
        draw(args, out, || picture::of_density(&density))
    } else {
        let wind = || {
            call!(spiral::ulam_spiral(&primes, 1, end))
                .fetch()
                .transpose()
        };
        let spiral = twice(report, &winding, wind, |spiral| Ok(spiral.primes()))?;
        draw(args, out, || picture::of_spiral(&spiral))
    }
}

/// Makes a call twice, reports both and returns the second value.
fn twice<T>(
    report: &mut Report<'_, impl Write>,
    call: &str,
    fetch: impl Fn() -> Result<Fetched<T>, ShelfError>,
    primes: impl Fn(&T) -> Result<u64, ShelfError>,
) -> Result<T, Error> {
    let mut fetch = || {
        let fetched = fetch()?;
        report.line(call, &fetched, primes(&fetched.value)?)?;
        Ok(fetched.value)
    };
    fetch()?;
    fetch()
}

/// Draws the picture if one is wanted.
fn draw(
    args: &Args,
    out: &mut impl Write,
    picture: impl FnOnce() -> RgbImage,
) -> Result<(), Error> {
    let Some(path) = &args.out else {
        return Ok(());
    };
    let picture = picture();
    out::write(path, &picture)?;
    let (path, width, height) = (path.display(), picture.width(), picture.height());
    writeln!(out, "wrote {path} ({width} × {height})")?;
    Ok(())
}

/// Why the program ended early.
#[derive(Debug)]
enum Error {
    Print(io::Error),
    Picture(OutError),
    Primes(ShelfError),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Print(error) => write!(f, "cannot print: {error}"),
            Self::Picture(error) => error.fmt(f),
            Self::Primes(error) => error.fmt(f),
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Print(error)
    }
}

impl From<ShelfError> for Error {
    fn from(error: ShelfError) -> Self {
        Self::Primes(error)
    }
}

impl From<OutError> for Error {
    fn from(error: OutError) -> Self {
        Self::Picture(error)
    }
}
