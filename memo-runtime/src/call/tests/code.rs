//! What the code of a function does to its calls.

use std::path::Path;

use super::*;
use crate::call::function::{Code, Function, Reached, Site, Workspace};
use crate::call::inputs::Inputs;
use crate::key::Digest;
use crate::manage::CodeLevel;

const ONE: &str = "1111111111111111111111111111111111111111111111111111111111111111";
const TWO: &str = "2222222222222222222222222222222222222222222222222222222222222222";

fn reached(fingerprint: &'static str, conditions: &'static [(&'static str, bool)]) -> Reached {
    Reached {
        fingerprint,
        conditions,
        list: b"a list",
        types: None,
    }
}

/// The function as a program has it that was compiled with this code.
fn site(code: Code) -> &'static Site {
    Box::leak(Box::new(Site::new(Function {
        package: "p",
        package_version: "1.0.0",
        binary: None,
        manifest_dir: "/nowhere",
        name: None,
        ordinal: 0,
        version: 0,
        code,
        ttl: None,
        codec: None,
        compress: None,
        memory: true,
        workspace: Some(Workspace {
            root: "..",
            settings: &[],
        }),
    })))
}

fn graph(fingerprint: &'static str) -> &'static Site {
    site(Code::Graph(reached(fingerprint, &[])))
}

/// A call of the function with this argument.
fn call(memo: &Memo, site: &'static Site, number: u32) -> Call<u32, impl FnOnce() -> u32> {
    let mut inputs = Inputs::new(site, "p::f::Here", "p::f::{{closure}}");
    inputs.store(memo);
    inputs.add("number", &number);
    Call::new(inputs, Keeping::all(), move || number)
}

/// A call of the function with the type argument `app::Plan`, as a program has it whose library
/// knows the code of these types.
fn generic_call(
    memo: &Memo,
    types: &'static [&'static str],
) -> Call<u32, impl FnOnce() -> u32 + use<>> {
    let reached = Reached {
        types: Some(types),
        ..reached(ONE, &[])
    };
    let site = site(Code::Graph(reached));
    let mut inputs = Inputs::new(site, "p::f::Here", "p::f<app::Plan>::{{closure}}");
    inputs.store(memo);
    Call::new(inputs, Keeping::all(), || 1)
}

impl Desk {
    /// The fingerprints that the store has lists of.
    fn lists(&self) -> Vec<Digest> {
        let mut found = Vec::new();
        let code = self.dir.path().join("store/code");
        for function in std::fs::read_dir(code).into_iter().flatten() {
            for file in std::fs::read_dir(function.unwrap().path()).unwrap() {
                let name = file.unwrap().file_name().into_string().unwrap();
                found.push(name.parse().unwrap());
            }
        }
        found.sort();
        found
    }

    fn clear(&self, criterion: &Criterion) {
        let vault = self.vault();
        vault
            .carry_out(&vault.plan(criterion).unwrap(), &())
            .unwrap();
    }
}

#[test]
fn fingerprint_and_truth_of_conditions_are_part_of_the_key() {
    let desk = Desk::new();
    let memo = desk.memo();
    let key = |code| call(&memo, site(code), 1).key().unwrap();
    let keys = [
        key(Code::None),
        key(Code::Function(ONE)),
        key(Code::Function(TWO)),
        key(Code::Graph(reached(ONE, &[]))),
        key(Code::Graph(reached(TWO, &[]))),
        key(Code::Graph(reached(ONE, &[("unix", true)]))),
        key(Code::Graph(reached(ONE, &[("unix", false)]))),
        key(Code::Graph(reached(ONE, &[("test", false)]))),
        key(Code::Graph(reached(ONE, &[("unix", true), ("test", true)]))),
    ];
    let distinct = std::collections::HashSet::from(keys);
    assert_eq!(distinct.len(), keys.len());
    assert_eq!(key(Code::Graph(reached(ONE, &[("unix", true)]))), keys[5]);
}

#[test]
fn the_program_counts_for_a_type_whose_code_is_not_known() {
    let desk = Desk::new();
    let memo = desk.memo();
    let key = |types| generic_call(&memo, types).key().unwrap();
    let known = key(&["app::Plan"]);
    assert_eq!(key(&["app::Other", "app::Plan"]), known);
    assert_eq!(key(&["app::"]), known);
    assert_ne!(key(&["app::Other"]), known);
    assert_eq!(key(&["app::Other"]), key(&["std::"]));
}

#[test]
fn an_entry_that_goes_by_the_program_names_code_that_the_store_has() {
    let desk = Desk::new();
    let memo = desk.memo();
    generic_call(&memo, &["app::Plan"]).get();
    let base = desk.lists();
    generic_call(&memo, &[]).get();
    let lists = desk.lists();
    assert_eq!((base.len(), lists.len()), (1, 2));
    let vault = desk.vault();
    let fingerprints: std::collections::BTreeSet<Option<Digest>> = desk
        .entries()
        .iter()
        .map(|planned| {
            vault
                .head(&planned.entry)
                .unwrap()
                .unwrap()
                .header
                .fingerprint
        })
        .collect();
    assert_eq!(fingerprints, lists.iter().copied().map(Some).collect());
}

#[test]
fn an_entry_names_the_level_and_the_code_that_the_store_has() {
    let desk = Desk::new();
    let memo = desk.memo();
    let conditions = &[("unix", true), ("test", false)];
    call(&memo, site(Code::Crate(reached(ONE, conditions))), 1).get();
    let planned = desk.entries().remove(0);
    let header = desk.vault().head(&planned.entry).unwrap().unwrap().header;
    assert_eq!(header.code_level, CodeLevel::Crate);
    let function = desk.vault().functions().unwrap().remove(0);
    let fingerprints = desk.vault().fingerprints(&function).unwrap();
    assert_eq!(header.fingerprint, Some(fingerprints[0]));
    let code = desk
        .vault()
        .code(&function, &fingerprints[0])
        .unwrap()
        .unwrap();
    assert_eq!(
        code.conditions,
        conditions.map(|(text, truth)| (text.to_owned(), truth))
    );
    assert_eq!(code.list, b"a list");
}

#[test]
fn the_code_is_kept_once_by_the_first_process_that_computes() {
    let desk = Desk::new();
    call(&desk.memo(), graph(ONE), 1).get();
    let files = || {
        let code = desk.dir.path().join("store/code");
        let function = std::fs::read_dir(code).unwrap().next().unwrap().unwrap();
        let file = std::fs::read_dir(function.path()).unwrap().next().unwrap();
        std::os::unix::fs::MetadataExt::ino(&file.unwrap().metadata().unwrap())
    };
    let first = files();
    call(&desk.memo(), graph(ONE), 2).get();
    assert_eq!(files(), first, "it was written again");
    assert_eq!(desk.lists().len(), 1);
    call(&desk.memo(), graph(TWO), 1).get();
    assert_eq!(desk.lists().len(), 2);
}

#[test]
fn no_hit_keeps_code_and_the_next_miss_does() {
    let desk = Desk::new();
    let (memo, site) = (desk.memo(), graph(ONE));
    call(&memo, site, 1).get();
    std::fs::remove_dir_all(desk.dir.path().join("store/code")).unwrap();
    assert_eq!(call(&memo, site, 1).fetch().outcome, Outcome::Hit);
    assert_eq!(desk.lists(), []);
    call(&memo, site, 2).get();
    assert_eq!(desk.lists().len(), 1);
}

#[test]
fn functions_without_reached_code_keep_none() {
    let desk = Desk::new();
    for code in [Code::None, Code::Function(ONE)] {
        call(&desk.memo(), site(code), 1).get();
    }
    assert_eq!(desk.entries().len(), 2);
    assert!(!desk.dir.path().join("store/code").exists());
}

#[test]
fn code_that_cannot_be_kept_costs_neither_the_value_nor_the_entry() {
    let desk = Desk::new();
    let (memo, site) = (desk.memo(), graph(ONE));
    std::fs::write(desk.dir.path().join("store/code"), "in the way").unwrap();
    assert_eq!(call(&memo, site, 1).get(), 1);
    assert_eq!(call(&memo, site, 1).fetch().outcome, Outcome::Hit);
}

#[test]
fn clearing_removes_the_code_that_no_entry_refers_to() {
    let desk = Desk::new();
    let memo = desk.memo();
    let (old, new) = (graph(ONE), graph(TWO));
    for (site, number) in [(old, 1), (old, 2), (new, 1)] {
        call(&memo, site, number).get();
    }
    let clear = |site, number| {
        let keys = [call(&memo, site, number).key().unwrap()];
        desk.clear(&Criterion::Of {
            functions: [].into(),
            keys: keys.into(),
        });
    };
    clear(old, 1);
    assert_eq!(desk.lists().len(), 2, "an entry refers to it");
    clear(old, 2);
    assert_eq!(desk.lists(), [new.fingerprint().unwrap()]);

    desk.clear(&Criterion::All);
    assert_eq!(desk.lists(), []);
    call(&memo, new, 1).get();
    assert_eq!(desk.lists(), [new.fingerprint().unwrap()]);
}

#[test]
fn clearing_again_removes_what_a_killed_one_left() {
    let desk = Desk::new();
    call(&desk.memo(), graph(ONE), 1).get();
    std::fs::remove_dir_all(desk.dir.path().join("store/entries")).unwrap();
    std::fs::create_dir(desk.dir.path().join("store/entries")).unwrap();
    desk.clear(&Criterion::All);
    assert_eq!(desk.lists(), []);
}

#[test]
fn an_entry_that_cannot_be_read_keeps_the_code_of_its_function() {
    let desk = Desk::new();
    let (memo, site) = (desk.memo(), graph(ONE));
    call(&memo, site, 1).get();
    call(&memo, site, 2).get();
    let refused = desk.entries().remove(0).entry;
    let path = desk.vault().entry_path(&refused);
    // A link is not followed, and what it leads to may be an entry.
    std::fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink("elsewhere", &path).unwrap();
    let other = desk
        .entries()
        .into_iter()
        .find(|one| one.entry.key != refused.key);
    desk.clear(&Criterion::Of {
        functions: [].into(),
        keys: [other.unwrap().entry.key].into(),
    });
    assert_eq!(desk.lists().len(), 1);
}

#[test]
fn the_store_is_in_the_workspace_that_the_build_script_told() {
    let temp = tempfile::tempdir().unwrap();
    let package = temp.path().join("a/package");
    std::fs::create_dir_all(&package).unwrap();
    let found = |workspace| Memo::of_package(Path::new(&package), Some(&workspace));
    let told = Workspace {
        root: "..",
        settings: &[("dir", "kept/here")],
    };
    let memo = found(told).unwrap();
    if std::env::var_os("MEMO_DIR").is_none() {
        assert_eq!(memo.dir(), temp.path().join("a/kept/here"));
    }
}
