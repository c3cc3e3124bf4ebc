//! Settings of the running process that change what the Python implementation returns.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyString};

use crate::kernel::online_cpus;

/// An environment variable, looked up in `os.environ` as Python code does.
pub struct Variable {
    name: &'static str,
    key: PyOnceLock<Py<PyBytes>>,
}

impl Variable {
    pub const fn new(name: &'static str) -> Self {
        Self { name, key: PyOnceLock::new() }
    }

    /// Whether it is set, or `os.environ` is not the usual mapping.
    pub fn may_be_set(&self, py: Python<'_>) -> PyResult<bool> {
        static OS: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
        static ENVIRON_TYPE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let os = OS.get_or_try_init(py, || Ok::<_, PyErr>(py.import("os")?.unbind()))?.bind(py);
        let usual = ENVIRON_TYPE
            .get_or_try_init(py, || Ok::<_, PyErr>(os.getattr("_Environ")?.unbind()))?;
        let environ = os.getattr(intern!(py, "environ"))?;
        if !environ.get_type().is(usual) {
            return Ok(true);
        }
        let key = self.key.get_or_init(py, || PyBytes::new(py, self.name.as_bytes()).unbind());
        match environ.getattr(intern!(py, "_data"))?.cast_exact::<PyDict>() {
            Ok(data) => data.contains(key),
            Err(_) => Ok(true),
        }
    }
}

/// Whether psutil reads `/proc`: a program may have set `psutil.PROCFS_PATH` to another directory.
pub fn procfs_is_usual(py: Python<'_>) -> PyResult<bool> {
    static PSUTIL: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let psutil = PSUTIL.get_or_try_init(py, || Ok::<_, PyErr>(py.import("psutil")?.unbind()))?;
    match psutil.bind(py).getattr_opt(intern!(py, "PROCFS_PATH"))? {
        Some(path) => Ok(path.cast_exact::<PyString>().is_ok_and(|path| *path == "/proc")),
        None => Ok(false),
    }
}

/// Returns the value of `os.cpu_count()`; None if an option or variable overrides the number.
pub fn python_cpu_count(py: Python<'_>) -> PyResult<Option<usize>> {
    static OVERRIDDEN: PyOnceLock<bool> = PyOnceLock::new();
    let overridden = OVERRIDDEN.get_or_try_init(py, || {
        static PYTHON_CPU_COUNT: Variable = Variable::new("PYTHON_CPU_COUNT");
        let options = py.import("sys")?.getattr("_xoptions")?;
        let reported: Option<usize> = py.import("os")?.call_method0("cpu_count")?.extract()?;
        Ok::<_, PyErr>(
            options.contains("cpu_count")?
                || PYTHON_CPU_COUNT.may_be_set(py)?
                || reported != online_cpus(),
        )
    })?;
    Ok(if *overridden { None } else { online_cpus() })
}
