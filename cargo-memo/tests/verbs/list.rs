//! `list`.

mod choosing;
mod many;

use std::time::Duration;

use snapbox::str;

use crate::bench::Bench;

#[test]
fn results_of_all_functions_newest_first() {
    Bench::filled().memo(&["list"]).expect(
        0,
        str![[r#"
ID function arguments size took created last used
[ID] score name="é, \"x\"" [SIZE] [TOOK] 2024-03-01 2024-03-01
[ID] train lr=0.2, layers=3 [SIZE] [TOOK] 2024-03-01 2024-03-01
[ID] train lr=0.1, layers=3 [SIZE] [TOOK] 2024-03-01 2024-03-01

"#]],
        str![],
    );
}

#[test]
fn results_of_one_function_have_their_arguments_as_columns() {
    let bench = Bench::filled();
    for name in ["train", "lab::train"] {
        bench.memo(&["list", name]).expect(
            0,
            str![[r#"
ID lr layers size took created last used
[ID] 0.2 3 [SIZE] [TOOK] 2024-03-01 2024-03-01
[ID] 0.1 3 [SIZE] [TOOK] 2024-03-01 2024-03-01

"#]],
            str![],
        );
    }
}

#[test]
fn its_document_has_full_keys_and_the_digests_of_arguments() {
    let run = Bench::filled().memo(&["list", "score", "--format", "json"]);
    run.expect(
        0,
        str![[r#"
{
  "schema_version": 1,
  "command": "list",
  "entries": [
    {
      "id": "[ID]",
      "key": "[KEY]",
      "function": "lab::score",
      "package": "",
      "state": "valid",
      "code_state": null,
      "problem": null,
      "bytes": [NUMBER],
      "disk_bytes": [NUMBER],
      "last_used": "2024-03-01T12:02:00Z",
      "arguments": [
        {
          "name": "name",
          "text": "\"é, \\\"x\\\"\"",
          "digest": "[KEY]"
        }
      ],
      "created": "2024-03-01T12:02:00Z",
      "duration_seconds": [NUMBER],
      "ttl_seconds": [NUMBER],
      "expires": null,
      "value_bytes": [NUMBER],
      "value_type": "alloc::vec::Vec<u8>",
      "codec": "bincode",
      "compression": null,
      "instance": null,
      "version": 0,
      "code": "none",
      "fingerprint": null,
      "package_version": "",
      "host": [HERE],
      "pid": [HERE]
    }
  ]
}

"#]],
        str![],
    );
}

#[test]
fn rows_are_for_programs_too() {
    let bench = Bench::filled();
    bench
        .memo(&["list", "--format", "csv"])
        .expect(0, str![[r#"
key,function,package,state,code_state,bytes,took_seconds,created,last_used,arguments
[KEY],lab::score,,valid,,[NUMBER],[NUMBER],2024-03-01T12:02:00Z,2024-03-01T12:02:00Z,"{""name"":""\""é, \\\""x\\\""\""""}"
[KEY],lab::train,,valid,,[NUMBER],[NUMBER],2024-03-01T12:01:00Z,2024-03-01T12:01:00Z,"{""lr"":""0.2"",""layers"":""3""}"
[KEY],lab::train,,valid,,[NUMBER],[NUMBER],2024-03-01T12:00:00Z,2024-03-01T12:00:00Z,"{""lr"":""0.1"",""layers"":""3""}"

"#]], str![]);
    let train = bench.memo(&["list", "train", "--format", "csv"]).stdout;
    assert!(
        train
            .lines()
            .next()
            .unwrap()
            .ends_with(",last_used,lr,layers"),
        "{train}"
    );
    assert!(
        train.lines().nth(1).unwrap().ends_with("Z,0.2,3"),
        "{train}"
    );
}

#[test]
fn the_order_can_be_chosen_and_the_number_limited() {
    let bench = Bench::filled();
    let newest = bench.ids(&[]);
    assert_eq!(newest.len(), 3);
    let (score, late, early) = (&newest[0], &newest[1], &newest[2]);
    assert_eq!(bench.ids(&["--sort", "created"]), newest);
    assert_eq!(&bench.ids(&["--sort", "size"])[0], score);
    assert_eq!(
        bench.ids(&["--sort", "function"]),
        [score.clone(), late.clone(), early.clone()]
    );
    assert_eq!(bench.ids(&["--sort", "duration"]).len(), 3);
    assert_eq!(bench.ids(&["--limit", "2"]), [score.clone(), late.clone()]);

    // The oldest is the last to be used.
    let later =
        std::time::UNIX_EPOCH + Duration::from_nanos(bench.clock.now()) + Duration::from_secs(9);
    let file = bench.entries().into_iter().find(|file| {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with(&early[2..]) && file.parent().unwrap().ends_with(&early[..2])
    });
    std::fs::File::options()
        .write(true)
        .open(file.unwrap())
        .unwrap()
        .set_modified(later)
        .unwrap();
    assert_eq!(
        bench.ids(&["--sort", "used"]),
        [early.clone(), score.clone(), late.clone()]
    );
}

#[test]
fn a_result_past_its_time_is_marked() {
    let bench = Bench::new();
    bench.fill(|memo| {
        memo.call("lab::price")
            .ttl(Duration::from_secs(60))
            .get_or_compute(|| 7_u8);
        memo.call("lab::rate").get_or_compute(|| 7_u8);
    });
    bench.memo(&["list", "--sort", "function"]).expect(
        0,
        str![[r#"
ID function arguments size took state created last used
[ID] price [SIZE] [TOOK] expired 2024-03-01 2024-03-01
[ID] rate [SIZE] [TOOK] 2024-03-01 2024-03-01

"#]],
        str![],
    );
    let price = &bench.memo(&["list", "price", "--format", "json"]).json()["entries"][0];
    assert_eq!(price["state"], "expired");
    assert_eq!(price["expires"], "2024-03-01T12:01:00Z");
}

#[test]
fn a_function_that_keeps_nothing_is_no_error() {
    Bench::filled().memo(&["list", "rain"]).expect(
        0,
        str![],
        str![[r#"
warning: neither a function nor an ID in the store `[STORE]`: `rain`; did you mean `train`?
note: no such results in the store `[STORE]`: `cargo memo status` shows the functions

"#]],
    );
}
