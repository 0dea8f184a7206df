"""Learning by doing: separators outside the exporter become cheaper with what they have been fed
(M9).
"""

from __future__ import annotations

from math import log2

import numpy as np

from coercivity.agents.tables import Firms
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.works import Works

PAST = 10.0  # years of the start's run that are behind the separators outside; assumed


def learned(before: float, now: float, rate: float) -> float:
    """Conversion cost over that of a time before: c'/c = (X'/X)^log2(1 - l), X and X' tonnes ever
    fed then and now, l the part by which cost falls with every doubling.

    Source: learning by doing (Arrow 1962); 5-20% a doubling in manufacturing and chemicals
    (recalled).
    """
    return float((now / before) ** log2(1.0 - rate)) if before > 0.0 else 1.0


def learn(firms: Firms, works: Works, *, clock: Clock, rate: float) -> None:
    """What is fed outside counts month by month; once a year all separators outside are as much
    cheaper as the year taught them: knowledge is shared among them, newcomers have it too.

    What the exporter learns is left out: its plants have had most of their doublings.
    """
    rows = np.flatnonzero(firms.is_separator & firms.is_fringe)
    if clock.month == 0:
        works.fed = 12.0 * PAST * float(firms.base_run[rows].sum())
        works.fed_last_year = works.fed
    works.fed += float(firms.run[rows].sum())
    if clock.month % 12 == 11:
        firms.conversion[rows] *= learned(works.fed_last_year, works.fed, rate)
        works.fed_last_year = works.fed
