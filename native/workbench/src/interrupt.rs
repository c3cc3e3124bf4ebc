//! Long work that ctrl-c can end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use pyo3::prelude::*;

const BETWEEN_CHECKS: Duration = Duration::from_millis(50);

/// Does `work` in a thread, other Python threads running on, and lets signal handlers act.
///
/// When one raises, the flag that `work` gets is set, and its error comes back once `work` ends.
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
                Python::attach(|py| heed_signals(py, &stop))?;
            }
            worker.join().map_err(|cause| std::panic::resume_unwind(cause))
        })
    })
}

fn heed_signals(py: Python<'_>, stop: &AtomicBool) -> PyResult<()> {
    let heeded = py.check_signals();
    stop.store(heeded.is_err(), Ordering::Relaxed);
    heeded
}
