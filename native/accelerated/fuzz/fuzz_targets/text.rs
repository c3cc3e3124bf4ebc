//! Formatting of numbers and strings.

#![no_main]

use accelerated::oracles;
use accelerated::text::{base36, cut_at_word, format_float};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&[u8], f64, u8, &str, usize)| {
    let (hex, number, precision, text, limit) = input;
    check_base36(hex);
    check_float(number, usize::from(precision));
    check_cut(text, limit);
});

fn check_base36(hex: &[u8]) {
    let expected = oracles::base36(hex).filter(|_| (1..=128).contains(&hex.len()));
    assert_eq!(base36(hex).map(|digits| digits.as_str().to_owned()), expected);
}

fn check_float(number: f64, precision: usize) {
    if !number.is_nan() {
        let decimals = if number.fract() == 0.0 { 0 } else { precision };
        assert_eq!(format_float(number, precision), oracles::decimals(number, decimals));
    }
}

fn check_cut(text: &str, limit: usize) {
    let letters: Vec<char> = text.chars().collect();
    if !letters.is_empty() {
        let limit = limit % letters.len();
        let find_space = |from: usize, to: usize| {
            let space = letters[from..to].iter().position(|&letter| letter == ' ');
            space.map(|position| position + from)
        };
        let kept = cut_at_word(letters.len(), limit, find_space);
        assert_eq!(kept, oracles::cut_at_word(&letters, limit));
    }
}
