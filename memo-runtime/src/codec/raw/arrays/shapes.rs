//! Arrays of `ndarray`, of any number of dimensions. Their elements are single
//! numbers, since for more there is one more dimension: code for every type of
//! elements and every number of dimensions would take long to compile.

use std::any::TypeId;
use std::borrow::Cow;

use ndarray::{
    ArcArray, Array, ArrayD, ArrayViewD, Ix0, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn, ShapeBuilder,
};

use super::{View, little_endian, make_native};
use crate::cast::{AnyRef, AnyValue};
use crate::codec::raw::Refused;
use crate::codec::raw::table::{ByteOrder, Form, Layout};
use crate::plain::Plain;

/// The value as an array, if it is one of such elements.
pub(super) fn view<P: Plain>(value: AnyRef<'_>) -> Option<View<'_>> {
    macro_rules! try_each {
        ($($dim:ty)*) => {$(
            if let Some(array) = value.get::<Array<P, $dim>>() {
                return Some(of(array.view().into_dyn()));
            }
            if let Some(array) = value.get::<ArcArray<P, $dim>>() {
                return Some(of(array.view().into_dyn()));
            }
        )*};
    }
    try_each!(Ix0 Ix1 Ix2 Ix3 Ix4 Ix5 Ix6 IxDyn);
    None
}

/// What is in order, by rows or by columns, is taken as it is.
fn of<P: Plain>(array: ArrayViewD<'_, P>) -> View<'_> {
    let (layout, bytes) = match (array.to_slice(), array.clone().reversed_axes().to_slice()) {
        (Some(rows), _) => (Layout::RowMajor, little_endian(rows)),
        (None, Some(columns)) => (Layout::ColumnMajor, little_endian(columns)),
        (None, None) => (Layout::RowMajor, Cow::Owned(gathered(&array))),
    };
    View {
        form: Form {
            element: P::ELEMENT,
            dims: array.shape().iter().map(|&dim| dim as u64).collect(),
            layout,
        },
        bytes,
    }
}

fn gathered<P: Plain>(array: &ArrayViewD<'_, P>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(size_of::<P>() * array.len());
    for element in array {
        bytes.extend_from_slice(bytemuck::bytes_of(element));
    }
    make_native(&mut bytes, P::ELEMENT.number.word(), ByteOrder::Little);
    bytes
}

/// Elements as an array of the type `wanted`; `None` if they cannot be one.
pub(super) fn value<P: Plain>(
    elements: Vec<P>,
    wanted: TypeId,
    dims: &[usize],
    layout: Layout,
) -> Result<Option<AnyValue>, Refused> {
    macro_rules! try_each {
        ($($dim:ty)*) => {$(
            if wanted == TypeId::of::<Array<P, $dim>>() {
                let array = shaped(elements, dims, layout)?.into_dimensionality::<$dim>();
                return Ok(array.ok().map(AnyValue::new));
            }
            if wanted == TypeId::of::<ArcArray<P, $dim>>() {
                let array = shaped(elements, dims, layout)?.into_shared();
                return Ok(array.into_dimensionality::<$dim>().ok().map(AnyValue::new));
            }
        )*};
    }
    try_each!(Ix0 Ix1 Ix2 Ix3 Ix4 Ix5 Ix6 IxDyn);
    Ok(None)
}

fn shaped<P: Plain>(
    elements: Vec<P>,
    dims: &[usize],
    layout: Layout,
) -> Result<ArrayD<P>, Refused> {
    let shape = IxDyn(dims).set_f(layout == Layout::ColumnMajor);
    ArrayD::from_shape_vec(shape, elements)
        .map_err(|error| Refused::because(format!("an array has another form: {error}")))
}
