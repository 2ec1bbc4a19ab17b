//! Short vectors, on the stack and beyond it.

use memo_runtime::memo;
use smallvec::{SmallVec, ToSmallVec, smallvec};

#[memo]
fn growing() -> String {
    let mut vector: SmallVec<[u32; 4]> = SmallVec::new();
    for number in 0..10 {
        vector.push(number * number);
    }
    let popped = vector.pop();
    vector.insert(2, 77);
    let removed = vector.swap_remove(0);
    vector.truncate(6);
    format!(
        "{vector:?} {popped:?} {removed} {} {}",
        vector.spilled(),
        vector.len()
    )
}

#[memo]
fn inline() -> String {
    let vector: SmallVec<[u8; 8]> = smallvec![1, 2, 3];
    format!("{} {}", vector[1], vector.iter().sum::<u8>())
}

#[memo]
fn strings() -> String {
    let mut vector: SmallVec<[String; 2]> = ["b", "a", "c"].iter().map(|s| s.to_string()).collect();
    vector.sort();
    vector.retain(|text| text != "b");
    let copy = vector.clone();
    let joined = vector.into_iter().rev().collect::<Vec<_>>().join("-");
    format!("{joined} {}", copy.concat())
}

#[memo]
fn slices() -> String {
    let mut vector = [1u16, 2, 3, 4, 5][..].to_smallvec() as SmallVec<[u16; 3]>;
    vector.extend_from_slice(&[6, 7]);
    vector.insert_many(1, [9, 9]);
    vector.dedup();
    let drained: Vec<u16> = vector.drain(1..3).collect();
    vector.shrink_to_fit();
    format!(
        "{drained:?} {vector:?} {:?}",
        vector.to_vec().into_boxed_slice()
    )
}

#[memo]
fn comparing() -> String {
    let one: SmallVec<[i8; 2]> = SmallVec::from_vec(vec![1, 2, 3]);
    let other: SmallVec<[i8; 5]> = SmallVec::from_slice(&[1, 2, 4]);
    format!(
        "{} {:?}",
        one == other,
        one.partial_cmp(&SmallVec::from_elem(1, 2))
    )
}
