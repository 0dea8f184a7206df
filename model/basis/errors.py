"""The one error that a user can cause, as values: what is wrong, the fix and the place, each a
sentence with fields. Any object can be quoted, and every message can be printed anywhere.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, Final

from coercivity.agents.base.phrase import Phrase, Value, shorten

LONGEST_MESSAGE: Final = 1_000  # characters; what a longer one says is lost in it
_LIST_AT_MOST: Final = 20  # more names than this would bury the message
_WORD_AT_LEAST: Final = 3  # letters of a word by which names are looked for
_WORD_AT_MOST: Final = 100  # characters that are compared with the names that are known


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


def wrong_field(where: str | Phrase, field: str | Phrase, value: object) -> dict[str, Any]:
    """What somebody wrote in a field, and where it stands, as keywords of an error."""
    return {"where": where, "field": field, "value": value}


def unknown_value_error(
    field: str | Phrase, value: object, options: Iterable[str], where: str | Phrase = ""
) -> InputError:
    """Return the error for a *value* that is none of *options*, with the nearest of them."""
    return InputError(
        "{field} '{value}' is not known",
        suggest(value, options),
        **wrong_field(where, field, value),
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
