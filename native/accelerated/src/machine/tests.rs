use proptest::prelude::*;

use super::*;
use crate::oracles;

proptest! {
    #[test]
    fn parsers_do_not_panic(content: Vec<u8>, other: Vec<u8>) {
        cpu_max(&content);
        cfs_quota(&content, &other);
        memory_limit(&content);
        mem_total(&content);
        mem_total(&[b"MemTotal:", &content[..]].concat());
        count_cpu_list(&content);
    }

    #[test]
    fn cpu_lists_agree_with_the_oracle(list in "[-+0-9,x \\n]{0,12}") {
        if let Some(expected) = oracles::cpu_list(&list) {
            prop_assert_eq!(count_cpu_list(list.as_bytes()), Some(expected));
        } else if let Some(count) = count_cpu_list(list.as_bytes()) {
            prop_assert!(count >= 10_000);
        }
    }

    #[test]
    fn kernel_cpu_lists_are_counted(ranges in prop::collection::vec((0..9usize, 1..200usize), 1..40)) {
        let mut next = 0;
        let mut list = Vec::new();
        for &(gap, length) in &ranges {
            let first = next + gap;
            next = first + length;
            list.push(if length == 1 { format!("{first}") } else { format!("{first}-{}", next - 1) });
        }
        let expected: usize = ranges.iter().map(|range| range.1).sum();
        prop_assert_eq!(count_cpu_list(format!("{}\n", list.join(",")).as_bytes()), Some(expected));
    }

    #[test]
    fn quotas_agree_with_python_or_fall_back(
        quota in prop_oneof![
            (0..1u64 << 34).prop_map(|quota| quota.to_string()),
            "max|-1|-[0-9]{1,3}|[-+_0-9.]{0,8}",
        ],
        period in prop_oneof![
            (0..1u64 << 21).prop_map(|period| period.to_string()),
            "[-+_0-9.]{0,8}",
        ],
    ) {
        let v1 = cfs_quota(format!("{quota}\n").as_bytes(), format!("{period}\n").as_bytes());
        let v2 = cpu_max(format!("{quota} {period}\n").as_bytes());
        let expected = oracles::quota(&quota, &period);
        for (limit, unlimited) in [(v1, "-1"), (v2, "max")] {
            match limit {
                Limit::Unusual => {}
                Limit::Unlimited => prop_assert!(quota == unlimited || quota == "-1"),
                Limit::At(_) => prop_assert_eq!(Some(limit), expected.clone()),
            }
        }
    }

    #[test]
    fn usual_quotas_do_not_fall_back(quota in 1..1u64 << 32, period in 1..=1_000_000u64) {
        let expected = Limit::At(quota / period);
        prop_assert_eq!(cpu_max(format!("{quota} {period}\n").as_bytes()), expected);
    }

    #[test]
    fn sizes_are_plain_digits_or_fall_back(size in "[-+_0-9]{0,24}") {
        let number = oracles::digits(&size).and_then(|size| u64::try_from(size).ok());
        let expected = number.filter(|&size| size > 0).map_or(Limit::Unusual, Limit::At);
        prop_assert_eq!(memory_limit(format!("{size}\n").as_bytes()), expected);
        let meminfo = format!("MemTotal:  {size} kB\nMemFree:  1 kB\n");
        let bytes = number.and_then(|size| size.checked_mul(1024));
        prop_assert_eq!(mem_total(meminfo.as_bytes()), bytes);
    }
}

#[test]
fn threads_are_at_least_four_and_four_times_as_many_on_kubernetes() {
    for (cpus, kubernetes, expected) in [(1, false, 4), (5, false, 4), (9, false, 8), (9, true, 32)]
    {
        assert_eq!(parallel_threads(cpus, kubernetes), expected);
    }
    assert_eq!(parallel_threads(0, true), 16);
}

#[test]
fn cpu_lists_are_counted() {
    let lists: [(&[u8], _); 7] = [
        (b"0\n", Some(1)),
        (b"0-1\n", Some(2)),
        (b"0-3,8,10-11\n", Some(7)),
        (b"", None),
        (b"3-1\n", None),
        (b"0-x\n", None),
        (b"+0\n", None),
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
fn quotas_too_large_for_a_float_fall_back() {
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
