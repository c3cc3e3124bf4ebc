use super::*;

#[test]
fn the_current_process_exists() {
    let own = i32::try_from(std::process::id()).unwrap();
    assert_eq!(process_exists(own), Some(true));
}

#[test]
fn a_zombie_exists_until_its_parent_waits() {
    let mut child = std::process::Command::new("true").spawn().unwrap();
    let pid = i32::try_from(child.id()).unwrap();
    assert_eq!(process_exists(pid), Some(true));
    child.wait().unwrap();
    assert_eq!(process_exists(pid), Some(false));
}

#[test]
fn a_pid_above_the_range_does_not_exist() {
    assert_eq!(process_exists(i32::MAX), Some(false));
}

#[test]
fn the_limit_of_open_files_is_the_soft_limit() {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: getrlimit() fills the structure.
    assert_eq!(unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) }, 0);
    assert_eq!(open_files_limit().unwrap_or(libc::RLIM_INFINITY), limit.rlim_cur);
}

#[test]
fn workers_share_the_open_files() {
    assert_eq!(workers(1024, 0, 100), 100);
    assert_eq!(workers(1024, 0, 500), 184);
    assert_eq!(workers(1024, 10, 500), 18);
    assert_eq!(workers(1024, 1000, 500), 1);
    assert_eq!(workers(100, 0, 500), 1);
    assert_eq!(workers(u64::MAX, usize::MAX, 8), 1);
}
