//! Kernel files that are opened once and read many times.

use std::ffi::CStr;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::os::fd::RawFd;
use std::sync::Mutex;

use crate::descriptor::{Descriptor, read_once, status};

/// A file that stays open between reads.
///
/// A daemon may close all descriptors, so that the number belongs to another file. Each read first
/// checks that the descriptor is still the one that was opened.
pub struct KeptFile {
    path: &'static CStr,
    identify: fn(&Descriptor) -> io::Result<Identity>,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    fd: RawFd,
    identity: Identity,
}

/// How an open file is recognised.
enum Identity {
    /// Its position, which reads with `pread` do not use.
    Position(libc::off_t),
    Inode(libc::dev_t, libc::ino_t),
}

impl KeptFile {
    /// Creates a file of sysfs or a cgroup, where `lseek` takes half the time of `fstat`.
    pub const fn in_sysfs(path: &'static CStr) -> Self {
        Self { path, identify: Identity::by_position, kept: Mutex::new(None) }
    }

    /// Creates a file of /proc, where `lseek` makes the kernel generate the content again.
    pub const fn in_proc(path: &'static CStr) -> Self {
        Self { path, identify: Identity::by_inode, kept: Mutex::new(None) }
    }

    /// Reads the start of the file into the buffer and parses what was read.
    pub fn read<T>(&self, buffer: &mut [u8], parse: impl FnOnce(&[u8]) -> T) -> io::Result<T> {
        // After a fork, a thread that does not exist any more may hold the lock: do not wait.
        let length = match self.kept.try_lock() {
            Ok(mut kept) => match &*kept {
                Some(file) if file.identity.matches(file.fd) => read_once(file.fd, buffer, 0)?,
                _ => self.open_and_read(&mut kept, buffer)?,
            },
            Err(_) => Descriptor::open(self.path, 0)?.read_at(buffer, 0)?,
        };
        Ok(parse(&buffer[..length]))
    }

    fn open_and_read(&self, kept: &mut Option<Kept>, buffer: &mut [u8]) -> io::Result<usize> {
        // The old descriptor belongs to another file now and must not be closed.
        *kept = None;
        let file = Descriptor::open(self.path, 0)?;
        let length = read_once(file.raw(), buffer, 0)?;
        if let Ok(identity) = (self.identify)(&file) {
            *kept = Some(Kept { fd: file.into_raw(), identity });
        }
        Ok(length)
    }
}

impl Identity {
    /// Seeks to a random position above 1 GiB, which no other file has by chance.
    fn by_position(file: &Descriptor) -> io::Result<Self> {
        let random = RandomState::new().hash_one(0);
        let position = (random >> 34).cast_signed() | 1 << 30;
        file.seek(position)?;
        Ok(Self::Position(position))
    }

    fn by_inode(file: &Descriptor) -> io::Result<Self> {
        let status = status(file.raw())?;
        Ok(Self::Inode(status.st_dev, status.st_ino))
    }

    fn matches(&self, fd: RawFd) -> bool {
        match *self {
            // SAFETY: lseek() takes any descriptor; this does not change its position.
            Self::Position(position) => unsafe { libc::lseek(fd, 0, libc::SEEK_CUR) == position },
            Self::Inode(device, inode) => {
                status(fd).is_ok_and(|now| (now.st_dev, now.st_ino) == (device, inode))
            }
        }
    }
}

#[cfg(test)]
mod tests;
