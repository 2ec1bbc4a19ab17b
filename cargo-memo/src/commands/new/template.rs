//! The starter experiment, and how it becomes a package of another name. It is
//! what `template/` in the repository holds, where it is built and tested.

use toml_edit::Value;

/// What the package is called in the template.
const NAME: &str = "memo-starter";

/// The directories of the packages that it depends on, in a checkout.
const DEPENDENCIES: [&str; 2] = ["memo-runtime", "memo-runtime/memo-build"];

/// A file of the template, by its path.
macro_rules! file {
    ($path:literal) => {
        file!($path, $path)
    };
    ($path:literal, $here:literal) => {
        ($path, include_str!(concat!("../../../template/", $here)))
    };
}

/// The template. Its manifest goes by another name here: a directory with a
/// `Cargo.toml` is left out when cargo packages the one around it.
const FILES: [(&str, &str); 10] = [
    file!("Cargo.toml", "manifest.toml"),
    file!("README.md"),
    file!("build.rs"),
    file!("src/args.rs"),
    file!("src/data.rs"),
    file!("src/main.rs"),
    file!("src/model.rs"),
    file!("src/picture.rs"),
    file!("src/random.rs"),
    file!("tests/program.rs"),
];

/// The files of a package called `name`, by their paths in it. `source` tells
/// where a dependency comes from that is in this directory of a checkout.
pub(super) fn files(name: &str, source: impl Fn(&str) -> Value) -> Vec<(&'static str, String)> {
    let mut files = FILES.map(|(path, text)| (path, text.replace(NAME, name)));
    for directory in DEPENDENCIES {
        let (_, manifest) = &mut files[0];
        *manifest = manifest.replace(&from_here(directory), &source(directory).to_string());
    }
    files.into()
}

/// The paths of these files.
pub(super) fn paths() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(path, _)| *path)
}

/// Where the template has a dependency from.
fn from_here(directory: &str) -> String {
    format!("{{ path = \"../{directory}\" }}")
}

#[cfg(test)]
mod tests {
    use toml_edit::DocumentMut;

    use super::*;

    fn manifest() -> DocumentMut {
        let files = files("two-words", |directory| format!("of {directory}").into());
        files[0].1.parse().unwrap()
    }

    #[test]
    fn the_manifest_is_of_a_package_that_stands_alone() {
        let manifest = manifest();
        assert_eq!(manifest["package"]["name"].as_str(), Some("two-words"));
        assert_eq!(
            manifest["dependencies"]["memo-runtime"].as_str(),
            Some("of memo-runtime")
        );
        assert_eq!(
            manifest["build-dependencies"]["memo-build"].as_str(),
            Some("of memo-runtime/memo-build")
        );
        let text = manifest.to_string();
        for word in ["workspace", "path"] {
            assert!(!text.contains(word), "{word} in\n{text}");
        }
    }

    #[test]
    fn the_name_of_the_template_is_nowhere_left() {
        for (path, text) in files("two-words", |_| "0".into()) {
            for name in [NAME.to_owned(), NAME.replace('-', "_")] {
                assert!(!text.contains(&name), "{name} in {path}");
            }
        }
    }
}
