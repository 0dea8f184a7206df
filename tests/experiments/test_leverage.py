"""Leverage: forks of a world with and without a cut-off, and the dates at which one can be asked
about.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from coercivity.experiments.quantities.watch import Trace
from coercivity.experiments.questions.leverage import (
    UNITS,
    CutOff,
    Leverage,
    ban_event,
    check_month,
    cut_off,
    first_stop,
    leverage,
    long_enough,
    sender_share,
    stopped_share,
    worst_year,
)
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.names import GOODS
from coercivity.model.scenario.scenario import load_scenario, with_changes
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
    off = with_changes(
        load_scenario("business-as-usual"), mechanisms={"M6": False, "M7": False, "M12": False}
    )
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
    [
        ("2023-12", "before the start 2024-01"),
        ("2039-01", "after the last month 2038-12"),
        ("soon", "is not a month"),
        ("2026-13", "is not a month"),
        ("2026-01-06", "is a day"),
    ],
)
def test_an_impossible_date_costs_one_message(at: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        check_month(load_scenario("business-as-usual"), at)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("sender", "target", "says"),
    [("China", "China", "own"), ("Atlantis", "Japan", "sender"), ("China", "Atlantis", "target")],
)
def test_an_impossible_pair_costs_one_message(sender: str, target: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        leverage("business-as-usual", "2025-01", sender=sender, target=target)


def test_a_month_near_the_end_is_followed_for_three_years_all_the_same() -> None:
    short = with_changes(load_scenario("business-as-usual"), months=6)
    assert leverage(short, "2024-06").scenario.months == 5 + 36


# ---------------------------------------------------------------- what is read from two traces, by
# hand


def trace(**more: Any) -> Trace:
    """A trace of a world with these series (months x columns) and lines of end users."""
    of = {name: np.asarray(more.pop(name)) for name in ("stood", "lasts") if name in more}
    series = {name: np.asarray(values, dtype=float) for name, values in more.items()}
    return Trace("2026-01", series, np.zeros((0, 0)), np.zeros(0), (), **of)


def lines(months: int, *stand: tuple[int, int]) -> np.ndarray:
    """Months x three end users: which lines stand."""
    found = np.zeros((months, 3), dtype=bool)
    for at in stand:
        found[at] = True
    return found


def test_only_lines_that_run_in_the_twin_count_as_stopped() -> None:
    """Line 0 stands in both worlds, line 1 in month 3 with the ban only, line 2 after the year that
    counts.
    """
    lasts = np.full((14, 3), 0.5)
    one, twin = (
        trace(stood=lines(14, (1, 0), (3, 1), (12, 2)), lasts=lasts),
        trace(stood=lines(14, (1, 0)), lasts=lasts),
    )
    assert stopped_share(one, twin) == pytest.approx(1 / 3)
    assert stopped_share(one, twin, 13) == pytest.approx(2 / 3)
    assert (
        first_stop(one, twin, "2026-01-01") == 105.0
    )  # the middle of April: 31 + 28 + 31 days, and 15
    assert first_stop(one, twin, "2026-01-11") == 95.0
    assert first_stop(twin, twin, "2026-01-01") is None
    assert (
        stopped_share(
            trace(stood=np.zeros((14, 0), dtype=bool)), trace(stood=np.zeros((14, 0), dtype=bool))
        )
        == 0.0
    )


def test_of_the_lines_that_stop_in_one_month_the_first_gives_the_day() -> None:
    lasts = np.full((3, 3), 0.5)
    lasts[0] = [0.9, 0.2, 0.0]
    one, calm = (
        trace(stood=lines(3, (0, 0), (0, 1), (1, 2)), lasts=lasts),
        trace(stood=lines(3), lasts=lasts),
    )
    assert first_stop(one, calm, "2026-01-01") == 6.0  # a fifth of January
    assert first_stop(one, calm, "2026-01-20") == 0.0


def test_the_worst_year_is_twelve_months_in_a_row_as_a_difference_from_the_twin() -> None:
    effect = np.zeros((30, 2))
    effect[2] = -50.0
    effect[10:23] = -1.0
    assert (
        worst_year(trace(gdp_effect=effect), trace(gdp_effect=np.zeros((30, 2))))
        == -2.0 * 50.0 - 2.0 * 4.0
    )  # months 2 to 13
    assert worst_year(trace(gdp_effect=effect), trace(gdp_effect=np.zeros((30, 2))), 3) == -24.0
    assert (
        worst_year(trace(gdp_effect=effect[:11]), trace(gdp_effect=effect[:11] + 1.0)) == -22.0
    )  # less than a year: all of it


def test_a_sender_s_share_is_that_of_the_last_year() -> None:
    world, outside = np.zeros((20, len(GOODS))), np.zeros((20, len(GOODS)))
    for place, good in enumerate(GOODS):
        world[:, place] = 10.0 if good.startswith("magnet") else 1000.0
        outside[8:, place] = 2.5
    assert sender_share(trace(made_world=world, made_outside=outside), "magnet") == pytest.approx(
        75.0
    )
    assert sender_share(
        trace(made_world=world, made_outside=outside), "magnet", 20
    ) == pytest.approx(85.0)
    with pytest.raises(InputError, match="stage 'magnets' is not known"):
        sender_share(trace(made_world=world, made_outside=outside), "magnets")


def test_a_cut_off_lasts_a_year_from_the_first_of_its_month() -> None:
    act = ban_event(Facts.default(), "2024-01", 13, "China", "Japan")
    assert (act.date, act.end) == ("2025-02-01", "2026-01-31")
    assert ban_event(Facts.default(), "2024-01", 0, "China", "Japan", 1).end == "2024-01-31"


def test_loss_gain_and_spread_of_cut_offs() -> None:
    sales = {1: 60.0, 2: 0.0, 3: 70.0}
    found = [
        CutOff(
            seed, "2025-01", "China", "Japan", 100.0 * seed, 50.0, 1.0, -0.5, 3.0, sold, -1.0, -2.0
        )
        for seed, sold in sales.items()
    ]
    assert [one.loss for one in found] == [150.0, 250.0, 350.0]
    assert [one.gain_per_cost for one in found] == [2.5, None, 5.0]
    several = Leverage(
        load_scenario("business-as-usual"), "2025-01", "China", "Japan", tuple(found)
    )
    assert several.spread()["output_lost"] == (200.0, pytest.approx(110.0), pytest.approx(290.0))
    assert several.seeds == (1, 2, 3)


def test_a_month_is_checked_to_both_ends_of_the_scenario() -> None:
    scenario = with_changes(load_scenario("business-as-usual"), months=24)
    assert (check_month(scenario, "2024-01"), check_month(scenario, "2025-12")) == (0, 23)
    for outside in ("2023-12", "2026-01"):
        with pytest.raises(InputError):
            check_month(scenario, outside)
    assert long_enough(scenario, 3).months == 39
    assert long_enough(with_changes(scenario, months=60), 3).months == 60
