//! What arguments and results must be, said so that the compiler's messages
//! help, and which part of a result is kept.

use std::any::type_name;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::codec::shape::{self, Shape};
use crate::codec::{self, Beside, Chosen, Codec, DecodeError, Nowhere, Wanted};
use crate::key::Digest;
use crate::payload::Incoming;

/// An argument of a memoized function. Every `Serialize` type is one; `Name`
/// stands for the argument's name in messages of the compiler.
#[diagnostic::on_unimplemented(
    message = "argument `{Name}` of a memoized function is part of its key, and `{Self}` cannot be serialized",
    label = "`{Self}` does not implement `serde::Serialize`",
    note = "derive `serde::Serialize` for `{Self}` and for what it contains",
    note = "or leave the argument out of the key with `#[memo(ignore(…))]`, if the result does not depend on it"
)]
pub trait Argument<Name> {
    /// The type that is serialized.
    type Serialized: Serialize + ?Sized;
    /// The value that is serialized.
    fn serialized(&self) -> &Self::Serialized;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized, Name> Argument<Name> for T {
    type Serialized = T;

    fn serialized(&self) -> &T {
        self
    }
}

/// A result that can be written. Every `Serialize` type is one.
#[diagnostic::on_unimplemented(
    message = "the result of a memoized function is kept on disk, and `{Self}` cannot be serialized",
    label = "`{Self}` does not implement `serde::Serialize`",
    note = "derive `serde::Serialize` for `{Self}` and for what it contains"
)]
pub trait Written: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize> Written for T {}

/// A result that can be read back. Every `DeserializeOwned` type is one.
#[diagnostic::on_unimplemented(
    message = "the result of a memoized function is read back from disk, and `{Self}` cannot be deserialized",
    label = "`{Self}` does not implement `serde::Deserialize`, or borrows from what it is read from",
    note = "derive `serde::Deserialize` for `{Self}` and for what it contains, and let it own its data"
)]
pub trait ReadBack: DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> ReadBack for T {}

/// A result of a memoized function. Every type that is `Serialize` and
/// `DeserializeOwned` is one; the macro asks for [`Written`] and [`ReadBack`],
/// so that the compiler says which of the two is missing.
pub trait Value: Sized {
    /// Tells how the value is kept.
    #[doc(hidden)]
    const OPERATIONS: Operations<Self>;
}

impl<T: Serialize + DeserializeOwned> Value for T {
    const OPERATIONS: Operations<T> = Operations {
        give: codec::give,
        receive: codec::receive,
        same: codec::same,
        shape: shape::of_type::<T>,
        type_name: type_name::<T>,
    };
}

/// What can be done with a value that is kept.
#[doc(hidden)]
pub struct Operations<T> {
    give: for<'a> fn(&'a T, Wanted<'_>, &mut dyn Beside) -> Chosen<'a>,
    receive: fn(Codec, Incoming) -> Result<T, DecodeError>,
    same: fn(&T, &T) -> bool,
    shape: fn() -> Shape,
    type_name: fn() -> &'static str,
}

/// How a function's result is kept: which part of it, when, and by which
/// operations.
pub struct Keeping<R> {
    pub(super) give: for<'a> fn(&'a R, Wanted<'_>, &mut dyn Beside) -> Option<Chosen<'a>>,
    pub(super) receive: fn(Codec, Incoming) -> Result<R, DecodeError>,
    pub(super) same: fn(&R, &R) -> bool,
    pub(super) shape: fn() -> Shape,
    pub(super) type_name: fn() -> &'static str,
    pub(super) when: Option<fn(&R) -> bool>,
}

impl<R> Keeping<R> {
    /// Keeps a result only if `condition` says so.
    #[must_use]
    pub fn when(mut self, condition: fn(&R) -> bool) -> Self {
        self.when = Some(condition);
        self
    }
}

impl<R: Value> Keeping<R> {
    /// The bytes of the whole result.
    pub(crate) fn give_whole<'a>(value: &'a R, wanted: Wanted<'_>) -> Chosen<'a> {
        (R::OPERATIONS.give)(value, wanted, &mut Nowhere)
    }

    /// The digest of the result's type.
    pub(crate) fn value_type() -> Digest {
        (R::OPERATIONS.shape)().digest
    }

    /// The whole result that a payload is.
    pub(crate) fn receive_whole(codec: Codec, payload: Incoming) -> Result<R, DecodeError> {
        (R::OPERATIONS.receive)(codec, payload)
    }

    /// Keeps the whole result.
    pub(super) fn all() -> Self {
        Self {
            give: |value, wanted, beside| Some((R::OPERATIONS.give)(value, wanted, beside)),
            receive: R::OPERATIONS.receive,
            same: R::OPERATIONS.same,
            shape: R::OPERATIONS.shape,
            type_name: R::OPERATIONS.type_name,
            when: None,
        }
    }
}

impl<T: Value, E> Keeping<Result<T, E>> {
    /// Keeps what is in an `Ok`.
    pub(super) fn ok() -> Self {
        Self {
            give: |result, wanted, beside| {
                let value = result.as_ref().ok()?;
                Some((T::OPERATIONS.give)(value, wanted, beside))
            },
            receive: |codec, payload| (T::OPERATIONS.receive)(codec, payload).map(Ok),
            same: |one, other| match (one, other) {
                (Ok(one), Ok(other)) => (T::OPERATIONS.same)(one, other),
                _ => false,
            },
            shape: T::OPERATIONS.shape,
            type_name: T::OPERATIONS.type_name,
            when: None,
        }
    }
}

/// The type that a memoized function returns; chooses what is kept of it.
pub struct Returned<R>(PhantomData<fn() -> R>);

impl<R> Returned<R> {
    /// The type by its name.
    #[allow(
        clippy::new_without_default,
        reason = "the macro's way of naming a type"
    )]
    pub const fn new() -> Self {
        Self(PhantomData)
    }

    /// Keeps errors too.
    pub fn keeping_errors(self) -> Keeping<R>
    where
        R: Fallible,
    {
        R::keeping_errors()
    }
}

// The bounds are on the methods: a bound on the impl would let the compiler say
// no more than that there is no such method.

impl<T, E> Returned<Result<T, E>> {
    /// Of a `Result` only what is in an `Ok` is kept.
    pub fn keeping(self) -> Keeping<Result<T, E>>
    where
        T: Written + ReadBack,
    {
        Keeping::ok()
    }
}

/// Keeps every result that is not a `Result`. An inherent method comes before
/// a trait's, so `Result` takes the other way, under whatever alias.
pub trait KeepAny<R> {
    /// The whole result is kept.
    fn keeping(self) -> Keeping<R>
    where
        R: Written + ReadBack;
}

impl<R> KeepAny<R> for Returned<R> {
    fn keeping(self) -> Keeping<R>
    where
        R: Written + ReadBack,
    {
        Keeping::all()
    }
}

/// A `Result`, under whatever alias.
#[diagnostic::on_unimplemented(
    message = "`cache_err` keeps errors, and `{Self}` is not a `Result`",
    label = "this function returns no errors to keep",
    note = "leave `cache_err` out, or return a `Result`"
)]
pub trait Fallible: Sized {
    /// The whole result is kept.
    fn keeping_errors() -> Keeping<Self>;
}

impl<T: Written + ReadBack, E: Written + ReadBack> Fallible for Result<T, E> {
    fn keeping_errors() -> Keeping<Self> {
        Keeping::all()
    }
}
