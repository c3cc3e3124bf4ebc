//! Native twins of the functions in `accelerated._python`.
//!
//! Every room has the logic in plain Rust and, in its module `python`, the functions that Python
//! sees. These take the usual types themselves and hand everything else to the Python twin, so that
//! both sides agree by construction.

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
mod surroundings;

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
