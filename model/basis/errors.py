"""The one error that a user can cause, and the words that help to mend it: any object can be
quoted, and every message can be printed anywhere.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Final

LONGEST_MESSAGE: Final = (
    1_000  # characters; a longer line is a page, and what it says is lost in it
)
_LIST_AT_MOST: Final = 20  # more names than this would bury the message
_WORD_AT_LEAST: Final = 3  # letters of a word by which names are looked for
_WORD_AT_MOST: Final = 100  # characters that are compared with the names that are known
# of a whole number that is quoted by its digits: Python refuses to write much longer ones
_MOST_BITS: Final = 4_000
_UNSEEN: Final = re.compile(
    r"[^\x20-\x7e\xa0-\ud7ff\ue000-\U0010ffff]"
)  # surrogates and control characters, by far the most frequent of what is replaced


class InputError(ValueError):
    """A user's input was wrong. The message is one line that names the field, the value and the
    fix.
    """

    def __init__(self, message: object) -> None:
        super().__init__(shorten(message, LONGEST_MESSAGE))


def suggest(value: object, options: Iterable[str]) -> str:
    """Return the fix for a *value* that is none of *options*: "did you mean 'Japan'?", the names
    that contain it, or the list when nothing is close.
    """
    names = [str(option) for option in options]
    lowered = {name.lower(): name for name in reversed(names)}
    word = shorten(value, _WORD_AT_MOST).lower()
    close = difflib.get_close_matches(word, list(lowered), n=1, cutoff=0.6)
    looked_for = len(word) >= _WORD_AT_LEAST
    holding = [name for lower, name in lowered.items() if looked_for and word in lower][::-1]
    if close and (lowered[close[0]] in holding or not holding):
        return f"did you mean '{lowered[close[0]]}'?"
    if len(holding) == 1:
        return f"did you mean '{holding[0]}'?"
    names = holding or names
    shown = ", ".join(names[:_LIST_AT_MOST])
    more = len(names) - _LIST_AT_MOST
    return f"use one of: {shown}" + (f", and {more} more" if more > 0 else "")


def shorten(value: object, limit: int = 60) -> str:
    """Return *value* as it may be quoted in a message: one line, at most *limit* characters,
    whatever the value is.
    """
    text = printable(_one_line(value)[: limit + 1])
    return text if len(text) <= limit else text[: limit - 3] + "..."


def printable(text: str) -> str:
    r"""Return *text* with what no terminal, file or page can show written as a code: lone
    surrogates as \udc80, control characters as \x1b.
    """
    if text.isprintable():
        return text
    seen = _UNSEEN.sub(_code, text)
    return (
        seen
        if seen.isprintable()
        else "".join(sign if sign.isprintable() else _code(sign) for sign in seen)
    )


def _one_line(value: object) -> str:
    """Any object in words on one line. What Python refuses to write, or what fails while it is
    written, is said by its kind.
    """
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return f"a whole number of about {round(value.bit_length() * 0.30103):,} digits"
    try:
        text = str(value)
    except (
        Exception
    ):  # a list with such a number in it, a mapping without end, a class whose own words fail
        return f"a {type(value).__name__} that cannot be written out"
    return " ".join(text.split())


def _code(sign: str | re.Match[str]) -> str:
    return (
        (sign if isinstance(sign, str) else sign[0])
        .encode("unicode_escape", "surrogatepass")
        .decode("ascii")
    )
