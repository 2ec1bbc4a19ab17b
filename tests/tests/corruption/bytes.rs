//! Bytes flipped, cut off, added, zeroed.

use super::kept::Kept;

#[test]
fn every_flipped_bit_of_an_entry_of_1_kib_is_a_miss_and_heals() {
    let (kept, entry, good) = Kept::one_entry_of(1024);
    for bit in 0..good.len() * 8 {
        let mut bytes = good.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        kept.heals_from(&entry, &bytes, &format!("bit {bit}"));
    }
}

#[test]
fn every_changed_byte_of_an_entry_of_4_kib_is_a_miss_and_heals() {
    let (kept, entry, good) = Kept::one_entry_of(4096);
    for at in 0..good.len() {
        let mut bytes = good.clone();
        // Any change will do; this one differs from place to place.
        bytes[at] ^= (at % 255) as u8 + 1;
        kept.heals_from(&entry, &bytes, &format!("byte {at}"));
    }
}

#[test]
fn every_length_that_an_entry_is_cut_to_is_a_miss_and_heals() {
    let (kept, entry, good) = Kept::one_entry_of(4096);
    for length in 0..good.len() {
        kept.heals_from(&entry, &good[..length], &format!("cut to {length}"));
    }
}

#[test]
fn appended_bytes_are_a_miss_and_heal() {
    let (kept, entry, good) = Kept::one_entry_of(1024);
    for more in (1..=70).chain([1024, 4096, 100_000]) {
        for filler in [0, 0xFF] {
            let mut bytes = good.clone();
            bytes.resize(good.len() + more, filler);
            kept.heals_from(&entry, &bytes, &format!("{more} bytes more"));
        }
    }
}

#[test]
fn zeroes_from_any_sector_on_are_a_miss_and_heal() {
    let (kept, entry, good) = Kept::one_entry_of(4096);
    for from in (0..good.len()).step_by(512) {
        let mut bytes = good.clone();
        bytes[from..].fill(0);
        kept.heals_from(&entry, &bytes, &format!("zeroes from {from}"));
    }
}

/// An entry over 64 KiB is read in pieces.
#[test]
fn a_flipped_bit_of_a_large_entry_is_a_miss_and_heals() {
    let (kept, entry, good) = Kept::one_entry_of(200_000);
    let seams = [0, 64 << 10, 128 << 10, good.len()];
    let around = |seam: usize| seam.saturating_sub(3)..(seam + 3).min(good.len());
    for at in seams.into_iter().flat_map(around) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x10;
        kept.heals_from(&entry, &bytes, &format!("byte {at}"));
    }
}
