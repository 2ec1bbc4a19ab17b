//! Random pairs of values of all shapes: they have the same digest if and only
//! if they are equal.

use std::collections::{HashMap, HashSet};

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::digest;

const PAIRS: usize = 1_000_000;

const NAMES: [&str; 5] = ["", "a", "b", "ab", "\0"];

type Name = &'static str;

/// Every shape that serde knows. Two of them are equal if they are the same.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Bool(bool),
    U8(u8),
    U16(u16),
    U32(u32),
    U64(u64),
    U128(u128),
    I8(i8),
    I16(i16),
    I32(i32),
    I64(i64),
    I128(i128),
    F32Bits(u32),
    F64Bits(u64),
    Char(char),
    Str(String),
    Bytes(Vec<u8>),
    None,
    Some(Box<Value>),
    Unit,
    UnitStruct(Name),
    NewtypeStruct(Name, Box<Value>),
    Tuple(Vec<Value>),
    TupleStruct(Name, Vec<Value>),
    /// A field without a value is skipped.
    Struct(Name, Vec<(Name, Option<Value>)>),
    UnitVariant(Name, u32, Name),
    NewtypeVariant(Name, u32, Name, Box<Value>),
    TupleVariant(Name, u32, Name, Vec<Value>),
    StructVariant(Name, u32, Name, Vec<(Name, Option<Value>)>),
    Seq(Vec<Value>),
    Map(Vec<(Value, Value)>),
    HashSet(HashSet<u8>),
    HashMap(HashMap<u8, Value>),
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        macro_rules! parts {
            ($start:expr, $method:ident, $parts:expr) => {{
                let mut list = $start?;
                for part in $parts {
                    list.$method(part)?;
                }
                list.end()
            }};
        }
        macro_rules! fields {
            ($start:expr, $fields:expr) => {{
                let mut list = $start?;
                for (name, value) in $fields {
                    match value {
                        Some(value) => list.serialize_field(name, value)?,
                        None => list.skip_field(name)?,
                    }
                }
                list.end()
            }};
        }
        match self {
            Self::Bool(value) => value.serialize(serializer),
            Self::U8(value) => value.serialize(serializer),
            Self::U16(value) => value.serialize(serializer),
            Self::U32(value) => value.serialize(serializer),
            Self::U64(value) => value.serialize(serializer),
            Self::U128(value) => value.serialize(serializer),
            Self::I8(value) => value.serialize(serializer),
            Self::I16(value) => value.serialize(serializer),
            Self::I32(value) => value.serialize(serializer),
            Self::I64(value) => value.serialize(serializer),
            Self::I128(value) => value.serialize(serializer),
            Self::F32Bits(bits) => f32::from_bits(*bits).serialize(serializer),
            Self::F64Bits(bits) => f64::from_bits(*bits).serialize(serializer),
            Self::Char(value) => value.serialize(serializer),
            Self::Str(value) => value.serialize(serializer),
            Self::Bytes(value) => serializer.serialize_bytes(value),
            Self::None => serializer.serialize_none(),
            Self::Some(value) => serializer.serialize_some(value),
            Self::Unit => serializer.serialize_unit(),
            Self::UnitStruct(name) => serializer.serialize_unit_struct(name),
            Self::NewtypeStruct(name, value) => serializer.serialize_newtype_struct(name, value),
            Self::Tuple(parts) => {
                parts!(
                    serializer.serialize_tuple(parts.len()),
                    serialize_element,
                    parts
                )
            }
            Self::TupleStruct(name, parts) => {
                let start = serializer.serialize_tuple_struct(name, parts.len());
                parts!(start, serialize_field, parts)
            }
            Self::Struct(name, fields) => {
                fields!(serializer.serialize_struct(name, fields.len()), fields)
            }
            Self::UnitVariant(name, index, variant) => {
                serializer.serialize_unit_variant(name, *index, variant)
            }
            Self::NewtypeVariant(name, index, variant, value) => {
                serializer.serialize_newtype_variant(name, *index, variant, value)
            }
            Self::TupleVariant(name, index, variant, parts) => {
                let start = serializer.serialize_tuple_variant(name, *index, variant, parts.len());
                parts!(start, serialize_field, parts)
            }
            Self::StructVariant(name, index, variant, fields) => {
                let start =
                    serializer.serialize_struct_variant(name, *index, variant, fields.len());
                fields!(start, fields)
            }
            Self::Seq(parts) => parts!(serializer.serialize_seq(None), serialize_element, parts),
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(None)?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
            Self::HashSet(set) => set.serialize(serializer),
            Self::HashMap(map) => map.serialize(serializer),
        }
    }
}

/// The numbers of splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// Mostly numbers that occur again, and that look like tags and lengths.
    fn number(&mut self) -> u64 {
        match self.below(8) {
            0 => self.next(),
            1 => 1 << self.below(64),
            _ => self.below(4),
        }
    }

    fn name(&mut self) -> Name {
        NAMES[self.below(NAMES.len() as u64) as usize]
    }

    fn index(&mut self) -> u32 {
        self.below(3) as u32
    }

    fn list<T>(&mut self, mut element: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let len = self.below(4);
        (0..len).map(|_| element(self)).collect()
    }

    fn boxed(&mut self, depth: u32) -> Box<Value> {
        Box::new(self.value(depth))
    }

    fn values(&mut self, depth: u32) -> Vec<Value> {
        self.list(|random| random.value(depth))
    }

    fn fields(&mut self, depth: u32) -> Vec<(Name, Option<Value>)> {
        self.list(|random| {
            let kept = random.below(4) > 0;
            (random.name(), kept.then(|| random.value(depth)))
        })
    }

    /// Elements of one type, now and then so many that their digest is encoded.
    fn run(&mut self) -> Value {
        let long = self.below(64) == 0;
        let len = self.below(if long { 1100 } else { 4 });
        let start = self.below(2);
        let one = |n: u64| match len % 3 {
            0 => Value::U8(n as u8),
            1 => Value::Bool(n.is_multiple_of(2)),
            _ => Value::U16(n as u16),
        };
        Value::Seq((start..start + len).map(one).collect())
    }

    fn value(&mut self, depth: u32) -> Value {
        let shapes = if depth == 0 { 20 } else { 33 };
        let deeper = depth.saturating_sub(1);
        match self.below(shapes) {
            0 => Value::Bool(self.below(2) == 0),
            1 => Value::U8(self.number() as u8),
            2 => Value::U16(self.number() as u16),
            3 => Value::U32(self.number() as u32),
            4 => Value::U64(self.number()),
            5 => Value::U128(u128::from(self.number()) << self.below(65)),
            6 => Value::I8(self.number() as i8),
            7 => Value::I16(self.number() as i16),
            8 => Value::I32(self.number() as i32),
            9 => Value::I64(self.number() as i64),
            10 => Value::I128((self.number() as i128) << self.below(65)),
            11 => Value::F32Bits(self.number() as u32),
            12 => Value::F64Bits(self.number()),
            13 => Value::Char(char::from(self.number() as u8)),
            14 => Value::Str(self.list(Self::name).concat()),
            15 => Value::Bytes(self.list(|random| random.number() as u8)),
            16 => Value::None,
            17 => Value::Unit,
            18 => Value::UnitStruct(self.name()),
            19 => Value::UnitVariant(self.name(), self.index(), self.name()),
            20 => Value::Some(self.boxed(deeper)),
            21 => Value::NewtypeStruct(self.name(), self.boxed(deeper)),
            22 => Value::Tuple(self.values(deeper)),
            23 => Value::TupleStruct(self.name(), self.values(deeper)),
            24 => Value::Struct(self.name(), self.fields(deeper)),
            25 => Value::NewtypeVariant(self.name(), self.index(), self.name(), self.boxed(deeper)),
            26 => Value::TupleVariant(self.name(), self.index(), self.name(), self.values(deeper)),
            27 => Value::StructVariant(self.name(), self.index(), self.name(), self.fields(deeper)),
            28 => Value::Seq(self.values(deeper)),
            29 => Value::Map(self.list(|random| (random.value(deeper), random.value(deeper)))),
            30 => Value::HashSet(
                self.list(|random| random.number() as u8)
                    .into_iter()
                    .collect(),
            ),
            31 => Value::HashMap(
                self.list(|random| (random.number() as u8, random.value(deeper)))
                    .into_iter()
                    .collect(),
            ),
            _ => self.run(),
        }
    }

    /// A value a small step away.
    fn neighbour(&mut self, value: &Value) -> Value {
        let mut near = value.clone();
        match &mut near {
            Value::Some(value)
            | Value::NewtypeStruct(_, value)
            | Value::NewtypeVariant(_, _, _, value) => **value = self.neighbour(value),
            Value::Seq(parts)
            | Value::Tuple(parts)
            | Value::TupleStruct(_, parts)
            | Value::TupleVariant(_, _, _, parts) => self.shift(parts),
            Value::Struct(_, fields) | Value::StructVariant(_, _, _, fields) => {
                match fields.first_mut() {
                    Some((_, Some(value))) => *value = self.neighbour(value),
                    Some((_, skipped)) => *skipped = Some(Value::Unit),
                    None => fields.push(("a", None)),
                }
            }
            Value::Map(entries) if entries.len() > 1 => entries.rotate_left(1),
            Value::U64(number) => return Value::I64(*number as i64),
            Value::F64Bits(bits) => *bits ^= 1 << 63,
            Value::Str(text) => return Value::Bytes(text.clone().into_bytes()),
            _ => return Value::Seq(vec![near]),
        }
        near
    }

    /// Moves, joins, splits or changes parts.
    fn shift(&mut self, parts: &mut Vec<Value>) {
        let Some(last) = parts.pop() else {
            return parts.push(Value::Unit);
        };
        match (self.below(4), last) {
            (0, last) => parts.insert(0, last),
            (1, Value::Seq(inner) | Value::Tuple(inner)) => parts.extend(inner),
            (2, last) => {
                let rest = std::mem::take(parts);
                parts.push(Value::Seq(rest));
                parts.push(last);
            }
            (_, last) => parts.push(self.neighbour(&last)),
        }
    }
}

#[test]
fn a_million_pairs_have_the_same_digest_if_and_only_if_they_are_equal() {
    let mut random = Random(2);
    let (mut equal, mut unequal) = (0, 0);
    let mut one = random.value(3);
    for _ in 0..PAIRS {
        let other = match random.below(4) {
            0 => random.value(3),
            1 => one.clone(),
            _ => random.neighbour(&one),
        };
        let same = one == other;
        *(if same { &mut equal } else { &mut unequal }) += 1;
        assert_eq!(
            digest(&one) == digest(&other),
            same,
            "{one:?} and {other:?}"
        );
        one = random.value(3);
    }
    assert!(
        equal > PAIRS / 5 && unequal > PAIRS / 2,
        "{equal} equal, {unequal} unequal"
    );
}
