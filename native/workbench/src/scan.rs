//! Search for byte strings in the files below some directories.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use aho_corasick::{AhoCorasick, packed};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};
use memchr::memmem;

#[cfg(test)]
mod tests;

/// Large enough that most source files need only one read and one search.
const BLOCK: usize = 256 * 1024;

/// What to look for, and where.
pub struct Scan {
    /// Directories to search; files among them are included whatever their names.
    pub roots: Vec<PathBuf>,
    /// Byte strings to search for; every file contains the empty one.
    pub needles: Vec<Vec<u8>>,
    /// Patterns in the syntax of `.gitignore`, relative to the current directory.
    pub excludes: Vec<String>,
    /// Suffixes of the files to search.
    pub suffixes: Vec<String>,
    /// Whether to follow `.gitignore` files inside a git work tree, as git does.
    pub follow_ignore: bool,
}

/// The result; paths are absolute, and each list is sorted by their bytes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// All files that were searched.
    pub files: Vec<PathBuf>,
    /// Indices in `files`, each with the indices of the needles that the file contains.
    pub hits: Vec<(usize, Vec<usize>)>,
    /// Paths that could not be read, with the reason.
    pub errors: Vec<(PathBuf, String)>,
}

impl Scan {
    /// Searches in one thread per processor; setting `stop` ends the search early.
    ///
    /// Hidden directories, `__pycache__` and symbolic links below the roots are skipped.
    /// Fails if an exclude is not a valid pattern or there are too many needles.
    pub fn run(&self, stop: &AtomicBool) -> io::Result<Findings> {
        let Some((first, others)) = self.roots.split_first() else {
            return Ok(Findings::default());
        };
        let mut walk = WalkBuilder::new(std::path::absolute(first)?);
        for root in others {
            walk.add(std::path::absolute(root)?);
        }
        let excluded = self.excluded()?;
        walk.standard_filters(false)
            .parents(self.follow_ignore)
            .git_ignore(self.follow_ignore)
            .threads(std::thread::available_parallelism().map_or(1, usize::from))
            .filter_entry(move |entry| is_searched(entry, &excluded));
        let seen = Mutex::default();
        walk.build_parallel().visit(&mut Searchers {
            scan: self,
            finder: &Finder::new(&self.needles)?,
            stop,
            seen: &seen,
        });
        let seen: Seen = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(seen.into_findings())
    }

    fn excluded(&self) -> io::Result<Gitignore> {
        let mut builder = GitignoreBuilder::new(std::env::current_dir()?);
        for pattern in &self.excludes {
            builder
                .add_line(None, pattern)
                .map_err(|error| invalid(format!("exclude {pattern:?}: {error}")))?;
        }
        builder.build().map_err(invalid)
    }

    fn wants(&self, entry: &DirEntry) -> bool {
        if entry.depth() == 0 {
            return entry.path().is_file();
        }
        let name = entry.file_name().as_encoded_bytes();
        entry.file_type().is_some_and(|kind| kind.is_file())
            && self.suffixes.iter().any(|suffix| name.ends_with(suffix.as_bytes()))
    }
}

fn is_searched(entry: &DirEntry, excluded: &Gitignore) -> bool {
    if entry.depth() == 0 {
        return true;
    }
    let is_directory = entry.file_type().is_some_and(|kind| kind.is_dir());
    let name = entry.file_name().as_encoded_bytes();
    let is_skipped = is_directory && (name.starts_with(b".") || name == b"__pycache__");
    !is_skipped && !excluded.matched(entry.path(), is_directory).is_ignore()
}

/// Finds the needles that a stream contains.
struct Finder {
    any: AnyNeedle,
    each: Vec<memmem::Finder<'static>>,
    /// How many bytes of a block may be the start of a needle that ends in the next block.
    overlap: usize,
}

enum AnyNeedle {
    /// Vectorised search, where the processor and the number of needles allow it.
    Packed(packed::Searcher),
    Automaton(AhoCorasick),
}

impl AnyNeedle {
    fn new(needles: &[Vec<u8>]) -> io::Result<Self> {
        if let Some(searcher) = packed::Searcher::new(needles) {
            return Ok(Self::Packed(searcher));
        }
        // The prefilter would search for bytes as common as the underscores of names.
        let automaton = AhoCorasick::builder().prefilter(false).build(needles);
        automaton.map(Self::Automaton).map_err(invalid)
    }

    fn is_in(&self, block: &[u8]) -> bool {
        match self {
            Self::Packed(searcher) => searcher.find(block).is_some(),
            Self::Automaton(automaton) => automaton.is_match(block),
        }
    }
}

impl Finder {
    fn new(needles: &[Vec<u8>]) -> io::Result<Self> {
        let longest = needles.iter().map(Vec::len).max().unwrap_or(0);
        Ok(Self {
            any: AnyNeedle::new(needles)?,
            each: needles.iter().map(|needle| memmem::Finder::new(needle).into_owned()).collect(),
            overlap: longest.saturating_sub(1),
        })
    }

    fn buffer(&self) -> Vec<u8> {
        vec![0; BLOCK + self.overlap]
    }

    fn needles_in(&self, stream: &mut impl Read, buffer: &mut [u8]) -> io::Result<Vec<usize>> {
        let mut found = self.needles_in_block(b"", &[]);
        let mut kept = 0;
        loop {
            let filled = match stream.read(&mut buffer[kept..]) {
                Ok(0) => break,
                Ok(count) => kept + count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let block = &buffer[..filled];
            if !found.is_empty() || self.any.is_in(block) {
                found.extend(self.needles_in_block(block, &found));
            }
            let start = filled.saturating_sub(self.overlap);
            buffer.copy_within(start..filled, 0);
            kept = filled - start;
        }
        found.sort_unstable();
        Ok(found)
    }

    /// Returns the needles in a block, except those in `known`.
    fn needles_in_block(&self, block: &[u8], known: &[usize]) -> Vec<usize> {
        let missing = (0..self.each.len()).filter(|number| !known.contains(number));
        missing.filter(|&number| self.each[number].find(block).is_some()).collect()
    }
}

/// Reports the end of the file when the search is to stop, since one file can take minutes.
struct Stoppable<'s> {
    stream: File,
    stop: &'s AtomicBool,
}

impl Read for Stoppable<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stop.load(Ordering::Relaxed) {
            return Ok(0);
        }
        self.stream.read(buffer)
    }
}

#[derive(Default)]
struct Seen {
    files: Vec<(PathBuf, Vec<usize>)>,
    errors: Vec<(PathBuf, String)>,
}

impl Seen {
    /// Sorts the result; a file below two of the roots counts once.
    fn into_findings(mut self) -> Findings {
        self.files.sort_unstable_by(|a, b| bytes(&a.0).cmp(bytes(&b.0)));
        self.files.dedup_by(|a, b| bytes(&a.0) == bytes(&b.0));
        self.errors.sort_unstable_by(|a, b| (bytes(&a.0), &a.1).cmp(&(bytes(&b.0), &b.1)));
        self.errors.dedup();
        let mut findings = Findings { errors: self.errors, ..Findings::default() };
        for (number, (path, found)) in self.files.into_iter().enumerate() {
            findings.files.push(path);
            if !found.is_empty() {
                findings.hits.push((number, found));
            }
        }
        findings
    }
}

/// Creates the searcher of each thread; the searchers merge their results into `seen`.
struct Searchers<'s> {
    scan: &'s Scan,
    finder: &'s Finder,
    stop: &'s AtomicBool,
    seen: &'s Mutex<Seen>,
}

impl<'s> ParallelVisitorBuilder<'s> for Searchers<'s> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 's> {
        Box::new(Searcher {
            scan: self.scan,
            finder: self.finder,
            stop: self.stop,
            all: self.seen,
            own: Seen::default(),
            buffer: self.finder.buffer(),
        })
    }
}

struct Searcher<'s> {
    scan: &'s Scan,
    finder: &'s Finder,
    stop: &'s AtomicBool,
    all: &'s Mutex<Seen>,
    own: Seen,
    buffer: Vec<u8>,
}

impl Searcher<'_> {
    fn search(&mut self, path: &Path) -> io::Result<Vec<usize>> {
        let mut file = Stoppable { stream: File::open(path)?, stop: self.stop };
        self.finder.needles_in(&mut file, &mut self.buffer)
    }

    fn note_error(&mut self, error: &ignore::Error) {
        // Like git, skip patterns of a .gitignore that are invalid.
        if let (Some(path), Some(cause)) = (path_of(error), error.io_error()) {
            self.own.errors.push((path.to_path_buf(), reason(cause)));
        }
    }
}

impl ParallelVisitor for Searcher<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        if self.stop.load(Ordering::Relaxed) {
            return WalkState::Quit;
        }
        match entry {
            Ok(entry) if self.scan.wants(&entry) => {
                let found = self.search(entry.path()).unwrap_or_else(|error| {
                    let failed = (entry.path().to_path_buf(), reason(&error));
                    self.own.errors.push(failed);
                    Vec::new()
                });
                self.own.files.push((entry.into_path(), found));
            }
            Ok(_) => {}
            Err(error) => self.note_error(&error),
        }
        WalkState::Continue
    }
}

impl Drop for Searcher<'_> {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.files.append(&mut self.own.files);
        all.errors.append(&mut self.own.errors);
    }
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        ignore::Error::Partial(errors) => errors.iter().find_map(path_of),
        _ => None,
    }
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// Returns the system's message without the error number that Rust adds.
fn reason(error: &io::Error) -> String {
    let mut text = error.to_string();
    if let Some(end) = text.find(" (os error") {
        text.truncate(end);
    }
    text
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, error)
}
