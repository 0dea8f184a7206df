"""What investors can read of the market (M9)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray
from coercivity.agents.base.part import Part
from coercivity.agents.tables import Firms, Offers
from coercivity.model.basis.goods import goods, processes


class Outlook(Part):
    """Revenue and cost of a tonne of run by firm (USD/kg), now and slow; what distrust would bring
    to sellers outside (t/month by process).
    """

    SHARED = (
        "main",
        "main_yield",
        "side",
        "makers",
        "kind",
        "import_good",
        "importer",
        "import_sold",
        "imports",
        "import_flow",
    )

    def __init__(self, firms: Firms, offers: Offers) -> None:
        facts = firms.facts
        count, kinds = len(firms), facts.first_sector
        self.revenue, self.slow_revenue = np.zeros(count), np.zeros(count)
        self.cost, self.slow_cost = np.zeros(count), np.zeros(count)
        self.asked = np.zeros(count)  # revenue at what sellers on one's side ask: of a plant there
        self.base_revenue, self.base_cost = np.zeros(count), np.zeros(count)
        self.demand = np.zeros(kinds)
        self.unserved = np.zeros(kinds)  # the part of demand outside that borders leave unserved
        self.rivals, self.growth = np.zeros(kinds), np.zeros(kinds)
        # links by which others import from the exporter, found at the first look
        self.imports, self.import_flow = np.zeros(0, dtype=np.int64), np.zeros(0)
        outputs = processes(facts).outputs[: facts.first_sector]
        main = [int(np.flatnonzero((row > 0) & (goods(facts).lead > 0))[0]) for row in outputs]
        if "separate_heavy" in facts.process_row:  # they follow Dy, light ones NdPr
            main[facts.process_row["separate_heavy"]] = facts.good_row["dysprosium_oxide"]
        self.main = np.array(main)
        self.main_yield = outputs[np.arange(facts.first_sector), self.main]
        self.side = (firms.state[offers.firm] != facts.china).astype(np.int64)
        self.makers = np.flatnonzero(
            (firms.process < facts.first_sector) & (firms.state != facts.china)
        )
        self.kind = firms.process[self.makers]
        self.first = True

    import_good: IntArray  # of each of these links
    importer: IntArray
    import_sold: FloatArray  # t/month at the start, by good
