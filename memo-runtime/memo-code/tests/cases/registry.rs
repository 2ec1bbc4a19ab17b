//! Packages from a registry, which count by version with all that is beneath them.

use memo_code::model::{DependencyKind, TargetKind};

use super::case::case;
use super::judge::table;

#[test]
fn of_a_registry() {
    table([
        case("a version")
            .lib(
                "#[memo] fn train() -> f64 { ndarray::arr0(1.0).sum() }
                #[memo] fn other() -> i32 { 1 }",
            )
            .external("ndarray", "0.16.0")
            .upgrade("ndarray", "0.17.1")
            .changes("train")
            .stays("other"),
        case("a checksum")
            .lib("#[memo] fn train() -> f64 { ndarray::arr0(1.0).sum() }")
            .external("ndarray", "0.16.0")
            .then(|project| project.external("ndarray").checksum = Some("another".into()))
            .changes("train"),
        case("a commit")
            .lib("#[memo] fn train() -> f64 { ndarray::arr0(1.0).sum() }")
            .external("ndarray", "0.16.0")
            .then(|project| project.external("ndarray").source = "https://x.org/n#1f2e".into())
            .changes("train"),
        case("a feature")
            .lib("#[memo] fn train() -> f64 { ndarray::arr0(1.0).sum() }")
            .external("ndarray", "0.16.0")
            .then(|project| project.external("ndarray").features.push("blas".into()))
            .changes("train"),
        case("a package beneath it")
            .lib("#[memo] fn train() -> f64 { ndarray::arr0(1.0).sum() }")
            .external("ndarray", "0.16.0")
            .beneath("ndarray", "matrixmultiply", "0.3.1")
            .beneath("matrixmultiply", "rawpointer", "0.2.0")
            .upgrade("rawpointer", "0.2.1")
            .changes("train"),
        case("a new package beneath it")
            .lib("#[memo] fn train() -> f64 { ndarray::arr0(1.0).sum() }")
            .external("ndarray", "0.16.0")
            .then(|project| project.add_beneath("ndarray", "rawpointer", "0.2.0"))
            .changes("train"),
        case("packages that depend on each other")
            .lib("#[memo] fn train() -> f64 { a::run() }")
            .external("a", "1.0.0")
            .beneath("a", "b", "1.0.0")
            .with(|project| project.external("b").dependencies.push(0))
            .upgrade("b", "1.0.1")
            .changes("train"),
        case("by an import")
            .lib("use ndarray::arr0 as a; #[memo] fn train() -> f64 { a(1.0).sum() }")
            .external("ndarray", "0.16.0")
            .upgrade("ndarray", "0.17.1")
            .changes("train"),
        case("by the import of a type that only an argument has")
            .lib("use ndarray::Array1; #[memo] fn train(x: Array1<f64>) -> f64 { 1.0 }")
            .external("ndarray", "0.16.0")
            .upgrade("ndarray", "0.17.1")
            .changes("train"),
        case("by a glob")
            .lib("use rayon::prelude::*; #[memo] fn train(x: &[i32]) -> i32 { x.par_iter().sum() }")
            .external("rayon", "1.10.0")
            .upgrade("rayon", "1.11.0")
            .changes("train"),
        case("by a trait that brings a method")
            .lib("use itertools::Itertools; #[memo] fn train(x: &[i32]) -> usize { x.iter().sorted().len() }")
            .external("itertools", "0.13.0")
            .upgrade("itertools", "0.14.0")
            .changes("train"),
        case("by a trait without a name that brings a method")
            .lib("use itertools::Itertools as _; #[memo] fn train(x: &[i32]) -> usize { x.iter().sorted().len() }")
            .external("itertools", "0.13.0")
            .upgrade("itertools", "0.14.0")
            .changes("train"),
        case("by a trait that brings an associated function")
            .lib("use num_traits::Zero; #[memo] fn train() -> f64 { f64::zero() }")
            .external("num-traits", "0.2.18")
            .upgrade("num-traits", "0.2.19")
            .changes("train"),
        case("by an import inside a helper")
            .lib(
                "#[memo] fn train() -> usize { helper(&[1]) }
                fn helper(x: &[i32]) -> usize { use itertools::Itertools; x.iter().sorted().len() }",
            )
            .external("itertools", "0.13.0")
            .upgrade("itertools", "0.14.0")
            .changes("train"),
        case("by an import in a module around it")
            .lib(
                "mod model {
                    use ndarray as nd;
                    pub mod deep { use super::*; #[memo] pub fn train() -> f64 { nd::arr0(1.0).sum() } }
                }",
            )
            .external("ndarray", "0.16.0")
            .upgrade("ndarray", "0.17.1")
            .changes("train"),
        case("by the type of a field")
            .lib(
                "#[memo] fn train(x: &Net) -> f64 { x.weights.sum() }
                struct Net { weights: ndarray::Array1<f64> }",
            )
            .external("ndarray", "0.16.0")
            .upgrade("ndarray", "0.17.1")
            .changes("train"),
        case("by the result of a helper")
            .lib("use data::load; #[memo] fn train() -> f64 { load().sum() }")
            .dependency("data", "use ndarray::arr0; pub fn load() -> impl Sum { arr0(1.0) }")
            .external_of("data", "ndarray", "0.16.0")
            .upgrade("ndarray", "0.17.1")
            .changes("train"),
        case("by a re-export of a dependency")
            .lib("use data::nd; #[memo] fn train() -> f64 { nd::arr0(1.0).sum() }")
            .dependency("data", "pub use ndarray as nd;")
            .external_of("data", "ndarray", "0.16.0")
            .upgrade("ndarray", "0.17.1")
            .changes("train"),
        case("by a glob of a dependency's prelude")
            .lib("use data::prelude::*; #[memo] fn train() -> f64 { arr0(1.0).sum() }")
            .dependency("data", "pub mod prelude { pub use ndarray::prelude::*; }")
            .external_of("data", "ndarray", "0.16.0")
            .upgrade("ndarray", "0.17.1")
            .changes("train"),
        case("by a macro")
            .lib("#[memo] fn train() -> f64 { ndarray::array![1.0].sum() }")
            .external("ndarray", "0.16.0")
            .upgrade("ndarray", "0.17.1")
            .changes("train"),
        case("by a macro of macro_use")
            .lib("#[macro_use] extern crate ndarray; #[memo] fn train() -> f64 { array![1.0].sum() }")
            .external("ndarray", "0.16.0")
            .upgrade("ndarray", "0.17.1")
            .changes("train"),
        case("by a macro of a dependency that writes its path")
            .lib("#[memo] fn train() -> f64 { data::load!() }")
            .dependency(
                "data",
                "#[macro_export] macro_rules! load { () => { $crate::nd::arr0(1.0).sum() } }
                #[doc(hidden)] pub use ndarray as nd;",
            )
            .external_of("data", "ndarray", "0.16.0")
            .upgrade("ndarray", "0.17.1")
            .changes("train"),
        case("with a leading colon")
            .lib("#[memo] fn train() -> f64 { ::ndarray::arr0(1.0).sum() }")
            .external("ndarray", "0.16.0")
            .upgrade("ndarray", "0.17.1")
            .changes("train"),
        case("under another name")
            .lib("#[memo] fn train() -> f64 { nd::arr0(1.0).sum() }")
            .external("ndarray", "0.16.0")
            .known_as("nd")
            .upgrade("ndarray", "0.17.1")
            .changes("train"),
        case("by the impl of its trait for a type that is used")
            .lib(
                "struct Net;
                impl approx::AbsDiffEq for Net { fn eps() -> f64 { 0.1 } }
                #[memo] fn train(x: Net) -> f64 { 1.0 }",
            )
            .external("approx", "0.5.0")
            .upgrade("approx", "0.5.1")
            .changes("train"),
        case("the other of two versions of one package")
            .lib("#[memo] fn train() -> i32 { rand::random() } #[memo] fn old() -> i32 { rand_old::random() }")
            .external("rand", "0.8.5")
            .with(|project| project.add_external("app", "rand_old", "rand", "0.7.3"))
            .then(|project| project.model_mut().externals[1].version = "0.7.4".into())
            .stays("train")
            .changes("old"),
        case("one version of a package turns into the other")
            .lib("#[memo] fn train() -> i32 { rand::random() }")
            .external("rand", "0.8.5")
            .with(|project| project.add_external("app", "rand_old", "rand", "0.7.3"))
            .then(|project| {
                let dependencies = &mut project.package("app").dependencies;
                let on = dependencies[0].on;
                dependencies[0].on = dependencies[1].on;
                dependencies[1].on = on;
            })
            .changes("train"),
        case("a dependency that only another module imports")
            .lib(
                "#[memo] fn train() -> i32 { 1 }
                mod plot { use plotters::prelude::*; pub fn draw() { line(); } }",
            )
            .external("plotters", "0.3.6")
            .upgrade("plotters", "0.3.7")
            .stays("train"),
        case("a dependency that nobody names")
            .lib("#[memo] fn train() -> i32 { 1 }")
            .external("openssl-sys", "0.9.0")
            .upgrade("openssl-sys", "0.9.1")
            .stays("train"),
        case("a dependency of the build script")
            .lib("#[memo] fn train() -> i32 { 1 }")
            .build_script("app", "fn main() { cc::Build::new(); }")
            .external("cc", "1.0.0")
            .only_for(DependencyKind::Build)
            .upgrade("cc", "1.0.1")
            .stays("train"),
        case("a dependency of tests")
            .lib("#[memo] fn train() -> i32 { 1 } #[cfg(test)] mod tests { use proptest::*; }")
            .external("proptest", "1.5.0")
            .only_for(DependencyKind::Development)
            .upgrade("proptest", "1.6.0")
            .stays("train"),
        case("a new dependency")
            .lib("#[memo] fn train() -> f64 { ndarray::arr0(1.0).sum() }")
            .external("ndarray", "0.16.0")
            .then(|project| project.add_external("app", "anyhow", "anyhow", "1.0.0"))
            .stays("train"),
        case("an external crate is replaced by one of ours")
            .lib("#[memo] fn train() -> i32 { rand::random() }")
            .external("rand", "0.8.5")
            .then(|project| {
                project.package("app").dependencies.clear();
                project.add_package("app", "rand", TargetKind::Library, "pub fn random() -> i32 { 4 }");
            })
            .changes("train"),
    ]);
}
