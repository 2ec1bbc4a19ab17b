//! Which package is asked about, and how it is compiled.

use std::env;
use std::path::PathBuf;

/// A question to cargo: what is this package made of?
#[derive(Clone, Debug)]
pub struct Query {
    /// The package's `Cargo.toml`.
    pub manifest: PathBuf,
    /// The features of the package that are in force; `None` for those that are on by default.
    pub features: Option<Vec<String>>,
    /// The platforms whose dependencies count, such as `x86_64-unknown-linux-gnu`; this machine's
    /// if there are none.
    pub platforms: Vec<String>,
    /// The `OUT_DIR` of the package's build script where that runs: it may tell in which
    /// workspace the package is compiled.
    pub out_dir: Option<PathBuf>,
}

impl Query {
    /// Asks about a package as cargo compiles it on and for this machine if nothing else is said.
    pub fn new(manifest: impl Into<PathBuf>) -> Self {
        Self {
            manifest: manifest.into(),
            features: None,
            platforms: Vec::new(),
            out_dir: None,
        }
    }

    /// Asks about the package whose build script this is, beside its `OUT_DIR`; `None` outside of a
    /// build script.
    ///
    /// Dependencies of the host count too, as build scripts and procedural macros run there.
    pub(crate) fn of_build_script() -> Option<(Self, PathBuf)> {
        let out_dir = PathBuf::from(env::var_os("OUT_DIR")?);
        let directory = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?);
        let manifest = env::var_os("CARGO_MANIFEST_PATH");
        let features = env::var("CARGO_CFG_FEATURE").unwrap_or_default();
        let features = features.split(',').filter(|feature| !feature.is_empty());
        let mut platforms: Vec<_> = ["TARGET", "HOST"].into_iter().flat_map(env::var).collect();
        platforms.dedup();
        let query = Self {
            manifest: manifest.map_or_else(|| directory.join("Cargo.toml"), PathBuf::from),
            features: Some(features.map(str::to_owned).collect()),
            platforms,
            out_dir: Some(out_dir.clone()),
        };
        Some((query, out_dir))
    }

    /// The directory of the package; paths of a model are relative to it.
    pub(crate) fn directory(&self) -> PathBuf {
        let manifest =
            std::path::absolute(&self.manifest).unwrap_or_else(|_| self.manifest.clone());
        manifest.parent().map_or_else(PathBuf::new, PathBuf::from)
    }

    /// The workspace that is being compiled, if the target directory is in its usual place.
    ///
    /// A path dependency outside of the workspace is compiled with a lock file that cannot be
    /// found from its own manifest.
    pub(crate) fn compiled_in(&self) -> Option<PathBuf> {
        let mut around = self.out_dir.as_ref()?.ancestors();
        let root = around
            .find(|dir| dir.join("Cargo.lock").is_file() && dir.join("Cargo.toml").is_file())?;
        Some(root.to_owned())
    }
}
