use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use tempfile::{NamedTempFile, TempDir};

use super::*;

fn c_path(path: &Path) -> CString {
    CString::new(path.as_os_str().as_bytes()).unwrap()
}

#[test]
fn hidden_entries_count_and_the_directory_itself_does_not() {
    let directory = TempDir::new().unwrap();
    assert_eq!(count_entries(&c_path(directory.path())).unwrap(), 0);
    for name in [".", "..", ".hidden", "...", "plain", "with space"].iter().skip(2) {
        std::fs::write(directory.path().join(name), "").unwrap();
    }
    assert_eq!(count_entries(&c_path(directory.path())).unwrap(), 4);
}

#[test]
fn entries_beyond_one_read_are_counted() {
    let directory = TempDir::new().unwrap();
    for entry in 0..1500 {
        let name = format!("{entry:0>100}");
        std::fs::write(directory.path().join(name), "").unwrap();
    }
    assert_eq!(count_entries(&c_path(directory.path())).unwrap(), 1500);
}

#[test]
fn a_file_is_no_directory() {
    let file = NamedTempFile::new().unwrap();
    let error = count_entries(&c_path(file.path())).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotADirectory);
}
