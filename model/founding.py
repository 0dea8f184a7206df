"""How a world begins: its tables and parts, filled from the balanced start."""

from __future__ import annotations

from typing import Any

import numpy as np

from coercivity.agents.base.arrays import FloatArray, group_sum, run_first
from coercivity.agents.tables import Firms, Links, Needs, Offers
from coercivity.model.basis.calendar import MONTH_DAYS
from coercivity.model.basis.fixed_names import STAGES, Switches
from coercivity.model.basis.goods import goods
from coercivity.model.basis.overlay import OwnRows
from coercivity.model.basis.parameters import Parameters
from coercivity.model.basis.price_level import price_level
from coercivity.model.books.money import start_money
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.border import Border
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.demand import Demand
from coercivity.model.parts.elements import Elements, content_by_kind, element_tonnes
from coercivity.model.parts.expectations import Expectations, chain_of
from coercivity.model.parts.freight import LAGS, Freight
from coercivity.model.parts.leaks import Leaks
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.market import Market
from coercivity.model.parts.money import Money
from coercivity.model.parts.politics import Politics
from coercivity.model.parts.recycling import Recycling
from coercivity.model.parts.supply import SupplyPolicy
from coercivity.model.parts.support import Support
from coercivity.model.parts.works import Works
from coercivity.model.plants.capacity import start_capacity
from coercivity.model.plants.small_mines import most_by_state
from coercivity.model.politics.measures import start_duty
from coercivity.model.politics.news import remember_acts
from coercivity.model.politics.supply_policy import illegal_at_start, magnets_expected, places
from coercivity.model.scenario.event import Event
from coercivity.model.start.balanced import balanced_start
from coercivity.model.start.build import build_tables
from coercivity.model.start.kinds import kind_masks
from coercivity.model.start.population import Population
from coercivity.model.trade.clearing import (
    bearable_prices,
    pricing_terms,
    separation_cost,
)
from coercivity.model.use.adaptation import choke_prices, use_kinds
from coercivity.model.use.demand import GROWTH_RECORD, LONGEST, scaled_growth
from coercivity.model.use.macro import import_shares

LOSSES = ("short", "absorbed", "gone", "made_up", "linkage", "postponed")


def found_world(
    politics: Politics,
    ledger: Ledger,
    *,
    own: OwnRows,
    clock: Clock,
    p: Parameters,
    on: Switches,
) -> dict[str, Any]:
    """The tables and parts of a new world, by name, filled such that the first month is near an
    equilibrium; own: a scenario's rows over shipped tables.
    """
    facts = p.facts
    demand, foreseen = begin_demand(clock=clock, p=p, on=on)
    population, links, transit = begin_tables(politics.script, foreseen, own, clock=clock, p=p)
    firms, needs, offers = population.firms, population.needs, population.offers
    border = Border(links, needs)
    market = Market(
        offers,
        separation_cost(firms),
        bearable_prices(choke_prices(facts), facts),
        price_level(facts, clock.start),
    )
    beliefs = begin_beliefs(needs=needs, links=links, p=p)
    if on["M7"]:
        remember_acts(beliefs, politics.script, clock.start, p=p)
    elements = Elements(facts, content_by_kind(firms, needs, offers))
    supply = begin_supply(market.quote, firms=firms, needs=needs, links=links, clock=clock, p=p)
    start_money(firms, offers=offers, clock=clock, p=p)
    money = Money(facts, firms.state, ledger.record_columns)
    support = Support(facts, len(firms), len(offers))
    works = Works(facts, len(firms), clock.months)
    leaks = Leaks(facts, len(needs), ledger.record_columns)
    chain = chain_of(firms=firms, needs=needs, offers=offers, links=links)
    expected = Expectations(border, chain=chain, goods=len(facts.goods), runs=firms.base_run)
    start_capacity(
        firms,
        needs,
        offers,
        links,
        works,
        population,
        beliefs=beliefs,
        expected=expected,
        politics=politics,
        clock=clock,
        p=p,
        on=on,
    )
    look_up_owners(links, firms=firms, offers=offers)
    freight, recycling = Freight(transit), Recycling(firms, needs, elements, p)
    reserve = support.reserve.sum(axis=0)
    elements.held_start = element_tonnes(needs, offers, freight.transit, reserve)
    return {
        "firms": firms,
        "needs": needs,
        "offers": offers,
        "links": links,
        "freight": freight,
        "market": market,
        "border": border,
        "leaks": leaks,
        "works": works,
        "demand": demand,
        "elements": elements,
        "recycling": recycling,
        "beliefs": beliefs,
        "expected": expected,
        "supply": supply,
        "support": support,
        "money": money,
    }


def begin_demand(*, clock: Clock, p: Parameters, on: Switches) -> tuple[Demand, FloatArray]:
    """Demand of the run, and its growth that is foreseen at the start: the mean of three years,
    yearly log growth by state and sector."""
    facts = p.facts
    scales = GROWTH_RECORD, p.demand_growth_scale
    demand = Demand(facts, scaled_growth(facts, clock.start, LONGEST, *scales))
    return demand, scaled_growth(facts, clock.start, 37, *scales)[36] / 3.0 * on["M15"]


def begin_beliefs(*, needs: Needs, links: Links, p: Parameters) -> Beliefs:
    """Beliefs of a calm world, with what each state imports from whom."""
    beliefs = Beliefs(p.facts, p.credibility_start)
    beliefs.import_shares = import_shares(needs=needs, links=links)
    value = links.share * needs.base_use[links.need] * links.base_cost
    by_good = group_sum(value, links.pair * beliefs.usual.shape[2] + links.good, beliefs.usual.size)
    beliefs.usual = by_good.reshape(beliefs.usual.shape) + 1e-12
    return beliefs


def begin_tables(
    script: tuple[Event, ...], foreseen: FloatArray, own: OwnRows, *, clock: Clock, p: Parameters
) -> tuple[Population, Links, FloatArray]:
    """The four tables with all their columns, and what is on its way (t, lags x needs)."""
    facts = p.facts
    duty = start_duty(facts, script, clock.start, facts.goods)
    population, links, transit = build_tables(
        balanced_start(facts, clock.start, own), p, clock.seed, duty, foreseen, own
    )
    firms, needs, offers = population.firms, population.needs, population.offers
    name_kinds(firms, needs, offers, population.census.names, p=p)
    look_up_rows(needs, links, offers=offers, p=p)
    use_kinds(needs, firms=firms)
    fill_columns(firms, needs, offers, links)
    return population, links, transit


def name_kinds(
    firms: Firms, needs: Needs, offers: Offers, names: tuple[str, ...], *, p: Parameters
) -> None:
    """What kind of firm each is, as masks, and the same for its needs and offers."""
    facts = p.facts
    firms.add_columns(names=names, **kind_masks(facts, firms.process, firms.state, facts.china))
    in_pits = (firms.process == facts.process_row["mine_heavy"]) & (
        most_by_state(facts)[firms.state] > 0.0
    )
    firms.add_columns(
        may_build=~firms.is_end & ~firms.has_quota & ~in_pits,
        decision_month=np.arange(len(firms)) % 12,
    )
    needs.add_columns(of_end=firms.is_end[needs.firm])
    offers.add_columns(of_mine=firms.is_mine[offers.firm])
    manufactured, ore = pricing_terms(offers.good, facts)
    offers.add_columns(to_order=manufactured, is_ore=ore)


def look_up_rows(needs: Needs, links: Links, *, offers: Offers, p: Parameters) -> None:
    """Indices of rows that are looked up every month, and what follows from a link's ends alone."""
    facts = p.facts
    needs.link_first = run_first(links.need)
    if len(needs.link_first) != len(needs):
        raise ValueError("a need has no supplier")
    needs.user_first = run_first(needs.firm)
    needs.users = needs.firm[needs.user_first]
    links.new_rows = np.flatnonzero(links.qualify > 0)
    links.new_needs = links.need[links.new_rows]
    links.motor_rows = np.flatnonzero(
        (links.good == facts.good_row["motor_standard"])
        | (links.good == facts.good_row["motor_heat_resistant"])
    )
    stage = goods(facts).stage[links.good]
    links.stage_rows = tuple(np.flatnonzero(stage == step) for step in range(len(STAGES)))
    months = links.days / MONTH_DAYS
    whole = np.minimum(months.astype(np.int64), LAGS - 2)
    links.add_columns(
        second=(links.importer != facts.china)
        & (links.exporter != facts.china)
        & ~offers.is_ore[links.offer],
        pair=links.importer * len(facts.states) + links.exporter,
        sensitivity=goods(facts).sensitivity[links.good] * p.cost_sensitivity,
        due=whole * len(needs) + links.need,
        late=months - whole,
        taxed=1.0 + links.vat,
        user=needs.firm[links.need],
        travel=months,
        nothing=1e-9 * needs.base_use[links.need],
    )


def look_up_owners(links: Links, *, firms: Firms, offers: Offers) -> None:
    """Links by which a plant draws on the mine of its owner (integrated.csv), one a plant, and what
    else the same needs can draw on.
    """
    own = firms.mine_of[links.user] == offers.firm[links.offer]
    links.own_rows = np.flatnonzero(own)
    owned = np.isin(links.need, links.need[links.own_rows])
    links.beside_rows = np.flatnonzero(owned & ~own)


def fill_columns(firms: Firms, needs: Needs, offers: Offers, links: Links) -> None:
    """Columns of the month, before there was one."""
    count, many, lanes = len(firms), len(needs), len(links)
    firms.add_columns(wish=np.zeros(count), lasts=np.ones(count), outlay=np.zeros(count))
    nothing = np.zeros(count, dtype=np.int64)
    firms.add_columns(addition=np.zeros(count), verdict=nothing, project=nothing.copy())
    firms.add_columns(**{f"loss_{name}": np.zeros(count) for name in LOSSES})
    needs.add_columns(
        wanted=np.zeros(many),
        used=np.zeros(many),
        lacking=np.zeros(many, dtype=bool),
        strain=np.zeros(many),
        bill=np.zeros(many),
    )
    offers.add_columns(listed=offers.ask, sold=np.zeros(len(offers)))
    links.add_columns(
        orders=np.zeros(lanes),
        allowed=np.zeros(lanes),
        shipped=np.zeros(lanes),
        licensed=np.zeros(lanes),
        qualified=(links.qualify == 0).astype(np.float64),
    )


def begin_supply(
    quote: FloatArray, *, firms: Firms, needs: Needs, links: Links, clock: Clock, p: Parameters
) -> SupplyPolicy:
    """The exporter's quotas as its mines run at the start."""
    facts = p.facts
    mines = [
        float((firms.base_run * (firms.has_quota & (firms.process == facts.process_row[m]))).sum())
        for m in ("mine_light", "mine_heavy")
    ]
    supply = SupplyPolicy(mines[0], mines[1], quote, len(firms))
    supply.at = places(firms=firms)
    supply.illegal_light, supply.illegal_heavy = illegal_at_start(clock.start, p)
    supply.ore_links = np.flatnonzero(
        (links.importer == facts.china)
        & (links.exporter != facts.china)
        & (links.good == facts.good_row["light_concentrate"])
    )
    ore = supply.ore_links
    supply.imported_base = float((links.share * needs.base_use[links.need])[ore].sum())
    supply.imported = supply.imported_base
    supply.use_start = magnets_expected(needs=needs)
    return supply
