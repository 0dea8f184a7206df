"""What must hold after every month of any run (docs/sources.md D.10)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import group_sum
from coercivity.model.basis.goods import goods
from coercivity.model.parts.recycling import OXIDES
from coercivity.model.use.macro import multipliers
from coercivity.model.world import World

TOLERANCE = 1e-9  # of an element's monthly throughput (docs/sources.md D.10)
ROUNDING = 1e-9  # of a firm's or offer's own size, for sums of a few hundred tonnes


def throughput(world: World) -> np.ndarray:
    """Tonnes of each element (oxide equivalent) that moved in the month: shipped, used and made."""
    facts, content = world.facts, goods(world.facts).content
    moved = group_sum(world.links.shipped, world.links.good, len(facts.goods)) + group_sum(
        world.needs.used, world.needs.good, len(facts.goods)
    )
    moved += group_sum(world.offers.made, world.offers.good, len(facts.goods))
    return np.asarray(moved[list(facts.element_goods)] @ content[list(facts.element_goods)])


def held_by_good(world: World) -> np.ndarray:
    """Tonnes of each good in stocks, on the way and in reserves of states."""
    facts = world.facts
    held = group_sum(
        world.needs.stock + world.freight.transit.sum(axis=0),
        world.needs.good,
        len(facts.goods),
    )
    return (
        held
        + group_sum(world.offers.stock, world.offers.good, len(facts.goods))
        + world.support.reserve.sum(axis=0)
    )


def step_and_check(world: World) -> None:
    """One month, then everything that is always true; magnets and motors too are neither found nor
    lost: held + made + recycled - used. No input is used beyond the recipe of what ran; where
    inputs go into different goods, beyond that of what was wished, and what ran is their mean by
    weight.
    """
    facts = world.facts
    before, recipe = held_by_good(world), world.needs.coefficient.copy()
    world.step()
    check_invariants(world)
    firm, apart = world.needs.firm, world.needs.apart_rows
    most = recipe * world.firms.run[firm]
    most[apart] = recipe[apart] * world.firms.wish[firm[apart]]
    pace = world.needs.part[apart] * world.needs.used[apart] / recipe[apart]
    ran = group_sum(pace, firm[apart], len(world.firms))[world.needs.apart_firms]
    np.testing.assert_allclose(ran, world.firms.run[world.needs.apart_firms], rtol=1e-9, atol=1e-12)
    assert (world.needs.used <= most * (1.0 + 1e-9) + 1e-12).all(), (
        f"a firm used more than its recipe in month {world.month - 1} of {world.scenario.name}"
    )
    made = group_sum(world.offers.made, world.offers.good, len(facts.goods))
    made[[facts.good_row[good] for good in OXIDES]] += world.recycling.tonnes
    used = group_sum(world.needs.used, world.needs.good, len(facts.goods))
    gap = (held_by_good(world) - (before + made - used)) / np.maximum(before + made, 1e-12)
    worst = int(np.abs(gap).argmax())
    assert abs(gap[worst]) <= TOLERANCE, (
        f"{facts.goods[worst]} is off by {gap[worst]:.2g} in month {world.month - 1} of "
        f"{world.scenario.name}, seed {world.seed}"
    )


def check_invariants(world: World) -> None:
    """Fail with the name, the month and the worst value where something that is always true is not
    (docs/sources.md D.10).
    """
    when = f"month {world.month - 1} of {world.scenario.name}, seed {world.seed}"
    firms, needs, offers, links, border = (
        world.firms,
        world.needs,
        world.offers,
        world.links,
        world.border,
    )
    error = world.balance_error() / np.maximum(throughput(world), 1e-300)
    worst = int(np.abs(error).argmax())
    assert abs(error[worst]) <= TOLERANCE, (
        f"{world.facts.elements[worst]} is off by {error[worst]:.2g} of its throughput in {when}"
    )

    never_negative = {
        "stock of inputs": needs.stock,
        "in transit": world.freight.transit,
        "pipeline": needs.pipeline,
        "expected use": needs.expected,
        "coefficient": needs.coefficient,
        "stock of outputs": offers.stock,
        "made": offers.made,
        "orders at sellers": offers.orders,
        "orders": world.links.orders,
        "allowed": world.links.allowed,
        "shipped": world.links.shipped,
        "used": world.needs.used,
        "run": firms.run,
        "plan": firms.plan,
        "capacity": firms.capacity,
        "backlog": firms.backlog,
        "finished goods": firms.finished,
        "reserve": world.support.reserve,
        "rent": border.rent,
        "pool": np.array([quota.pool for quota in border.quotas.values()]),
        "premium": border.premium,
        "applied": border.applied,
        "approved": border.approved,
        "cash": firms.cash,
        **{
            name: getattr(firms, name)
            for name in firms.columns
            if name.startswith("loss_") and name != "loss_linkage"
        },
        # suppliers win back no more orders than overtime makes up for
        "loss_linkage and what overtime may win back": firms.loss_linkage
        + (multipliers(world.facts)[firms.state, np.maximum(firms.sector, 0)] - 1.0)
        * firms.value_added
        * np.maximum(firms.run - firms.plan, 0.0),
    }
    assert min(links.pending.min(), needs.pending.min(), needs.counted.min()) >= 0.0, (
        f"less than nothing waits for a licence in {when}"
    )
    for name, values in never_negative.items():
        assert np.isfinite(values).all(), f"{name} is not finite in {when}"
        small = -ROUNDING * max(float(np.abs(values).max(initial=0.0)), 1e-12)
        assert values.min(initial=0.0) >= small, f"{name} is {values.min():.3g} in {when}"
    always_positive = {
        "asking price": offers.ask,
        "quote": world.market.quote,
        "paid price": needs.paid,
        "worth": needs.worth,
        "delivered cost": links.cost,
        "cost": firms.cost,
        "thrift": needs.thrift,
        "quota": np.array([world.supply.light]),
    }
    for name, values in always_positive.items():
        assert np.isfinite(values).all(), f"{name} is not finite in {when}"
        assert values.min() > 0.0, f"{name} is {values.min():.3g} in {when}"
    for name, values in {
        "alarm": world.beliefs.alarm,
        "distrust": world.beliefs.withheld,
        "credibility": world.beliefs.credibility,
        "blocked": links.blocked,
        "fill": links.fill,
        "thrift": needs.thrift,
        "believed to pass": world.expected.passes,
        "available": firms.available,
        "share": links.share,
    }.items():
        assert values.min() >= -1e-12, f"{name} is {values.min():.3g}, below 0, in {when}"
        assert values.max() <= 1.0 + 1e-12, f"{name} is {values.max():.6g}, above 1, in {when}"

    shares = group_sum(links.share, links.need, len(needs))
    assert np.abs(shares - 1.0).max() <= 1e-9, (
        f"shares of a need sum to {shares[np.abs(shares - 1.0).argmax()]:.9f} in {when}"
    )
    granted = group_sum(world.links.shipped, links.need, len(needs))
    most = group_sum(
        np.maximum(world.links.orders, world.links.allowed), links.need, len(needs)
    )  # licences of earlier months ship beside this month's orders
    assert (granted <= most * (1.0 + 1e-9) + 1e-9 * needs.base_use).all(), (
        f"a need was granted more than it asked for in {when}"
    )
    capacity = np.where(world.firms.is_end, np.inf, firms.capacity * firms.available)
    assert (firms.run <= capacity * (1.0 + 1e-9) + 1e-12).all(), (
        f"a plant ran above its capacity in {when}"
    )
    _check_pipeline(world, when)
    money = world.money
    assert np.isfinite(money.month).all(), f"a balance is not finite in {when}"
    gap = abs(float(money.month.sum()))
    assert gap <= TOLERANCE * max(money.by_kind.get("sale", 0.0), 1.0), (
        f"payments and receipts differ by {gap:.3g} USD million in {when}"
    )


def _check_pipeline(world: World, when: str) -> None:
    """What a buyer believes to be on its way is what is on its way, and what waits for a licence is
    what its links hold.
    """
    needs, links = world.needs, world.links
    travelling = world.freight.transit.sum(axis=0)
    gap = np.abs(needs.pipeline - travelling)
    limit = ROUNDING * (
        1.0 + np.maximum(travelling, needs.base_use)
    )  # kept by adding and subtracting, so to rounding
    assert (gap <= limit).all(), f"pipeline differs from transit by {gap.max():.3g} t in {when}"
    pending = group_sum(links.pending, links.need, len(needs))
    assert np.abs(needs.pending - pending).max(initial=0.0) <= ROUNDING * (
        1.0 + pending.max(initial=0.0)
    ), f"pending differs from the queue in {when}"
