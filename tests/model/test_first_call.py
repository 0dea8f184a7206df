"""An owner feeds its own plant first and sells the rest (M3, M4): what must move and how far.

Bands of the question: an owner's plant that has run for two years gets of its own mine what it can
run or what the mine digs, within a twentieth; ore of one month does not cross the sea both ways
beyond a twentieth of what did before (1,000 t a month). Refuted if the plant starves while its ore
is sold, or if the exporter loses more feed than owners keep. See decision 0035.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coercivity.agents.base.arrays import with_rows
from coercivity.agents.firms import buyer, seller
from coercivity.agents.tables import OPEN, Offers
from coercivity.model.basis.names import CHINA, GOOD, STATES
from coercivity.model.scenario.scenario import load_scenario
from coercivity.model.trade.market import _grant
from coercivity.model.world import World
from tests.facts import FACTS

SEEDS = (1, 2, 3)
MONTHS = 180
LIGHT = GOOD["light_concentrate"]
S = len(STATES)


def a(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


@dataclass
class Lived:
    """Fifteen years of light ore, t/month."""

    own: float = 0.0  # from the own mine to plants that have run for two years
    could: float = 0.0  # the less of what these want to run and what the mine digs
    run: float = 0.0  # what these ran
    kept: list[float] = field(default_factory=list)  # from own mines to all plants, by month
    both_ways: list[float] = field(default_factory=list)  # ore that two states send each other
    leaves: list[float] = field(default_factory=list)  # ore that leaves a state
    to_china: list[float] = field(default_factory=list)  # of own mines
    to_others: list[float] = field(default_factory=list)


def pairs(world: World) -> list[tuple[int, int, np.ndarray]]:
    """(plant, mine of the same owner, links between them)."""
    firms, user, seller = world.firms, world.links.user, world.offers.firm[world.links.offer]
    return [
        (plant, mine, np.flatnonzero((user == plant) & (seller == mine)))
        for plant, mine in enumerate(firms.mine_of.tolist())
        if mine >= 0
    ]


@cache
def lived(name: str, seed: int, since: int = 0) -> Lived:
    """since: month from which the rules of owners are in force."""
    world = World(load_scenario(name), seed, record=False, collect=False)
    own_rows = world.links.own_rows
    firms, offers, links = world.firms, world.offers, world.links
    of, ore = pairs(world), np.flatnonzero(links.good == LIGHT)
    made_by = np.isin(offers.firm[links.offer], [mine for _, mine, _ in of])
    open_for = np.zeros(len(firms), dtype=int)
    out = Lived()
    for month in range(MONTHS):
        world.links.own_rows = own_rows if month >= since else own_rows[:0]
        world.step()
        open_for = np.where((firms.status == OPEN) & (firms.run > 0), open_for + 1, 0)
        flow = np.zeros((S, S))
        np.add.at(flow, (links.exporter[ore], links.importer[ore]), links.shipped[ore])
        np.fill_diagonal(flow, 0.0)
        out.both_ways.append(float(np.minimum(flow, flow.T).sum() / 2.0))
        out.leaves.append(float(flow.sum()))
        kept = sum(float(links.shipped[rows].sum()) for _, _, rows in of)
        sold = links.shipped * made_by
        china = sold * (links.importer == CHINA)
        out.kept.append(kept)
        out.to_china.append(float(china.sum()))
        out.to_others.append(float(sold.sum()) - float(china.sum()) - kept)
        for mine in {mine for _, mine, _ in of}:
            plants = [(p, rows) for p, m, rows in of if m == mine]
            if min((open_for[p] for p, _ in plants if firms.capacity[p] > 0), default=0) > 24:
                digs = float(offers.made[(offers.firm == mine)].sum())
                out.own += sum(float(links.shipped[rows].sum()) for _, rows in plants)
                out.run += min(digs, sum(float(firms.run[p]) for p, _ in plants))
                out.could += min(digs, sum(float(firms.wish[p]) for p, _ in plants))
    return out


# ---- the rules by hand


def test_an_owner_is_served_before_others() -> None:
    """Two plants of 6 and 2 t at a mine with 4 t get 3 and 1; one at a mine with 9 t gets its 5."""
    granted = seller.first_call(a(6.0, 2.0, 5.0), np.array([0, 0, 1]), a(4.0, 9.0))
    assert granted.tolist() == [3.0, 1.0, 5.0]


def market_of(order: np.ndarray, tier: np.ndarray, own: list[int]) -> Any:
    """(offers, links) of one mine with 10 t."""
    links = SimpleNamespace(
        allowed=order,
        queue=tier,
        offer=np.zeros(len(order), dtype=int),
        own_rows=np.array(own, int),
    )
    offers = Offers(firm=np.zeros(1, dtype=int), facts=FACTS)
    offers.stock = a(10.0)
    return offers, links


def test_others_share_what_owners_leave_and_the_mine_sees_all_orders() -> None:
    """6 of 10 t go to the owner; of 8 wanted by two others 4 are left, pro rata."""
    offers, links = market_of(a(6.0, 2.0, 6.0), np.array([0, 1, 1]), [0])
    granted, seen = _grant(offers, links, 1.0, links.own_rows)
    assert granted == pytest.approx([6.0, 1.0, 3.0])
    assert seen[0] == pytest.approx(14.0)


@given(
    order=st.lists(st.floats(0.0, 1e4), min_size=3, max_size=3),
    own=st.sampled_from([[], [0], [2], [0, 1, 2]]),
    even=st.floats(0.0, 1.0),
)
def test_no_tonne_is_made_or_left(order: list[float], own: list[int], even: float) -> None:
    offers, links = market_of(a(*order), np.array([0, 1, 2]), own)
    granted, seen = _grant(offers, links, even, links.own_rows)
    assert (granted >= 0.0).all()
    assert (granted <= links.allowed * (1.0 + 1e-12)).all()
    assert granted.sum() == pytest.approx(min(sum(order), 10.0), rel=1e-9, abs=1e-9)
    assert seen[0] == pytest.approx(sum(order))


def test_where_nobody_owns_a_mine_nothing_differs() -> None:
    offers, links = market_of(a(6.0, 2.0, 6.0), np.array([0, 1, 2]), [])
    before = seller.ration(links.allowed, links.queue, offers.stock, 0.85)
    after = _grant(offers, links, 0.85, links.own_rows)
    assert [x.tolist() for x in after] == [x.tolist() for x in before]


def test_a_plant_turns_to_its_own_mine_for_what_that_can_give() -> None:
    """A mine that can give 0.6 of the use leaves 0.4, which others share 3 to 1; a plant that knows
    nobody else waits for its mine.
    """
    own, others = buyer.own_ore_first(
        a(0.2, 1.0), a(0.6, 0.2, 0.0), np.array([0, 0, 1]), a(0.6, 0.3)
    )
    assert own.tolist() == [0.6, 1.0]
    assert others == pytest.approx([0.3, 0.1, 0.0])


def test_shares_still_sum_to_one_and_what_a_border_holds_back_feeds_nobody() -> None:
    world = World(load_scenario("business-as-usual"), 1, record=False, collect=False, months=2)
    world.step()
    links, everyone = world.links, world.everyone
    own, first = links.own_rows, world.needs.link_first
    mine = everyone.own_ore_first(links.share)
    np.testing.assert_allclose(np.add.reduceat(mine, first), np.add.reduceat(links.share, first))
    rest = np.delete(np.arange(len(links)), np.concatenate([own, links.beside_rows]))
    assert (mine[rest] == links.share[rest]).all()
    links.fill = with_rows(links.fill, own, 0.0)
    assert (everyone.own_ore_first(links.share)[own] <= 0.02).sum() >= 2


# ---- what worlds make of it


@pytest.mark.parametrize("name", ["business-as-usual", "embargo-2010"])
def test_an_owners_plant_runs_on_its_own_ore_as_far_as_that_goes(name: str) -> None:
    worlds = [lived(name, seed) for seed in SEEDS]
    could = sum(world.could for world in worlds)
    assert could > 0.0
    assert sum(world.own for world in worlds) / could > 0.95
    assert sum(world.run for world in worlds) / could > 0.95


@pytest.mark.parametrize("name", ["business-as-usual", "embargo-2010"])
def test_ore_does_not_cross_the_sea_both_ways(name: str) -> None:
    worlds = [lived(name, seed) for seed in SEEDS]
    both = sum(sum(world.both_ways[60:]) for world in worlds)
    assert both < 0.01 * sum(sum(world.leaves[60:]) for world in worlds)


def test_what_owners_keep_is_what_others_lose_and_china_loses_most() -> None:
    """Two years after owners begin to serve themselves first: a tonne that they keep is one that
    they do not sell. (Over fifteen years they dig 5% less besides, for ore is cheaper.)
    """

    def change(what: str) -> float:
        worlds = [
            [getattr(lived("business-as-usual", seed, since), what)[66:90] for seed in SEEDS]
            for since in (66, MONTHS)
        ]
        return float(np.mean(worlds[0]) - np.mean(worlds[1]))

    kept, china = change("kept"), -change("to_china")
    assert kept > 1_000.0
    assert china > 0.5 * kept
    assert china - change("to_others") == pytest.approx(kept, rel=0.1)


def test_a_plant_that_does_not_pay_lets_the_ore_go() -> None:
    """A separator whose work costs six times as much stands, and its mine sells what it digs."""
    world = World(load_scenario("business-as-usual"), 1, record=False, collect=False)
    firms, offers, links = world.firms, world.offers, world.links
    _, mine, rows = next(pair for pair in pairs(world) if firms.names[pair[0]].startswith("MP "))
    own = [(p, r) for p, m, r in pairs(world) if m == mine]
    ore = int(links.offer[rows[0]])
    for month in range(84):
        if month == 48:
            firms.conversion = firms.conversion * np.where(
                np.isin(np.arange(len(firms)), [plant for plant, _ in own]), 6.0, 1.0
            )
        world.step()
        if month == 47:
            fed = sum(float(links.shipped[r].sum()) for _, r in own)
        if month == 60:
            dug = sold = let = 0.0
        if month >= 60:
            dug, sold = dug + float(offers.made[ore]), sold + float(offers.sold[ore])
            let += sum(float(links.shipped[r].sum()) for _, r in own)
    assert fed > 1_000.0
    assert let / 24.0 < 0.1 * fed
    assert sold > 0.95 * dug > 0.0
