"""What each mechanism should move, and which way: sign_table.csv, written before the first run.

A row holds when *on minus off* (a switch) or *high minus low* (a parameter between two values) has its sign in both seeds, as the mean of the quantity
over the months of the window. A row marked ``misses`` was wrong when it was first run, with the figure; it stays, and the test asserts that it still
misses, so that a change is noticed. No row was tuned after its first run.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from coercivity.model.basis.names import MECHANISMS
from coercivity.model.scenario.scenario import Scenario, load_scenario, with_changes
from coercivity.model.world import World
from tests.model.quantities import QUANTITIES, SWINGS

SEEDS = (1, 2)
NOT_BUILT: set[str] = set()
SHOCKED = {  # scenarios of the table that do not ship: business as usual and a shock
    "shortage-dy": {
        "date": "2024-07-01",
        "end": "2025-06-30",
        "id": "closure",
        "kind": "mine_closure",
        "state": "Myanmar",
        "good": "heavy_concentrate",
        "share": 0.8,
    },
    "ban-and-rule": {
        "date": "2024-06-01",
        "end": "2025-05-31",
        "id": "ban",
        "kind": "blanket_ban",
        "actor": "China",
        "targets": ["Japan"],
        "goods": "all",
    },
    "magnets-barred-us": {
        "date": "2024-06-01",
        "end": "2025-11-30",
        "id": "ban",
        "kind": "blanket_ban",
        "actor": "China",
        "targets": ["United States"],
        "goods": "magnets",
    },
    "fire-in-china": {
        "date": "2024-06-01",
        "end": "2024-12-31",
        "id": "fire",
        "kind": "plant_fire",
        "state": "China",
        "process": "make_magnet_heat_resistant",
        "share": 0.4,
    },
    "firms-fill-up": {
        "date": "2024-06-01",
        "id": "stock",
        "kind": "firm_stock",
        "states": ["Japan", "United States", "South Korea", "Germany"],
        "cover": 4,
    },
    "firms-turn-away": {
        "date": "2024-06-01",
        "id": "away",
        "kind": "firm_supplier",
        "states": ["Japan"],
        "away_from": "China",
        "strength": 0.6,
    },
    "a-firm-builds": {
        "date": "2024-06-01",
        "id": "plant",
        "kind": "firm_build",
        "process": "make_magnet_heat_resistant",
        "state": "India",
    },
    "a-broken-word": {
        "date": "2024-06-01",
        "id": "word",
        "kind": "breach",
        "actor": "China",
        "targets": ["United States"],
        "severity": 0.8,
    },
}
with open(Path(__file__).with_name("sign_table.csv"), newline="", encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))
SHORT = 43  # runs of one length serve many rows


def scenario_of(name: str) -> Scenario:
    """A shipped scenario, or business as usual with a shock."""
    if name not in SHOCKED:
        return load_scenario(name)
    shock = SHOCKED[name]
    also = [{**shock, "id": "rule", "kind": "extraterritorial"}] if name == "ban-and-rule" else []
    return with_changes(load_scenario("business-as-usual"), choices=[shock, *also])


@lru_cache(maxsize=256)
def series(
    name: str, seed: int, months: int, off: str = "", parameter: str = "", value: float = 0.0
) -> dict[str, np.ndarray]:
    """Every quantity, month by month."""
    scenario = with_changes(
        scenario_of(name),
        months=months,
        mechanisms={off: False} if off else None,
        parameters={parameter: value} if parameter else None,
    )
    world = World(scenario, seed, record=False)
    found: dict[str, list[float]] = {quantity: [] for quantity in QUANTITIES}
    for _ in range(months):
        world.step()
        for quantity, read in QUANTITIES.items():
            found[quantity].append(read(world))
    return {quantity: np.array(values) for quantity, values in found.items()}


def reading(of: dict[str, np.ndarray], quantity: str, first: int, last: int) -> float:
    """Mean over the window, or for a swing the standard deviation of its monthly changes."""
    if quantity in SWINGS:
        return float(np.diff(of[SWINGS[quantity]][first : last + 1]).std())
    return float(of[quantity][first : last + 1].mean())


def differences(row: dict[str, str]) -> list[float]:
    """On minus off, or high minus low, by seed."""
    first, last, name = int(row["first"]), int(row["last"]), row["scenario"]
    months = SHORT if last < SHORT else 57 if last < 57 else last + 1
    found = []
    for seed in SEEDS:
        if row["lever"] == "switch":
            low, high = series(name, seed, months, off=row["mechanism"]), series(name, seed, months)
        else:
            parameter, at_low, at_high = row["lever"].split()
            low, high = (
                series(name, seed, months, parameter=parameter, value=float(value))
                for value in (at_low, at_high)
            )
        found.append(
            reading(high, row["quantity"], first, last) - reading(low, row["quantity"], first, last)
        )
    return found


def test_the_table_has_a_row_for_every_mechanism_that_is_built() -> None:
    assert {row["mechanism"] for row in ROWS} == set(MECHANISMS) - NOT_BUILT
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    for row in ROWS:
        assert row["sign"] in "+-", row["id"]
        assert row["status"] in ("holds", "misses"), row["id"]
        assert row["why"], row["id"]
        assert row["source"], row["id"]
        assert bool(row["figure"]) == (row["status"] == "misses"), (
            f"{row['id']}: a miss has a figure, and only a miss"
        )
        assert row["quantity"] in QUANTITIES or row["quantity"] in SWINGS, row["id"]


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_sign(row: dict[str, str]) -> None:
    """The sign is right in both seeds and the lever is not inert (1e-9)."""
    found = differences(row)
    sign = 1.0 if row["sign"] == "+" else -1.0
    holds = all(sign * value > 1e-9 for value in found)
    moved = f"{row['quantity']} moved by {', '.join(f'{value:+.4g}' for value in found)}"
    assert holds == (row["status"] == "holds"), (
        f"{row['id']}: {moved}; the table says {row['sign']} ({row['status']})"
    )


@pytest.mark.parametrize("mechanism", sorted(NOT_BUILT))
def test_a_mechanism_that_is_not_built_does_nothing_yet(mechanism: str) -> None:
    """When this fails, the mechanism has been built: give it rows."""
    on, off = series("japan-2026", 1, 30), series("japan-2026", 1, 30, off=mechanism)
    assert all(
        np.array_equal(on[quantity], off[quantity], equal_nan=True) for quantity in QUANTITIES
    )
