//! The types that are raw arrays: from their values to bytes, and back.

#[cfg(feature = "ndarray")]
mod shapes;

use std::any::TypeId;
use std::borrow::Cow;
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use bytemuck::allocation::try_zeroed_vec;

use super::Refused;
use super::table::{ByteOrder, Form, Layout, Leaf};
use crate::cast::{AnyRef, AnyValue};
use crate::mapped::MappedVec;
use crate::payload::Mapping;
use crate::plain::{Element, Plain, for_each_number};

/// An array as it is stored.
pub(super) struct View<'a> {
    pub(super) form: Form,
    /// The elements, little-endian.
    pub(super) bytes: Cow<'a, [u8]>,
}

/// The value as an array, if it is one.
pub(super) fn view(value: AnyRef<'_>) -> Option<View<'_>> {
    KINDS.iter().find_map(|kind| kind.view(value))
}

/// Memory for the bytes of an array, as many as its elements have.
pub(super) fn column(leaf: &Leaf, bytes: usize) -> Result<Box<dyn Column>, Refused> {
    let no_memory = || Refused::because("there is no memory for an array");
    let Leaf::Array(Form { element, .. }, _) = leaf else {
        let text = try_zeroed_vec(bytes).map_err(|()| no_memory())?;
        return Ok(Box::new(Text(text)));
    };
    let unknown = || {
        Refused::because(format!(
            "there is an array of {element}, which is not known here"
        ))
    };
    let kind = kind_of(*element).ok_or_else(unknown)?;
    kind.column(bytes).ok_or_else(no_memory)
}

/// The array that was read into a column, as a value of the type `wanted`;
/// `None` if it cannot be one.
pub(super) fn value(
    leaf: &Leaf,
    mut column: Box<dyn Column>,
    wanted: TypeId,
) -> Result<Option<AnyValue>, Refused> {
    let Leaf::Array(form, order) = leaf else {
        return column.into_value(wanted, &[], Layout::RowMajor);
    };
    make_native(column.bytes_mut(), form.element.number.word(), *order);
    let dims = form.dims.iter().map(|&dim| usize::try_from(dim));
    let dims = dims.collect::<Result<Vec<_>, _>>();
    let dims = dims.map_err(|_| Refused::because("an array is too large for this machine"))?;
    column.into_value(wanted, &dims, form.layout)
}

/// The array at `at` in a mapping, as a vector of the type `wanted` that holds
/// the mapping; `None` if it cannot be one as it stands there.
pub(super) fn mapped(
    leaf: &Leaf,
    mapping: &Arc<Mapping>,
    at: &Range<usize>,
    wanted: TypeId,
) -> Option<AnyValue> {
    match leaf {
        Leaf::Array(form, ByteOrder::NATIVE) if form.is_vector() => {
            kind_of(form.element)?.mapped(mapping, at.clone(), wanted)
        }
        _ => None,
    }
}

/// The elements of an array in memory of their own.
pub(super) trait Column {
    /// All their bytes.
    fn bytes_mut(&mut self) -> &mut [u8];

    /// They themselves, as an array of the type `wanted`; `None` if they cannot be one.
    fn into_value(
        self: Box<Self>,
        wanted: TypeId,
        dims: &[usize],
        layout: Layout,
    ) -> Result<Option<AnyValue>, Refused>;
}

/// Turns words of so many bytes round, if they are not in this machine's
/// order.
fn make_native(bytes: &mut [u8], word: usize, order: ByteOrder) {
    if order != ByteOrder::NATIVE && word > 1 {
        bytes.chunks_exact_mut(word).for_each(<[u8]>::reverse);
    }
}

/// A text that is to be.
struct Text(Vec<u8>);

impl Column for Text {
    fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }

    fn into_value(
        self: Box<Self>,
        wanted: TypeId,
        _: &[usize],
        _: Layout,
    ) -> Result<Option<AnyValue>, Refused> {
        if wanted != TypeId::of::<String>() {
            return Ok(None);
        }
        match String::from_utf8(self.0) {
            Ok(text) => Ok(Some(AnyValue::new(text))),
            Err(_) => Err(Refused::because("a text is not in UTF-8")),
        }
    }
}

impl<P: Plain> Column for Vec<P> {
    fn bytes_mut(&mut self) -> &mut [u8] {
        bytemuck::cast_slice_mut(self)
    }

    fn into_value(
        self: Box<Self>,
        wanted: TypeId,
        dims: &[usize],
        layout: Layout,
    ) -> Result<Option<AnyValue>, Refused> {
        if dims.len() == 1 && layout == Layout::RowMajor {
            if wanted == TypeId::of::<Self>() {
                return Ok(Some(AnyValue::new(*self)));
            }
            if wanted == TypeId::of::<Box<[P]>>() {
                return Ok(Some(AnyValue::new(self.into_boxed_slice())));
            }
            if wanted == TypeId::of::<MappedVec<P>>() {
                return Ok(Some(AnyValue::new(MappedVec::from(*self))));
            }
        }
        #[cfg(feature = "ndarray")]
        if const { P::ELEMENT.lanes == 1 } {
            return shapes::value(*self, wanted, dims, layout);
        }
        Ok(None)
    }
}

/// A kind of arrays: those of one type of elements.
trait Kind: Sync {
    fn element(&self) -> Element;
    fn view<'a>(&self, value: AnyRef<'a>) -> Option<View<'a>>;
    /// Memory for elements of so many bytes in all; `None`: there is not enough.
    fn column(&self, bytes: usize) -> Option<Box<dyn Column>>;
    fn mapped(&self, mapping: &Arc<Mapping>, at: Range<usize>, wanted: TypeId) -> Option<AnyValue>;
}

struct Of<P>(PhantomData<fn() -> P>);

impl<P: Plain> Kind for Of<P> {
    fn element(&self) -> Element {
        P::ELEMENT
    }

    fn view<'a>(&self, value: AnyRef<'a>) -> Option<View<'a>> {
        let vec = value.get::<Vec<P>>().map(Vec::as_slice);
        let slice = vec
            .or_else(|| value.get::<Box<[P]>>().map(|boxed| &**boxed))
            .or_else(|| value.get::<MappedVec<P>>().map(|mapped| &**mapped));
        match slice {
            Some(slice) => Some(View {
                form: Form {
                    element: P::ELEMENT,
                    dims: vec![slice.len() as u64],
                    layout: Layout::RowMajor,
                },
                bytes: little_endian(slice),
            }),
            #[cfg(feature = "ndarray")]
            None if const { P::ELEMENT.lanes == 1 } => shapes::view::<P>(value),
            None => None,
        }
    }

    fn column(&self, bytes: usize) -> Option<Box<dyn Column>> {
        Some(Box::new(try_zeroed_vec::<P>(bytes / size_of::<P>()).ok()?))
    }

    fn mapped(&self, mapping: &Arc<Mapping>, at: Range<usize>, wanted: TypeId) -> Option<AnyValue> {
        if wanted != TypeId::of::<MappedVec<P>>() {
            return None;
        }
        MappedVec::<P>::mapped(Arc::clone(mapping), at).map(AnyValue::new)
    }
}

/// All kinds of arrays.
static KINDS: LazyLock<Vec<&dyn Kind>> = LazyLock::new(|| {
    let mut kinds: Vec<&dyn Kind> = Vec::new();
    macro_rules! add {
        ($type:ty, $number:ident) => {
            kinds.push(&Of::<$type>(PhantomData));
            kinds.push(&Of::<[$type; 2]>(PhantomData));
            kinds.push(&Of::<[$type; 3]>(PhantomData));
            kinds.push(&Of::<[$type; 4]>(PhantomData));
        };
    }
    for_each_number!(add);
    kinds
});

/// The kind of arrays of these elements.
fn kind_of(element: Element) -> Option<&'static dyn Kind> {
    KINDS.iter().copied().find(|kind| kind.element() == element)
}

/// The bytes of elements, their words little-endian.
fn little_endian<P: Plain>(elements: &[P]) -> Cow<'_, [u8]> {
    let mut bytes = Cow::Borrowed(bytemuck::cast_slice(elements));
    if ByteOrder::NATIVE != ByteOrder::Little {
        make_native(bytes.to_mut(), P::ELEMENT.number.word(), ByteOrder::Little);
    }
    bytes
}
