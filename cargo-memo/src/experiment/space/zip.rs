//! Parameters that advance together: `--zip lr,batch`.

use super::axis::Row;
use super::values::{List, Values};
use super::{Space, check_total};
use crate::failure::Failure;
use crate::render::{count, escape};

impl Space {
    /// The positions of the parameters that advance together.
    pub(super) fn zipped(
        &self,
        in_file: usize,
        zip: &[String],
    ) -> Result<Vec<Vec<usize>>, Failure> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for names in zip {
            let bad =
                |problem: String| Failure::Usage(format!("--zip {}: {problem}", escape(names)));
            let mut group = Vec::new();
            for name in names.split(',').map(str::trim) {
                let shown = escape(name);
                let slot = self.names.iter().position(|other| **other == *name);
                let slot = slot.ok_or_else(|| {
                    bad(format!(
                        "there is no parameter `{shown}`{}",
                        self.did_you_mean(name)
                    ))
                })?;
                if slot < in_file {
                    return Err(bad(format!("`{shown}` advances with the points of --from")));
                }
                if group.contains(&slot) || groups.iter().any(|group| group.contains(&slot)) {
                    return Err(bad(format!("`{shown}` is zipped twice")));
                }
                group.push(slot);
            }
            if group.len() < 2 {
                return Err(bad("it takes two names at least, as lr,batch".to_owned()));
            }
            groups.push(group);
        }
        Ok(groups)
    }

    /// The values of such parameters, row by row.
    pub(super) fn rows_of_zip(
        &self,
        group: &[usize],
        values: Vec<Values>,
    ) -> Result<Vec<Row>, Failure> {
        let names: Vec<&str> = group.iter().map(|slot| &*self.names[*slot]).collect();
        let bad = |problem: String| Failure::Usage(format!("--zip {}: {problem}", names.join(",")));
        let mut lists = Vec::new();
        for (name, values) in names.iter().zip(values) {
            match values {
                Values::Listed(list) => lists.push(list),
                Values::Drawn(_) => {
                    return Err(bad(format!(
                        "`{name}` is drawn, and cannot advance with others"
                    )));
                }
            }
        }
        let length = lists.iter().map(List::length).max().unwrap_or(0);
        if lists.iter().any(|list| list.length() != length) {
            let lengths = names.iter().zip(&lists).map(|(name, list)| {
                let length = usize::try_from(list.length()).unwrap_or(usize::MAX);
                format!("`{name}` has {}", count(length, "value", "values"))
            });
            let lengths: Vec<String> = lengths.collect();
            return Err(bad(format!(
                "all are to have as many values, and {}",
                lengths.join(", ")
            )));
        }
        check_total(length)?;
        let row = |at| lists.iter().map(|list| list.at(at)).collect();
        Ok((0..length).map(row).collect())
    }
}
