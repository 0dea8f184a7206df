"""Targets of the record: each is about a state, a partner and a good, declared once with unit,
words and the columns that it needs, and read from the columns of a month.

Columns of model/data/evidence.csv say which: `quantity`, `state`, `partner`, `good`. state and
partner may be a state, EU, World or empty (everyone), or "Outside China" and the like; good may be
a good, a group of goods, several joined by "+", or empty for what stands in brackets in the words.

Over a window: prices, capacity and intensity are means of months; tonnes and money are sums (`sum`)
or means a month (`mean`); shares are sums over sums. A share may be asked for in % or as a share
from 0 to 1: the unit of the row decides.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray
from coercivity.agents.base.table import Table
from coercivity.agents.firms.end_user import STOP_THRESHOLD
from coercivity.experiments.quantities.record_target import (
    Key,
    Month,
    Reader,
    is_among,
    places,
    rows_of_goods_named,
    target,
)
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.basis.goods import processes
from coercivity.model.parts.border import CASES
from coercivity.model.results.trade_tables import DUST
from coercivity.model.use.macro import dependent_value_added
from coercivity.model.world import World

RAW: Final = "oxides+metals"
ORES: Final = "light_concentrate+heavy_concentrate"
NDFEB: Final = "magnet_standard+magnet_heat_resistant"
HOME: Final = ("ask", "shipped", "spot")
DECLARED: Final = ("shipped", "smuggled")
BORDER: Final = ("duty", "rent")
STOPS: Final = ("run", "plan", "lacking", "lasts")
# quantities whose `good` is a sector
OF_SECTORS: Final = (
    *("first_stop", "firms_stopped_share", "line_output", "output_lost", "chain_months"),
)
# what an electric car's motor is made of, step by step
HEAT_CHAIN: Final = ("ndpr_metal", "magnet_heat_resistant", "motor_heat_resistant")


def crossing(
    world: World, exporters: str, importers: str, goods: str, default: str = "all"
) -> IntArray:
    """Links that carry goods across a border from any of the exporters to any of the importers;
    trade within either of them (the EU) does not count.
    """
    links, facts = world.links, world.facts
    sellers, buyers, states = places(facts, exporters), places(facts, importers), len(facts.states)
    rows = np.flatnonzero(
        among_goods(world, links.good, goods, default) & (links.exporter != links.importer)
    )
    exporter, importer = links.exporter[rows], links.importer[rows]
    kept = is_among(exporter, sellers, states) & is_among(importer, buyers, states)
    if len(sellers) < states:
        kept &= ~is_among(importer, sellers, states)
    if len(buyers) < states:
        kept &= ~is_among(exporter, buyers, states)
    return rows[kept]


def among_goods(world: World, goods: IntArray, names: str, default: str = "all") -> BoolArray:
    """Which of some rows of goods a name stands for (`rows_of_goods_named`)."""
    return is_among(goods, rows_of_goods_named(world.facts, names, default), len(world.facts.goods))


def among_states(world: World, states: IntArray, name: str) -> BoolArray:
    """Which of some rows of states a name stands for (`places`)."""
    return is_among(states, places(world.facts, name), len(world.facts.states))


def _declared_tonnes(now: Month, rows: IntArray) -> FloatArray:
    """What left over some links without what is smuggled."""
    return np.maximum(now["shipped"][rows] - now["smuggled"][rows], 0.0)


def usual_trade(links: Table, needs: Table, rows: IntArray) -> FloatArray:
    """Tonnes a month by link in the balanced start; none on links without base trade."""
    return (
        np.where(links.qualify[rows] == 0, links.prior[rows], 0.0)
        * needs.base_use[links.need[rows]]
    )


def _as_array(value: float) -> FloatArray:
    return np.array([value])


def _arrivals(world: World, key: Key, default: str) -> Reader:
    rows = crossing(world, key.partner, key.state, key.good, default)
    return lambda now: _as_array(now["shipped"][rows].sum())


@target("flow", "t", "shipped")
def raw_imports(world: World, key: Key) -> Reader:
    """Shipped to `state` from `partner`; customs there count smuggled goods too (oxides and
    metals).
    """
    return _arrivals(world, key, RAW)


@target("flow", "t", "shipped")
def magnet_imports(world: World, key: Key) -> Reader:
    """As raw_imports (all magnets)."""
    return _arrivals(world, key, "magnets")


def _declared_tonnes_reader(world: World, key: Key, default: str) -> Reader:
    rows = crossing(world, key.state, key.partner, key.good, default)
    return lambda now: _as_array(_declared_tonnes(now, rows).sum())


@target("flow", "t", *DECLARED)
def raw_exports(world: World, key: Key) -> Reader:
    """Shipped from `state` to `partner` as customs of `state` count them: what is smuggled out is
    not declared (oxides and metals).
    """
    return _declared_tonnes_reader(world, key, RAW)


@target("flow", "t", *DECLARED)
def magnet_exports(world: World, key: Key) -> Reader:
    """As raw_exports (all magnets)."""
    return _declared_tonnes_reader(world, key, "magnets")


@target("flow", "t", "smuggled")
def smuggled(world: World, key: Key) -> Reader:
    """Tonnes that leave `state` for `partner` past a quota or a ban (everything)."""
    rows = crossing(world, key.state, key.partner, key.good)
    return lambda now: _as_array(now["smuggled"][rows].sum())


@target("share", "%", "shipped")
def import_share(world: World, key: Key) -> Reader:
    """Tonnes that `partner` ships to `state` over all that `state` imports, by last origin (oxides
    and metals).
    """
    of, every = (
        crossing(world, exporters, key.state, key.good, RAW) for exporters in (key.partner, "")
    )
    return lambda now: np.array([now["shipped"][of].sum(), now["shipped"][every].sum()])


def _price_home(world: World, key: Key, default: str = "") -> Reader:
    """As the table `prices` has it (home): asking prices by what was sold, else what
    buyers are quoted at their usual suppliers.
    """
    links, offers, needs = world.links, world.offers, world.needs
    at = key.state or default
    rows = np.flatnonzero(
        among_goods(world, offers.good, key.good)
        & among_states(world, world.firms.state[offers.firm], at)
    )
    lanes = np.flatnonzero(among_goods(world, links.good, key.good))
    sales = lanes[is_among(links.offer[lanes], rows, len(offers))]
    seller = links.offer[sales]
    into = lanes[among_states(world, links.importer[lanes], at)]
    weight = usual_trade(links, needs, into)
    usual, weight = into[weight > 0], weight[weight > 0]

    def read(now: Month) -> FloatArray:
        sold = np.bincount(seller, now["shipped"][sales], len(offers))
        sold[sold <= DUST] = 0.0
        if sold.any():
            return _as_array(sold @ now["ask"] / sold.sum())
        return _as_array(now["spot"][usual] @ weight / weight.sum() if len(usual) else np.nan)

    return read


@target("level", "USD/kg", *HOME)
def price_home(world: World, key: Key) -> Reader:
    """Asking price in `state` (China) without VAT, weighted by what is sold; where
    nobody sold, what buyers are quoted.
    """
    return _price_home(world, key, "China")


@target("level", "USD/kg", *HOME)
def price_abroad(world: World, key: Key) -> Reader:
    """As price_home, in another state (everyone outside China)."""
    return _price_home(world, key, "Outside China")


@target("level", "USD/kg", "ask", "premium", *BORDER)
def price_export(world: World, key: Key) -> Reader:
    """What a buyer in `partner` is asked at the border of `state` (China): asking price, premium,
    non-refunded tax, duty and a quota's rent, before freight.

    As the table `prices` has it (export): free on board, weighted by trade at the start.
    """
    links, border = world.links, world.border
    rows = crossing(world, key.state or "China", key.partner, key.good)
    base = usual_trade(links, world.needs, rows)
    rows, base = rows[base > 0], base[base > 0]
    offer, channel, taxed = links.offer[rows], border.channel[rows], 1.0 + links.vat[rows]

    def read(now: Month) -> FloatArray:
        if not len(rows):
            return _as_array(np.nan)
        paid = (
            now["ask"][offer] * np.exp(now["premium"][channel]) * (taxed + now["duty"][channel])
            + now["rent"][channel]
        )
        return _as_array(paid @ base / base.sum())

    return read


@target("share", "USD/kg", *DECLARED, "listed", "premium_charged", *BORDER)
def export_unit_value(world: World, key: Key) -> Reader:
    """What buyers pay at that border for what is declared, value over tonnes, at the prices at
    which orders were placed (oxides and metals).

    USD thousand and tonnes declared; premium and asking price of the month in which the order was
    placed.
    """
    links = world.links
    rows = crossing(world, key.state or "China", key.partner, key.good, RAW)
    offer, channel, taxed = links.offer[rows], world.border.channel[rows], 1.0 + links.vat[rows]

    def read(now: Month) -> FloatArray:
        tonnes = _declared_tonnes(now, rows)
        paid = (
            now["listed"][offer]
            * np.exp(now["premium_charged"][channel])
            * (taxed + now["duty"][channel])
            + now["rent"][channel]
        )
        return np.array([paid @ tonnes, tonnes.sum()])

    return read


def _offer_rows_of(world: World, state: str, goods: str, default: str) -> IntArray:
    offers = world.offers
    return np.flatnonzero(
        among_goods(world, offers.good, goods, default)
        & among_states(world, world.firms.state[offers.firm], state)
    )


@target("flow", "t", "made")
def mine_output(world: World, key: Key) -> Reader:
    """Rare-earth oxide in concentrate mined in `state`, legal or not (both concentrates)."""
    rows = _offer_rows_of(world, key.state, key.good, ORES)
    return lambda now: _as_array(now["made"][rows].sum())


@target("flow", "t", "made")
def output(world: World, key: Key) -> Reader:
    """Tonnes made in `state` (everything)."""
    rows = _offer_rows_of(world, key.state, key.good, "all")
    return lambda now: _as_array(now["made"][rows].sum())


@target("level", "months", "need_stock", "coming", "used", "offer_stock", "sold")
def chain_months(world: World, key: Key) -> Reader:
    """Months of use between the border of `state` (Japan) and the lines of the end users in `good`:
    at each step of their heat-resistant motors what buyers hold and what is on its way to them, and
    what sellers at home have on the shelf where they serve a tenth of that use.

    Steps: NdPr metal, magnet and motor, or from the magnet on where nobody makes magnets.
    """
    needs, offers, firms = world.needs, world.offers, world.firms
    facts, home = world.facts, key.state or "Japan"
    here = facts.state_row[home]
    at_home = firms.state[needs.firm] == here
    users = _end_users(world, key._replace(state=home))
    steps = []
    for good in HEAT_CHAIN:
        bought = at_home & (needs.good == facts.good_row[good])
        if good == HEAT_CHAIN[-1]:
            bought &= np.isin(needs.firm, users)
        shelf = (firms.state[offers.firm] == here) & (offers.good == facts.good_row[good])
        steps.append((np.flatnonzero(bought), np.flatnonzero(shelf)))

    def read(now: Month) -> FloatArray:
        total = 0.0
        for bought, shelf in steps:
            use, sold = now["used"][bought].sum(), now["sold"][shelf].sum()
            if use <= 0.0:
                continue
            total += (now["need_stock"][bought] + now["coming"][bought]).sum() / use
            if sold > 0.1 * use:
                total += now["offer_stock"][shelf].sum() / sold
        return _as_array(total)

    return read


def _output_share(world: World, key: Key, default: str) -> Reader:
    of, every = (_offer_rows_of(world, state, key.good, default) for state in (key.state, ""))
    return lambda now: np.array([now["made"][of].sum(), now["made"][every].sum()])


@target("share", "%", "made")
def separation_share(world: World, key: Key) -> Reader:
    """The part of `state` in the world's separated oxides (all oxides)."""
    return _output_share(world, key, "oxides")


@target("share", "%", "made")
def magnet_share(world: World, key: Key) -> Reader:
    """The part of `state` in the world's magnets made (NdFeB magnets)."""
    return _output_share(world, key, NDFEB)


@target("share", "share", *DECLARED, "under_quota", "month")
def quota_use(world: World, key: Key) -> Reader:
    """Exports that `state` declares under its export quota over the tonnes of the quota, month by
    month of its term.
    """
    rows, owner = crossing(world, key.state, key.partner, key.good), key.state or "China"
    channel = world.border.channel[rows]
    terms = []
    for event in world.politics.script:
        if event.kind == "quota" and event.actor == owner:
            first, end = event.month_index(world.start_name), event.end_index(world.start_name)
            last = first + 11 if end is None else end
            rate = event.get("tonnes") / event.months(world.start_name, first, last)
            terms.append((event, rate))

    def read(now: Month) -> FloatArray:
        under = rows[now["under_quota"][channel] > 0]
        month = int(now["month"][0])
        start = world.start_name
        right = sum(rate * event.months(start, month, month) for event, rate in terms)
        return np.array([_declared_tonnes(now, under).sum(), right])

    return read


@target("share", "%", "made", "illegal")
def illegal_share(world: World, key: Key) -> Reader:
    """Mine output of `state` (China) that is dug without a quota over all its mine output (both
    concentrates).
    """
    every = _offer_rows_of(world, key.state or "China", key.good, ORES)
    firm = world.offers.firm[every]

    def read(now: Month) -> FloatArray:
        made = now["made"][every]
        return np.array([(made * now["illegal"][firm]).sum(), made.sum()])

    return read


@target("level", "t/year", "capacity")
def capacity(world: World, key: Key) -> Reader:
    """Capacity in place in `state` at a stage (named in `good`), in its own measure."""
    firms = world.firms
    stage = processes(world.facts).stage[firms.process] == STAGES.index(key.good)
    rows = np.flatnonzero(
        (firms.process < world.facts.first_sector)
        & stage
        & among_states(world, firms.state, key.state)
    )
    return lambda now: _as_array(now["capacity"][rows].sum() * 12.0)


def _end_users(world: World, key: Key) -> IntArray:
    firms, facts = world.firms, world.facts
    names = key.good.split("+") if key.good else facts.sectors
    sector = np.isin(firms.sector, [facts.sector_row[name] for name in names])
    return np.flatnonzero(firms.is_end & sector & among_states(world, firms.state, key.state))


def _stops(world: World, key: Key) -> Reader:
    """Of each end user, the part of the month that had passed when a spell of stopping began, NaN
    where none began; as the table `stoppages` has it.
    """
    rows = _end_users(world, key)
    needs = np.flatnonzero(np.isin(world.needs.firm, rows))
    place = np.searchsorted(rows, world.needs.firm[needs])
    down: BoolArray = np.zeros(len(rows), dtype=bool)

    def read(now: Month) -> FloatArray:
        nonlocal down
        plan = now["plan"][rows]
        lacking = np.zeros(len(rows), dtype=bool)
        lacking[place[now["lacking"][needs]]] = True
        standing = lacking & (now["run"][rows] < STOP_THRESHOLD * plan) & (plan > 0)
        begun, down = standing & ~down, standing
        return np.where(begun, now["lasts"][rows], np.nan)

    return read


@target("stop", "days", *STOPS)
def first_stop(world: World, key: Key) -> Reader:
    """Days from the first day of `from` to the first stop of an end user's line in `state` (sector
    in `good`, or all).
    """
    return _stops(world, key)


@target("stop", "share", *STOPS)
def firms_stopped_share(world: World, key: Key) -> Reader:
    """Share of these end users whose line begins to stand within the window."""
    return _stops(world, key)


@target("flow", "t", "run")
def line_output(world: World, key: Key) -> Reader:
    """What the lines of these end users make, by the weight of the parts that go into it usually:
    a car with less dysprosium in it is a car.
    """
    rows = _end_users(world, key)
    return lambda now: _as_array(float(now["run"][rows].sum()))


@target("flow", "USD bn", "gone")
def output_lost(world: World, key: Key) -> Reader:
    """Value added of the output of these end users that customers took elsewhere for good."""
    rows, firms = _end_users(world, key), world.firms
    worth = dependent_value_added(world.facts, world.clock.start, world.p.dependent_scale)
    value = worth[firms.state[rows], firms.sector[rows]] * firms.size[rows] / 1000.0
    return lambda now: _as_array(float(now["gone"][rows] @ value))


@target("share", "share", "cases")
def approvals(world: World, key: Key) -> Reader:
    """Applications that `state` (China) grants to `partner` over those that it has to decide: what
    is open at the beginning of the window and what is filed in it (everything).

    Granted, filed, and open at the end of the month (applications).
    """
    border = world.border
    rows = crossing(world, key.state or "China", key.partner, key.good)
    channels = np.unique(border.channel[rows])
    at = [CASES.index(name) for name in ("granted", "filed", "unanswered")]

    def read(now: Month) -> FloatArray:
        cases = now["cases"].reshape(len(CASES), -1)[:, channels].sum(axis=1)
        return np.asarray(cases[at])

    return read


@target("level", "relative", "coefficient")
def intensity(world: World, key: Key) -> Reader:
    """Use per heat-resistant magnet made in `state` over the recipe of the start, weighted by use
    at the start; the magnet itself in `good` stands for its dysprosium (dysprosium oxide).
    """
    needs, firms = world.needs, world.firms
    oxide = "" if key.good.startswith("magnet_") else key.good
    rows = among_goods(world, needs.good, oxide, "dysprosium_oxide") & (
        firms.process[needs.firm] == world.facts.process_row["make_magnet_heat_resistant"]
    )
    rows &= among_states(world, firms.state[needs.firm], key.state)
    at = np.flatnonzero(rows)
    recipe, weight = needs.recipe[at].copy(), needs.base_use[at].copy()
    return lambda now: _as_array(
        (now["coefficient"][at] / recipe) @ weight / weight.sum() if weight.sum() > 0 else np.nan
    )


def check_names(facts: Facts, key: Key) -> None:
    """Raise InputError for a state, partner, good, stage or sector that is not known; the message
    names it.
    """
    from coercivity.model.basis.errors import InputError, suggest

    for name in (key.state, key.partner):
        places(facts, name)
    options: tuple[str, ...] = ()
    if key.quantity == "capacity":
        options = STAGES
    elif key.quantity in OF_SECTORS:
        options = ("", *facts.sectors)
    for name in key.good.split("+"):
        if options and name not in options:
            raise InputError(
                "good '{value}' of {quantity} is not known",
                suggest(name, options),
                value=name,
                quantity=key.quantity,
            )
        if not options and name:
            facts.expand_goods(name)
