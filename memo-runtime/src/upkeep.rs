//! Keeping a store within its limits: what goes, when, and by whose hand.
//!
//! It is done in three steps: [`survey`] looks at what there is, [`policy`]
//! makes a [`Plan`] of it, [`execution`] removes what the plan names. What
//! must hold: nothing is removed that is not in the plan; the plan depends on
//! what it is made of and on nothing else; and whoever is killed halfway
//! leaves a store as sound as before, for the next to go on with.

pub(crate) mod automatic;
pub(crate) mod execution;
mod files;
pub(crate) mod plan;
pub(crate) mod policy;
pub(crate) mod survey;
