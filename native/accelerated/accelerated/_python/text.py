"""Numbers and strings for display."""

from __future__ import annotations

__all__ = ["base36_encode", "format_float", "truncate_long_string"]

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SPLIT_ABOVE_BITS = 4096


def base36_encode(hex_str: str) -> str:
    """Write a hexadecimal number in base 36, in lower case.

    Takes what ``int(hex_str, 16)`` takes, of any length.

    Raises:
        ValueError: the string is no hexadecimal number, or the number is negative.
    """
    number = int(hex_str, 16)
    if number < 0:
        raise ValueError("base36_encode() takes a number that is not negative")
    if number == 0:
        return "0"
    return _base36(number)


def _base36(number: int) -> str:
    if number.bit_length() > _SPLIT_ABOVE_BITS:
        return _base36_in_halves(number)
    encoded = ""
    while number:
        number, digit = divmod(number, 36)
        encoded = _DIGITS[digit] + encoded
    return encoded


def _base36_in_halves(number: int) -> str:
    # Digit by digit, a number of a million digits would take minutes.
    low_digits = number.bit_length() // 10
    high, low = divmod(number, 36**low_digits)
    return _base36(high) + _base36(low).rjust(low_digits, "0")


def format_float(num: float, precision: int = 1) -> str:
    """Format a number; a whole one gets no decimal point, any other ``precision`` decimals.

    Raises:
        ValueError: the precision is needed and is negative or no integer.
        AttributeError: ``num`` is no ``int`` and has no ``is_integer``.
    """
    if isinstance(num, int):
        return str(num)
    if num.is_integer():
        return f"{num:.0f}"
    return f"{num:.{precision}f}"


def truncate_long_string(s: str, max_length: int = 35, truncate_middle: bool = False) -> str:
    """Shorten a string of more than ``max_length`` code points.

    In the middle, the result has ``max_length`` code points, ``'...'`` included, but never less
    than those three. At the end, the cut is made after a whole word or at ``max_length``, whichever
    is later, and ``'...'`` is added.

    Returns:
        The string, the same object if it is short enough.
    """
    if len(s) <= max_length:
        return s
    if truncate_middle:
        return _without_middle(s, max_length)
    words = s.split(" ")
    if len(words[0]) > max_length:
        return words[0][:max_length] + "..."
    complete = letters = 0
    for complete, word in enumerate(words):  # noqa: B007
        letters += len(word)
        if letters >= max_length:
            break
    kept = " ".join(words[:complete])
    if len(kept) < max_length:
        kept += s[len(kept) : max_length]
    return kept + "..."


def _without_middle(s: str, max_length: int) -> str:
    if max_length <= 3:
        return "..."
    tail, odd = divmod(max_length - 3, 2)
    if tail == 0:
        return s[: tail + odd] + "..."
    return s[: tail + odd] + "..." + s[-tail:]
