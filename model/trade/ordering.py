"""The month's orders: plants plan their runs, buyers order up to their targets and spread orders over suppliers (M2, M3)."""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum, run_sum
from coercivity.agents.firms import buyer, manufacturer, miner, processor
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.goods import FIRST_SECTOR, PROCESS
from coercivity.model.basis.names import Switches
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.border import Border
from coercivity.model.parts.leaks import Leaks
from coercivity.model.parts.market import Market, price_ratio
from coercivity.model.parts.politics import Politics
from coercivity.model.parts.supply import SupplyPolicy
from coercivity.model.parts.support import Support
from coercivity.model.support.public_finance import aided_margin

LARGE_PART = 0.1  # t of by-product per t fed from which a plant runs for it too


def plan_runs(
    firms: Firms,
    *,
    offers: Offers,
    supply: SupplyPolicy,
    support: Support,
    p: Parameters,
    on: Switches,
) -> None:
    """Every plant decides how hard it would like to run (t/month of run): swing plants on orders, mines by quota, others while they earn."""
    count, margin = len(firms), aided_margin(firms=firms, support=support)
    ahead = buyer.forecast(
        offers.orders, firms.trend[offers.firm], p.order_memory + 1.0 / p.run_speed
    )
    wanted = processor.wanted_output(ahead, offers.stock, p.seller_cover, p.plant_adjustment)
    lead_price = offers.ask * offers.lead
    counts = offers.ask * ((offers.lead > 0) | (offers.yields >= LARGE_PART))
    on_orders = processor.desired_run(wanted, offers.yields, counts, offers.firm, count, 4.0)
    aim = processor.throttle(
        np.minimum(on_orders, 1.3 * np.maximum(firms.capacity, 1e-12)), margin, p.bearable_loss
    )
    desired = firms.desired + p.run_speed * (aim - firms.desired)
    capacity = firms.capacity * firms.available
    unsold = group_sum(
        np.maximum(offers.stock - offers.orders, 0.0) * lead_price, offers.firm, count
    )
    month_value = group_sum(offers.yields * lead_price, offers.firm, count) * np.maximum(
        firms.capacity, 1e-12
    )
    months = unsold / np.maximum(month_value, 1e-300)
    fringe = miner.fringe_run(
        capacity,
        p.fringe_utilisation,
        margin,
        months,
        price_ratio(firms, offers),
        p.fringe_elasticity,
    )
    entrant = 0.3 * capacity * (margin > 0) * (3.0 - months).clip(0.0, 1.0)
    desired = np.where(
        firms.is_fringe, firms.desired + p.run_speed * (fringe - firms.desired), desired
    )
    desired = np.where(firms.is_maker, np.maximum(desired, entrant), desired)
    dug = miner.quota_run(np.where(firms.has_quota, supply.allowed, 0.0), months)
    desired = np.where(
        firms.has_quota, firms.desired + p.run_speed * (dug - firms.desired), desired
    )
    if not on["M1"]:  # plants keep their starting pace
        desired = firms.base_run
    owed = firms.backlog + np.maximum(p.finished_stock - firms.finished, 0.0) * on["M14"]
    plan = manufacturer.planned_activity(firms.plan, owed, p.overtime, 6.0)
    firms.desired = np.where(firms.is_end, plan, np.maximum(desired, 0.0))
    firms.wish = np.minimum(firms.desired, np.where(firms.is_end, firms.desired, capacity))


def order(
    firms: Firms,
    needs: Needs,
    links: Links,
    *,
    offers: Offers,
    market: Market,
    border: Border,
    leaks: Leaks,
    beliefs: Beliefs,
    politics: Politics,
    supply: SupplyPolicy,
    support: Support,
    p: Parameters,
    on: Switches,
) -> None:
    """Buyers revise what they expect to use, set their target cover, order the gap, and spread it over suppliers (t/month per link)."""
    plan_runs(firms, offers=offers, supply=supply, support=support, p=p, on=on)
    needs.expected = buyer.expected_use(
        needs.expected, needs.coefficient * firms.wish[needs.firm], p.use_smoothing
    )
    target = source(links, needs=needs, leaks=leaks, beliefs=beliefs, politics=politics, p=p, on=on)
    if on["M3"]:
        links.share = buyer.follow(links.share, target, p.share_speed)
    needs.alarm = run_sum(links.share * beliefs.alarm.take(links.pair), needs.link_first).clip(
        0.0, 1.0
    )
    lead = run_sum(
        links.share
        * (links.travel + border.wait(links) if border.licensed.any() else links.travel),
        needs.link_first,
    )
    growth = buyer.price_growth(needs.growth, market.quote_growth[needs.good])
    ratio = needs.paid / needs.reference
    gains = (p.alarm_cover_gain, p.trend_cover_gain) if on["M2"] else (0.0, 0.0)
    cover = buyer.target_cover(
        needs.cover, needs.alarm, growth, ratio, *gains, p.trend_band, politics.firm_acts.cover
    )
    use = buyer.forecast(needs.expected, firms.trend[needs.firm], p.use_smoothing)
    wanted = buyer.order_quantity(
        use,
        cover,
        lead,
        needs.stock,
        needs.pipeline + needs.pending,
        p.order_adjustment,
        p.order_limit,
    )
    if leaks.active:
        wanted = wanted + leaks.resold  # what was re-sold to a barred target is bought again
    needs.wanted = wanted
    links.orders = wanted.take(links.need) * links.share


def source(
    links: Links,
    *,
    needs: Needs,
    leaks: Leaks,
    beliefs: Beliefs,
    politics: Politics,
    p: Parameters,
    on: Switches,
) -> FloatArray:
    """Target shares: relationship, delivered cost relative to the start, distrust, and how well a supplier has delivered; qualification advances.

    A need seeks new suppliers while it distrusts, misses deliveries or has decided to turn away (`firm_acts`); a link without base trade counts after its
    months of seeking (3 oxides, 6 metal, 9 magnets) and once its plant has opened.
    """
    aversion = (p.distrust_gain * beliefs.distrust).take(links.pair)
    averse = run_sum(links.share * aversion, needs.link_first)
    seeking = (needs.fill < 0.9) | (averse > 0.1 * p.distrust_gain)
    acts, weight = politics.firm_acts, links.weight * leaks.lure
    if acts.seeking is not None:
        seeking, weight = seeking | acts.seeking, weight * acts.pull
    rows = links.new_rows[seeking.take(links.new_needs)]
    links.seek[rows] += 1.0
    if on["M3"]:
        links.qualified[rows] = (
            links.seek[rows] >= links.qualify[rows] * p.qualification_time
        ) & links.opened[rows]
    return buyer.sourcing_target(
        weight,
        links.cost / links.base_cost,
        aversion,
        links.fill,
        links.qualified,
        links.need,
        needs.link_first,
        links.sensitivity,
    )


def update_relationships(links: Links, *, p: Parameters) -> None:
    """Relationships follow trade slowly, half anchored to where they began."""
    links.weight = buyer.relationship(links.weight, links.share, links.prior, p.relationship_speed)


def kinds(process: IntArray, state: IntArray, swing: int) -> dict[str, np.ndarray]:
    """Masks over firms: mines, separators, presses of magnets, end users, makers on orders, the fringe
    (mines and separators outside the exporter), and holders of the exporter's mining quota.
    """
    mines = (process == PROCESS["mine_light"]) | (process == PROCESS["mine_heavy"])
    plants = (process == PROCESS["separate_light"]) | (process == PROCESS["separate_heavy"])
    presses = (process >= PROCESS["make_magnet_standard"]) & (process < FIRST_SECTOR)
    return {
        "is_mine": mines,
        "is_separator": plants,
        "is_press": presses,
        "is_end": process >= FIRST_SECTOR,
        "is_maker": (process >= PROCESS["make_metal"]) & (process < FIRST_SECTOR),
        "is_fringe": (mines | plants) & (state != swing),
        "has_quota": mines & (state == swing),
    }
