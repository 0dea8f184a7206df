"""Leverage: forks of a world with and without a cut-off, and the dates at which one can be asked about."""

from __future__ import annotations

import numpy as np
import pytest

from coercivity.experiments.leverage import UNITS, check_month, cut_off, leverage
from coercivity.model.errors import InputError
from coercivity.model.scenario import load_scenario, with_changes
from coercivity.model.world import World


@pytest.fixture(scope="module")
def world() -> World:
    """Business as usual, a year on."""
    found = World(load_scenario("business-as-usual"), 1, record=False)
    for _ in range(12):
        found.step()
    return found


def test_a_cut_off_costs_the_target_output_and_the_sender_sales(world: World) -> None:
    found = cut_off(world)
    assert found.output_lost > 0
    assert found.gdp_share < 0
    assert found.sales_lost > 0
    assert found.gain_per_cost is not None
    assert found.month == "2025-01"


def test_the_world_itself_does_not_move(world: World) -> None:
    stock, month, script = world.needs.stock.copy(), world.month, world.politics.script
    cut_off(world)
    assert world.month == month
    assert world.politics.script == script
    np.testing.assert_array_equal(world.needs.stock, stock)


def test_the_same_question_has_the_same_answer(world: World) -> None:
    assert cut_off(world) == cut_off(world)


def test_a_fork_never_forks_for_leverage(world: World) -> None:
    fork = world.fork()
    fork.is_what_if = True  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="fork"):
        cut_off(fork)


def test_switched_off_controls_have_no_leverage() -> None:
    off = with_changes(load_scenario("business-as-usual"), mechanisms={"M6": False, "M7": False, "M12": False})
    (found,) = leverage(off, "2024-06").cut_offs
    assert found.loss == pytest.approx(0.0, abs=1e-6)
    assert found.sales_lost == pytest.approx(0.0, abs=1e-6)


def test_the_table_has_one_row_a_world_and_a_unit_for_every_number() -> None:
    table = leverage("business-as-usual", "2024-03", seeds=(1, 2)).table()
    assert table["seed"].tolist() == [1, 2]
    assert set(table.attrs["units"]) == set(UNITS)
    assert set(UNITS) <= set(table.columns)


@pytest.mark.parametrize(
    ("at", "says"),
    [("2023-12", "before the start 2024-01"), ("2039-01", "after the last month 2038-12"), ("soon", "is not a month"), ("2026-13", "is not a month"),
     ("2026-01-06", "is a day")],
)  # fmt: skip
def test_an_impossible_date_costs_one_message(at: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        check_month(load_scenario("business-as-usual"), at)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("sender", "target", "says"), [("China", "China", "own"), ("Atlantis", "Japan", "sender"), ("China", "Atlantis", "target")])
def test_an_impossible_pair_costs_one_message(sender: str, target: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        leverage("business-as-usual", "2025-01", sender=sender, target=target)


def test_a_month_near_the_end_is_followed_for_three_years_all_the_same() -> None:
    short = with_changes(load_scenario("business-as-usual"), months=6)
    assert leverage(short, "2024-06").scenario.months == 5 + 36
