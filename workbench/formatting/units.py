"""Format numbers and names for people."""

from __future__ import annotations

DASH = "\u2013"
MISSING = DASH
TIMES = "\u00d7"
_UNITS = ((1e-9, "ns"), (1e-6, "µs"), (1e-3, "ms"), (1.0, "s"))


def seconds(value: float | None) -> str:
    """Format a duration in seconds with three significant digits and a readable unit."""
    if value is None:
        return MISSING
    rounded = float(f"{value:.3g}")
    # 1 - 1e-9: dividing by the unit may lose the last bit, and 1000 ns must become 1 µs.
    fitting = [(size, name) for size, name in _UNITS if abs(rounded) / size >= 1 - 1e-9]
    size, name = fitting[-1] if fitting else _UNITS[0]
    return f"{_three_digits(rounded / size)} {name}"


def ratio(value: float | None) -> str:
    """Format a ratio: two decimals below ten, three digits above, two of a very small one."""
    if value is None:
        return MISSING
    if 0.1 <= value < 9.995:
        return f"{value:.2f}"
    if value < 0.1:
        return f"{value:.2g}"
    return _three_digits(value)


def times(value: float | None, sign: str = TIMES) -> str:
    """Format a speedup as a factor, with a multiplication sign."""
    return MISSING if value is None else ratio(value) + sign


def percent(value: float) -> str:
    """Format a fraction as a percentage with two significant digits."""
    return f"{float(f'{value * 100:.2g}'):g}%"


def span(least: int, most: int) -> str:
    """Format a range of counts, or one count where both ends are equal."""
    return count(least) if least == most else f"{count(least)} to {count(most)}"


def interval(low: float | None, high: float | None, dash: str = DASH) -> str:
    """Write an interval of ratios, or a dash when either end is unknown."""
    if low is None or high is None:
        return MISSING
    return f"{ratio(low)}{dash}{ratio(high)}"


def count(value: int | None) -> str:
    """Format a whole number with separated thousands."""
    return MISSING if value is None else f"{value:,}"


def size(value: float | None) -> str:
    """Format a size that may be fractional: two digits below ten, a whole number above."""
    if value is None:
        return MISSING
    return f"{value:.2g}" if value < 10 else f"{value:,.0f}"


def counted(value: int, noun: str, plural: str | None = None) -> str:
    """Format a number with its noun, in the plural (by default with an s) if needed."""
    return f"{value:,} {noun if value == 1 else plural or noun + 's'}"


def names(items: list[str], most: int = 4) -> str:
    """Join names as in a sentence; only the first ones if there are many."""
    shown = items if len(items) <= most + 1 else [*items[:most], f"{len(items) - most:,} more"]
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def _three_digits(value: float) -> str:
    rounded = float(f"{value:.3g}")
    if rounded == 0:
        return "0"
    size = abs(rounded)
    if size >= 1e7 or size < 1e-4:
        return f"{rounded:.2e}"
    decimals = next((d for limit, d in ((100, 0), (10, 1), (1, 2)) if size >= limit), None)
    return f"{rounded:.3g}" if decimals is None else f"{rounded:,.{decimals}f}"
