//! A function with its type arguments, as far as the compiler's names of types tell.
//!
//! What must hold: instances that differ in a type argument have different names; and where a type
//! argument may bring code that the function's fingerprint does not cover, the whole program counts.

use super::program;
use crate::key::Digest;

/// A function with type arguments.
#[derive(Debug)]
pub(super) struct Instance {
    /// The path of the function with them.
    pub(super) path: String,
    /// They alone, for a function whose name does not count.
    pub(super) type_arguments: String,
    /// The program, if it counts because the function cannot see the code of all types.
    pub(super) program: Option<Digest>,
    /// The first of these types.
    pub(super) unseen: Option<String>,
}

impl Instance {
    /// The instance that a closure in it has this name in. Of types, the function's fingerprint
    /// covers `types`; all that count if there is no list.
    pub(super) fn new(closure: &'static str, types: Option<&[&str]>) -> Self {
        let path = parent(closure);
        let unseen = types.and_then(|types| unseen(path, types));
        Self {
            path: readable(path),
            type_arguments: type_arguments(&readable(path)),
            program: unseen.map(|_| program::around(closure)),
            unseen: unseen.map(str::to_owned),
        }
    }
}

/// Whether a function has type arguments. `here` is the type name of an item declared in it,
/// `closure` that of a closure: the compiler writes type arguments into the second only.
pub(super) fn is_generic(here: &str, closure: &str) -> bool {
    parent(closure) != parent(here)
}

/// The path that an item with this type name is declared in.
pub(super) fn parent(type_name: &str) -> &str {
    type_name
        .rsplit_once("::")
        .map_or(type_name, |(parent, _)| parent)
}

/// The path of a function as people know it: without the companion that the
/// macro makes, and without the closures that a function may stand in. What
/// closures would tell apart, the ordinal does.
pub(super) fn readable(path: &str) -> String {
    path.replace(COMPANION, "").replace("::{{closure}}", "")
}

/// What the macro puts before the name of a function's companion.
const COMPANION: &str = "__memo_call_";

/// What is in brackets.
fn type_arguments(instance: &str) -> String {
    let mut out = String::new();
    let mut depth = 0usize;
    for token in Tokens(instance) {
        if token == ">" {
            depth = depth.saturating_sub(1);
        }
        if depth > 0 {
            out.push_str(token);
        }
        if token == "<" {
            depth += 1;
        }
        if depth == 0 && token == ">" {
            out.push(';');
        }
    }
    out
}

/// A type argument, or a part of one, that is not among `types`, or that code may stand behind
/// which its name does not tell.
fn unseen<'a>(instance: &'a str, types: &[&str]) -> Option<&'a str> {
    let mut depth = 0usize;
    let mut in_brackets = Tokens(instance).filter(|token| {
        match *token {
            "<" => depth += 1,
            ">" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > 0
    });
    in_brackets.find(|token| match *token {
        "dyn" | "fn" => true,
        word if word.contains("::") => !types.iter().any(|known| {
            if known.ends_with("::") {
                word.starts_with(known)
            } else {
                word == *known
            }
        }),
        word => word.contains('{'),
    })
}

/// The tokens of a type name: paths and words, characters in quotes, `->`, and all else by itself.
struct Tokens<'a>(&'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let first = self.0.chars().next()?;
        let end_of_word = self.0.find(|c| !is_of_word(c)).unwrap_or(self.0.len());
        let length = match first {
            '-' if self.0.starts_with("->") => 2,
            '\'' => quoted(self.0).unwrap_or(1),
            _ => end_of_word.max(first.len_utf8()),
        };
        let (token, rest) = self.0.split_at(length);
        self.0 = rest;
        Some(token)
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | ':' | '{' | '}' | '#')
}

/// The length of the character in quotes that `text` begins with; of a lifetime there is none.
fn quoted(text: &str) -> Option<usize> {
    let mut inner = text.chars();
    inner.next();
    if inner.next()? == '\\' {
        inner.next();
        return Some(text.len() - inner.as_str().len() + inner.as_str().find('\'')? + 1);
    }
    (inner.next()? == '\'').then(|| text.len() - inner.as_str().len())
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

    type Names = (&'static str, &'static str);

    struct Wrapper<T>(T);

    impl<T> Wrapper<T> {
        fn associated() -> Names {
            names!()
        }
    }

    fn plain() -> Names {
        names!()
    }

    #[allow(
        clippy::extra_unused_type_parameters,
        reason = "the name is what is tested"
    )]
    fn generic<T: ?Sized, const N: usize>() -> Names {
        names!()
    }

    fn of_value<T>(_: T) -> Names {
        names!()
    }

    #[allow(
        clippy::extra_unused_type_parameters,
        reason = "the name is what is tested"
    )]
    fn of_character<const C: char, T>() -> Names {
        names!()
    }

    trait Layer {
        fn default(&self) -> Names {
            names!()
        }
    }

    impl Layer for Wrapper<u8> {}

    mod other {
        pub(super) struct Plan;

        pub(super) fn plain() -> super::Names {
            names!()
        }

        impl<T> super::Layer for super::Wrapper<[T; 3]> {
            fn default(&self) -> super::Names {
                names!()
            }
        }
    }

    /// The compiler promises nothing about type names. This fails if they
    /// stop telling functions apart.
    #[test]
    fn type_names_tell_functions_apart() {
        fn plain_inner() -> Names {
            fn plain() -> Names {
                names!()
            }
            plain()
        }
        let (here, closure) = plain();
        assert!(parent(here).ends_with("tests::plain"), "{here}");
        assert!(!is_generic(here, closure));
        assert_ne!(parent(other::plain().0), parent(here));
        assert_ne!(parent(plain_inner().0), parent(here));
    }

    #[test]
    fn type_names_tell_type_arguments_apart() {
        let of = |(here, closure)| {
            assert!(is_generic(here, closure));
            Instance::new(closure, None).path
        };
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
        assert_eq!(type_arguments("a::f<'>', '\\'', u8>"), "'>', '\\'', u8;");
        assert_eq!(type_arguments("a::f"), "");
    }

    /// What of an instance's type arguments cannot be seen by a function that sees the types of
    /// the standard library, and `Plan` and `Layer` here.
    fn unseen_in((_, closure): Names) -> Option<&'static str> {
        let here = module_path!();
        let known = [
            "alloc::".to_owned(),
            "core::".to_owned(),
            "std::".to_owned(),
            format!("{here}::Layer"),
            format!("{here}::Wrapper"),
            format!("{here}::other::Plan"),
        ];
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        unseen(parent(closure), &known)
    }

    #[test]
    fn types_that_are_known_are_seen_wherever_they_stand() {
        use other::Plan;
        for names in [
            generic::<u8, 1>(),
            generic::<Plan, 1>(),
            generic::<&'static mut [Plan], 1>(),
            generic::<(Plan, [Option<Vec<Plan>>; 2], *const str, ()), 1>(),
            generic::<Wrapper<Box<Plan>>, 1>(),
            Wrapper::<Plan>::associated(),
            Wrapper(1_u8).default(),
            Wrapper([Plan, Plan, Plan]).default(),
            of_value(std::collections::HashMap::<String, Plan>::new()),
            of_character::<'>', Plan>(),
            of_character::<'\'', Plan>(),
        ] {
            assert_eq!(unseen_in(names), None, "{names:?}");
        }
    }

    #[test]
    fn a_type_that_is_not_known_is_not_seen_wherever_it_stands() {
        use other::Plan;
        struct Local;
        let local = concat!(
            module_path!(),
            "::a_type_that_is_not_known_is_not_seen_wherever_it_stands::Local"
        );
        for names in [
            generic::<Local, 1>(),
            generic::<&'static mut [Local], 1>(),
            generic::<(u8, [Option<Vec<Local>>; 2]), 1>(),
            generic::<Wrapper<Box<Local>>, 1>(),
            Wrapper::<Local>::associated(),
            Wrapper([Local, Local, Local]).default(),
            of_value(std::collections::HashMap::<String, Local>::new()),
            of_character::<'>', Local>(),
            of_character::<'<', Local>(),
            of_character::<'\'', Local>(),
        ] {
            assert_eq!(unseen_in(names), Some(local), "{names:?}");
        }
        assert_eq!(unseen_in(generic::<Plan, 1>()), None);
    }

    #[test]
    fn code_that_a_name_does_not_tell_is_not_seen() {
        let path = |names| unseen_in(names).unwrap_or_default().to_owned();
        assert!(path(of_value(|| ())).ends_with("::{{closure}}"));
        assert!(path(of_value(plain)).ends_with("::plain"));
        assert_eq!(path(generic::<fn(u8) -> u8, 1>()), "fn");
        assert_eq!(path(generic::<dyn Layer, 1>()), "dyn");
        assert_eq!(path(generic::<Box<dyn std::fmt::Debug + Send>, 1>()), "dyn");
    }

    #[test]
    fn a_type_in_a_function_of_an_impl_is_not_seen() {
        let known = ["a::", "b::W"];
        assert_eq!(
            unseen("b::f<b::main::<impl b::W<u8>>::k::I>", &known),
            Some("b::main::")
        );
        assert_eq!(unseen("b::f<a::main::<impl a::W<u8>>>", &known), None);
        assert_eq!(unseen("b::f<ab::W>", &known), Some("ab::W"));
        assert_eq!(unseen("b::f<b::W2>", &known), Some("b::W2"));
    }
}
