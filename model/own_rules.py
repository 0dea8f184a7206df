"""What is asked of classes of somebody's own: kinds of firms, their rules, a world's month. What
would be silently ignored, or go into a result without a word, costs one line here.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from inspect import Parameter
from typing import Any, Final

import numpy as np

from coercivity.agents.base.arrays import IntArray
from coercivity.agents.base.mesa import BaseModel
from coercivity.agents.firms.end_user import EndUser
from coercivity.agents.firms.firm import Firm
from coercivity.agents.firms.maker import Maker
from coercivity.agents.firms.miner import Miner
from coercivity.agents.firms.plant import Plants
from coercivity.agents.firms.processor import Processor
from coercivity.agents.firms.roles import Everyone
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.errors import InputError, Phrase

KINDS: Final[tuple[type[Firm], ...]] = (Miner, Processor, Maker, EndUser)
ORDER: Final = ", ".join(kind.__name__ for kind in KINDS)
NEAR: Final = 0.85  # of a name that is meant to be another
TYPED: Final = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
MOST: Final = 1e12  # t, USD/kg, months: nothing in the world comes near it

# What a decision leaves behind, and a rule may store: never below zero, but for trends
LEFT: Final = {
    "firms": ("desired", "wish", "run", "capacity", "addition", "plan", "backlog"),
    "needs": ("wanted", "lack", "expected", "coefficient", "thrift", "stock"),
    "offers": ("ask", "stock"),
    "links": ("orders", "share", "weight", "seek"),
}
SIGNED: Final = {"firms": ("trend", "margin"), "needs": ("swap", "redesign")}


def check_kinds(owner: str, kinds: Sequence[Any]) -> None:
    """Raises InputError, one line, unless *kinds* are classes of mines, separators, makers and end
    users, in this order, and their rules are such as the month asks.
    """
    if kinds == KINDS:
        return
    if not isinstance(kinds, (tuple, list)):
        raise InputError(
            "kinds of {owner} is '{value}'",
            "give {count} classes, in the order {order}",
            owner=owner,
            value=kinds,
            count=len(KINDS),
            order=ORDER,
        )
    if len(kinds) != len(KINDS):
        raise InputError(
            "kinds of {owner} has {value} classes",
            "give {count}, in the order {order}",
            owner=owner,
            value=len(kinds),
            count=len(KINDS),
            order=ORDER,
        )
    where = Phrase.of("kinds of {owner}", owner=owner)
    for kind, shipped in zip(kinds, KINDS, strict=True):
        if not (isinstance(kind, type) and issubclass(kind, Firm)):
            raise InputError(
                "'{value}' stands where {shipped} belongs and is no class of firms",
                "write class My{shipped}({shipped})",
                where=where,
                value=kind,
                shipped=shipped.__name__,
            )
        many: Any = kind.many
        fits = isinstance(many, type) and issubclass(many, shipped.many)
        if not fits and not issubclass(kind, shipped):
            raise InputError(
                "{value} stands where {shipped} belongs and is no {shipped}",
                "the order is {order}",
                where=where,
                value=kind.__name__,
                shipped=shipped.__name__,
                order=ORDER,
            )
        check_names(kind, Everyone.DECISIONS)
        check_decisions(kind)
        if many is not shipped.many:
            check_set(kind)


def check_decisions(kind: type[Firm]) -> None:
    """Raises InputError unless an agent's decisions can be called without arguments."""
    for decision in sorted(kind.own_rules):
        rule = getattr(kind, decision)
        asked = _required_arguments(rule, *TYPED, Parameter.KEYWORD_ONLY) if callable(rule) else ""
        if asked or not callable(rule):
            raise InputError(
                "{rule} takes '{value}'" if asked else "{rule} is no method",
                "write def {decision}(self), and read what it needs from self.model, for example "
                "self.model.p",
                rule=f"{kind.__name__}.{decision}",
                value=asked,
                decision=decision,
            )


def check_set(kind: type[Firm]) -> None:
    """Raises InputError unless the set of a kind decides all that is asked of a set."""
    many: Any = kind.many
    if not (isinstance(many, type) and issubclass(many, Everyone)):
        raise InputError(
            "many of {kind} is '{value}', which is no class of sets of firms",
            "write class Mine(Processors) and many = Mine",
            kind=kind.__name__,
            value=many,
        )
    check_names(many, (*Everyone.DECISIONS, "aim"))
    for decision in (*Everyone.DECISIONS, "aim"):
        rule = getattr(many, decision, None)
        made = getattr(many, "aim_at", rule) if rule is Plants.aim else rule  # that of a kind
        if getattr(made, "__isabstractmethod__", False) or (rule is None and decision != "aim"):
            raise InputError(
                "{many}, the set of {kind}, has no '{value}'",
                many=many.__name__,
                kind=kind.__name__,
                value=decision,
            )
        asked = _required_arguments(rule, *TYPED) if callable(rule) else ""
        if asked:
            raise InputError(
                "{rule} takes '{value}' before the star",
                "write def {decision}(self, *, ...) with parts of the world behind the star, for "
                "example p",
                rule=f"{many.__name__}.{decision}",
                value=asked,
                decision=decision,
            )


def check_names(own: type, known: Iterable[str]) -> None:
    """Raises InputError for a method whose name is nearly one that the month calls."""
    names, ours = list(known), _shipped_bases(own)
    for base in own.__mro__:
        if base in ours or not any(issubclass(base, shipped) for shipped in ours):
            continue
        for name, value in vars(base).items():
            if name.startswith("_") or not callable(value) or any(hasattr(b, name) for b in ours):
                continue
            close = difflib.get_close_matches(name, names, n=1, cutoff=NEAR)
            if close:
                raise InputError(
                    "{owner} has a method '{value}' that nobody calls",
                    "did you mean '{close}'? One of your own may begin with an underscore",
                    owner=base.__name__,
                    value=name,
                    close=close[0],
                )


def check_left(
    rule: str, rows: IntArray, firms: Firms, offers: Offers, needs: Needs, links: Links
) -> None:
    """Raises InputError where firms that went by a rule of somebody's own were left with what no
    firm can have. rule: class and decision; rows: the firms.
    """
    tables = {"firms": firms, "needs": needs, "offers": offers, "links": links}
    of_links = needs.firm[links.need]
    owners = {"firms": None, "needs": needs.firm, "offers": offers.firm, "links": of_links}
    for name, table in tables.items():
        owner = owners[name]
        at = rows if owner is None else np.flatnonzero(np.isin(owner, rows))
        signed = SIGNED.get(name, ())
        for column in (*LEFT[name], *signed):
            values = getattr(table, column)[at]
            fits = (abs(values) if column in signed else values) <= MOST  # false for NaN
            fits &= (values >= 0.0) | (column in signed)
            if fits.all():
                continue
            place = int(np.argmin(fits))
            firm = at[place] if owner is None else owner[at[place]]
            raise InputError(
                "{rule} left {column} of {firm} (firm {row}) at {value}",
                finite_number_fix(column in signed),
                rule=rule,
                column=f"{name}.{column}",
                firm=firms.names[firm],
                row=str(firm),
                value=values[place],
            )


def finite_number_fix(signed: bool) -> Phrase:
    """What a column may hold, as the fix of a message."""
    return Phrase.of(
        "a finite number to {high} is asked"
        if signed
        else "a finite number from 0 to {high} is asked",
        high=f"{MOST:.0e}",
    )


def whole_month(verb: Callable[..., None]) -> Callable[..., None]:
    """Return a verb that raises InputError where the month did not end or is not recorded."""

    @wraps(verb)
    def lived(self: Any, *args: Any, **keywords: Any) -> None:
        before = self.month
        verb(self, *args, **keywords)
        if self.month == before:
            raise InputError(
                "{rule} did not end the month",
                "call super().{verb}() in it",
                rule=Phrase(verb.__qualname__),
                verb=verb.__name__,
            )
        if self.ledger.record_columns and len(self.ledger.acts) != self.month:
            raise InputError(
                "{count} of {months} months are on record",
                "call super().write_down() once a month, which records it",
                where=Phrase(verb.__qualname__),
                count=len(self.ledger.acts),
                months=self.month,
            )

    return lived


def check_world(own: type[BaseModel]) -> None:
    """Look at a class of worlds when it is written: names that are nearly those of the month are
    refused with InputError, and its month is watched.
    """
    verbs = {
        name
        for base in _shipped_bases(own)
        for name, value in vars(base).items()
        if inspect.isfunction(value) and not name.startswith("_")
    }
    check_names(own, sorted(verbs))
    for name in ("step", "write_down"):
        if name in vars(own):
            setattr(own, name, whole_month(vars(own)[name]))


def _shipped_bases(own: type) -> list[type]:
    """The shipped classes that a class stands on."""
    return [base for base in own.__mro__ if base.__module__.startswith("coercivity.")]


def _required_arguments(rule: Callable[..., Any], *ways: Any) -> str:
    """What a rule has to be given beside itself in one of these ways; empty for nothing."""
    for parameter in list(inspect.signature(rule).parameters.values())[1:]:
        if parameter.default is parameter.empty and parameter.kind in ways:
            return parameter.name
    return ""
