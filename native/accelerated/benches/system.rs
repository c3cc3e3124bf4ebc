//! Functions that make system calls: files, directories, limits, ports.

use std::ffi::CString;
use std::hint::black_box;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

use accelerated::files::count_entries;
use accelerated::kernel::{online_cpus, usable_cpus, usable_memory};
use accelerated::network::first_free_port;
use accelerated::processes::process_exists;
use accelerated::tail::Tail;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tempfile::{NamedTempFile, TempDir};

const LINE: &str = "2025-01-01 00:00:00.000 INFO worker finished job in 1234 ms, retrying node\n";

fn c_path(path: &Path) -> CString {
    CString::new(path.as_os_str().as_bytes()).expect("temporary paths have no NUL")
}

/// Reads a tail to its end, as the function exported to Python does, and returns its length.
fn read(path: &CString, lines: usize) -> std::io::Result<usize> {
    let mut tail = Tail::open(path, lines)?;
    while !tail.look_back()? {}
    let mut length = 0;
    loop {
        let count = tail.unused().len();
        length += count;
        tail.advance(count);
        if !tail.read_on()? {
            return Ok(length);
        }
    }
}

fn tails(criterion: &mut Criterion) {
    let mut file = NamedTempFile::new().expect("a temporary file");
    let content = LINE.repeat(700_000);
    file.write_all(content.as_bytes()).expect("disk space for a log of 50 MB");
    let path = c_path(file.path());
    let mut group = criterion.benchmark_group("tail of a 50 MB log");
    for lines in [10, 1_000, 100_000] {
        group.throughput(Throughput::Bytes((lines * LINE.len()) as u64));
        group.bench_with_input(BenchmarkId::from_parameter(lines), &lines, |bencher, &lines| {
            bencher.iter(|| read(&path, lines).expect("the log can be read"));
        });
    }
    group.finish();
}

fn directories(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("count_entries");
    for entries in [0, 1_000, 10_000] {
        let directory = TempDir::new().expect("a temporary directory");
        for entry in 0..entries {
            std::fs::write(directory.path().join(format!("{entry:05}")), "").expect("disk space");
        }
        let path = c_path(directory.path());
        group.bench_with_input(BenchmarkId::from_parameter(entries), &path, |bencher, path| {
            bencher.iter(|| count_entries(path).expect("the directory can be listed"));
        });
    }
    group.finish();
}

fn kept_files(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("kept files");
    group.bench_function("CPUs online", |bencher| bencher.iter(online_cpus));
    group.bench_function("CPUs of affinity and quota", |bencher| bencher.iter(usable_cpus));
    group.bench_function("memory", |bencher| bencher.iter(usable_memory));
    group.finish();
}

fn lookups(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("lookups");
    let own = i32::try_from(std::process::id()).expect("a pid is an int");
    group.bench_function("own process", |bencher| {
        bencher.iter(|| process_exists(black_box(own)));
    });
    group.bench_function("first free port", |bencher| {
        bencher.iter(|| first_free_port(black_box(20_000)..u16::MAX).expect("a socket"));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().measurement_time(Duration::from_secs(3));
    targets = tails, directories, kept_files, lookups
}
criterion_main!(benches);
