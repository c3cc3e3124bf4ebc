//! Processes and their limits.

use std::io;

/// Whether a process exists; None if a signal cannot tell.
pub fn process_exists(pid: i32) -> Option<bool> {
    // SAFETY: signal 0 is never delivered.
    if unsafe { libc::kill(pid, 0) } == 0 {
        return Some(true);
    }
    match io::Error::last_os_error().raw_os_error() {
        Some(libc::ESRCH) => Some(false),
        // Another user's process; whether it is visible depends on the mount options of /proc.
        _ => None,
    }
}

/// Returns the soft limit of open files; None if it is unlimited or cannot be read.
pub fn open_files_limit() -> Option<u64> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: getrlimit() fills the structure.
    let result = unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) };
    (result == 0 && limit.rlim_cur != libc::RLIM_INFINITY).then_some(limit.rlim_cur)
}

/// Returns how many file mounts to copy at a time if the largest has `most_entries` entries.
pub fn workers(open_files: u64, most_entries: usize, threads: usize) -> usize {
    const FD_PER_ENTRY: usize = 5;
    const FD_RESERVE: u64 = 100;
    let fd_per_worker = FD_PER_ENTRY.saturating_mul(most_entries.max(1)) as u64;
    let workers = open_files.saturating_sub(FD_RESERVE) / fd_per_worker;
    usize::try_from(workers).unwrap_or(usize::MAX).clamp(1, threads)
}

#[cfg(test)]
mod tests;

#[cfg(feature = "python")]
#[allow(clippy::doc_markdown)] // docstrings in the style of Python
pub mod python {
    use std::ffi::CString;
    use std::io;

    use pyo3::prelude::*;
    use pyo3::types::PyDict;

    use super::{open_files_limit, process_exists, workers};
    use crate::bridge::{Arg, Fallback, exact_path, exact_size, uninterrupted};
    use crate::environment::procfs_is_usual;
    use crate::files::count_entries;
    use crate::machine::python::threads;

    static IS_PROCESS_ALIVE: Fallback = Fallback::new("is_process_alive");
    static GET_MAX_WORKERS_FOR_FILE_MOUNTS: Fallback =
        Fallback::new("get_max_workers_for_file_mounts");

    /// Below this limit the Python implementation warns.
    const LOW_FD_LIMIT: u64 = 1024;

    pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add_function(wrap_pyfunction!(is_process_alive, module)?)?;
        module.add_function(wrap_pyfunction!(get_max_workers_for_file_mounts, module)?)
    }

    /// Return whether a process with this PID exists.
    ///
    /// Zombies and processes of other users count as alive. PIDs are reused, so the process may not
    /// be the one that had the PID before. ``None`` is the current process. ``0`` is alive only
    /// where process 0 is visible.
    ///
    /// Raises:
    ///     ValueError: the PID is negative.
    ///     TypeError: the PID is not an integer.
    #[pyfunction]
    fn is_process_alive<'py>(pid: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = pid.py();
        if let Some(number) = exact_size(pid)
            && let Ok(number @ 1..) = i32::try_from(number)
            && procfs_is_usual(py)?
            && let Some(exists) = process_exists(number)
        {
            return Ok(exists.into_pyobject(py)?.to_owned().into_any());
        }
        IS_PROCESS_ALIVE.call(py, (pid,))
    }

    /// Return how many file mounts to copy at a time without running out of file descriptors.
    ///
    /// Each worker is assumed to need five descriptors for each entry of the largest directory
    /// among the values of ``common_file_mounts``, and at least five. Values that are not
    /// directories are ignored. The result is the soft limit of open files minus 100, divided by
    /// that number: at least 1 and at most ``get_parallel_threads(cloud_str)``. If the soft limit
    /// is below 1,024, the logger ``accelerated`` warns once per process.
    ///
    /// Raises:
    ///     OSError: a directory cannot be listed.
    #[pyfunction]
    #[pyo3(
        signature = (common_file_mounts, cloud_str = Arg::Default),
        text_signature = "(common_file_mounts, cloud_str=None)"
    )]
    fn get_max_workers_for_file_mounts<'py>(
        py: Python<'py>,
        common_file_mounts: &Bound<'py, PyAny>,
        cloud_str: Arg<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if let Some(open_files @ LOW_FD_LIMIT..) = open_files_limit()
            && let Ok(mounts) = common_file_mounts.cast_exact::<PyDict>()
            && let Some(sources) = paths(mounts)
            && let Some(threads) = threads(py, &cloud_str)?
            && let Ok(entries) = most_entries(py, &sources)?
        {
            return Ok(workers(open_files, entries, threads).into_pyobject(py)?.into_any());
        }
        let cloud_str = cloud_str.or(py, py.None())?;
        GET_MAX_WORKERS_FOR_FILE_MOUNTS.call(py, (common_file_mounts, cloud_str))
    }

    fn paths(mounts: &Bound<'_, PyDict>) -> Option<Vec<CString>> {
        mounts.iter().map(|(_, source)| exact_path(&source)).collect()
    }

    /// Returns the largest number of entries of the directories among the paths.
    fn most_entries(py: Python<'_>, sources: &[CString]) -> PyResult<io::Result<usize>> {
        let mut most = 0;
        for source in sources {
            match uninterrupted(py, || count_entries(source))? {
                Ok(entries) => most = most.max(entries),
                Err(error) if is_not_a_directory(&error) => {}
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(most))
    }

    fn is_not_a_directory(error: &io::Error) -> bool {
        matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
    }
}
