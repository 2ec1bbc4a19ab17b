//! Finding entries by the beginning of their keys.
//!
//! Only directories are read in which they may be: the layout puts keys that
//! begin alike into one directory of each function.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::Store;
use super::inventory::{Entry, FunctionDir};
use crate::error::StoreError;
use crate::key::Digest;

impl Store {
    /// Hands out the entries of `functions` whose key begins with the hex
    /// digits `id`, each with the position of its function.
    pub(crate) fn each_beginning_with(
        &self,
        functions: &[FunctionDir],
        id: &str,
        mut found: impl FnMut(usize, Entry),
    ) -> Result<(), StoreError> {
        let may_hold = |fan: &str| id.starts_with(fan) || fan.starts_with(id);
        self.each_in_fans(functions, may_hold, |function, entry| {
            if entry.key.to_hex().starts_with(id) {
                found(function, entry);
            }
        })
    }

    /// The keys of all entries of `functions` that have the first byte of one
    /// of `keys`.
    pub(crate) fn keys_beside(
        &self,
        functions: &[FunctionDir],
        keys: &[Digest],
    ) -> Result<Vec<Digest>, StoreError> {
        let fans: BTreeSet<String> = keys.iter().map(|key| fan(key.as_bytes()[0])).collect();
        let mut beside = Vec::new();
        self.each_in_fans(
            functions,
            |fan| fans.contains(fan),
            |_, entry| {
                beside.push(entry.key);
            },
        )?;
        Ok(beside)
    }

    fn each_in_fans(
        &self,
        functions: &[FunctionDir],
        wanted: impl Fn(&str) -> bool,
        mut found: impl FnMut(usize, Entry),
    ) -> Result<(), StoreError> {
        let fans: Vec<String> = (0..=u8::MAX).map(fan).filter(|fan| wanted(fan)).collect();
        for (function, named) in functions.iter().enumerate() {
            let dir: Arc<str> = named.dir.as_str().into();
            for fan in &fans {
                self.each_in_fan(&dir, fan, |entry| {
                    found(function, entry);
                    ControlFlow::Continue(())
                })?;
            }
        }
        Ok(())
    }
}

/// The directory of keys with this first byte.
fn fan(byte: u8) -> String {
    format!("{byte:02x}")
}
