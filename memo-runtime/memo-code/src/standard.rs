//! Traits of the standard library that have to be imported, and their methods.
//!
//! An import of one of them can decide what a method call means; any other import from the
//! standard library cannot.

const TRAITS: [(&str, &[&str]); 24] = [
    ("Add", &["add"]),
    ("Any", &["type_id"]),
    ("Borrow", &["borrow"]),
    ("BorrowMut", &["borrow_mut"]),
    (
        "BufRead",
        &[
            "fill_buf",
            "consume",
            "read_until",
            "skip_until",
            "read_line",
            "split",
            "lines",
            "has_data_left",
        ],
    ),
    ("BuildHasher", &["build_hasher", "hash_one"]),
    ("Deref", &["deref"]),
    ("DerefMut", &["deref_mut"]),
    ("Div", &["div"]),
    ("Error", &["source", "description", "cause", "provide"]),
    ("FromStr", &["from_str"]),
    ("Hash", &["hash", "hash_slice"]),
    (
        "Hasher",
        &[
            "finish",
            "write",
            "write_u8",
            "write_u16",
            "write_u32",
            "write_u64",
            "write_u128",
            "write_usize",
            "write_i8",
            "write_i16",
            "write_i32",
            "write_i64",
            "write_i128",
            "write_isize",
            "write_length_prefix",
            "write_str",
        ],
    ),
    ("Index", &["index"]),
    ("IndexMut", &["index_mut"]),
    ("Mul", &["mul"]),
    ("Neg", &["neg"]),
    ("Not", &["not"]),
    (
        "Pattern",
        &["is_contained_in", "is_prefix_of", "into_searcher"],
    ),
    (
        "Read",
        &[
            "read",
            "read_vectored",
            "read_to_end",
            "read_to_string",
            "read_exact",
            "by_ref",
            "bytes",
            "chain",
            "take",
            "read_buf",
        ],
    ),
    ("Rem", &["rem"]),
    (
        "Seek",
        &[
            "seek",
            "rewind",
            "stream_len",
            "stream_position",
            "seek_relative",
        ],
    ),
    ("Sub", &["sub"]),
    (
        "Write",
        &[
            "write",
            "write_vectored",
            "flush",
            "write_all",
            "write_fmt",
            "by_ref",
            "write_str",
            "write_char",
        ],
    ),
];

/// Whether an import of `name` can decide what a call of `method` means. A trait that is not known
/// here cannot be told from a type and is taken for none; those left out are in the prelude, or
/// have methods that only formatting and operators call.
pub(crate) fn declares(name: &str, method: &str) -> bool {
    TRAITS
        .iter()
        .any(|(known, methods)| *known == name && methods.contains(&method))
}

/// Whether `name` is one of these traits.
pub(crate) fn is_trait(name: &str) -> bool {
    TRAITS.iter().any(|(known, _)| *known == name)
}

/// Traits that give a type the trait `name` as well.
pub(crate) fn implied(name: &str) -> &'static [&'static str] {
    match name {
        "Error" => &["Debug", "Display"],
        "Into" => &["From"],
        "IntoIterator" => &["Iterator"],
        "ToOwned" => &["Clone"],
        "ToString" => &["Display"],
        "TryInto" => &["From", "Into", "TryFrom"],
        _ => &[],
    }
}
