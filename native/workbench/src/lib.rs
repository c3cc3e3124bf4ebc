//! What speeds up the workbench itself or measures for it; migrated code never imports it.

#[cfg(target_os = "linux")]
pub mod floor;

#[cfg(feature = "python")]
#[pyo3::pymodule(gil_used = true)]
mod workbench_native {
    use pyo3::prelude::*;

    /// Seconds that one round of bare system calls takes, averaged over `loops` rounds.
    ///
    /// Raises `ValueError` for an unknown name and `OSError` when a call fails.
    #[cfg(target_os = "linux")]
    #[pyfunction]
    fn floor_seconds(name: &str, path: &str, loops: u32) -> PyResult<f64> {
        use pyo3::exceptions::PyValueError;
        let floor = crate::floor::Floor::prepare(name, path)?
            .ok_or_else(|| PyValueError::new_err(format!("there is no floor {name:?}")))?;
        Ok(floor.time(loops)?)
    }
}
