//! Shelves in keys, for people, and in what is kept: a shelf in a key is the
//! digest of its value, and one that is read finds its value in the store that
//! it is read from.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Label, Shelved};
use crate::call::Memo;
use crate::key;

const NAME: &str = "Shelved";

impl<T> Serialize for Shelved<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let label = &*self.label;
        match key::audience::<S>() {
            key::Audience::Key => serializer.serialize_newtype_struct(NAME, &label.content),
            // The same call may come out otherwise.
            key::Audience::People => {
                let content = label.content.to_hex();
                serializer.collect_str(&format_args!("{} {}", label.call, &content[..8]))
            }
            key::Audience::Other => {
                let mut shelf = serializer.serialize_struct(NAME, 1)?;
                shelf.serialize_field("label", label)?;
                shelf.end()
            }
        }
    }
}

impl<'de, T> Deserialize<'de> for Shelved<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename = "Shelved")]
        struct Shelf {
            label: Label,
        }
        let Shelf { label } = Shelf::deserialize(deserializer)?;
        Ok(Self {
            label: Arc::new(label),
            memo: CURRENT.with_borrow(Clone::clone),
            value: PhantomData,
        })
    }
}

thread_local! {
    /// The store out of which this thread is taking a value.
    static CURRENT: RefCell<Option<Memo>> = const { RefCell::new(None) };
}

/// Does `take`, which takes a value out of the store of `memo`: shelves in the
/// value are looked for there.
pub(crate) fn within<R>(memo: Option<&Memo>, take: impl FnOnce() -> R) -> R {
    struct Restored(Option<Memo>);
    impl Drop for Restored {
        fn drop(&mut self) {
            CURRENT.set(self.0.take());
        }
    }
    let _restored = Restored(CURRENT.replace(memo.cloned()));
    take()
}

/// Bytes that are held, as what a vector of them is.
pub(super) mod bytes {
    use super::*;

    pub(in crate::shelved) fn serialize<S: Serializer>(
        bytes: &Arc<Vec<u8>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        bytes.as_slice().serialize(serializer)
    }

    pub(in crate::shelved) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Arc<Vec<u8>>, D::Error> {
        Vec::deserialize(deserializer).map(Arc::new)
    }
}
