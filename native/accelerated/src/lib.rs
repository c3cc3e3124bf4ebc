//! Native implementation of the functions in `accelerated._python`.
//!
//! Each module contains the logic in plain Rust and, in its submodule `python`, the functions
//! exported to Python. These handle the usual types themselves and pass everything else to the
//! Python implementation, so that both give the same result for unusual input.

mod descriptor;
pub mod files;
#[cfg(target_os = "linux")]
mod kept_file;
pub mod kernel;
pub mod machine;
pub mod network;
#[cfg(any(test, fuzzing))]
pub mod oracles;
pub mod processes;
pub mod tail;
pub mod text;

#[cfg(feature = "python")]
mod bridge;
#[cfg(feature = "python")]
mod environment;

#[cfg(feature = "python")]
#[pyo3::pymodule(gil_used = true)]
mod _native {
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("TARGET", env!("BUILD_TARGET"))?;
        module.add("VERSION", env!("CARGO_PKG_VERSION"))?;
        crate::files::python::register(module)?;
        crate::machine::python::register(module)?;
        crate::network::python::register(module)?;
        crate::processes::python::register(module)?;
        crate::text::python::register(module)
    }
}
