"""The World against the oracle: the same state in both, one verb or one month, every column
compared.

Compared are all columns that a core month can move (`world_columns`): firms, needs, offers, links,
freight under way, orders, grants, shipments, stop days, quotes and element books; also those that a
verb should leave alone.
"""

from functools import lru_cache
from math import inf

import numpy as np
import pytest

from coercivity.agents.base.arrays import group_sum
from coercivity.agents.tables import MOTHBALLED
from coercivity.model.politics.acts_in_force import hear_orders
from coercivity.model.politics.supply_policy import decide_supply
from coercivity.model.trade.expectations import believe
from coercivity.model.world import World
from tools.check.oracle.firm import BEARABLE_LOSS
from tools.check.oracle.foresight import left_of_clock
from tools.check.oracle.mining_plan import plan_of
from tools.check.oracle.month import PHASES, Oracle
from tools.check.oracle.states import (
    VERB,
    core_month,
    differences,
    look_ahead,
    quiet_world,
    shaken,
    short_of,
    under_measures,
)

PHASE, MONTH = 1e-12, 1e-9  # relative
# what is left of a stock that is nearly used up is a small difference of large numbers
# and so is what a need still lacks after a first round; the day of a stop is where a curve that is
# nearly flat passes a limit
LEFT = {"needs.stock": 1e-10, "firms.lasts": 1e-11, "links.shipped": 1e-11}
SEEDS = range(2)
AFTER_ORDERS = ("license", "clear", "ship", "produce", "adapt", "invest", "settle", "write_down")


@lru_cache(maxsize=1)
def from_2009() -> World:
    """The start of 2009, with what the state is to order in 2011; only forks of it are used."""
    return World("embargo-2010", 1, record=False, collect=False)


@lru_cache(maxsize=1)
def start() -> World:
    """About 700 firms after three months of business as usual; only forks of it are used."""
    return quiet_world(firms_per_sector=3)


def assert_same(world: World, oracle: Oracle, tolerance: float) -> None:
    off = {
        name: f"{value:.1e}"
        for name, value in differences(world, oracle).items()
        if value > (max(tolerance, LEFT.get(name, 0.0)) if tolerance else 0.0)
    }
    assert not off, f"World and oracle differ by more than {tolerance:g} in {off}"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("phase", PHASES)
def test_phase_on_a_random_state(phase: str, seed: int) -> None:
    world = shaken(start(), seed)
    if phase == "ship":  # clearing never grants more than there is, but luck does
        asked = group_sum(world.links.shipped, world.links.offer, len(world.offers))
        world.offers.stock = np.maximum(world.offers.stock, asked)
    oracle = Oracle.from_world(world)
    assert_same(world, oracle, 0.0)
    getattr(world, VERB[phase])()
    getattr(oracle, phase)()
    assert_same(world, oracle, PHASE)


@pytest.mark.parametrize("seed", SEEDS)
def test_month_from_a_random_state(seed: int) -> None:
    world = shaken(start(), seed)
    oracle = Oracle.from_world(world)
    core_month(world)
    oracle.step()
    assert_same(world, oracle, MONTH)


@pytest.mark.parametrize("seed", SEEDS)
def test_look_ahead_under_measures(seed: int) -> None:
    """Licences, cuts, bans, halts, quotas and their rents, each old or new; only the look ahead."""
    world = under_measures(start(), seed)
    oracle = Oracle.from_world(world, measures=True)
    assert_same(world, oracle, 0.0)
    look_ahead(world)
    oracle.look_ahead()
    assert_same(world, oracle, PHASE)
    abroad = [channel for channel in oracle.channels if channel.since < inf]
    assert {channel.since == 0.0 for channel in abroad} == {True, False}
    assert {channel.passes == 0.0 for channel in abroad} == {True, False}
    assert max(oracle.abroad.values()) > 1.5 > min(oracle.abroad.values())
    assert any(left_of_clock(channel) > 0.0 for channel in abroad)


def test_an_act_on_top_of_another_is_believed_on_its_day() -> None:
    world = start().fork()
    border, p = world.border, world.p
    border.licensed[1:] = 1.0
    border.relaid = True
    believe(world.expected, border=border, first_share=p.first_answer, speed=p.belief_speed)
    assert world.expected.passes[1:] == pytest.approx(p.first_answer)
    border.banned[1:] = 1.0
    border.relaid = True
    believe(world.expected, border=border, first_share=p.first_answer, speed=p.belief_speed)
    assert world.expected.passes[1:] == pytest.approx(0.0)


def test_ore_is_worth_no_more_than_what_it_holds() -> None:
    world = start().fork()
    ores = np.isin(world.needs.good, np.flatnonzero(np.isinf(world.market.bearable)))
    world.border.banned[1:] = 1.0
    world.border.relaid = True
    world.needs.stock[ores] = 0.0
    look_ahead(world)
    most = np.maximum(world.market.netback[world.needs.good], world.needs.paid)
    assert (world.needs.worth <= 1.001 * most)[ores].all()


@pytest.mark.parametrize(
    ("name", "months"), [("embargo-2010", range(16, 30)), ("licensing-2025", range(14, 18))]
)
def test_look_ahead_in_a_history(name: str, months: range) -> None:
    """The same as acts fall due: quotas and orders of 2010-11, licences of 2025."""
    world = World(name, 1, record=False, collect=False)
    seen: dict[str, bool] = {}
    while world.month < months.start:
        world.step()
    for _ in months:
        world.arrive()
        world.govern()
        world.sense()
        world.plan_use()
        for verb in ("plan_run", "order"):
            world.ask(world.everyone, verb)
        oracle = Oracle.from_world(world, measures=True)
        look_ahead(world)
        oracle.look_ahead()
        assert_same(world, oracle, PHASE)
        for verb in AFTER_ORDERS:
            getattr(world, verb)()
        seen["held"] = seen.get("held", False) or any(oracle.held.values())
        rents = any(channel.rent > 0.0 for channel in oracle.channels)
        seen["rent"] = seen.get("rent", False) or rents
        seen["orders"] = seen.get("orders", False) or oracle.believed_to_end > 0.0
    assert seen == {"held": True, "rent": name == "embargo-2010", "orders": name == "embargo-2010"}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("month", [5, 6, 11, 30, 72])
def test_plan_of_mining(month: int, seed: int) -> None:
    """Quotas by half-years, what is dug without one, orders of 2011, the pursuit of 2015."""
    world = shaken(from_2009(), seed)
    luck = np.random.default_rng([month, seed])
    world.clock.month = month
    world.needs.expected *= 0.5 + 2.0 * luck.random()
    world.firms.status[luck.random(len(world.firms)) < 0.1] = MOTHBALLED
    supply = world.supply
    supply.imported_base, supply.imported = 100.0, 300.0 * luck.random()
    supply.admitted = 150.0 if seed else np.inf
    hear_orders(supply, politics=world.politics, clock=world.clock, p=world.p)
    plan, by_hand = plan_of(world)
    assert supply.believed_to_end == pytest.approx(plan.believed_to_end(), rel=PHASE)
    assert supply.ended == pytest.approx(plan.ended(), rel=PHASE)
    decide_supply(world.firms, supply, world.ledger, seen=world.seen)
    assert supply.light == pytest.approx(plan.light, rel=PHASE)
    np.testing.assert_allclose(supply.allowed, by_hand["allowed"], rtol=PHASE)
    np.testing.assert_allclose(supply.illegal, by_hand["illegal"], rtol=PHASE)
    np.testing.assert_allclose(world.firms.capacity, by_hand["capacity"], rtol=PHASE)


def test_first_month() -> None:
    """What of by-products finds users is read in the first month."""
    world = quiet_world(firms_per_sector=3, months=0)
    world.govern()
    oracle = Oracle.from_world(world)
    core_month(world)
    oracle.step()
    assert oracle.sold_of_ore["cerium_oxide"] > 1.0
    assert_same(world, oracle, MONTH)


def test_month_from_2009() -> None:
    world = quiet_world(firms_per_sector=3, months=1, start="2009-01")
    oracle = Oracle.from_world(world)
    core_month(world)
    oracle.step()
    assert_same(world, oracle, MONTH)


def test_months_with_demand_noise() -> None:
    """Politics, beliefs, demand and building are the World's; what they change is handed to the
    oracle before each month.
    """
    world = start().fork()
    for _ in range(3):
        world.govern()
        world.sense()
        world.plan_use()
        oracle = Oracle.from_world(world)
        core_month(world)
        oracle.step()
        assert_same(world, oracle, MONTH)


def test_months_of_shortage() -> None:
    """Half of the heavy concentrate is gone: rationing and the second round bind, and the two stay
    together for half a year.
    """
    world = short_of(start(), "heavy_concentrate", 0.5)
    oracle = Oracle.from_world(world)
    rationed = asked_again = 0
    for _ in range(6):
        core_month(world)
        oracle.step()
        rationed += sum(link.shipped < link.orders * (1.0 - 1e-6) for link in oracle.links)
        asked_again += sum(link.extra > 1e-6 * link.need.base_use for link in oracle.links)
        assert_same(world, oracle, MONTH)
    assert rationed > 0
    assert asked_again > 0


def test_random_states_reach_every_branch() -> None:
    """A comparison says something only where a rule binds."""
    seen: dict[str, int] = {}
    for seed in SEEDS:
        oracle = Oracle.from_world(shaken(start(), seed))
        at_a_loss = sum(f.separates_quota and f.margin < -BEARABLE_LOSS for f in oracle.firms)
        oracle.step()
        firms, needs, offers, links = oracle.firms, oracle.needs, oracle.offers, oracle.links
        counts = {
            "an order cut": sum(x.shipped < x.orders * 0.99 for x in links),
            "a second round": sum(x.extra > 0 for x in links),
            "unqualified": sum(not x.qualified for x in links),
            "lacking": sum(n.lacking for n in needs),
            "stop within the month": sum(0 < f.lasts < 1 for f in firms),
            "throttled": sum(-0.3 < f.margin < 0 for f in firms if not f.is_end_user),
            "entrant": sum(f.is_maker and 0 < f.wish < 0.31 * f.capacity for f in firms),
            "ore piled up": sum(f.has_quota and f._unsold_months() > 6.0 for f in firms),
            "scarce": sum(o.scarcity > 0.5 for o in offers),
            "a glut": sum(o.scarcity < -0.1 for o in offers),
            "at the ceiling": sum(o.ask == oracle.bearable[o.good] for o in offers),
            "all of its netback": sum(o.ask == oracle.netback.get(o.good) for o in offers),
            "at the floor": sum(o.ask == o.floor * oracle.rise for o in offers),
            "comes along": sum(not oracle.led[o.good] for o in offers),
            "unfinished": sum(o.made < o.yields * o.firm.run * 0.99 for o in offers),
            "worked up later": sum(o.made > o.yields * o.firm.run * 1.01 for o in offers),
            "apart": sum(n.used > n.coefficient * n.firm.run * 1.01 for n in needs),
            "quota at a loss": at_a_loss,
            "too cheap to save": sum(n.replacement < n.price_start for n in needs),
            "left out": sum(n.swap > 0.1 for n in needs),
            "more than usual": sum(n.swap < 0.0 for n in needs),
            "designed out": sum(n.redesign < -0.1 for n in needs),
            "backlog": sum(f.backlog > 0 for f in firms),
            "thrifted": sum(n.thrift < 0.999 for n in needs),
            "an owner first": sum(
                x.need.firm.mine is x.offer.firm and x.shipped > 0.0 and x.offer.left <= 0.0
                for x in links
            ),
        }
        for name, count in counts.items():
            seen[name] = seen.get(name, 0) + count
    assert not [name for name, count in seen.items() if count == 0]
