//! Large memory in large pages.
//!
//! Memory that is written for the first time comes a page at a time, and each
//! page costs the system a visit: with small ones, that takes longer than
//! reading into it.

#![allow(unsafe_code, reason = "madvise takes an address, not a slice")]

/// Smaller memory has too few large pages in it to be worth a system call.
const LARGE: usize = 4 << 20;

/// A multiple of the size of pages, on every system.
#[cfg(all(target_os = "linux", not(miri)))]
const PAGE: usize = 64 << 10;

/// Asks the system for large pages where `buffer` has none yet. What is in it
/// stays as it is.
#[cfg(all(target_os = "linux", not(miri)))]
pub(super) fn prefer_large(buffer: &mut [u8]) {
    use rustix::mm::{Advice, madvise};

    if buffer.len() < LARGE {
        return;
    }
    let begin = buffer.as_ptr().align_offset(PAGE);
    let Some(pages) = buffer.get_mut(begin..) else {
        return;
    };
    let len = pages.len() / PAGE * PAGE;
    // SAFETY: the range is whole pages within memory that is borrowed mutably,
    // and this advice changes neither what is in them nor who may access them.
    // Where it is refused, the pages are as they would have been.
    let _ = unsafe { madvise(pages.as_mut_ptr().cast(), len, Advice::LinuxHugepage) };
}

/// Other systems choose the size of pages by themselves.
#[cfg(not(all(target_os = "linux", not(miri))))]
pub(super) fn prefer_large(buffer: &mut [u8]) {
    let _ = buffer.len() < LARGE;
}

#[cfg(test)]
#[cfg(all(target_os = "linux", not(miri)))]
mod tests {
    use memmap2::MmapMut;

    use super::*;

    /// Whether large pages were asked for where `address` is.
    fn is_advised(address: usize) -> bool {
        let mut within = false;
        let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
        for line in maps.lines() {
            let range = line.split(' ').next().and_then(|it| it.split_once('-'));
            let bound = |hex| usize::from_str_radix(hex, 16).ok();
            if let Some((Some(begin), Some(end))) = range.map(|(a, b)| (bound(a), bound(b))) {
                within = (begin..end).contains(&address);
            }
            if within && let Some(flags) = line.strip_prefix("VmFlags:") {
                return flags.split(' ').any(|flag| flag == "hg");
            }
        }
        false
    }

    /// Memory of its own: what an allocator gives may have been advised before.
    fn fresh() -> MmapMut {
        MmapMut::map_anon(4 * LARGE).unwrap()
    }

    #[test]
    fn large_memory_is_of_large_pages_and_keeps_what_is_in_it() {
        let mut room = fresh();
        room.fill(7);
        let buffer = &mut room[1..];
        prefer_large(buffer);
        assert!(is_advised(&raw const buffer[2 * LARGE] as usize));
        assert!(room.iter().all(|&byte| byte == 7));
    }

    #[test]
    fn what_is_smaller_is_left_alone() {
        let mut room = fresh();
        prefer_large(&mut room[2 * LARGE..3 * LARGE - 1]);
        assert!(!is_advised(&raw const room[5 * LARGE / 2] as usize));
    }
}
