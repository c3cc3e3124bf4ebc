use proptest::prelude::*;

use super::*;
use crate::oracles;

fn floats() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        any::<u64>().prop_map(f64::from_bits),
        (-100_000..100_000i32).prop_map(|eighths| f64::from(eighths) / 8.0),
        (-10_000_000..10_000_000i32).prop_map(|thousandths| f64::from(thousandths) / 1000.0),
    ]
}

proptest! {
    #[test]
    fn base36_accepts_exactly_hexadecimal_digits(hex: Vec<u8>) {
        prop_assert_eq!(base36(&hex).is_some(), oracles::base36(&hex).is_some() && !hex.is_empty());
    }

    #[test]
    fn base36_agrees_with_long_multiplication(hex in "[0-9a-fA-F]{1,128}") {
        prop_assert_eq!(encoded(&hex), oracles::base36(hex.as_bytes()));
    }

    #[test]
    fn floats_have_the_decimals_of_their_exact_value(number in floats(), precision in 0..40usize) {
        let expected = match number {
            _ if number.is_nan() => "nan".to_owned(),
            _ if number.fract() == 0.0 => oracles::decimals(number, 0),
            _ => oracles::decimals(number, precision),
        };
        prop_assert_eq!(format_float(number, precision), expected);
    }

    #[test]
    fn a_cut_agrees_with_splitting(letters in "[ a\u{e9}\u{65e5}]{1,60}", cut: prop::sample::Index) {
        let letters: Vec<char> = letters.chars().collect();
        let max_length = cut.index(letters.len());
        let kept = cut_at_word(letters.len(), max_length, |from, to| {
            letters[from..to].iter().position(|&letter| letter == ' ').map(|space| space + from)
        });
        prop_assert_eq!(kept, oracles::cut_at_word(&letters, max_length));
    }

    #[test]
    fn head_and_tail_have_the_wanted_length(max_length: usize) {
        let (head, tail) = around_middle(max_length);
        prop_assert_eq!(head + tail, max_length.saturating_sub(3));
        prop_assert!(head == tail || head == tail + 1);
    }
}

fn encoded(hex: &str) -> Option<String> {
    base36(hex.as_bytes()).map(|digits| digits.as_str().to_owned())
}

#[test]
fn base36_of_small_numbers() {
    for (hex, expected) in [("0", "0"), ("000", "0"), ("23", "z"), ("24", "10"), ("Ff", "73")] {
        assert_eq!(encoded(hex).as_deref(), Some(expected), "{hex}");
    }
}

#[test]
fn base36_agrees_with_division_up_to_128_bits() {
    let mut value = 1u128;
    while value < u128::MAX / 37 {
        value = value * 37 + 11;
        let (mut rest, mut expected) = (value, Vec::new());
        while rest > 0 {
            let digit = u32::try_from(rest % 36).unwrap();
            expected.insert(0, char::from_digit(digit, 36).unwrap());
            rest /= 36;
        }
        assert_eq!(encoded(&format!("{value:x}")), Some(expected.into_iter().collect()));
    }
}

#[test]
fn base36_of_the_longest_number_fits() {
    let digits = encoded(&"f".repeat(MAX_HEX_DIGITS)).unwrap();
    assert_eq!(digits.len(), 100);
    assert!(digits.starts_with('1') || digits.starts_with(char::is_alphanumeric));
}

#[test]
fn base36_of_a_power_of_36_is_one_and_zeros() {
    assert_eq!(encoded(&format!("{:x}", 36u128.pow(24))), Some(format!("1{}", "0".repeat(24))));
}

#[test]
fn base36_falls_back_for_other_text() {
    let long = "f".repeat(MAX_HEX_DIGITS + 1);
    for other in ["", " ff", "0xff", "f_f", "-1", "+1", "g", "\u{ff11}", long.as_str()] {
        assert_eq!(encoded(other), None, "{other}");
    }
}

#[test]
fn floats_are_rounded_half_to_even() {
    for (number, precision, expected) in [
        (1.25, 1, "1.2"),
        (1.05, 1, "1.1"),
        (0.125, 2, "0.12"),
        (0.375, 2, "0.38"),
        (2.5, 0, "2"),
        (3.5, 0, "4"),
        (0.5, 0, "0"),
        (-0.04, 1, "-0.0"),
        (1_234_567.89, 2, "1234567.89"),
        (0.999, 2, "1.00"),
    ] {
        assert_eq!(format_float(number, precision), expected, "{number} {precision}");
    }
}

#[test]
fn whole_floats_have_no_decimals() {
    assert_eq!(format_float(-0.0, 3), "-0");
    assert_eq!(format_float(7.0, 3), "7");
    assert_eq!(format_float(1e22, 3), "10000000000000000000000");
    assert_eq!(format_float(1e300, 1).len(), 301);
}

#[test]
fn special_floats_are_formatted_as_in_python() {
    assert_eq!(format_float(f64::NAN, 1), "nan");
    assert_eq!(format_float(-f64::NAN, 1), "nan");
    assert_eq!(format_float(f64::INFINITY, 1), "inf");
    assert_eq!(format_float(f64::NEG_INFINITY, 1), "-inf");
}

#[test]
fn integer_and_general_formatting_agree() {
    let mut bits = 0x3f80_0000_0000_0001_u64;
    for step in 0..20_000u64 {
        bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(step);
        let exponent = 1010 + bits % 70;
        let number = f64::from_bits(bits & !(0x7ff << 52) | exponent << 52);
        for decimals in [0, 1, 2, 7, 15] {
            if let Some(text) = format_scaled(number, decimals) {
                assert_eq!(text, format!("{number:.decimals$}"), "{number:e} {decimals}");
            }
        }
    }
}

fn cut(text: &str, max_length: usize) -> &str {
    let find = |from, to| text[from..to].find(' ').map(|position| position + from);
    &text[..cut_at_word(text.len(), max_length, find)]
}

#[test]
fn a_cut_keeps_the_longer_of_whole_words_and_max_length() {
    for (text, max_length, expected) in [
        ("a b", 2, "a "),
        ("abcdef", 3, "abc"),
        ("ab cd ef", 4, "ab c"),
        ("ab cd ef gh", 6, "ab cd "),
        ("a b c d e f", 5, "a b c d"),
        ("a b c d e f", 10, "a b c d e "),
        (" abc", 0, ""),
        ("a   ", 2, "a  "),
        ("    ", 2, "   "),
    ] {
        assert_eq!(cut(text, max_length), expected, "{text:?} {max_length}");
    }
}

#[test]
fn a_cut_agrees_with_splitting_at_spaces() {
    for pattern in 0..1u32 << 12 {
        let letter = |bit: u32| if pattern >> bit & 1 == 1 { ' ' } else { 'x' };
        let text: String = (0..12).map(letter).collect();
        for max_length in 0..12 {
            let letters: Vec<char> = text.chars().collect();
            let expected = oracles::cut_at_word(&letters, max_length);
            assert_eq!(cut(&text, max_length).len(), expected, "{text:?}");
        }
    }
}

#[test]
fn the_odd_character_stays_at_the_head() {
    assert_eq!(around_middle(10), (4, 3));
    assert_eq!(around_middle(9), (3, 3));
    assert_eq!(around_middle(4), (1, 0));
    assert_eq!(around_middle(3), (0, 0));
    assert_eq!(around_middle(0), (0, 0));
}
