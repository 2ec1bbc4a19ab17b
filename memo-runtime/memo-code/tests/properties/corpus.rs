//! Rust that people wrote: the files of this repository, and in long runs of others.

use std::fs;
use std::path::{Path, PathBuf};

use super::random::{Random, factor};

/// Source files, in a fixed order.
pub(crate) struct Corpus(Vec<PathBuf>);

impl Corpus {
    /// Whatever is at hand.
    pub(crate) fn new() -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = Vec::new();
        for dir in [
            "src",
            "tests",
            "../src",
            "../memo-macros/src",
            "../memo-build/src",
        ] {
            collect(&here.join(dir), &mut files);
        }
        assert!(files.len() > 10, "{files:?}");
        if factor().is_some() {
            let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
            let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
            collect(&home.expect("a home").join("registry/src"), &mut files);
        }
        Self(files)
    }

    /// The text of one of them, in which functions are memoized; none that includes files, which
    /// are not at hand.
    pub(crate) fn text(&self, random: &mut Random) -> String {
        const MOST: usize = 20_000;
        const INCLUDING: [&str; 3] = ["include!", "include_str!", "include_bytes!"];
        loop {
            let bytes = fs::read(&self.0[random.below(self.0.len())]).unwrap();
            if let Ok(text) = String::from_utf8(bytes)
                && text.len() < MOST
                && !INCLUDING.iter().any(|including| text.contains(including))
            {
                let text = text
                    .replace("\r\n", "\n")
                    .replace("\nfn ", "\n#[memo]\nfn ");
                return text.replace("\npub fn ", "\n#[memo]\npub fn ");
            }
        }
    }
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(dir) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
