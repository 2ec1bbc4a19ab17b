//! Bytes that wait to be hashed together. A few of them, which is what most arguments
//! have, need no allocation.

/// How many bytes are a few.
const FEW: usize = 256;

pub(super) struct Gathered {
    few: [u8; FEW],
    few_len: usize,
    /// All of the bytes, once they are more than a few.
    many: Vec<u8>,
}

impl Default for Gathered {
    #[inline]
    fn default() -> Self {
        Self {
            few: [0; FEW],
            few_len: 0,
            many: Vec::new(),
        }
    }
}

impl Gathered {
    #[inline]
    pub(super) fn len(&self) -> usize {
        if self.many.is_empty() {
            self.few_len
        } else {
            self.many.len()
        }
    }

    #[inline]
    pub(super) fn as_slice(&self) -> &[u8] {
        if self.many.is_empty() {
            &self.few[..self.few_len]
        } else {
            &self.many
        }
    }

    /// The bytes, if they are a few.
    #[inline]
    pub(super) fn few(&self) -> Option<&[u8]> {
        self.many.is_empty().then(|| &self.few[..self.few_len])
    }

    #[inline]
    pub(super) fn extend(&mut self, bytes: &[u8]) {
        if !self.many.is_empty() {
            self.many.extend_from_slice(bytes);
            return;
        }
        let end = self.few_len + bytes.len();
        match self.few.get_mut(self.few_len..end) {
            Some(place) => {
                place.copy_from_slice(bytes);
                self.few_len = end;
            }
            None => self.outgrow(bytes),
        }
    }

    #[cold]
    fn outgrow(&mut self, bytes: &[u8]) {
        self.many.extend_from_slice(&self.few[..self.few_len]);
        self.many.extend_from_slice(bytes);
    }

    pub(super) fn clear(&mut self) {
        self.few_len = 0;
        self.many.clear();
    }
}
