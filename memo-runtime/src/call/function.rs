//! What is known of a memoized function before it is called.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::memo::Memo;
use crate::codec::Codec;
use crate::codec::shape::Shape;
use crate::key::KeyBuilder;
use crate::store::FunctionName;
use crate::store::layout;

/// What the macro knows of a function.
#[derive(Debug)]
pub struct Function {
    /// The package that it is in.
    pub package: &'static str,
    /// The version of the package.
    pub package_version: &'static str,
    /// The binary that it is in, if it is not in a library.
    pub binary: Option<&'static str>,
    /// Where the package's sources were when it was compiled. Says where the
    /// store is; never part of a key.
    pub manifest_dir: &'static str,
    /// A name given instead of the path.
    pub name: Option<&'static str>,
    /// Tells apart inner functions of one name in one function.
    pub ordinal: u32,
    /// The `version` setting.
    pub version: u64,
    /// The code that is part of the key.
    pub code: Code,
    /// For how many seconds results are valid.
    pub ttl: Option<u64>,
    /// The codec to use, and no other.
    pub codec: Option<Codec>,
}

/// The code of a function, as far as it is part of keys.
#[derive(Clone, Copy, Debug)]
pub enum Code {
    /// It is not.
    None,
    /// The function's own tokens, by their digest in 64 hex digits.
    Function(&'static str),
}

/// The place in a program where a function is memoized: what is known of the
/// function, and what is found out on its first call.
#[derive(Debug)]
pub struct Site {
    pub(super) function: Function,
    known: OnceLock<Known>,
    shape: OnceLock<Shape>,
}

/// What all calls of a function share.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) memo: Option<Memo>,
    pub(super) identity: Arc<Identity>,
}

impl Site {
    /// A site, to be put into a `static`.
    pub const fn new(function: Function) -> Self {
        Self {
            function,
            known: OnceLock::new(),
            shape: OnceLock::new(),
        }
    }

    /// `here` is the type name of an item declared in the function.
    pub(super) fn known(&self, here: &'static str) -> &Known {
        self.known.get_or_init(|| {
            let function = &self.function;
            let path = function
                .name
                .map_or_else(|| readable(parent(here)), str::to_owned);
            let binary = if function.name.is_some() {
                None
            } else {
                function.binary
            };
            Known {
                memo: Memo::of_package(Path::new(function.manifest_dir)),
                identity: Arc::new(Identity::new(function.package, &path, binary)),
            }
        })
    }

    /// The shape of the result's type, found out once if the function has one
    /// type of result only.
    pub(super) fn shape(&self, generic: bool, shape: fn() -> Shape) -> Shape {
        if generic {
            shape()
        } else {
            *self.shape.get_or_init(shape)
        }
    }
}

/// Which function a call is of, apart from its type arguments.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    pub(super) name: FunctionName,
    pub(super) binary: Option<String>,
    pub(super) dir: String,
}

impl Identity {
    pub(super) fn new(package: &str, path: &str, binary: Option<&str>) -> Self {
        let mut digest = KeyBuilder::new();
        digest
            .field("package", package.as_bytes())
            .field("function", path.as_bytes());
        if let Some(binary) = binary {
            digest.field("binary", binary.as_bytes());
        }
        Self {
            name: FunctionName {
                package: package.to_owned(),
                path: path.to_owned(),
            },
            binary: binary.map(str::to_owned),
            dir: layout::function_dir(path, &digest.finish()),
        }
    }
}

/// The path that an item with this type name is declared in.
fn parent(type_name: &str) -> &str {
    type_name
        .rsplit_once("::")
        .map_or(type_name, |(parent, _)| parent)
}

/// The path of a function as people know it: without the companion that the
/// macro makes, and without the closures that a function may stand in. What
/// closures would tell apart, the ordinal does.
fn readable(path: &str) -> String {
    path.replace(COMPANION, "").replace("::{{closure}}", "")
}

/// What the macro puts before the name of a function's companion.
const COMPANION: &str = "__memo_call_";

/// The function's path with its type arguments, if it has any. `here` is the
/// type name of an item declared in the function, `closure` that of a
/// closure: the compiler writes type arguments into the second only.
pub(super) fn instance(here: &str, closure: &str) -> Option<String> {
    let instance = parent(closure);
    (instance != parent(here)).then(|| readable(instance))
}

/// The type arguments alone, for a function whose name does not count.
pub(super) fn type_arguments(instance: &str) -> String {
    let mut depth = 0usize;
    let mut out = String::new();
    let mut previous = ' ';
    for c in instance.chars() {
        // `->` of a function type closes nothing.
        if c == '>' && previous != '-' {
            depth = depth.saturating_sub(1);
        }
        if depth > 0 {
            out.push(c);
        }
        if c == '<' {
            depth += 1;
        }
        if depth == 0 && c == '>' {
            out.push(';');
        }
        previous = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! names {
        () => {{
            struct Here;
            (
                std::any::type_name::<Here>(),
                std::any::type_name_of_val(&|| ()),
            )
        }};
    }

    struct Wrapper<T>(T);

    impl<T> Wrapper<T> {
        fn associated() -> (&'static str, &'static str) {
            names!()
        }
    }

    fn plain() -> (&'static str, &'static str) {
        names!()
    }

    #[allow(
        clippy::extra_unused_type_parameters,
        reason = "the name is what is tested"
    )]
    fn generic<T, const N: usize>() -> (&'static str, &'static str) {
        names!()
    }

    mod other {
        pub(super) fn plain() -> (&'static str, &'static str) {
            names!()
        }
    }

    /// The compiler promises nothing about type names. This fails if they
    /// stop telling functions apart.
    #[test]
    fn type_names_tell_functions_apart() {
        fn plain_inner() -> (&'static str, &'static str) {
            fn plain() -> (&'static str, &'static str) {
                names!()
            }
            plain()
        }
        let (here, closure) = plain();
        assert!(parent(here).ends_with("tests::plain"), "{here}");
        assert_eq!(instance(here, closure), None);
        assert_ne!(parent(other::plain().0), parent(here));
        assert_ne!(parent(plain_inner().0), parent(here));
    }

    #[test]
    fn type_names_tell_type_arguments_apart() {
        let of = |(here, closure)| instance(here, closure).unwrap();
        assert_ne!(of(generic::<u8, 1>()), of(generic::<u16, 1>()));
        assert_ne!(of(generic::<u8, 1>()), of(generic::<u8, 2>()));
        assert_ne!(
            of(Wrapper::<u8>::associated()),
            of(Wrapper::<u16>::associated())
        );
        assert_eq!(parent(generic::<u8, 1>().0), parent(generic::<u16, 2>().0));
        let _ = Wrapper(0).0;
    }

    #[test]
    fn companions_and_closures_are_no_part_of_a_path() {
        assert_eq!(
            readable("a::__memo_call_outer::{{closure}}::__memo_call_f"),
            "a::outer::f"
        );
    }

    #[test]
    fn type_arguments_are_what_is_in_brackets() {
        assert_eq!(
            type_arguments("a::W<alloc::Vec<u8>, 2>::z<&str>"),
            "alloc::Vec<u8>, 2;&str;"
        );
        assert_eq!(type_arguments("a::f<fn(u8) -> u16>"), "fn(u8) -> u16;");
        assert_eq!(type_arguments("a::f"), "");
    }
}
