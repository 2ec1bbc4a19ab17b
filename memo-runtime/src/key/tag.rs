//! The bytes that begin and end things in the encoding.
//!
//! The numbers are part of every digest: a change makes every stored result
//! unreachable.

/// The kind of what follows, as its one byte in the encoding.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Tag {
    End = 0x00,
    Bool = 0x01,
    U8 = 0x10,
    U16 = 0x11,
    U32 = 0x12,
    U64 = 0x13,
    U128 = 0x14,
    I8 = 0x18,
    I16 = 0x19,
    I32 = 0x1a,
    I64 = 0x1b,
    I128 = 0x1c,
    F32 = 0x20,
    F64 = 0x21,
    Char = 0x28,
    Str = 0x30,
    Bytes = 0x31,
    None = 0x40,
    Some = 0x41,
    Unit = 0x50,
    UnitStruct = 0x51,
    NewtypeStruct = 0x52,
    Tuple = 0x53,
    TupleStruct = 0x54,
    Struct = 0x55,
    Field = 0x56,
    SkippedField = 0x57,
    UnitVariant = 0x60,
    NewtypeVariant = 0x61,
    TupleVariant = 0x62,
    StructVariant = 0x63,
    Seq = 0x70,
    Map = 0x71,
    UnorderedSeq = 0x72,
    UnorderedMap = 0x73,
    ShortRun = 0x80,
    LongRun = 0x81,
}
