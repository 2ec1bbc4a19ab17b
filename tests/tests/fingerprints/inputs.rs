//! What is compiled in and is no source of the workspace: features, the build script's output, its
//! environment, the profile, versions of dependencies.

use crate::fingerprints::project::Project;

const LIB: &str = r#"
use memo_runtime::memo;

mod made {
    include!(concat!(env!("OUT_DIR"), "/made.rs"));
}

#[memo]
pub fn featured(n: i64) -> i64 {
    ledger::computed("featured");
    n + step()
}

#[cfg(feature = "long-steps")]
fn step() -> i64 { 100 }
#[cfg(not(feature = "long-steps"))]
fn step() -> i64 { 1 }

#[memo]
pub fn generated(n: i64) -> i64 {
    ledger::computed("generated");
    n + made::quantity()
}

#[memo]
pub fn environment(n: i64) -> i64 {
    ledger::computed("environment");
    n + env!("INPUTS_LABEL").len() as i64
}

#[memo]
pub fn hashed(n: i64) -> i64 {
    ledger::computed("hashed");
    let table: hashbrown::HashMap<i64, i64, std::hash::RandomState> = [(n, n)].into_iter().collect();
    table[&n]
}

#[memo]
pub fn dependency(n: i64) -> i64 {
    ledger::computed("dependency");
    inputs_units::scaled(n)
}

#[memo]
pub fn checked(n: i64) -> i64 {
    ledger::computed("checked");
    if cfg!(debug_assertions) { n } else { n + precision() }
}

fn precision() -> i64 { 1 }

#[memo]
pub fn alone(n: i64) -> i64 {
    ledger::computed("alone");
    n
}
"#;

const BUILD: &str = r#"
fn main() {
    memo_build::fingerprint();
    println!("cargo::rerun-if-changed=quantity");
    let quantity = std::fs::read_to_string("quantity").unwrap();
    let text = format!("pub fn quantity() -> i64 {{ {} }}", quantity.trim());
    std::fs::write(std::env::var("OUT_DIR").unwrap() + "/made.rs", text).unwrap();
    println!("cargo::rustc-env=INPUTS_LABEL={}", "x".repeat(3));
}
"#;

const MAIN: &str = "
fn main() {
    println!(\"{}\", inputs::featured(1) + inputs::generated(1) + inputs::environment(1));
    println!(\"{}\", inputs::hashed(1) + inputs::dependency(1) + inputs::checked(1) + inputs::alone(1));
}
";

const UNITS: &str = "
pub fn scaled(n: i64) -> i64 {
    if cfg!(feature = \"metric\") { n * 10 } else { n * 12 }
}
";

#[test]
fn what_is_compiled_in_counts_where_it_is_asked_for() {
    let project = Project::new();
    project.package(
        "inputs",
        "inputs-units.path = \"../inputs-units\"\nhashbrown = { version = \"0.16\", default-features = false }\n\n\
         [features]\nlong-steps = []\nmetric = [\"inputs-units/metric\"]\nunused = []\n",
    );
    project.write("inputs/src/lib.rs", LIB);
    project.write("inputs/src/main.rs", MAIN);
    project.write("inputs/build.rs", BUILD);
    project.write("inputs/quantity", "7\n");
    project.plain_package(
        "inputs-units",
        "[package]\nname = \"inputs-units\"\nedition = \"2024\"\n\n[features]\nmetric = []\n",
    );
    project.write("inputs-units/src/lib.rs", UNITS);
    project.computes(&[
        "featured",
        "generated",
        "environment",
        "hashed",
        "dependency",
        "checked",
        "alone",
    ]);
    project.settle();

    let built = project.cargo(&["build", "--features", "inputs/long-steps,inputs/unused"]);
    project.run(&built.programs(), &["featured"]);
    let built = project.cargo(&["build", "--features", "inputs/metric"]);
    project.run(&built.programs(), &["dependency"]);
    let built = project.cargo(&["build", "--release"]);
    project.run(&built.programs(), &["checked"]);
    project.computes(&[]);

    project.edit("inputs/quantity", "7", "8");
    project.computes(&["generated"]);
    project.edit("inputs/build.rs", "repeat(3)", "repeat(4)");
    project.edit("inputs/Cargo.toml", "0.16", "0.17");
    project.computes(&["environment", "hashed"]);
    project.undo();
    project.computes(&[]);
}
