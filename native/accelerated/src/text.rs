//! Formatting of numbers and strings.

use std::fmt::Write;

/// The longest hexadecimal number that is converted here: a SHA-512 digest.
const MAX_HEX_DIGITS: usize = 128;
const LIMBS: usize = MAX_HEX_DIGITS / 8;
const CHUNK_DIGITS: usize = 6;
const CHUNK: u64 = 36u64.pow(6);
/// Base-36 digits of the largest such number, rounded up to whole chunks.
const MAX_BASE36_DIGITS: usize = 102;

/// A short ASCII string on the stack.
pub struct Digits {
    bytes: [u8; MAX_BASE36_DIGITS],
    start: usize,
}

impl Digits {
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.bytes[self.start..]).unwrap_or_default()
    }
}

/// Converts 1 to 128 plain hexadecimal digits to base 36; None for any other text.
pub fn base36(hex: &[u8]) -> Option<Digits> {
    if hex.is_empty() || hex.len() > MAX_HEX_DIGITS {
        return None;
    }
    let mut limbs = [0u32; LIMBS];
    for (limb, digits) in limbs.iter_mut().zip(hex.rchunks(8)) {
        for &digit in digits {
            *limb = *limb << 4 | char::from(digit).to_digit(16)?;
        }
    }
    let mut used = hex.len().div_ceil(8);
    let mut digits = Digits { bytes: [b'0'; MAX_BASE36_DIGITS], start: MAX_BASE36_DIGITS };
    while used > 0 {
        let chunk = divide_by_chunk(&mut limbs[..used]);
        digits.start -= CHUNK_DIGITS;
        write_chunk(&mut digits.bytes[digits.start..digits.start + CHUNK_DIGITS], chunk);
        while used > 0 && limbs[used - 1] == 0 {
            used -= 1;
        }
    }
    let leading = digits.bytes[digits.start..].iter().take_while(|&&digit| digit == b'0').count();
    digits.start = (digits.start + leading).min(MAX_BASE36_DIGITS - 1);
    Some(digits)
}

/// Divides a little-endian number in place and returns the remainder.
#[allow(clippy::cast_possible_truncation)] // a quotient digit fits a limb, a remainder a chunk
fn divide_by_chunk(limbs: &mut [u32]) -> u32 {
    let mut remainder = 0;
    for limb in limbs.iter_mut().rev() {
        let value = remainder << 32 | u64::from(*limb);
        *limb = (value / CHUNK) as u32;
        remainder = value % CHUNK;
    }
    remainder as u32
}

fn write_chunk(digits: &mut [u8], mut value: u32) {
    for digit in digits.iter_mut().rev() {
        *digit = b"0123456789abcdefghijklmnopqrstuvwxyz"[(value % 36) as usize];
        value /= 36;
    }
}

/// Formats a number as Python's `f"{number:.{precision}f}"`, or without decimals if it is whole.
pub fn format_float(number: f64, precision: usize) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    let decimals = if number.fract() == 0.0 { 0 } else { precision };
    format_scaled(number, decimals).unwrap_or_else(|| format!("{number:.decimals$}"))
}

/// Formats usual numbers with integers: `number * 10^decimals` is exact in 128 bits; ties to even.
fn format_scaled(number: f64, decimals: usize) -> Option<String> {
    const MANTISSA_BITS: u64 = 52;
    let bits = number.to_bits();
    let exponent = bits >> MANTISSA_BITS & 0x7ff;
    // Numbers below 1/128 or from 2^53 on, including infinities, are formatted by the caller.
    if !(1016..1076).contains(&exponent) || decimals > 15 {
        return None;
    }
    let mantissa = bits & ((1 << MANTISSA_BITS) - 1) | 1 << MANTISSA_BITS;
    let scale = 10u64.pow(u32::try_from(decimals).ok()?);
    let shift = u32::try_from(1075 - exponent).ok()?;
    let scaled = u128::from(mantissa) * u128::from(scale);
    let mut rounded = scaled >> shift;
    let rest = scaled - (rounded << shift);
    let half = 1u128 << shift >> 1;
    if shift > 0 && (rest > half || rest == half && rounded & 1 == 1) {
        rounded += 1;
    }
    let (whole, fraction) = (rounded / u128::from(scale), rounded % u128::from(scale));
    let (whole, fraction) = (u64::try_from(whole).ok()?, u64::try_from(fraction).ok()?);
    let mut text = String::with_capacity(40);
    if number.is_sign_negative() {
        text.push('-');
    }
    write!(text, "{whole}").ok()?;
    if decimals > 0 {
        write!(text, ".{fraction:0decimals$}").ok()?;
    }
    Some(text)
}

/// Returns how many code points to keep of a text of more than `max_length` code points.
///
/// `find_space(from, to)` returns the position of the first space in `[from, to)`. Whole words are
/// kept before the word with which the letters, not counting spaces, reach `max_length`, and at
/// least `max_length` code points.
pub fn cut_at_word(
    length: usize,
    max_length: usize,
    mut find_space: impl FnMut(usize, usize) -> Option<usize>,
) -> usize {
    let Some(mut space) = find_space(0, length.min(max_length + 1)) else {
        return max_length;
    };
    let mut letters = space;
    let mut kept = 0;
    while letters < max_length {
        kept = space;
        let start = space + 1;
        let wanted = max_length - letters;
        match find_space(start, length.min(start + wanted)) {
            None => break,
            Some(next) => {
                letters += next - start;
                space = next;
            }
        }
    }
    kept.max(max_length)
}

/// Returns how many code points to keep before and after `'...'`.
pub fn around_middle(max_length: usize) -> (usize, usize) {
    let kept = max_length.saturating_sub(3);
    (kept.div_ceil(2), kept / 2)
}

#[cfg(test)]
mod tests;

#[cfg(feature = "python")]
#[allow(clippy::doc_markdown)] // docstrings in the style of Python
pub mod python {
    use pyo3::prelude::*;
    use pyo3::types::{PyFloat, PyInt, PyString};
    use pyo3::{ffi, intern};

    use super::{around_middle, base36, cut_at_word};
    use crate::bridge::{Arg, Fallback, exact_bool, exact_size};

    static BASE36_ENCODE: Fallback = Fallback::new("base36_encode");
    static FORMAT_FLOAT: Fallback = Fallback::new("format_float");
    static TRUNCATE_LONG_STRING: Fallback = Fallback::new("truncate_long_string");

    const MAX_PRECISION: usize = 100;
    const ELLIPSIS: &str = "...";

    pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add_function(wrap_pyfunction!(base36_encode, module)?)?;
        module.add_function(wrap_pyfunction!(format_float, module)?)?;
        module.add_function(wrap_pyfunction!(truncate_long_string, module)?)
    }

    /// Convert a hexadecimal number to base 36, in lower case.
    ///
    /// ``hex_str`` is anything that ``int(hex_str, 16)`` accepts, of any length.
    ///
    /// Raises:
    ///     ValueError: the string is not a hexadecimal number, or the number is negative (for which
    ///         SkyPilot's function never returns).
    ///     TypeError: ``hex_str`` is neither a string nor bytes.
    #[pyfunction]
    fn base36_encode<'py>(hex_str: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = hex_str.py();
        let text = hex_str.cast_exact::<PyString>().ok().and_then(|text| text.to_str().ok());
        match text.and_then(|text| base36(text.as_bytes())) {
            Some(digits) => Ok(PyString::new(py, digits.as_str()).into_any()),
            None => BASE36_ENCODE.call(py, (hex_str,)),
        }
    }

    /// Format a number with ``precision`` decimals, or without a decimal point if it is whole.
    ///
    /// An ``int`` is formatted by ``str``, so ``True`` gives ``'True'``. Whole floats have all
    /// their digits, never an exponent; ``-0.0`` gives ``'-0'``. Rounding is that of
    /// ``f'{num:.1f}'``: the exact binary value counts, and ties go to the even digit (``1.25``
    /// gives ``'1.2'``).
    ///
    /// Raises:
    ///     ValueError: ``num`` is not whole and ``precision`` is negative or not an integer.
    ///     AttributeError: ``num`` is not an ``int`` and has no method ``is_integer``.
    #[pyfunction]
    #[pyo3(signature = (num, precision = Arg::Default), text_signature = "(num, precision=1)")]
    fn format_float<'py>(
        num: &Bound<'py, PyAny>,
        precision: Arg<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = num.py();
        if let Ok(number) = num.cast_exact::<PyFloat>()
            && let Some(precision) = precision.read(1, exact_size)
            && precision <= MAX_PRECISION
        {
            let text = super::format_float(number.value(), precision);
            return Ok(PyString::new(py, &text).into_any());
        }
        if num.is_exact_instance_of::<PyInt>() {
            return Ok(num.str()?.into_any());
        }
        FORMAT_FLOAT.call(py, (num, precision.or(py, 1)?))
    }

    /// Truncate a string that has more than ``max_length`` code points.
    ///
    /// Other strings are returned unchanged (the same object). With ``truncate_middle``, ``'...'``
    /// replaces the middle, and the result has ``max_length`` code points but never fewer than
    /// three. Otherwise the string is cut at ``max_length`` or at the end of a word after it, and
    /// ``'...'`` is added, so the result has more than ``max_length`` code points.
    ///
    /// Raises:
    ///     TypeError: ``s`` is not a string or ``max_length`` is not an integer.
    #[pyfunction]
    #[pyo3(
        signature = (s, max_length = Arg::Default, truncate_middle = Arg::Default),
        text_signature = "(s, max_length=35, truncate_middle=False)"
    )]
    fn truncate_long_string<'py>(
        s: &Bound<'py, PyAny>,
        max_length: Arg<'py>,
        truncate_middle: Arg<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = s.py();
        if let Ok(text) = s.cast_exact::<PyString>()
            && let Some(limit) = max_length.read(35, exact_size)
        {
            let length = text.len()?;
            if length <= limit {
                return Ok(s.clone());
            }
            if let Some(middle) = truncate_middle.read(false, exact_bool) {
                return shorten(text, length, limit, middle);
            }
        }
        TRUNCATE_LONG_STRING.call(py, (s, max_length.or(py, 35)?, truncate_middle.or(py, false)?))
    }

    fn shorten<'py>(
        text: &Bound<'py, PyString>,
        length: usize,
        limit: usize,
        middle: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let ellipsis = intern!(text.py(), ELLIPSIS).as_any();
        if middle {
            let (head, tail) = around_middle(limit);
            let head = concat(&slice(text, 0, head)?, ellipsis)?;
            return concat(&head, &slice(text, length - tail, length)?);
        }
        let kept = cut_at_word(length, limit, |from, to| find_space(text, from, to));
        concat(&slice(text, 0, kept)?, ellipsis)
    }

    // These three avoid the UTF-8 form of the string, which Python would cache in the string.

    fn slice<'py>(
        text: &Bound<'py, PyString>,
        start: usize,
        end: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        // SAFETY: `text` is a str; the result is a new reference or null with an exception set.
        unsafe {
            let part =
                ffi::PyUnicode_Substring(text.as_ptr(), start.cast_signed(), end.cast_signed());
            Bound::from_owned_ptr_or_err(text.py(), part)
        }
    }

    fn concat<'py>(
        left: &Bound<'py, PyAny>,
        right: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        // SAFETY: both are str; the result is a new reference or null with an exception set.
        unsafe {
            let joined = ffi::PyUnicode_Concat(left.as_ptr(), right.as_ptr());
            Bound::from_owned_ptr_or_err(left.py(), joined)
        }
    }

    fn find_space(text: &Bound<'_, PyString>, start: usize, end: usize) -> Option<usize> {
        let space = u32::from(' ');
        // SAFETY: `text` is a str, and both positions lie within it.
        let found = unsafe {
            ffi::PyUnicode_FindChar(text.as_ptr(), space, start.cast_signed(), end.cast_signed(), 1)
        };
        usize::try_from(found).ok()
    }
}
