"""What packages add to the model, by the entry points that they declare: mechanisms, instruments,
worlds. Read when somebody asks for a name that does not ship, and never before.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import EntryPoint, distributions
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from coercivity.model.basis.errors import InputError, Phrase, shorten

GROUPS: Final = MappingProxyType(
    {
        "mechanism": "coercivity.mechanisms",
        "instrument": "coercivity.instruments",
        "world": "coercivity.worlds",
    }
)
API: Final = 2  # of the contract between a package and the model: docs/own-rule.md
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


@dataclass(frozen=True)
class Installed:
    """An entry point of a package: what it adds, under which name, and where it stands."""

    kind: str  # a key of GROUPS
    name: str
    value: str  # module:object
    package: str
    version: str

    @property
    def said(self) -> Phrase:
        """How messages call it."""
        return Phrase.of(
            "{kind} '{value}' of {package} {version}",
            kind=self.kind,
            value=self.name,
            package=self.package,
            version=self.version,
        )

    def load(self) -> Any:
        """The object itself. Raises InputError, one line, where it cannot be loaded."""
        point = EntryPoint(self.name, self.value, GROUPS[self.kind])
        try:
            return point.load()
        except InputError as error:
            error.within(self.said)
            raise
        except (Exception, SystemExit) as error:
            raise InputError(
                "{value} cannot be loaded ({type}: {reason})",
                "mend the package or uninstall it",
                where=self.said,
                value=self.value,
                type=type(error).__name__,
                reason=Phrase(shorten(error, 200)),
            ) from error


@lru_cache(maxsize=1)
def all_installed() -> tuple[Installed, ...]:
    """All that packages add, by kind and name; of a package that is found twice, what is found
    first. Metadata that cannot be read is passed over.
    """
    found: list[Installed] = []
    met: set[str] = set()
    kinds = {group: kind for kind, group in GROUPS.items()}
    for package in distributions():
        try:
            name, version = str(package.metadata["Name"]), str(package.version)
            points = [point for point in package.entry_points if point.group in kinds]
        except Exception:  # a damaged package of somebody else's
            continue
        if points and name.lower() not in met:
            met.add(name.lower())
            found += [
                Installed(kinds[point.group], point.name, point.value, name, version)
                for point in points
            ]
    return tuple(sorted(found, key=lambda one: (list(GROUPS).index(one.kind), one.name)))


def names(kind: str) -> tuple[str, ...]:
    """Names of what packages add of a kind, in alphabetical order."""
    return tuple(dict.fromkeys(one.name for one in all_installed() if one.kind == kind))


def entry(kind: str, name: str) -> Installed:
    """The entry point of a name. Raises InputError where two packages have it."""
    first, *others = [one for one in all_installed() if (one.kind, one.name) == (kind, name)]
    if others:
        raise InputError(
            "{kind} '{value}' is in two packages, {first} and {other}",
            "uninstall one of them",
            kind=kind,
            value=name,
            first=first.package,
            other=others[0].package,
        )
    return first


@lru_cache(maxsize=64)
def load_plugin(kind: str, name: str, cls: type[Any]) -> Any:
    """What a package adds under a name, which has to be one of *cls* and of that name. Raises
    InputError, one line.
    """
    one = entry(kind, name)
    made: Any = one.load()
    if not isinstance(made, cls):
        raise InputError(
            "{value} is a {type}",
            "the entry point leads to a {wanted}",
            where=one.said,
            value=one.value,
            type=type(made).__name__,
            wanted=cls.__name__,
        )
    if made.name != name:
        raise InputError(
            "{point} calls itself '{value}'",
            "give the entry point the same name",
            where=one.said,
            point=one.value,
            value=made.name,
        )
    return made


def kind_named(kind: str, name: object) -> Phrase:
    """Where something of a package stands, as messages say it."""
    return Phrase.of("{kind} '{value}'", kind=kind, value=name)


def check_name(kind: str, name: object) -> None:
    """Raise InputError for a name that no scenario could write."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise InputError(
            "a name is lower-case letters, digits and underscores, at most 40, for example sharing",
            where=kind_named(kind, name),
        )


def check_says(kind: str, name: str, says: object) -> None:
    """Refuse what is no sentence."""
    if not isinstance(says, str) or not says.strip() or "\n" in says.strip():
        raise InputError(
            "says '{value}' is no sentence",
            "say in one line what it does",
            where=kind_named(kind, name),
            value=says,
        )


def check_api(where: str | Phrase, api: object) -> None:
    """Refuse what was written for another contract than this version's."""
    if isinstance(api, bool) or api != API:
        raise InputError(
            "api '{value}' is another contract than that of this version of coercivity, {wanted}",
            "install the version that it was written for, or a package for api {wanted}",
            where=where,
            value=api,
            wanted=API,
        )


def place_of(rule: Callable[..., Any]) -> str:
    """Where a rule stands, as messages say it: file, and class or function."""
    path = file_of(rule)
    named = getattr(rule, "__qualname__", type(rule).__qualname__)
    return f"{path.name if path else 'no file'}, {named}"


def file_of(rule: Any) -> Path | None:
    """The file of a class, a function or an object's class; None for what was typed in."""
    rule = inspect.unwrap(rule)
    for one in (rule,) if isinstance(rule, type) else (rule, type(rule)):
        try:
            return Path(inspect.getfile(one))
        except (OSError, TypeError):
            continue
    return None
