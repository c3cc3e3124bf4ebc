//! Kernel files: cgroup limits, `/proc/meminfo`, lists of CPUs.

#![no_main]

use accelerated::machine::{Limit, cfs_quota, count_cpu_list, cpu_max, mem_total, memory_limit};
use accelerated::oracles;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|contents: (&[u8], &[u8])| {
    let (content, other) = contents;
    check_quota(cfs_quota(content, other), content, other);
    let trimmed = content.trim_ascii();
    if let Some(space) = trimmed.iter().position(|&byte| byte == b' ') {
        check_quota(cpu_max(content), &trimmed[..space], &trimmed[space..]);
    } else {
        assert_eq!(cpu_max(content), Limit::Unusual);
    }
    if let Limit::At(size) = memory_limit(content) {
        assert_eq!(number(content), Some(size.into()));
    }
    if let Some(size) = mem_total(&[b"MemTotal: ", content, b" kB\n"].concat()) {
        let first = content.split(|&byte| byte == b'\n').next().unwrap_or_default().trim_ascii();
        let kib = first.strip_suffix(b" kB").unwrap_or(first);
        assert_eq!(number(kib).map(|kib| kib * 1024), Some(size.into()));
    }
    let list = str::from_utf8(content).ok().and_then(oracles::cpu_list);
    if list.is_some() {
        assert_eq!(count_cpu_list(content), list);
    } else if let Some(cpus) = count_cpu_list(content) {
        assert!(cpus >= 10_000);
    }
});

fn check_quota(limit: Limit, quota: &[u8], period: &[u8]) {
    let (Ok(quota), Ok(period)) = (str::from_utf8(quota), str::from_utf8(period)) else {
        return assert_eq!(limit, Limit::Unusual);
    };
    match limit {
        Limit::Unusual => {}
        Limit::Unlimited => assert!(["max", "-1"].contains(&quota.trim_ascii())),
        Limit::At(_) => {
            assert_eq!(Some(limit), oracles::quota(quota.trim_ascii(), period.trim_ascii()));
        }
    }
}

fn number(content: &[u8]) -> Option<u128> {
    oracles::digits(str::from_utf8(content).ok()?.trim_ascii())
}
