"""A licence act with a statutory clock of its own (licensing: `days`).

Under a rule of 120 days applications wait longer than under the same rule
with 30, and less arrives at those whom it names, in every world: eight pairs of worlds with the
same luck must agree, which coins do in one case of 256. Refuted by a clock that moves lanes that
the act does not name, by one that outlives its act, and by sixty days that are not the two months
that the office has without any.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from coercivity.agents.governments.office import GRANTED, REFUSED, RETURNED
from coercivity.model.basis.names import CHINA, EU_STATES, GOOD, GOOD_GROUPS, STATE
from coercivity.model.parts.border import whole_months_of
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.model.world import World

BEGAN, MONTHS = 12, 36  # the rule comes in January 2025
SEEDS = tuple(range(1, 9))
GROUP = "dysprosium_terbium"
HELD = [GOOD[name] for name in GOOD_GROUPS[GROUP]]
EUROPE = [STATE[name] for name in EU_STATES]


class Run(NamedTuple):
    """Of the held goods: months from filing to an answer in Europe and in Japan; t that arrive in
    Europe from the rule on, by month.
    """

    europe: list[int]
    japan: list[int]
    arrived: np.ndarray


def rule(days: float | None, **more: Any) -> dict[str, Any]:
    raw = {
        "id": "own-1",
        "kind": "licensing",
        "actor": "China",
        "targets": ["EU"],
        "goods": GROUP,
        "date": "2025-01-01",
    }
    return raw | ({} if days is None else {"days": days}) | more


def followed(seed: int, *acts: dict[str, Any]) -> Run:
    """A world under some acts, its files followed from the month of filing to the answer."""
    scenario = with_changes(load_scenario("business-as-usual"), months=MONTHS, choices=list(acts))
    world = World(scenario, seed, record=False, collect=False)
    links = world.links
    held = (links.exporter == CHINA) & np.isin(links.good, HELD)
    europe, japan = (
        held & np.isin(links.importer, EUROPE),
        held & (links.importer == STATE["Japan"]),
    )
    found = Run([], [], np.zeros(MONTHS - BEGAN))
    filed: dict[int, int] = {}
    for month in range(MONTHS):
        world.step()
        if month >= BEGAN:
            found.arrived[month - BEGAN] = links.shipped[europe].sum()
        office = world.border.offices.get("China")
        for rows, fates in office.answers if office else ():
            for link, fate in zip(rows.tolist(), fates.tolist(), strict=True):
                since = filed.pop(link, None)
                if since is None or fate not in (GRANTED, REFUSED, RETURNED):
                    continue
                for lane, waits in ((europe, found.europe), (japan, found.japan)):
                    if lane[link]:
                        waits.append(month - since)
        if office:
            filed.update(zip(office.link.tolist(), office.filed.tolist(), strict=True))
    return found


@cache
def run(seed: int, days: float | None) -> Run:
    return followed(seed, rule(days))


def test_a_slower_clock_makes_everybody_wait_longer_and_less_arrive() -> None:
    """Median wait 1 and 4 months; arrivals of the first half-year fall to a fifth (seeds 1 to 4:
    0.19, 0.11, 0.21, 0.15), of two years to four fifths.
    """
    slow, quick = ([run(seed, days) for seed in SEEDS] for days in (120.0, 30.0))
    assert [np.median(one.europe) for one in quick] == [1.0] * len(SEEDS)
    assert [np.median(one.europe) for one in slow] == [4.0] * len(SEEDS)
    first = [s.arrived[:6].sum() / q.arrived[:6].sum() for s, q in zip(slow, quick, strict=True)]
    whole = [s.arrived.sum() / q.arrived.sum() for s, q in zip(slow, quick, strict=True)]
    assert max(first) < 0.4
    assert max(whole) < 0.9


def test_nothing_goes_before_the_clock_has_run() -> None:
    for days, months in ((30.0, 1), (120.0, 4), (240.0, 8)):
        found = run(1, days)
        usual = run(1, None).arrived.max()
        assert found.arrived[:months].max() < 0.05 * usual, days
        assert min(found.europe) == months


def test_sixty_days_are_the_two_months_that_stand_without_any() -> None:
    """45 working days (Art. 17) are two months in the parameter table."""
    assert np.array_equal(run(2, 60.0).arrived, run(2, None).arrived)
    assert run(2, 60.0).europe == run(2, None).europe


@pytest.mark.parametrize(
    ("days", "months"), [(1, 1), (30, 1), (45, 1), (46, 2), (65, 2), (90, 3), (120, 4), (365, 12)]
)
def test_days_are_whole_months(days: float, months: float) -> None:
    assert whole_months_of(days) == months


def test_an_act_moves_the_clock_of_the_lanes_that_it_names_alone() -> None:
    """A rule for all stands beside one for Europe that names its days."""
    world = {"targets": ["World"], "id": "all"}
    both = followed(3, rule(None, **world), rule(180.0, id="own-2"))
    assert np.median(both.europe) == 6.0
    assert np.median(both.japan) == 2.0
    lone = followed(3, rule(180.0, **world))
    assert np.median(lone.japan) == 6.0


def test_the_clock_ends_with_its_act() -> None:
    """What was filed before is decided by the clock that stands when it is looked at."""
    world = rule(None, targets=["World"], id="all")
    ended = followed(4, world, rule(180.0, id="own-2", end="2025-02-28"))
    alone = followed(4, world)
    assert np.median(ended.europe) == np.median(alone.europe) == 2.0
    assert ended.arrived[4:].sum() > 0.9 * alone.arrived[4:].sum()


def test_of_two_clocks_the_slower_holds() -> None:
    both = followed(5, rule(120.0), rule(30.0, id="own-2"))
    assert np.median(both.europe) == 4.0


def test_a_rule_of_before_with_a_long_clock_has_no_licences_yet() -> None:
    """Begun two months before the run: with a clock of two months licences are in hand, with one of
    four nobody has any.
    """
    in_hand = [
        World(
            with_changes(
                load_scenario("business-as-usual"),
                months=3,
                choices=[rule(days, date="2023-11-01")],
            ),
            1,
            record=False,
            collect=False,
        )
        for days in (60.0, 120.0)
    ]
    tonnes = []
    for world in in_hand:
        world.step()
        tonnes.append(float(world.links.licence.sum()))
    assert tonnes[0] > 0.0
    assert tonnes[1] == 0.0
