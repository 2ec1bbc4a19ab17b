#![allow(
    dead_code,
    clippy::type_complexity,
    reason = "types are what is tested"
)]

use serde::{Deserialize, Serialize};

use super::*;

/// Declares the same type name twice, in two modules of one name, since
/// the type's path is part of the digest as well.
macro_rules! before_and_after {
    ($name:ident: $before:item => $after:item) => {
        mod $name {
            use super::*;
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
                    shape_of::<before::T>("").digest,
                    shape_of::<after::T>("").digest
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

before_and_after!(in_the_second_of_two_results:
    #[derive(Deserialize)] pub(super) struct T(Result<u8, u8>, Result<u8, (u8, u16)>); =>
    #[derive(Deserialize)] pub(super) struct T(Result<u8, u8>, Result<u8, (u16, u8)>););
before_and_after!(in_the_error_around_a_result:
    #[derive(Deserialize)] pub(super) struct T(Result<Result<u8, u8>, (u8, u16)>); =>
    #[derive(Deserialize)] pub(super) struct T(Result<Result<u8, u8>, (u16, u8)>););
before_and_after!(behind_many_lists:
    #[derive(Deserialize)] pub(super) struct T(Vec<Vec<Vec<Vec<Vec<Vec<(u8, u16)>>>>>>); =>
    #[derive(Deserialize)] pub(super) struct T(Vec<Vec<Vec<Vec<Vec<Vec<(u16, u8)>>>>>>););

#[test]
fn a_type_says_whether_it_is_known_in_full() {
    assert!(shape_of::<(u8, Vec<Option<String>>, Result<u8, bool>)>("").complete);
    // It wants an address, contains itself, asks too much.
    assert!(!shape_of::<(std::net::IpAddr, Picky)>("").complete);
    assert!(!shape_of::<Tree>("").complete);
    assert!(!shape_of::<[[[u8; 32]; 32]; 32]>("").complete);
}

/// Refuses whatever it is given.
struct Picky;

impl<'de> Deserialize<'de> for Picky {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?;
        Err(serde::de::Error::custom("not that one"))
    }
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(from = "Vec<u32>")]
struct Indexing(u32);

impl From<Vec<u32>> for Indexing {
    fn from(list: Vec<u32>) -> Self {
        Self(list[1])
    }
}

#[test]
fn a_type_that_panics_is_not_known_in_full() {
    assert!(!shape_of::<Indexing>("").complete);
}

#[derive(Deserialize, Serialize)]
enum Tree {
    Node(Box<Tree>, Vec<Tree>, Option<Box<Tree>>),
    Leaf { value: f64 },
}

#[test]
fn a_type_that_contains_itself_ends_and_is_stable() {
    assert_eq!(of_type::<Tree>(), of_type::<Tree>());
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
    assert_ne!(of_type::<a::T>().digest, of_type::<b::T>().digest);
}
