"""A ban on military use meets a lane that is under licence already (decision 0044): whoever has
applied has to show anew that the use is civil, and while relations are bad officials refuse
civilian applications too. Written before the rule; what the rule before it gave stands in brackets.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from coercivity.model.parts.border import CASES
from coercivity.model.scenario.scenario import load_scenario, scenario_from_dict, with_changes
from coercivity.model.world import World
from tests.names import CHINA, GOOD, STATE

JAPAN = STATE["Japan"]
HELD = ("dysprosium_oxide", "terbium_oxide", "yttrium_oxide", "magnet_heat_resistant")
BAN, MONTHS = 24, 42  # January 2026
SEEDS = (1, 2)
GRANTED, REFUSED = CASES.index("granted"), CASES.index("refused")


class Story(NamedTuple):
    """By month: t to Japan, applications from there granted and refused, and others' granted."""

    shipped: np.ndarray
    granted: np.ndarray
    refused: np.ndarray
    others: np.ndarray


@cache
def told(seed: int, ban: bool, *, to_the_letter: bool = False) -> Story:
    """japan-2026 to the middle of 2027; the twin has no act of China against Japan in 2026."""
    raw = with_changes(load_scenario("japan-2026-from-2024"), months=MONTHS).to_dict()
    kinds = ("dual_use_ban", "entity_list") if not ban else ("entity_list",)
    raw["events"] = [
        one for one in raw["events"] if one["kind"] not in kinds or "Japan" not in one["targets"]
    ]
    if to_the_letter:
        raw["parameters"] = raw.get("parameters", {}) | {"over_compliance": 0.0}
    world = World(scenario_from_dict(raw), seed, record=False, collect=False)
    links, border = world.links, world.border
    lane = (links.exporter == CHINA) & (links.importer == JAPAN)
    held = lane & np.isin(links.good, [GOOD[name] for name in HELD])
    shipped, cases = [], []
    for _ in range(MONTHS):
        world.step()
        shipped.append(links.shipped[held].sum())
        japan = border.cases[:, border.importer == JAPAN].sum(axis=1)
        whole = border.cases[GRANTED].sum()
        cases.append([japan[GRANTED], japan[REFUSED], whole - japan[GRANTED]])
    return Story(np.array(shipped), *np.array(cases).T)


def test_nobody_is_granted_before_the_statutory_time_is_over() -> None:
    """[26 to 36 grants to Japan in the three months]"""
    wait = slice(BAN, BAN + round(World("japan-2026-from-2024", 1).p.licence_clock_months))
    for seed in SEEDS:
        assert told(seed, ban=True).granted[wait].sum() == 0.0
        assert told(seed, ban=False).granted[wait].sum() > 0.0


def test_less_comes_in_the_month_of_the_ban_than_before_it() -> None:
    """[1.13 times the quarter before in seed 1] Over the seeds less than 0.8 of it."""
    stories = [told(seed, ban=True).shipped for seed in SEEDS]
    parts = [shipped[BAN] / shipped[BAN - 3 : BAN].mean() for shipped in stories]
    assert max(parts) < 1.0
    assert np.mean(parts) < 0.8


def test_civilians_are_refused_while_relations_are_bad() -> None:
    """[2 to 9% of the answers of a year, with the ban as without it]"""
    year = slice(BAN, BAN + 12)
    for ban, least, most in ((True, 0.25, 0.75), (False, 0.0, 0.1)):
        refused = sum(told(seed, ban=ban).refused[year].sum() for seed in SEEDS)
        granted = sum(told(seed, ban=ban).granted[year].sum() for seed in SEEDS)
        assert least < refused / (refused + granted) < most


def test_others_are_granted_no_less() -> None:
    year = slice(BAN, BAN + 12)
    for seed in SEEDS:
        ban, twin = (told(seed, ban=which).others[year].sum() for which in (True, False))
        assert ban > 0.9 * twin


def test_a_ban_to_the_letter_makes_civilian_goods_late_and_no_more() -> None:
    """A year later nine tenths of the twin's tonnage come."""
    later = slice(BAN + 6, BAN + 18)
    letter, twin = (told(1, ban=ban, to_the_letter=True).shipped for ban in (True, False))
    assert letter[BAN : BAN + 3].sum() < twin[BAN : BAN + 3].sum()
    assert letter[later].sum() > 0.9 * twin[later].sum()
