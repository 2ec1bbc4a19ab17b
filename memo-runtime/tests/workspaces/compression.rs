//! Programs that are built with a compression and without.

use crate::project::{Project, manifest};

const PROGRAM: &str = "
    #[memo_runtime::memo]
    fn zeros() -> Vec<u64> {
        println!(\"computed\");
        vec![0; 10_000]
    }
    fn main() {
        assert_eq!(zeros(), vec![0; 10_000]);
        println!(\"done\");
    }
";

#[test]
fn a_program_without_the_compression_leaves_alone_what_one_with_it_kept() {
    let settings = "[features]\nlz4 = [\"memo-runtime/lz4\"]\n\
                    [workspace.metadata.memo]\ncompress = \"lz4\"\n[workspace]\n";
    let app = manifest("compression-app", settings);
    let project = Project::new(&[], &[("Cargo.toml", &app), ("src/main.rs", PROGRAM)]);
    let run = |arguments: &[&str]| project.run(arguments, "compression-app");
    let (with, without): (&[&str], &[&str]) = (&["--features", "lz4"], &[]);

    assert_eq!(run(without), "computed\ndone\n");
    assert_eq!(run(with), "done\n", "it was kept as it is");
    project.forget_results();
    assert_eq!(run(with), "computed\ndone\n");
    assert_eq!(run(with), "done\n");
    assert_eq!(run(without), "computed\ndone\n");
    assert_eq!(run(without), "computed\ndone\n", "nothing is kept over it");
    assert_eq!(run(with), "done\n", "it was left alone");
}
