"""Sums of money as the language that is spoken writes them: 'USD 1,170 million', '1.170 Mio. USD',
'11億7000万ドル'.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from coercivity.viz.words.language import language, numeral, say

MYRIADS: Final[Mapping[str, tuple[tuple[int, str], ...]]] = {  # where thousands are not counted by
    "ja": ((10**12, "兆"), (10**8, "億"), (10**4, "万")),
}


def millions(value: float, digits: int = 0) -> str:
    """A sum of USD million in words, to so many digits; 0: all whole millions."""
    rounded = float(f"{value:.{digits}g}") if digits else float(round(value))
    code = language()
    if code in MYRIADS:
        return say("USD {sum}", sum=in_myriads(round(1e6 * rounded), MYRIADS[code]))
    if digits and not rounded.is_integer():
        return say("USD {sum} million", sum=numeral(f"{rounded:.{digits}g}"))
    return say("USD {sum} million", sum=numeral(f"{rounded:,.0f}"))


def in_myriads(value: int, units: tuple[tuple[int, str], ...]) -> str:
    """A whole number as it is counted by ten thousands: '11億7000万'."""
    left, said = abs(value), ""
    for size, name in units:
        count, left = divmod(left, size)
        said += f"{count}{name}" if count else ""
    said += str(left) if left or not said else ""
    return f"−{said}" if value < 0 else said
