//! When the build began, as far as the system tells. Linux does, in `/proc`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Times of processes and of files are known to a hundredth of a second. Cargo needs longer than
/// this before it looks at the first source.
const GRAIN: Duration = Duration::from_millis(20);

/// Ticks of the clock that `/proc` counts in, a second.
const TICKS: u64 = 100;

/// When the build began, and not later than that it looked at a source: with the cargo that runs
/// this compiler, or else with the compiler, where a server of another kind runs it.
pub(super) fn build() -> Option<SystemTime> {
    let cargo = std::env::var_os("CARGO").map(PathBuf::from);
    let cargo = cargo.and_then(|path| path.canonicalize().ok());
    let compiler = Process::of("self")?;
    let ancestors = std::iter::successors(Some(compiler), |process| {
        Process::of(&process.parent.to_string())
    });
    let mut cargos = ancestors
        .take(16)
        .filter(|process| cargo.is_some() && process.program == cargo);
    let uptime = fs::read_to_string("/proc/uptime").ok()?;
    let uptime: f64 = uptime.split(' ').next()?.parse().ok()?;
    let booted = SystemTime::now().checked_sub(Duration::try_from_secs_f64(uptime).ok()?)?;
    let began = cargos
        .next()
        .map_or(Process::of("self")?.began, |cargo| cargo.began);
    booted.checked_add(began + GRAIN)
}

/// A process as `/proc` has it.
struct Process {
    parent: u32,
    /// How long after the system.
    began: Duration,
    program: Option<PathBuf>,
}

impl Process {
    fn of(id: &str) -> Option<Process> {
        let dir = Path::new("/proc").join(id);
        let stat = fs::read_to_string(dir.join("stat")).ok()?;
        let (parent, ticks) = fields(&stat)?;
        Some(Process {
            parent,
            began: Duration::from_millis(ticks * (1000 / TICKS)),
            program: fs::read_link(dir.join("exe")).ok(),
        })
    }
}

/// The parent and the time of the beginning in the line that is `/proc/…/stat`.
fn fields(stat: &str) -> Option<(u32, u64)> {
    // They follow the program's name, which may contain anything.
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut fields = rest.split(' ').skip(1);
    let parent = fields.next()?.parse().ok()?;
    let ticks = fields.nth(17)?.parse().ok()?;
    Some((parent, ticks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_proc_is_understood_whatever_the_program_is_called() {
        let stat = "7 (a) S (b) R 42 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 90125 0 0";
        assert_eq!(fields(stat), Some((42, 90125)));
        assert_eq!(fields("7 (a) R 42"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_build_began_lately() {
        let (began, now) = (build().unwrap(), SystemTime::now());
        assert!(began < now + GRAIN);
        assert!(began > now - Duration::from_secs(24 * 3600));
    }
}
