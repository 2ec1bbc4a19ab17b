//! The shapes, by where a function stands and what it is made of.

mod arguments;
mod generics;
mod places;
mod results;
mod surroundings;

/// Makes every call.
pub(super) fn all() {
    places::all();
    arguments::all();
    generics::all();
    results::all();
    surroundings::all();
}
