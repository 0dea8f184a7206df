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

    BY_FIRM = ("revenue", "cost", "slow_revenue", "slow_cost", "asked", "base_revenue", "base_cost")
    BY_PROCESS = ("demand", "unserved", "rivals", "built", "growth")

    def __init__(self, firms: Firms, offers: Offers) -> None:
        facts = firms.facts
        for name in self.BY_FIRM:
            setattr(self, name, np.zeros(len(firms)))
        self.imports, self.import_flow = np.zeros(0, dtype=np.int64), np.zeros(0)
        for name in self.BY_PROCESS:
            setattr(self, name, np.zeros(facts.first_sector))
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

    import_good: (
        IntArray  # of the links by which others import from the exporter, found at the first look
    )
    importer: IntArray
    import_sold: FloatArray  # t/month at the start, by good
    revenue: FloatArray
    cost: FloatArray
    slow_revenue: FloatArray
    slow_cost: FloatArray
    asked: FloatArray  # revenue at what sellers on one's side ask: an established plant's
    demand: FloatArray
    unserved: FloatArray  # the part of demand outside that borders leave unserved
    rivals: FloatArray
    built: FloatArray  # capacity outside that stands
    growth: FloatArray
    base_revenue: FloatArray
    base_cost: FloatArray
