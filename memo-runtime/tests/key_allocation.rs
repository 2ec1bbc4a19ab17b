//! Digesting an argument takes memory that does not grow with the argument.

#![allow(
    unsafe_code,
    reason = "a global allocator, here one that counts, cannot be written without"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use memo_runtime::key::digest_of;

thread_local! {
    static ALLOCATED: Cell<usize> = const { Cell::new(0) };
}

/// Counts every byte that a thread asks for, and never subtracts.
struct Counting;

fn count(bytes: usize) {
    ALLOCATED.set(ALLOCATED.get() + bytes);
}

// SAFETY: every call is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        // SAFETY: the caller keeps the contract of `realloc`, and the block is the system's.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`, and the block is the system's.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocated_by<T>(work: impl FnOnce() -> T) -> usize {
    let before = ALLOCATED.get();
    work();
    ALLOCATED.get() - before
}

#[test]
fn an_argument_of_64_megabytes_is_not_copied() {
    let numbers: Vec<u64> = (0..8 * 1024 * 1024).collect();
    let bytes = allocated_by(|| digest_of(&numbers).unwrap());
    assert!(bytes < 64 * 1024, "{bytes} bytes");
    assert!(bytes > 0, "the allocator counts");
}

#[test]
fn neither_is_a_long_string() {
    let text = "prime".repeat(1_000_000);
    let bytes = allocated_by(|| digest_of(&text).unwrap());
    assert!(bytes < 64 * 1024, "{bytes} bytes");
}

#[test]
fn nor_are_many_small_parts() {
    let parts: Vec<(u32, Option<&str>)> = (0..500_000).map(|n| (n, Some("part"))).collect();
    let bytes = allocated_by(|| digest_of(&parts).unwrap());
    assert!(bytes < 64 * 1024, "{bytes} bytes");
}
