//! File search and floors for the workbench; migrated code does not import this extension.

#[cfg(target_os = "linux")]
pub mod floor;
#[cfg(feature = "python")]
mod interrupt;
pub mod scan;

#[cfg(feature = "python")]
#[pyo3::pymodule(gil_used = true)]
mod _native {
    use std::ffi::OsString;
    use std::path::{Path, PathBuf};

    use pyo3::exceptions::PyValueError;
    use pyo3::prelude::*;
    use pyo3::types::PyBytes;

    type Found<'py> = (Bound<'py, PyBytes>, Vec<(usize, Vec<usize>)>, Vec<(OsString, String)>);

    /// Return the seconds that one round of system calls takes, averaged over `loops` rounds.
    ///
    /// Raises `ValueError` for an unknown name and `OSError` if a call fails.
    #[cfg(target_os = "linux")]
    #[pyfunction]
    fn floor_seconds(name: &str, path: &str, loops: u32) -> PyResult<f64> {
        let floor = crate::floor::Floor::prepare(name, path)?
            .ok_or_else(|| PyValueError::new_err(format!("unknown floor {name:?}")))?;
        Ok(floor.time(loops)?)
    }

    /// Find the files below `roots` and which of `needles` each contains.
    ///
    /// Returns all absolute paths, sorted by their bytes and joined by NUL in one byte string; for
    /// each file that contains needles, its index in that list and the indices of the needles;
    /// and each path that could not be read with the reason. `excludes` have the syntax of
    /// `.gitignore`, relative to the current directory. Hidden directories, `__pycache__` and
    /// symbolic links are skipped; a root that is a file is included whatever its name. Raises
    /// `ValueError` for an invalid exclude.
    #[pyfunction]
    fn search_files(
        py: Python<'_>,
        roots: Vec<PathBuf>,
        needles: Vec<Vec<u8>>,
        excludes: Vec<String>,
        suffixes: Vec<String>,
        follow_ignore: bool,
    ) -> PyResult<Found<'_>> {
        let scan = crate::scan::Scan { roots, needles, excludes, suffixes, follow_ignore };
        let found = crate::interrupt::interruptible(py, |stop| scan.run(stop))?
            .map_err(|error| PyValueError::new_err(error.to_string()))?;
        let errors = found.errors.into_iter();
        Ok((
            PyBytes::new(py, &joined(&found.files)),
            found.hits,
            errors.map(|(path, reason)| (path.into_os_string(), reason)).collect(),
        ))
    }

    /// Joins the paths, so that Python creates strings only for those that it needs.
    fn joined(paths: &[PathBuf]) -> Vec<u8> {
        let bytes: Vec<&[u8]> = paths.iter().map(|path| bytes_of(path)).collect();
        bytes.join(&0)
    }

    fn bytes_of(path: &Path) -> &[u8] {
        path.as_os_str().as_encoded_bytes()
    }
}
