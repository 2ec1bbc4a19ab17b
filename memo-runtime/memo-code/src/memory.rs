//! What has been found out about source files before, by their content.
//!
//! The form on disk is a header, then for each file the digest of its content, how often it has not
//! been asked for, a length, and its items as [`crate::wire`] writes them. What must hold: a
//! memory that is damaged, or that another version wrote, is an empty one.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::file::FileItems;
use crate::model::MEMORY_FILE;
use crate::parse::parse;
use crate::wire;

const HEADER: &[u8] = concat!("memo-code sources ", env!("CARGO_PKG_VERSION"), "\n").as_bytes();

/// A file that this many builds had no use for is forgotten.
const PATIENCE: u8 = 20;

/// Parsed files, remembered from one build to the next.
#[derive(Debug, Default)]
pub struct Memory {
    files: HashMap<[u8; 32], Remembered>,
    news: bool,
}

#[derive(Debug)]
struct Remembered {
    unused: u8,
    bytes: Vec<u8>,
    items: Option<Arc<FileItems>>,
}

impl Memory {
    /// What is remembered in a package's `OUT_DIR`; nothing if it cannot be read.
    pub fn load(out_dir: &Path) -> Self {
        Self::from_bytes(&fs::read(out_dir.join(MEMORY_FILE)).unwrap_or_default())
    }

    /// Remembers in a package's `OUT_DIR`, if there is anything new. Failing to costs time, and
    /// nothing else.
    pub fn save(&self, out_dir: &Path) {
        let Some(bytes) = self.to_bytes() else {
            return;
        };
        let file = out_dir.join(MEMORY_FILE);
        let new = file.with_extension(format!("new-{}", std::process::id()));
        let saved = fs::create_dir_all(file.parent().unwrap_or(out_dir))
            .and_then(|()| fs::write(&new, bytes))
            .and_then(|()| fs::rename(&new, &file));
        if saved.is_err() {
            let _ = fs::remove_file(&new);
        }
    }

    /// Reads what [`Memory::to_bytes`] wrote; empty if that cannot be.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut memory = Self::default();
        let Some(mut rest) = bytes.strip_prefix(HEADER) else {
            return memory;
        };
        while let Some((digest, remembered)) = record(&mut rest) {
            if remembered.unused <= PATIENCE {
                memory.files.insert(digest, remembered);
            }
        }
        memory
    }

    /// What is to be remembered; `None` if nothing is new since it was read.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        if !self.news {
            return None;
        }
        let mut files: Vec<_> = self.files.iter().collect();
        files.sort_by_key(|(digest, _)| **digest);
        let mut out = HEADER.to_vec();
        for (digest, remembered) in files {
            out.extend_from_slice(digest);
            out.push(remembered.unused);
            out.extend_from_slice(&(remembered.bytes.len() as u64).to_le_bytes());
            out.extend_from_slice(&remembered.bytes);
        }
        Some(out)
    }

    /// The items of a file with this content.
    pub(crate) fn items(&mut self, content: &[u8]) -> Arc<FileItems> {
        let digest = *blake3::hash(content).as_bytes();
        if let Some(remembered) = self.files.get_mut(&digest) {
            remembered.unused = 0;
            if let Some(items) = &remembered.items {
                return Arc::clone(items);
            }
            if let Some(items) = wire::decode::<FileItems>(&remembered.bytes) {
                let items = Arc::new(items);
                remembered.items = Some(Arc::clone(&items));
                return items;
            }
        }
        let items = Arc::new(parse(content));
        let remembered = Remembered {
            unused: 0,
            bytes: wire::encode(&*items),
            items: Some(Arc::clone(&items)),
        };
        self.files.insert(digest, remembered);
        self.news = true;
        items
    }
}

/// Takes the record at the front.
fn record(bytes: &mut &[u8]) -> Option<([u8; 32], Remembered)> {
    let (digest, rest) = bytes.split_first_chunk::<32>()?;
    let (unused, rest) = rest.split_first()?;
    let (length, rest) = rest.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (items, rest) = rest.split_at_checked(length)?;
    *bytes = rest;
    let remembered = Remembered {
        unused: unused.saturating_add(1),
        bytes: items.to_vec(),
        items: None,
    };
    Some((*digest, remembered))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_parsed_is_parsed_once() {
        let mut memory = Memory::default();
        let first = memory.items(b"fn f() {}");
        let bytes = memory.to_bytes().unwrap();
        let mut again = Memory::from_bytes(&bytes);
        assert_eq!(*again.items(b"fn f() {}"), *first);
        assert_eq!(again.to_bytes(), None);
        again.items(b"fn g() {}");
        assert!(again.to_bytes().is_some());
    }

    #[test]
    fn a_memory_is_found_where_it_was_left_and_nothing_beside_it() {
        let out = std::env::temp_dir().join(format!("memo-code-memory-{}", std::process::id()));
        let mut memory = Memory::load(&out);
        memory.items(b"fn f() {}");
        memory.save(&out);
        let again = Memory::load(&out);
        memory.save(&out.join(MEMORY_FILE));
        let files = fs::read_dir(out.join("memo")).unwrap().count();
        fs::remove_dir_all(&out).unwrap();
        assert_eq!(again.files.len(), 1);
        assert_eq!(files, 1);
    }

    #[test]
    fn a_damaged_memory_is_an_empty_one_or_a_part() {
        let mut memory = Memory::default();
        let items = memory.items(b"fn f() {}");
        let bytes = memory.to_bytes().unwrap();
        for end in 0..bytes.len() {
            let mut part = Memory::from_bytes(&bytes[..end]);
            assert_eq!(*part.items(b"fn f() {}"), *items);
            assert!(part.to_bytes().is_some());
        }
    }
}
