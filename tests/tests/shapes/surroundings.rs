//! Settings, other attributes, functions that macros write, and a renamed runtime.

use std::borrow::Cow;

use memo_runtime::{call, memo};
use memo_tests_attribute::first;
use memo_tests_renamed::{Norm, View};

use crate::{block_on, computed, shape};

/// Documented.
///
/// In two paragraphs.
#[memo]
#[inline]
#[must_use]
#[cfg(test)]
#[allow(clippy::needless_return, unused_variables)]
#[doc(alias = "square")]
fn attributed(#[allow(unused)] x: u64) -> u64 {
    let unused = 1;
    return computed(x * x);
}

#[deprecated = "to see that its parts do not warn of each other"]
#[memo]
fn deprecated(x: u64) -> u64 {
    computed(x + 1)
}

#[memo]
#[expect(unused_mut, clippy::let_and_return)]
fn expecting(x: u64) -> u64 {
    let mut x = computed(x);
    x
}

fn entered() {
    ENTERED.set(ENTERED.get() + 1);
}

thread_local!(static ENTERED: std::cell::Cell<u32> = const { std::cell::Cell::new(0) });

#[first(entered)]
#[memo]
fn below_another(x: u64) -> u64 {
    computed(x + 1)
}

#[memo]
#[first(entered)]
fn above_another(x: u64) -> u64 {
    computed(x + 2)
}

#[memo(
    version = 2,
    ttl = "7d",
    codec = "messagepack",
    code = "none",
    name = "all of them"
)]
fn configured(x: u64) -> u64 {
    computed(x + 3)
}

#[memo(name = "all of them", code = "none", version = 2)]
fn of_the_same_name(x: u64) -> u64 {
    computed(x + 4)
}

macro_rules! make {
    ($name:ident, $more:expr) => {
        #[memo]
        fn $name(x: u64) -> u64 {
            computed(x + $more)
        }
    };
}

make!(made_once, 1);
make!(made_twice, 2);

macro_rules! make_and_call {
    ($more:expr) => {{
        #[memo]
        fn made(x: u64) -> u64 {
            computed(x + MORE.with(|more| more.replace($more)))
        }
        made(1)
    }};
}

thread_local!(static MORE: std::cell::Cell<u64> = const { std::cell::Cell::new(10) });

trait Made {
    fn made(x: u64) -> u64;
}

macro_rules! make_trait_impl {
    ($ty:ty) => {
        impl Made for $ty {
            #[memo]
            fn made(x: u64) -> u64 {
                computed(x + u64::from(<$ty>::MAX))
            }
        }
    };
}

make_trait_impl!(u8);
make_trait_impl!(u16);

pub(super) fn all() {
    shape("many attributes", 1, &9, || attributed(3));
    #[allow(deprecated)]
    shape("a deprecated function", 1, &4, || deprecated(3));
    shape("a function that expects warnings", 1, &3, || expecting(3));
    shape(
        "another macro above: it changes what is computed",
        1,
        &4,
        || below_another(3),
    );
    shape(
        "another macro below: it applies to every call",
        1,
        &5,
        || above_another(3),
    );
    ENTERED.set(0);
    assert_eq!((below_another(3), above_another(3)), (4, 5));
    assert_eq!(ENTERED.get(), 1, "only the macro below is seen by a hit");
    shape("many settings", 1, &6, || configured(3));
    shape("a function that shares its name in the key", 0, &6, || {
        of_the_same_name(3)
    });
    shape("functions that a macro makes", 2, &[4, 5], || {
        [made_once(3), made_twice(3)]
    });
    shape("the call of one", 0, &Some(4), || {
        call!(made_once(3)).cached()
    });
    shape("one source twice in one function", 2, &[11, 6], || {
        [make_and_call!(5), make_and_call!(5)]
    });
    shape("trait impls that a macro makes", 2, &[256, 65_536], || {
        [u8::made(1), u16::made(1)]
    });
    renamed();
}

fn renamed() {
    let view = View(&[3.0, 4.0]);
    let norm = Norm { squared: 25.0 };
    shape("a renamed runtime and a hidden lifetime", 1, &norm, || {
        memo_tests_renamed::hidden(view)
    });
    shape("the call of it", 0, &Some(norm), || {
        memo_tests_renamed::handed_on(view)
    });
    shape(
        "elided lifetimes of an older edition",
        1,
        &"ab".to_owned(),
        || memo_tests_renamed::elided("a", Cow::Borrowed("b")),
    );
    shape("named lifetimes of an older edition", 1, &3, || {
        memo_tests_renamed::named("a", Some("ab"))
    });
    shape("a future of an older edition", 1, &2, || {
        block_on(memo_tests_renamed::later("ab"))
    });
    shape("a method of an older edition", 1, &11.0, || {
        view.times(View(&[1.0, 2.0]))
    });
}
