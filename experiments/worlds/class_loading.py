"""Rules of somebody's that another process finds again by their names: it is told the marks of
those that this one loaded (`model/basis/code_fingerprint.py`), and refuses others, so that no
result is made of two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, ParamSpec, TypeVar

from coercivity.experiments.worlds.world_class import class_named
from coercivity.model.basis.code_fingerprint import (
    ClassDigest,
    class_made_of,
    code_changed_error,
    is_ours,
)
from coercivity.model.basis.errors import shorten
from coercivity.model.scenario.mechanism import Mechanism, mechanism_named
from coercivity.model.scenario.scenario import Scenario

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class SameClassCall(Generic[Asked, Answer]):
    """A function for another process, where mechanisms have to be those of this one."""

    function: Callable[Asked, Answer]
    marks: tuple[tuple[str, str], ...]

    def __call__(self, *given: Asked.args, **by: Asked.kwargs) -> Answer:
        for name, mark in self.marks:
            if mechanism_named(name).mark != mark:
                raise code_changed_error(mechanism_named(name).where)
        return self.function(*given, **by)


def as_loaded(
    function: Callable[Asked, Answer], scenarios: Iterable[Scenario], kind: object = ""
) -> Callable[Asked, Answer]:
    """A function as other processes take it, of scenarios that switch mechanisms of packages on and
    of a class of worlds by name. Raises InputError, one line, where files of theirs are others now
    than when this process loaded them.
    """
    added = check_rules(scenarios, kind)
    return (
        SameClassCall(function, tuple((one.name, one.mark) for one in added)) if added else function
    )


def check_rules(scenarios: Iterable[Scenario], kind: object = "") -> list[Mechanism]:
    """The mechanisms of packages that scenarios switch on. Raises InputError, one line, where files
    of theirs, or of a class of worlds by name, are others now than when this process loaded them.
    """
    added = {one.name: one for scenario in scenarios for one in scenario.added}
    for one in added.values():
        _check_unchanged(one.where, one.made)
    if isinstance(kind, str) and kind and not is_ours(found := class_named(kind)):
        _check_unchanged(f"world '{shorten(kind, 200)}'", class_made_of(found))
    return list(added.values())


def _check_unchanged(what: str, made: ClassDigest) -> None:
    if file := made.changed():
        raise code_changed_error(file).within(what)
