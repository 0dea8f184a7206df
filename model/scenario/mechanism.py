"""A mechanism of somebody else's: what it changes, when in the month, and by which rule."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from coercivity.agents.base.table import Table, nearest_hint
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.code_fingerprint import ClassDigest, function_digest
from coercivity.model.basis.errors import InputError, Phrase, suggest, wrong_field
from coercivity.model.basis.installed import (
    API,
    check_api,
    check_name,
    check_says,
    load_plugin,
    names,
    place_of,
)

KIND: Final = "mechanism"
VERBS: Final = (  # of World.step, all but the month's end
    "arrive",
    "govern",
    "sense",
    "plan_use",
    "order",
    "license",
    "clear",
    "ship",
    "produce",
    "adapt",
    "invest",
    "settle",
)
TABLES: Final[Mapping[str, type[Table]]] = MappingProxyType(
    {"firms": Firms, "needs": Needs, "offers": Offers, "links": Links}
)
CHANGEABLE: Final = (
    *TABLES,
    "freight",
    "market",
    "border",
    "leaks",
    "works",
    "demand",
    "elements",
    "recycling",
    "beliefs",
    "politics",
    "supply",
    "support",
    "money",
)
POINTS_TO: Final = "row of "  # the unit of a column that says which rows belong together
READS: Final = ("seen", "clock", "p")


@dataclass(frozen=True, eq=False)
class Mechanism:
    """A rule that a package adds to the month, off unless a scenario says `mechanisms: {name:
    true}`.

    verb, when: it comes "before" or "after" a verb of World.step. changes: what it may store to, by
    part of the world the columns or attributes. rule: `rule(needs, *, seen, clock, p)`, the parts
    of *changes* in their order, then the whole world to look at, the clock and the parameters.
    says: one sentence. parameters: names that it reads from p and that a data folder gives. api:
    the contract that it was written for (docs/own-rule.md).
    Raises InputError, one line, for what does not fit.
    """

    name: str
    verb: str
    when: str
    changes: Mapping[str, Sequence[str]]
    rule: Callable[..., Any]
    says: str
    parameters: tuple[str, ...] = ()
    api: int = API
    made: ClassDigest = field(init=False, repr=False)  # of which files, when it was loaded

    def __post_init__(self) -> None:
        check_name(KIND, self.name)
        check_says(KIND, self.name, self.says)
        where = f"{KIND} '{self.name}'"
        check_api(where, self.api)
        if not callable(self.rule):
            raise InputError(
                "{field} '{value}' is no function", where=where, field="rule", value=self.rule
            )
        where = self.where
        if self.verb not in VERBS:
            raise InputError(
                "verb '{value}' is none of the month",
                suggest(self.verb, VERBS),
                where=where,
                value=self.verb,
            )
        if self.when not in ("before", "after"):
            raise InputError(
                "when '{value}' is neither before nor after", where=where, value=self.when
            )
        changes = _check_changes(self.changes, where)
        object.__setattr__(self, "changes", MappingProxyType(changes))
        object.__setattr__(self, "parameters", _texts(self.parameters, "parameters", where))
        self._check_rule()
        said = (self.verb, self.when, changes, self.parameters)
        object.__setattr__(self, "made", function_digest(self.rule, said))

    @property
    def where(self) -> str:
        """How messages begin: its name, file and function."""
        return f"{KIND} '{self.name}' ({place_of(self.rule)})"

    @property
    def mark(self) -> str:
        """Its name with 12 hex digits of what it was made of when it was loaded."""
        return f"{self.name} {self.made.mark}"

    def _check_rule(self) -> None:
        """Refuse a rule that cannot be called as the month calls it."""
        try:
            signature = inspect.signature(self.rule)
            signature.bind(*self.changes, **dict.fromkeys(READS))
        except (TypeError, ValueError) as wrong:
            raise InputError(
                "the rule cannot be called ({reason})",
                "write def {name}({parts}, *, {names})",
                where=self.where,
                reason=wrong,
                name=getattr(self.rule, "__name__", "rule"),
                parts=tuple(self.changes),
                names=READS,
            ) from None


def _check_changes(changes: object, where: str) -> dict[str, tuple[str, ...]]:
    """What a mechanism may store to, each part and column known."""
    if not isinstance(changes, Mapping) or not changes:
        raise InputError(
            "changes '{value}' says nothing",
            Phrase('write parts and their columns, for example {"needs": ("stock",)}'),
            where=where,
            value=changes,
        )
    found = {}
    for part, columns in changes.items():
        if part not in CHANGEABLE:
            raise InputError(
                "changes names '{value}', which is no part that may be changed",
                suggest(part, CHANGEABLE),
                where=where,
                value=part,
            )
        found[part] = _texts(columns, f"changes of {part}", where)
        for column in found[part] if part in TABLES else ():
            _check_column(part, column, where)
    return found


def _check_column(part: str, column: str, where: str) -> None:
    """Refuse a column that a table does not have, or that says which rows belong together."""
    declared = TABLES[part].declared
    if column not in declared or declared[column].kind != "column":
        raise InputError(
            "{part} has no column '{value}'",
            "{near}columns are declared in agents/tables.py",
            where=where,
            part=part,
            value=column,
            near=Phrase(nearest_hint(column, declared)),
        )
    if declared[column].unit.startswith(POINTS_TO):
        raise InputError(
            "{part}.{name} says which rows belong together and never changes",
            "leave it out of changes",
            where=where,
            part=part,
            name=column,
        )


def _texts(values: object, what: str, where: str) -> tuple[str, ...]:
    given = () if isinstance(values, str) or not isinstance(values, Iterable) else tuple(values)
    if isinstance(values, str) or not all(isinstance(one, str) for one in given):
        raise InputError(
            "{field} '{value}' is no tuple of names",
            "write ('{value}',)",
            **wrong_field(where, what, values),
        )
    if not given and what != "parameters":
        raise InputError(
            "{field} is empty", "name what the rule stores to", where=where, field=what
        )
    return given


def mechanism_names() -> tuple[str, ...]:
    """Names of the mechanisms that packages add."""
    return names(KIND)


def mechanism_named(name: str) -> Mechanism:
    """The mechanism that a package adds. Raises InputError, one line, if it does not work."""
    return load_plugin(KIND, name, Mechanism)
