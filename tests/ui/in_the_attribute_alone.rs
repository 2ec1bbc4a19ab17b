//! A mistake in the attribute leaves the function usable: there is one message.

use memo_runtime::memo;

#[memo(version = "2")]
fn f(x: u64) -> u64 {
    x
}

struct Model;

impl Model {
    #[memo(ignore(y))]
    fn fit(&self, x: u64) -> u64 {
        x
    }
}

fn main() {
    f(1);
    Model.fit(1);
}
