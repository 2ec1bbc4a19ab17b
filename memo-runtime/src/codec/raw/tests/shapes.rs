use std::borrow::Cow;

use ndarray::{
    ArcArray, Array, Array0, Array1, Array2, Array3, ArrayD, Axis, IxDyn, ShapeBuilder, arr0, s,
};

use super::*;
use crate::mapped::MappedVec;

fn counted(rows: usize, columns: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows, columns), |(row, column)| {
        row as f64 + column as f64 / 1000.0
    })
}

/// Checks that an array comes back with its elements in the same order in
/// memory, and was not copied to be written.
fn keeps_its_order<D: ndarray::Dimension + Serialize + DeserializeOwned>(array: &Array<f64, D>) {
    let encoded = encode(array, &[]).unwrap().unwrap();
    let borrowed = |piece: &Cow<'_, [u8]>| matches!(piece, Cow::Borrowed(_));
    assert_eq!(encoded.pieces.iter().any(borrowed), !array.is_empty());
    let copy: Array<f64, D> = loaded(&encoded.pieces.concat()).unwrap();
    assert_eq!(&copy, array);
    // The stride of a dimension of one or none means nothing.
    let strides = |array: &Array<f64, D>| -> Vec<isize> {
        let axes = array.axes().filter(|axis| axis.len > 1);
        axes.map(|axis| axis.stride).collect()
    };
    if !array.is_empty() {
        assert_eq!(strides(&copy), strides(array));
    }
}

#[test]
fn arrays_keep_shape_and_order() {
    keeps_its_order(&counted(3, 4));
    keeps_its_order(&counted(3, 4).reversed_axes());
    keeps_its_order(&counted(1, 4));
    keeps_its_order(&counted(4, 1).reversed_axes());
    keeps_its_order(&arr0(7.5));
    keeps_its_order(&Array1::linspace(0.0, 1.0, 513));
    keeps_its_order(&Array3::<f64>::from_elem((2, 3, 4).f(), 1.5));
    keeps_its_order(&Array::<f64, _>::from_elem((1, 2, 3, 4, 5, 6), 1.5));
    keeps_its_order(&ArrayD::<f64>::from_elem(IxDyn(&[2; 9]), 1.5));
    keeps_its_order(&ArrayD::<f64>::from_elem(IxDyn(&[2, 3, 4]).f(), 1.5));
    keeps_its_order(&ArrayD::<f64>::from_elem(IxDyn(&[]), 1.5));
}

#[test]
fn dimensions_of_nothing_are_kept() {
    for shape in [(0, 0), (0, 7), (7, 0)] {
        keeps_its_order(&Array2::zeros(shape));
        keeps_its_order(&Array2::zeros(shape.f()));
    }
    keeps_its_order(&Array3::zeros((2, 0, usize::MAX / 64)));
}

#[test]
fn arrays_in_no_order_are_stored_by_rows() {
    let whole = counted(7, 9);
    for array in [
        whole.slice(s![1..6;2, 2..8]).to_owned(),
        whole.clone().slice_move(s![1..6;2, 2..8]),
        whole.clone().slice_move(s![..;-1, ..]),
        whole.clone().slice_move(s![2.., ..]),
    ] {
        let copy: Array2<f64> = loaded(&stored(&array)).unwrap();
        assert_eq!(copy, array);
        assert!(copy.is_standard_layout());
    }
    let mut turned = Array3::from_shape_fn((2, 3, 4), |(i, j, k)| (100 * i + 10 * j + k) as u64);
    turned.swap_axes(0, 1);
    let copy: Array3<u64> = loaded(&stored(&turned)).unwrap();
    assert_eq!(copy, turned);
}

#[test]
fn shared_arrays_and_arrays_of_other_elements_come_back() {
    let shared: ArcArray<f64, _> = counted(3, 4).into_shared();
    survives(&shared);
    survives(&shared.reversed_axes());
    survives(&Array0::from_elem((), u128::MAX));
    survives(&(vec![1_u8], Some(counted(2, 2)), counted(0, 1)));
    survives(&(7_u8, counted(2, 2).into_dyn(), Some(arr0(1_i8))));
}

#[test]
fn what_an_array_of_arrays_holds_is_a_dimension_of_its_own() {
    let pairs = Array1::from_elem(3, [1.5_f64, 2.5]);
    assert!(encode(&pairs, &[Codec::Bincode]).is_none());
}

/// What is no array is decoded on trial, with arrays that have no elements.
#[test]
fn arrays_stand_beside_values_that_have_to_be_tried() {
    survives(&(
        counted(2, 2),
        arr0(1.5),
        serde_json::json!([1]),
        "x".to_owned(),
    ));
}

#[test]
fn another_number_of_dimensions_is_another_type() {
    let bytes = stored(&counted(3, 4));
    assert_eq!(
        loaded::<ArrayD<f64>>(&bytes).unwrap(),
        counted(3, 4).into_dyn()
    );
    assert!(loaded::<Array1<f64>>(&bytes).is_err());
    assert!(loaded::<Array3<f64>>(&bytes).is_err());
    assert!(loaded::<Array2<u64>>(&bytes).is_err());
    assert!(loaded::<Vec<f64>>(&bytes).is_err());
    assert!(loaded::<MappedVec<f64>>(&bytes).is_err());
    let columns = stored(&counted(3, 4).reversed_axes());
    assert!(loaded::<Vec<f64>>(&columns).is_err());
}

#[test]
fn a_mapped_vector_is_seen_in_any_shape() {
    let mapped = MappedVec::from(counted(3, 4).into_raw_vec_and_offset().0);
    assert_eq!(mapped.view((3, 4)).unwrap(), counted(3, 4));
    assert_eq!(
        mapped.view((4, 3).f()).unwrap(),
        counted(3, 4).reversed_axes()
    );
    assert_eq!(mapped.view(12).unwrap().sum_axis(Axis(0)).len(), 1);
    assert!(mapped.view((4, 4)).is_err());
    assert_eq!(mapped.view((1, 0, 3)).unwrap().len(), 0);
}
