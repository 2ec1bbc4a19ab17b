//! Files are digested, kept and put back with memory that does not grow with
//! the file.

mod counting;

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use counting::most_held_by;
use memo_runtime::{InputFile, Memo, Outcome, OutputFile};

const SIZE: u64 = 100 << 20;

/// A file of that size, most of which takes nothing of the disk.
fn write(path: &Path) -> io::Result<()> {
    let file = File::create(path)?;
    file.set_len(SIZE)?;
    file.write_all_at(b"the end", SIZE - 7)
}

#[test]
fn a_large_file_is_never_held_in_memory() {
    let temp = tempfile::tempdir().unwrap();
    OutputFile::permit(temp.path());
    let memo = Memo::open(temp.path().join("store")).unwrap();
    let (input, output) = (temp.path().join("input"), temp.path().join("output"));
    write(&input).unwrap();
    let copied = || {
        let call = memo.call("copy").arg("input", &InputFile::new(&input));
        let copying = call.computing(|| {
            write(&output).unwrap();
            OutputFile::new(&output)
        });
        copying.fetch().outcome
    };
    let ((), most) = most_held_by(|| {
        assert_eq!(copied(), Outcome::Computed);
        fs::remove_file(&output).unwrap();
        assert_eq!(copied(), Outcome::Hit);
    });
    assert_eq!(fs::metadata(&output).unwrap().len(), SIZE);
    assert!(most < 24 << 20, "{most} bytes were held");
}
