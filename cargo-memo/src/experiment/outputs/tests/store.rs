//! No output reaches into the store, however either is named.

use super::*;

fn refusal(place: &Place, declared: &str, store: &Path) -> Option<String> {
    match check(&[declared.to_owned()], &place.work, store) {
        Ok(()) => None,
        Err(Failure::Usage(message)) => Some(message),
        Err(other) => panic!("{declared}: {other:?}"),
    }
}

#[test]
fn an_output_is_apart_from_the_store() {
    let cases = [
        ("target/memo", Some("it is the store")),
        ("./target//memo/", Some("it is the store")),
        ("target/memo/v1", Some("it lies in the store")),
        ("target", Some("it contains the store")),
        ("target/memory", None),
        ("target/mem", None),
        ("memo", None),
    ];
    let place = Place::new();
    for exists in [false, true] {
        if exists {
            place.directory("target/memo");
        }
        for (declared, expected) in cases {
            let found = refusal(&place, declared, &place.path("target/memo"));
            match expected {
                None => assert_eq!(found, None),
                Some(why) => assert!(found.unwrap().contains(why), "{declared}, {exists}"),
            }
        }
    }
}

#[test]
fn a_store_has_other_names() {
    let place = Place::new();
    place.directory("kept/store").link("link", "kept");
    let linked = place.outer.path().join("elsewhere");
    symlink(&place.work, &linked).unwrap();
    for store in [
        place.path("link/store"),
        place.path("kept/../kept/store"),
        linked.join("kept/store"),
    ] {
        let found = refusal(&place, "kept", &store).unwrap_or_default();
        assert!(
            found.contains("it contains the store"),
            "{store:?}: {found}"
        );
    }
    let found = refusal(&place, "link/store", &place.path("kept/store")).unwrap();
    assert!(found.contains("it is the store"), "{found}");
    let missing = place.path("new/../fresh/store");
    assert!(refusal(&place, "fresh", &missing).is_some());
}
