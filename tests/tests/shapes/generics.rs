//! Type parameters, which are part of the key.

use std::fmt::Display;
use std::marker::PhantomData;

use memo_runtime::{call, memo};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{computed, shape};

#[memo]
fn written<T: Display + Serialize>(value: T) -> String {
    computed(value.to_string())
}

#[memo]
fn first_of<T, const N: usize>(seed: u64) -> T
where
    T: Default + Serialize + DeserializeOwned,
{
    let _ = (N, seed);
    computed(T::default())
}

#[memo]
fn size_of<T>(by: u64) -> usize {
    computed(size_of_type::<T>() + usize::from(by > 9))
}

fn size_of_type<T>() -> usize {
    std::mem::size_of::<T>()
}

struct Wrapper<T>(PhantomData<T>);

impl<T> Wrapper<T> {
    #[memo]
    fn size(times: usize) -> usize {
        computed(size_of_type::<T>() * times)
    }

    #[memo]
    fn both<U: 'static>() -> (usize, usize) {
        computed((size_of_type::<T>(), size_of_type::<U>()))
    }
}

trait Size {
    fn size_of(x: u64) -> u64;
}

impl<T> Size for Wrapper<T> {
    #[memo]
    fn size_of(x: u64) -> u64 {
        computed(x + size_of_type::<T>() as u64)
    }
}

fn caller<T>() -> usize {
    #[memo]
    fn inner<U>(times: usize) -> usize {
        computed(times * size_of_type::<U>())
    }
    inner::<T>(3)
}

pub(super) fn all() {
    shape(
        "values of two types",
        2,
        &["1".into(), "1".to_owned()],
        || [written(1_u8), written(1_u64)],
    );
    shape(
        "types that no argument shows",
        3,
        &(0, 0, String::new()),
        || {
            (
                first_of::<u8, 1>(5),
                first_of::<u8, 2>(5),
                first_of::<String, 1>(5),
            )
        },
    );
    shape("two instances", 2, &[1, 2], || {
        [size_of::<u8>(0), size_of::<u16>(0)]
    });
    shape("two instances of an impl", 2, &[5, 10], || {
        [Wrapper::<u8>::size(5), Wrapper::<u16>::size(5)]
    });
    shape(
        "parameters of impl and function",
        2,
        &[(1, 2), (2, 1)],
        || [Wrapper::<u8>::both::<u16>(), Wrapper::<u16>::both::<u8>()],
    );
    shape("two instances of a trait impl", 2, &[1, 2], || {
        [Wrapper::<u8>::size_of(0), Wrapper::<u16>::size_of(0)]
    });
    shape("two instances of an inner function", 2, &[3, 6], || {
        [caller::<u8>(), caller::<u16>()]
    });
    shape("a generic call as a value", 0, &[Some(5), Some(10)], || {
        [
            call!(Wrapper::<u8>::size(5)).cached(),
            call!(<Wrapper<u16>>::size(5)).cached(),
        ]
    });
    shape("a call with its type named", 0, &Some(2), || {
        call!(size_of::<u16>(0)).cached()
    });
}
