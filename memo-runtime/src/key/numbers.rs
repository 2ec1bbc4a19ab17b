//! Slices and vectors of fixed-width primitives: recognising them, and their bytes as they
//! lie in memory.
//!
//! They serialize by handing themselves to
//! [`collect_seq`](serde::Serializer::collect_seq), which sees their type whatever wrapper
//! they lie in. What is not recognised is encoded element by element, and has the same
//! digest.

#![allow(
    unsafe_code,
    reason = "the compiler cannot see that types of equal ids are one type"
)]

use std::any::TypeId;
use std::ptr;

use bytemuck::NoUninit;

use super::tag::Tag;

/// The elements of a sequence that is all of one primitive type.
pub(super) struct Numbers<'a> {
    /// That type.
    pub(super) element: Tag,
    pub(super) count: u64,
    /// The elements as they are encoded.
    pub(super) bytes: &'a [u8],
}

impl<'a> Numbers<'a> {
    /// The elements of a reference to a slice or a vector of such a type.
    #[inline]
    pub(super) fn of<I: IntoIterator>(elements: &'a I) -> Option<Self> {
        macro_rules! first_of {
            ($($primitive:ty),*) => {$(
                if typeid::of::<I::Item>() == TypeId::of::<&$primitive>() {
                    return Self::of_primitives::<I, $primitive>(elements);
                }
            )*};
        }
        if cfg!(target_endian = "little") {
            first_of!(
                bool, u8, u16, u32, u64, u128, i8, i16, i32, i64, i128, f32, f64
            );
            #[cfg(target_pointer_width = "64")]
            first_of!(usize, isize);
        }
        None
    }

    fn of_primitives<I, P: Primitive>(elements: &'a I) -> Option<Self> {
        let elements = match referent::<I, Vec<P>>(elements) {
            Some(vector) => vector.as_slice(),
            None => referent::<I, [P]>(elements)?,
        };
        Some(Self {
            element: P::TAG,
            count: elements.len() as u64,
            bytes: bytemuck::cast_slice(elements),
        })
    }
}

/// A primitive type whose values lie in memory as they are encoded.
trait Primitive: NoUninit {
    const TAG: Tag;
}

macro_rules! primitives {
    ($($primitive:ty => $tag:ident),* $(,)?) => {$(
        impl Primitive for $primitive {
            const TAG: Tag = Tag::$tag;
        }
    )*};
}

primitives! {
    bool => Bool,
    u8 => U8,
    u16 => U16,
    u32 => U32,
    u64 => U64,
    u128 => U128,
    i8 => I8,
    i16 => I16,
    i32 => I32,
    i64 => I64,
    i128 => I128,
    f32 => F32,
    f64 => F64,
}

#[cfg(target_pointer_width = "64")]
primitives! {
    usize => U64,
    isize => I64,
}

/// A type that consists of primitives, and of no lifetimes.
trait OfPrimitives: 'static {}

impl<P: Primitive> OfPrimitives for [P] {}
impl<P: Primitive> OfPrimitives for Vec<P> {}

/// What a reference refers to, if it refers to a `T`.
#[inline]
fn referent<'a, R, T: OfPrimitives + ?Sized>(reference: &'a R) -> Option<&'a T> {
    let refers_to_it = typeid::of::<R>() == TypeId::of::<&T>();
    // SAFETY: the id tells that `R` is `&'r T` for some 'r, since there are no lifetimes in
    // `T` in which it could differ. 'r is no shorter than 'a, for which `R` is borrowed.
    refers_to_it.then(|| unsafe { *ptr::from_ref(reference).cast::<&'a T>() })
}
