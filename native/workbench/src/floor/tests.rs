use super::*;

/// A file of a given size that is removed when the test ends.
struct Scratch(std::path::PathBuf);

impl Scratch {
    fn new(name: &str, size: usize) -> Self {
        let path = std::env::temp_dir().join(format!("floor-{}-{name}", std::process::id()));
        std::fs::write(&path, vec![b'x'; size]).unwrap();
        Self(path)
    }

    fn path(&self) -> CString {
        CString::new(self.0.to_str().unwrap()).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn every_floor_takes_time() {
    let file = "/proc/self/cmdline";
    for (name, path) in [
        ("process", ""),
        ("cpus", ""),
        ("memory", ""),
        ("threads", ""),
        ("workers", ""),
        ("workers", "/"),
        ("entries", "/"),
        ("tail", file),
        ("file", file),
        ("port", "20000"),
    ] {
        let floor = Floor::prepare(name, path).unwrap().expect(name);
        assert!(floor.time(10).unwrap() > 0.0, "{name}");
    }
}

#[test]
fn an_unknown_name_has_no_floor() {
    assert!(Floor::prepare("no such floor", "").unwrap().is_none());
}

#[test]
fn a_failing_call_is_an_error() {
    for (name, path) in [
        ("entries", "/no/such/directory"),
        ("file", "/no/such/file"),
        ("tail", "/no/such/file"),
        ("workers", "/no/such/directory"),
    ] {
        let floor = Floor::prepare(name, path).unwrap().unwrap();
        let error = floor.time(1).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound, "{name}");
    }
}

#[test]
fn an_invalid_path_or_port_is_an_error() {
    for (name, path) in [("file", "a\0b"), ("port", "70000"), ("port", "http")] {
        assert!(Floor::prepare(name, path).is_err(), "{name} {path}");
    }
}

#[test]
fn open_file_returns_the_size() {
    let scratch = Scratch::new("size", 12_345);
    assert_eq!(open_file(&scratch.path()).unwrap().1, 12_345);
}

#[test]
fn a_read_starts_at_the_offset() {
    let scratch = Scratch::new("start", 5000);
    let (file, size) = open_file(&scratch.path()).unwrap();
    let mut buffer = [0; 4096];
    assert_eq!(read(file.as_raw_fd(), &mut buffer, size - 10).unwrap(), 10);
    assert_eq!(buffer[..12], *b"xxxxxxxxxx\0\0");
    assert_eq!(read(file.as_raw_fd(), &mut buffer, size).unwrap(), 0);
}

#[test]
fn blocks_end_at_the_end_of_the_file_even_if_it_was_longer() {
    let scratch = Scratch::new("blocks", 10_000);
    let (file, size) = open_file(&scratch.path()).unwrap();
    let mut buffer = [0; 4096];
    read_blocks(&file, size, &mut buffer).unwrap();
    assert!(buffer.iter().all(|&byte| byte == b'x'));
    read_blocks(&file, size * 2, &mut buffer).unwrap();
}

#[test]
fn a_port_in_use_is_skipped() {
    let taken = std::net::TcpListener::bind(("0.0.0.0", 0)).unwrap();
    bind(taken.local_addr().unwrap().port()).unwrap();
    assert_eq!(bind(u16::MAX).unwrap_err().kind(), io::ErrorKind::AddrInUse);
}
