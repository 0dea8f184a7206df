"""Single values from outside: is it one of these names, a number, a text, a path? One answer for
every door, and never an exception of Python's own.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Container, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeGuard

from coercivity.model.basis.errors import InputError, Phrase

LONGEST_NAME: Final = 255  # bytes of one name in a path, on all usual file systems
LONGEST_PATH: Final = 4_000  # bytes of a path; Linux takes 4,095 and other names are made beside it
_MOST_DIGITS: Final = 20
# control characters and lone surrogates
_NO_TEXT: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_WHOLE: Final = re.compile(r"[0-9]+")
_NUMBER: Final = re.compile(r"[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|inf(inity)?)")


def is_name(value: object, options: Container[str]) -> TypeGuard[str]:
    """Whether *value* is one of the names *options*; what is no text is none of them."""
    return isinstance(value, str) and value in options


def as_number(value: object) -> float:
    """Return *value* as a float: nan for what is no number (texts and true or false are none),
    infinity for one that no float can hold.
    """
    if isinstance(value, (bool, str, bytes, bytearray)):
        return math.nan
    try:
        return float(value)  # type: ignore[arg-type]
    except OverflowError:  # a whole number of hundreds of digits
        return math.inf
    except Exception:  # whatever the class of the value raises
        return math.nan


def read_number(text: str) -> float:
    """Return the number in *text*, nan for any other text. Digits are 0 to 9: those of other
    scripts and underscores, which Python takes, are not.
    """
    text = text.strip().lower()
    return float(text) if _NUMBER.fullmatch(text) else math.nan


def read_whole(text: str, field: str | Phrase, low: int, high: int) -> int:
    """Return the whole number in *text*. Raises InputError naming *field* for another text and for
    one outside of *low* to *high*.
    """
    digits = text.strip()
    if not _WHOLE.fullmatch(digits) or len(digits) > _MOST_DIGITS or not low <= int(digits) <= high:
        raise InputError(
            "{field} '{value}' does not fit",
            "use a whole number from {low} to {high}",
            field=field,
            value=text,
            low=low,
            high=high,
        )
    return int(digits)


def plain_text(value: object, field: str | Phrase, limit: int, where: str | Phrase = "") -> str:
    """Return *value* as text on one line. Raises InputError naming *where* and *field* for lists,
    for what is no text, and beyond *limit* characters.
    """
    named = {"where": where, "field": field}
    try:
        if isinstance(value, (Mapping, list, tuple)):
            raise TypeError
        text = " ".join(str(value).split())
    except Exception:  # a list, a whole number of thousands of digits
        raise InputError(
            "{field} '{value}' is not text", "put it in quotes", value=value, **named
        ) from None
    if len(text) > limit:
        raise InputError(
            "{field} '{value}' has {low} characters",
            "use at most {high}",
            value=text,
            low=len(text),
            high=limit,
            **named,
        )
    strange = _NO_TEXT.search(text)
    if strange is not None:
        raise InputError(
            "{field} '{value}' holds {low}, which is no character of a text",
            "leave it out",
            value=text,
            low=strange[0],
            **named,
        )
    return text


def without_controls(text: str) -> str:
    """Return *text* without lone surrogates, and with spaces for control characters."""
    return _NO_TEXT.sub(lambda sign: "" if sign[0] >= "\ud800" else " ", text)


def path_of(value: object, field: str | Phrase, where: str | Phrase = "") -> Path:
    """Return *value* as a path with ~ filled in. Raises InputError naming *where* and *field* for
    what no file system or no text can hold.
    """
    named: dict[str, Any] = {"where": where, "field": field, "value": value}
    if not isinstance(value, (str, os.PathLike)) or not isinstance(os.fspath(value), str):
        raise InputError(
            "{field} '{value}' is a {type}", "give a path", type=type(value).__name__, **named
        )
    text = os.fspath(value)
    assert isinstance(text, str)
    if _NO_TEXT.search(text):
        raise InputError("{field} '{value}' is no text in UTF-8", "give another name", **named)
    try:
        path = Path(text).expanduser()
    except (RuntimeError, OSError):
        raise InputError(
            "{field} '{value}' begins with the home folder of somebody who is not known here",
            "write it out",
            **named,
        ) from None
    _check_length(path, text, named)
    return path


def place_of(value: object, field: str | Phrase) -> Path:
    """Return *value* as an absolute path, without links, of something that may be looked into or is
    not there. Raises InputError naming *field* where the system does not let us look: a folder that
    may not be entered or listed, links that lead round in a circle, a path that grows too long.
    """
    path = written = path_of(value, field)
    try:
        path = path.resolve()
        _check_length(path, str(path), {"field": field, "value": path})
        with suppress(FileNotFoundError, NotADirectoryError):
            os.stat(os.path.join(path, os.curdir))  # may it be entered
            os.scandir(path).close()  # may it be listed
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead round in a circle
        raise InputError(
            "{field} '{value}' cannot be looked into ({reason})",
            "give another place",
            field=field,
            value=written,
            reason=getattr(error, "strerror", None) or error,
        ) from None
    return path


def _check_length(path: Path, text: str, named: Mapping[str, Any]) -> None:
    if len(os.fsencode(path)) > LONGEST_PATH or any(
        len(os.fsencode(part)) > LONGEST_NAME for part in path.parts
    ):
        raise InputError(
            "{field} '{value}' is longer than a file system takes ({count} characters)",
            "give a shorter name",
            count=str(len(text)),
            **named,
        )
