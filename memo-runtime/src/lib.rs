//! Keep the results of pure functions on disk: computed once, never stale,
//! shared safely by any number of threads and processes.
//!
//! # A first program
//!
//! Put [`#[memo]`](macro@memo) on a function whose result depends on nothing
//! but its arguments:
//!
//! ```
//! # let dir = tempfile::tempdir()?;
//! # // SAFETY: no other thread of this program runs yet.
//! # unsafe { std::env::set_var("MEMO_DIR", dir.path().join("store")) };
//! use memo_runtime::memo;
//!
//! #[memo]
//! fn primes_between(a: u64, b: u64) -> Vec<u64> {
//!     (a.max(2)..=b)
//!         .filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0))
//!         .collect()
//! }
//!
//! let primes = primes_between(1, 1000); // computed
//! assert_eq!(primes.len(), 168);
//! assert_eq!(primes_between(1, 1000), primes); // loaded, in this and in every later run
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Arguments implement `serde::Serialize`, results `Serialize` and
//! `Deserialize`. The first call computes and keeps the result in the store,
//! the directory `.memo` beside the workspace's `Cargo.toml`; later calls with
//! equal arguments and the same code load it. When several threads or
//! processes want the same result, one computes it and the others wait for
//! that one. Whatever is wrong with the store, the caller gets the value.
//!
//! # The call itself
//!
//! [`call!`](macro@call) gives the [`Call`] instead of its value:
//!
//! ```
//! # let dir = tempfile::tempdir()?;
//! # // SAFETY: no other thread of this program runs yet.
//! # unsafe { std::env::set_var("MEMO_DIR", dir.path().join("store")) };
//! use memo_runtime::{Outcome, call, memo};
//!
//! #[memo]
//! fn square(n: u64) -> u64 {
//!     n * n
//! }
//!
//! assert_eq!(call!(square(4)).cached(), None); // looks, and does nothing else
//! let fetched = call!(square(4)).fetch(); // the value, and how it was come by
//! assert_eq!((fetched.value, fetched.outcome), (16, Outcome::Computed));
//! assert_eq!(call!(square(4)).fetch().outcome, Outcome::Hit);
//! assert!(call!(square(4)).forget());
//! assert_eq!(call!(square(4)).uncached(), 16); // the store is left alone
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Large data
//!
//! Arrays of plain numbers, strings and bytes are kept as they lie in memory,
//! and read in one piece. A [`MappedVec`] is not even read: a hit maps it. And
//! a result that only another memoized function wants can stay on the shelf:
//!
//! ```
//! # let dir = tempfile::tempdir()?;
//! # // SAFETY: no other thread of this program runs yet.
//! # unsafe { std::env::set_var("MEMO_DIR", dir.path().join("store")) };
//! use memo_runtime::{MappedVec, ShelfError, Shelved, call, memo};
//!
//! #[memo]
//! fn samples(count: usize) -> MappedVec<f64> {
//!     (0..count).map(|n| (n as f64).sin()).collect()
//! }
//!
//! #[memo]
//! fn mean(samples: &Shelved<MappedVec<f64>>) -> Result<f64, ShelfError> {
//!     let samples = samples.map()?; // only if the mean has to be computed
//!     Ok(samples.iter().sum::<f64>() / samples.len() as f64)
//! }
//!
//! let samples = call!(samples(10_000)).shelve(); // found in microseconds, however large
//! assert!(mean(&samples)?.abs() < 0.01); // keyed by their digest, which is known
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`InputFile`] and [`OutputFile`] are files as arguments and results, and
//! `#[memo(compress = "zstd")]` makes results smaller.
//!
//! # What is part of the key
//!
//! The function's path, package and type arguments, its code, the `version`
//! setting, the name and value of each argument, and the name and shape of the
//! type of the result. No path of the file system, no time and no host is: a
//! moved checkout keeps its results. Results of older code stay, so going back
//! to it hits again.
//!
//! Which code that is, the package's build script decides. With
//!
//! ```ignore
//! // build.rs
//! fn main() {
//!     memo_build::fingerprint();
//! }
//! ```
//!
//! and `memo-build` among the `[build-dependencies]`, it is everything in the
//! workspace that the function can reach (functions, types and their impls,
//! constants, statics, macros, files that are included), the versions and
//! features of the dependencies that it can reach, and the conditions of
//! compilation on the way: what is edited elsewhere leaves its results valid. Without, it is
//! the function's own tokens: when something changes that the function uses,
//! raise `#[memo(version = …)]`. Comments and formatting never count.
//!
//! # What the environment says
//!
//! | variable | value |
//! |---|---|
//! | `MEMO_DIR` | the store |
//! | `MEMO` | `on`; `off`: compute everything; `readonly`: write nothing; `refresh`: compute and replace; `check`: compute hits again and report differences; `offline`: a miss is a panic |
//! | `MEMO_LOG` | `info`, `debug`: events go to stderr in a program without a logger |
//! | `MEMO_WAIT` | the longest wait for another's computation, such as `90s`; by default twice the longest that the function took lately, at least 30 s, and up to an hour for a process of this host that is alive |
//! | `MEMO_FSYNC` | `auto`: results that took over 100 ms survive a power cut; `always`; `never` |
//! | `MEMO_SHARE` | `group`: the store may belong to the group |
//! | `MEMO_MAX_SIZE` | how much of the disk entries may take, such as `50GB`; 10 GB unless told otherwise; `none` |
//! | `MEMO_MAX_AGE` | how long an entry may go unused, such as `90d`; `none` |
//! | `MEMO_MAX_ENTRIES` | how many entries there may be; `none` |
//! | `MEMO_ORDER` | what goes first: `lru`, what was not used for longest; `value`, the least computing time per byte |
//! | `MEMO_COMPRESS` | `zstd`, `zstd:9` (a level of 1 to 22), `lz4`: results are compressed, where that makes them smaller and they are not to be mapped; `none`, which is the default |
//! | `MEMO_MEMORY` | how much of its results a program holds in memory as well, such as `256MB`; 64 MB unless told otherwise; `none` |
//!
//! All but `MEMO` and `MEMO_LOG` can be set for a workspace, in
//! `[workspace.metadata.memo]`: `dir`, `wait`, `fsync`, `share`, `max-size`,
//! `max-age`, `max-entries`, `order`, `compress`, `memory`. With the build script, they are compiled
//! in.
//!
//! # Whole programs
//!
//! `cargo memo run` and `cargo memo sweep` keep the runs of a program as
//! functions' results are kept: what it printed, the files that it left, its
//! exit code. A program attaches numbers to its run by [`metric`]:
//!
//! ```
//! # let losses = [0.9, 0.4, 0.31];
//! for loss in losses {
//!     memo_runtime::metric("loss", loss); // the last value counts
//! }
//! ```
//!
//! They are columns in `cargo memo list` and in the table of a sweep. In a
//! program that was started otherwise, they go nowhere.
//!
//! # What is removed
//!
//! Programs keep the store within its limits while they compute, at most once
//! an hour, or when it has grown half over its size: on a thread of its own,
//! which nobody waits for. What is being computed, and what was used in the
//! last two minutes, stays. `cargo memo gc` does the same at once.
//!
//! Tests that call a memoized function use the store as any program does; run
//! them with `MEMO=off`, or call `call!(f(…)).uncached()`, to test the code.
//!
//! # Messages
//!
//! Events go to the [`log`] facade under the target `memo`: computed results,
//! waits and trouble at `info` and `warn`, hits at `debug`, differences that
//! `MEMO=check` finds at `error`. Without a logger nothing is printed, unless
//! `MEMO_LOG` says so; `cargo memo log` tells what happened all the same.
//!
//! # Platforms
//!
//! Linux and macOS. On network file systems, whose locks cannot be relied on,
//! results are kept but may be computed by several processes at once.

#![cfg_attr(
    not(feature = "tools"),
    allow(
        dead_code,
        unreachable_pub,
        unused_imports,
        reason = "some of it only tools have a use for"
    )
)]

mod by_key;
mod call;
mod cast;
mod clock;
mod codec;
mod config;
mod error;
mod events;
mod file;
mod frame;
mod hash;
mod header;
mod journal;
pub mod key;
#[cfg(feature = "tools")]
pub mod manage;
mod mapped;
mod metrics;
mod payload;
mod plain;
mod provenance;
#[cfg(feature = "tools")]
pub mod run;
mod shelved;
mod store;
mod upkeep;
mod watch;
mod workers;

pub use call::{AsyncCall, Builder, Call, CallBuilder, Fetched, Memo};
pub use clock::{Clock, Moment};
pub use codec::Codec;
pub use codec::compress::Compression;
pub use config::{Fsync, Mode, Share};
pub use error::StoreError;
pub use file::{InputFile, OutputFile};
pub use journal::Outcome;
pub use key::{Digest, ParseDigestError};
pub use mapped::MappedVec;
pub use memo_macros::{call, memo};
pub use metrics::metric;
pub use plain::Plain;
pub use shelved::{ShelfError, Shelved};

/// What the macros expand to. Not for use by hand: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use crate::call::{
        Argument, Code, Fallible, Function, Inputs, KeepAny, Keeping, Reached, ReadBack, Returned,
        Site, Value, Workspace, Written, call, call_async, future_of,
    };
    pub use crate::codec::Codec;
    pub use crate::codec::compress::{Compression, Features, lz4, zstd};
}

#[cfg(not(unix))]
compile_error!("memo-runtime runs on Linux and macOS");
