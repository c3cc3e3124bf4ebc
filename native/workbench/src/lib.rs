//! What speeds up the workbench itself or measures for it; migrated code never imports it.

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

    /// Seconds that one round of bare system calls takes, averaged over `loops` rounds.
    ///
    /// Raises `ValueError` for an unknown name and `OSError` when a call fails.
    #[cfg(target_os = "linux")]
    #[pyfunction]
    fn floor_seconds(name: &str, path: &str, loops: u32) -> PyResult<f64> {
        let floor = crate::floor::Floor::prepare(name, path)?
            .ok_or_else(|| PyValueError::new_err(format!("there is no floor {name:?}")))?;
        Ok(floor.time(loops)?)
    }

    /// The files below `roots`, and which of `needles` each holds.
    ///
    /// Returns all absolute paths, sorted by their bytes, as one byte string with a NUL between
    /// each two; pairs of a position in that list and the positions of the needles that the file
    /// holds, for those that hold any; and what could not be read with the reason. `excludes` have
    /// the syntax of `.gitignore`, relative to the current directory. Hidden directories,
    /// `__pycache__` and symbolic links are passed over; a root that is a file is taken whatever
    /// its name. Raises `ValueError` for a bad exclude.
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

    /// One byte string is made into Python strings later, and only as far as they are wanted.
    fn joined(paths: &[PathBuf]) -> Vec<u8> {
        let bytes: Vec<&[u8]> = paths.iter().map(|path| bytes_of(path)).collect();
        bytes.join(&0)
    }

    fn bytes_of(path: &Path) -> &[u8] {
        path.as_os_str().as_encoded_bytes()
    }
}
