//! Where a function can stand.

use std::sync::Arc;

use memo_runtime::{call, memo};
use serde::Serialize;

use crate::{computed, shape};

#[memo]
fn free(a: u64, b: u64) -> u64 {
    computed(a * b)
}

mod nested {
    use super::{computed, memo};

    #[memo]
    pub(super) fn free(a: u64, b: u64) -> u64 {
        computed(a + b)
    }
}

#[derive(Clone, Serialize)]
struct Model {
    scale: u64,
}

impl Model {
    #[memo]
    fn associated(seed: u64) -> u64 {
        computed(seed + 1)
    }

    #[memo]
    fn by_reference(&self, x: u64) -> u64 {
        computed(self.scale * x)
    }

    #[memo]
    fn by_value(self) -> u64 {
        computed(self.scale + 2)
    }

    #[memo]
    fn changed_by_value(mut self, x: u64) -> u64 {
        self.scale += x;
        computed(self.scale)
    }

    #[memo]
    fn shared(self: Arc<Self>, x: u64) -> u64 {
        computed(self.scale * x + 1)
    }

    #[memo]
    fn typed(self: &Arc<Self>) -> u64 {
        computed(self.scale * 3)
    }

    #[memo(ignore(self))]
    fn of_no_matter(&self, x: u64) -> u64 {
        computed(x + 5)
    }
}

trait Fit {
    fn fit(&self, x: u64) -> u64;

    #[memo]
    fn named(seed: u64) -> u64
    where
        Self: Sized,
    {
        computed(seed + 2)
    }

    #[memo]
    fn doubled(&self, x: u64) -> u64
    where
        Self: Serialize,
    {
        computed(2 * self.fit(x))
    }
}

impl Fit for Model {
    #[memo]
    fn fit(&self, x: u64) -> u64 {
        computed(self.scale + x)
    }
}

#[derive(Serialize)]
struct Other;

impl Fit for Other {
    #[memo]
    fn fit(&self, x: u64) -> u64 {
        computed(100 + x)
    }
}

/// Functions of one name, at several depths.
fn outer(which: u8) -> u64 {
    if which == 0 {
        #[memo]
        fn inner(x: u64) -> u64 {
            computed(x + 10)
        }
        return inner(1);
    }
    if which == 1 {
        #[memo]
        fn inner(x: u64) -> u64 {
            computed(x + 20)
        }
        return inner(1);
    }
    #[memo]
    fn inner(x: u64) -> u64 {
        computed(x + 20)
    }
    call!(inner(1)).get()
}

pub(super) fn all() {
    let model = Model { scale: 7 };
    shape("a free function", 1, &12, || free(3, 4));
    shape("one of its name in another module", 1, &7, || {
        nested::free(3, 4)
    });
    shape("an associated function", 1, &4, || Model::associated(3));
    shape("a method", 1, &21, || model.by_reference(3));
    shape("a method that takes self", 1, &9, || {
        model.clone().by_value()
    });
    shape("a method that changes self", 1, &10, || {
        model.clone().changed_by_value(3)
    });
    shape("a method of Arc<Self>", 1, &22, || {
        Arc::new(model.clone()).shared(3)
    });
    shape("a method of &Arc<Self>", 1, &21, || {
        Arc::new(model.clone()).typed()
    });
    shape("a method that ignores self", 1, &(8, 8), || {
        (model.of_no_matter(3), Model { scale: 0 }.of_no_matter(3))
    });
    shape("a trait impl", 1, &10, || model.fit(3));
    shape("another trait impl", 1, &103, || Other.fit(3));
    shape("a default method of two types", 2, &(20, 206), || {
        (model.doubled(3), Other.doubled(3))
    });
    shape("a default function of two types", 2, &(5, 5), || {
        (Model::named(3), Other::named(3))
    });
    shape(
        "three inner functions of one name",
        3,
        &[11, 21, 21],
        || [outer(0), outer(1), outer(2)],
    );
    shape(
        "calls as values",
        0,
        &[Some(12), Some(7), Some(4), Some(21)],
        || {
            [
                call!(free(3, 4)).cached(),
                call!(nested::free(3, 4)).cached(),
                call!(Model::associated(3)).cached(),
                call!(model.by_reference(3)).cached(),
            ]
        },
    );
}
