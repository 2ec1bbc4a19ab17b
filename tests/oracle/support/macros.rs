//! Stands in for `memo-macros`: `#[memo]` leaves the function as it is.

extern crate proc_macro;

use proc_macro::TokenStream;

#[proc_macro_attribute]
pub fn memo(_settings: TokenStream, function: TokenStream) -> TokenStream {
    function
}
