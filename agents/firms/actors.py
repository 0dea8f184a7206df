"""Who decides in a world of firms: all of them, and each kind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coercivity.agents.base.arrays import IntArray
from coercivity.agents.firms.firm import Firm
from coercivity.agents.firms.roles import Everyone
from coercivity.agents.tables import Firms, Links, Needs, Offers


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
        self.everyone = Everyone(*tables)
        self.by_kind = tuple(
            agent.many(*tables, np.flatnonzero(kind == k)) for k, agent in enumerate(self.kinds)
        )
        self.agents: list[Firm] | None = None  # made when somebody asks for them
        self.removed: set[int] = set()
        self.own_rules = {
            rule: [kind for kind in self.kinds if rule in kind.own_rules]
            for rule in Everyone.DECISIONS
        }  # kinds whose class decides this in its own way, agent by agent
