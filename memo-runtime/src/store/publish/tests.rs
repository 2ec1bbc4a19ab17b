use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::key::digest_of;
use crate::store::entry::Facts;

/// The mode of the file of a value of so many bytes.
fn mode(shared: bool, size: usize) -> u32 {
    let temp = tempfile::tempdir().unwrap();
    let store = Store::open(&temp.path().join("store"), shared).unwrap();
    let facts = Facts {
        key: digest_of("key").unwrap(),
        value_type: digest_of("type").unwrap(),
        codec: 1,
        created: 1,
        duration: 2,
        ttl: 0,
    };
    let place = Place::new("f-0", facts.key);
    let pieces = [vec![1; size].into()];
    let sealed = Sealed::new(&facts, b"header", &pieces);
    store
        .publish_unlocked(&place, &FunctionName::default(), &sealed, false, true)
        .unwrap();
    let metadata = std::fs::metadata(store.entry_path(&place)).unwrap();
    metadata.permissions().mode() & 0o777
}

#[test]
fn what_is_mapped_may_be_written_to_by_nobody_unless_others_renew_its_last_use() {
    assert_eq!(mode(false, 2 << 20), 0o400);
    assert_eq!(mode(false, 1000), 0o600);
    assert_eq!(mode(true, 2 << 20), 0o660);
}
