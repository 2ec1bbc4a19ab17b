//! Conditional compilation: which code is compiled is as good as the code.

use super::case::case;
use super::judge::table;

#[test]
fn conditions() {
    table([
        case("one of two functions, by a feature")
            .lib(
                "#[memo] fn train() -> i32 { step() }
                #[memo] fn other() -> i32 { 1 }
                #[cfg(feature = \"fast\")] fn step() -> i32 { 1 }
                #[cfg(not(feature = \"fast\"))] fn step() -> i32 { 2 }",
            )
            .feature_on("app", "fast")
            .asks("train", "feature = \"fast\"")
            .changes("train")
            .stays("other"),
        case("the other one of two functions may be the one")
            .lib(
                "#[memo] fn train() -> i32 { step() }
                #[cfg(unix)] fn step() -> i32 { 1 }
                #[cfg(windows)] fn step() -> i32 { 2 }",
            )
            .edit("{ 1 }", "{ 3 }")
            .changes("train"),
        case("a condition that turns true")
            .lib(
                "#[memo] fn train() -> i32 { step() }
                #[cfg(all(unix, not(any(slow, debug_assertions))))] fn step() -> i32 { 1 }
                #[cfg(slow)] fn step() -> i32 { 2 }",
            )
            .flag("slow")
            .changes("train"),
        case("a condition on a statement")
            .lib("#[memo] fn train() -> i32 { #[cfg(slow)] return 1; 2 }")
            .flag("slow")
            .asks("train", "slow")
            .changes("train"),
        case("a condition on a field of a struct expression")
            .lib("#[memo] fn train() -> Plan { Plan { #[cfg(slow)] n: 1 } } struct Plan { #[cfg(slow)] n: i32 }")
            .flag("slow")
            .changes("train"),
        case("a condition on an arm")
            .lib("#[memo] fn train(x: i32) -> i32 { match x { #[cfg(slow)] 1 => 2, _ => 3 } }")
            .flag("slow")
            .changes("train"),
        case("a condition as an expression")
            .lib("#[memo] fn train() -> i32 { step() } fn step() -> i32 { if cfg!(slow) { 1 } else { 2 } }")
            .flag("slow")
            .asks("train", "slow")
            .changes("train"),
        case("whether assertions are on")
            .lib("#[memo] fn train() -> i32 { if cfg!(debug_assertions) { 1 } else { 2 } }")
            .flag("debug_assertions")
            .changes("train"),
        case("a condition as an expression in the arguments of a macro")
            .lib("#[memo] fn train() -> Vec<bool> { vec![cfg!(slow)] }")
            .flag("slow")
            .changes("train"),
        case("a condition in a macro's body")
            .lib(
                "macro_rules! step { () => { if cfg!(slow) { 1 } else { 2 } } }
                #[memo] fn train() -> i32 { step!() }",
            )
            .flag("slow")
            .changes("train"),
        case("a condition on a function that a macro's body has")
            .lib(
                "macro_rules! define { () => { #[cfg(slow)] fn step() -> i32 { 1 }
                    #[cfg(not(slow))] fn step() -> i32 { 2 } } }
                define!();
                #[memo] fn train() -> i32 { step() }",
            )
            .flag("slow")
            .changes("train"),
        case("a choice by condition")
            .lib(
                "cfg_if::cfg_if! {
                    if #[cfg(slow)] { fn step() -> i32 { 1 } } else { fn step() -> i32 { 2 } }
                }
                #[memo] fn train() -> i32 { step() }",
            )
            .external("cfg-if", "1.0.0")
            .flag("slow")
            .changes("train"),
        case("a condition on an import")
            .lib(
                "#[cfg(slow)] use a::step;
                #[cfg(not(slow))] use b::step;
                #[memo] fn train() -> i32 { step() }
                mod a { pub fn step() -> i32 { 1 } }
                mod b { pub fn step() -> i32 { 2 } }",
            )
            .flag("slow")
            .changes("train"),
        case("a condition on a glob")
            .lib(
                "#[cfg(slow)] use a::*;
                #[cfg(not(slow))] use b::*;
                #[memo] fn train() -> i32 { step() }
                mod a { pub fn step() -> i32 { 1 } }
                mod b { pub fn step() -> i32 { 2 } }",
            )
            .flag("slow")
            .changes("train"),
        case("a condition on a module")
            .lib(
                "#[cfg(slow)] mod tools { pub fn step() -> i32 { 1 } }
                #[cfg(not(slow))] mod tools { pub fn step() -> i32 { 2 } }
                #[memo] fn train() -> i32 { tools::step() }",
            )
            .flag("slow")
            .asks("train", "slow")
            .changes("train"),
        case("a condition on a module in a file, inside it")
            .lib("mod tools; #[memo] fn train() -> i32 { tools::step() }")
            .file("src/tools.rs", "#![cfg(slow)] pub fn step() -> i32 { 1 }")
            .flag("slow")
            .changes("train"),
        case("a module at a path by condition")
            .lib(
                "#[cfg_attr(slow, path = \"slow.rs\")] #[cfg_attr(not(slow), path = \"fast.rs\")] mod tools;
                #[memo] fn train() -> i32 { tools::step() }",
            )
            .file("src/slow.rs", "pub fn step() -> i32 { 1 }")
            .file("src/fast.rs", "pub fn step() -> i32 { 2 }")
            .edit("{ 2 }", "{ 3 }")
            .changes("train"),
        case("a module at a path by condition, which turns true")
            .lib(
                "#[cfg_attr(slow, path = \"slow.rs\")] mod tools;
                #[memo] fn train() -> i32 { tools::step() }",
            )
            .file("src/slow.rs", "pub fn step() -> i32 { 1 }")
            .file("src/tools.rs", "pub fn step() -> i32 { 2 }")
            .flag("slow")
            .changes("train"),
        case("a condition on an impl")
            .lib(
                "#[memo] fn train(x: Net) -> i32 { x.depth() }
                struct Net;
                #[cfg(slow)] impl Net { fn depth(&self) -> i32 { 1 } }
                #[cfg(not(slow))] impl Net { fn depth(&self) -> i32 { 2 } }",
            )
            .flag("slow")
            .changes("train"),
        case("a condition on a method")
            .lib(
                "#[memo] fn train(x: Net) -> i32 { x.depth() }
                struct Net;
                impl Net {
                    #[cfg(slow)] fn depth(&self) -> i32 { 1 }
                    #[cfg(not(slow))] fn depth(&self) -> i32 { 2 }
                }",
            )
            .flag("slow")
            .changes("train"),
        case("a condition on a variant")
            .lib("#[memo] fn train() -> i32 { E::Last as i32 } enum E { #[cfg(slow)] First, Last }")
            .flag("slow")
            .changes("train"),
        case("a condition on a field")
            .lib("#[memo] fn train() -> usize { size_of::<Plan>() } struct Plan { #[cfg(slow)] n: i32 }")
            .flag("slow")
            .changes("train"),
        case("a condition on an attribute")
            .lib(
                "#[memo] fn train() -> usize { size_of::<Plan>() }
                #[cfg_attr(slow, repr(packed))] struct Plan { a: u8, n: i32 }",
            )
            .flag("slow")
            .changes("train"),
        case("a derive by condition")
            .lib(
                "#[memo] fn train(x: Plan) -> Plan { x.clone() }
                #[cfg_attr(slow, derive(Clone))] struct Plan;",
            )
            .flag("slow")
            .changes("train"),
        case("a condition on the function itself")
            .lib(
                "#[cfg(slow)] #[memo] fn train() -> i32 { 1 }
                #[cfg(slow)] fn other() -> i32 { 7 }",
            )
            .edit("{ 7 }", "{ 8 }")
            .asks("train", "slow")
            .stays("train"),
        case("a condition on what it does not reach")
            .lib("#[memo] fn train() -> i32 { 1 } #[cfg(slow)] fn other() -> i32 { 7 }")
            .flag("slow")
            .stays("train"),
        case("a condition on a macro")
            .lib(
                "#[cfg(slow)] macro_rules! step { () => { 1 } }
                #[cfg(not(slow))] macro_rules! step { () => { 2 } }
                #[memo] fn train() -> i32 { step!() }",
            )
            .flag("slow")
            .changes("train"),
        case("the width of a pointer")
            .lib("#[memo] fn train() -> i32 { if cfg!(target_pointer_width = \"64\") { 1 } else { 2 } }")
            .flag("target_pointer_width = \"64\"")
            .asks("train", "target_pointer_width = \"64\"")
            .changes("train"),
        case("a feature that reached code of a dependency asks for")
            .lib("#[memo] fn train() -> i32 { tools::step() } #[memo] fn other() {}")
            .dependency(
                "tools",
                "#[cfg(feature = \"fast\")] pub fn step() -> i32 { 1 }
                #[cfg(not(feature = \"fast\"))] pub fn step() -> i32 { 2 }",
            )
            .feature_on("tools", "fast")
            .changes("train")
            .stays("other"),
        case("a feature that reached code of a dependency asks for in its body")
            .lib("#[memo] fn train() -> i32 { tools::step() }")
            .dependency("tools", "pub fn step() -> i32 { if cfg!(feature = \"fast\") { 1 } else { 2 } }")
            .feature_on("tools", "fast")
            .changes("train"),
        case("a feature of a dependency that a macro of it asks for is that of the caller")
            .lib("#[memo] fn train() -> i32 { tools::step!() }")
            .dependency(
                "tools",
                "#[macro_export] macro_rules! step {
                    () => { if cfg!(feature = \"fast\") { 1 } else { 2 } }
                }",
            )
            .feature_on("app", "fast")
            .changes("train"),
        case("a feature of a dependency that no reached code asks for")
            .lib("#[memo] fn train() -> i32 { tools::step() }")
            .dependency(
                "tools",
                "pub fn step() -> i32 { 1 } #[cfg(feature = \"json\")] pub fn other() {}",
            )
            .feature_on("tools", "json")
            .stays("train"),
        case("a feature of its own package that no reached code asks for")
            .lib("#[memo] fn train() -> i32 { 1 } #[cfg(feature = \"json\")] fn other() {}")
            .feature_on("app", "json")
            .stays("train"),
    ]);
}
