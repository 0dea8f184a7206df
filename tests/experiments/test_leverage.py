"""Leverage: forks of a world with and without a cut-off, and the dates at which one can be asked
about.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.quantities.watch import Trace
from coercivity.experiments.questions.gauge import one_cut_off
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
    stopped_share,
    worst_year,
)
from coercivity.experiments.worlds.run import run
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import (
    Scenario,
    load_scenario,
    scenario_from_dict,
    with_changes,
)
from coercivity.model.world import World
from tests.refusal import refusal


@pytest.fixture(scope="module")
def world() -> World:
    """Business as usual, a year on."""
    found = World(load_scenario("business-as-usual"), 1, record=False)
    for _ in range(12):
        found.step()
    return found


def test_a_cut_off_costs_the_target_output_and_the_sender_sales(world: World) -> None:
    """The world itself does not move, and the same question has the same answer."""
    stock, month, script = world.needs.stock.copy(), world.month, world.politics.script
    found = cut_off(world)
    assert found.output_lost > 0
    assert found.gdp_share < 0
    assert found.sales_lost > 0
    assert found.gain_per_cost is not None
    assert found.month == "2025-01"
    assert (world.month, world.politics.script) == (month, script)
    np.testing.assert_array_equal(world.needs.stock, stock)
    assert cut_off(world) == found


def test_switched_off_controls_have_no_leverage() -> None:
    """The table has one row a world and a unit for every number."""
    none = dict.fromkeys(("M6", "M7", "M12"), False)
    off = with_changes(load_scenario("business-as-usual"), mechanisms=none)
    asked = leverage(off, "2024-06", seeds=(1, 2))
    for found in asked.cut_offs:
        assert found.loss == pytest.approx(0.0, abs=1e-6)
        assert found.sales_lost == pytest.approx(0.0, abs=1e-6)
    table = asked.table()
    assert table["seed"].tolist() == [1, 2]
    assert set(table.attrs["units"]) == set(UNITS) <= set(table.columns)


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ("2023-12", "before the start 2024-01"),
        ("2026-01", "after the last month 2025-12"),
        ("2025-13", "is not a month"),
        ("2025-01-06", "is a day"),
    ],
)
def test_a_month_outside_of_the_scenario_costs_one_message(at: str, says: str) -> None:
    scenario = with_changes(load_scenario("business-as-usual"), months=24)
    assert (check_month(scenario, "2024-01"), check_month(scenario, "2025-12")) == (0, 23)
    refusal(check_month, scenario, at, match=says)


def test_an_impossible_pair_costs_one_message() -> None:
    for pair, says in ((("China", "China"), "own"), (("China", "Atlantis"), "target")):
        with pytest.raises(InputError, match=says):
            leverage("business-as-usual", "2025-01", sender=pair[0], target=pair[1])


def test_a_month_near_the_end_is_followed_for_three_years_all_the_same() -> None:
    short, long = (with_changes(load_scenario("business-as-usual"), months=n) for n in (6, 60))
    assert leverage(short, "2024-06").scenario.months == 5 + 36
    assert long_enough(long, 3).months == 60


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
    counts. The first of those that stop in one month gives the day.
    """
    lasts = np.full((14, 3), 0.5)
    one = trace(stood=lines(14, (1, 0), (3, 1), (12, 2)), lasts=lasts)
    twin = trace(stood=lines(14, (1, 0)), lasts=lasts)
    none = trace(stood=np.zeros((14, 0), dtype=bool))
    assert stopped_share(one, twin) == pytest.approx(1 / 3)
    assert stopped_share(one, twin, 13) == pytest.approx(2 / 3)
    assert stopped_share(none, none) == 0.0
    middle_of_april = 31.0 + 28.0 + 31.0 + 15.0
    assert first_stop(one, twin, "2026-01-01") == middle_of_april
    assert first_stop(one, twin, "2026-01-11") == middle_of_april - 10.0
    assert first_stop(twin, twin, "2026-01-01") is None
    lasts[0] = [0.9, 0.2, 0.0]
    both = trace(stood=lines(14, (0, 0), (0, 1), (1, 2)), lasts=lasts)
    calm = trace(stood=lines(14), lasts=lasts)
    assert first_stop(both, calm, "2026-01-01") == 6.0  # a fifth of January
    assert first_stop(both, calm, "2026-01-20") == 0.0


def test_the_worst_year_is_twelve_months_in_a_row_as_a_difference_from_the_twin() -> None:
    """Months 2 to 13; of less than a year all of it."""
    effect = np.zeros((30, 2))
    effect[2], effect[10:23] = -50.0, -1.0
    calm, short = trace(gdp_effect=np.zeros((30, 2))), trace(gdp_effect=effect[:11])
    assert worst_year(trace(gdp_effect=effect), calm) == -2.0 * 50.0 - 2.0 * 4.0
    assert worst_year(trace(gdp_effect=effect), calm, 3) == -24.0
    assert worst_year(short, trace(gdp_effect=effect[:11] + 1.0)) == -22.0


def test_loss_gain_spread_and_days_of_cut_offs() -> None:
    """Without a stop in one world of three the days are unknown at the top."""
    calm, pair = load_scenario("business-as-usual"), ("China", "Japan")
    several = Leverage(calm, "2025-01", *pair, tuple(made(at) for at in (1, 2, 3)))
    assert [one.loss for one in several.cut_offs] == [150.0, 250.0, 350.0]
    assert [one.gain_per_cost for one in several.cut_offs] == [2.5, None, 5.0]
    assert several.spread()["output_lost"] == (200.0, pytest.approx(110.0), pytest.approx(290.0))
    assert several.seeds == (1, 2, 3)
    assert several.days() == (20.0, 10.0, None)
    assert replace(several, cut_offs=several.cut_offs[:2]).days() == (15.0, 10.0, 20.0)


def made(seed: int) -> CutOff:
    sales, days = {1: 60.0, 2: 0.0, 3: 70.0}[seed], {1: 10.0, 2: 20.0}.get(seed)
    money = (100.0 * seed, 50.0, 1.0, -0.5, 3.0, sales, -1.0, -2.0)
    one = CutOff(seed, "2025-01", "China", "Japan", *money)
    return replace(one, first_stop_days=days)


# ---------------------------------------------------------------- the gauge

AT = "2024-06"


@pytest.fixture(scope="module")
def calm() -> Scenario:
    return with_changes(load_scenario("business-as-usual"), months=60)


@pytest.fixture(scope="module")
def one(calm: Scenario) -> CutOff:
    return one_cut_off(calm, 1, AT, "Japan")


def test_the_first_stop_is_that_of_the_table_of_a_run_with_the_ban(
    calm: Scenario, one: CutOff
) -> None:
    """Nothing stops in the twin, so every stop is the ban's."""
    act = ban_event(Facts.default(), calm.start, 5, "China", "Japan")
    raw = calm.to_dict()
    banned = scenario_from_dict({**raw, "events": [*raw.get("events", []), act.to_dict()]}, "ban")
    users = "state == 'Japan' and stage == 'end_use'"
    spells, twins = (
        run(with_changes(scenario, months=18), 1)
        .table("stoppages")
        .query(f"{users} and first_day >= '{AT}-01'")
        for scenario in (banned, calm)
    )
    assert not len(twins)
    first = dt.date.fromisoformat(min(spells["first_day"]))
    assert one.first_stop_days == (first - dt.date.fromisoformat(f"{AT}-01")).days
    firms = run(calm, 1, months=1).table("firms").query(users)
    in_a_year = spells[spells["first_day"] < "2025-06-01"]
    assert one.firms_stopped == pytest.approx(in_a_year["firm"].nunique() / len(firms))
