//! What this machine, container or cgroup offers.

pub const MIN_THREADS: usize = 4;

/// Threads for work that mostly waits, on so many CPUs.
pub fn parallel_threads(cpus: usize, kubernetes: bool) -> usize {
    cpus.saturating_sub(1).max(MIN_THREADS) * if kubernetes { 4 } else { 1 }
}

/// How many CPUs a list of the kernel's names, such as `0-3,8`; None if it is no such list.
pub fn count_cpu_list(content: &[u8]) -> Option<usize> {
    let ranges = str::from_utf8(content).ok()?.trim_ascii();
    ranges.split(',').try_fold(0usize, |count, range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let cpus = plain(last)?.checked_sub(plain(first)?)?.checked_add(1)?;
        count.checked_add(cpus.try_into().ok()?)
    })
}

/// What a file of the kernel says about a limit.
#[derive(Clone, Debug, PartialEq)]
pub enum Limit {
    Unlimited,
    At(u64),
    /// For the Python twin, which knows all ways to write a number.
    Unusual,
}

/// Whole CPUs that `cpu.max` of cgroup v2 allows.
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

/// Whole CPUs that `cpu.cfs_quota_us` and `cpu.cfs_period_us` of cgroup v1 allow.
pub fn cfs_quota(quota: &[u8], period: &[u8]) -> Limit {
    match (str::from_utf8(quota), str::from_utf8(period)) {
        (Ok(quota), Ok(period)) => whole_cpus(quota.trim_ascii(), period.trim_ascii()),
        _ => Limit::Unusual,
    }
}

fn whole_cpus(quota: &str, period: &str) -> Limit {
    // Up to here, dividing integers and truncating a quotient of floats are the same.
    const MAX_QUOTA: u64 = 1 << 32;
    const MAX_PERIOD: u64 = 1 << 20;
    match (plain(quota), plain(period)) {
        (Some(quota @ 1..=MAX_QUOTA), Some(period @ 1..=MAX_PERIOD)) => Limit::At(quota / period),
        (None, Some(1..)) if quota == "-1" => Limit::Unlimited,
        _ => Limit::Unusual,
    }
}

/// Bytes that `memory.max` (v2) or `memory.limit_in_bytes` (v1) allows.
pub fn memory_limit(content: &[u8]) -> Limit {
    match str::from_utf8(content).map(str::trim_ascii) {
        Ok("max") => Limit::Unlimited,
        Ok(number) => plain(number).filter(|&bytes| bytes > 0).map_or(Limit::Unusual, Limit::At),
        Err(_) => Limit::Unusual,
    }
}

/// `MemTotal` of `/proc/meminfo` in bytes.
pub fn mem_total(meminfo: &[u8]) -> Option<u64> {
    let value = meminfo.strip_prefix(b"MemTotal:")?;
    let line = value.split(|&byte| byte == b'\n').next()?;
    let kib = str::from_utf8(line).ok()?.trim_ascii().strip_suffix(" kB")?;
    plain(kib)?.checked_mul(1024)
}

/// A number of plain ASCII digits.
fn plain(number: &str) -> Option<u64> {
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse().ok().filter(|_| digits)
}

#[cfg(test)]
mod tests;

#[cfg(feature = "python")]
pub mod python {
    use pyo3::prelude::*;

    use super::parallel_threads;
    use crate::bridge::{Arg, Twin, exact_ascii};
    use crate::kernel;
    use crate::surroundings::{Variable, procfs_is_usual, python_cpu_count};

    static GET_CPU_COUNT: Twin = Twin::new("get_cpu_count");
    static GET_MEM_SIZE_GB: Twin = Twin::new("get_mem_size_gb");
    static GET_PARALLEL_THREADS: Twin = Twin::new("get_parallel_threads");

    static CPU_CORE_LIMIT: Variable = Variable::new("SKYPILOT_POD_CPU_CORE_LIMIT");
    static MEMORY_GB_LIMIT: Variable = Variable::new("SKYPILOT_POD_MEMORY_GB_LIMIT");
    static MEMORY_BYTES_LIMIT: Variable = Variable::new("SKYPILOT_POD_MEMORY_BYTES_LIMIT");

    const GIB: f64 = 1_073_741_824.0;

    pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add_function(wrap_pyfunction!(get_cpu_count, module)?)?;
        module.add_function(wrap_pyfunction!(get_mem_size_gb, module)?)?;
        module.add_function(wrap_pyfunction!(get_parallel_threads, module)?)
    }

    /// Count the CPUs that this process may use, looked up afresh on each call.
    #[pyfunction]
    fn get_cpu_count(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        if !CPU_CORE_LIMIT.may_be_set(py)?
            && let Some(count) = kernel::usable_cpus()
        {
            return Ok(count.into_pyobject(py)?.into_any());
        }
        GET_CPU_COUNT.call(py, ())
    }

    /// Memory in GiB that this process may use, looked up afresh on each call.
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

    /// How many threads to use for work that mostly waits: four times as many on Kubernetes.
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

    /// `get_parallel_threads` for the usual arguments.
    pub fn threads(py: Python<'_>, cloud_str: &Arg<'_>) -> PyResult<Option<usize>> {
        let Some(kubernetes) = cloud_str.read(false, is_kubernetes) else {
            return Ok(None);
        };
        let cpus = python_cpu_count(py)?;
        Ok(cpus.map(|cpus| parallel_threads(cpus, kubernetes)))
    }

    /// Whether a cloud is Kubernetes; non-ASCII letters may become ASCII in lower case.
    fn is_kubernetes(cloud: &Bound<'_, PyAny>) -> Option<bool> {
        if cloud.is_none() {
            return Some(false);
        }
        Some(exact_ascii(cloud)?.eq_ignore_ascii_case("kubernetes"))
    }
}
