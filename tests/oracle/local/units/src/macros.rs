//! Functions and impls that macros define.

use crate::Length;

macro_rules! from_integer {
    ($($integer:ty)*) => {$(
        impl From<$integer> for Length {
            fn from(value: $integer) -> Self {
                Self::millimetres(i64::from(value))
            }
        }
    )*};
}

from_integer!(u8 i32);

macro_rules! getter {
    ($(#[$attribute:meta])* $name:ident, $per:expr) => {
        $(#[$attribute])*
        pub fn $name(self) -> i64 {
            self.get() / $per
        }
    };
}

impl Length {
    getter!(
        /// In whole centimetres.
        in_centimetres,
        10
    );
    getter!(in_kilometres, 1_000_000);
}

#[macro_export]
macro_rules! longest {
    ($first:expr $(, $rest:expr)*) => {{
        fn longer(a: $crate::Length, b: $crate::Length) -> $crate::Length {
            if b > a { b } else { a }
        }
        let longest = $first;
        $(let longest = longer(longest, $rest);)*
        longest
    }};
}
