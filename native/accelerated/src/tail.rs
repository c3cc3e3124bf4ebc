//! The last lines of a file, found backwards from its end and then read forwards.
//!
//! Both passes use the same small buffer: reading a block twice from the page cache is faster than
//! allocating a buffer as large as the text.

use std::ffi::CStr;
use std::io;
use std::ops::{Range, RangeInclusive};

use memchr::{memchr_iter, memrchr_iter};

use crate::descriptor::{Descriptor, Kind};

/// Estimated length of a line, from which the size of the first block follows.
const LINE_BYTES: usize = 128;
const BLOCK_BYTES: usize = 1 << 18;
const FIRST_BLOCK_BYTES: RangeInclusive<usize> = 1024..=BLOCK_BYTES;

/// The last lines of a file, without the line end of the last one.
///
/// Memory use is proportional to the longest of these lines, not to the size of the file.
pub struct Tail {
    file: Descriptor,
    buffer: Vec<u8>,
    /// The bytes in `buffer` that are not used yet.
    unused: Range<usize>,
    /// Offset of the next block in the file.
    position: usize,
    /// Offset of the end of the last line.
    end: usize,
    /// How many line ends remain to be found.
    wanted: usize,
    is_found: bool,
}

impl Tail {
    /// Opens a file and searches its last block for its last `lines` lines (at least one).
    ///
    /// Fails with `NotSeekable` for a FIFO, which must not be opened again, since its writer may be
    /// gone by then, and with `Unsupported` for a directory and for a file whose size is 0, because
    /// it is empty or a device or generated when read.
    pub fn open(path: &CStr, lines: usize) -> io::Result<Self> {
        let file = Descriptor::open(path, 0)?;
        let size = match file.kind()? {
            Kind::Regular(size @ 1..) => size,
            Kind::Fifo => return Err(io::ErrorKind::NotSeekable.into()),
            _ => return Err(io::ErrorKind::Unsupported.into()),
        };
        let (least, most) = FIRST_BLOCK_BYTES.into_inner();
        let block = lines.saturating_mul(LINE_BYTES).clamp(least, most).min(size);
        let mut buffer = vec![0; block];
        fill(&file, &mut buffer, size - block)?;
        let last_line_end = usize::from(buffer.ends_with(b"\n"));
        let mut tail = Self {
            file,
            buffer,
            unused: 0..block - last_line_end,
            position: size - block,
            end: size - last_line_end,
            wanted: lines,
            is_found: false,
        };
        if tail.look_in_block() {
            // All lines are in memory, so there is nothing left to read.
            tail.position = tail.end;
        }
        Ok(tail)
    }

    /// Searches the previous block; returns whether the start of the first line is found.
    pub fn look_back(&mut self) -> io::Result<bool> {
        if self.is_found {
            return Ok(true);
        }
        self.buffer.resize(BLOCK_BYTES, 0);
        let block = BLOCK_BYTES.min(self.position);
        self.position -= block;
        fill(&self.file, &mut self.buffer[..block], self.position)?;
        self.unused = 0..block;
        if self.look_in_block() {
            self.position += self.unused.start;
            self.unused = 0..0;
        }
        Ok(self.is_found)
    }

    /// Moves the start of the unused bytes after the wanted line end, if the block contains it.
    fn look_in_block(&mut self) -> bool {
        let block = &self.buffer[self.unused.clone()];
        let found = memchr_iter(b'\n', block).count();
        if found >= self.wanted {
            let line_end = memrchr_iter(b'\n', block).nth(self.wanted - 1);
            self.unused.start = line_end.map_or(0, |position| position + 1);
            self.is_found = true;
        } else {
            self.wanted -= found;
            self.is_found = self.position == 0;
        }
        self.is_found
    }

    /// Returns the bytes that were read and not used yet.
    pub fn unused(&mut self) -> &mut [u8] {
        &mut self.buffer[self.unused.clone()]
    }

    /// Marks the first bytes of `unused` as used.
    pub fn advance(&mut self, count: usize) {
        self.unused.start += count;
    }

    /// Reads more bytes after the unused ones; returns whether there were any.
    pub fn read_on(&mut self) -> io::Result<bool> {
        if self.position == self.end {
            return Ok(false);
        }
        self.buffer.copy_within(self.unused.clone(), 0);
        let kept = self.unused.len();
        if kept > self.buffer.len() / 2 {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let count = (self.buffer.len() - kept).min(self.end - self.position);
        fill(&self.file, &mut self.buffer[kept..kept + count], self.position)?;
        self.position += count;
        self.unused = 0..kept + count;
        Ok(true)
    }
}

/// Reads a whole block; fails with `UnexpectedEof` if the file has become shorter.
fn fill(file: &Descriptor, block: &mut [u8], position: usize) -> io::Result<()> {
    let count = file.read_at(block, position as u64)?;
    if count < block.len() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
