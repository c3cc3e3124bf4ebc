//! What speeds up the workbench itself or measures for it; migrated code never imports it.

#[cfg(target_os = "linux")]
pub mod floor;
#[cfg(feature = "python")]
mod interrupt;
pub mod scan;

#[cfg(feature = "python")]
#[pyo3::pymodule(gil_used = true)]
mod workbench_native {
    use std::ffi::OsString;
    use std::path::PathBuf;

    use pyo3::exceptions::PyValueError;
    use pyo3::prelude::*;

    type Found = (usize, Vec<OsString>, Vec<(OsString, String)>);

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

    /// Files below `roots` that hold one of `needles`.
    ///
    /// Returns the number of files looked at, the absolute paths of those that hold a needle, and
    /// what could not be read with the reason, sorted by the bytes of the paths. `excludes` have
    /// the syntax of `.gitignore`, relative to the current directory. Hidden directories,
    /// `__pycache__` and symbolic links are passed over; a root that is a file is taken whatever
    /// its name. Raises `ValueError` for a bad exclude.
    #[pyfunction]
    fn find_candidates(
        py: Python<'_>,
        roots: Vec<PathBuf>,
        needles: Vec<Vec<u8>>,
        excludes: Vec<String>,
        suffixes: Vec<String>,
        follow_ignore: bool,
    ) -> PyResult<Found> {
        let scan = crate::scan::Scan { roots, needles, excludes, suffixes, follow_ignore };
        let found = crate::interrupt::interruptible(py, |stop| scan.run(stop))?
            .map_err(|error| PyValueError::new_err(error.to_string()))?;
        let candidates = found.candidates.into_iter().map(PathBuf::into_os_string);
        let errors = found.errors.into_iter();
        Ok((
            found.files_seen,
            candidates.collect(),
            errors.map(|(path, reason)| (path.into_os_string(), reason)).collect(),
        ))
    }
}
