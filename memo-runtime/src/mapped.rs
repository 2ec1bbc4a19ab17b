//! Vectors that a hit maps instead of reading.
//!
//! What must hold: a mapped vector's bytes lie at an address that suits its
//! elements, and are as many as they have, from the moment that it is made.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, Range};
use std::sync::Arc;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::payload::Mapping;
use crate::plain::Plain;

/// A vector of plain numbers which, as the result of a memoized function, is
/// mapped by a hit instead of read: that takes microseconds however long it
/// is. The first time that a process maps it, it is checked against its digest,
/// which takes as long as looking at all of it.
///
/// It is used as the slice that it derefs to, and as an argument it has the
/// key of one. It cannot be changed: [`into_vec`](Self::into_vec) gives a
/// vector that can. Clones share their elements. Who looks at many elements
/// one by one takes the slice once: `let numbers = &*mapped;`.
///
/// What was mapped stays as it is for as long as it is held, though its entry
/// be removed meanwhile.
///
/// A result, or one within an `Option`, a `Result` or a tuple, is mapped; a
/// field of a struct is read as any vector is.
///
/// ```
/// # let dir = tempfile::tempdir()?;
/// # // SAFETY: no other thread of this program runs yet.
/// # unsafe { std::env::set_var("MEMO_DIR", dir.path().join("store")) };
/// use memo_runtime::{MappedVec, memo};
///
/// #[memo]
/// fn squares(count: u64) -> MappedVec<u64> {
///     (0..count).map(|n| n * n).collect()
/// }
///
/// let squares = squares(1000);
/// assert_eq!(squares[3], 9);
/// assert_eq!(squares.iter().max(), Some(&998_001));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct MappedVec<T: Plain> {
    elements: Elements<T>,
}

enum Elements<T> {
    Owned(Arc<Vec<T>>),
    Mapped {
        mapping: Arc<Mapping>,
        at: Range<usize>,
        element: PhantomData<T>,
    },
}

impl<T: Plain> MappedVec<T> {
    /// What stands at `at` in a mapping; `None` if that is no slice of `T`.
    pub(crate) fn mapped(mapping: Arc<Mapping>, at: Range<usize>) -> Option<Self> {
        bytemuck::try_cast_slice::<u8, T>(mapping.get(at.clone())?).ok()?;
        Some(Self {
            elements: Elements::Mapped {
                mapping,
                at,
                element: PhantomData,
            },
        })
    }

    /// Its elements.
    pub fn as_slice(&self) -> &[T] {
        match &self.elements {
            Elements::Owned(vec) => vec,
            Elements::Mapped { mapping, at, .. } => bytemuck::cast_slice(&mapping[at.clone()]),
        }
    }

    /// Whether it is mapped; if not, it is in memory of its own, as one that
    /// has just been computed is.
    pub fn is_mapped(&self) -> bool {
        matches!(self.elements, Elements::Mapped { .. })
    }

    /// Its elements in a vector of their own. They are copied if it is mapped
    /// or shared with a clone.
    pub fn into_vec(self) -> Vec<T> {
        match self.elements {
            Elements::Owned(vec) => Arc::unwrap_or_clone(vec),
            Elements::Mapped { .. } => self.as_slice().to_vec(),
        }
    }

    /// Its elements as an array of this shape, in row-major order unless the
    /// shape says otherwise.
    ///
    /// # Errors
    ///
    /// There are fewer elements than the shape has, or it has too many.
    #[cfg(feature = "ndarray")]
    pub fn view<D: ndarray::Dimension>(
        &self,
        shape: impl Into<ndarray::StrideShape<D>>,
    ) -> Result<ndarray::ArrayView<'_, T, D>, ndarray::ShapeError> {
        ndarray::ArrayView::from_shape(shape, self)
    }
}

impl<T: Plain> Deref for MappedVec<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T: Plain> AsRef<[T]> for MappedVec<T> {
    fn as_ref(&self) -> &[T] {
        self
    }
}

impl<T: Plain> From<Vec<T>> for MappedVec<T> {
    fn from(vec: Vec<T>) -> Self {
        Self {
            elements: Elements::Owned(Arc::new(vec)),
        }
    }
}

impl<T: Plain> FromIterator<T> for MappedVec<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Vec::from_iter(elements).into()
    }
}

impl<'a, T: Plain> IntoIterator for &'a MappedVec<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Plain> Default for MappedVec<T> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<T: Plain> Clone for MappedVec<T> {
    fn clone(&self) -> Self {
        let elements = match &self.elements {
            Elements::Owned(vec) => Elements::Owned(Arc::clone(vec)),
            Elements::Mapped {
                mapping,
                at,
                element,
            } => Elements::Mapped {
                mapping: Arc::clone(mapping),
                at: at.clone(),
                element: *element,
            },
        };
        Self { elements }
    }
}

impl<T: Plain> fmt::Debug for MappedVec<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}

impl<T: Plain> PartialEq for MappedVec<T> {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl<T: Plain + Eq> Eq for MappedVec<T> {}

impl<T: Plain> PartialEq<[T]> for MappedVec<T> {
    fn eq(&self, other: &[T]) -> bool {
        self.as_slice() == other
    }
}

impl<T: Plain> PartialEq<Vec<T>> for MappedVec<T> {
    fn eq(&self, other: &Vec<T>) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl<T: Plain, const N: usize> PartialEq<[T; N]> for MappedVec<T> {
    fn eq(&self, other: &[T; N]) -> bool {
        self.as_slice() == other
    }
}

impl<T: Plain> Serialize for MappedVec<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_slice().serialize(serializer)
    }
}

impl<'de, T: Plain> Deserialize<'de> for MappedVec<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(InOrder(PhantomData))
    }
}

/// Takes elements one after the other. Its value is the vector itself, by
/// which raw arrays see that one is wanted.
struct InOrder<T>(PhantomData<T>);

impl<'de, T: Plain> Visitor<'de> for InOrder<T> {
    type Value = MappedVec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence of numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut vec = Vec::new();
        while let Some(element) = elements.next_element()? {
            vec.push(element);
        }
        Ok(vec.into())
    }
}

#[cfg(test)]
mod tests;
