"""Small pits in ionic clay: which mines grow by them, how far, and by whom (M13)."""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.agents.firms import miner
from coercivity.model.basis.facts import load_table
from coercivity.model.plants.small_mines import dig, most_by_state
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World
from tests.facts import FACTS
from tests.names import CHINA, PROCESS, STATE

MYANMAR, LAOS = STATE["Myanmar"], STATE["Rest of world"]


def world(start: str = "business-as-usual", **parameters: float) -> World:
    return World(with_changes(load_scenario(start), parameters=parameters), 1, record=False)


def test_the_clays_of_a_state_give_what_they_gave_at_most() -> None:
    """29,000 t a year in Myanmar are 2,417 a month; nothing where nobody digs without leave."""
    most = most_by_state(FACTS)
    assert (most[MYANMAR], most[LAOS]) == pytest.approx((29000.0 / 12.0, 5000.0 / 12.0))
    assert most[CHINA] == most[STATE["United States"]] == 0.0
    assert set(np.flatnonzero(most)) == {STATE[row["state"]] for row in load_table("pits")}


def test_heavy_mines_in_states_of_pits_grow_while_they_pay_and_all_others_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Revenue e^0.4 of cost at 1.5 a year and log: e^0.05 a month, if nothing lies unsold."""
    monkeypatch.setattr(miner, "PIT_SPEED", 1.5)
    made = world()
    firms = made.firms
    made.offers.stock[:] = 0.0
    firms.margin = np.full(len(firms), np.expm1(0.4))
    before = firms.capacity.copy()
    dig(firms, miners=made.miners, p=made.p)
    heavy = firms.process == PROCESS["mine_heavy"]
    pits = heavy & (most_by_state(FACTS)[firms.state] > 0.0) & (before > 0.0)
    assert {MYANMAR, LAOS} <= set(firms.state[pits].tolist())
    assert (heavy & ~pits).any()
    np.testing.assert_array_equal(firms.capacity[~pits], before[~pits])
    grown = np.minimum(before * np.exp(0.05), np.maximum(most_by_state(FACTS)[firms.state], before))
    np.testing.assert_allclose(firms.capacity[pits], grown[pits])
    assert (firms.capacity[pits] > before[pits]).any()


def mines(made: World, state: str) -> np.ndarray:
    """Rows of the heavy mines of a state that began with the world."""
    firms = made.firms
    of = (firms.process == PROCESS["mine_heavy"]) & (firms.state == STATE[state])
    return np.flatnonzero(of & (firms.capacity > 0.0))


@pytest.mark.parametrize("on", [True, False])
def test_pits_are_dug_in_the_month_and_not_without_supply_policy(on: bool) -> None:
    """Three months from the start of 2009: Malaysia's 350 t a year multiply, or stay."""
    scenario = with_changes(load_scenario("embargo-2010"), mechanisms={"M13": on, "M9": False})
    made = World(scenario, 1, record=False)
    rows = mines(made, "Malaysia")
    before = made.firms.capacity[rows].sum()
    assert before > 0.0
    for _ in range(3):
        made.step()
    assert (made.firms.capacity[rows].sum() != pytest.approx(before)) == on


def test_pits_that_fall_in_have_not_run_above_what_is_left_of_them() -> None:
    """A month that begins in full and in which cost comes to a multiple of revenue."""
    made = world("business-as-usual")
    firms, rows = made.firms, mines(made, "Myanmar")
    firms.desired[rows] = firms.capacity[rows]
    firms.conversion[rows] *= 50.0
    made.step()
    assert (firms.margin[rows] < -0.5).all()
    assert firms.run[rows].max() > 0.0
    assert (firms.run[rows] <= firms.capacity[rows] * (1.0 + 1e-9)).all()
