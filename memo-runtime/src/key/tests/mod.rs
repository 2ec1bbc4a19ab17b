//! What must hold of digests, keys and short texts.

mod by_hand;
mod distinct;
mod golden;
mod names;
mod numbers;
mod random;
mod spelled;
mod text;
mod trouble;
mod unordered;

use serde::{Serialize, Serializer};

use super::{Digest, Spelled, digest_of};

/// The digest of a value that is known to have one, and has the same when it
/// is spelled out first.
fn digest<T: Serialize + ?Sized>(value: &T) -> Digest {
    let digest = digest_of(value).expect("the value serializes");
    let mut spelled = Spelled::new();
    let spot = spelled
        .argument("value", value)
        .expect("the value serializes");
    assert_eq!(spelled.digest_of(&spot), digest);
    digest
}

/// A byte string, which no type of the standard library serializes as.
struct Bytes<'a>(&'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}
