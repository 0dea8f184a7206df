"""An instrument of a package: a kind of act that stands for acts of shipped kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from coercivity.model.basis.code_fingerprint import ClassDigest, function_digest
from coercivity.model.basis.errors import InputError, Phrase, wrong_field
from coercivity.model.basis.installed import API, check_api, check_name, check_says, place_of
from coercivity.model.scenario.act_fields import CHECKS, COMMON, Field

KIND: Final = "instrument"


@dataclass(frozen=True, eq=False)
class Instrument:
    """A kind of act that a package adds: `kind: name` in a scenario.

    says: one sentence. fields: what it has beside date, end, id, actor, targets, goods, text and
    source, checked like those of shipped kinds. expand: takes the act as a mapping, its date as
    YYYY-MM-DD and its fields with their defaults, and gives acts of shipped kinds as a scenario
    file writes them. api: the contract that it was written for (docs/own-rule.md). Raises
    InputError, one line, for what does not fit.
    """

    name: str
    says: str
    fields: Mapping[str, Field]
    expand: Callable[[Mapping[str, Any]], Iterable[Mapping[str, Any]]]
    api: int = API
    made: ClassDigest = field(init=False, repr=False)  # of which files, when it was loaded

    def __post_init__(self) -> None:
        check_name(KIND, self.name)
        check_says(KIND, self.name, self.says)
        check_api(f"{KIND} '{self.name}'", self.api)
        if not callable(self.expand):
            raise InputError(
                "{field} '{value}' is no function",
                **wrong_field(f"{KIND} '{self.name}'", "expand", self.expand),
            )
        if not isinstance(self.fields, Mapping):
            raise InputError(
                "fields '{value}' is no mapping",
                Phrase('write {"tonnes": Field("number", required=True)}'),
                where=self.where,
                value=self.fields,
            )
        for name, one in self.fields.items():
            self._check_field(name, one)
        made = function_digest(self.expand, sorted(self.fields.items()))
        object.__setattr__(self, "fields", MappingProxyType(dict(self.fields)))
        object.__setattr__(self, "made", made)

    @property
    def mark(self) -> str:
        """Its name with 12 hex digits of what it was made of when it was loaded."""
        return f"{self.name} {self.made.mark}"

    @property
    def where(self) -> str:
        """How messages begin: its name, file and function."""
        return f"{KIND} '{self.name}' ({place_of(self.expand)})"

    def _check_field(self, name: object, field: object) -> None:
        if name in COMMON or not isinstance(name, str) or not name.isidentifier():
            raise InputError(
                "field '{value}' cannot be one of its own",
                "every act has {names}",
                where=self.where,
                value=name,
                names=COMMON,
            )
        if not isinstance(field, Field) or field.check not in CHECKS:
            raise InputError(
                "field '{name}' is '{value}'",
                "write Field(check) with {names}",
                where=self.where,
                name=name,
                value=field,
                names=CHECKS,
            )
        if field.check in ("choice", "names") and not field.options:
            raise InputError(
                "field '{name}' has no options to choose from", where=self.where, name=name
            )
