//! Network ports.

use std::io;
use std::mem::size_of;
use std::ops::Range;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use crate::descriptor::checked;

/// Returns the first port that can be bound on all IPv4 interfaces without `SO_REUSEADDR`; None if
/// all are in use. Fails only if a socket cannot be created.
pub fn first_free_port(mut ports: Range<u16>) -> io::Result<Option<u16>> {
    // A socket can be reused after a failed bind().
    let socket = tcp_socket()?;
    Ok(ports.find(|&port| bind(&socket, port).is_ok()))
}

fn tcp_socket() -> io::Result<OwnedFd> {
    #[cfg(target_os = "linux")]
    const KIND: libc::c_int = libc::SOCK_STREAM | libc::SOCK_CLOEXEC;
    #[cfg(not(target_os = "linux"))]
    const KIND: libc::c_int = libc::SOCK_STREAM;
    // SAFETY: nothing else owns a descriptor that socket() returns.
    unsafe {
        let fd = checked(libc::socket(libc::AF_INET, KIND, 0))?;
        Ok(OwnedFd::from_raw_fd(fd))
    }
}

#[allow(clippy::cast_possible_truncation)] // an address family and a length of 16 bytes
fn bind(socket: &OwnedFd, port: u16) -> io::Result<()> {
    // SAFETY: an all-zero sockaddr_in is valid and means any interface; the length is its size.
    unsafe {
        let mut address: libc::sockaddr_in = std::mem::zeroed();
        address.sin_family = libc::AF_INET as libc::sa_family_t;
        address.sin_port = port.to_be();
        let length = size_of::<libc::sockaddr_in>() as libc::socklen_t;
        checked(libc::bind(socket.as_raw_fd(), (&raw const address).cast(), length)).map(|_| ())
    }
}

#[cfg(test)]
mod tests;

#[cfg(feature = "python")]
#[allow(clippy::doc_markdown)] // docstrings in the style of Python
pub mod python {
    use pyo3::prelude::*;

    use super::first_free_port;
    use crate::bridge::{Fallback, exact_size};

    static FIND_FREE_PORT: Fallback = Fallback::new("find_free_port");

    const END: u16 = 65535;
    /// How many ports to try between two checks for signals.
    const BATCH: u16 = 512;

    pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add_function(wrap_pyfunction!(find_free_port, module)?)
    }

    /// Return the first TCP port from ``start_port`` to 65534 that is free on all interfaces.
    ///
    /// A port is free if it can be bound for IPv4 without ``SO_REUSEADDR``. It is not reserved:
    /// another process may take it before it is used. ``0`` is always free and returned unchanged.
    ///
    /// Raises:
    ///     OSError: no port in the range is free.
    ///     OverflowError: ``start_port`` is negative.
    ///     TypeError: ``start_port`` is not an integer.
    #[pyfunction]
    fn find_free_port<'py>(start_port: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = start_port.py();
        let mut start = exact_size(start_port).map_or(END, |port| port.try_into().unwrap_or(END));
        while start < END {
            let end = start.saturating_add(BATCH);
            match py.detach(|| first_free_port(start..end)) {
                Ok(Some(port)) => return Ok(port.into_pyobject(py)?.into_any()),
                Ok(None) => {}
                Err(_) => break,
            }
            py.check_signals()?;
            start = end;
        }
        FIND_FREE_PORT.call(py, (start_port,))
    }
}
