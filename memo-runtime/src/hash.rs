//! BLAKE3 of large input on several threads, by subtrees.
//!
//! The digest is that of BLAKE3, whatever the input's length and however it comes. Input is
//! cut into leaves of one size, a power of two of BLAKE3's chunks, so that each but the
//! last is a subtree of its own. Their chaining values can be computed in any order, and
//! two neighbouring subtrees of one size make one of twice the size.
//!
//! The threads are made for one piece of input and end with it. Threads of a pool would
//! not do: one that waits for others may take up a job meanwhile that wants the key which
//! it is computing.

#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::io;
use std::num::NonZero;
use std::panic;
use std::sync::LazyLock;
use std::thread;

use blake3::hazmat::{
    ChainingValue, ContextKey, HasherExt, Mode, merge_subtrees_non_root, merge_subtrees_root,
};
use blake3::{Hash, Hasher, OUT_LEN};

use crate::workers::Queue;

/// The bytes of a leaf. Memory that is filled for the first time comes in pages of up to
/// this size, and two threads that want the same one are in each other's way.
const LEAF: usize = 2 * 1024 * 1024;

/// How much is filled before it is hashed: what the processor's cache holds.
const PIECE: usize = 128 * 1024;

/// From how many whole leaves on other threads help: for fewer, one that is late, because
/// the machine is busy, would cost more than it can spare.
const SEVERAL: usize = 2;

/// The most threads: these are as fast as memory is.
const MOST_THREADS: usize = 8;

static THREADS: LazyLock<usize> = LazyLock::new(|| {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    cores.min(MOST_THREADS)
});

/// A BLAKE3 hasher that takes large input on several threads.
pub(crate) struct TreeHasher {
    context: Option<&'static ContextKey>,
    /// Of the last leaf that has begun. It is empty only if there is no input.
    leaf: Hasher,
    /// How many leaves stand before it.
    before: u64,
    /// Chaining values of what stands before it, as subtrees that are as large as they can
    /// be: one for each bit of `before`, the largest first.
    subtrees: Vec<ChainingValue>,
}

impl TreeHasher {
    /// A hasher in default mode.
    pub(crate) fn new() -> Self {
        Self::in_mode(None)
    }

    /// A hasher in key derivation mode.
    pub(crate) fn with_context(key: &'static ContextKey) -> Self {
        Self::in_mode(Some(key))
    }

    fn in_mode(context: Option<&'static ContextKey>) -> Self {
        Self {
            context,
            leaf: leaf_hasher(context, 0),
            before: 0,
            subtrees: Vec::new(),
        }
    }

    /// Adds bytes.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        let (first, rest) = bytes.split_at(self.room().min(bytes.len()));
        let Ok(()) = self.add(first, rest.chunks(LEAF), |hasher, _, piece| {
            hasher.update(piece);
            Ok::<(), Infallible>(())
        });
    }

    /// Fills `into`, and adds its bytes while they are in the processor's cache.
    ///
    /// `produce` fills consecutive pieces of `into`, whose offsets there it is told. It is
    /// called from several threads, in no certain order.
    ///
    /// # Errors
    ///
    /// One that `produce` gives. Then parts of `into` are as they were, and the hasher is
    /// of no further use.
    pub(crate) fn fill(
        &mut self,
        into: &mut [u8],
        produce: &(impl Fn(u64, &mut [u8]) -> io::Result<()> + Sync),
    ) -> io::Result<()> {
        let start = self.len();
        let (first, rest) = into.split_at_mut(self.room().min(into.len()));
        self.add(first, rest.chunks_mut(LEAF), |hasher, position, leaf| {
            let mut offset = position - start;
            for piece in leaf.chunks_mut(PIECE) {
                produce(offset, piece)?;
                hasher.update(piece);
                offset += piece.len() as u64;
            }
            Ok(())
        })
    }

    /// The digest of all bytes so far.
    pub(crate) fn finalize(&self) -> Hash {
        let Some((first, others)) = self.subtrees.split_first() else {
            return self.leaf.finalize();
        };
        let last = self.leaf.finalize_non_root();
        let right = others.iter().rev().fold(last, |right, left| {
            merge_subtrees_non_root(left, &right, self.mode())
        });
        merge_subtrees_root(first, &right, self.mode())
    }

    fn mode(&self) -> Mode<'static> {
        self.context.map_or(Mode::Hash, Mode::DeriveKeyMaterial)
    }

    fn len(&self) -> u64 {
        self.before * LEAF as u64 + self.leaf.count()
    }

    /// How many bytes more the last leaf takes.
    fn room(&self) -> usize {
        LEAF - self.leaf.count() as usize
    }

    /// Adds what the last leaf still takes, and the leaves that follow. `take` adds a piece,
    /// whose position in all input it is told, to the hasher of its leaf.
    fn add<P: Send, E: Send>(
        &mut self,
        first: P,
        mut following: impl ExactSizeIterator<Item = P> + DoubleEndedIterator + Send,
        take: impl Fn(&mut Hasher, u64, P) -> Result<(), E> + Sync,
    ) -> Result<(), E> {
        let position = self.len();
        let Some(last) = following.next_back() else {
            return take(&mut self.leaf, position, first);
        };
        let context = self.context;
        let next = self.before + 1;
        let end = next + following.len() as u64;
        let mut last_leaf = leaf_hasher(context, end);
        let mut whole = vec![[0; OUT_LEN]; following.len()];
        let helpers = match whole.len() {
            SEVERAL.. => whole.len().min(*THREADS - 1),
            _ => 0,
        };
        let leaves = Queue::of((next..).zip(following).zip(&mut whole));
        with_helpers(
            helpers,
            || {
                take(&mut self.leaf, position, first)?;
                take(&mut last_leaf, end * LEAF as u64, last)
            },
            || {
                while let Some(((index, piece), value)) = leaves.next() {
                    let mut leaf = leaf_hasher(context, index);
                    take(&mut leaf, index * LEAF as u64, piece)?;
                    *value = leaf.finalize_non_root();
                }
                Ok(())
            },
        )?;
        self.push(self.leaf.finalize_non_root());
        for leaf in whole {
            self.push(leaf);
        }
        self.leaf = last_leaf;
        Ok(())
    }

    /// Adds a leaf that is complete, and that others follow.
    fn push(&mut self, leaf: ChainingValue) {
        let mut subtree = leaf;
        for _ in 0..self.before.trailing_ones() {
            if let Some(left) = self.subtrees.pop() {
                subtree = merge_subtrees_non_root(&left, &subtree, self.mode());
            }
        }
        self.subtrees.push(subtree);
        self.before += 1;
    }
}

/// The BLAKE3 digest of bytes, in default mode.
pub(crate) fn hash(bytes: &[u8]) -> Hash {
    if bytes.len() <= LEAF {
        return blake3::hash(bytes);
    }
    let mut hasher = TreeHasher::new();
    hasher.update(bytes);
    hasher.finalize()
}

fn leaf_hasher(context: Option<&ContextKey>, index: u64) -> Hasher {
    let mut hasher = context.map_or_else(Hasher::new, Hasher::new_from_context_key);
    hasher.set_input_offset(index * LEAF as u64);
    hasher
}

/// Does what is this thread's alone and then what is shared, at which as many other threads
/// help, if they can be had. The first error.
fn with_helpers<E: Send>(
    helpers: usize,
    alone: impl FnOnce() -> Result<(), E>,
    shared: impl Fn() -> Result<(), E> + Sync,
) -> Result<(), E> {
    thread::scope(|scope| {
        let helpers: Vec<_> = (0..helpers)
            .map_while(|_| thread::Builder::new().spawn_scoped(scope, &shared).ok())
            .collect();
        let mine = alone().and_then(|()| shared());
        helpers.into_iter().fold(mine, |result, helper| {
            let theirs = helper
                .join()
                .unwrap_or_else(|panic| panic::resume_unwind(panic));
            result.and(theirs)
        })
    })
}
