"""An act binds by the days of its dates, at both ends (decision 0021). Written before the rule. A
ban on d of D days takes d/D of the month's trade; what customs halt waits at the port and goes when
the halt ends. Tonnes that are gone refute it, or a halt that costs as much trade as a ban.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from coercivity.model.scenario.event import Event
from coercivity.model.scenario.event_checks import event_from_dict
from coercivity.model.world import World
from tests.facts import FACTS
from tests.model.lived import begun
from tests.names import CHINA, STATE
from tools.check.invariants import step_and_check

JAPAN = STATE["Japan"]
MARCH = 2  # month 2 of a world that begins in January 2024


def told(*events: dict[str, Any], months: int = 0, **switches: bool) -> World:
    """A world under some acts after so many months, each of which is checked."""
    numbered = [{**one, "id": one.get("id", f"act {k}")} for k, one in enumerate(events)]
    world = begun({"name": "test", "start": "2024-01"}, 12, *numbered, mechanisms=switches)
    for _ in range(months):
        step_and_check(world)
    return world


def act(kind: str, date: str, end: str = "", **more: Any) -> dict[str, Any]:
    raw = {"date": date, "kind": kind, "actor": "China", "targets": ["Japan"], "goods": "all"}
    return raw | ({"end": end} if end else {}) | more


def lane(world: World) -> np.ndarray:
    return np.flatnonzero((world.links.exporter == CHINA) & (world.links.importer == JAPAN))


def passed(*events: dict[str, Any], month: int = MARCH) -> np.ndarray:
    """Part of the orders from China to Japan that may ship in a month, by link with an order."""
    world = told(*events, months=month + 1, M8=False)
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
    found = [chosen.days("2024-01", month) for month in (1, 2, 4, 5)]
    assert found == [(0, 0), (0, 31), (0, 31), (0, 0)]


@pytest.mark.parametrize(
    ("kind", "date", "end", "days"),
    [
        ("blanket_ban", "2024-03-22", "", 10),
        ("blanket_ban", "2024-03-01", "2024-03-10", 10),
        ("blanket_ban", "2024-03-01", "", 31),
        ("licensing", "2024-03-22", "", 10),  # the days before are free
    ],
)
def test_an_act_on_some_days_takes_their_part_of_the_trade(
    kind: str, date: str, end: str, days: int
) -> None:
    np.testing.assert_allclose(passed(act(kind, date, end)), 1.0 - days / 31, atol=1e-12)


def test_one_act_cut_in_two_is_the_same_act_and_one_day_more_lets_no_more_pass() -> None:
    whole = passed(act("blanket_ban", "2024-03-05", "2024-03-24"))
    for first, second in ((("05", "12"), ("13", "24")), (("05", "24"), ("08", "20"))):
        cut = ((f"2024-03-{begin}", f"2024-03-{end}") for begin, end in (first, second))
        found = passed(*(act("blanket_ban", *days) for days in cut))
        np.testing.assert_allclose(found, whole, rtol=1e-12)
    longer = passed(act("blanket_ban", "2024-03-05", "2024-03-25"))
    assert longer.mean() < whole.mean()


def test_on_each_day_the_gravest_measure_counts() -> None:
    """A ban from the 22nd after a list of all firms from the 12th: nothing passes from the 12th."""
    named = act("entity_list", "2024-03-12", share=1.0)
    world = told(named, act("blanket_ban", "2024-03-22"), months=MARCH + 1, M8=False)
    rows = lane(world)
    rows = rows[world.links.orders[rows] > 0]
    share = world.links.allowed[rows] / world.links.orders[rows]
    ends = world.firms.is_end[world.links.user[rows]]
    np.testing.assert_allclose(share[ends], 11 / 31, atol=1e-12)
    np.testing.assert_allclose(share[~ends], 21 / 31, atol=1e-12)


@pytest.mark.parametrize("kind", ["export_duty", "import_tariff"])
def test_a_rate_is_the_mean_over_the_days_of_the_month(kind: str) -> None:
    raw = act(kind, "2024-03-22", rate=0.31)
    if kind == "import_tariff":
        raw |= {"actor": "Japan", "targets": ["China"]}
    world, found = told(raw, months=MARCH), []
    for _ in (0, 1):
        step_and_check(world)
        found.append(float(getattr(world.border, kind.split("_")[1]).max()))
    assert found == pytest.approx([0.1, 0.31])


def test_when_a_licence_ends_within_the_month_everything_goes_in_it() -> None:
    world = told(act("licensing", "2024-02-01", "2024-03-10"), months=2, M8=False)
    rows = lane(world)
    waited = world.links.pending[rows].copy()
    assert waited.sum() > 0
    step_and_check(world)
    np.testing.assert_allclose(world.links.allowed[rows], world.links.orders[rows] + waited)
    assert not len(world.border.offices["China"].link), "nobody's application is decided any more"


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
