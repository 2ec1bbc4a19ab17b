//! Of many results one of each code.

use std::collections::BTreeMap;

use memo_runtime::manage::Header;

use super::Code;

/// One result of each code, numbered.
#[derive(Debug, Default)]
pub(crate) struct DistinctCodes {
    headers: Vec<Header>,
    numbers: BTreeMap<Code, usize>,
}

impl DistinctCodes {
    /// The number of the code of the result with this header.
    pub(crate) fn number(&mut self, header: &Header) -> usize {
        let code = Code::of(header);
        *self.numbers.entry(code).or_insert_with(|| {
            self.headers.push(header.clone());
            self.headers.len() - 1
        })
    }

    /// A header of each code, in the order of their numbers.
    pub(crate) fn headers(&self) -> &[Header] {
        &self.headers
    }
}
