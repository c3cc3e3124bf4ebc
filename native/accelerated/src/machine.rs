//! CPUs, memory and threads of this machine or container.

pub const MIN_THREADS: usize = 4;

/// Returns the number of threads for I/O-bound work on `cpus` CPUs.
pub fn parallel_threads(cpus: usize, kubernetes: bool) -> usize {
    cpus.saturating_sub(1).max(MIN_THREADS) * if kubernetes { 4 } else { 1 }
}

/// Counts the CPUs in a list of the kernel, such as `0-3,8`; None if it is not such a list.
pub fn count_cpu_list(content: &[u8]) -> Option<usize> {
    let ranges = str::from_utf8(content).ok()?.trim_ascii();
    ranges.split(',').try_fold(0usize, |count, range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let cpus = plain(last)?.checked_sub(plain(first)?)?.checked_add(1)?;
        count.checked_add(cpus.try_into().ok()?)
    })
}

/// A limit as read from a kernel file.
#[derive(Clone, Debug, PartialEq)]
pub enum Limit {
    Unlimited,
    At(u64),
    /// Left to the Python implementation, which accepts every way to write a number.
    Unusual,
}

/// Parses `cpu.max` of cgroup v2; the limit is in whole CPUs.
pub fn cpu_max(content: &[u8]) -> Limit {
    let Ok(content) = str::from_utf8(content) else {
        return Limit::Unusual;
    };
    match content.trim_ascii().split_once(' ') {
        Some(("max", _)) => Limit::Unlimited,
        Some((quota, period)) => whole_cpus(quota, period),
        None => Limit::Unusual,
    }
}

/// Parses `cpu.cfs_quota_us` and `cpu.cfs_period_us` of cgroup v1; the limit is in whole CPUs.
pub fn cfs_quota(quota: &[u8], period: &[u8]) -> Limit {
    match (str::from_utf8(quota), str::from_utf8(period)) {
        (Ok(quota), Ok(period)) => whole_cpus(quota.trim_ascii(), period.trim_ascii()),
        _ => Limit::Unusual,
    }
}

fn whole_cpus(quota: &str, period: &str) -> Limit {
    // Up to these values, integer division equals a truncated quotient of floats.
    const MAX_QUOTA: u64 = 1 << 32;
    const MAX_PERIOD: u64 = 1 << 20;
    match (plain(quota), plain(period)) {
        (Some(quota @ 1..=MAX_QUOTA), Some(period @ 1..=MAX_PERIOD)) => Limit::At(quota / period),
        (None, Some(1..)) if quota == "-1" => Limit::Unlimited,
        _ => Limit::Unusual,
    }
}

/// Parses `memory.max` (v2) or `memory.limit_in_bytes` (v1); the limit is in bytes.
pub fn memory_limit(content: &[u8]) -> Limit {
    match str::from_utf8(content).map(str::trim_ascii) {
        Ok("max") => Limit::Unlimited,
        Ok(number) => plain(number).filter(|&bytes| bytes > 0).map_or(Limit::Unusual, Limit::At),
        Err(_) => Limit::Unusual,
    }
}

/// Returns `MemTotal` of `/proc/meminfo` in bytes; None if it is not the first line.
pub fn mem_total(meminfo: &[u8]) -> Option<u64> {
    let value = meminfo.strip_prefix(b"MemTotal:")?;
    let line = value.split(|&byte| byte == b'\n').next()?;
    let kib = str::from_utf8(line).ok()?.trim_ascii().strip_suffix(" kB")?;
    plain(kib)?.checked_mul(1024)
}

/// Parses a number that consists of ASCII digits only.
fn plain(number: &str) -> Option<u64> {
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse().ok().filter(|_| digits)
}

#[cfg(test)]
mod tests;

#[cfg(feature = "python")]
#[allow(clippy::doc_markdown)] // docstrings in the style of Python
pub mod python {
    use pyo3::prelude::*;

    use super::parallel_threads;
    use crate::bridge::{Arg, Fallback, exact_ascii};
    use crate::environment::{Variable, procfs_is_usual, python_cpu_count};
    use crate::kernel;

    static GET_CPU_COUNT: Fallback = Fallback::new("get_cpu_count");
    static GET_MEM_SIZE_GB: Fallback = Fallback::new("get_mem_size_gb");
    static GET_PARALLEL_THREADS: Fallback = Fallback::new("get_parallel_threads");

    static CPU_CORE_LIMIT: Variable = Variable::new("SKYPILOT_POD_CPU_CORE_LIMIT");
    static MEMORY_GB_LIMIT: Variable = Variable::new("SKYPILOT_POD_MEMORY_GB_LIMIT");
    static MEMORY_BYTES_LIMIT: Variable = Variable::new("SKYPILOT_POD_MEMORY_BYTES_LIMIT");

    const GIB: f64 = 1_073_741_824.0;

    pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add_function(wrap_pyfunction!(get_cpu_count, module)?)?;
        module.add_function(wrap_pyfunction!(get_mem_size_gb, module)?)?;
        module.add_function(wrap_pyfunction!(get_parallel_threads, module)?)
    }

    /// Return the number of CPUs that this process may use.
    ///
    /// The environment variable ``SKYPILOT_POD_CPU_CORE_LIMIT`` takes precedence. Otherwise the
    /// result is the minimum of the logical CPUs, the affinity mask and the cgroup's CPU quota.
    /// Fractions are truncated, so a quota of less than one CPU gives 0. Everything is read again
    /// on each call. A quota that only a parent cgroup has is not seen.
    ///
    /// Raises:
    ///     ValueError: the environment variable is not a number.
    ///     OverflowError: the environment variable is infinite.
    #[pyfunction]
    fn get_cpu_count(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        if !CPU_CORE_LIMIT.may_be_set(py)?
            && let Some(count) = kernel::usable_cpus()
        {
            return Ok(count.into_pyobject(py)?.into_any());
        }
        GET_CPU_COUNT.call(py, ())
    }

    /// Return the memory that this process may use, in GiB (1024**3 bytes).
    ///
    /// The environment variables ``SKYPILOT_POD_MEMORY_GB_LIMIT`` and then
    /// ``SKYPILOT_POD_MEMORY_BYTES_LIMIT`` take precedence. Otherwise the result is the minimum of
    /// the total memory and the cgroup's limit. Everything is read again on each call. A limit that
    /// only a parent cgroup has is not seen.
    ///
    /// Raises:
    ///     ValueError: the environment variable is not a number.
    #[pyfunction]
    #[allow(clippy::cast_precision_loss)] // Python rounds in the same way
    fn get_mem_size_gb(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        if !MEMORY_GB_LIMIT.may_be_set(py)?
            && !MEMORY_BYTES_LIMIT.may_be_set(py)?
            && procfs_is_usual(py)?
            && let Some(bytes) = kernel::usable_memory()
        {
            return Ok((bytes as f64 / GIB).into_pyobject(py)?.into_any());
        }
        GET_MEM_SIZE_GB.call(py, ())
    }

    /// Return how many threads to use for I/O-bound work.
    ///
    /// This is one less than ``os.cpu_count()`` but at least 4, and four times as many if
    /// ``cloud_str`` is ``"kubernetes"`` in any case. CPU affinity and cgroup limits are ignored.
    ///
    /// Raises:
    ///     AttributeError: ``cloud_str`` is not a string.
    #[pyfunction]
    #[pyo3(signature = (cloud_str = Arg::Default), text_signature = "(cloud_str=None)")]
    fn get_parallel_threads<'py>(
        py: Python<'py>,
        cloud_str: Arg<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match threads(py, &cloud_str)? {
            Some(threads) => Ok(threads.into_pyobject(py)?.into_any()),
            None => GET_PARALLEL_THREADS.call(py, (cloud_str.or(py, py.None())?,)),
        }
    }

    /// Returns the result of `get_parallel_threads` for the usual arguments, otherwise None.
    pub fn threads(py: Python<'_>, cloud_str: &Arg<'_>) -> PyResult<Option<usize>> {
        let Some(kubernetes) = cloud_str.read(false, is_kubernetes) else {
            return Ok(None);
        };
        let cpus = python_cpu_count(py)?;
        Ok(cpus.map(|cpus| parallel_threads(cpus, kubernetes)))
    }

    /// Whether a cloud is Kubernetes; None for non-ASCII letters, which may be ASCII in lower case.
    fn is_kubernetes(cloud: &Bound<'_, PyAny>) -> Option<bool> {
        if cloud.is_none() {
            return Some(false);
        }
        Some(exact_ascii(cloud)?.eq_ignore_ascii_case("kubernetes"))
    }
}
