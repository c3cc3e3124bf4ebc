use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use tempfile::{NamedTempFile, TempDir};

use super::*;

fn c_path(path: &Path) -> CString {
    CString::new(path.as_os_str().as_bytes()).unwrap()
}

fn tail(content: &[u8], lines: usize) -> Option<Vec<u8>> {
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), content).unwrap();
    let tail = tail_of(&c_path(file.path()), lines).ok()?;
    Some(tail.bytes[tail.start..].to_vec())
}

#[test]
fn an_empty_file_is_left_to_the_twin() {
    assert_eq!(tail(b"", 3), None);
}

#[test]
fn a_last_line_end_ends_the_last_line() {
    assert_eq!(tail(b"\n", 1), Some(b"".to_vec()));
    assert_eq!(tail(b"a\nb\n", 1), Some(b"b".to_vec()));
    assert_eq!(tail(b"a\nb", 1), Some(b"b".to_vec()));
    assert_eq!(tail(b"\n\n\n", 2), Some(b"\n".to_vec()));
}

#[test]
fn a_short_file_is_its_own_tail() {
    assert_eq!(tail(b"a\nb\n", 9), Some(b"a\nb".to_vec()));
    assert_eq!(tail(b"a\nb\n", usize::MAX), Some(b"a\nb".to_vec()));
}

#[test]
fn tails_agree_with_splitting_the_whole_file() {
    let mut content = Vec::new();
    for line in 0..3000usize {
        content.extend(std::iter::repeat_n(b'x', line * line % 97));
        content.push(b'\n');
    }
    for ending in [&b""[..], b"no line end"] {
        content.extend(ending);
        let text = content.strip_suffix(b"\n").unwrap_or(&content);
        let lines: Vec<&[u8]> = text.split(|&byte| byte == b'\n').collect();
        for wanted in [1, 2, 7, 100, 2999, 3000, 3001, 5000] {
            let expected = lines[lines.len().saturating_sub(wanted)..].join(&b'\n');
            assert_eq!(tail(&content, wanted), Some(expected), "{wanted}");
        }
    }
}

#[test]
fn line_ends_at_the_edge_of_a_read_are_found() {
    let least = *FIRST_READ_BYTES.start();
    for length in least - 2..least + 3 {
        let mut content = b"first\n".to_vec();
        content.extend(std::iter::repeat_n(b'x', length));
        assert_eq!(tail(&content, 1).unwrap().len(), length);
        assert_eq!(tail(&content, 2).unwrap().len(), length + 6);
    }
}

#[test]
fn a_tail_takes_memory_for_its_lines_alone() {
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "a line of some length\n".repeat(1 << 20)).unwrap();
    let tail = tail_of(&c_path(file.path()), 1000).unwrap();
    assert!(tail.bytes.capacity() < 200_000, "{}", tail.bytes.capacity());
}

#[test]
fn a_file_that_shrinks_is_an_unexpected_end() {
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), b"a\nb\n").unwrap();
    let open = Descriptor::open(&c_path(file.path()), 0).unwrap();
    let error = read_tail(&open, 100, 1).err().unwrap();
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
}

#[test]
fn only_regular_files_have_a_tail() {
    let directory = TempDir::new().unwrap();
    let error = tail_of(&c_path(directory.path()), 1).err().unwrap();
    assert_eq!(error.kind(), io::ErrorKind::Unsupported);
    let missing = tail_of(&c_path(&directory.path().join("missing")), 1).err().unwrap();
    assert_eq!(missing.kind(), io::ErrorKind::NotFound);
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
