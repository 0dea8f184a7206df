"""Capacity: what was built opens, and firms that run expand once a year when orders and margins
call for it (M9).

Options to build anew are in `projects`, the side of the border in `place`, closing and reopening in
`closures`.
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import IntArray, group_sum
from coercivity.agents.firms import investor
from coercivity.agents.tables import OPEN, OPTION, Firms, Links, Needs, Offers
from coercivity.model.basis.fixed_names import Switches
from coercivity.model.basis.parameters import Parameters, parameters_of
from coercivity.model.basis.price_level import price_level
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.parts.clock import Clock
from coercivity.model.parts.expectations import Expectations
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.outlook import Outlook
from coercivity.model.parts.politics import Politics
from coercivity.model.parts.support import Support
from coercivity.model.parts.works import Site, Works
from coercivity.model.parts.world_view import WorldView
from coercivity.model.plants.building import (
    FAST,
    capex_of_projects,
    capex_per_tonne,
    enlarge_reach,
    lead_months,
)
from coercivity.model.plants.closures import shut_down, start_closures
from coercivity.model.plants.outlook import SECOND_SOURCE, look_ahead
from coercivity.model.plants.place import place, start_place
from coercivity.model.plants.projects import plan_builds, start_options
from coercivity.model.start.population import Population

SMOOTHED = 12  # months over which orders are smoothed, and so how old they are on average


def start_capacity(
    firms: Firms,
    needs: Needs,
    offers: Offers,
    links: Links,
    works: Works,
    population: Population,
    *,
    beliefs: Beliefs,
    expected: Expectations,
    politics: Politics,
    clock: Clock,
    p: Parameters,
    on: Switches,
) -> None:
    """Columns, pipeline and options of a new world: plants under way, plants that may be built,
    what building costs.
    """
    facts = p.facts
    stated = capex_of_projects(facts, firms.names, clock.start)
    usual = capex_per_tonne(facts, firms.process, firms.state) * price_level(facts, clock.start)
    firms.add_columns(
        status=np.where(firms.capacity > 0, OPEN, OPTION),
        capex=np.where(np.isnan(stated), usual, stated),
        idle=np.zeros(len(firms)),
    )
    plan_growth(firms, works)
    plan_builds(firms, works, population, clock=clock, p=p)
    _pay_plans(works, firms=firms, politics=politics, p=p)
    works.outlook = Outlook(firms, offers)
    start_options(firms, population, clock=clock)
    start_place(works, population, firms=firms)
    start_closures(firms, population.census.lent, works=works, p=p)
    who_is_open(offers, links, firms=firms, p=p, on=on)
    look_ahead(
        needs,
        links,
        works,
        firms=firms,
        offers=offers,
        beliefs=beliefs,
        expected=expected,
        p=p,
        on=on,
    )
    know_leads(works, firms=firms, politics=politics, p=p)


def who_is_open(offers: Offers, links: Links, *, firms: Firms, p: Parameters, on: Switches) -> None:
    """Plants that have not opened or stand closed get no orders; they ask what their good is
    thought to be worth. Looked up when a status changes.
    """
    open_ = firms.status[offers.firm] == OPEN
    offers.shut_rows = np.flatnonzero(~open_)
    links.opened = open_[links.offer]
    courts = open_ & (firms.base_run[offers.firm] <= 0)
    links.courted_rows = links.new_rows[courts[links.offer[links.new_rows]]]
    if on["M3"]:
        links.qualified[:] = (links.seek >= links.qualify * p.qualification_time) & links.opened


def sign_customers(links: Links, new: IntArray, *, seen: WorldView) -> None:
    """A new plant is built for customers: its links get the relationship weight at which those who
    look at it would fill it, w = min(f K y / use, s). Outside the exporter those are buyers
    outside: who makes what the exporter makes is built as their second source, ore apart.

    K capacity with what still ramps up (t/month), y output per t of run, use what those buyers
    expect to use (t/month), f the part that is contracted, s what a buyer gives a second source.
    """
    firms, offers = seen.firms, seen.offers
    built = np.zeros(len(firms), dtype=bool)
    built[new] = True
    rows = (built[offers.firm] & (offers.lead > 0))[links.offer].nonzero()[0]
    ore = offers.is_ore[links.offer[rows]]
    rows = rows[links.second[rows] | (links.exporter[rows] == seen.facts.china) | ore]
    if not len(rows):
        return
    sold = links.offer[rows]
    use = group_sum(seen.needs.expected[links.need[rows]], sold, len(offers))[sold]
    planned = firms.capacity + seen.works.pipeline.building
    size = (planned[offers.firm] * offers.yields)[sold]
    weight = np.minimum(seen.p.contracted_share * size / np.maximum(use, 1e-12), SECOND_SOURCE)
    links.prior[rows] = np.maximum(links.prior[rows], weight)
    links.habit[rows] = np.maximum(links.habit[rows], weight)
    links.weight[rows] = np.maximum(links.weight[rows], weight)


def close_plants(
    firms: Firms,
    offers: Offers,
    links: Links,
    works: Works,
    support: Support,
    ledger: Ledger,
    *,
    seen: WorldView,
) -> None:
    """At the start of a month nothing has been cancelled yet, and plants that were to close
    stand.
    """
    works.pipeline.cancelled = np.zeros(len(firms))
    if works.closing:
        shut_down(firms, works, support, ledger, clock=seen.clock)
        who_is_open(offers, links, firms=firms, p=seen.p, on=seen.on)


def plan_growth(firms: Firms, works: Works) -> None:
    """At the start, plants already under way meet the demand that was foreseen: capacity x growth /
    12 opens each month until a new decision could deliver.

    How far that reaches is a fact of the start: it follows the shipped leads, not those of the
    scenario. Mines and separation outside China get no such plants: there the named projects are
    what was under way.
    """
    facts = firms.facts
    pipe = works.pipeline
    rate = firms.trend
    lead = lead_months(parameters_of(facts).defaults(), firms=firms)
    under_way = (
        (firms.process < facts.process_row["make_metal"])
        & (firms.state != facts.china)
        & ~np.isin(firms.state, [facts.state_row[s] for s in FAST])
    )
    rate = np.where(under_way | firms.is_end, 0.0, rate)
    # China's ionic-clay quota stands still, so its neighbours' mines plan for the whole growth
    heavy = firms.process == facts.process_row["mine_heavy"]
    free = heavy & ~firms.has_quota
    open_share = firms.base_run[free].sum() / max(firms.base_run[heavy].sum(), 1e-12)
    rate = np.where(free & (rate > 0), rate / max(open_share, 0.2), rate)
    firms.last_year = firms.base_run * np.exp(-rate)
    rows = np.flatnonzero((rate > 0) & (firms.capacity > 0))
    month = np.arange(min(int(lead.max() * 1.2) + 1, len(pipe.arrivals)))[:, None]
    tonnes = firms.capacity[rows] * np.exp(rate[rows] * month / 12.0) * rate[rows] / 12.0
    pipe.begin(rows, np.where(month < lead[rows], tonnes, 0.0))


def _pay_plans(works: Works, *, firms: Firms, politics: Politics, p: Parameters) -> None:
    """What was under way at the start is paid for evenly over the lead before it opens, whether all
    of it will run or not; what falls before the start was paid.
    """
    pipe = works.pipeline
    lead = np.rint(lead_months(p, firms=firms, banned=politics.technology_ban))
    lead = np.maximum(lead, 1.0).astype(np.int64)
    last = int(np.flatnonzero(pipe.arrivals.any(axis=1)).max(initial=-1)) + 1  # nothing opens later
    pipe.paid_until = max(pipe.paid_until, last)
    planned = np.flatnonzero(pipe.building > 0)
    opened = np.vstack([np.zeros(len(planned)), np.cumsum(pipe.arrivals[:last, planned], axis=0)])
    for months in sorted(set(lead[planned].tolist())):
        of = np.flatnonzero(lead[planned] == months)
        rows = planned[of]
        ahead = np.minimum(np.arange(last) + months, last)
        due = opened[ahead[:, None], of] - opened[:-1, of]
        pipe.spend[:last, rows] += (
            due * firms.capex[rows] * investor.BROWNFIELD_COST / firms.reach[rows] / months
        )


def open_plants(
    firms: Firms, offers: Offers, links: Links, works: Works, *, seen: WorldView
) -> None:
    """What was built comes into use; what is ordered of a plant is remembered over a year."""
    pipe, month = works.pipeline, seen.clock.month
    firms.outlay = pipe.spend[month] if month < len(pipe.spend) else np.zeros(len(firms))
    larger, opening = pipe.of_larger(month), pipe.open(month)
    if opening.any():
        grow = larger.nonzero()[0]
        enlarge_reach(firms, grow, opening[grow], larger[grow])
        firms.capacity = firms.capacity + opening
        new = (opening > 0) & (firms.status != OPEN)
        if new.any():
            first = np.flatnonzero(new & (firms.status == OPTION))
            firms.status = np.where(new, OPEN, firms.status)
            who_is_open(offers, links, firms=firms, p=seen.p, on=seen.on)
            if len(first):
                sign_customers(links, first, seen=seen)
    lead_value = offers.lead * offers.ask
    needed = group_sum(lead_value * offers.orders, offers.firm, len(firms)) / np.maximum(
        group_sum(lead_value * offers.yields, offers.firm, len(firms)), 1e-300
    )
    # who runs whatever is ordered may not take its own run for orders: it would grow for ever
    own = np.where(firms.is_fringe, 0.0, firms.desired)
    needed = np.minimum(np.maximum(own, needed), 1.3 * np.maximum(firms.capacity, 1e-12))
    firms.orders_year += (needed - firms.orders_year) / SMOOTHED


def know_leads(works: Works, *, firms: Firms, politics: Politics, p: Parameters) -> None:
    """Months to build by firm are looked up again when the exporter's technology ban changes."""
    if works.lead_under_ban != politics.technology_ban:
        works.lead_under_ban = politics.technology_ban
        works.lead = lead_months(p, firms=firms, banned=politics.technology_ban)


def add_capacity(firms: Firms, works: Works, *, beliefs: Beliefs, clock: Clock) -> None:
    """What plants decided to add is to be built, on the side of the border where it pays."""
    rows = investor.look_ahead_rows(firms, clock.month)
    if not len(rows):
        return
    rows, build = place(firms, rows, firms.addition[rows], works=works, beliefs=beliefs)
    works.begun.append(Site(rows, build, investor.BROWNFIELD_COST))
