//! One source with every kind of function.

use super::{Kind, find};

const SOURCE: &str = "
mod inner {
    pub fn free() { fn nested() {} }
}
struct S;
impl S { const fn inherent(self) -> u8 { 1 } }
impl Clone for S { fn clone(&self) -> S { S } }
trait T { fn declared(); fn default() { #![allow(unused)] let a = 1; } }
macro_rules! m {
    (fn $name:ident() { $body:expr }) => { fn $name() -> [u8; 2] { $body } };
}
m!(fn made() { [1, 2] });
fn pointer(f: fn(u8) -> u8) { f(1); }
extern \"C\" { fn foreign(); }
#[cfg(test)] mod tests { fn helper() {} }
#[cfg(all(unix, test))] fn helper() {}
#[cfg(not(test))] fn real() {}
#[test] fn a_test() {}
#[memo_runtime::memo] fn kept() {}
mod elsewhere;
#[path = \"other.rs\"] mod named;
";

#[test]
fn every_function_with_a_body_is_found() {
    let found = find(SOURCE, &["krate".to_owned()]).unwrap();
    let functions: Vec<_> = found
        .functions
        .iter()
        .map(|function| {
            (
                function.path.as_str(),
                function.kind,
                &SOURCE[function.body.clone()],
            )
        })
        .collect();
    assert_eq!(
        functions,
        [
            ("krate::inner::free", Kind::Function, "{ fn nested() {} }"),
            ("krate::inner::free::nested", Kind::Function, "{}"),
            ("krate::impl S::inherent", Kind::Inherent, "{ 1 }"),
            (
                "krate::impl Clone for S::clone",
                Kind::Implementation,
                "{ S }"
            ),
            (
                "krate::T::default",
                Kind::Default,
                "{ #![allow(unused)] let a = 1; }"
            ),
            ("krate::m!::$name", Kind::Macro, "{ $body }"),
            ("krate::m!::made", Kind::Macro, "{ [1, 2] }"),
            ("krate::pointer", Kind::Function, "{ f(1); }"),
            ("krate::real", Kind::Function, "{}"),
            ("krate::kept", Kind::Function, "{}"),
        ]
    );
    let memoized = found.functions.iter().filter(|function| function.memoized);
    assert_eq!(memoized.count(), 1);
}

#[test]
fn a_statement_goes_behind_inner_attributes() {
    let found = find(SOURCE, &[]).unwrap();
    let function = found
        .functions
        .iter()
        .find(|function| function.path == "T::default");
    assert!(SOURCE[function.unwrap().start..].starts_with(" let a = 1;"));
}

#[test]
fn modules_in_other_files_are_found() {
    let found = find(SOURCE, &[]).unwrap();
    let modules: Vec<_> = found
        .modules
        .iter()
        .map(|module| (module.path.join("::"), module.file.as_deref()))
        .collect();
    let named = ("named".to_owned(), Some("other.rs"));
    assert_eq!(modules, [("elsewhere".to_owned(), None), named]);
}
