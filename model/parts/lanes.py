"""Trade lanes: links are many and the tables of a result few, so a month's links are summed by
exporter, importer and good as they are recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, Unpickled, group_sum
from coercivity.agents.tables import Links, Needs, Offers

LANE_SUMS = (
    "lane_tonnes",
    "lane_value",
    "lane_listed",
    "lane_pending",
    "lane_under_licence",
    "lane_quoted",
    "lane_asked",
)


class Lanes(Unpickled):
    """The lanes of a world's links (or of some of them, rows in ascending order) and the sums over
    links that a month's records hold.

    A lane is an exporter, an importer and a good; home trade has lanes too. Weights are the trade
    of the balanced start (t/month).
    """

    def __init__(self, links: Links, needs: Needs, rows: IntArray | None = None) -> None:
        facts = needs.facts
        S, G = len(facts.states), len(facts.goods)
        self.rows: IntArray | slice = slice(None) if rows is None else rows
        of = self.rows
        code = (links.exporter[of] * S + links.importer[of]) * G + links.good[of]
        lanes, first, self.lane = np.unique(code, return_index=True, return_inverse=True)
        self.size = len(lanes)
        self.exporter, self.importer, self.good = lanes // (G * S), lanes // G % S, lanes % G
        self.link = first if rows is None else rows[first]  # one link of each lane
        self.offer = links.offer[of]
        base = (
            np.where(links.qualify[of] == 0, links.prior[of], 0.0) * needs.base_use[links.need[of]]
        )
        self.normal = group_sum(base, self.lane, self.size)
        # links of the start, among these rows: the others weigh nothing
        traded = np.flatnonzero(base > 0)
        self.base = base[traded]
        self.base_lane = self.lane[traded]
        self.base_offer = self.offer[traded]
        self.base_row = traded if rows is None else rows[traded]

    def sums(
        self, links: Links, offers: Offers, names: Iterable[str] = LANE_SUMS
    ) -> dict[str, FloatArray]:
        """This month by lane: t shipped, USD 1000 paid for it and at the prices it was ordered at,
        t waiting, t that went under a licence; weight x delivered price on the spot and x asking
        price.
        """
        rows, start = self.rows, self.base_lane
        shipped = links.shipped[rows]
        made: dict[str, Callable[[], tuple[FloatArray, IntArray]]] = {
            "lane_tonnes": lambda: (shipped, self.lane),
            "lane_value": lambda: (shipped * links.cost[rows], self.lane),
            "lane_listed": lambda: (shipped * offers.listed.take(self.offer), self.lane),
            "lane_pending": lambda: (links.pending[rows], self.lane),
            "lane_under_licence": lambda: (links.under_licence[rows], self.lane),
            "lane_quoted": lambda: (self.base * links.spot.take(self.base_row), start),
            "lane_asked": lambda: (self.base * offers.ask.take(self.base_offer), start),
        }
        return {name: group_sum(*made[name](), self.size) for name in names}
