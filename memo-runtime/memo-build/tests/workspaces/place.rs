//! Where packages are, and that it does not matter where that is.

use memo_build::Query;

use crate::project::{Project, contains, names, package};

/// A workspace with a member, an excluded package, and one outside.
const FILES: [(&str, &str); 4] = [
    (
        "w/Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"a\"]\nexclude = [\"excluded\"]\n\
         [workspace.metadata.memo]\ndir = \"kept\"\n",
    ),
    (
        "w/a/Cargo.toml",
        "[package]\nname = \"a\"\n[dependencies]\nexcluded = { path = \"../excluded\" }\n\
         outside = { path = \"../../outside\", features = [\"x\"] }\n",
    ),
    ("w/excluded/Cargo.toml", "[package]\nname = \"excluded\"\n"),
    (
        "outside/Cargo.toml",
        "[package]\nname = \"outside\"\n[features]\nx = []\ny = []\n",
    ),
];

fn query_of_script(project: &Project, package: &str, workspace: &str) -> Query {
    let mut query = project.query(package);
    query.features = Some(vec!["x".to_owned()]);
    query.out_dir = Some(project.path(workspace).join("target/debug/build/it/out"));
    query
}

#[test]
fn packages_outside_of_the_workspace_count_too() {
    let project = Project::locked("w", &FILES);
    let model = project.model("w/a");
    assert_eq!(names(&model), ["a", "excluded", "outside"]);
    assert_eq!(package(&model, "excluded").dir, "../excluded");
    assert_eq!(package(&model, "outside").dir, "../../outside");
    assert_eq!(package(&model, "outside").features, ["x"]);
}

#[test]
fn a_package_outside_is_compiled_with_the_lock_file_of_the_workspace() {
    let project = Project::locked("w", &FILES);
    for dir in ["outside", "w/excluded"] {
        assert!(memo_build::model(&project.query(dir)).is_err(), "{dir}");
    }
    let query = query_of_script(&project, "outside", "w");
    for has_its_own in [false, true] {
        if has_its_own {
            project.lock("outside");
        }
        let model = memo_build::model(&query).unwrap();
        assert_eq!(names(&model), ["outside"]);
        assert_eq!(model.workspace_root, "../w");
        assert_eq!(model.settings, [("dir".to_owned(), "kept".to_owned())]);
        assert_eq!(package(&model, "outside").features, ["x"]);
    }
    let model = memo_build::model(&query_of_script(&project, "w/excluded", "w")).unwrap();
    assert_eq!(model.workspace_root, "..");
}

#[test]
fn where_cargo_fails_the_lock_file_that_is_compiled_with_counts() {
    let project = Project::new(&FILES);
    let query = query_of_script(&project, "outside", "w");
    let [one, other] = ["ours", "theirs"].map(|text| {
        project.write("w/Cargo.lock", &format!("<<<<<<< {text}"));
        let error = memo_build::model(&query).unwrap_err();
        memo_build::coarse_model(&query, &error)
    });
    assert_eq!(one.packages, other.packages);
    assert_ne!(one.lock_digest, other.lock_digest);
}

#[test]
fn a_target_directory_in_another_workspace_tells_nothing() {
    let project = Project::locked("w", &FILES);
    project.write("other/Cargo.toml", "[package]\nname = \"other\"\n");
    project.write("other/src/lib.rs", "");
    project.lock("other");
    let mut query = query_of_script(&project, "w/a", "other");
    query.features = Some(Vec::new());
    assert_eq!(memo_build::model(&query).unwrap(), project.model("w/a"));
}

#[test]
fn equal_workspaces_have_equal_models_and_no_path_in_them() {
    let one = Project::locked("w", &FILES);
    let other = Project::locked("w", &FILES);
    let bytes = one.model("w/a").to_bytes();
    assert_eq!(bytes, other.model("w/a").to_bytes());
    assert!(!contains(&bytes, one.path("").to_str().unwrap()));
}

#[test]
fn asking_leaves_nothing_in_the_workspace() {
    let project = Project::new(&FILES);
    let before = crate::project::files_below(&project.path(""));
    memo_build::model(&project.query("w/a")).unwrap_err();
    project.lock("w");
    project.model("w/a");
    let mut after = crate::project::files_below(&project.path(""));
    after.retain(|path| !path.ends_with("w/Cargo.lock"));
    assert_eq!(after, before);
}
