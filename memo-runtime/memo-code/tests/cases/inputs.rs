//! What is compiled in beside items: included files, the environment.

use super::case::case;
use super::judge::table;

#[test]
fn included_files() {
    table([
        case("an included text")
            .lib(
                "#[memo] fn train() -> &'static str { include_str!(\"../data/words.txt\") }
                #[memo] fn other() {}",
            )
            .file("data/words.txt", "alpha")
            .edit("alpha", "beta")
            .changes("train")
            .stays("other"),
        case("a comment in an included text is text")
            .lib("#[memo] fn train() -> &'static str { include_str!(\"words.txt\") }")
            .file("src/words.txt", "alpha")
            .edit("alpha", "alpha // beta")
            .changes("train"),
        case("included bytes that a const has")
            .lib(
                "#[memo] fn train() -> u8 { TABLE[0] }
                const TABLE: &[u8] = include_bytes!(\"table.bin\");",
            )
            .file("src/table.bin", "alpha")
            .edit("alpha", "beta")
            .changes("train"),
        case("an included text, relative to the file that includes it")
            .lib("mod deep; #[memo] fn train() -> &'static str { deep::WORDS }")
            .file(
                "src/deep/mod.rs",
                "pub const WORDS: &str = include_str!(\"words.txt\");",
            )
            .file("src/deep/words.txt", "alpha")
            .file("src/words.txt", "omega")
            .edit("alpha", "beta")
            .changes("train"),
        case("a text of that name that is not the included one")
            .lib("mod deep; #[memo] fn train() -> &'static str { deep::WORDS }")
            .file(
                "src/deep/mod.rs",
                "pub const WORDS: &str = include_str!(\"words.txt\");",
            )
            .file("src/deep/words.txt", "alpha")
            .file("src/words.txt", "omega")
            .edit("omega", "beta")
            .stays("train"),
        case("an included text by the directory of the manifest")
            .lib(
                "#[memo] fn train() -> &'static str {
                    include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/data/words.txt\"))
                }",
            )
            .file("data/words.txt", "alpha")
            .environment("CARGO_MANIFEST_DIR", "/home/a/app", "/home/a/app")
            .edit("alpha", "beta")
            .changes("train"),
        case("the directory of the manifest is no part of the code")
            .lib(
                "#[memo] fn train() -> &'static str {
                    include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/data/words.txt\"))
                }",
            )
            .file("data/words.txt", "alpha")
            .environment("CARGO_MANIFEST_DIR", "/home/a/app", "/home/b/app")
            .stays("train"),
        case("an included text in a dependency")
            .lib("#[memo] fn train() -> &'static str { words::ALL }")
            .dependency(
                "words",
                "pub const ALL: &str = include_str!(\"../all.txt\");",
            )
            .file("../words/all.txt", "alpha")
            .edit("alpha", "beta")
            .changes("train"),
        case("an included text in a macro's body")
            .lib(
                "macro_rules! words { () => { include_str!(\"words.txt\") } }
                #[memo] fn train() -> &'static str { words!() }",
            )
            .file("src/words.txt", "alpha")
            .edit("alpha", "beta")
            .changes("train"),
        case("an included text in a macro's body, relative to who calls the macro")
            .lib("macro_rules! words { () => { include_str!(\"words.txt\") } } mod deep;")
            .file(
                "src/deep/mod.rs",
                "#[memo] pub fn train() -> &'static str { words!() }",
            )
            .file("src/deep/words.txt", "alpha")
            .file("src/words.txt", "omega")
            .edit("alpha", "beta")
            .changes("train"),
        case("an included text whose name a macro is given")
            .lib(
                "macro_rules! words { ($file:literal) => { include_str!($file) } }
                #[memo] fn train() -> &'static str { words!(\"words.txt\") }",
            )
            .file("src/words.txt", "alpha")
            .edit("alpha", "beta")
            .changes("train"),
        case("an included text in the arguments of a macro")
            .lib("#[memo] fn train() -> bool { matches!(include_str!(\"words.txt\"), \"alpha\") }")
            .file("src/words.txt", "omega")
            .edit("omega", "beta")
            .changes("train"),
        case("an included text that is documentation")
            .lib("#[doc = include_str!(\"../README.md\")] #[memo] fn train() -> i32 { 1 }")
            .file("README.md", "alpha")
            .edit("alpha", "beta")
            .stays("train"),
        case("an included expression")
            .lib("#[memo] fn train() -> i32 { include!(\"table.in\") }")
            .file("src/table.in", "step() + 1")
            .edit("step() + 1", "step() + 2")
            .changes("train"),
        case("a function that an included expression calls")
            .lib("#[memo] fn train() -> i32 { include!(\"table.in\") } fn step() -> i32 { 1 }")
            .file("src/table.in", "step() + 4")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a function in an included file of items")
            .lib("include!(\"items.rs\"); #[memo] fn train() -> i32 { step() }")
            .file("src/items.rs", "fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a memoized function in an included file of items")
            .lib("include!(\"items.rs\"); fn step() -> i32 { 1 }")
            .file("src/items.rs", "#[memo] fn train() -> i32 { step() }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a grammar that a derive reads")
            .lib(
                "#[derive(Parser)] #[grammar = \"words.pest\"] struct Words;
                #[memo] fn train(x: &str) -> bool { Words::parse(x).is_ok() }",
            )
            .external("pest_derive", "2.7.0")
            .file("src/words.pest", "alpha")
            .edit("alpha", "beta")
            .changes("train"),
        case("a file that a foreign macro reads")
            .lib("#[memo] fn train() -> i32 { sqlx::query_file!(\"sql/all.sql\").len() }")
            .external("sqlx", "0.8.0")
            .file("sql/all.sql", "alpha")
            .edit("alpha", "beta")
            .changes("train"),
    ]);
}

#[test]
fn environment() {
    table([
        case("a variable that is compiled in")
            .lib(
                "#[memo] fn train() -> &'static str { env!(\"MODEL\") }
                #[memo] fn other() {}",
            )
            .environment("MODEL", "small", "large")
            .changes("train")
            .stays("other"),
        case("a variable that may be compiled in")
            .lib("#[memo] fn train() -> Option<&'static str> { option_env!(\"MODEL\") }")
            .then(|project| drop(project.environment.insert("MODEL".into(), "large".into())))
            .changes("train"),
        case("a variable that a const has")
            .lib(
                "#[memo] fn train() -> &'static str { MODEL }
                const MODEL: &str = concat!(\"m-\", env!(\"MODEL\", \"say which\"));",
            )
            .environment("MODEL", "small", "large")
            .changes("train"),
        case("a variable whose name a macro is given")
            .lib(
                "macro_rules! setting { ($name:literal) => { env!($name) } }
                #[memo] fn train() -> &'static str { setting!(\"MODEL\") }",
            )
            .environment("MODEL", "small", "large")
            .changes("train"),
        case("a variable that it does not ask for")
            .lib("#[memo] fn train() -> &'static str { env!(\"MODEL\") }")
            .environment("OTHER", "small", "large")
            .stays("train"),
        case("the version of its own package")
            .lib(
                "#[memo] fn train() -> &'static str { env!(\"CARGO_PKG_VERSION\") }
                #[memo] fn other() -> i32 { 1 }",
            )
            .environment("CARGO_PKG_VERSION", "0.1.0", "0.2.0")
            .then(|project| project.package("app").version = "0.2.0".into())
            .changes("train")
            .stays("other"),
        case("the version of a dependency that asks for it")
            .lib("#[memo] fn train() -> &'static str { tools::version() }")
            .dependency(
                "tools",
                "pub fn version() -> &'static str { env!(\"CARGO_PKG_VERSION\") }",
            )
            .environment("CARGO_PKG_VERSION", "0.1.0", "0.1.0")
            .then(|project| project.package("tools").version = "0.2.0".into())
            .changes("train"),
    ]);
}
