"""The one error that a user can cause, and the words that help to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_LIST_AT_MOST = 20  # more names than this would bury the message


class InputError(ValueError):
    """A user's input was wrong. The message is one line that names the field, the value and the fix."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(str(message).split()))


def suggest(value: object, options: Iterable[str]) -> str:
    """Return the fix for a *value* that is none of *options*: "did you mean 'Japan'?", or the list when nothing is close."""
    names = [str(option) for option in options]
    lowered = {name.lower(): name for name in reversed(names)}
    close = difflib.get_close_matches(str(value).strip().lower(), list(lowered), n=1, cutoff=0.6)
    if close:
        return f"did you mean '{lowered[close[0]]}'?"
    shown = ", ".join(names[:_LIST_AT_MOST])
    more = len(names) - _LIST_AT_MOST
    return f"use one of: {shown}" + (f", and {more} more" if more > 0 else "")


def shorten(value: object, limit: int = 60) -> str:
    """Return *value* as it may be quoted in a message: one line, at most *limit* characters."""
    text = " ".join(str(value).split())
    return text if len(text) <= limit else text[: limit - 3] + "..."
