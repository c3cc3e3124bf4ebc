use super::*;

#[test]
fn threads_are_four_at_least_and_four_times_as_many_on_kubernetes() {
    for (cpus, kubernetes, expected) in [(1, false, 4), (5, false, 4), (9, false, 8), (9, true, 32)]
    {
        assert_eq!(parallel_threads(cpus, kubernetes), expected);
    }
    assert_eq!(parallel_threads(0, true), 16);
}

#[test]
fn cpu_lists_are_counted() {
    let lists: [(&[u8], _); 6] = [
        (b"0\n", Some(1)),
        (b"0-1\n", Some(2)),
        (b"0-3,8,10-11\n", Some(7)),
        (b"", None),
        (b"3-1\n", None),
        (b"0-x\n", None),
    ];
    for (list, expected) in lists {
        assert_eq!(count_cpu_list(list), expected, "{list:?}");
    }
}

#[test]
fn a_huge_cpu_list_does_not_overflow() {
    assert_eq!(count_cpu_list(b"0-18446744073709551615"), None);
}

#[test]
fn quotas_of_cgroup_v2_are_truncated() {
    let quotas: [(&[u8], _); 8] = [
        (b"max 100000\n", Limit::Unlimited),
        (b"200000 100000\n", Limit::At(2)),
        (b"150000 100000\n", Limit::At(1)),
        (b"50000 100000\n", Limit::At(0)),
        (b"0 100000\n", Limit::Unusual),
        (b"1e5 100000\n", Limit::Unusual),
        (b"100000\n", Limit::Unusual),
        (b"\xff\n", Limit::Unusual),
    ];
    for (content, expected) in quotas {
        assert_eq!(cpu_max(content), expected, "{content:?}");
    }
}

#[test]
fn quotas_too_large_for_a_float_are_left_to_the_twin() {
    assert_eq!(cpu_max(b"9007199254740993 100000\n"), Limit::Unusual);
}

#[test]
fn quotas_of_cgroup_v1() {
    assert_eq!(cfs_quota(b"-1\n", b"100000\n"), Limit::Unlimited);
    assert_eq!(cfs_quota(b"400000\n", b"100000\n"), Limit::At(4));
    assert_eq!(cfs_quota(b"400000\n", b"0\n"), Limit::Unusual);
    assert_eq!(cfs_quota(b"400000\n", b"\xff"), Limit::Unusual);
    assert_eq!(cfs_quota(b"\n", b"100000\n"), Limit::Unusual);
}

#[test]
fn memory_limits() {
    assert_eq!(memory_limit(b"max\n"), Limit::Unlimited);
    assert_eq!(memory_limit(b"1073741824\n"), Limit::At(1 << 30));
    for unusual in [b"0\n".as_slice(), b"", b"-1\n", b"1_000\n", b"99999999999999999999\n"] {
        assert_eq!(memory_limit(unusual), Limit::Unusual, "{unusual:?}");
    }
}

#[test]
fn total_memory_is_the_first_line_of_meminfo() {
    let meminfo = b"MemTotal:       24685588 kB\nMemFree: 1 kB\n";
    assert_eq!(mem_total(meminfo), Some(24_685_588 * 1024));
    for other in [b"MemFree: 1 kB\n".as_slice(), b"MemTotal: x kB\n", b"MemTotal: 1 MB\n", b""] {
        assert_eq!(mem_total(other), None, "{other:?}");
    }
    assert_eq!(mem_total(b"MemTotal: 18446744073709551615 kB\n"), None);
}
