"""Sets of histories that are made up: what of their records is known is said by draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.lab.causal_trail import Plant, Trail
from coercivity.experiments.lab.histories import DrawnHistory, Histories
from tests.facts import FACTS

AT, MONTHS, DRAWS = 24, 180, 20
ASKED = FindingRequest(FACTS, "Japan", "with no lever moved", "2024-01")


def plant(
    state: str = "Australia",
    process: str = "separate_heavy",
    begun: int = 40,
    tonnes: float = 1200.0,
    opened: int | None = 90,
    name: str = "Longonjo",
    **promised: float,
) -> Plant:
    return Plant(name, state, process, tonnes, begun, opened, None, promised)


def made(
    of: Callable[[int], dict[str, Any]],
    draws: int = DRAWS,
    months: int = MONTHS,
    series: Callable[[int], dict[str, np.ndarray]] = lambda number: {},
    ends: int = MONTHS,
) -> Histories:
    """Histories with what *of* says of each draw's trail, of a run that ends so many months after
    the start.
    """
    found = Histories(AT)
    for number in range(draws):
        trail = Trail(months, **of(number))
        found.add(
            number, DrawnHistory({}, series(number), months == ends, months, said=trail.packed())
        )
    return found
