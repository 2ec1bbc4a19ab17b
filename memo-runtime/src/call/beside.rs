//! The bytes of a large value go to the store at once, into what becomes its
//! entry: in memory they would be there twice.

use std::io;
use std::sync::Arc;

use crate::codec::Beside;
use crate::payload::Mapping;
use crate::store::Store;
use crate::store::spool::Spool;

/// An entry that is begun if a value is large.
pub(super) struct Room<'a> {
    store: &'a Arc<Store>,
    spool: Option<Spool>,
}

impl<'a> Room<'a> {
    pub(super) fn of(store: &'a Arc<Store>) -> Self {
        Self { store, spool: None }
    }

    /// The entry, if it was begun.
    pub(super) fn into_spool(self) -> Option<Spool> {
        self.spool
    }

    fn spool(&self) -> io::Result<&Spool> {
        self.spool.as_ref().ok_or(io::ErrorKind::NotFound.into())
    }
}

impl Beside for Room<'_> {
    fn begin(&mut self) -> io::Result<()> {
        let spool = Spool::begin(self.store).map_err(io::Error::other)?;
        self.spool = Some(spool);
        Ok(())
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let spool = self.spool.as_mut().ok_or(io::ErrorKind::NotFound)?;
        spool.append(bytes).map_err(io::Error::other)
    }

    fn contents(&self) -> io::Result<Mapping> {
        self.spool()?.mapped()
    }
}
