//! Words that say what they are by themselves: keywords, macros of the standard library, names of
//! variables.

/// Words that name no item.
pub(super) fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "_" | "Self"
            | "abstract"
            | "as"
            | "async"
            | "await"
            | "become"
            | "box"
            | "break"
            | "const"
            | "continue"
            | "crate"
            | "do"
            | "dyn"
            | "else"
            | "enum"
            | "extern"
            | "false"
            | "final"
            | "fn"
            | "for"
            | "if"
            | "impl"
            | "in"
            | "let"
            | "loop"
            | "match"
            | "mod"
            | "move"
            | "mut"
            | "pub"
            | "ref"
            | "return"
            | "self"
            | "static"
            | "struct"
            | "super"
            | "trait"
            | "true"
            | "type"
            | "unsafe"
            | "use"
            | "where"
            | "while"
            | "yield"
    )
}

/// Macros of the standard library that do no more than their arguments say.
pub(crate) fn is_standard_macro(name: &str) -> bool {
    [
        "addr_of",
        "addr_of_mut",
        "assert",
        "assert_eq",
        "assert_matches",
        "assert_ne",
        "cfg",
        "cfg_select",
        "column",
        "compile_error",
        "concat",
        "dbg",
        "debug_assert",
        "debug_assert_eq",
        "debug_assert_ne",
        "env",
        "eprint",
        "eprintln",
        "file",
        "format",
        "format_args",
        "include",
        "include_bytes",
        "include_str",
        "join",
        "line",
        "matches",
        "module_path",
        "offset_of",
        "option_env",
        "panic",
        "pin",
        "print",
        "println",
        "ready",
        "stringify",
        "thread_local",
        "todo",
        "try",
        "unimplemented",
        "unreachable",
        "vec",
        "write",
        "writeln",
    ]
    .contains(&name)
}

pub(super) fn could_be_variable(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase())
        && text
            .chars()
            .all(|letter| matches!(letter, 'A'..='Z' | '0'..='9' | '_'))
}
