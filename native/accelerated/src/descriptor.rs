//! Opening, checking and reading file descriptors.

use std::ffi::CStr;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};

/// The type of a file; for a regular file also its size in bytes.
pub enum Kind {
    Regular(usize),
    Directory,
    Fifo,
    Other,
}

/// An open file that is closed when dropped.
pub struct Descriptor(OwnedFd);

impl Descriptor {
    /// Opens a file for reading; fails with `Interrupted` if a signal arrives.
    pub fn open(path: &CStr, extra_flags: libc::c_int) -> io::Result<Self> {
        let flags = libc::O_RDONLY | libc::O_CLOEXEC | extra_flags;
        // SAFETY: the path ends in NUL; nothing else owns a descriptor that open() returns.
        unsafe {
            let fd = checked(libc::open(path.as_ptr(), flags))?;
            Ok(Self(OwnedFd::from_raw_fd(fd)))
        }
    }

    pub fn kind(&self) -> io::Result<Kind> {
        let status = status(self.raw())?;
        Ok(match status.st_mode & libc::S_IFMT {
            libc::S_IFREG => Kind::Regular(usize::try_from(status.st_size).unwrap_or(usize::MAX)),
            libc::S_IFDIR => Kind::Directory,
            libc::S_IFIFO => Kind::Fifo,
            _ => Kind::Other,
        })
    }

    pub fn seek(&self, position: libc::off_t) -> io::Result<()> {
        // SAFETY: lseek() takes any descriptor and any position.
        let reached = unsafe { libc::lseek(self.raw(), position, libc::SEEK_SET) };
        if reached == -1 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    /// Reads from the current position; fails with `Interrupted` if a signal arrives.
    #[cfg(feature = "python")]
    pub fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        // SAFETY: the kernel writes at most the buffer's length.
        let count = unsafe { libc::read(self.raw(), buffer.as_mut_ptr().cast(), buffer.len()) };
        usize::try_from(count).map_err(|_| io::Error::last_os_error())
    }

    /// Fills the buffer from an offset; returns fewer bytes only at the end of the file.
    pub fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            match read_once(self.raw(), &mut buffer[filled..], offset + filled as u64)? {
                0 => break,
                count => filled += count,
            }
        }
        Ok(filled)
    }

    pub fn raw(&self) -> RawFd {
        self.0.as_raw_fd()
    }

    /// Releases ownership: the descriptor stays open.
    pub fn into_raw(self) -> RawFd {
        use std::os::fd::IntoRawFd;
        self.0.into_raw_fd()
    }
}

/// Calls `fstat`.
pub fn status(fd: RawFd) -> io::Result<libc::stat> {
    let mut status = MaybeUninit::uninit();
    // SAFETY: fstat() fills the structure when it returns 0.
    unsafe {
        checked(libc::fstat(fd, status.as_mut_ptr()))?;
        Ok(status.assume_init())
    }
}

/// Calls `pread` once, retrying if a signal interrupts it.
pub fn read_once(fd: RawFd, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let offset = libc::off_t::try_from(offset).map_err(io::Error::other)?;
    loop {
        // SAFETY: the kernel writes at most the buffer's length.
        let count = unsafe { libc::pread(fd, buffer.as_mut_ptr().cast(), buffer.len(), offset) };
        match usize::try_from(count) {
            Ok(count) => return Ok(count),
            Err(_) => match io::Error::last_os_error() {
                error if error.kind() == io::ErrorKind::Interrupted => {}
                error => return Err(error),
            },
        }
    }
}

/// Converts the -1 of a failed system call to its error.
pub fn checked(result: libc::c_int) -> io::Result<libc::c_int> {
    if result == -1 { Err(io::Error::last_os_error()) } else { Ok(result) }
}
