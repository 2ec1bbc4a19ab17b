//! Memory for a payload, into which it is read once: arrays to where they
//! remain.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::Refused;
use super::arrays::{self, Column};
use super::rebuild::{self, Elements, Item};
use super::table::{Leaf, Part, Place, Table};
use crate::payload::{Incoming, Mapping, Unsound};

/// So much is read at first: most tables are shorter.
const GLANCE: usize = 256;

/// Where a payload goes, as a table says that has not been checked.
pub(super) struct Room {
    planned: Table,
    /// The table's bytes.
    table: Vec<u8>,
    /// The zeros behind it.
    padding: Vec<u8>,
    parts: Vec<Held>,
}

/// Where the bytes of a part go.
struct Held {
    bytes: Bytes,
    /// The zeros behind them.
    padding: Vec<u8>,
}

enum Bytes {
    /// `None` once the value has it.
    Array(Option<Box<dyn Column>>),
    Coded(Vec<u8>),
}

impl Room {
    /// Room for a payload, of which nothing is trusted but its length.
    pub(super) fn for_payload(payload: &Incoming) -> Result<Result<Self, Refused>, Unsound> {
        let first = payload.first(GLANCE)?;
        Ok(match Table::length(&first, payload.len()) {
            Ok(length) if length <= first.len() => Self::planned(&first[..length], payload.len()),
            Ok(length) => Self::planned(&payload.first(length)?, payload.len()),
            Err(refused) => Err(refused),
        })
    }

    fn planned(table: &[u8], payload: u64) -> Result<Self, Refused> {
        let planned = Table::parse(table, payload)?;
        let mut parts: Vec<Held> = Vec::new();
        let mut padding = Vec::new();
        let mut next = table.len();
        for (leaf, place) in planned.leaves() {
            let at = place.range().ok_or_else(too_large)?;
            let before = parts.last_mut().map(|held| &mut held.padding);
            before.unwrap_or(&mut padding).resize(at.start - next, 0);
            next = at.end;
            parts.push(Held {
                bytes: match leaf {
                    Leaf::Coded(..) => Bytes::Coded(vec![0; at.len()]),
                    _ => Bytes::Array(Some(arrays::column(leaf, at.len())?)),
                },
                padding: Vec::new(),
            });
        }
        let table = table.to_vec();
        Ok(Self {
            planned,
            table,
            padding,
            parts,
        })
    }

    /// All of it, in the payload's order.
    pub(super) fn buffers(&mut self) -> Vec<&mut [u8]> {
        let mut buffers = vec![self.table.as_mut_slice(), &mut self.padding];
        for Held { bytes, padding } in &mut self.parts {
            buffers.push(match bytes {
                Bytes::Array(column) => {
                    column.as_mut().map_or(&mut [], |column| column.bytes_mut())
                }
                Bytes::Coded(bytes) => bytes,
            });
            buffers.push(padding);
        }
        buffers
    }

    /// The value, now that the payload has been read and checked.
    pub(super) fn value<T: DeserializeOwned>(&mut self) -> Result<T, Refused> {
        let len = self
            .buffers()
            .iter()
            .map(|buffer| buffer.len() as u64)
            .sum();
        if Table::parse(&self.table, len)? != self.planned {
            return Err(Refused::because("the table changed while it was read"));
        }
        are_zeros(&self.padding)?;
        let mut parts = self.parts.iter_mut();
        rebuild::value(items(&self.planned, |leaf, _| {
            let Held { bytes, padding } = parts.next().ok_or_else(no_bytes)?;
            are_zeros(padding)?;
            match (leaf, bytes) {
                (Leaf::Coded(codec, _), Bytes::Coded(bytes)) => Ok(Item::Coded(*codec, bytes)),
                (leaf, Bytes::Array(column)) => {
                    let column = column.take().ok_or_else(no_bytes)?;
                    Ok(Item::Array(leaf, Elements::Read(column)))
                }
                _ => Err(no_bytes()),
            }
        })?)
    }
}

/// The value that a payload is, which has been checked. Vectors that can be
/// mapped hold the mapping, all else is copied out of it.
pub(super) fn mapped<T: DeserializeOwned>(mapping: &Arc<Mapping>) -> Result<T, Refused> {
    let len = mapping.len() as u64;
    let mut next = Table::length(mapping, len)?;
    let table = Table::parse(&mapping[..next], len)?;
    rebuild::value(items(&table, |leaf, place| {
        let at = place.range().ok_or_else(too_large)?;
        are_zeros(&mapping[next..at.start])?;
        next = at.end;
        Ok(match leaf {
            Leaf::Coded(codec, _) => Item::Coded(*codec, &mapping[at]),
            _ => Item::Array(leaf, Elements::Mapped(mapping, at)),
        })
    })?)
}

/// The parts of a value, with what `with_bytes` gives to those that have bytes.
fn items<'t>(
    table: &'t Table,
    mut with_bytes: impl FnMut(&'t Leaf, Place) -> Result<Item<'t>, Refused>,
) -> Result<Vec<Item<'t>>, Refused> {
    let parts = table.parts.iter().map(|part| match part {
        Part::Leaf(leaf, place) => with_bytes(leaf, *place),
        open => Ok(Item::Open(open)),
    });
    parts.collect()
}

fn are_zeros(padding: &[u8]) -> Result<(), Refused> {
    match padding.iter().all(|&byte| byte == 0) {
        true => Ok(()),
        false => Err(Refused::because("there is something between the parts")),
    }
}

fn too_large() -> Refused {
    Refused::because("a part is too large for this machine")
}

fn no_bytes() -> Refused {
    Refused::because("a part has no bytes")
}
