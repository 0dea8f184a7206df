"""What plants cost in the month: dearer with wages and prices, cheaper with what they have learned
(M1, M9).
"""

from __future__ import annotations

from math import log2

from coercivity.agents.tables import Firms
from coercivity.model.basis.price_level import price_level
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.market import Market
from coercivity.model.parts.works import Works

PAST = 10.0  # years of the start's run that are behind the separators outside; assumed
# part by which conversion costs of separators outside China fall with every doubling of what they
# have ever been fed (share; assumed: no estimate for rare earths is known; 5-20% in manufacturing
# and chemicals (facts: parameters.csv, recalled); 0 to 0.2)
LEARNING_RATE = 0.15


def costs_rise(firms: Firms, market: Market, *, clock: Clock) -> None:
    """Conversion and capital costs rise with wages and prices, and with them what goods are thought
    to be worth in the long run: v <- v L(t) / L(t - 1), L level of price_level.csv.

    A world of 2009 that paid the costs of 2009 until 2024 would dig clay at half of its cost. See
    decision 0024. Source: price_level.csv (assumed).
    """
    now = price_level(firms.facts, clock.start, clock.month)
    if now == market.level:
        return
    firms.conversion = firms.conversion * (now / market.level)
    firms.capex = firms.capex * (now / market.level)
    market.level = now


def learning_factor(before: float, now: float, rate: float) -> float:
    """Conversion cost over that of a time before: c'/c = (X'/X)^log2(1 - l), X and X' tonnes ever
    fed then and now, l the part by which cost falls with every doubling.

    Source: learning by doing (Arrow 1962); 5-20% a doubling in manufacturing and chemicals
    (recalled).
    """
    return float((now / before) ** log2(1.0 - rate)) if before > 0.0 else 1.0


def learn(firms: Firms, works: Works, *, clock: Clock) -> None:
    """What is fed outside counts month by month; once a year all separators outside are as much
    cheaper as the year taught them: knowledge is shared among them, newcomers have it too.

    What the exporter learns is left out: its plants have had most of their doublings.
    """
    rows = (firms.is_separator & firms.is_fringe).nonzero()[0]
    if clock.month == 0:
        works.fed = 12.0 * PAST * float(firms.base_run[rows].sum())
        works.fed_last_year = works.fed
    works.fed += float(firms.run[rows].sum())
    if clock.month % 12 == 11:
        firms.conversion[rows] *= learning_factor(works.fed_last_year, works.fed, LEARNING_RATE)
        works.fed_last_year = works.fed
