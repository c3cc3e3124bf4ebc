use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use proptest::prelude::*;
use tempfile::{NamedTempFile, TempDir};

use super::*;

#[cfg(target_os = "linux")]
proptest! {
    #[test]
    fn counting_records_does_not_panic(records: Vec<u8>) {
        prop_assert!(count_records(&records) <= records.len() / 19);
    }

    #[test]
    fn records_are_counted_except_dot_and_dot_dot(
        names in prop::collection::vec(prop_oneof!["[.]{1,3}", "[^/\0]{1,60}"], 0..60)
    ) {
        let records: Vec<u8> = names.iter().flat_map(|name| record(name)).collect();
        let expected = names.iter().filter(|&name| name != "." && name != "..").count();
        prop_assert_eq!(count_records(&records), expected);
    }
}

/// Builds a `linux_dirent64` as described in `getdents(2)`.
#[cfg(target_os = "linux")]
fn record(name: &str) -> Vec<u8> {
    let length = (19 + name.len() + 1).next_multiple_of(8);
    let mut record = [&[7; 16][..], &u16::try_from(length).unwrap().to_ne_bytes(), &[8]].concat();
    record.extend(name.bytes());
    record.resize(length, 0);
    record
}

fn c_path(path: &Path) -> CString {
    CString::new(path.as_os_str().as_bytes()).unwrap()
}

#[test]
fn hidden_entries_count_but_the_directory_itself_does_not() {
    let directory = TempDir::new().unwrap();
    assert_eq!(count_entries(&c_path(directory.path())).unwrap(), 0);
    for name in [".", "..", ".hidden", "...", "plain", "with space"].iter().skip(2) {
        std::fs::write(directory.path().join(name), "").unwrap();
    }
    assert_eq!(count_entries(&c_path(directory.path())).unwrap(), 4);
}

#[test]
fn entries_after_the_first_read_are_counted() {
    let directory = TempDir::new().unwrap();
    for entry in 0..1500 {
        let name = format!("{entry:0>100}");
        std::fs::write(directory.path().join(name), "").unwrap();
    }
    assert_eq!(count_entries(&c_path(directory.path())).unwrap(), 1500);
}

#[test]
fn a_file_is_not_a_directory() {
    let file = NamedTempFile::new().unwrap();
    let error = count_entries(&c_path(file.path())).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotADirectory);
}
