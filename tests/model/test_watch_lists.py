"""Firms on a watch list under licences: the act takes the statutory time away from their files
(decision 0051). Written before the rule; in brackets what is found, after what the rule before it
gave. Watched firms get less than their twins in the same world without the list, by a margin beyond
luck; in good relations nothing changes.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
import pytest

from coercivity.model.scenario.scenario import Scenario, load_scenario, with_changes
from coercivity.model.trade import licence_queue
from coercivity.model.world import World
from tests.names import CHINA, STATE

JAPAN = STATE["Japan"]
SECTORS = ["automotive", "semiconductors_ceramics", "catalysts_glass", "electronics", "industrial"]
RULE = {"date": "2024-03-01", "kind": "licensing", "actor": "China", "targets": ["World"]}
GOODS = {"goods": "controlled_2025"}
FIRST, LAST = 4, 18  # months counted: from two months after the rule on
SEEDS = (1, 2, 3)


def listed(share: float) -> list[dict[str, Any]]:
    """A rule for all, and from the same day a watch list of a share of Japan's firms; of three
    firms a sector and state a third is one of them wholly.
    """
    rule = RULE | GOODS | {"id": "rule"}
    watch = RULE | GOODS | {"id": "watch", "kind": "entity_list", "list": "watch"}
    watch |= {"targets": ["Japan"], "sectors": SECTORS, "share": share}
    return [rule, watch] if share else [rule]


class Seen(NamedTuple):
    """A run: tonnes of licensed goods that each firm got of China over the months counted, the most
    of it that a list watched, and the world at the end.
    """

    got: np.ndarray
    watched: np.ndarray
    world: World


@cache
def world_of(share: float, tension: float, seed: int) -> Seen:
    """A world whose office is told of the same tension towards Japan throughout."""
    scenario = with_changes(load_scenario("business-as-usual"), months=LAST, choices=listed(share))

    def same(link: np.ndarray, *, links: Any, **_: Any) -> np.ndarray:
        return np.where(links.importer[link] == JAPAN, tension, 0.0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(licence_queue, "_tension", same)
        return run(scenario, seed, FIRST)


def run(scenario: Scenario, seed: int, first: int) -> Seen:
    """Any scenario, counted from a month on."""
    world = World(scenario, seed, record=False, collect=False)
    links, got, watched = world.links, np.zeros(len(world.firms)), np.zeros(len(world.firms))
    user = world.needs.firm[links.need]
    for month in range(scenario.months):
        world.step()
        if month >= first:
            asks = (links.exporter == CHINA) & (world.border.licensed[world.border.channel] > 0)
            got += np.bincount(user[asks], links.shipped[asks], len(got))
        watched = np.maximum(watched, world.firms.watched)
    return Seen(got, watched, world)


def kept(share: float, tension: float, least: float = 0.01) -> np.ndarray:
    """What firms get of which at least a part (`least`) is watched, over what they get in the twin
    without the list, by seed.
    """
    found = []
    for seed in SEEDS:
        seen, twin = world_of(share, tension, seed), world_of(0.0, tension, seed)
        rows = seen.watched >= least
        found.append(seen.got[rows].sum() / twin.got[rows].sum())
    return np.array(found)


def error(values: np.ndarray) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))


def test_wholly_watched_firms_get_less_than_half_under_full_tension() -> None:
    """[0.91; 0.28, none of it under a licence: what comes is smuggled or sent round]"""
    found = kept(1.0 / 3.0, 1.0, 0.99)
    assert found.mean() + 2.0 * error(found) < 0.5


def test_firms_that_are_watched_in_part_lose_about_that_part() -> None:
    """[0.98; 0.88]"""
    found = kept(0.05, 1.0)
    assert found.mean() + 2.0 * error(found) < 1.0
    assert 0.75 < found.mean() < 0.95


def test_in_good_relations_a_watch_list_does_nothing() -> None:
    """[0.55; 1.00]"""
    found = kept(1.0 / 3.0, 0.0)
    assert found.mean() == pytest.approx(1.0, abs=0.01)


@cache
def japan_2026(weight: float, seed: int) -> Seen:
    """The lists stand in both: that they are one more quarrel, which costs all of Japan, is apart
    from what they do to the files of whom they name.
    """
    scenario = load_scenario("japan-2026-from-2024")
    with patch.object(licence_queue, "LICENCE_WATCHED", weight):
        return run(with_changes(scenario, months=40), seed, 26)


def test_the_lists_of_2026_are_felt_by_the_firms_on_them_alone() -> None:
    """Others do not lose; they may gain of what the listed leave and no more, so that both together
    lose beyond luck. [-0.08; 0.0004 for others: 1 t of the 50 that the listed leave]
    """
    of_listed, of_others, together = [], [], []
    for seed in SEEDS:
        seen, twin = japan_2026(1.0, seed), japan_2026(0.0, seed)
        firms = seen.world.firms
        others = (firms.state == JAPAN) & firms.is_end & (seen.watched == 0.0)
        both = others | (seen.watched > 0)
        rows_of = ((of_listed, seen.watched > 0), (of_others, others), (together, both))
        for found, rows in rows_of:
            found.append(seen.got[rows].sum() / twin.got[rows].sum() - 1.0)
    lost, other, all_of_them = np.array(of_listed), np.array(of_others), np.array(together)
    assert lost.mean() < -2.0 * error(lost)
    assert other.mean() > -2.0 * error(other)
    assert all_of_them.mean() < -2.0 * error(all_of_them)
