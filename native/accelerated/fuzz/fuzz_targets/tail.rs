//! The last lines of files that are up to several blocks long.

#![no_main]

use std::ffi::CString;
use std::io::{Seek, Write};
use std::os::unix::ffi::OsStrExt;

use accelerated::oracles;
use accelerated::tail::Tail;
use libfuzzer_sys::fuzz_target;
use tempfile::NamedTempFile;

fuzz_target!(init: {
    // All runs rewrite one file: creating one takes longer than the rest of a run.
    FILE.set(NamedTempFile::new_in("/dev/shm").unwrap().into()).unwrap();
}, |input: (&[u8], u8, u8, u16)| {
    let (part, repeats, step, lines) = input;
    let content = part.repeat(usize::from(repeats) * usize::from(repeats));
    let mut file = FILE.get().unwrap().lock().unwrap();
    file.as_file_mut().set_len(0).unwrap();
    file.rewind().unwrap();
    file.write_all(&content).unwrap();
    let path = CString::new(file.path().as_os_str().as_bytes()).unwrap();
    let lines = usize::from(lines).max(1);
    if let Ok(tail) = Tail::open(&path, lines) {
        assert_eq!(read(tail, usize::from(step)), oracles::tail(&content, lines));
    } else {
        assert!(content.is_empty());
    }
});

static FILE: std::sync::OnceLock<std::sync::Mutex<NamedTempFile>> = std::sync::OnceLock::new();

/// Uses only a share of each read, so that the unused rest varies in size.
fn read(mut tail: Tail, share: usize) -> Vec<u8> {
    while !tail.look_back().unwrap() {}
    let mut text = Vec::new();
    loop {
        let count = tail.unused().len() * share / 255;
        text.extend_from_slice(&tail.unused()[..count]);
        tail.advance(count);
        if !tail.read_on().unwrap() {
            text.extend_from_slice(tail.unused());
            return text;
        }
    }
}
