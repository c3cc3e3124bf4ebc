//! Formatting of numbers and strings, without the cost of calls from Python.

use std::hint::black_box;

use accelerated::text::{base36, cut_at_word, format_float};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

fn encode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("base36");
    for digits in [1, 8, 32, 128] {
        let hex = "0123456789abcdef".repeat(8)[..digits].to_owned();
        group.throughput(Throughput::Elements(digits as u64));
        group.bench_with_input(BenchmarkId::from_parameter(digits), &hex, |bencher, hex| {
            bencher.iter(|| base36(black_box(hex.as_bytes())));
        });
    }
    group.finish();
}

fn format(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("format_float");
    for (name, number, precision) in [
        ("two decimals", 1_234_567.89, 2),
        ("whole", 1_234_567.0, 2),
        ("many decimals", 0.1, 40),
        ("huge", 1e300, 1),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| format_float(black_box(number), black_box(precision)));
        });
    }
    group.finish();
}

fn cut(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cut_at_word");
    let words = "eight words of text, then ".repeat(42);
    for limit in [8, 80, 800] {
        group.bench_with_input(BenchmarkId::from_parameter(limit), &limit, |bencher, &limit| {
            let text = words.as_bytes();
            let find_space = |from: usize, to: usize| {
                memchr::memchr(b' ', &text[from..to]).map(|space| space + from)
            };
            bencher.iter(|| cut_at_word(black_box(text.len()), limit, find_space));
        });
    }
    group.finish();
}

criterion_group!(benches, encode, format, cut);
criterion_main!(benches);
