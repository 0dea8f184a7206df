"""Results of a process with other facts, as this one holds them.

The names behind their arrays mean something there alone, so whatever is asked of them (a table, a
headline, a figure, why, a file) is asked there again, of what they are made of: nothing here counts
with the sectors or states of somebody else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property, wraps
from types import FunctionType
from typing import Any, Final

import numpy as np

from coercivity.experiments.worlds.elsewhere import in_facts_of
from coercivity.experiments.worlds.packed import arrays_of, records_from, words_of
from coercivity.model.basis.errors import InputError, Phrase
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.layers import active, overlay_digest
from coercivity.model.basis.shown import card_of
from coercivity.model.results.provenance import made_with
from coercivity.model.results.records import Records
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import Scenario

KINDS: Final[dict[type[Any], type[Any]]] = {}  # what a result is told as
BACK: Final[dict[type[Any], type[Any]]] = {}
MADE_WITH: Final = "made_with"  # data folder and its mark, of the process that made it


@dataclass(frozen=True, eq=False)
class Sealed:
    """Records as whoever lacks their names holds them, to hand them back."""

    arrays: Mapping[str, np.ndarray]
    words: Mapping[str, Any]


def told_kind(kind: type[Any], module: str) -> type[Any]:
    """A class of a module with the fields of another, whose public parts are asked elsewhere."""
    parts: dict[str, Any] = {
        "__doc__": f"{kind.__doc__}\n\n    It asks the process with its facts.\n    ",
        "__module__": module,
        "__reduce_ex__": object.__reduce_ex__,
    }
    for name, part in vars(kind).items():
        if name.startswith("_") and name != "_repr_html_":
            continue
        if name == "_repr_html_":
            parts[name] = _card
        elif isinstance(part, FunctionType):
            parts[name] = _asking(name, part)
        elif isinstance(part, property | cached_property):
            parts[name] = property(_reading(name), doc=part.__doc__)
    made = KINDS[kind] = type(f"Told{kind.__name__}", (kind,), parts)
    BACK[made] = kind
    return made


def _asking(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def asked(told: Any, *given: Any, **by: Any) -> Any:
        return _ask(told, name, given, by)

    return asked


def _card(told: Any) -> str:
    return card_of(told, lambda: _ask(told, "_repr_html_"))


def _reading(name: str) -> Callable[[Any], Any]:
    return lambda told: _ask(told, name)


ToldResult: Final = told_kind(Result, __name__)


def _ask(told: Any, name: str, given: tuple[Any, ...] = (), by: Any = None) -> Any:
    data, mark = getattr(told, MADE_WITH)
    if (data, mark) == (active(), overlay_digest()):
        return _answer(told, name, given, by or {})
    return in_facts_of(data, mark, _answer, told, name, given, by or {})


def _answer(told: Any, name: str, given: tuple[Any, ...], by: Mapping[str, Any]) -> Any:
    """What the result itself says, where its facts hold."""
    part = getattr(_itself(told), name)
    if not callable(part):
        return part
    return part(*map(_itself, given), **{key: _itself(one) for key, one in by.items()})


def _itself(one: Any) -> Any:
    """What was told, as it was; anything else as it is."""
    if isinstance(one, Sealed):
        return records_from(one.arrays, one.words, Facts.default())
    if type(one) is tuple:
        return tuple(map(_itself, one))
    if (kind := BACK.get(type(one))) is None:
        return one
    return kind(**{part.name: _itself(getattr(one, part.name)) for part in fields(kind)})


def told(result: Any) -> Any:
    """A result, a comparison or an ensemble for a process with other facts."""
    kind = KINDS[type(result)]
    given = {part.name: _sealed(getattr(result, part.name)) for part in fields(result)}
    if kind is ToldResult:  # it may come to stand where other facts hold
        given["made"] = result.made or tuple(made_with(Facts.default()).items())
    made = kind(**given)
    mark = (active(), overlay_digest())
    object.__setattr__(made, MADE_WITH, mark)  # frozen, as what it is made of
    return made


def _sealed(one: Any) -> Any:
    if isinstance(one, Scenario):
        one.digest()  # counted where its facts are, and kept
    return Sealed(arrays_of(one), words_of(one)) if isinstance(one, Records) else one


def beside(results: Sequence[Any]) -> tuple[Result, ...]:
    """Runs made with other facts as runs of this process, to compare with its own: told by the
    sectors and values of here. Raises InputError where their states, goods or other names are not
    those of here.
    """
    try:
        return tuple(map(_itself, results))
    except ValueError as error:
        raise InputError(
            "what was run with '{data}' cannot stand beside this one: {why}",
            "compare results of the same states, goods and sectors",
            where="base_data",
            data=getattr(results[0], MADE_WITH)[0] or "the shipped tables",
            why=Phrase(str(error)),
        ) from None


def to_stand_beside(results: Sequence[Result]) -> list[Any]:
    """Runs, of this process or of another, as any process takes them: they say what made them."""
    return [one if type(one) in BACK else told(one) for one in results]
