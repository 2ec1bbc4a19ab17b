//! Values of a generic type as what they are known to be, by their type.
//!
//! A function that is generic in `T` cannot ask whether `T` is `Vec<u64>` if
//! it does not know `T: 'static`. The id of a type, with all lifetimes taken
//! for `'static`, tells; it tells nothing of lifetimes, so that a cast is
//! sound for types only that have none.
//!
//! What must hold: whoever implements [`NoLifetimes`] has looked.

#![allow(
    unsafe_code,
    reason = "the compiler cannot see that types of equal ids are one type"
)]

use std::any::{Any, TypeId};
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

use crate::mapped::MappedVec;
use crate::plain::Plain;

/// A type in which there are no lifetimes.
///
/// # Safety
///
/// No other type differs from it in nothing but lifetimes.
pub(crate) unsafe trait NoLifetimes: 'static {}

// SAFETY: these are strings and containers of plain numbers, in which there
// are no lifetimes.
unsafe impl NoLifetimes for String {}
// SAFETY: as above.
unsafe impl<P: Plain> NoLifetimes for Vec<P> {}
// SAFETY: as above.
unsafe impl<P: Plain> NoLifetimes for Box<[P]> {}
// SAFETY: as above.
unsafe impl<P: Plain> NoLifetimes for MappedVec<P> {}
// SAFETY: as above; a dimension is numbers.
#[cfg(feature = "ndarray")]
unsafe impl<P: Plain, D: ndarray::Dimension + 'static> NoLifetimes for ndarray::Array<P, D> {}
// SAFETY: as above.
#[cfg(feature = "ndarray")]
unsafe impl<P: Plain, D: ndarray::Dimension + 'static> NoLifetimes for ndarray::ArcArray<P, D> {}

/// A reference to a value whose type is known at run time only.
#[derive(Clone, Copy)]
pub(crate) struct AnyRef<'a> {
    id: TypeId,
    address: NonNull<()>,
    bytes: usize,
    lifetime: PhantomData<&'a ()>,
}

impl<'a> AnyRef<'a> {
    /// A reference to `value`.
    pub(crate) fn new<T: ?Sized>(value: &'a T) -> Self {
        Self {
            id: typeid::of::<T>(),
            address: NonNull::from(value).cast(),
            bytes: size_of_val(value),
            lifetime: PhantomData,
        }
    }

    /// A reference to a part of the value, for as long as the value is
    /// borrowed; `None` if it is not in it.
    ///
    /// # Safety
    ///
    /// The part is a field of the value, which does not let it be changed
    /// while it is borrowed itself.
    pub(crate) unsafe fn part<T: ?Sized>(self, part: &T) -> Option<Self> {
        let part = AnyRef::new(part);
        let begin = part
            .address
            .addr()
            .get()
            .checked_sub(self.address.addr().get())?;
        let lies_within = begin.checked_add(part.bytes)? <= self.bytes;
        lies_within.then_some(Self {
            lifetime: PhantomData,
            ..part
        })
    }

    /// The value, if it is an `A`.
    pub(crate) fn get<A: NoLifetimes>(self) -> Option<&'a A> {
        // SAFETY: the address is that of a value which is borrowed for 'a. Its
        // type has the id of `A` and is `A` therefore, which has no lifetimes.
        (self.id == TypeId::of::<A>()).then(|| unsafe { self.address.cast().as_ref() })
    }
}

/// A value whose type is known at run time only.
pub(crate) struct AnyValue(Box<dyn Any>);

impl AnyValue {
    /// Such a value.
    pub(crate) fn new<A: NoLifetimes>(value: A) -> Self {
        Self(Box::new(value))
    }

    /// The value, if it is a `T`.
    pub(crate) fn get<T>(self) -> Option<T> {
        let Self(value) = self;
        if (*value).type_id() != typeid::of::<T>() {
            return None;
        }
        let value = Box::into_raw(value).cast::<ManuallyDrop<T>>();
        // SAFETY: the value's type has the id of `T` and no lifetimes, and is
        // `T` therefore. So the box is one of a `T`; it frees its memory, and
        // does not drop what has been moved out of it.
        let value = unsafe { Box::from_raw(value) };
        Some(ManuallyDrop::into_inner(*value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_seen_as_what_it_is() {
        let numbers = vec![1_u64, 2, 3];
        let any = AnyRef::new(&numbers);
        assert_eq!(any.get::<Vec<u64>>(), Some(&numbers));
        assert_eq!(any.get::<Vec<i64>>(), None);
        assert_eq!(any.get::<Box<[u64]>>(), None);
        assert_eq!(AnyRef::new(&numbers[..]).get::<Vec<u64>>(), None);
    }

    #[test]
    fn a_value_is_moved_out_as_what_it_is() {
        let text = || AnyValue::new("text".to_owned());
        assert_eq!(text().get::<String>().as_deref(), Some("text"));
        assert_eq!(text().get::<Vec<u8>>(), None);
        assert_eq!(text().get::<&str>(), None);
        let numbers = AnyValue::new(vec![[1.5_f32, 2.5]; 1000]);
        assert_eq!(numbers.get::<Vec<[f32; 2]>>(), Some(vec![[1.5, 2.5]; 1000]));
    }

    #[test]
    fn what_is_not_moved_out_is_dropped_once() {
        let numbers = MappedVec::from(vec![1_u8, 2]);
        let clone = AnyValue::new(numbers.clone());
        assert!(clone.get::<String>().is_none());
        let clone = AnyValue::new(numbers.clone());
        drop(clone.get::<MappedVec<u8>>());
        assert_eq!(numbers.into_vec(), [1, 2]);
    }

    #[test]
    fn a_part_is_borrowed_for_as_long_as_the_whole() {
        let pair = (vec![1_u64, 2], "text".to_owned());
        let other = vec![3_u64];
        let whole = AnyRef::new(&pair);
        let numbers = {
            let (numbers, _) = &pair;
            // SAFETY: `numbers` is a field of the pair.
            unsafe { whole.part(numbers) }
        };
        assert_eq!(numbers.unwrap().get::<Vec<u64>>(), Some(&pair.0));
        // SAFETY: what is no part of the pair is refused.
        let strange = unsafe { whole.part(&other) };
        assert!(strange.is_none());
        // SAFETY: as above; this begins in the pair, and ends behind it.
        let text = unsafe { AnyRef::new(&pair.0).part(&pair) };
        assert!(text.is_none());
    }

    /// Of a type with a lifetime nothing can be made that lives longer.
    #[test]
    fn a_generic_function_learns_what_it_was_given() {
        fn length<T>(value: &T) -> Option<usize> {
            AnyRef::new(value).get::<String>().map(String::len)
        }
        let text = "text".to_owned();
        assert_eq!(length(&text), Some(4));
        assert_eq!(length(&text.as_str()), None);
    }
}
