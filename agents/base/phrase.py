"""A sentence as a value: its English with {fields}, and what they hold. Errors, what happens in a
world and what a government decides are said so. Any object can be quoted and printed anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Final, TypeAlias

_PATH_AT_MOST: Final = 200  # characters of a path
# of a whole number that is quoted by its digits: Python refuses to write much longer ones
_MOST_BITS: Final = 4_000

Value: TypeAlias = "str | int | float | Phrase | tuple[str | Phrase, ...]"


@dataclass(frozen=True)
class Phrase:
    """A sentence in English with {fields}, and what they hold. `str` fills it in for a terminal;
    the pages look the sentence up in their catalogue (`viz/words/refusals.py`) and say the fields
    in the reader's words, by their names: `field`, `state`, `good`, `names`, `value` ...

    What a reader wrote is a field, never a part of the sentence; `shorten` makes any object fit.
    A sentence without fields is text, braces and all. One that shows none of its fields is a
    name of the model in English words, and its field holds the name: ("dual use ban", kind).
    """

    sentence: str
    fields: Mapping[str, Value] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, sentence: str, /, **fields: object) -> Phrase:
        """Return a sentence with its fields; what is no number, name, list or phrase is
        shortened to a quotable text, and so is any `value`: it is quoted as it was written.
        """
        return cls(sentence, {name: _value(value, name) for name, value in fields.items()})

    @classmethod
    def text(cls, text: str, **fields: str) -> Phrase:
        """Return a text that somebody wrote, whole and as it is."""
        return cls("{text}", {"text": text, **fields})

    @classmethod
    def name(cls, **name: str) -> Phrase:
        """Return a name of the model in words: `kind="dual_use_ban"` is "dual use ban"."""
        ((_, value),) = name.items()
        return cls(value.replace("_", " "), name)

    @classmethod
    def from_plain(cls, value: Any) -> Phrase:
        """Return the phrase that `to_plain` wrote. A text alone, as files of earlier versions have
        it, is a text.
        """
        if isinstance(value, str):
            return cls.text(value)
        sentence, fields = value
        return cls(str(sentence), {name: _from_plain(one) for name, one in fields.items()})

    def to_plain(self) -> list[Any]:
        """Return it as JSON holds it: [sentence, {field: value}]; a list of names is {"names":
        [...]}.
        """
        return [self.sentence, {name: _to_plain(one) for name, one in self.fields.items()}]

    def names(self, field: str) -> tuple[str, ...]:
        """Return the names that a field holds; none where there is no such field."""
        held = self.fields.get(field, ())
        return tuple(
            str(next(iter(one.fields.values()), one)) if isinstance(one, Phrase) else str(one)
            for one in (held if isinstance(held, tuple) else (held,))
        )

    def __str__(self) -> str:
        if not self.fields:
            return self.sentence
        return self.sentence.format_map({name: _text(one) for name, one in self.fields.items()})


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


def _to_plain(value: Value) -> Any:
    if isinstance(value, Phrase):
        return value.to_plain()
    return {"names": list(map(_to_plain, value))} if isinstance(value, tuple) else value


def _from_plain(value: Any) -> Value:
    if isinstance(value, dict):
        return tuple(map(_from_plain, value["names"]))  # type: ignore[arg-type]
    return Phrase.from_plain(value) if isinstance(value, list) else value


def _text(value: Value) -> str:
    """A field in a terminal."""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def shorten(value: object, limit: int = 60) -> str:
    r"""Return *value* as it may be quoted in a message: one line, at most *limit* characters,
    whatever the value is. What no terminal, file or page can show is written as a code: lone
    surrogates as \udc80, control characters as \x1b.
    """
    signs = _one_line(value)[: limit + 1]
    text = "".join(sign if sign.isprintable() else _code(sign) for sign in signs)
    return text if len(text) <= limit else text[: limit - 3] + "..."


def _one_line(value: object) -> str:
    """Any object in words on one line. What Python refuses to write, or what fails while it is
    written, is said by its kind.
    """
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return f"a whole number of about {round(value.bit_length() * 0.30103):,} digits"
    try:
        text = str(value)
    except Exception:  # a list with such a number, a mapping without end, a class that fails
        return f"a {type(value).__name__} that cannot be written out"
    return " ".join(text.split())


def _code(sign: str) -> str:
    return sign.encode("unicode_escape", "surrogatepass").decode("ascii")
