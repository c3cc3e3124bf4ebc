//! Files and directories.

use std::ffi::CStr;
use std::io;

#[cfg(target_os = "linux")]
use crate::descriptor::Descriptor;

/// Counts the entries of a directory, including hidden ones.
#[cfg(target_os = "linux")]
pub fn count_entries(path: &CStr) -> io::Result<usize> {
    const BUFFER_BYTES: usize = 32 * 1024;
    const BUFFER_WORDS: usize = BUFFER_BYTES / 8;
    let directory = Descriptor::open(path, libc::O_DIRECTORY)?;
    let mut buffer = std::mem::MaybeUninit::<[u64; BUFFER_WORDS]>::uninit();
    let mut entries = 0;
    loop {
        // SAFETY: the kernel writes whole records into the buffer and returns their length; no
        // more than that is read.
        let records = unsafe {
            let start = buffer.as_mut_ptr().cast::<u8>();
            let length = libc::syscall(libc::SYS_getdents64, directory.raw(), start, BUFFER_BYTES);
            let length = usize::try_from(length).map_err(|_| io::Error::last_os_error())?;
            std::slice::from_raw_parts(start, length)
        };
        if records.is_empty() {
            return Ok(entries);
        }
        entries += count_records(records);
    }
}

/// Counts `linux_dirent64` records, except `.` and `..`.
#[cfg(target_os = "linux")]
fn count_records(mut records: &[u8]) -> usize {
    const LENGTH: usize = 16;
    const NAME: usize = 19;
    let mut entries = 0;
    while records.len() > NAME {
        let length = usize::from(u16::from_ne_bytes([records[LENGTH], records[LENGTH + 1]]));
        let is_dot = records[NAME..].starts_with(b".\0") || records[NAME..].starts_with(b"..\0");
        entries += usize::from(!is_dot);
        records = records.get(length.max(NAME)..).unwrap_or_default();
    }
    entries
}

/// Counts the entries of a directory, including hidden ones.
#[cfg(not(target_os = "linux"))]
pub fn count_entries(path: &CStr) -> io::Result<usize> {
    use std::os::unix::ffi::OsStrExt;
    let path = std::path::Path::new(std::ffi::OsStr::from_bytes(path.to_bytes()));
    let mut entries = 0;
    for entry in std::fs::read_dir(path)? {
        entry?;
        entries += 1;
    }
    Ok(entries)
}

#[cfg(test)]
mod tests;

#[cfg(feature = "python")]
#[allow(clippy::doc_markdown)] // docstrings in the style of Python
pub mod python {
    use std::ffi::{CStr, CString};

    use std::io;

    use memchr::memchr;
    use pyo3::exceptions::PyRuntimeError;
    use pyo3::types::{PyBytes, PyList, PyString};
    use pyo3::{ffi, intern, prelude::*};

    use super::count_entries;
    use crate::bridge::{Arg, Fallback, exact_path, exact_size, memory_view, uninterrupted};
    use crate::descriptor::{Descriptor, Kind};
    use crate::tail::Tail;

    static READ_LAST_N_LINES: Fallback = Fallback::new("read_last_n_lines");
    static HASH_FILE: Fallback = Fallback::new("hash_file");
    static ESTIMATE_FD_FOR_DIRECTORY: Fallback = Fallback::new("estimate_fd_for_directory");

    const FD_PER_ENTRY: usize = 5;
    const HASH_BUFFER_BYTES: usize = 1 << 18;

    pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add_function(wrap_pyfunction!(read_last_n_lines, module)?)?;
        module.add_function(wrap_pyfunction!(hash_file, module)?)?;
        module.add_function(wrap_pyfunction!(estimate_fd_for_directory, module)?)
    }

    /// Return the last ``n`` lines of a file, reading backwards from its end.
    ///
    /// Only ``\n`` ends a line. Every returned line except the last ends with ``\n``; the last
    /// never does. Carriage returns at the end of a line are removed. Each line is decoded
    /// separately with ``encoding`` and ``errors``, as by ``bytes.decode``. ``chunk_size`` is the
    /// number of bytes per read and does not change the result. Memory use is proportional to the
    /// returned text, not to the size of the file.
    ///
    /// Raises:
    ///     AssertionError: ``n`` is negative, ``chunk_size`` is not positive, or the file does not
    ///         exist. Also raised under ``python -O``, because callers rely on it.
    ///     RuntimeError: the path is a directory or a FIFO, or the file cannot be read.
    ///     LookupError: the encoding is unknown, or the error handler is needed and unknown.
    ///     UnicodeDecodeError: ``errors`` is ``"strict"`` and a line cannot be decoded.
    #[pyfunction]
    #[pyo3(
        signature = (
            file_path, n, chunk_size = Arg::Default, encoding = Arg::Default, errors = Arg::Default
        ),
        text_signature = "(file_path, n, chunk_size=8192, encoding='utf-8', errors='replace')"
    )]
    fn read_last_n_lines<'py>(
        file_path: &Bound<'py, PyAny>,
        n: &Bound<'py, PyAny>,
        chunk_size: Arg<'py>,
        encoding: Arg<'py>,
        errors: Arg<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = file_path.py();
        if let Some(path) = exact_path(file_path)
            && let Some(n @ 1..) = exact_size(n)
            && let Some(1..) = chunk_size.read(1, exact_size)
            && let Some(true) = encoding.read(true, is_utf8)
            && let Some(errors) = errors.read(c"replace".into(), error_handler)
        {
            match uninterrupted(py, || Tail::open(&path, n))? {
                Ok(mut tail) => {
                    if let Ok(lines) = decode(py, &mut tail, &errors)? {
                        return Ok(lines.into_any());
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::NotSeekable => {
                    let message = format!("could not read the last {n} lines of {file_path}: ");
                    return Err(PyRuntimeError::new_err(message + "it is a FIFO"));
                }
                Err(_) => {} // the Python implementation raises the proper exception
            }
        }
        let chunk_size = chunk_size.or(py, 8192)?;
        let encoding = encoding.or(py, "utf-8")?;
        READ_LAST_N_LINES.call(py, (file_path, n, chunk_size, encoding, errors.or(py, "replace")?))
    }

    fn is_utf8(encoding: &Bound<'_, PyAny>) -> Option<bool> {
        Some(encoding.cast_exact::<PyString>().ok()?.to_str().ok()? == "utf-8")
    }

    fn error_handler(errors: &Bound<'_, PyAny>) -> Option<CString> {
        CString::new(errors.cast_exact::<PyString>().ok()?.to_str().ok()?).ok()
    }

    /// Decodes the lines of a tail; the inner error is a failed read, such as of a truncated file.
    fn decode<'py>(
        py: Python<'py>,
        tail: &mut Tail,
        errors: &CStr,
    ) -> PyResult<io::Result<Bound<'py, PyList>>> {
        let lines = PyList::empty(py);
        loop {
            match py.detach(|| tail.look_back()) {
                Ok(true) => break,
                Ok(false) => py.check_signals()?,
                Err(error) => return Ok(Err(error)),
            }
        }
        loop {
            while let Some(end) = memchr(b'\n', tail.unused()) {
                lines.append(complete_line(py, &mut tail.unused()[..=end], errors)?)?;
                tail.advance(end + 1);
            }
            match py.detach(|| tail.read_on()) {
                Ok(true) => py.check_signals()?,
                Ok(false) => break,
                Err(error) => return Ok(Err(error)),
            }
        }
        lines.append(decode_line(py, tail.unused(), errors)?)?;
        Ok(Ok(lines))
    }

    /// Decodes a line including its line end, in one step if it is valid.
    fn complete_line<'py>(
        py: Python<'py>,
        line: &mut [u8],
        errors: &CStr,
    ) -> PyResult<Bound<'py, PyAny>> {
        let end = line.len() - 1;
        let stripped = without_returns(&line[..end]);
        line[stripped] = b'\n';
        if let Ok(text) = decode_part(py, &line[..=stripped], None) {
            return Ok(text);
        }
        line[stripped] = if stripped < end { b'\r' } else { b'\n' };
        decode_line(py, &line[..end], errors)?.add(intern!(py, "\n"))
    }

    fn without_returns(line: &[u8]) -> usize {
        line.iter().rposition(|&byte| byte != b'\r').map_or(0, |last| last + 1)
    }

    /// Decodes a line that may be invalid; the decoded text may end with carriage returns.
    fn decode_line<'py>(
        py: Python<'py>,
        line: &[u8],
        errors: &CStr,
    ) -> PyResult<Bound<'py, PyAny>> {
        decode_part(py, line, Some(errors))?.call_method1(intern!(py, "rstrip"), ("\r",))
    }

    fn decode_part<'py>(
        py: Python<'py>,
        bytes: &[u8],
        errors: Option<&CStr>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let errors = errors.map_or(std::ptr::null(), CStr::as_ptr);
        // SAFETY: the bytes and the name are valid for the call, which returns a new reference, or
        // null with an exception set.
        unsafe {
            let length = bytes.len().cast_signed();
            let text = ffi::PyUnicode_DecodeUTF8(bytes.as_ptr().cast(), length, errors);
            Bound::from_owned_ptr_or_err(py, text)
        }
    }

    /// Hash the content of a file and return the ``hashlib`` object.
    ///
    /// ``hash_alg`` is any algorithm of ``hashlib.new``. The returned object can be updated
    /// further. The file may be larger than memory; a FIFO is read until its writers close it.
    ///
    /// Raises:
    ///     OSError: the file does not exist, is a directory or cannot be read.
    ///     ValueError: the algorithm is unknown.
    #[pyfunction]
    fn hash_file<'py>(
        path: &Bound<'py, PyAny>,
        hash_alg: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = path.py();
        if let Some(name) = exact_path(path)
            && hash_alg.is_exact_instance_of::<PyString>()
            && let Ok(file) = uninterrupted(py, || Descriptor::open(&name, 0))?
            && let Ok(kind @ (Kind::Regular(_) | Kind::Fifo | Kind::Other)) = file.kind()
        {
            let new = py.import(intern!(py, "hashlib"))?.getattr(intern!(py, "new"))?;
            if let Kind::Regular(size @ 1..HASH_BUFFER_BYTES) = kind
                && let Some(content) = small_content(py, &file, size)
            {
                return new.call1((hash_alg, content));
            }
            return update_with(&file, new.call1((hash_alg,))?);
        }
        HASH_FILE.call(py, (path, hash_alg))
    }

    /// Returns the content of a small file; None if the file grows while it is read.
    fn small_content<'py>(
        py: Python<'py>,
        file: &Descriptor,
        size: usize,
    ) -> Option<Bound<'py, PyBytes>> {
        let mut buffer = vec![0; size + 1];
        let filled = py.detach(|| file.read_at(&mut buffer, 0)).ok()?;
        (filled <= size).then(|| PyBytes::new(py, &buffer[..filled]))
    }

    fn update_with<'py>(file: &Descriptor, hash: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = hash.py();
        let update = hash.getattr(intern!(py, "update"))?;
        let mut content = vec![0; HASH_BUFFER_BYTES];
        loop {
            py.check_signals()?;
            match uninterrupted(py, || file.read(&mut content))?? {
                0 => return Ok(hash),
                count => update.call1((memory_view(py, &content[..count])?,))?,
            };
        }
    }

    /// Estimate how many file descriptors copying a directory needs: five for each entry.
    ///
    /// Hidden entries count. Subdirectories count as one entry; their content is ignored.
    ///
    /// Raises:
    ///     OSError: the directory cannot be listed (as raised by ``os.listdir``).
    #[pyfunction]
    fn estimate_fd_for_directory<'py>(path: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = path.py();
        if let Some(name) = exact_path(path)
            && let Ok(entries) = uninterrupted(py, || count_entries(&name))?
        {
            return Ok((FD_PER_ENTRY * entries).into_pyobject(py)?.into_any());
        }
        ESTIMATE_FD_FOR_DIRECTORY.call(py, (path,))
    }
}
