"""Who decides in a world of firms: all of them, and each kind."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from inspect import getattr_static

import numpy as np

from coercivity.agents.base.arrays import IntArray
from coercivity.agents.firms.firm import Firm
from coercivity.agents.firms.roles import Everyone
from coercivity.agents.firms.run_planning import Together
from coercivity.agents.firms.shared_decision import SharedDecision, owned_rows
from coercivity.agents.tables import Firms, Links, Needs, Offers

SHARED = [name for name in dir(Everyone) if not name.startswith("__")]  # rules of all firms


def has_own_rule(many: type[Everyone]) -> bool:
    """Whether a set is somebody's own, or has another rule in place of one that all firms share: it
    is then asked by itself for every decision.
    """
    strange = any(
        issubclass(base, Everyone) and not base.__module__.startswith("coercivity.")
        for base in many.__mro__
    )
    return strange or any(
        getattr_static(many, name) is not getattr_static(Everyone, name) for name in SHARED
    )


class Actors:
    """Sets of firms. `everyone` holds all of them; `by_kind` the mines, separators, makers and end
    users; `agents` the firms one by one, once they are made; `removed` the rows of those that
    somebody took out: they stay on the books, and are no agents any more.
    """

    def __init__(
        self,
        firms: Firms,
        offers: Offers,
        needs: Needs,
        links: Links,
        *,
        kind: IntArray,
        kinds: Sequence[type[Firm]],
    ) -> None:
        tables = firms, offers, needs, links
        self.kind, self.kinds = kind, tuple(kinds)
        self.everyone = Together(*tables)
        self.by_kind = tuple(
            agent.many(*tables, np.flatnonzero(kind == k)) for k, agent in enumerate(self.kinds)
        )
        self.agents: list[Firm] | None = None  # made when somebody asks for them
        self.alone: dict[int, Everyone] = {}  # sets of one firm, made when it decides by itself
        self.shared: SharedDecision | None = None  # while firms of one kind decide one by one
        self.apart = [has_own_rule(kind.many) for kind in self.kinds]
        self.removed: set[int] = set()
        # kinds that decide this in their own way: as agents, or as a set by itself
        self.own_rules = {
            rule: [k for k, kind in enumerate(kinds) if self.apart[k] or rule in kind.own_rules]
            for rule in Everyone.DECISIONS
        }

    @cached_property
    def owned(self) -> tuple[list[IntArray] | None, ...]:
        """Rows of offers, needs and links by firm."""
        firms, offers, needs, links = self.everyone.tables
        return owned_rows(len(firms), offers, needs, links)
