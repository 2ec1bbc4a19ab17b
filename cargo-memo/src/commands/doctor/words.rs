//! What probing found, in words, each with its cure.

use std::path::Path;
use std::time::Duration;

use memo_runtime::manage::{
    Check, FileSystem, Finding, Leftovers, Opening, Permissions, Room, Site, Tried, Vault,
    Verdict as Gravity,
};
use memo_runtime::{Share, StoreError};

use super::line::Line;
use crate::failure::Failure;
use crate::render::{count, duration, size};
use crate::set_aside;

/// A finding in words; `dir` is where the store is.
pub(super) fn line(finding: &Finding, dir: &Path) -> Line {
    let check = &finding.check;
    Line {
        check: name(check),
        gravity: finding.verdict,
        text: seen(check, dir),
        cure: (finding.verdict != Gravity::Fine).then(|| cure(check, finding.verdict, dir)),
    }
}

/// Where nobody said where the store is.
pub(super) fn no_place(failure: &Failure) -> Line {
    let message = failure.message().unwrap_or_default();
    let (text, cure) = in_two(&message);
    Line::amiss(Gravity::Broken, "store", text, cure)
}

/// What is wrong, and what to do: messages end with that.
fn in_two(message: &str) -> (&str, &str) {
    message.split_once(": ").unwrap_or((message, ELSEWHERE))
}

fn name(check: &Check) -> &'static str {
    match check {
        Check::Store(_) => "store",
        Check::Permissions(_) => "permissions",
        Check::FileSystem(_) => "file system",
        Check::Writing(_) => "writing",
        Check::LocksOfOpens(_) => "locks in a process",
        Check::LocksOfProcesses(_) => "locks between processes",
        Check::LocksOfKilled(_) => "locks after a kill",
        Check::Creating(_) => "creating",
        Check::Renaming(_) => "renaming",
        Check::Placing(_) => "placing",
        Check::Syncing(_) => "syncing",
        Check::Times(_) => "file times",
        Check::Clock { .. } => "clock",
        Check::Room { .. } => "room",
        Check::Leftovers(_) => "leftovers",
        Check::Journal(_) => "journal",
        Check::Runtimes(_) => "runtimes",
        _ => "other",
    }
}

fn seen(check: &Check, dir: &Path) -> String {
    match check {
        Check::Store(opening) => store(opening, dir),
        Check::Permissions(permissions) => permissions_seen(permissions),
        Check::FileSystem(file_system) => kind(file_system),
        Check::Writing(Tried::Failed(error)) => format!("files cannot be made: {error}"),
        Check::Writing(tried) => tried_seen(tried, "files can be made", "files cannot be made"),
        Check::LocksOfOpens(tried) => tried_seen(
            tried,
            "two threads exclude each other",
            "two threads held one lock",
        ),
        Check::LocksOfProcesses(tried) => tried_seen(
            tried,
            "two processes exclude each other",
            "two processes held one lock",
        ),
        Check::LocksOfKilled(tried) => tried_seen(
            tried,
            "free again when its holder is killed",
            "still held when its holder is dead",
        ),
        Check::Creating(tried) => tried_seen(
            tried,
            "one alone can create a file",
            "two have created one file",
        ),
        Check::Renaming(tried) => tried_seen(
            tried,
            "a file is replaced whole, and readers keep theirs",
            "readers lose a file that is replaced",
        ),
        Check::Placing(tried) => tried_seen(
            tried,
            "the first to publish wins",
            "a file is replaced that must not be",
        ),
        Check::Syncing(tried) => tried_seen(tried, "files and names can be synced", "not synced"),
        Check::Times(Ok(grain)) => {
            let grain = u64::try_from(grain.as_nanos()).unwrap_or(u64::MAX);
            format!("kept to {}", duration(grain))
        }
        Check::Times(Err(error)) => format!("cannot be set: {error}"),
        Check::Clock { apart, ahead } => clock(*apart, *ahead),
        Check::Room {
            room,
            used,
            max_size,
        } => room_seen(room, *used, *max_size),
        Check::Leftovers(found) => leftovers(found),
        Check::Journal(tried) => tried_seen(tried, "can be read", "cannot be read"),
        Check::Runtimes(versions) if versions.is_empty() => "none has been here yet".to_owned(),
        Check::Runtimes(versions) => format!("memo-runtime {}", versions.join(", ")),
        _ => String::new(),
    }
}

fn store(opening: &Opening, dir: &Path) -> String {
    let dir = dir.to_string_lossy();
    match opening {
        Opening::Open => format!("`{dir}`, format {}", Vault::FORMAT),
        Opening::Missing => format!("`{dir}` is not there yet, the first call makes it"),
        Opening::Refused(error @ StoreError::Io { .. }) => error.to_string(),
        Opening::Refused(error) => in_two(&error.to_string()).0.to_owned(),
    }
}

fn permissions_seen(permissions: &Permissions) -> String {
    let Permissions {
        mode,
        owner,
        group,
        user,
        share,
    } = permissions;
    let owner = if owner == user {
        "yours".to_owned()
    } else {
        format!("of user id {owner}, and you are {user}")
    };
    let share = match share {
        Share::Group => format!(", shared with group id {group}"),
        _ => String::new(),
    };
    format!("mode {mode:04o}, {owner}{share}")
}

fn kind(file_system: &FileSystem) -> String {
    let name = match file_system.name {
        Some(name) => name.to_owned(),
        None => format!("of kind 0x{:x}", file_system.number),
    };
    match file_system.site {
        Site::Network => format!("{name}, on another machine"),
        Site::Memory => format!("{name}, which is in memory"),
        Site::Anywhere => format!("{name}, perhaps on another machine"),
        _ => name,
    }
}

fn tried_seen(tried: &Tried, kept: &str, unkept: &str) -> String {
    match tried {
        Tried::Kept => kept.to_owned(),
        Tried::Unkept => unkept.to_owned(),
        Tried::Failed(error) => format!("does not work: {error}"),
        Tried::Skipped => "not tried and not used, as it might hang".to_owned(),
    }
}

fn clock(apart: Duration, ahead: bool) -> String {
    if apart < Duration::from_secs(1) {
        return "that of the file system and this machine's agree".to_owned();
    }
    let apart = duration(u64::try_from(apart.as_nanos()).unwrap_or(u64::MAX));
    let side = if ahead { "ahead of" } else { "behind" };
    format!("that of the file system is {apart} {side} this machine's")
}

fn room_seen(room: &Room, used: u64, max_size: Option<u64>) -> String {
    let limit = match max_size {
        Some(max_size) => format!("of at most {}", size(max_size)),
        None => "without a limit".to_owned(),
    };
    let mut text = format!("{} are free, {} taken {limit}", size(room.free), size(used));
    if let Some(files) = room.files {
        let files = usize::try_from(files).unwrap_or(usize::MAX);
        text.push_str(&format!("; {} can be made", count(files, "file", "files")));
    }
    text
}

fn leftovers(found: &Leftovers) -> String {
    let damaged = format!(
        "{} set aside ({})",
        count(found.damaged, "damaged entry", "damaged entries"),
        size(found.damaged_bytes)
    );
    let temporary = count(found.temporary, "temporary file", "temporary files");
    let flights = count(found.flights, "abandoned flight", "abandoned flights");
    let parts = [
        (found.temporary, temporary),
        (found.flights, flights),
        (found.damaged, damaged),
    ];
    let parts = parts.into_iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> = parts.map(|(_, text)| text).collect();
    if parts.is_empty() {
        return "none".to_owned();
    }
    parts.join(", ")
}

/// What is done about a directory that will not do.
const ELSEWHERE: &str = "name another directory with MEMO_DIR, or with `dir` in \
                         [workspace.metadata.memo]";
const ANOTHER_DISK: &str = "name a directory on another file system with MEMO_DIR, or with `dir` \
                            in [workspace.metadata.memo]";
const TWICE: &str = "results are right but may be computed more than once; to have each computed \
                     once, name a directory on another file system with MEMO_DIR";

fn cure(check: &Check, gravity: Gravity, dir: &Path) -> String {
    let cure = match check {
        Check::Store(Opening::Refused(error)) if !matches!(error, StoreError::Io { .. }) => {
            return in_two(&error.to_string()).1.to_owned();
        }
        Check::Permissions(_) => {
            "`chmod -R g+rwX` the store so that the group can write to it, or set `share` to none"
        }
        Check::FileSystem(FileSystem {
            site: Site::Memory, ..
        }) => {
            "results are lost when the machine starts anew; to keep them, name a directory on a \
               disk with MEMO_DIR"
        }
        Check::FileSystem(FileSystem {
            site: Site::Anywhere,
            ..
        }) => {
            "if other machines use it as well, results are right but may be computed more than \
               once"
        }
        Check::Writing(_) => {
            "what is kept is found and nothing is added: get the right to write there, or name \
             another directory with MEMO_DIR"
        }
        Check::FileSystem(_)
        | Check::LocksOfOpens(_)
        | Check::LocksOfProcesses(_)
        | Check::LocksOfKilled(_) => TWICE,
        Check::Syncing(_) => {
            "a power cut may cost what was just kept, though it never makes a wrong value; name a \
             directory on another file system with MEMO_DIR"
        }
        Check::Times(_) => {
            "it is not known what was used last, and `gc` may remove the wrong entries; name a \
             directory on another file system with MEMO_DIR"
        }
        Check::Clock { .. } => "set both clocks right: ages and times of last use are off by that",
        Check::Room { .. } if gravity == Gravity::Broken => {
            "make room, by `cargo memo gc --max-size SIZE` for one: nothing more can be kept"
        }
        Check::Room { .. } => {
            "the disk is full before the limit is reached: set `max-size` to less, or make room"
        }
        Check::Leftovers(found) => return of_leftovers(found, dir),
        Check::Journal(_) => {
            "remove `journal` from the store: nothing but statistics and reasons is lost"
        }
        Check::Runtimes(_) => {
            "have all programs that use the store built with one version: `cargo update -p \
             memo-runtime`"
        }
        Check::Creating(_) | Check::Renaming(_) | Check::Placing(_) => ANOTHER_DISK,
        _ => ELSEWHERE,
    };
    cure.to_owned()
}

/// What becomes of what was left.
fn of_leftovers(found: &Leftovers, dir: &Path) -> String {
    let mut cures = Vec::new();
    if found.temporary + found.flights > 0 {
        cures.push("`cargo memo gc` removes what was left more than an hour ago".to_owned());
    }
    if found.damaged > 0 {
        cures.push(set_aside::in_words(found.damaged, dir));
    }
    cures.join("; ")
}
