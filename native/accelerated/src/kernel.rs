//! CPUs and memory as the kernel reports them, read on each call from files that are kept open.

#[cfg(target_os = "linux")]
pub use linux::{online_cpus, usable_cpus, usable_memory};

#[cfg(not(target_os = "linux"))]
pub use unsupported::{online_cpus, usable_cpus, usable_memory};

#[cfg(target_os = "linux")]
mod linux {
    use std::ffi::CStr;
    use std::mem::{MaybeUninit, size_of};
    use std::sync::OnceLock;

    use crate::kept_file::KeptFile;
    use crate::machine::{Limit, cfs_quota, count_cpu_list, cpu_max, mem_total, memory_limit};

    static ONLINE: KeptFile = KeptFile::in_sysfs(c"/sys/devices/system/cpu/online");
    static MEMINFO: KeptFile = KeptFile::in_proc(c"/proc/meminfo");
    static CPU_MAX: KeptFile = KeptFile::in_sysfs(c"/sys/fs/cgroup/cpu.max");
    static CFS_QUOTA: KeptFile = KeptFile::in_sysfs(c"/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
    static CFS_PERIOD: KeptFile = KeptFile::in_sysfs(c"/sys/fs/cgroup/cpu/cpu.cfs_period_us");
    static MEMORY_MAX: KeptFile = KeptFile::in_sysfs(c"/sys/fs/cgroup/memory.max");
    static MEMORY_LIMIT: KeptFile =
        KeptFile::in_sysfs(c"/sys/fs/cgroup/memory/memory.limit_in_bytes");

    /// Enough for the list of a machine whose CPU numbers have many gaps.
    const BUFFER_BYTES: usize = 512;

    /// Returns the minimum of logical CPUs, affinity and quota; None if only Python can tell.
    pub fn usable_cpus() -> Option<u64> {
        let allowed = affinity_cpus()?.min(online_cpus()?) as u64;
        match cpu_quota() {
            Limit::At(quota) => Some(quota.min(allowed)),
            Limit::Unlimited => Some(allowed),
            Limit::Unusual => None,
        }
    }

    /// Returns the minimum of total memory and cgroup limit in bytes; None if only Python can tell.
    pub fn usable_memory() -> Option<u64> {
        let total = MEMINFO.read(&mut [0; 128], mem_total).ok()??;
        let file = if has_cgroup_v2() { &MEMORY_MAX } else { &MEMORY_LIMIT };
        match file.read(&mut [0; 64], memory_limit).unwrap_or(Limit::Unlimited) {
            Limit::At(limit) => Some(total.min(limit)),
            Limit::Unlimited => Some(total),
            Limit::Unusual => None,
        }
    }

    /// Counts the online CPUs as `sysconf(_SC_NPROCESSORS_ONLN)` does.
    pub fn online_cpus() -> Option<usize> {
        if !sysconf_reads_online() {
            // SAFETY: sysconf() takes any name.
            return usize::try_from(unsafe { libc::sysconf(libc::_SC_NPROCESSORS_ONLN) }).ok();
        }
        ONLINE.read(&mut [0; BUFFER_BYTES], count_cpu_list).ok()?
    }

    fn cpu_quota() -> Limit {
        let mut buffer = [0; 64];
        if has_cgroup_v2() {
            return CPU_MAX.read(&mut buffer, cpu_max).unwrap_or(Limit::Unlimited);
        }
        let read = CFS_QUOTA.read(&mut buffer, |quota| match quota {
            b"-1\n" => Ok(Limit::Unlimited),
            _ => CFS_PERIOD.read(&mut [0; 64], |period| cfs_quota(quota, period)),
        });
        read.and_then(|limit| limit).unwrap_or(Limit::Unlimited)
    }

    /// Cached, because the mounted version does not change while a process runs.
    fn has_cgroup_v2() -> bool {
        static V2: OnceLock<bool> = OnceLock::new();
        *V2.get_or_init(|| std::path::Path::new("/sys/fs/cgroup/cgroup.controllers").is_file())
    }

    /// Counts the CPUs in the affinity mask of the calling thread.
    fn affinity_cpus() -> Option<usize> {
        let mut set = MaybeUninit::<libc::cpu_set_t>::zeroed();
        // SAFETY: the kernel writes at most the size given; an all-zero set is valid.
        let count = unsafe {
            let size = size_of::<libc::cpu_set_t>();
            if libc::sched_getaffinity(0, size, set.as_mut_ptr()) != 0 {
                return None;
            }
            libc::CPU_COUNT(set.assume_init_ref())
        };
        usize::try_from(count).ok()
    }

    /// Whether this C library counts CPUs by the same file: glibc does, except version 2.34.
    #[cfg(target_env = "gnu")]
    fn sysconf_reads_online() -> bool {
        static READS: OnceLock<bool> = OnceLock::new();
        *READS.get_or_init(|| {
            // SAFETY: the version is a constant string that ends in NUL.
            let version = unsafe { CStr::from_ptr(libc::gnu_get_libc_version()) };
            version != c"2.34"
        })
    }

    #[cfg(not(target_env = "gnu"))]
    fn sysconf_reads_online() -> bool {
        false
    }
}

/// On other systems the Python implementation does the work.
#[cfg(not(target_os = "linux"))]
mod unsupported {
    pub fn online_cpus() -> Option<usize> {
        None
    }

    pub fn usable_cpus() -> Option<u64> {
        None
    }

    pub fn usable_memory() -> Option<u64> {
        None
    }
}
