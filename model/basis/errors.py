"""The one error that a user can cause, as values: what is wrong, the fix and the place, each a
sentence with fields. Any object can be quoted, and every message can be printed anywhere.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Final, TypeAlias

LONGEST_MESSAGE: Final = (
    1_000  # characters; a longer line is a page, and what it says is lost in it
)
_LIST_AT_MOST: Final = 20  # more names than this would bury the message
_WORD_AT_LEAST: Final = 3  # letters of a word by which names are looked for
_PATH_AT_MOST: Final = 200  # characters of a path
_WORD_AT_MOST: Final = 100  # characters that are compared with the names that are known
# of a whole number that is quoted by its digits: Python refuses to write much longer ones
_MOST_BITS: Final = 4_000
_UNSEEN: Final = re.compile(
    r"[^\x20-\x7e\xa0-\ud7ff\ue000-\U0010ffff]"
)  # surrogates and control characters, by far the most frequent of what is replaced


Value: TypeAlias = "str | int | float | Phrase | tuple[str | Phrase, ...]"


@dataclass(frozen=True)
class Phrase:
    """A sentence in English with {fields}, and what they hold. `str` fills it in for a terminal;
    the pages look the sentence up in their catalogue (`viz/words/refusals.py`) and say the fields
    in the reader's words, by their names: `field`, `state`, `good`, `names`, `value` ...

    What a reader wrote is a field, never a part of the sentence; `shorten` makes any object fit.
    A sentence without fields is text, braces and all.
    """

    sentence: str
    fields: Mapping[str, Value] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, sentence: str, /, **fields: object) -> Phrase:
        """Return a sentence with its fields; what is no number, name, list or phrase is
        shortened to a quotable text, and so is any `value`: it is quoted as it was written.
        """
        return cls(sentence, {name: _value(value, name) for name, value in fields.items()})

    def __str__(self) -> str:
        if not self.fields:
            return self.sentence
        return self.sentence.format_map({name: _text(one) for name, one in self.fields.items()})


class InputError(ValueError):
    """A user's input was wrong: what is wrong and the fix, with the same fields, and where it
    stands. The message is one line that names place, field, value and fix.

        InputError("{field} '{value}' is not a month", "write YYYY-MM", field="end", value=end)

    what, fix and places are kept: a page says them in the reader's language. A fix that others give
    too is a `Phrase` (`suggest`). A place is a file's name or a `Phrase`: "event {number}".
    """

    def __init__(
        self,
        what: str | Phrase,
        fix: str | Phrase = "",
        /,
        *,
        where: str | Phrase = "",
        **fields: object,
    ) -> None:
        self.what = what if isinstance(what, Phrase) else Phrase.of(what, **fields)
        self.fix = fix if isinstance(fix, Phrase) else Phrase.of(fix, **fields)
        self.places: tuple[str | Phrase, ...] = (where,) if where else ()
        super().__init__(self._line())

    @property
    def fields(self) -> dict[str, Value]:
        """What the sentences hold, by name."""
        return {**self.fix.fields, **self.what.fields}

    def within(self, where: str | Phrase) -> InputError:
        """Return this error with a place put before its own."""
        self.places = (where, *self.places)
        self.args = (self._line(),)
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled by what it holds, whatever a subclass is made from."""
        return type(self).__new__, (type(self), *self.args), vars(self)

    def _line(self) -> str:
        said = "; ".join(part for part in (str(self.what), str(self.fix)) if part)
        return shorten(": ".join([*map(str, self.places), said]), LONGEST_MESSAGE)


def unknown_value_error(
    field: str | Phrase, value: object, options: Iterable[str], where: str | Phrase = ""
) -> InputError:
    """Return the error for a *value* that is none of *options*, with the nearest of them."""
    return InputError(
        "{field} '{value}' is not known",
        suggest(value, options),
        where=where,
        field=field,
        value=value,
    )


def suggest(value: object, options: Iterable[str]) -> Phrase:
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
        return Phrase.of("did you mean '{name}'?", name=lowered[close[0]])
    if len(holding) == 1:
        return Phrase.of("did you mean '{name}'?", name=holding[0])
    names = holding or names
    shown, more = tuple(names[:_LIST_AT_MOST]), len(names) - _LIST_AT_MOST
    if more > 0:
        return Phrase.of("use one of: {names}, and {count} more", names=shown, count=more)
    return Phrase.of("use one of: {names}", names=shown)


def _value(value: object, name: str) -> Value:
    """A field as it is kept: pickled, quoted and printed without fail."""
    if isinstance(value, Phrase):
        return value
    if isinstance(value, PurePath):
        return shorten(value, _PATH_AT_MOST)
    if name == "value":
        return shorten(value)
    if isinstance(value, int | float):
        whole = isinstance(value, int) and value.bit_length() >= _MOST_BITS
        return shorten(value) if whole else value
    if isinstance(value, tuple | list):
        return tuple(one if isinstance(one, Phrase) else shorten(one) for one in value)
    return shorten(value)


def _text(value: Value) -> str:
    """A field in a terminal."""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def shorten(value: object, limit: int = 60) -> str:
    """Return *value* as it may be quoted in a message: one line, at most *limit* characters,
    whatever the value is.
    """
    text = printable_text(_one_line(value)[: limit + 1])
    return text if len(text) <= limit else text[: limit - 3] + "..."


def printable_text(text: str) -> str:
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
