"""Formatting of numbers and strings."""

from __future__ import annotations

__all__ = ["base36_encode", "format_float", "truncate_long_string"]

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SPLIT_ABOVE_BITS = 4096


def base36_encode(hex_str: str) -> str:
    """Convert a hexadecimal number to base 36, in lower case.

    ``hex_str`` is anything that ``int(hex_str, 16)`` accepts, of any length.

    Raises:
        ValueError: the string is not a hexadecimal number, or the number is negative (for which
            SkyPilot's function never returns).
        TypeError: ``hex_str`` is neither a string nor bytes.
    """
    number = int(hex_str, 16)
    if number < 0:
        raise ValueError("base36_encode() cannot encode a negative number")
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
    # Converting a million digits one by one would take minutes.
    low_digits = number.bit_length() // 10
    high, low = divmod(number, 36**low_digits)
    return _base36(high) + _base36(low).rjust(low_digits, "0")


def format_float(num: float, precision: int = 1) -> str:
    """Format a number with ``precision`` decimals, or without a decimal point if it is whole.

    An ``int`` is formatted by ``str``, so ``True`` gives ``'True'``. Whole floats have all
    their digits, never an exponent; ``-0.0`` gives ``'-0'``. Rounding is that of
    ``f'{num:.1f}'``: the exact binary value counts, and ties go to the even digit (``1.25``
    gives ``'1.2'``).

    Raises:
        ValueError: ``num`` is not whole and ``precision`` is negative or not an integer.
        AttributeError: ``num`` is not an ``int`` and has no method ``is_integer``.
    """
    if isinstance(num, int):
        return str(num)
    if num.is_integer():
        return f"{num:.0f}"
    return f"{num:.{precision}f}"


def truncate_long_string(s: str, max_length: int = 35, truncate_middle: bool = False) -> str:
    """Truncate a string that has more than ``max_length`` code points.

    Other strings are returned unchanged (the same object). With ``truncate_middle``, ``'...'``
    replaces the middle, and the result has ``max_length`` code points but never fewer than
    three. Otherwise the string is cut at ``max_length`` or at the end of a word after it, and
    ``'...'`` is added, so the result has more than ``max_length`` code points.

    Raises:
        TypeError: ``s`` is not a string or ``max_length`` is not an integer.
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
