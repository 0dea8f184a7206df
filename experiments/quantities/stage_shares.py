"""Who mines, separates and makes magnets, as shares of the world's tonnes at the start of a run:
reckoned from the table of outputs (``model/data/stage_output.csv``), and nowhere else.

Mines and separation count tonnes of rare-earth oxide, magnets their own weight.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from coercivity.model.basis.csv_tables import Row
from coercivity.model.basis.facts import Facts

STEPS: Final = {  # processes of each, as the table of outputs has them
    "mines": ("mine_light", "mine_heavy"),
    "separation": ("separate_light", "separate_heavy"),
    "magnets": ("make_magnet_standard", "make_magnet_heat_resistant", "make_magnet_smco"),
}


def rows_of(facts: Facts, processes: Iterable[str], start: str) -> list[Row]:
    """Return the rows of the table of outputs of some processes."""
    wanted, table = set(processes), facts.table("stage_output")
    return [row for row in table.where(start=start) if row["process"] in wanted]


def shares(facts: Facts, processes: Iterable[str], start: str) -> list[tuple[str, float]]:
    """Return who makes how much of the world's tonnes, the largest first."""
    made = dict.fromkeys(facts.states, 0.0)
    for row in rows_of(facts, processes, start):
        made[row["state"]] += row["tonnes_per_year"]
    whole = sum(made.values())
    found = [(state, tonnes / whole) for state, tonnes in made.items() if tonnes > 0.0]
    return sorted(found, key=lambda one: -one[1])
