//! Lists of code: of what a fingerprint is made, for people who ask why a
//! result was computed again.
//!
//! ```text
//! file    = magic version digest body
//! magic   = 89 'm' 'c' 'o' 'd' 0D 0A 1A
//! version = u32, 1, little-endian
//! digest  = BLAKE3 over version and body, 32 bytes
//! body    = a record (`codec::record`): the conditions, each a text and its
//!           truth, and the bytes of the list as `#[memo]` made them
//! ```
//!
//! Every later version keeps the places of magic, version and digest. What
//! must hold: no call fails for a list, and no hit looks for one. A list that
//! is missing or damaged makes an explanation poorer and nothing else; the
//! next miss writes one that is missing.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::dir::{self, Dir, regular};
use super::inventory::{Unreadable, list};
use super::layout::{self, CODE};
use super::publish::{ATTEMPTS, write_temporary};
use super::{Store, check_owner};
use crate::codec::record;
use crate::error::StoreError;
use crate::key::Digest;

const MAGIC: [u8; 8] = *b"\x89mcod\r\n\x1a";
const VERSION: u32 = 1;
const HEAD: usize = 8 + 4 + 32;
/// So many entries are read at most to find the lists that none refers to.
const MOST_READS: u32 = 10_000;
/// No list is longer, nor could its record be read.
const LONGEST: u64 = 16 << 20;

/// What the store has of the code behind a fingerprint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredCode<C = Vec<(String, bool)>, L = Vec<u8>> {
    /// Conditions of compilation that the fingerprint depends on, and their
    /// truth.
    pub conditions: C,
    /// The list of everything else, as `#[memo]` made it.
    pub list: L,
}

/// The code behind a fingerprint, as a program has it.
pub(crate) type CodeInProgram<'a> = StoredCode<Cow<'a, [(&'a str, bool)]>, &'a [u8]>;

impl Store {
    /// Keeps the list of a fingerprint of a function, if there is none.
    pub(crate) fn keep_code(
        &self,
        function: &str,
        fingerprint: &Digest,
        code: &CodeInProgram<'_>,
        durable: bool,
    ) -> Result<(), StoreError> {
        let relative = format!("{CODE}/{function}/{fingerprint}");
        let there = self
            .root
            .open_read(&relative)
            .and_then(|file| regular(&file));
        // An empty file is what a power cut leaves.
        if there.is_ok_and(|stat| dir::size(&stat) > 0) {
            return Ok(());
        }
        let failed = |error| StoreError::io("write", self.path().join(&relative), error);
        let Some(bytes) = encode(code) else {
            return Err(failed(io::ErrorKind::FileTooLarge.into()));
        };
        let code_dir = self.root.open_or_make_dir(CODE).map_err(failed)?;
        check_owner(&code_dir, self.shared, self.user)?;
        let tmp = self.tmp()?;
        let temporary = layout::unique_name();
        let put = || {
            let dir = code_dir.open_or_make_dir(function)?;
            tmp.rename(&temporary, &dir, &fingerprint.to_hex())
        };
        let written = write_temporary(tmp, &temporary, |file| {
            file.write_all(&bytes)?;
            if durable { file.sync_data() } else { Ok(()) }
        })
        .and_then(|()| {
            // Others may remove the directory as soon as it is made.
            let gone = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
            let mut attempts = (0..ATTEMPTS).map(|_| put());
            attempts
                .find(|attempt| !attempt.as_ref().is_err_and(gone))
                .unwrap_or(Err(io::ErrorKind::NotFound.into()))
        });
        if written.is_err() {
            let _ = tmp.unlink(&temporary);
        }
        written.map_err(failed)
    }

    /// The list of a fingerprint; `None`: there is none.
    pub(crate) fn code(
        &self,
        function: &str,
        fingerprint: &Digest,
    ) -> Result<Option<StoredCode>, Unreadable> {
        let system = |error: io::Error| Unreadable::System(error.to_string());
        let file = match self
            .root
            .open_read(&format!("{CODE}/{function}/{fingerprint}"))
        {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(system(error)),
        };
        let damaged = |problem: &str| Unreadable::Damaged(problem.to_owned());
        let size = regular(&file).map(|stat| dir::size(&stat));
        let size = size.map_err(|_| damaged("it is not a regular file"))?;
        if size > LONGEST {
            return Err(damaged("it is longer than a list can be"));
        }
        let mut bytes = Vec::with_capacity(size as usize);
        file.take(size).read_to_end(&mut bytes).map_err(system)?;
        decode(&bytes).map(Some)
    }

    /// The fingerprints of a function that there are lists of, sorted.
    pub(crate) fn fingerprints(&self, function: &str) -> Result<Vec<Digest>, StoreError> {
        let open = self
            .root
            .open_dir(CODE)
            .and_then(|code| code.open_dir(function));
        let dir = match open {
            Ok(dir) => dir,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => {
                let path = self.path().join(CODE).join(function);
                return Err(StoreError::io("list", path, error));
            }
        };
        let mut found = digests(&dir)?;
        found.sort();
        Ok(found)
    }

    /// The directories of functions that there are lists of.
    pub(crate) fn code_dirs(&self) -> Result<Vec<String>, StoreError> {
        match self.root.open_dir(CODE) {
            Ok(code) => {
                let mut names = list(&code)?;
                names.retain(|name| code.open_dir(name).is_ok());
                Ok(names)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(StoreError::io("list", self.path().join(CODE), error)),
        }
    }

    /// Removes the list of a fingerprint if it is still damaged; whether it
    /// was removed.
    pub(crate) fn remove_damaged_code(
        &self,
        function: &str,
        fingerprint: &Digest,
    ) -> Result<bool, StoreError> {
        if !matches!(
            self.code(function, fingerprint),
            Err(Unreadable::Damaged(_))
        ) {
            return Ok(false);
        }
        let name = fingerprint.to_hex();
        let code = self.root.open_dir(CODE);
        let removed = code
            .and_then(|code| code.open_dir(function))
            .and_then(|dir| dir.unlink(&name));
        match removed {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => {
                let path = self.path().join(CODE).join(function).join(&name);
                Err(StoreError::io("remove", path, error))
            }
        }
    }

    /// Removes the lists that no entry refers to: of the functions with these
    /// directories, and of all that have no entry. What cannot be removed, or
    /// not be told in reasonable time, stays for another time.
    pub(crate) fn remove_unused_code(&self, functions: &BTreeSet<&str>) -> Result<(), StoreError> {
        let Ok(code) = self.root.open_dir(CODE) else {
            return Ok(());
        };
        let mut reads = MOST_READS;
        check_owner(&code, self.shared, self.user)?;
        for function in list(&code)? {
            let Ok(dir) = code.open_dir(&function) else {
                continue;
            };
            if !functions.contains(function.as_str()) && self.has_entry(&function)? {
                continue;
            }
            for fingerprint in self.unused(&function, digests(&dir)?, &mut reads)? {
                let _ = dir.unlink(&fingerprint.to_hex());
            }
            let _ = code.remove_dir(&function);
        }
        Ok(())
    }

    fn has_entry(&self, function: &str) -> Result<bool, StoreError> {
        let mut found = false;
        self.each_entry_in(function, |_| {
            found = true;
            ControlFlow::Break(())
        })?;
        Ok(found)
    }

    /// Those of `fingerprints` that no entry of the function refers to. An
    /// entry that cannot be read may refer to any, and so may one that is not:
    /// only so many `reads` are left.
    fn unused(
        &self,
        function: &str,
        fingerprints: Vec<Digest>,
        reads: &mut u32,
    ) -> Result<BTreeSet<Digest>, StoreError> {
        let mut unused = BTreeSet::from_iter(fingerprints);
        self.each_entry_in(function, |entry| {
            if *reads == 0 {
                unused.clear();
                return ControlFlow::Break(());
            }
            *reads -= 1;
            match self.head(&entry) {
                Ok(Some(head)) => {
                    if let Some(fingerprint) = head.header.fingerprint {
                        unused.remove(&fingerprint);
                    }
                }
                Ok(None) | Err(Unreadable::Damaged(_)) => {}
                Err(_) => unused.clear(),
            }
            if unused.is_empty() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })?;
        Ok(unused)
    }
}

/// The digests that are names in a directory.
fn digests(dir: &Dir) -> Result<Vec<Digest>, StoreError> {
    let names = list(dir)?;
    Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
}

/// The file of a list; `None` if it would be too long.
fn encode(code: &CodeInProgram<'_>) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(HEAD + code.list.len() + 1024);
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&[0; 32]);
    record::append(code, &mut bytes).ok()?;
    let digest = digest(&bytes[8..12], &bytes[HEAD..]);
    bytes[12..HEAD].copy_from_slice(&digest);
    (bytes.len() as u64 <= LONGEST).then_some(bytes)
}

fn decode(bytes: &[u8]) -> Result<StoredCode, Unreadable> {
    let damaged = |problem: &str| Unreadable::Damaged(problem.to_owned());
    let Some((head, body)) = bytes.split_at_checked(HEAD) else {
        return Err(damaged("it is cut short"));
    };
    let (magic, version) = (&head[..8], &head[8..12]);
    if magic != MAGIC {
        return Err(damaged("it does not begin as a list of code"));
    }
    if digest(version, body) != head[12..] {
        return Err(damaged("it does not match its digest"));
    }
    let version = version
        .iter()
        .rev()
        .fold(0, |version, byte| version << 8 | u32::from(*byte));
    if version != VERSION {
        return Err(Unreadable::Newer(version));
    }
    record::decode(body).map_err(|error| damaged(&format!("it cannot be decoded: {error}")))
}

fn digest(version: &[u8], body: &[u8]) -> [u8; 32] {
    *blake3::Hasher::new()
        .update(version)
        .update(body)
        .finalize()
        .as_bytes()
}

#[cfg(test)]
mod tests;
