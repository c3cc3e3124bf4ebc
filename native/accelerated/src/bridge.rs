//! Helpers for the functions exported to Python.

use std::ffi::CString;
use std::io;

use pyo3::IntoPyObjectExt;
use pyo3::call::PyCallArgs;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyBytes, PyInt, PyString};

/// The Python implementation of a function, for input that the native one does not handle.
pub struct Fallback {
    name: &'static str,
    function: PyOnceLock<Py<PyAny>>,
}

impl Fallback {
    pub const fn new(name: &'static str) -> Self {
        Self { name, function: PyOnceLock::new() }
    }

    #[cold]
    pub fn call<'py>(
        &self,
        py: Python<'py>,
        args: impl PyCallArgs<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let function = self.function.get_or_try_init(py, || {
            Ok::<_, PyErr>(py.import("accelerated._python")?.getattr(self.name)?.unbind())
        })?;
        function.bind(py).call1(args)
    }
}

/// An optional argument; unlike `Option`, it distinguishes an explicit `None` from a missing one.
pub enum Arg<'py> {
    Default,
    Given(Bound<'py, PyAny>),
}

impl<'py> FromPyObject<'_, 'py> for Arg<'py> {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self::Given(object.to_owned()))
    }
}

impl<'py> Arg<'py> {
    /// Returns the default or the argument converted by `read`: None if it has an unusual type.
    pub fn read<T>(&self, default: T, read: fn(&Bound<'py, PyAny>) -> Option<T>) -> Option<T> {
        match self {
            Self::Default => Some(default),
            Self::Given(object) => read(object),
        }
    }

    /// Returns the argument, or the default as an object.
    pub fn or(
        self,
        py: Python<'py>,
        default: impl IntoPyObject<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::Default => default.into_bound_py_any(py),
            Self::Given(object) => Ok(object),
        }
    }
}

// Subclasses may override methods, so only exact types are read.

pub fn exact_size(object: &Bound<'_, PyAny>) -> Option<usize> {
    object.cast_exact::<PyInt>().ok()?.extract().ok()
}

pub fn exact_bool(object: &Bound<'_, PyAny>) -> Option<bool> {
    Some(object.cast_exact::<PyBool>().ok()?.is_true())
}

pub fn exact_ascii<'a>(object: &'a Bound<'_, PyAny>) -> Option<&'a str> {
    object.cast_exact::<PyString>().ok()?.to_str().ok().filter(|text| text.is_ascii())
}

/// Returns a path without NUL, in the file system encoding.
pub fn exact_path(object: &Bound<'_, PyAny>) -> Option<CString> {
    if let Some(path) = exact_ascii(object) {
        return CString::new(path).ok();
    }
    let path = object.cast_exact::<PyString>().ok()?;
    CString::new(encoded_path(path).ok()?.as_bytes()).ok()
}

fn encoded_path<'py>(path: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyBytes>> {
    // SAFETY: `path` is a str; the result is a new reference to bytes, or null with an exception.
    unsafe {
        let bytes = ffi::PyUnicode_EncodeFSDefault(path.as_ptr());
        Ok(Bound::from_owned_ptr_or_err(path.py(), bytes)?.cast_into_unchecked())
    }
}

/// Runs a blocking call without the GIL and retries it after signals, unless a handler raises.
pub fn uninterrupted<T: Send>(
    py: Python<'_>,
    mut blocking: impl FnMut() -> io::Result<T> + Send,
) -> PyResult<io::Result<T>> {
    loop {
        match py.detach(&mut blocking) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => py.check_signals()?,
            outcome => return Ok(outcome),
        }
    }
}

/// Exposes bytes to a Python function that does not keep a reference to them.
pub fn memory_view<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    /// `PyBUF_READ` of `object.h`
    const READ_ONLY: std::ffi::c_int = 0x100;
    // SAFETY: the view is read-only, and callers drop it before the bytes.
    unsafe {
        let start = bytes.as_ptr().cast_mut().cast();
        let length = bytes.len().cast_signed();
        let view = ffi::PyMemoryView_FromMemory(start, length, READ_ONLY);
        Bound::from_owned_ptr_or_err(py, view)
    }
}
