//! Slow and obvious implementations of the functions, to which tests and fuzz targets compare them.

use crate::machine::Limit;

/// Converts hexadecimal digits to base 36 by long multiplication.
pub fn base36(hex: &[u8]) -> Option<String> {
    let mut digits = vec![0u32];
    for &byte in hex {
        let mut carry = char::from(byte).to_digit(16)?;
        for digit in digits.iter_mut().rev() {
            let value = *digit * 16 + carry;
            (*digit, carry) = (value % 36, value / 36);
        }
        if carry > 0 {
            digits.insert(0, carry);
        }
    }
    digits.into_iter().map(|digit| char::from_digit(digit, 36)).collect()
}

/// Formats a number with `decimals` decimals by rounding its exact decimal expansion.
pub fn decimals(number: f64, decimals: usize) -> String {
    if !number.is_finite() {
        return format!("{number}").to_lowercase();
    }
    let (mut digits, point) = all_digits(number.abs());
    let kept = digits.len() - point.saturating_sub(decimals);
    let rest = digits.split_off(kept);
    if rounds_up(&digits, &rest) {
        increment(&mut digits);
    }
    digits.extend(std::iter::repeat_n(0, decimals.saturating_sub(point)));
    let whole = digits.len() - decimals;
    let text: String = digits.into_iter().map(|digit| char::from(b'0' + digit)).collect();
    let leading = text[..whole].chars().take_while(|&digit| digit == '0').count();
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let dot = if decimals > 0 { "." } else { "" };
    let whole_text = &text[leading.min(whole - 1)..whole];
    format!("{sign}{whole_text}{dot}{}", &text[whole..])
}

/// Returns all decimal digits of a non-negative number and how many follow the decimal point.
fn all_digits(number: f64) -> (Vec<u8>, usize) {
    let bits = number.to_bits();
    let exponent = i32::try_from(bits >> 52).unwrap_or_default();
    let fraction = bits & ((1 << 52) - 1);
    let mantissa = if exponent == 0 { fraction } else { fraction | 1 << 52 };
    let power = exponent.max(1) - 1075;
    let mut digits: Vec<u8> = mantissa.to_string().bytes().map(|digit| digit - b'0').collect();
    // Halving is multiplying by five and adding one digit after the decimal point.
    let factor = if power < 0 { 5 } else { 2 };
    let times = power.unsigned_abs() as usize;
    (0..times).for_each(|_| multiply(&mut digits, factor));
    let point = if power < 0 { times } else { 0 };
    let missing = (point + 1).saturating_sub(digits.len());
    digits.splice(0..0, std::iter::repeat_n(0, missing));
    (digits, point)
}

fn multiply(digits: &mut Vec<u8>, factor: u8) {
    let mut carry = 0;
    for digit in digits.iter_mut().rev() {
        let value = *digit * factor + carry;
        (*digit, carry) = (value % 10, value / 10);
    }
    if carry > 0 {
        digits.insert(0, carry);
    }
}

/// Whether to round up; ties go to the even digit.
fn rounds_up(kept: &[u8], rest: &[u8]) -> bool {
    match rest.split_first() {
        None | Some((0..5, _)) => false,
        Some((5, more)) if more.iter().all(|&digit| digit == 0) => {
            kept.last().is_some_and(|digit| digit % 2 == 1)
        }
        Some(_) => true,
    }
}

fn increment(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        *digit = (*digit + 1) % 10;
        if *digit != 0 {
            return;
        }
    }
    digits.insert(0, 1);
}

/// Returns where to cut a text by splitting it at its spaces.
pub fn cut_at_word(text: &[char], max_length: usize) -> usize {
    let words: Vec<&[char]> = text.split(|&letter| letter == ' ').collect();
    if words[0].len() > max_length {
        return max_length;
    }
    let mut letters = 0;
    let reached = words.iter().position(|word| {
        letters += word.len();
        letters >= max_length
    });
    words[..reached.unwrap_or(words.len() - 1)].join(&' ').len().max(max_length)
}

/// Returns the last lines of a content, without the final line end.
pub fn tail(content: &[u8], lines: usize) -> Vec<u8> {
    let text = content.strip_suffix(b"\n").unwrap_or(content);
    let all: Vec<&[u8]> = text.split(|&byte| byte == b'\n').collect();
    all[all.len().saturating_sub(lines)..].join(&b'\n')
}

/// Counts the CPUs of a list one by one; None if it is invalid or a range is very long.
pub fn cpu_list(content: &str) -> Option<usize> {
    const MANY: u64 = 10_000;
    let mut cpus = 0;
    for range in content.trim_ascii().split(',') {
        let end = |text| u64::try_from(digits(text)?).ok();
        let ends = range.split('-').map(end).collect::<Option<Vec<_>>>()?;
        let (first, last) = match ends[..] {
            [only] => (only, only),
            [first, last] if first <= last && last - first < MANY => (first, last),
            _ => return None,
        };
        cpus += (first..=last).count();
    }
    Some(cpus)
}

/// Computes the whole CPUs of a quota with floats, as Python does.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
pub fn quota(quota: &str, period: &str) -> Option<Limit> {
    let period = digits(period)? as f64;
    if quota == "max" || quota == "-1" {
        return Some(Limit::Unlimited);
    }
    Some(Limit::At((digits(quota)? as f64 / period) as u64))
}

/// Parses a number that consists of digits only; None if it does not fit.
pub fn digits(text: &str) -> Option<u128> {
    let mut number = 0u128;
    for digit in text.chars() {
        number = number.checked_mul(10)?.checked_add(digit.to_digit(10)?.into())?;
    }
    (!text.is_empty()).then_some(number)
}
