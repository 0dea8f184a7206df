"""Numbers and ranges in words. Every range is rounded outward here: what lies in a range lies in
what is said of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from coercivity.experiments.findings.lab_answers import LEAST
from coercivity.experiments.lab.histories import MONTH, Range
from coercivity.experiments.worlds.spreads import Spread
from coercivity.viz.words.language import billions, numeral, say, says

ROOM: Final = 0.1  # of its width, by which a range may grow at an end
MOST: Final = 3  # digits of an end
NOISE: Final = 1e-6  # of a number: histories are kept in single precision

# ---------------------------------------------------------------- rounded outward


def round_outward(low: float, high: float, finest: float = 0.0) -> tuple[float, float]:
    """Return the ends of a range with few digits, the low one rounded down, the high one up.

    Each end has the fewest digits with which it moves by at most ROOM of the width. It has MOST
    where no fewer will do, and its last digit is no finer than *finest*. An infinite end stays.
    """
    width = high - low
    rooms = [ROOM * (width if math.isfinite(width) else abs(end)) for end in (low, high)]
    down = -_fewest_digits(-low, rooms[0], finest) + 0.0
    return down, _fewest_digits(high, rooms[1], finest)


def _fewest_digits(value: float, room: float, finest: float) -> float:
    """Return a number rounded up to the fewest digits that move it by *room* at most."""
    if not math.isfinite(value) or value == 0.0:
        return value
    first = int(f"{value:.5e}".split("e")[1])  # place of its first digit
    for digits in range(1, MOST + 1):
        rounded = round_up(value, max(10.0 ** (first - digits + 1), finest))
        if rounded - value <= room + NOISE * abs(value):
            break
    return rounded


def round_up(value: float, step: float) -> float:
    """Return the lowest multiple of *step* that is not below a number, but for noise."""
    noise = NOISE * max(abs(value), step)
    return float(f"{math.ceil((value - noise) / step) * step:.12g}") + 0.0


def round_down(value: float, step: float) -> float:
    """Return the highest multiple of *step* that is not above a number, but for noise."""
    return -round_up(-value, step) + 0.0


def range_ends_words(low: float, high: float, write: Callable[[float], str] | None = None) -> str:
    """The ends of a range that is rounded, '4 to 40'; one number where they are the same."""
    write = write or plain_number
    return write(low) if low == high else say("{low} to {high}", low=write(low), high=write(high))


def plain_number(value: float) -> str:
    """A rounded number with all of its digits."""
    return numeral(f"{value:,.12g}").replace("-", "−")


# ---------------------------------------------------------------- ranges of many histories


def written_ends(found: Range, unit: str) -> tuple[float, float]:
    """The ends of a range as they are written: by these is judged what lies in it. Those of shares
    are whole per cent.
    """
    finest = 2.0 * LEAST[unit]
    if unit == "share":
        return round_down(found.low, finest), round_up(found.high, finest)
    return round_outward(found.low, found.high, finest)


def range_in_words(found: Range, unit: str) -> str:
    """A range in words: 'USD 900 to 1,700/kg', 'USD 4 to 40 bn', 'less than USD 0.1 bn'."""
    low, high = written_ends(found, unit)
    if low == 0.0 <= found.high < 2.0 * LEAST[unit] and (high or unit == "USD bn"):
        return less_than_shown(unit)
    return with_unit(range_numbers(found, unit), unit)


def range_numbers(found: Range, unit: str) -> str:
    """A range in words without its unit."""
    return range_ends_words(
        *written_ends(found, unit), lambda end: plain_number(_scale_for_unit(end, unit))
    )


def ends_of_months(band: np.ndarray, unit: str) -> list[str]:
    """Write both ends of a band by month, '500 – 1,320' or '52 – 67%'; '' where it has none."""
    found = []
    for low, middle, high in band.T.tolist():
        text = ""
        if not math.isnan(low):
            rounded = written_ends(Range(low, middle, high, 0), unit)
            text = " – ".join(plain_number(_scale_for_unit(end, unit)) for end in rounded)
        found.append(with_unit(text, unit) if text and unit == "share" else text)
    return found


def less_than_shown(unit: str) -> str:
    """What is too little to be shown: 'less than USD 0.1 bn'."""
    return say(
        "less than {sum}",
        sum=with_unit(plain_number(_scale_for_unit(2.0 * LEAST[unit], unit)), unit),
    )


def middle_in_words(found: Range, unit: str) -> str:
    """The middle of a range."""
    return say(
        "typically {number}", number=number_in_words(found.middle, unit, digits_of(found, unit))
    )


def digits_of(found: Range, unit: str) -> int:
    """Digits of a number that stands beside a range: as many as its ends have, and two where these
    are near each other.
    """
    low, high = found.low, found.high
    far = low * high <= 0.0 or not 0.5 < low / high < 2.0
    written = (f"{abs(end):.5e}".split("e")[0] for end in written_ends(found, unit))
    return max(1 if far else 2, *(len(text.rstrip("0").replace(".", "")) for text in written))


# ---------------------------------------------------------------- bands in tables


def ends_in_table(spread: Spread, unit: str) -> tuple[float | None, float | None]:
    """The ends of a band, rounded outward to the digits that `summary.number` shows."""
    low, high = spread.p05, spread.p95
    return (
        None if low is None else round_down(low, _step(low, unit)),
        None if high is None else round_up(high, _step(high, unit)),
    )


def _step(value: float, unit: str) -> float:
    """The step between two numbers of about this size in a table."""
    match unit:
        case "share" | "points" | "% of GDP":
            return 0.01
        case "multiple":
            return 0.1 if abs(value) < 100 else 1.0
        case "USD bn" | "USD/kg":
            return 1.0 if abs(value) >= 100 else 0.1 if abs(value) >= 1 else 0.01
        case _:
            return 1.0


# ---------------------------------------------------------------- single numbers


def number_in_words(value: float, unit: str, digits: int = 2) -> str:
    """One number with its unit, to so many digits; shares as whole per cent."""
    if abs(value) < LEAST[unit]:
        return with_unit("0", unit)
    if unit == "share":
        return with_unit(f"{100 * value:.0f}", unit)
    return with_unit(plain_number(_to_digits(_scale_for_unit(value, unit), unit, digits)), unit)


def nearest(value: float, unit: str, digits: int = 2) -> float:
    """A number as `number_in_words` writes it."""
    if abs(value) < LEAST[unit]:
        return 0.0
    return round(value, 2) if unit == "share" else _to_digits(value, unit, digits)


def _to_digits(value: float, unit: str, digits: int) -> float:
    """A number to so many digits, with one place behind the point, points with none."""
    return round(float(f"{value:.{digits}g}"), 0 if unit == "points" else 1) + 0.0


def _scale_for_unit(value: float, unit: str) -> float:
    """A number in what is counted by: shares in per cent, billions as the language has them."""
    match unit:
        case "share":
            return 100.0 * value
        case "USD bn":
            return billions(value)
        case _:
            return value


def with_unit(text: str, unit: str) -> str:
    """A number in words with its unit."""
    match unit:
        case "USD bn":
            return say("USD {number} bn", number=text)
        case "USD/kg":
            return say("USD {number}/kg", number=text)
        case "months" if text == "1":
            return says("{count} month", "{count} months", 1)
        case "months":
            return say("{number} months", number=text)
        case "points":
            count = 1 if text.lstrip("−") == "1" else 2
            return says("{number} point", "{number} points", count, number=text)
        case _:
            return say("{number}%", number=text)


def span(days: float | None) -> str:
    """A time from now, as coarse as its spread: 'ten days' have no meaning here, months have."""
    if days is None:
        return say("an unknown time")
    if days < 1.5 * MONTH:
        return says("{count} week", "{count} weeks", max(1, round(days / 7)))
    return says("{count} month", "{count} months", round(days / MONTH))
