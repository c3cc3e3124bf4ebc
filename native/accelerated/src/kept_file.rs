//! Files of the kernel that are opened once and read again and again.

use std::ffi::CStr;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::os::fd::RawFd;
use std::sync::Mutex;

use crate::descriptor::{Descriptor, read_once};

/// A file that stays open between reads.
///
/// A daemon may close every descriptor, and the number may then belong to another file. So the file's
/// position, which nothing here uses, is set to a mark that is checked before each read: for files of
/// the kernel that takes half the time of comparing device and inode.
pub struct KeptFile {
    path: &'static CStr,
    kept: Mutex<Option<Kept>>,
}

#[derive(Clone, Copy)]
struct Kept {
    fd: RawFd,
    mark: libc::off_t,
}

impl KeptFile {
    pub const fn new(path: &'static CStr) -> Self {
        Self { path, kept: Mutex::new(None) }
    }

    /// Reads the file from its start, as far as the buffer reaches, and parses what was read.
    pub fn read<T>(&self, buffer: &mut [u8], parse: impl FnOnce(&[u8]) -> T) -> io::Result<T> {
        // Only a thread that a fork has cut off can hold the lock for long: do without, then.
        let length = match self.kept.try_lock() {
            Ok(mut kept) => match kept.filter(Kept::is_intact) {
                Some(file) => read_once(file.fd, buffer, 0)?,
                None => self.open_and_read(&mut kept, buffer)?,
            },
            Err(_) => Descriptor::open(self.path, 0)?.read_at(buffer, 0)?,
        };
        Ok(parse(&buffer[..length]))
    }

    fn open_and_read(&self, kept: &mut Option<Kept>, buffer: &mut [u8]) -> io::Result<usize> {
        // A descriptor that is not intact is not ours any more, and must not be closed.
        *kept = None;
        let file = Descriptor::open(self.path, 0)?;
        let length = read_once(file.raw(), buffer, 0)?;
        let mark = new_mark();
        // SAFETY: lseek() takes any descriptor, and this one is ours.
        if unsafe { libc::lseek(file.raw(), mark, libc::SEEK_SET) } == mark {
            *kept = Some(Kept { fd: file.into_raw(), mark });
        }
        Ok(length)
    }
}

impl Kept {
    fn is_intact(&self) -> bool {
        // SAFETY: lseek() takes any descriptor, and this does not move its position.
        unsafe { libc::lseek(self.fd, 0, libc::SEEK_CUR) == self.mark }
    }
}

/// A random position of more than 1 GiB, where no reader of another file is by chance.
fn new_mark() -> libc::off_t {
    let random = RandomState::new().hash_one(0);
    (random >> 34).cast_signed() | 1 << 30
}

#[cfg(test)]
mod tests;
