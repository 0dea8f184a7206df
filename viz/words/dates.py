"""Days, months and spans of months as a reader would write them."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from coercivity.viz.words.language import SOURCE, language, noted, say

NAMES: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_HALF: Final = re.compile(r"(\d{4})-H([12])")
_YEARS: Final = re.compile(r"(\d{4})-(\d{4})")
_YEAR: Final = re.compile(r"\d{4}")


def date_words(text: str) -> str:
    """'2011-08' is 'August 2011', '2011-08-09' is '9 August 2011', '2011' is '2011', '2024-H1' is
    'the first half of 2024', '2005-2012' is '2005 to 2012'; anything else stays as it is.
    """
    if half := _HALF.fullmatch(text):
        return f"the {'first' if half[2] == '1' else 'second'} half of {half[1]}"
    if years := _YEARS.fullmatch(text):
        return f"{years[1]} to {years[2]}"
    found = _DATE.fullmatch(text)
    if found is None or (found[2] and not 1 <= int(found[2]) <= len(NAMES)):
        return text
    year, month, day = found.groups()
    return " ".join(
        part for part in (day and str(int(day)), month and NAMES[int(month) - 1], year) if part
    )


def span_words(first: str, last: str) -> str:
    """A span of months: 'May 2025', '2011' for a whole year, '2009 to 2012' for whole years,
    'August to October 2011', 'November 2025 to February 2026'.
    """
    if first == last:
        return date_words(first)
    if first.endswith("-01") and last.endswith("-12") and len(first) == len(last) == 7:
        return first[:4] if first[:4] == last[:4] else f"{first[:4]} to {last[:4]}"
    begins = date_words(first)
    if first[:4] == last[:4]:
        begins = begins.removesuffix(f" {first[:4]}")
    return f"{begins} to {date_words(last)}"


def span_in_words(first: str, last: str) -> str:
    """A span of months in the language that is spoken."""
    if language() == SOURCE:
        return span_words(first, last)
    if first == last:
        return date_in_words(first)
    if first.endswith("-01") and last.endswith("-12") and len(first) == len(last) == 7:
        first, last = first[:4], last[:4]
    if first == last:
        return date_in_words(first)
    if len(first) == len(last) == 7:
        from babel.dates import format_interval

        begins, ends = (date(int(one[:4]), int(one[5:]), 1) for one in (first, last))
        return str(format_interval(begins, ends, "yMMMM", locale=language()))
    return say("{first} to {last}", first=date_in_words(first), last=date_in_words(last))


def date_in_words(text: str) -> str:
    """A day, a month, half a year, a year or years in the language that is spoken; what is none of
    these as it is.
    """
    if language() == SOURCE:
        return date_words(text)
    if half := _HALF.fullmatch(text):
        wording = (
            noted("first half of {year}") if half[2] == "1" else noted("second half of {year}")
        )
        return say(wording, year=half[1])
    if years := _YEARS.fullmatch(text):
        return say("{first} to {last}", first=years[1], last=years[2])
    if _YEAR.fullmatch(text):
        return say("{year}", year=text)
    found = _DATE.fullmatch(text)
    if found is None or found[2] is None or not 1 <= int(found[2]) <= len(NAMES):
        return text
    from babel.dates import format_date, format_skeleton

    day = date(int(found[1]), int(found[2]), int(found[3] or 1))
    if found[3]:
        return str(format_date(day, "long", locale=language()))
    return str(format_skeleton("yMMMM", day, locale=language()))
