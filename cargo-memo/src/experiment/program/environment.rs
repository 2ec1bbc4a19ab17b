//! The environment that `cargo run` gives a program, and `env!` the compiler.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::Package;

use super::CargoFlags;
use super::building::{Built, cargo};
use super::choice::Choice;
use super::command::resolve;
use super::settings::Config;

/// Where the dynamic linker looks for libraries.
const LIBRARIES: &str = if cfg!(target_os = "macos") {
    "DYLD_FALLBACK_LIBRARY_PATH"
} else {
    "LD_LIBRARY_PATH"
};

/// What a program is given beside the environment that there is.
pub(super) fn of_run(
    choice: Choice<'_>,
    built: &Built,
    flags: &CargoFlags,
) -> Vec<(OsString, OsString)> {
    let variables = of_package(choice.package).into_iter();
    let variables = variables
        .map(|(name, value)| (name.to_owned(), value))
        .chain(built.variables.iter().cloned())
        .map(|(name, value)| (name, OsString::from(value)));
    // What cargo sets itself comes later, and wins.
    let configured = Config::here().environment().into_iter();
    let mut all: Vec<(OsString, OsString)> = configured
        .chain(variables)
        .map(|(name, value)| (name.into(), value))
        .collect();
    let cargo = resolve(&cargo(), env::var_os("PATH").as_deref());
    all.extend(cargo.map(|cargo| ("CARGO".into(), cargo.into())));
    if let Some(libraries) = libraries(built, flags) {
        all.push((LIBRARIES.into(), libraries));
    }
    all
}

/// What cargo tells of a package, to its compiler and to its programs.
pub(super) fn of_package(package: &Package) -> Vec<(&'static str, String)> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let path = |path: &Option<cargo_metadata::camino::Utf8PathBuf>| {
        path.as_ref().map_or_else(String::new, ToString::to_string)
    };
    let version = &package.version;
    let dir = package.manifest_path.parent();
    let rust_version = package.rust_version.as_ref();
    vec![
        (
            "CARGO_MANIFEST_DIR",
            dir.map_or_else(String::new, ToString::to_string),
        ),
        ("CARGO_MANIFEST_PATH", package.manifest_path.to_string()),
        ("CARGO_PKG_AUTHORS", package.authors.join(":")),
        ("CARGO_PKG_DESCRIPTION", text(&package.description)),
        ("CARGO_PKG_HOMEPAGE", text(&package.homepage)),
        ("CARGO_PKG_LICENSE", text(&package.license)),
        ("CARGO_PKG_LICENSE_FILE", path(&package.license_file)),
        ("CARGO_PKG_NAME", package.name.to_string()),
        ("CARGO_PKG_README", path(&package.readme)),
        ("CARGO_PKG_REPOSITORY", text(&package.repository)),
        (
            "CARGO_PKG_RUST_VERSION",
            rust_version.map_or_else(String::new, ToString::to_string),
        ),
        ("CARGO_PKG_VERSION", version.to_string()),
        ("CARGO_PKG_VERSION_MAJOR", version.major.to_string()),
        ("CARGO_PKG_VERSION_MINOR", version.minor.to_string()),
        ("CARGO_PKG_VERSION_PATCH", version.patch.to_string()),
        ("CARGO_PKG_VERSION_PRE", version.pre.to_string()),
    ]
}

/// Where the program finds the libraries that it was linked with: those that were built here first,
/// then those of the toolchain.
fn libraries(built: &Built, flags: &CargoFlags) -> Option<OsString> {
    let profile = built.executable.parent()?;
    // Libraries of the system are found without this.
    let own = built.linked.iter().filter(|dir| dir.starts_with(profile));
    let mut dirs: Vec<PathBuf> = own.cloned().collect();
    dirs.extend([profile.to_owned(), profile.join("deps")]);
    dirs.extend(of_toolchain(flags));
    let around = env::var_os(LIBRARIES);
    dirs.extend(around.iter().flat_map(env::split_paths));
    if cfg!(target_os = "macos") && around.is_none() {
        let home = env::var_os("HOME").map(|home| Path::new(&home).join("lib"));
        dirs.extend(home);
        dirs.extend(["/usr/local/lib", "/usr/lib"].map(PathBuf::from));
    }
    env::join_paths(dirs).ok()
}

fn of_toolchain(flags: &CargoFlags) -> Option<PathBuf> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command.args(["--print", "target-libdir"]);
    if let Some(target) = &flags.target {
        command.args(["--target", target]);
    }
    let output = command.output().ok().filter(|it| it.status.success())?;
    let said = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(said.trim_end()))
}
