//! A program whose function `train` has its old code.

use memo_runtime::{call, memo};
use memo_tests::stage;

#[memo(name = "train")]
fn train(rate: u64) -> u64 {
    let model = stage::directed("old train", || rate + 1);
    model.unwrap_or_else(|error| panic!("{error}"))
}

fn main() {
    stage::play(|words| {
        let rate = words[0]
            .parse()
            .unwrap_or_else(|_| panic!("no rate: {words:?}"));
        stage::announce(|| call!(train(rate)).fetch());
    });
}
