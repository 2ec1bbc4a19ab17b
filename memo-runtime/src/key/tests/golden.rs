//! Golden vectors: digests that must never change, on any platform.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::net::Ipv4Addr;
use std::time::Duration;

use serde::Serialize;

use super::{Bytes, digest};

#[derive(Serialize)]
struct Marker;

#[derive(Serialize)]
struct Metres(f64);

#[derive(Serialize)]
struct Point(i32, i32);

#[derive(Serialize)]
struct Config {
    lr: f64,
    layers: Vec<u32>,
    name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<u8>,
}

#[derive(Serialize)]
struct Empty {}

#[derive(Serialize)]
enum Optimizer {
    Plain,
    Momentum(f32),
    Adam(f32, f32),
    Scheduled { steps: Vec<u64> },
}

fn config(note: Option<u8>) -> Config {
    Config {
        lr: 0.1,
        layers: vec![784, 128, 10],
        name: Some("adam"),
        note,
    }
}

macro_rules! vectors {
    ($($name:literal: $value:expr => $digest:literal,)*) => {
        fn vectors() -> Vec<(&'static str, String, &'static str)> {
            vec![$(($name, digest(&$value).to_hex(), $digest)),*]
        }
    };
}

vectors! {
    "false": false =>
        "4fd3d64965b71a77e1bb5911b2250ef848417364ec79fd452aef2b2b993aac74",
    "true": true =>
        "f69112624a4127f97e30536107201f7403118dfccee60a871e0a5d12ff7f680b",
    "0u8": 0_u8 =>
        "15fe9d8d53f9e083337e1e966a5aeb8f6ba30f4c2fe0c72bd9bfecb1d6855a08",
    "u8::MAX": u8::MAX =>
        "ec6afcc0c440f5c24968b823fff47141ab3bc4f4ce4397ac0b1d1443af130632",
    "1u16": 1_u16 =>
        "313dc3a29a4366b1d5ffd4a1bb384ef2fc1a126c3117651f62f828f4d3fd6707",
    "1u32": 1_u32 =>
        "5cd20d62317a6cf2fa19dd110b549cd5f98c4cb955c67a54afa65364fae41a67",
    "1u64": 1_u64 =>
        "b78e676364c5f5cf1ee0eca4105bcfcc12ecbda8e812f857734c798fc5f33afa",
    "1usize": 1_usize =>
        "b78e676364c5f5cf1ee0eca4105bcfcc12ecbda8e812f857734c798fc5f33afa",
    "u128::MAX": u128::MAX =>
        "36c2aa9f8a3f2e9abdd965f56abd2484b378e8a0f48414fd378acc5398500e92",
    "-1i8": -1_i8 =>
        "2a30d69c1ac42b8a327f08fe76e8747398867422d799e620ffebf07c66d42b55",
    "-1i16": -1_i16 =>
        "e9cded67f4f8d7dda1cd2db89d6ff6caaa0dc7d41b91ac53608f1fd9571b6b2d",
    "-1i32": -1_i32 =>
        "1f550feaa00aaedf68256ced0583ab8b253dd9b8a04c23a9661f47a1d2855d88",
    "-1i64": -1_i64 =>
        "a244281e9cfd0758518d89eaf5d028872f4185815718d34789e448171c9e0ebc",
    "-1isize": -1_isize =>
        "a244281e9cfd0758518d89eaf5d028872f4185815718d34789e448171c9e0ebc",
    "i128::MIN": i128::MIN =>
        "f8dcd3d428872c94f1ef1b3f4d6003683ef6b9341c3f46cee135074aad2adc4b",
    "0f32": 0.0_f32 =>
        "6bca2046d131f253c3c207fcb91d41f8cfd60980de6990e3301f63796c27e2c0",
    "0.1f32": 0.1_f32 =>
        "e33fed54f66179e2afb8650c923d9bbaaa588041e7031ced539404f40db53f43",
    "0.1f64": 0.1_f64 =>
        "c8c8adb3308927b2dad4e654eff630c89c124da43a50eb4d8b5f7c75789cc02a",
    "-0f64": -0.0_f64 =>
        "846eac7a34270d5ff86839b65d536ed8bd605878fddbfc19ba1ca71a36219df3",
    "infinity": f64::INFINITY =>
        "4f930c0f4d2f5bcd7fb2a2d43d3352f2f593ba52a9aa2b1ca0f416b76a3ff207",
    "NaN": f64::from_bits(0x7ff8_0000_0000_0000) =>
        "2769fd2a7362600a0319fe2665314274df9e2a1cae114e3bda9b77f5f3a091b7",
    "char": 'ß' =>
        "4bda507f823f57cfdce09f8b5f77853480786795f4fd97036897eac86495eb36",
    "empty string": "" =>
        "939785a7e9618dc2344bf81c348e2a0b73cb88961858bb6b81c4f2e0e3170815",
    "string": "Straße" =>
        "b0cae9476f9a84b7870d5b53a336c06496ff97cd32e5174b9dae326b258977af",
    "long string": "prime".repeat(10_000) =>
        "27ec5deca659acbfc3ae977a57a5beee8a426dccd7b56f5ed501e7609c7c478e",
    "bytes": Bytes(&[0, 1, 255]) =>
        "4865885e635875ec1210951793c94e298dd7e54753386daadf41e566349ade36",
    "None": None::<u8> =>
        "1d088877868e5904129080df18eee6729f97e4556922fc89a04735a20f2f3a42",
    "Some": Some(3_u8) =>
        "8a88e2bfea77af4ca0fc3cb2e760c1a7db4528d2cd01f9658fe2dc1e216c51ff",
    "Some(None)": Some(None::<u8>) =>
        "ddd224b92f33eafd29266353ed77a3af1b4087ae387555301e3f8abc568f4a3d",
    "unit": () =>
        "5aa5fb3d8f859efe822e494af351d7fbb0398d8815d30f5be3bc705ff3c8a1dc",
    "unit struct": Marker =>
        "64ea01030f3472d4900ebafacf7e225602780c4cf1be3b1fe1f62562461bda3b",
    "newtype struct": Metres(1.5) =>
        "1487e5ef713a11b4700a490f4b689058aebbda2ae4aa1a758103d3754f9fecdc",
    "tuple": (1_u8, "a", 2.5_f64) =>
        "2031c720bd7375be99570db6eca7190b3d211e3c95aa22e215cba4b6c1c9ebde",
    "array": [1_u64, 2, 3] =>
        "dac7a0f7ab642c422a5c944547d8b96fa05b7673a71bc036f7d4910b1658580a",
    "tuple struct": Point(3, -4) =>
        "2f479f21d467cf7d4d4b2e4484c12ec28d238a66bc2ebc5fb96f291654df1a9e",
    "struct": config(Some(7)) =>
        "650e727439c4cd25aed1936bef74ac36801dfd3481606d18f1b71d49f201a28f",
    "struct with a skipped field": config(None) =>
        "7e2e151b4d95c9eb3a712039fd2e989ae794002c902a7a316e22220c616882f7",
    "struct without fields": Empty {} =>
        "b61a809a3c312dfdb7c3d96d43e18883b3805e8bc54ff9cc59d26e67cac65b0c",
    "unit variant": Optimizer::Plain =>
        "188ddd6b77338fb58049850777301e1af341bcd96d30db0a5c3cdadc469420ef",
    "newtype variant": Optimizer::Momentum(0.9) =>
        "f193f8d996c1ce69e1697074908a1ac79dfb21465ff62757b1eb47937fad89b2",
    "tuple variant": Optimizer::Adam(0.9, 0.999) =>
        "b02ca23cfb25dde1a6786ce02d9d880c2729e4f70624852556bb1d5d3e257d19",
    "struct variant": Optimizer::Scheduled { steps: vec![10, 20] } =>
        "96528ac155710f5537945f4c088c781b321896391a489cedaa3daa3312b55224",
    "Ok": Ok::<u8, String>(1) =>
        "c16aab3604c81622ac94afd1f24e72dbfa03e5f2f7cd1c76c675ab6ebd326a49",
    "empty sequence": Vec::<u8>::new() =>
        "3d28fed0d5019a6d45f74e0dfa9509301d3c2ab05aa7777320c4b09141f090fb",
    "sequence of bool": vec![true, false] =>
        "1257565c497584a7c72f60867aeff37897015a26f6104f53a95d3698f54e3cf3",
    "sequence of u64": vec![2_u64, 3, 5] =>
        "c337982196b66610a3d249855cc8d473b6f4d4cd3ee7102d89bac2139f7a0cc2",
    "sequence of strings": vec!["a", "bc"] =>
        "783b19a82e499301e41e348524b69b217743835869252a7e9d1b50c8b92afaaf",
    "sequence of sequences": vec![vec![1_u8], vec![], vec![2, 3]] =>
        "33a911f3e0e684d997774eb1141f7a1dc11ba8f840fddee0b0ed9b263a13005a",
    "short run, longest": vec![7_u8; 1024] =>
        "b5fb1825a51f599fb381a2943cfc11bfcb71fb45d4e6ee94ad79b7ad5b9f7ed4",
    "long run, shortest": vec![7_u8; 1025] =>
        "4728e6ae4be927e6f30e999101aa43d2c36d5a1d088a255e055f006c46a1d224",
    "long run": (0..100_000_u32).map(f64::from).collect::<Vec<f64>>() =>
        "5d56193f09fa9efa99e450b9b28ee6c87d7ce71ce2718b372106371d7fbe1675",
    "BTreeSet": BTreeSet::from([3_u32, 1, 2]) =>
        "5f8faad9446c1c2a1f598141add738b605129f2f537170a0e1e38a44dbf012f1",
    "BTreeMap": BTreeMap::from([("b", 2_u8), ("a", 1)]) =>
        "bd050431f9df32d21daf84dfa7065ebc46a955a7eb0401c3966e94b545230119",
    "empty BTreeMap": BTreeMap::<u8, u8>::new() =>
        "51c07c4ab773f4c369ac3f03b57891d418588ba9840b895a54b23e9b6f3f631e",
    "HashSet": HashSet::from([3_u32, 1, 2]) =>
        "384652d005ff893ab6a1a2ca9b8048b58dbc73ce5be83acacaf2bbc3abf76401",
    "HashMap": HashMap::from([("b", 2_u8), ("a", 1)]) =>
        "0058049a418c5a26c82a3c9204bbec2f22d3cea0960de172f64d0a78d8038c66",
    "empty HashMap": HashMap::<u8, u8>::new() =>
        "ee34830aaeec63ad40fd693eb48548c714e51c11585585c60dcf298d7b1324ab",
    "HashMap of HashSets": HashMap::from([(1_u8, HashSet::from(['a'])), (2, HashSet::new())]) =>
        "0834d234fb390f93fed6868a550cabd7c6f0f0cd8237c9aca12eb2eb54cd5274",
    "Duration": Duration::new(5, 7) =>
        "34b3da7f350156c34045f1e0434a583b4cac6e97f6dd881686603d1c0c38331e",
    "range": 3_u8..5 =>
        "f16243311682d1cd854964db4c99a0d7f1a2dda62a9766cabd2705c2c5d83611",
    "address": Ipv4Addr::LOCALHOST =>
        "d0d047caad7f922261d68c5c130b1603cb7ca86948c463eca6fc48762e612302",
}

#[test]
fn digests_are_the_same_for_ever() {
    let changed: Vec<_> = vectors()
        .into_iter()
        .filter(|(_, now, pinned)| now != pinned)
        .collect();
    assert!(changed.is_empty(), "(value, now, pinned): {changed:#?}");
}
