//! Floors: the time of the system calls that every implementation of a utility must make.

use std::ffi::CString;
use std::fs::File;
use std::io;
use std::mem::{MaybeUninit, size_of};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::path::Path;
use std::time::Instant;

const CGROUP: &str = "/sys/fs/cgroup";

/// One round of system calls, including the files that a fast implementation keeps open.
pub struct Floor {
    calls: Vec<Call>,
    buffer: Vec<u8>,
}

/// The approximate length of the last ten lines of a log.
const TAIL_BYTES: usize = 1024;
const BLOCK_BYTES: usize = 256 * 1024;
/// The needed values are at the beginning of a file that is kept open.
const KEPT_BYTES: usize = 128;
const LIST_BYTES: usize = 32 * 1024;

enum Call {
    /// `kill(pid, 0)`
    Signal(libc::pid_t),
    /// `sched_getaffinity`
    Affinity,
    /// `getrlimit(RLIMIT_NOFILE)`
    Limit,
    /// `pread` of a file kept open
    Read(File),
    /// `open`, `fstat`, `pread` of the last bytes, `close`
    ReadTail(CString),
    /// `open`, `fstat`, `pread` of block after block up to the size, `close`
    ReadFile(CString),
    /// `open`, `getdents64` until the end of the directory, `close`
    List(CString),
    /// `socket`, `bind` to the first free port from here, `close`
    Bind(u16),
}

impl Floor {
    /// Prepares the floor `name` for the file, directory or port in `path`; None if it is unknown.
    pub fn prepare(name: &str, path: &str) -> io::Result<Option<Self>> {
        let calls = match name {
            // SAFETY: getpid() always succeeds.
            "process" => vec![Call::Signal(unsafe { libc::getpid() })],
            "cpus" => [Ok(Call::Affinity), online()]
                .into_iter()
                .chain(quota())
                .collect::<Result<_, _>>()?,
            "memory" => [meminfo()].into_iter().chain(memory_limit()).collect::<Result<_, _>>()?,
            "threads" => vec![online()?],
            "workers" if path.is_empty() => vec![Call::Limit, online()?],
            "workers" => vec![Call::Limit, online()?, Call::List(c_path(path)?)],
            "entries" => vec![Call::List(c_path(path)?)],
            "tail" => vec![Call::ReadTail(c_path(path)?)],
            "file" => vec![Call::ReadFile(c_path(path)?)],
            "port" => vec![Call::Bind(path.parse().map_err(io::Error::other)?)],
            _ => return Ok(None),
        };
        Ok(Some(Self { calls, buffer: vec![0; BLOCK_BYTES] }))
    }

    /// Returns the seconds per round, averaged over `loops` rounds.
    pub fn time(mut self, loops: u32) -> io::Result<f64> {
        let start = Instant::now();
        for _ in 0..loops {
            for call in &self.calls {
                call.make(&mut self.buffer)?;
            }
        }
        Ok(start.elapsed().as_secs_f64() / f64::from(loops.max(1)))
    }
}

fn c_path(path: &str) -> io::Result<CString> {
    CString::new(path).map_err(io::Error::other)
}

fn kept(path: &str) -> io::Result<Call> {
    Ok(Call::Read(File::open(path)?))
}

fn online() -> io::Result<Call> {
    kept("/sys/devices/system/cpu/online")
}

fn meminfo() -> io::Result<Call> {
    kept("/proc/meminfo")
}

/// A missing limit adds no call to the floor, although an implementation has to look for it.
fn quota() -> Option<io::Result<Call>> {
    limit("cpu.max", "cpu/cpu.cfs_quota_us")
}

fn memory_limit() -> Option<io::Result<Call>> {
    limit("memory.max", "memory/memory.limit_in_bytes")
}

fn limit(v2: &str, v1: &str) -> Option<io::Result<Call>> {
    let v2_mounted = Path::new(CGROUP).join("cgroup.controllers").is_file();
    let path = format!("{CGROUP}/{}", if v2_mounted { v2 } else { v1 });
    Path::new(&path).is_file().then(|| kept(&path))
}

impl Call {
    fn make(&self, buffer: &mut [u8]) -> io::Result<()> {
        // SAFETY: each call gets valid pointers to structures and buffers of the given size.
        unsafe {
            match self {
                Self::Signal(pid) => check(libc::kill(*pid, 0)),
                Self::Affinity => {
                    let mut set = MaybeUninit::<libc::cpu_set_t>::uninit();
                    let size = size_of::<libc::cpu_set_t>();
                    check(libc::sched_getaffinity(0, size, set.as_mut_ptr()))
                }
                Self::Limit => {
                    let mut limit = MaybeUninit::uninit();
                    check(libc::getrlimit(libc::RLIMIT_NOFILE, limit.as_mut_ptr()))
                }
                Self::Read(file) => read(file.as_raw_fd(), &mut buffer[..KEPT_BYTES], 0).map(drop),
                Self::ReadTail(path) => {
                    let (file, size) = open_file(path)?;
                    let start = size.saturating_sub(TAIL_BYTES);
                    read(file.as_raw_fd(), &mut buffer[..TAIL_BYTES], start).map(drop)
                }
                Self::ReadFile(path) => {
                    let (file, size) = open_file(path)?;
                    read_blocks(&file, size, buffer)
                }
                Self::List(path) => {
                    let directory = open(path, libc::O_DIRECTORY)?;
                    list(&directory, &mut buffer[..LIST_BYTES])
                }
                Self::Bind(port) => bind(*port),
            }
        }
    }
}

fn check(result: libc::c_int) -> io::Result<()> {
    if result == -1 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

fn open(path: &CString, extra_flags: libc::c_int) -> io::Result<OwnedFd> {
    // SAFETY: the path ends in NUL; nothing else owns a descriptor that open() returns.
    unsafe {
        let fd = libc::open(path.as_ptr(), libc::O_RDONLY | libc::O_CLOEXEC | extra_flags);
        check(fd)?;
        Ok(OwnedFd::from_raw_fd(fd))
    }
}

/// Opens a file and gets its size.
fn open_file(path: &CString) -> io::Result<(OwnedFd, usize)> {
    let file = open(path, 0)?;
    let mut status = MaybeUninit::<libc::stat>::uninit();
    // SAFETY: fstat() fills the structure, or fails.
    let size = unsafe {
        check(libc::fstat(file.as_raw_fd(), status.as_mut_ptr()))?;
        status.assume_init().st_size
    };
    Ok((file, usize::try_from(size).map_err(io::Error::other)?))
}

/// Reads `size` bytes, or fewer if the file has become shorter.
fn read_blocks(file: &OwnedFd, size: usize, buffer: &mut [u8]) -> io::Result<()> {
    let mut start = 0;
    while start < size {
        match read(file.as_raw_fd(), buffer, start)? {
            0 => break,
            count => start += count,
        }
    }
    Ok(())
}

/// Reads into the buffer from an offset; returns the number of bytes read.
fn read(fd: RawFd, buffer: &mut [u8], start: usize) -> io::Result<usize> {
    let start = libc::off_t::try_from(start).map_err(io::Error::other)?;
    // SAFETY: the kernel writes at most the buffer's length.
    let count = unsafe { libc::pread(fd, buffer.as_mut_ptr().cast(), buffer.len(), start) };
    usize::try_from(count).map_err(|_| io::Error::last_os_error())
}

fn list(directory: &OwnedFd, buffer: &mut [u8]) -> io::Result<()> {
    loop {
        // SAFETY: the kernel writes at most the buffer's length.
        let count = unsafe {
            let fd = directory.as_raw_fd();
            libc::syscall(libc::SYS_getdents64, fd, buffer.as_mut_ptr(), buffer.len())
        };
        match count {
            0 => return Ok(()),
            1.. => {}
            _ => return Err(io::Error::last_os_error()),
        }
    }
}

#[allow(clippy::cast_possible_truncation)] // an address family and a length of 16 bytes
fn bind(first: u16) -> io::Result<()> {
    // SAFETY: an all-zero sockaddr_in is valid and means any interface; the length is its size.
    unsafe {
        let fd = libc::socket(libc::AF_INET, libc::SOCK_STREAM | libc::SOCK_CLOEXEC, 0);
        check(fd)?;
        let socket = OwnedFd::from_raw_fd(fd);
        let mut address: libc::sockaddr_in = std::mem::zeroed();
        address.sin_family = libc::AF_INET as libc::sa_family_t;
        let length = size_of::<libc::sockaddr_in>() as libc::socklen_t;
        for port in first..u16::MAX {
            address.sin_port = port.to_be();
            if libc::bind(socket.as_raw_fd(), (&raw const address).cast(), length) == 0 {
                return Ok(());
            }
        }
    }
    Err(io::ErrorKind::AddrInUse.into())
}

#[cfg(test)]
mod tests;
