use std::ffi::CString;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use proptest::prelude::*;
use tempfile::{NamedTempFile, TempDir};

use super::*;
use crate::oracles;

proptest! {
    #[test]
    fn tails_of_any_bytes_agree_with_splitting(
        parts in prop::collection::vec(
            prop_oneof![
                4 => prop::collection::vec(any::<u8>(), 0..20),
                2 => (1..40usize).prop_map(|count| vec![b'\n'; count]),
                1 => (0..2000usize).prop_map(|length| vec![b'x'; length]),
            ],
            1..40,
        ),
        lines in prop_oneof![1..50usize, Just(usize::MAX)],
    ) {
        let content = parts.concat();
        prop_assume!(!content.is_empty());
        prop_assert_eq!(tail(&content, lines), Some(oracles::tail(&content, lines)));
    }
}

fn c_path(path: &Path) -> CString {
    CString::new(path.as_os_str().as_bytes()).unwrap()
}

fn write(content: &[u8]) -> (NamedTempFile, CString) {
    let file = NamedTempFile::new().unwrap();
    std::fs::write(file.path(), content).unwrap();
    let path = c_path(file.path());
    (file, path)
}

fn read(tail: &mut Tail) -> io::Result<Vec<u8>> {
    while !tail.look_back()? {}
    let mut text = Vec::new();
    loop {
        // Use only half, so that each read has to keep unused bytes.
        let half = tail.unused().len() / 2;
        text.extend_from_slice(&tail.unused()[..half]);
        tail.advance(half);
        if !tail.read_on()? {
            text.extend_from_slice(tail.unused());
            return Ok(text);
        }
    }
}

fn tail(content: &[u8], lines: usize) -> Option<Vec<u8>> {
    let (_file, path) = write(content);
    read(&mut Tail::open(&path, lines).ok()?).ok()
}

#[test]
fn an_empty_file_falls_back() {
    assert_eq!(tail(b"", 3), None);
}

#[test]
fn a_final_line_end_does_not_start_another_line() {
    assert_eq!(tail(b"\n", 1), Some(b"".to_vec()));
    assert_eq!(tail(b"a\nb\n", 1), Some(b"b".to_vec()));
    assert_eq!(tail(b"a\nb", 1), Some(b"b".to_vec()));
    assert_eq!(tail(b"\n\n\n", 2), Some(b"\n".to_vec()));
}

#[test]
fn a_short_file_is_returned_whole() {
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
        for wanted in [1, 2, 7, 100, 2999, 3000, 3001, 5000] {
            assert_eq!(tail(&content, wanted), Some(oracles::tail(&content, wanted)), "{wanted}");
        }
    }
}

#[test]
fn line_ends_at_block_boundaries_are_found() {
    for edge in [*FIRST_BLOCK_BYTES.start(), BLOCK_BYTES] {
        for length in edge - 2..edge + 3 {
            let mut content = b"first\n".to_vec();
            content.extend(std::iter::repeat_n(b'x', length));
            assert_eq!(tail(&content, 1).unwrap().len(), length);
            assert_eq!(tail(&content, 2).unwrap().len(), length + 6);
            content.extend(b"\nlast\n");
            assert_eq!(tail(&content, 2).unwrap().len(), length + 5);
        }
    }
}

#[test]
fn a_line_longer_than_every_block_is_read() {
    let long = vec![b'x'; 5 * BLOCK_BYTES];
    let content = [b"a\n", &long[..], b"\nb\n"].concat();
    assert_eq!(tail(&content, 2), Some([&long[..], b"\nb"].concat()));
    assert_eq!(tail(&content, 9).unwrap().len(), content.len() - 1);
}

#[test]
fn memory_depends_only_on_the_longest_line() {
    let (_file, path) = write("a line of some length\n".repeat(1 << 20).as_bytes());
    let mut tail = Tail::open(&path, 1 << 19).unwrap();
    assert_eq!(read(&mut tail).unwrap().len(), (22 << 19) - 1);
    assert!(tail.buffer.capacity() <= 2 * BLOCK_BYTES, "{}", tail.buffer.capacity());
}

#[test]
fn a_file_that_shrinks_is_an_error() {
    let (file, path) = write("line\n".repeat(100_000).as_bytes());
    let mut tail = Tail::open(&path, 90_000).unwrap();
    file.as_file().set_len(10).unwrap();
    let error = read(&mut tail).err().unwrap();
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
}

#[test]
fn only_regular_files_have_a_tail() {
    let directory = TempDir::new().unwrap();
    let error = Tail::open(&c_path(directory.path()), 1).err().unwrap();
    assert_eq!(error.kind(), io::ErrorKind::Unsupported);
    let missing = Tail::open(&c_path(&directory.path().join("missing")), 1).err().unwrap();
    assert_eq!(missing.kind(), io::ErrorKind::NotFound);
}
