use super::*;

static STATUS: KeptFile = KeptFile::in_proc(c"/proc/self/statm");

#[test]
fn a_descriptor_reused_for_another_file_is_detected() {
    for file in [
        KeptFile::in_proc(c"/proc/self/cmdline"),
        KeptFile::in_sysfs(c"/sys/devices/system/cpu/online"),
    ] {
        let mut buffer = [0; 64];
        let before = file.read(&mut buffer, <[u8]>::to_vec).unwrap();
        let fd = file.kept.lock().unwrap().as_ref().unwrap().fd;
        let other = std::fs::File::open("/proc/self/stat").unwrap();
        // SAFETY: the descriptor belongs to the kept file, from which this test takes it.
        unsafe { libc::dup2(std::os::fd::AsRawFd::as_raw_fd(&other), fd) };
        assert_eq!(file.read(&mut buffer, <[u8]>::to_vec).unwrap(), before);
        assert_ne!(file.kept.lock().unwrap().as_ref().unwrap().fd, fd);
    }
}

#[test]
fn a_file_is_opened_once() {
    let mut buffer = [0; 64];
    STATUS.read(&mut buffer, |_| ()).unwrap();
    let first = STATUS.kept.lock().unwrap().as_ref().unwrap().fd;
    STATUS.read(&mut buffer, |_| ()).unwrap();
    assert_eq!(STATUS.kept.lock().unwrap().as_ref().unwrap().fd, first);
}

#[test]
fn a_read_does_not_wait_for_a_held_lock() {
    let file = KeptFile::in_proc(c"/proc/self/cmdline");
    let held = file.kept.lock().unwrap();
    assert!(file.read(&mut [0; 64], <[u8]>::len).unwrap() > 0);
    assert!(held.is_none());
}

#[test]
fn a_missing_file_is_an_error_each_time() {
    let file = KeptFile::in_proc(c"/proc/self/no-such-file");
    for _ in 0..2 {
        assert_eq!(file.read(&mut [0; 8], |_| ()).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
