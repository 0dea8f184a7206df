"""An act binds by the days of its dates, at both ends (decision 0021).

Written before the rule. A ban on d of D days takes d/D of the month's trade and leaves the rest;
one day more never lets more pass; cutting one act into two changes nothing. A ban in force for a
few days that stops the month, or an act of the last day that binds as one of the first, refutes it.
What customs halt waits at the port: it is in stock, it counts as coming, and it goes when the halt
ends. Tonnes that are gone, or a halt that costs as much trade as a ban of the same days, refute it.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import numpy as np
import pytest

from coercivity.agents.tables import Firms
from coercivity.model.basis.names import CHINA, STATE
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.politics import InForce, Politics
from coercivity.model.politics import measures, script
from coercivity.model.politics.script import cut_by_days
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.event_checks import event_from_dict
from coercivity.model.scenario.scenario import scenario_from_dict
from coercivity.model.world import World
from tests.facts import FACTS
from tests.helpers import step_and_check

JAPAN = STATE["Japan"]
MARCH = 2  # month 2 of a world that begins in January 2024


def told(*events: dict[str, Any], months: int = 12, **switches: bool) -> World:
    raw = {"name": "test", "start": "2024-01", "months": months, "events": list(events)}
    return World(scenario_from_dict(raw | {"mechanisms": switches}), 1, record=False)


def act(kind: str, date: str, end: str = "", **more: Any) -> dict[str, Any]:
    raw = {"date": date, "kind": kind, "actor": "China", "targets": ["Japan"], "goods": "all"}
    return raw | ({"end": end} if end else {}) | more


def lane(world: World) -> np.ndarray:
    return np.flatnonzero((world.links.exporter == CHINA) & (world.links.importer == JAPAN))


def passed(*events: dict[str, Any], month: int = MARCH) -> np.ndarray:
    """Part of the orders from China to Japan that may ship in a month, by link with an order."""
    world = told(*events, M8=False)
    for _ in range(month + 1):
        step_and_check(world)
    rows = lane(world)
    rows = rows[world.links.orders[rows] > 0]
    return np.asarray(world.links.allowed[rows] / world.links.orders[rows])


def event(ident: str = "ban", **fields: Any) -> Event:
    return event_from_dict(FACTS, act("blanket_ban", **fields) | {"id": ident}, "test", 1)


def test_days_are_counted_at_both_ends() -> None:
    ban = event(date="2024-03-22", end="2024-05-05")
    found = [ban.days("2024-01", month) for month in range(6)]
    assert found == [(0, 0), (0, 0), (21, 31), (0, 30), (0, 5), (0, 0)]
    assert ban.months("2024-01", 0, 9) == pytest.approx(10 / 31 + 1 + 5 / 31)
    assert event(date="2024-03-22").days("2024-01", 40) == (0, 31)
    assert event(date="2024-03-10", end="2024-03-12").days("2024-01", 2) == (9, 12)


def test_an_act_that_is_decided_in_a_run_binds_whole_months() -> None:
    chosen = event("China-2024-03-blanket_ban", date="2024-03-31", end="2024-05-31")
    assert [chosen.days("2024-01", month) for month in (1, 2, 4, 5)] == [
        (0, 0),
        (0, 31),
        (0, 31),
        (0, 0),
    ]


@pytest.mark.parametrize(
    ("date", "end", "days"),
    [
        ("2024-03-22", "", 10),
        ("2024-03-01", "2024-03-10", 10),
        ("2024-03-12", "2024-03-21", 10),
        ("2024-03-31", "", 1),
        ("2024-03-01", "", 31),
    ],
)
def test_a_ban_on_some_days_takes_their_part_of_the_trade(date: str, end: str, days: int) -> None:
    share = passed(act("blanket_ban", date, end))
    np.testing.assert_allclose(share, 1.0 - days / 31, atol=1e-12)


def test_one_day_more_never_lets_more_pass() -> None:
    share = [
        passed(act("blanket_ban", "2024-03-05", f"2024-03-{day:02d}")).mean()
        for day in (5, 11, 20, 31)
    ]
    assert (np.diff(share) < 0).all(), share


def test_one_act_cut_in_two_is_the_same_act() -> None:
    whole = passed(act("blanket_ban", "2024-03-05", "2024-03-24"))
    halves = passed(
        act("blanket_ban", "2024-03-05", "2024-03-12"),
        act("blanket_ban", "2024-03-13", "2024-03-24"),
    )
    np.testing.assert_allclose(halves, whole, rtol=1e-12)
    twice = passed(
        act("blanket_ban", "2024-03-05", "2024-03-24"),
        act("blanket_ban", "2024-03-08", "2024-03-20"),
    )
    np.testing.assert_allclose(twice, whole, rtol=1e-12)


def test_an_act_binds_on_the_days_on_which_it_is_not_suspended() -> None:
    ban = act("blanket_ban", "2024-02-01", id="ban")
    pause = act("suspension", "2024-03-11", "2024-03-20", of="ban")
    del pause["goods"]
    np.testing.assert_allclose(passed(ban, pause), 10 / 31, atol=1e-12)


def test_on_each_day_the_gravest_measure_counts() -> None:
    """A ban from the 22nd after a list of all firms from the 12th: nothing passes from the 12th."""
    named = act("entity_list", "2024-03-12", share=1.0)
    world = told(named, act("blanket_ban", "2024-03-22"), M8=False)
    for _ in range(MARCH + 1):
        step_and_check(world)
    rows = lane(world)
    rows = rows[(world.links.orders[rows] > 0) & world.firms.is_end[world.links.user[rows]]]
    share = world.links.allowed[rows] / world.links.orders[rows]
    np.testing.assert_allclose(share, 11 / 31, atol=1e-12)
    plants = lane(world)
    plants = plants[
        (world.links.orders[plants] > 0) & ~world.firms.is_end[world.links.user[plants]]
    ]
    share = world.links.allowed[plants] / world.links.orders[plants]
    np.testing.assert_allclose(share, 21 / 31, atol=1e-12)


@pytest.mark.parametrize(("kind", "rate"), [("export_duty", 0.31), ("import_tariff", 0.31)])
def test_a_rate_is_the_mean_over_the_days_of_the_month(kind: str, rate: float) -> None:
    raw = act(kind, "2024-03-22", rate=rate)
    if kind == "import_tariff":
        raw |= {"actor": "Japan", "targets": ["China"]}
    found = []
    for _ in (0, 1):
        world = told(raw)
        for _ in range(MARCH + 1 + len(found)):
            step_and_check(world)
        found.append(float(getattr(world.border, kind.split("_")[1]).max()))
    assert found == pytest.approx([0.1, 0.31])


def test_where_a_licence_is_needed_from_the_22nd_the_days_before_are_free() -> None:
    share = passed(act("licensing", "2024-03-22"))
    np.testing.assert_allclose(share, 21 / 31, atol=1e-12)


def test_when_a_licence_ends_within_the_month_everything_goes_in_it() -> None:
    world = told(act("licensing", "2024-02-01", "2024-03-10"), M8=False)
    for _ in range(2):
        step_and_check(world)
    rows = lane(world)
    waited = world.links.pending[rows].copy()
    assert waited.sum() > 0
    step_and_check(world)
    np.testing.assert_allclose(world.links.allowed[rows], world.links.orders[rows] + waited)
    assert not len(world.border.offices["China"].link), "nobody's application is decided any more"


def test_a_month_without_dates_within_it_is_one_part() -> None:
    world = told(act("blanket_ban", "2024-03-01", "2024-04-30"))
    for month in range(6):
        world.clock.month = month
        assert len(cut_by_days(world.politics, clock=world.clock)) == 1


def test_the_ban_on_japan_of_twelve_months_binds_twelve_months() -> None:
    world, shares = World("japan-blanket-ban", 1, record=False), []
    border = world.border
    lanes = (border.exporter == CHINA) & (border.importer == STATE["Japan"]) & (border.keys > 0)
    for _ in range(40):
        world.step()
        shares.append(float(border.banned[lanes].max()))
    assert shares[24] == pytest.approx(26 / 31)
    assert shares[36] == pytest.approx(5 / 31)
    assert sum(shares) == pytest.approx(12.0)


# ---------------------------------------------------------------- what customs halt


@cache
def halted(kind: str, date: str = "2024-03-22", end: str = "2024-05-10") -> dict[str, np.ndarray]:
    """Tonnes from China to Japan by month, what waits, and sellers' stocks."""
    world = told(*([act(kind, date, end)] if kind else []), M8=False)
    found: dict[str, list[float]] = {"shipped": [], "pending": [], "allowed": [], "orders": []}
    for _ in range(10):
        step_and_check(world)
        rows = lane(world)
        for name, tonnes in found.items():
            tonnes.append(float(getattr(world.links, name)[rows].sum()))
    return {name: np.array(tonnes) for name, tonnes in found.items()}


def test_what_is_halted_waits_and_goes_when_the_halt_ends() -> None:
    halt, free = halted("customs_halt"), halted("")
    assert halt["allowed"][2] == pytest.approx(halt["orders"][2] * 21 / 31)
    assert halt["pending"][2] == pytest.approx(halt["orders"][2] * 10 / 31)
    assert halt["shipped"][3] == 0.0
    assert halt["pending"][3] > 1.5 * halt["pending"][2]
    assert halt["shipped"][4] > 1.3 * free["shipped"][4]  # in May, what waited besides
    assert halt["pending"][5] < 0.2 * halt["pending"][3]


def test_a_halt_costs_less_trade_than_a_ban_on_the_same_days() -> None:
    free = halted("")["shipped"].sum()
    halt, ban = (halted(kind)["shipped"].sum() / free for kind in ("customs_halt", "blanket_ban"))
    assert ban < halt <= 1.05


def test_a_halt_that_is_over_within_the_month_takes_nothing_from_it() -> None:
    ten_days = halted("customs_halt", "2024-03-12", "2024-03-21")
    np.testing.assert_allclose(ten_days["allowed"], ten_days["orders"])
    assert not ten_days["pending"].any()


def test_smugglers_take_from_what_is_halted_and_the_rest_waits() -> None:
    """What is halted is smuggled or waits, never both: allowed and what waits are the orders."""
    world = told(act("customs_halt", "2024-03-01"))
    for _ in range(MARCH + 1):
        step_and_check(world)
    rows = lane(world)
    np.testing.assert_allclose(
        world.links.allowed[rows] + world.links.pending[rows], world.links.orders[rows], atol=1e-9
    )


def test_a_halt_is_no_application() -> None:
    world = told(act("customs_halt", "2024-03-01", "2024-04-30"))
    for _ in range(6):
        step_and_check(world)
        assert not world.border.applied.any()
        assert not world.border.approved.any()


# ---------------------------------------------------------------- what is kept of a script


@pytest.mark.parametrize(
    ("scenario", "seed", "months", "met"),
    [
        ("truce", 1, 40, {"cut", "lists"}),
        ("embargo-2010", 2, 66, {"cut"}),
        ("governments-decide-2009", 3, 66, set[str]()),
        ("governments-decide-2024", 1, 66, {"lists"}),
    ],
)
def test_what_is_kept_of_a_month_is_what_the_script_says(
    scenario: str, seed: int, months: int, met: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Acts in force, read once a turn, and who is listed, drawn once, are those of a script that is
    read anew each month, in a world and in its forks; suspensions, days within a month, rulings and
    decisions are among them.
    """
    kept_acts, kept_lists, compared = script.acts_of_month, measures.list_firms, Counter[str]()

    def acts(politics: Politics, *, clock: Clock) -> InForce:
        found = kept_acts(politics, clock=clock)
        cut = cut_by_days(politics, clock=clock)
        in_force = {id(event) for days in cut for event in days.acts}
        assert found.acts == tuple(e for e in politics.script if id(e) in in_force)
        assert found.cut == (cut if len(cut) > 1 else ())
        compared.update(acts=1, cut=bool(found.cut))
        return found

    def lists(firms: Firms, politics: Politics, event: Event, *, clock: Clock) -> None:
        kept_lists(firms, politics, event, clock=clock)
        anew = measures.who_is_listed(event, firms=firms, clock=clock)
        for one, other in zip(politics.listed[event], anew, strict=True):
            assert np.array_equal(one, other)
        compared["lists"] += 1

    monkeypatch.setattr(script, "acts_of_month", acts)
    monkeypatch.setattr(measures, "list_firms", lists)
    world = World(scenario, seed, record=False, collect=False)
    forks = []
    for month in range(months):
        world.step()
        if month % 24 == 10:
            forks.append(world.fork())
        if month % 4 == 0:
            for fork in forks:
                fork.step()
    assert compared["acts"] > months
    assert {name for name in ("cut", "lists") if compared[name]} == met
