"""Months, counted from the start of a run and written 'YYYY-MM', and days, 'YYYY-MM-DD'."""

from __future__ import annotations

import calendar as _calendar
import datetime as _dt
import re
from functools import lru_cache

from coercivity.model.basis.errors import InputError, Phrase, shorten, wrong_field

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MONTH_DAYS = 30.0  # of a month, for what travels


def parse_month(text: object, field: str | Phrase = "month") -> int:
    """Return months since year 0 for 'YYYY-MM' (or the month of 'YYYY-MM-DD'). Raises InputError
    naming *field*, '' for a cell that is its own place.
    """
    months = _months(text if isinstance(text, str) else shorten(text))
    if months is None:
        raise InputError(
            "{field} '{value}' is not a month" if field else "'{value}' is not a month",
            "write YYYY-MM, for example 2026-01",
            **wrong_field("", field, text),
        )
    return months


@lru_cache(maxsize=4096)
def _months(text: str) -> int | None:
    """Months since year 0 of a month or a day; None for any other text."""
    match = _MONTH.fullmatch(text[:7]) if len(text) == 7 or _DATE.fullmatch(text) else None
    if match is None or not 1 <= int(match[2]) <= 12:
        return None
    return int(match[1]) * 12 + int(match[2]) - 1


def parse_date(text: object, field: str | Phrase = "date", where: str | Phrase = "") -> _dt.date:
    """Return the day for 'YYYY-MM-DD'. Raises InputError naming *where* and *field*, '' for a cell
    that is its own place, for another form or a day that does not exist.
    """
    written = text if isinstance(text, str) else shorten(text)
    try:
        if _DATE.fullmatch(written):
            return _dt.date.fromisoformat(written)
    except ValueError:
        pass
    raise InputError(
        "{field} '{value}' is not a date" if field else "'{value}' is not a date",
        "write a day that exists as YYYY-MM-DD, for example 2026-01-06",
        **wrong_field(where, field, text),
    )


@lru_cache(maxsize=4096)
def month_name(start: str, index: int) -> str:
    """Return 'YYYY-MM' of the month *index* months after *start*."""
    year, month = divmod(parse_month(start, "start") + index, 12)
    return f"{year:04d}-{month + 1:02d}"


def month_names(start: str, months: int) -> tuple[str, ...]:
    """Return 'YYYY-MM' for each of *months* months from *start*."""
    return tuple(month_name(start, index) for index in range(months))


@lru_cache(maxsize=4096)
def month_index(start: str, when: str) -> int:
    """Return whole months from *start* to the month or day *when*; negative before the start."""
    return parse_month(when, "date") - parse_month(start, "start")


@lru_cache(maxsize=4096)
def days_in_month(month: str) -> int:
    """Return how many days *month* ('YYYY-MM') has."""
    year, zero_based = divmod(parse_month(month), 12)
    return _calendar.monthrange(year, zero_based + 1)[1]


def day_at(month: str, fraction: float) -> str:
    """Return the date at *fraction* (0 to 1) of *month*, 'YYYY-MM-DD'; 0 is its first day."""
    days = days_in_month(month)
    return f"{month}-{min(days, int(max(0.0, fraction) * days) + 1):02d}"
