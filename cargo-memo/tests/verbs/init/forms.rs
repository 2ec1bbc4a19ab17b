//! The forms that a package may have: what is there in another one is used as
//! it is.

use snapbox::str;

use super::{bench, expect_text, init, init_in, text, workspace};

#[test]
fn a_name_that_the_workspace_gives_is_used() {
    let bench = workspace(
        "\
[workspace.dependencies]
memo = { package = \"memo-runtime\", version = \"0.1\" }
memo-prints = { package = \"memo-build\", version = \"0.1\" }
",
    );
    init_in(&bench, "ws/one", &[]).expect(0, str![[r#"
package one
edited Cargo.toml: memo-runtime in [dependencies], memo-build in [build-dependencies]
created build.rs

"#]], str![[r#"
note: put `#[memo(crate = ::memo)]` on a slow, pure function of `one` (`use memo::memo;`) and run the program twice: `cargo memo` shows what was kept
note: structs as arguments and results want serde: `cargo add serde --features derive`

"#]]);
    expect_text(
        &text(&bench, "ws/one/Cargo.toml"),
        str![[r#"
[package]
name = "one"
edition = "2024"

[dependencies]
memo = { workspace = true }

[build-dependencies]
memo-prints = { workspace = true }

"#]],
    );
    expect_text(
        &text(&bench, "ws/one/build.rs"),
        str![[r#"
//! Tells `#[memo]` which code results depend on.

fn main() {
    memo_prints::fingerprint();
}

"#]],
    );
    init_in(&bench, "ws/one", &[]).expect(
        0,
        str![[r#"
package one

"#]],
        str![[r#"
note: `one` is already set up

"#]],
    );
}

#[test]
fn a_table_in_the_deprecated_spelling_is_used() {
    let manifest = "\
[package]
name = \"lab\"
edition = \"2021\"

[build_dependencies]
cc = \"1\"
";
    let bench = bench(&[("Cargo.toml", manifest)]);
    init(&bench, &[]).expect(0, str![[r#"
package lab
edited Cargo.toml: memo-runtime in [dependencies], memo-build in [build_dependencies]
created build.rs

"#]], str![[r#"
note: put `#[memo]` on a slow, pure function of `lab` (`use memo_runtime::memo;`) and run the program twice: `cargo memo` shows what was kept (from a checkout: `cargo memo init --path DIR`)
note: structs as arguments and results want serde: `cargo add serde --features derive`

"#]]);
    expect_text(
        &text(&bench, "lab/Cargo.toml"),
        str![[r#"
[package]
name = "lab"
edition = "2021"

[build_dependencies]
cc = "1"
memo-build = "[VERSION]"

[dependencies]
memo-runtime = "[VERSION]"

"#]],
    );
}

#[test]
fn byte_order_marks_stay() {
    let manifest = "\u{feff}[package]\nname = \"lab\"\nedition = \"2024\"\n";
    let bench = bench(&[
        ("Cargo.toml", manifest),
        ("build.rs", "\u{feff}fn main() {}\n"),
    ]);
    assert_eq!(init(&bench, &[]).code, 0);
    let edited = text(&bench, "lab/Cargo.toml");
    assert!(edited.starts_with(manifest), "{edited:?}");
    assert_eq!(edited.matches('\u{feff}').count(), 1);
    assert_eq!(
        text(&bench, "lab/build.rs"),
        "\u{feff}fn main() {\n    memo_build::fingerprint();\n}\n"
    );
}

#[test]
fn build_may_be_true() {
    let manifest = "[package]\nname = \"lab\"\nedition = \"2024\"\nbuild = true\n";
    let bench = bench(&[("Cargo.toml", manifest), ("build.rs", "fn main() {}\n")]);
    assert_eq!(init(&bench, &[]).code, 0);
    assert_eq!(
        text(&bench, "lab/build.rs"),
        "fn main() {\n    memo_build::fingerprint();\n}\n"
    );
}

#[test]
fn of_mains_for_several_platforms_each_is_edited() {
    let bench = bench(&[(
        "build.rs",
        "#[cfg(unix)]\nfn main() {}\n\n#[cfg(not(unix))]\nfn main() {}\n",
    )]);
    assert_eq!(init(&bench, &[]).code, 0);
    expect_text(
        &text(&bench, "lab/build.rs"),
        str![[r#"
#[cfg(unix)]
fn main() {
    memo_build::fingerprint();
}

#[cfg(not(unix))]
fn main() {
    memo_build::fingerprint();
}

"#]],
    );
}

#[test]
fn a_dependency_for_some_platforms_is_there() {
    let manifest = "\
[package]
name = \"lab\"
edition = \"2024\"

[target.'cfg(unix)'.dependencies]
memo-runtime = \"0.1\"

[target.'cfg(unix)'.build-dependencies]
memo-build = \"0.1\"
";
    let bench = bench(&[("Cargo.toml", manifest)]);
    init(&bench, &[]).expect(0, str![[r#"
package lab
created build.rs

"#]], str![[r#"
note: `memo-runtime` is there for `cfg(unix)` alone and stays so
note: `memo-build` is there for `cfg(unix)` alone and stays so
note: put `#[memo]` on a slow, pure function of `lab` (`use memo_runtime::memo;`) and run the program twice: `cargo memo` shows what was kept
note: structs as arguments and results want serde: `cargo add serde --features derive`

"#]]);
    assert_eq!(text(&bench, "lab/Cargo.toml"), manifest);
}
