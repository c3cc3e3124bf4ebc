//! Files of the kernel that are opened once and read again and again.

use std::ffi::CStr;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::os::fd::RawFd;
use std::sync::Mutex;

use crate::descriptor::{Descriptor, read_once, status};

/// A file that stays open between reads.
///
/// A daemon may close every descriptor, and the number may then belong to another file: before each
/// read the descriptor is checked to be the one that was opened.
pub struct KeptFile {
    path: &'static CStr,
    sign: fn(&Descriptor) -> io::Result<Sign>,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    fd: RawFd,
    sign: Sign,
}

/// By what an open file is known again.
enum Sign {
    /// Its position, which nothing here uses.
    Position(libc::off_t),
    Inode(libc::dev_t, libc::ino_t),
}

impl KeptFile {
    /// A file of sysfs or a cgroup, where asking for the position takes half the time of `fstat`.
    pub const fn in_sysfs(path: &'static CStr) -> Self {
        Self { path, sign: Sign::by_position, kept: Mutex::new(None) }
    }

    /// A file of /proc, where asking for the position makes the kernel write the file anew.
    pub const fn in_proc(path: &'static CStr) -> Self {
        Self { path, sign: Sign::by_inode, kept: Mutex::new(None) }
    }

    /// Reads the file from its start, as far as the buffer reaches, and parses what was read.
    pub fn read<T>(&self, buffer: &mut [u8], parse: impl FnOnce(&[u8]) -> T) -> io::Result<T> {
        // Only a thread that a fork has cut off can hold the lock for long: do without, then.
        let length = match self.kept.try_lock() {
            Ok(mut kept) => match &*kept {
                Some(file) if file.sign.is_on(file.fd) => read_once(file.fd, buffer, 0)?,
                _ => self.open_and_read(&mut kept, buffer)?,
            },
            Err(_) => Descriptor::open(self.path, 0)?.read_at(buffer, 0)?,
        };
        Ok(parse(&buffer[..length]))
    }

    fn open_and_read(&self, kept: &mut Option<Kept>, buffer: &mut [u8]) -> io::Result<usize> {
        // A descriptor without our sign is not ours any more, and must not be closed.
        *kept = None;
        let file = Descriptor::open(self.path, 0)?;
        let length = read_once(file.raw(), buffer, 0)?;
        if let Ok(sign) = (self.sign)(&file) {
            *kept = Some(Kept { fd: file.into_raw(), sign });
        }
        Ok(length)
    }
}

impl Sign {
    /// A random position of more than 1 GiB, where no reader of another file is by chance.
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

    fn is_on(&self, fd: RawFd) -> bool {
        match *self {
            // SAFETY: lseek() takes any descriptor, and this does not move its position.
            Self::Position(position) => unsafe { libc::lseek(fd, 0, libc::SEEK_CUR) == position },
            Self::Inode(device, inode) => {
                status(fd).is_ok_and(|now| (now.st_dev, now.st_ino) == (device, inode))
            }
        }
    }
}

#[cfg(test)]
mod tests;
