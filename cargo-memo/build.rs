//! Makes the unwinder a part of the program, where the compiler that links it has it as an archive.
//!
//! As a library, `libgcc_s`, it is loaded whenever the program starts, which is the twelfth part of
//! a hit of `run`. What must hold: where there is no such archive, or it may be another platform's,
//! the program is linked as any other.

#![allow(clippy::print_stdout, reason = "it is how cargo is told")]

use std::env;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if is_for_this_platform() && linker_has("libgcc_eh.a") {
        println!("cargo::rustc-link-lib=gcc_eh");
    }
}

/// Whether it is Linux with glibc that this runs on and compiles for. A program that loads no
/// libraries at all has the unwinder in it anyway.
fn is_for_this_platform() -> bool {
    let is_static = env::var("CARGO_CFG_TARGET_FEATURE").is_ok_and(|it| it.contains("crt-static"));
    cfg!(all(target_os = "linux", target_env = "gnu"))
        && env::var_os("TARGET") == env::var_os("HOST")
        && !is_static
}

/// Whether the linker, which is a compiler as a rule, has a file in its own directories. It answers
/// with the path of the file then, and else with its name.
fn linker_has(file: &str) -> bool {
    let linker = env::var_os("RUSTC_LINKER").unwrap_or_else(|| "cc".into());
    let mut ask = Command::new(linker);
    let answer = ask.arg(format!("-print-file-name={file}")).output();
    answer.is_ok_and(|it| it.stdout.contains(&b'/'))
}
