"""The World against the oracle: the same state in both, one verb or one month, every column
compared.

Compared are all columns that a core month can move (`world_columns`): firms, needs, offers, links,
freight under way, orders, grants, shipments, stop days, quotes and element books; also those that a
verb should leave alone.
"""

from functools import lru_cache

import numpy as np
import pytest

from coercivity.agents.base.arrays import group_sum
from coercivity.model.world import World
from tools.check.oracle.month import PHASES, Oracle
from tools.check.oracle.states import VERB, core_month, differences, quiet_world, shaken, short_of

PHASE, MONTH = 1e-12, 1e-9  # relative
# what is left of a stock that is nearly used up is a small difference of large numbers
# and the day of a stop is where a curve that is nearly flat passes a limit
LEFT = {"needs.stock": 1e-10, "firms.lasts": 1e-11}
SEEDS = range(2)


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
            "ore piled up": sum(f.has_quota and f._unsold_months() > 2.0 for f in firms),
            "scarce": sum(o.scarcity > 0.5 for o in offers),
            "unfinished": sum(o.made < o.yields * o.firm.run * 0.99 for o in offers),
            "worked up later": sum(o.made > o.yields * o.firm.run * 1.01 for o in offers),
            "apart": sum(n.used > n.coefficient * n.firm.run * 1.01 for n in needs),
            "quota at a loss": sum(
                f.separates_quota and f.margin + f.p.bearable_loss < 0.0 for f in firms
            ),
            "too cheap to save": sum(n.lagged < n.reference for n in needs),
            "backlog": sum(f.backlog > 0 for f in firms),
            "thrifted": sum(n.thrift < 0.999 for n in needs),
            "an owner first": sum(
                x.need.firm.mine is x.offer.firm and x.shipped > 0.0 and x.offer.left <= 0.0
                for x in links
            ),
            "home first": sum(x.tier > 0 and x.shipped < 0.9 * x.allowed for x in links),
        }
        for name, count in counts.items():
            seen[name] = seen.get(name, 0) + count
    assert not [name for name, count in seen.items() if count == 0]
