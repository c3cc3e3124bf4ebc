//! The last lines of a file: found from its end backwards, then read forwards.
//!
//! Both passes reuse one buffer: reading a block twice out of the page cache costs less than a buffer
//! as large as the text, whose pages the kernel would have to provide first.

use std::ffi::CStr;
use std::io;
use std::ops::{Range, RangeInclusive};

use memchr::{memchr_iter, memrchr_iter};

use crate::descriptor::{Descriptor, Kind};

/// What a line of a log is taken to need before any was seen.
const LINE_BYTES: usize = 128;
const BLOCK_BYTES: usize = 1 << 18;
const FIRST_BLOCK_BYTES: RangeInclusive<usize> = 1024..=BLOCK_BYTES;

/// The last lines of a file, without the line end of the last one.
///
/// Memory is proportional to the longest of these lines, never to the file.
pub struct Tail {
    file: Descriptor,
    buffer: Vec<u8>,
    /// The bytes in `buffer` that are still to be used.
    unused: Range<usize>,
    /// Where in the file the next block is read.
    position: usize,
    /// Where the last line ends.
    end: usize,
    /// How many line ends are still to be found, going backwards.
    wanted: usize,
    is_found: bool,
}

impl Tail {
    /// Opens a file and looks for its last `lines` lines, at least one, in its last block.
    ///
    /// Fails with `NotSeekable` for a FIFO, which must not be opened twice, since its writer would be
    /// gone, and with `Unsupported` for what has no size: empty, made up as it is read, a directory.
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
            // All of it is in memory, so there is nothing to read on.
            tail.position = tail.end;
        }
        Ok(tail)
    }

    /// Looks in the block before; returns whether the start of the first line is found.
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

    /// Moves the start of what is unused behind the wanted line end, if it is in the block.
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

    /// The bytes that were read and not yet used.
    pub fn unused(&mut self) -> &mut [u8] {
        &mut self.buffer[self.unused.clone()]
    }

    /// Marks the first bytes of `unused` as used.
    pub fn advance(&mut self, count: usize) {
        self.unused.start += count;
    }

    /// Reads on behind what is unused; returns whether there was anything to read.
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

/// Reads a whole block; a file that has shrunk is an unexpected end.
fn fill(file: &Descriptor, block: &mut [u8], position: usize) -> io::Result<()> {
    let count = file.read_at(block, position as u64)?;
    if count < block.len() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
