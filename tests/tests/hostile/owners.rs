//! A store that belongs to another user.

use crate::privileges::{Common, is_root, set_mode};
use crate::tree::tree;

#[test]
fn a_store_of_another_user_is_refused_and_left_alone() {
    if !is_root("a store of another user is refused and left alone") {
        return;
    }
    // The right of the owner and of the superuser to do without the other.
    let common = Common::new();
    common
        .run_as_nobody(&["get=1:100"])
        .did("keeps", &["computed 1"])
        .silently("keeps");
    let before = tree(&common.store());
    common
        .run(&["get=1:100", "get=2:100"])
        .did("as root", &["computed 1", "computed 2"])
        .warned_once("as root", "belongs to user id 65534");
    assert!(
        tree(&common.store()) == before,
        "a foreign store was changed"
    );

    let common = Common::new();
    common.run(&["get=1:100"]).did("keeps", &["computed 1"]);
    let before = tree(&common.store());
    set_mode(&common.store(), 0o755);
    common
        .run_as_nobody(&["get=1:100", "get=2:100"])
        .did("as nobody", &["computed 1", "computed 2"])
        .warned_once("as nobody", "belongs to user id 0");
    set_mode(&common.store(), 0o700);
    assert!(
        tree(&common.store()) == before,
        "a foreign store was changed"
    );
}
