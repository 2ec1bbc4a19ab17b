//! `show` of runs: what came of a program, and what it left.

use snapbox::str;

use super::{Run, printed};
use crate::bench::Bench;

#[test]
fn a_run_is_shown_with_its_outcome_and_what_it_left() {
    let bench = printed();
    bench.memo(&["show", "train"]).expect(
        0,
        str![[r#"
program train
package lab
arguments lr = 0.1
             input data/a.csv = [SIZE], [ID]
code the bytes of the program
fingerprint [KEY]
exit code 0
metrics loss = 0.31
outputs model.bin, [SIZE]
             plots/loss.svg, [SIZE]
printed [SIZE] to standard output, [SIZE] to standard error: --log shows it
computed 2024-03-01 12:00:00 +00:00
took [TOOK]
by process [HERE] on [HERE]
last used 2024-03-01 12:00:00 +00:00
hits none in the journal
key [KEY]
size [SIZE], of which the recording [SIZE]; [SIZE] on disk
file [STORE]/[ENTRY]
check whole: every byte is as it was written

last executions outcome took cause
2024-03-01 12:00:00 computed [TOOK] no entry

"#]],
        str![],
    );
}

#[test]
fn its_value_is_what_it_came_to() {
    let bench = printed();
    bench
        .memo(&["show", "train", "--value"])
        .expect(0, str![[r#"
Recording { exit_code: 0, stdout_bytes: 17, stderr_bytes: 5, outputs: {"model.bin": 7, "plots/loss.svg": 6}, metrics: {"loss": 0.31} }

"#]], str![]);
}

#[test]
fn its_document_has_what_it_left_too() {
    let bench = printed();
    bench.memo(&["show", "train", "--format", "json"]).expect(
        0,
        str![[r#"
{
  "schema_version": 1,
  "command": "show",
  "entry": {
    "id": "[ID]",
    "key": "[KEY]",
    "function": "train",
    "package": "lab",
    "state": "valid",
    "code_state": null,
    "problem": null,
    "bytes": [NUMBER],
    "disk_bytes": [NUMBER],
    "last_used": "2024-03-01T12:00:00Z",
    "arguments": [
      {
        "name": "lr",
        "text": "0.1",
        "digest": "[KEY]"
      },
      {
        "name": "input data/a.csv",
        "text": "1.2 kB, [ID]",
        "digest": "[KEY]"
      }
    ],
    "created": "2024-03-01T12:00:00Z",
    "duration_seconds": [NUMBER],
    "ttl_seconds": [NUMBER],
    "expires": null,
    "value_bytes": [NUMBER],
    "value_type": "recording",
    "codec": "recording",
    "compression": null,
    "instance": null,
    "version": 0,
    "code": "program",
    "fingerprint": "[KEY]",
    "package_version": "",
    "host": [HERE],
    "pid": [HERE],
    "exit_code": 0,
    "metrics": {
      "loss": 0.31
    }
  },
  "file": "[STORE]/[ENTRY]
  "check": {
    "whole": true,
    "problem": null
  },
  "hits": 0,
  "last_hit": null,
  "executions": [
    {
      "time": "2024-03-01T12:00:00Z",
      "function": "train",
      "package": "lab",
      "key": "[KEY]",
      "outcome": "computed",
      "cause": "no entry",
      "took_seconds": [NUMBER],
      "computing_seconds": [NUMBER],
      "bytes": [NUMBER],
      "pid": [HERE],
      "host": [HERE],
      "count": 1
    }
  ],
  "recording": {
    "outputs": [
      {
        "path": "model.bin",
        "kind": "file",
        "mode": "644",
        "bytes": [NUMBER],
        "digest": "[KEY]"
      },
      {
        "path": "plots/loss.svg",
        "kind": "file",
        "mode": "644",
        "bytes": [NUMBER],
        "digest": "[KEY]"
      }
    ],
    "stdout_bytes": [NUMBER],
    "stderr_bytes": [NUMBER]
  }
}

"#]],
        str![],
    );
}

#[test]
fn many_outputs_are_shown_when_all_is_wanted() {
    let bench = Bench::new();
    let paths: Vec<String> = (0..30).map(|number| format!("out/{number:02}")).collect();
    let outputs: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "x")).collect();
    Run {
        outputs: &outputs,
        ..Run::default()
    }
    .keep(&bench);
    let shown = bench.memo(&["show", "train"]).stdout;
    assert!(shown.contains("out/19, 1 B"), "{shown}");
    assert!(!shown.contains("out/20"), "{shown}");
    assert!(shown.contains("… 10 more, --verbose shows all"), "{shown}");
    let all = bench.memo(&["show", "train", "-v"]).stdout;
    assert!(all.contains("out/29, 1 B"), "{all}");
}
