//! Long-running work that Ctrl-C can stop.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use pyo3::prelude::*;

const BETWEEN_CHECKS: Duration = Duration::from_millis(50);

/// Runs `work` in a thread without the GIL and calls Python's signal handlers meanwhile.
///
/// If a handler raises, the flag passed to `work` is set and the error returned when `work` ends.
pub fn interruptible<T: Send>(
    py: Python<'_>,
    work: impl FnOnce(&AtomicBool) -> T + Send,
) -> PyResult<T> {
    let stop = AtomicBool::new(false);
    py.detach(|| {
        thread::scope(|scope| {
            let (at_end, ended) = channel::<()>();
            let worker = scope.spawn(|| {
                let _dropped_at_end = at_end;
                work(&stop)
            });
            while ended.recv_timeout(BETWEEN_CHECKS) == Err(RecvTimeoutError::Timeout) {
                Python::attach(|py| check_signals(py, &stop))?;
            }
            worker.join().map_err(|cause| std::panic::resume_unwind(cause))
        })
    })
}

fn check_signals(py: Python<'_>, stop: &AtomicBool) -> PyResult<()> {
    let outcome = py.check_signals();
    stop.store(outcome.is_err(), Ordering::Relaxed);
    outcome
}
