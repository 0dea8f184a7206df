"""How deep an episode cuts, by hand: a line of 10 t a month that an act of its thirteenth month
takes to 2, 2, 4, 6, 8 and then 10 again; and what stands beside it.

Written before the first run: without truces and general licences the United States get less of
heavy oxides in the first year of the licences of 2025, by at least a fifth of what is usual; nobody
else moves by half as much.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coercivity.model.scenario.scenario import load_scenario
from tools.docs.kit.beside import (
    FAVOURS,
    favoured_destinations,
    without_favours,
)
from tools.docs.kit.depths import EPISODES, depth_of_cut

LICENCES = next(one for one in EPISODES if one.scenario == "licensing-2025")
LINE = np.array([10.0] * 12 + [2.0, 2.0, 4.0, 6.0, 8.0] + [10.0] * 19)


@pytest.mark.parametrize(
    ("line", "since", "found"),
    [
        # (2 + 2 + 4 + 6 + 8 + 7 x 10) / 120; months 16 to 18 are the first three whose mean is nine
        # tenths: four months after the act
        (LINE, 12, (0.2, 92.0 / 120.0, 4.0)),
        (LINE, 15, (0.6, 114.0 / 120.0, 1.0)),  # against the first twelve months
        (np.full(36, 5.0), 12, (1.0, 1.0, 0.0)),
        (np.array([10.0] * 12 + [3.0] * 24), 12, (0.3, 0.3, np.inf)),
    ],
)
def test_depth_first_year_and_recovery_of_a_line(line: np.ndarray, since: int, found: Any) -> None:
    assert depth_of_cut(line, since, 12) == pytest.approx(found)


def test_a_scenario_without_favours_keeps_all_other_acts() -> None:
    scenario = load_scenario("licensing-2025")
    plain = without_favours(scenario)
    assert plain is not None
    gone = {event.id for event in scenario.events} - {event.id for event in plain.events}
    assert {event.kind for event in scenario.events if event.id in gone} == set(FAVOURS)
    assert without_favours(plain) is None


def test_the_place_of_the_united_states_is_the_truces() -> None:
    rows = {
        row["destination"]: row
        for row in favoured_destinations((1,), 1)
        if row["episode"] == LICENCES.name
    }
    moved = {state: row["with"] - row["without"] for state, row in rows.items()}
    assert moved["United States"] > 0.05
    assert (
        max(abs(moved[state]) for state in moved if state != "United States")
        < 0.5 * moved["United States"]
    )
