"""Fields of acts: those that all have, how one of a kind is checked, and how a key that is none is
answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from coercivity.model.basis.errors import Phrase, Value, suggest

COMMON: Final = ("date", "end", "id", "kind", "actor", "targets", "goods", "text", "source")
CHECKS: Final = ("number", "choice", "names", "id", "text")


@dataclass(frozen=True)
class Field:
    """A field that only some kinds of event have: how to check it, its default, and whether it must
    be given.
    """

    check: str  # one of CHECKS
    options: tuple[str, ...] = ()
    low: float = 0.0
    high: float = float("inf")
    default: Any = None
    required: bool = False


def suggest_key(key: object, known: Iterable[str]) -> Phrase:
    """As `suggest`, of keys and columns: a page says them as they have to be written."""
    fix = suggest(key, known)
    return Phrase(fix.sentence, {name: _written(value) for name, value in fix.fields.items()})


def _written(value: Value) -> Value:
    if isinstance(value, tuple):
        return tuple(Phrase.of("{key}", key=one) for one in value)
    return Phrase.of("{key}", key=value) if isinstance(value, str) else value
