"""How a world begins: its tables and parts, filled from the balanced start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coercivity.agents.columns import group_sum, run_first
from coercivity.model.adaptation import use_kinds
from coercivity.model.build import build_tables
from coercivity.model.capacity import start_capacity
from coercivity.model.demand import scaled_growth
from coercivity.model.goods import CHINA, GOOD, PROCESS, goods
from coercivity.model.macro import import_shares
from coercivity.model.market import pricing_terms, separation_cost
from coercivity.model.money import start_money
from coercivity.model.names import GOODS, STAGES, STATES
from coercivity.model.ordering import kinds
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.border import Border
from coercivity.model.parts.demand import Demand
from coercivity.model.parts.elements import Elements, content_by_kind
from coercivity.model.parts.freight import Freight
from coercivity.model.parts.leaks import Leaks
from coercivity.model.parts.market import Market
from coercivity.model.parts.money import Money
from coercivity.model.parts.recycling import Recycling
from coercivity.model.parts.supply import SupplyPolicy
from coercivity.model.parts.support import Support
from coercivity.model.parts.works import Works
from coercivity.model.politics import start_duty
from coercivity.model.production import held
from coercivity.model.start import balanced_start
from coercivity.model.supply_policy import expected_need, places

if TYPE_CHECKING:
    from coercivity.model.world import World

S, G = len(STATES), len(GOODS)


def found(world: World) -> None:
    """Fill a new world."""
    p, start = world.p, balanced_start(world.clock.start)
    duty = start_duty(world.politics.script, world.clock.start, GOODS)
    scales = p.demand_growth_record, p.demand_growth_scale
    world.demand = Demand(scaled_growth(world.clock.start, world.clock.months + 1, *scales))
    foreseen = scaled_growth(world.clock.start, 37, *scales)[36] / 3.0 * world.on["M15"]
    population, world.links, transit = build_tables(start, p, world.clock.seed, duty, foreseen)
    world.freight = Freight(transit)
    world.firms, world.needs, world.offers = population.firms, population.needs, population.offers
    _name_kinds(world, population.census.names)
    _look_up_rows(world)
    world.border = Border(world.links, world.needs)
    world.beliefs = Beliefs(p.credibility_start)
    world.market = Market(world.offers, separation_cost(world.firms))
    use_kinds(world.needs, firms=world.firms, p=world.p)
    needs, links = world.needs, world.links
    needs.add_columns(
        alarm=np.zeros(len(needs)), research=np.zeros(len(needs)), saving=np.ones(len(needs)),
        wanted=np.zeros(len(needs)), used=np.zeros(len(needs)), lacking=np.zeros(len(needs), dtype=bool),
        bill=np.zeros(len(needs)), paid_before=needs.paid.copy(),
    )  # fmt: skip
    world.elements = Elements(content_by_kind(world.firms, needs, world.offers))
    _begin_supply(world)
    links.add_columns(
        orders=np.zeros(len(links)), allowed=np.zeros(len(links)), shipped=np.zeros(len(links)), licensed=np.zeros(len(links)),
        qualified=(links.qualify == 0).astype(np.float64),
    )  # fmt: skip
    count = len(world.firms)
    world.firms.add_columns(
        wish=np.zeros(count), lasts=np.ones(count), outlay=np.zeros(count),
        **{f"loss_{name}": np.zeros(count) for name in ("short", "absorbed", "gone", "made_up", "linkage", "postponed")},
    )  # fmt: skip
    world.beliefs.import_shares = import_shares(needs=world.needs, links=world.links)
    start_money(world.firms, links, offers=world.offers, p=p)
    world.money = Money(world.firms.state, world.ledger.record_columns)
    world.support = Support(count, len(world.offers))
    world.works = Works(count, world.clock.months)
    start_capacity(world.firms, world.needs, world.offers, world.links, world.works, world.supply, population, beliefs=world.beliefs, politics=world.politics, clock=world.clock, p=world.p, on=world.on)
    world.leaks = Leaks(len(needs), world.ledger.record_columns)
    world.offers.add_columns(listed=world.offers.ask, sold=np.zeros(len(world.offers)))
    world.recycling = Recycling(world.firms, needs, world.elements, p)
    world.elements.held_start = held(needs=world.needs, offers=world.offers, freight=world.freight, supply=world.supply, support=world.support)


def _name_kinds(world: World, names: tuple[str, ...]) -> None:
    """What kind of firm each is, as masks, and the same for its needs and offers."""
    firms, needs, offers = world.firms, world.needs, world.offers
    firms.add_columns(names=names, **kinds(firms.process, firms.state, CHINA))
    firms.add_columns(may_build=~firms.is_end & ~firms.has_quota, decision_month=np.arange(len(firms)) % 12)
    needs.add_columns(of_end=firms.is_end[needs.firm])
    offers.add_columns(of_mine=firms.is_mine[offers.firm])
    made, ore, eta, steep = pricing_terms(offers.good, world.p)
    offers.add_columns(to_order=made, is_ore=ore, eta=eta, eta_steep=steep)


def _look_up_rows(world: World) -> None:
    """Indices of rows that are looked up every month, and what follows from a link's ends alone."""
    needs, links = world.needs, world.links
    needs.link_first = run_first(links.need)
    if len(needs.link_first) != len(needs):
        raise ValueError("a need has no supplier")
    needs.user_first = run_first(needs.firm)
    needs.users = needs.firm[needs.user_first]
    links.new_rows = np.flatnonzero(links.qualify > 0)
    links.new_needs = links.need[links.new_rows]
    links.motor_rows = np.flatnonzero((links.good == GOOD["motor_standard"]) | (links.good == GOOD["motor_heat_resistant"]))
    stage = goods().stage[links.good]
    links.stage_rows = tuple(np.flatnonzero(stage == step) for step in range(len(STAGES)))
    links.add_columns(
        pair=links.importer * S + links.exporter, sensitivity=goods().sensitivity[links.good] * world.p.cost_sensitivity,
        due=links.need * 2 + links.lag - 1, taxed=1.0 + links.vat,
        user=needs.firm[links.need], travel=links.lag.astype(np.float64), queue=links.tier * len(world.offers) + links.offer,
        nothing=1e-9 * needs.base_use[links.need],
    )  # fmt: skip


def _begin_supply(world: World) -> None:
    """The exporter's quotas as its mines run at the start, and the weight of each state's alarm in hoarding."""
    firms, links, p = world.firms, world.links, world.p
    mines = [float((firms.base_run * (firms.has_quota & (firms.process == PROCESS[m]))).sum()) for m in ("mine_light", "mine_heavy")]
    world.supply = SupplyPolicy(mines[0], mines[1], p.quota_slack, world.market.quote, len(firms))
    world.supply.at = places(firms=world.firms, needs=world.needs, offers=world.offers)
    world.supply.use_before = expected_need(GOOD["ndpr_oxide"], needs=world.needs)
    bought = links.share * world.needs.base_use[links.need] * links.base_cost * (links.exporter == CHINA) * (links.importer != CHINA)
    world.supply.import_weight = np.maximum(group_sum(bought, links.importer, S), 1e-12)
