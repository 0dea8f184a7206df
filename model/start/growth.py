"""Growth that everyone foresees at the start: end-use demand facts carried up the chain to every
supplier.
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, group_sum
from coercivity.agents.tables import Firms, Needs, Offers
from coercivity.model.start.links import LinkPlan


def foreseen_growth(
    firms: Firms, needs: Needs, offers: Offers, laying: LinkPlan, end_use: FloatArray
) -> FloatArray:
    """Yearly growth of what each firm sells (log), sales-weighted over its customers, from end
    users up to the mines.

    end_use: yearly log growth by state and sector over the first years (facts: growth.csv). A plant
    with several lead products (a mine, a separator) grows with the fastest of them and is not
    foreseen to shrink; a maker of one is.
    """
    facts = firms.facts
    end = firms.process >= facts.first_sector
    rate = np.where(end, end_use[firms.state, np.maximum(firms.sector, 0)], 0.0)
    use = needs.coefficient * firms.base_run[needs.firm]
    single = firms.process[offers.firm] >= facts.process_row["make_metal"]
    for good in range(int(offers.good.max()), -1, -1):
        chain_of_good = laying.chain[good]
        flow = chain_of_good.share * use[chain_of_good.need]
        sold = group_sum(flow, chain_of_good.offer, len(offers))
        grown = group_sum(
            flow * rate[needs.firm[chain_of_good.need]], chain_of_good.offer, len(offers)
        )
        rows = np.flatnonzero((offers.good == good) & (offers.lead > 0) & (sold > 0))
        mean = grown[rows] / sold[rows]
        rate[offers.firm[rows]] = np.where(
            single[rows], mean, np.maximum(mean, rate[offers.firm[rows]])
        )
    return np.clip(rate, -0.05, 0.25)
