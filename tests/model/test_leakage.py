"""What leaks past a border: three routes that start elsewhere, cost something and can be closed;
tonnes are neither found nor lost on the way.

Metrics and thresholds were written before the first run; seed 1, start 2024-01, a ban by China on
everything to Japan from June 2024 to May 2025, read in months 8 to 16 unless said otherwise. The
table of leaks is read from a ban that leaves motors out, for behind one that bars them too nobody
takes that way (decision 0017).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from coercivity.experiments.worlds.run import finish
from coercivity.model.world import World
from tests.helpers import step_and_check
from tests.model.lived import act, begun

FIRST, LAST = 8, 16
BAN = act("blanket_ban", "2024-06-01", end="2025-05-31", targets=["Japan"], goods="all")
PARTS = {**BAN, "goods": ["raw_materials", "magnets"]}
ACTS = {"none": [], "ban": [BAN], "parts": [PARTS]}
ACTS["rule"] = [BAN, {**BAN, "kind": "extraterritorial", "id": "rule"}]
CALM = {"name": "barred", "start": "2024-01"}


@lru_cache(maxsize=32)
def barred(
    months: int = LAST + 1,
    events: str = "ban",
    record: bool = False,
    switch: bool = True,
    **parameters: float,
) -> tuple[World, dict[str, np.ndarray]]:
    """A world under the ban, checked every month, and its leaks by month and route."""
    off = {"M8": switch}
    world = begun(CALM, months, *ACTS[events], record=record, mechanisms=off, parameters=parameters)
    seen: dict[str, list[float]] = {name: [] for name in world.leaks.tonnes}
    for _ in range(months):
        step_and_check(world)
        for name, tonnes in world.leaks.tonnes.items():
            seen[name].append(tonnes)
    return world, {name: np.array(values) for name, values in seen.items()}


def total(seen: dict[str, np.ndarray], *routes: str) -> float:
    return float(sum(seen[route][FIRST : LAST + 1].sum() for route in routes))


@pytest.mark.parametrize("events", ["none", "ban"])
def test_nothing_leaks_without_a_measure_or_with_leakage_off(events: str) -> None:
    _, seen = barred(events=events, switch=events == "none")
    assert total(seen, "smuggled", "third_country", "assembly") == 0.0


def test_the_table_of_leaks_names_ways_that_are_open() -> None:
    world, seen = barred(events="parts", record=True)
    table = finish(world).table("leaks")
    assert set(table["route"]) == {"smuggled", "third_country", "assembly"}
    assert (table["tonnes"] > 0.0).all()
    assert "China" not in set(table.loc[table["route"] == "third_country", "via"].astype(str))
    assert "Japan" not in set(table["via"].astype(str))
    for route, tonnes in table.groupby("route", observed=True)["tonnes"].sum().items():
        assert tonnes == pytest.approx(seen[str(route)].sum(), rel=1e-6)
