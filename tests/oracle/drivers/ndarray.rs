//! Linear algebra and statistics on arrays.

use memo_runtime::memo;
use ndarray::{Array, Array1, Array2, ArrayView1, Axis, Zip, arr2, array, concatenate, s, stack};

#[memo]
fn products() -> String {
    let a = arr2(&[[1.0, 2.0], [3.0, 4.0]]);
    let b = Array2::from_shape_fn((2, 3), |(row, column)| (row + 2 * column) as f64);
    format!("{} {}", a.dot(&b), a.row(0).dot(&a.column(1)))
}

#[memo]
fn elementwise() -> String {
    let a = array![1.0, 2.0, 3.0];
    let b = Array1::linspace(0.0, 1.0, 3);
    let mut c = &a * 2.0 + &b;
    c += &a;
    c.mapv_inplace(f64::sqrt);
    format!("{c:.3} {}", -(&a - 1.0))
}

#[memo]
fn reductions() -> String {
    let a = Array::range(0.0, 12.0, 1.0)
        .into_shape_with_order((3, 4))
        .unwrap_or_default();
    format!(
        "{} {:?} {} {}",
        a.sum(),
        a.mean(),
        a.sum_axis(Axis(0)),
        a.var_axis(Axis(1), 0.0)
    )
}

#[memo]
fn slicing() -> String {
    let mut a = Array2::<i32>::zeros((4, 5));
    a.slice_mut(s![1..3, ..;2]).fill(7);
    a[[0, 0]] = 1;
    let t = a.t();
    format!(
        "{} {:?} {}",
        a.slice(s![.., 2]),
        t.shape(),
        t.is_standard_layout()
    )
}

#[memo]
fn joining() -> String {
    let a = array![[1, 2], [3, 4]];
    let both = concatenate(Axis(0), &[a.view(), a.t()]);
    let stacked = stack![Axis(2), a, a];
    format!("{both:?} {:?}", stacked.dim())
}

#[memo]
fn zipping() -> String {
    let a = array![[1, 2], [3, 4]];
    let mut out = Array2::zeros((2, 2));
    Zip::from(&mut out)
        .and(&a)
        .and(a.t())
        .for_each(|out, a, b| *out = a * 10 + b);
    let windows: Vec<i32> = out
        .windows((2, 1))
        .into_iter()
        .map(|window| window.sum())
        .collect();
    format!("{out} {windows:?}")
}

#[memo]
fn iterating() -> String {
    let a = array![[3, 1], [2, 5]];
    let rows: Vec<i32> = a
        .rows()
        .into_iter()
        .map(|row: ArrayView1<'_, i32>| row.iter().copied().max().unwrap_or(0))
        .collect();
    let fold = a.fold_axis(Axis(0), 0, |sum, next| sum + next);
    let indexed: Vec<_> = a
        .indexed_iter()
        .map(|((row, _), value)| row as i32 * value)
        .collect();
    format!("{rows:?} {fold} {indexed:?}")
}

#[memo]
fn broadcasting() -> String {
    let a = array![[1], [2]] + array![10, 20, 30];
    let wrong = a.broadcast((3, 2)).is_none();
    format!("{a} {wrong} {:?}", a.view().insert_axis(Axis(0)).ndim())
}
