#![allow(dead_code)]

use serde::{Deserialize, Serialize};

use super::*;

/// Declares the same type name twice, in two modules of one name, since
/// the type's path is part of the digest as well.
macro_rules! before_and_after {
    ($name:ident: $before:item => $after:item) => {
        mod $name {
            use super::*;
            fn shape_without_name<T: DeserializeOwned>() -> Digest {
                let mut asked = Asked::new("");
                for _ in 0..MAX_PASSES {
                    let _ = T::deserialize(Tracer { asked: &mut asked, depth: 0, optional: 0 });
                }
                asked.hasher.finish()
            }
            mod before {
                use super::*;
                $before
            }
            mod after {
                use super::*;
                $after
            }
            #[test]
            fn differs() {
                assert_ne!(
                    shape_without_name::<before::T>(),
                    shape_without_name::<after::T>()
                );
            }
        }
    };
}

before_and_after!(fields_in_another_order:
    #[derive(Deserialize)] pub(super) struct T { x: u32, y: u32 } =>
    #[derive(Deserialize)] pub(super) struct T { y: u32, x: u32 });
before_and_after!(another_field_type:
    #[derive(Deserialize)] pub(super) struct T { x: u32 } =>
    #[derive(Deserialize)] pub(super) struct T { x: i32 });
before_and_after!(another_tuple_type:
    #[derive(Deserialize)] pub(super) struct T(u32, i32); =>
    #[derive(Deserialize)] pub(super) struct T(i32, u32););
before_and_after!(variants_in_another_order:
    #[derive(Deserialize)] pub(super) enum T { A, B } =>
    #[derive(Deserialize)] pub(super) enum T { B, A });
before_and_after!(deep_in_the_last_variant:
    #[derive(Deserialize)] pub(super) enum T { A(u8), B { v: Vec<Option<(u8, u16)>> } } =>
    #[derive(Deserialize)] pub(super) enum T { A(u8), B { v: Vec<Option<(u16, u8)>> } });
before_and_after!(behind_a_map:
    #[derive(Deserialize)] pub(super) struct T(HashMap<String, Vec<f32>>); =>
    #[derive(Deserialize)] pub(super) struct T(HashMap<String, Vec<f64>>););
before_and_after!(after_a_number_that_must_not_be_zero:
    #[derive(Deserialize)] pub(super) struct T(std::num::NonZeroU8, u8); =>
    #[derive(Deserialize)] pub(super) struct T(std::num::NonZeroU8, u16););

#[derive(Deserialize, Serialize)]
enum Tree {
    Node(Box<Tree>, Vec<Tree>, Option<Box<Tree>>),
    Leaf { value: f64 },
}

#[test]
fn a_type_that_contains_itself_ends_and_is_stable() {
    assert_eq!(digest_of_type::<Tree>(), digest_of_type::<Tree>());
}

#[test]
fn types_differ_by_name_too() {
    mod a {
        #[derive(serde::Deserialize)]
        pub(super) struct T;
    }
    mod b {
        #[derive(serde::Deserialize)]
        pub(super) struct T;
    }
    assert_ne!(digest_of_type::<a::T>(), digest_of_type::<b::T>());
}
