//! What is left to know when cargo fails.

use std::fs;

use memo_build::{Error, Query};
use memo_code::Model;
use memo_code::model::TargetKind;

use crate::project::{Project, contains, dependencies, names, package};

const FILES: [(&str, &str); 4] = [
    (
        "w/Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"a\", \"b\"]\n\
         [workspace.metadata.memo]\nwait = 5\n",
    ),
    (
        "w/a/Cargo.toml",
        "[package]\nname = \"a\"\nedition = \"2024\"\n[features]\nx = []\n[dependencies]\n\
         my-bee = { path = \"../b\", package = \"b\" }\n",
    ),
    (
        "w/b/Cargo.toml",
        "[package]\nname = \"b\"\n[build-dependencies]\noutside = { path = \"../../outside\" }\n",
    ),
    (
        "outside/Cargo.toml",
        "[package]\nname = \"outside\"\n[lib]\nname = \"from_outside\"\n",
    ),
];

/// Asks, and is content with less.
fn coarse(project: &Project) -> (Error, Model) {
    let query = Query {
        features: Some(vec!["x".to_owned()]),
        ..project.query("w/a")
    };
    let error = memo_build::model(&query).unwrap_err();
    let model = memo_build::coarse_model(&query, &error);
    (error, model)
}

#[test]
fn without_a_lock_file_local_packages_are_known() {
    let project = Project::new(&FILES);
    let (error, model) = coarse(&project);
    assert!(matches!(error, Error::Cargo(_)), "{error:?}");
    assert_eq!(model.trouble.as_deref(), Some("`cargo metadata` failed"));
    assert!(model.lock_digest.is_some());
    assert_eq!(names(&model), ["a", "b", "outside"]);
    assert_eq!(dependencies(&model, "a"), ["my_bee Normal b"]);
    assert_eq!(dependencies(&model, "b"), ["from_outside Build outside"]);
    assert_eq!(package(&model, "a").features, ["x"]);
    assert_eq!(model.workspace_root, "..");
    assert_eq!(model.settings, [("wait".to_owned(), "5".to_owned())]);
}

#[test]
fn with_a_broken_lock_file_its_digest_counts() {
    let project = Project::new(&FILES);
    project.write("w/Cargo.lock", "<<<<<<< ours");
    let (error, one) = coarse(&project);
    assert!(error.to_string().contains("Cargo.lock"), "{error}");
    project.write("w/Cargo.lock", "<<<<<<< theirs");
    let (_, other) = coarse(&project);
    assert_ne!(one.lock_digest, other.lock_digest);
    assert_eq!(one.packages, other.packages);
}

#[test]
fn with_a_broken_workspace_the_manifest_alone_tells() {
    let project = Project::new(&FILES);
    project.write("w/b/Cargo.toml", "[package\n");
    project.write("w/Cargo.lock", "version = 4\n");
    let (_, model) = coarse(&project);
    assert_eq!(names(&model), ["a"]);
    let library = &package(&model, "a").targets[0];
    assert_eq!((library.kind, library.edition), (TargetKind::Library, 2024));
    assert_eq!(model.workspace_root, "..");
    assert_eq!(model.settings, [("wait".to_owned(), "5".to_owned())]);
}

#[test]
fn a_downloaded_copy_is_not_asked_about() {
    for mark in [".cargo-ok", ".cargo-checksum.json"] {
        let project = Project::locked("w", &FILES);
        project.write(&format!("w/a/{mark}"), "{}");
        let (error, model) = coarse(&project);
        assert!(matches!(error, Error::Downloaded), "{error:?}");
        assert_eq!(names(&model), ["a"]);
        assert_eq!(package(&model, "a").targets[0].root, "src/lib.rs");
    }
}

#[test]
fn a_manifest_that_is_not_there_is_an_error_that_names_it() {
    let project = Project::locked("w", &FILES);
    fs::remove_file(project.path("w/a/Cargo.toml")).unwrap();
    let (error, model) = coarse(&project);
    assert!(error.to_string().contains("Cargo.toml"), "{error}");
    assert_eq!(names(&model), [""]);
}

#[test]
fn equal_workspaces_have_equal_coarse_models_and_no_path_in_them() {
    for lock in [None, Some("<<<<<<<")] {
        let [one, other] = [(); 2].map(|()| {
            let project = Project::new(&FILES);
            if let Some(lock) = lock {
                project.write("w/Cargo.lock", lock);
            }
            project
        });
        let bytes = coarse(&one).1.to_bytes();
        assert_eq!(bytes, coarse(&other).1.to_bytes());
        assert!(!contains(&bytes, one.path("").to_str().unwrap()));
    }
}
