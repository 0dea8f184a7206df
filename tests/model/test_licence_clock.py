"""A licence act with a statutory clock of its own (licensing: `days`).

Under a rule of 120 days applications wait longer than under the same rule with 30, and less arrives
at those whom it names, in every world. Refuted by a clock that moves lanes that the act does not
name, by one that outlives its act, and by sixty days that are not the two months that the office
has without any.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from coercivity.agents.governments.licensing_office import GRANTED, REFUSED, RETURNED
from coercivity.model.parts.border import whole_months_of
from tests.model.lived import act, begun, lived
from tests.names import CHINA, EU_STATES, GOOD, GOOD_GROUPS, STATE

BEGAN, MONTHS = 12, 30  # the rule comes in January 2025
SEEDS = (1, 2)
GROUP = "dysprosium_terbium"
HELD = [GOOD[name] for name in GOOD_GROUPS[GROUP]]
EUROPE = [STATE[name] for name in EU_STATES]


class Run(NamedTuple):
    """Of the held goods in Europe: months from filing to an answer, and t that arrive by month."""

    europe: list[int]
    arrived: np.ndarray


def rule(days: float | None, date: str = "2025-01-01", **more: Any) -> dict[str, Any]:
    named = {"id": "own-1", "targets": ["EU"], "goods": GROUP} | more
    return act("licensing", date, **named, **({} if days is None else {"days": days}))


def followed(seed: int, *acts: dict[str, Any]) -> Run:
    """A world under some acts, its files followed from the month of filing to the answer."""
    world = begun("business-as-usual", MONTHS, *acts, seed=seed)
    links = world.links
    held = (links.exporter == CHINA) & np.isin(links.good, HELD)
    europe = held & np.isin(links.importer, EUROPE)
    found = Run([], np.zeros(MONTHS - BEGAN))
    filed: dict[int, int] = {}
    for month in range(MONTHS):
        world.step()
        if month >= BEGAN:
            found.arrived[month - BEGAN] = links.shipped[europe].sum()
        office = world.border.offices.get("China")
        for link, fate in office.decided.items() if office else ():
            since = filed.pop(link, None)
            if since is not None and fate in (GRANTED, REFUSED, RETURNED) and europe[link]:
                found.europe.append(month - since)
        if office:
            filed.update(zip(office.link.tolist(), office.filed.tolist(), strict=True))
    return found


@cache
def run(seed: int, days: float | None) -> Run:
    return followed(seed, rule(days))


def test_a_slower_clock_makes_everybody_wait_longer_and_less_arrive() -> None:
    """Median wait 1 and 4 months; arrivals of the first half-year fall to a fifth."""
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


def test_days_are_whole_months() -> None:
    found = [whole_months_of(days) for days in (1, 30, 45, 46, 65, 90, 120, 365)]
    assert found == [1, 1, 1, 2, 2, 3, 4, 12]


def test_a_rule_of_before_with_a_long_clock_has_no_licences_yet() -> None:
    """Begun two months before the run, with a clock of two months and one of four."""
    early, late = (
        lived("business-as-usual", 1, rule(days, date="2023-11-01")).links.licence.sum()
        for days in (60.0, 120.0)
    )
    assert early > 0.0
    assert late == 0.0
