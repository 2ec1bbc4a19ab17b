//! Generated code, code of other languages, and what cannot be read.

use super::case::case;
use super::judge::table;

#[test]
fn generated_code() {
    const TABLE: &str = "include!(concat!(env!(\"OUT_DIR\"), \"/table.rs\"));";
    table([
        case("a generated function")
            .lib(&format!(
                "mod table {{ {TABLE} }} #[memo] fn train() -> i32 {{ table::step() }}
                #[memo] fn other() {{}}"
            ))
            .build_script("app", "fn main() {}")
            .file("OUT_DIR/table.rs", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train")
            .stays("other"),
        case("another generated function")
            .lib(&format!("{TABLE} #[memo] fn train() -> i32 {{ step() }}"))
            .build_script("app", "fn main() {}")
            .file(
                "OUT_DIR/table.rs",
                "fn step() -> i32 { 1 } fn other() -> i32 { 7 }",
            )
            .edit("{ 7 }", "{ 8 }")
            .stays("train"),
        case("a generated text")
            .lib(
                "#[memo] fn train() -> &'static str {
                    include_str!(concat!(env!(\"OUT_DIR\"), \"/words.txt\"))
                }",
            )
            .build_script("app", "fn main() {}")
            .file("OUT_DIR/words.txt", "alpha")
            .edit("alpha", "beta")
            .changes("train"),
        case("a function that generated code calls")
            .lib(&format!(
                "{TABLE} #[memo] fn train() -> i32 {{ step() }} fn base() -> i32 {{ 1 }}"
            ))
            .build_script("app", "fn main() {}")
            .file("OUT_DIR/table.rs", "fn step() -> i32 { base() }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("generated code that a foreign macro includes")
            .lib(
                "mod proto { tonic::include_proto!(\"table\"); }
                #[memo] fn train() -> i32 { proto::step() }",
            )
            .external("tonic", "0.12.0")
            .build_script("app", "fn main() {}")
            .file("OUT_DIR/table.rs", "pub fn step() -> i32 { 1 }")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("the directory of generated code is no part of the code")
            .lib(&format!("{TABLE} #[memo] fn train() -> i32 {{ step() }}"))
            .build_script("app", "fn main() {}")
            .file("OUT_DIR/table.rs", "fn step() -> i32 { 1 }")
            .environment("OUT_DIR", "/home/a/target/out", "/home/b/target/out")
            .stays("train"),
        case("the build script, if nothing asks for what it makes")
            .lib("#[memo] fn train() -> i32 { 1 }")
            .build_script("app", "fn main() { println!(\"7\"); }")
            .edit("7", "8")
            .stays("train"),
        case("a file that a dependency generates, which is not at hand")
            .lib("#[memo] fn train() -> i32 { tables::step() }")
            .dependency("tables", TABLE)
            .build_script("tables", "fn main() { write(1) }")
            .trouble("../tables/src/lib.rs")
            .edit("write(1)", "write(2)")
            .changes("train"),
        case("data that a dependency generates code from")
            .lib("#[memo] fn train() -> i32 { tables::step() }")
            .dependency("tables", TABLE)
            .build_script("tables", "fn main() { write(read(\"steps.csv\")) }")
            .file("../tables/steps.csv", "1, 2")
            .trouble("../tables/src/lib.rs")
            .edit("1, 2", "1, 3")
            .changes("train"),
        case("a condition that the build script of a dependency sets")
            .lib("#[memo] fn train() -> i32 { tables::step() }")
            .dependency(
                "tables",
                "#[cfg(fast)] pub fn step() -> i32 { 1 }
                #[cfg(not(fast))] pub fn step() -> i32 { 2 }",
            )
            .build_script(
                "tables",
                "fn main() { println!(\"cargo:rustc-cfg=slow\"); }",
            )
            .edit("cfg=slow", "cfg=fast")
            .changes("train"),
        case("a variable that the build script of a dependency sets")
            .lib("#[memo] fn train() -> &'static str { tables::NAME }")
            .dependency("tables", "pub const NAME: &str = env!(\"NAME\");")
            .build_script(
                "tables",
                "fn main() { println!(\"cargo:rustc-env=NAME=small\"); }",
            )
            .edit("NAME=small", "NAME=large")
            .changes("train"),
        case("code of another language in its own package")
            .lib(
                "#[memo] fn train(x: f64) -> f64 { unsafe { kernel(x) } }
                unsafe extern \"C\" { fn kernel(x: f64) -> f64; }",
            )
            .build_script(
                "app",
                "fn main() { cc::Build::new().file(\"kernel.c\").compile(\"k\"); }",
            )
            .foreign_code("app")
            .file("kernel.c", "double kernel(double x) { return x + 1; }")
            .edit("x + 1", "x + 2")
            .changes("train"),
        case("code of another language in a dependency")
            .lib(
                "#[memo] fn train(x: f64) -> f64 { fast::kernel(x) }
                #[memo] fn other() -> i32 { 1 }",
            )
            .dependency(
                "fast",
                "unsafe extern \"C\" { pub safe fn kernel(x: f64) -> f64; }",
            )
            .foreign_code("fast")
            .file(
                "../fast/src/kernel.c",
                "double kernel(double x) { return x + 1; }",
            )
            .edit("x + 1", "x + 2")
            .changes("train")
            .stays("other"),
    ]);
}

#[test]
fn trouble() {
    table([
        case("a file that cannot be parsed counts whole")
            .lib("mod broken; #[memo] fn train() -> i32 { broken::step() }")
            .file("src/broken.rs", "pub fn step() -> i32 { 1 } fn other( { 7 }")
            .trouble("src/broken.rs")
            .edit("7", "8")
            .changes("train"),
        case("a file that can no longer be parsed")
            .lib("mod broken; #[memo] fn train() -> i32 { broken::step() }")
            .file("src/broken.rs", "pub fn step() -> i32 { 1 } fn other() { 7 }")
            .trouble("src/broken.rs")
            .edit("other()", "other(")
            .changes("train"),
        case("beside a file that cannot be parsed")
            .lib("mod broken; #[memo] fn train() -> i32 { broken::step() + near() } fn near() -> i32 { 1 }")
            .file("src/broken.rs", "pub fn step() -> i32 { fn }")
            .trouble("src/broken.rs")
            .edit("{ 1 }", "{ 2 }")
            .changes("train"),
        case("a missing module makes the crate count whole")
            .lib(
                "mod missing;
                #[memo] fn train() -> i32 { missing::step() }
                fn unnamed() -> i32 { 7 }",
            )
            .trouble("src/lib.rs")
            .edit("{ 7 }", "{ 8 }")
            .changes("train"),
        case("a missing module turns up")
            .lib("mod missing; #[memo] fn train() -> i32 { missing::step() }")
            .trouble("src/lib.rs")
            .write("src/missing.rs", "pub fn step() -> i32 { 1 }")
            .changes("train"),
        case("a missing text turns up")
            .lib("#[memo] fn train() -> &'static str { include_str!(\"words.txt\") }")
            .trouble("src/lib.rs")
            .write("src/words.txt", "alpha")
            .changes("train"),
        case("without knowledge of the dependencies, the lock file counts whole")
            .lib("#[memo] fn train() -> i32 { 1 }")
            .then(|project| project.model_mut().trouble = Some("cargo cannot be run".into()))
            .then(|project| project.model_mut().lock_digest = Some([1; 32]))
            .changes("train"),
        case("another lock file, without knowledge of the dependencies")
            .lib("#[memo] fn train() -> i32 { 1 }")
            .with(|project| project.model_mut().trouble = Some("cargo cannot be run".into()))
            .with(|project| project.model_mut().lock_digest = Some([1; 32]))
            .then(|project| project.model_mut().lock_digest = Some([2; 32]))
            .changes("train"),
    ]);
}
