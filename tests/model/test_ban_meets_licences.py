"""A ban on military use meets a lane that is under licence already (decision 0044).

Written before the rule; what the rule before it gave stands in brackets. China's ban on Japan of
January 2026 comes after nine months of licences for the same goods. Whoever has applied has to show
anew that the use is civil: the statutory time begins anew, so that for as long as it takes nothing
is granted on this lane; what comes falls in the month of the ban. Those who apply from elsewhere
lose nothing, as the office has no less attention for them. Where nobody holds back more than the
letter of the ban civilian goods are late by that time and come then as before. Refuted by a grant
before that time is over, by more that comes to Japan in the ban's month than before it, by others
who fare worse than in the twin, and by a ban to the letter that keeps civilian goods out for good.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pytest

from coercivity.model.basis.goods import CHINA, GOOD, STATE
from coercivity.model.parts.border import CASES
from coercivity.model.scenario.scenario import load_scenario, scenario_from_dict, with_changes
from coercivity.model.world import World

JAPAN = STATE["Japan"]
HELD = ("dysprosium_oxide", "terbium_oxide", "yttrium_oxide", "magnet_heat_resistant")
BAN, MONTHS = 24, 42  # January 2026
SEEDS = (1, 2, 3, 4)
GRANTED = CASES.index("granted")


class Story(NamedTuple):
    """By month: t of the held goods from China to Japan, and applications granted to Japan and to
    others.
    """

    shipped: np.ndarray
    to_japan: np.ndarray
    to_others: np.ndarray


@cache
def told(seed: int, ban: bool, *, to_the_letter: bool = False) -> Story:
    """japan-2026 to the middle of 2027; the twin has no act of China against Japan in 2026."""
    raw = with_changes(load_scenario("japan-2026"), months=MONTHS).to_dict()
    kinds = ("dual_use_ban", "entity_list") if not ban else ("entity_list",)
    raw["events"] = [
        event
        for event in raw["events"]
        if not (event["kind"] in kinds and "Japan" in event["targets"])
    ]
    if to_the_letter:
        raw["parameters"] = raw.get("parameters", {}) | {"over_compliance": 0.0}
    world = World(scenario_from_dict(raw), seed, record=False, collect=False)
    links, border = world.links, world.border
    lane = (links.exporter == CHINA) & (links.importer == JAPAN)
    held = lane & np.isin(links.good, [GOOD[name] for name in HELD])
    shipped, granted = [], []
    for _ in range(MONTHS):
        world.step()
        shipped.append(links.shipped[held].sum())
        cases = border.cases[GRANTED]
        granted.append([cases[border.importer == JAPAN].sum(), cases.sum()])
    mine, all_ = np.array(granted).T
    return Story(np.array(shipped), mine, all_ - mine)


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_granted_before_the_statutory_time_is_over(seed: int) -> None:
    """[26 to 36 grants to Japan in the three months]"""
    months = round(World(load_scenario("japan-2026"), seed).p.licence_clock_months)
    assert told(seed, ban=True).to_japan[BAN : BAN + months].sum() == 0.0
    assert told(seed, ban=False).to_japan[BAN : BAN + months].sum() > 0.0


@pytest.mark.parametrize("seed", SEEDS)
def test_less_comes_in_the_month_of_the_ban_than_before_it(seed: int) -> None:
    """[1.13 times the quarter before in seed 1]"""
    shipped = told(seed, ban=True).shipped
    assert shipped[BAN] < 0.8 * shipped[BAN - 3 : BAN].mean()


@pytest.mark.parametrize("seed", SEEDS)
def test_others_are_granted_no_less(seed: int) -> None:
    year = slice(BAN, BAN + 12)
    ban, twin = (told(seed, ban=which).to_others[year].sum() for which in (True, False))
    assert ban > 0.9 * twin


@pytest.mark.parametrize("seed", SEEDS)
def test_a_ban_to_the_letter_makes_civilian_goods_late_and_no_more(seed: int) -> None:
    """A year after the ban nine tenths of the twin's tonnage come, as military users take less than
    a tenth.
    """
    later = slice(BAN + 6, BAN + 18)
    letter = told(seed, ban=True, to_the_letter=True).shipped
    twin = told(seed, ban=False, to_the_letter=True).shipped
    assert letter[BAN : BAN + 3].sum() < twin[BAN : BAN + 3].sum()
    assert letter[later].sum() > 0.9 * twin[later].sum()
