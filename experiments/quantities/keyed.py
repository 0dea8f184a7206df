"""Quantities of the record: each is about a state, a partner and a good, declared once with unit,
words and the columns that it needs, and read from the columns of a month.

Columns of model/data/evidence.csv say which: `quantity`, `state`, `partner`, `good`. state and
partner may be a state, EU, World or empty (everyone), or "Outside China" and the like; good may be
a good, a group of goods, several joined by "+", or empty for what stands in brackets in the words.

Over a window: prices, capacity and intensity are means of months; tonnes and money are sums (`sum`)
or means a month (`mean`); shares are sums over sums. A share may be asked for in % or as a share
from 0 to 1: the unit of the row decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray
from coercivity.agents.base.table import Table
from coercivity.model.basis.goods import FIRST_SECTOR, GOOD, PROCESS, SECTOR, STATE, processes
from coercivity.model.basis.names import GOODS, SECTORS, STAGES, STATES, expand_goods, states_of
from coercivity.model.use.macro import dependent_value_added
from coercivity.model.world import World

S, G = len(STATES), len(GOODS)
RAW: Final = "oxides+metals"
ORES: Final = "light_concentrate+heavy_concentrate"
NDFEB: Final = "magnet_standard+magnet_heat_resistant"
OUTSIDE: Final = "Outside "

Month = Mapping[str, np.ndarray]  # columns of one month, by name (recording.py)
Reader = Callable[[Month], FloatArray]


class Key(NamedTuple):
    """What one series is about."""

    quantity: str
    state: str = ""
    partner: str = ""
    good: str = ""


@dataclass(frozen=True)
class Quantity:
    """kind: level (mean of months), flow (summed over months), share (one sum over another) or stop
    (spells of single lines). columns: what is read of a month.

    make: a function of a world and a key, which looks rows up once and returns what reads them
    after a month: one number for a level or a flow, part and whole for a share (three numbers for
    approvals), a column of firms for a stop.
    """

    kind: str
    unit: str
    words: str
    columns: tuple[str, ...]
    make: Callable[[World, Key], Reader]


def over_window(kind: str, rows: FloatArray) -> float:
    """What months x numbers of a reader come to over a window: the mean of a level, the sum of a
    flow, one sum over another of a share (NaN without a whole).

    Three numbers are approved, applied for and waiting at the end of the month: approved over what
    was there to be decided.
    """
    if kind == "level":
        return float(rows[:, 0].mean())
    if kind == "flow":
        return float(rows[:, 0].sum())
    part = float(rows[:, 0].sum())
    whole = (
        float(rows[:, 1].sum())
        if rows.shape[1] == 2
        else float(rows[0, 2] + rows[0, 0] + rows[1:, 1].sum())
    )
    return part / whole if whole > 1e-9 else float("nan")


def places(name: str) -> IntArray:
    """Rows of the states that a name stands for; everyone without one. Raises InputError for an
    unknown name.
    """
    if name.startswith(OUTSIDE):
        inside = states_of(name.removeprefix(OUTSIDE))
        return np.array([at for at, state in enumerate(STATES) if state not in inside])
    return np.array([STATE[state] for state in states_of(name or "World")])


def kinds(names: str, default: str = "all") -> IntArray:
    """Rows of the goods that a name, a group or several of them joined by "+" stand for. Raises
    InputError for an unknown name.
    """
    return np.array([GOOD[good] for good in expand_goods((names or default).split("+"))])


def among(values: IntArray, chosen: IntArray, size: int) -> BoolArray:
    """Which of the values (0 to size - 1) are chosen; several times faster than np.isin for the
    long columns of links.
    """
    known = np.zeros(size, dtype=bool)
    known[chosen] = True
    return known[values]


def crossing(
    world: World, exporters: str, importers: str, goods: str, default: str = "all"
) -> IntArray:
    """Links that carry goods across a border from any of the exporters to any of the importers;
    trade within either of them (the EU) does not count.
    """
    links, sellers, buyers = world.links, places(exporters), places(importers)
    rows = np.flatnonzero(
        among(links.good, kinds(goods, default), G) & (links.exporter != links.importer)
    )
    exporter, importer = links.exporter[rows], links.importer[rows]
    kept = among(exporter, sellers, S) & among(importer, buyers, S)
    if len(sellers) < S:
        kept &= ~among(importer, sellers, S)
    if len(buyers) < S:
        kept &= ~among(exporter, buyers, S)
    return rows[kept]


def _declared_tonnes(now: Month, rows: IntArray) -> FloatArray:
    """What left over some links without what is smuggled."""
    return np.maximum(now["shipped"][rows] - now["smuggled"][rows], 0.0)


def usual_trade(links: Table, needs: Table, rows: IntArray) -> FloatArray:
    """Tonnes a month by link in the balanced start; none on links without base trade."""
    return (
        np.where(links.qualify[rows] == 0, links.prior[rows], 0.0)
        * needs.base_use[links.need[rows]]
    )


def _one(value: float) -> FloatArray:
    return np.array([value])


def _arrivals(world: World, key: Key, default: str) -> Reader:
    rows = crossing(world, key.partner, key.state, key.good, default)
    return lambda now: _one(now["shipped"][rows].sum())


def _declared(world: World, key: Key, default: str) -> Reader:
    rows = crossing(world, key.state, key.partner, key.good, default)
    return lambda now: _one(_declared_tonnes(now, rows).sum())


def _smuggled(world: World, key: Key) -> Reader:
    rows = crossing(world, key.state, key.partner, key.good)
    return lambda now: _one(now["smuggled"][rows].sum())


def _import_share(world: World, key: Key) -> Reader:
    of, every = (
        crossing(world, exporters, key.state, key.good, RAW) for exporters in (key.partner, "")
    )
    return lambda now: np.array([now["shipped"][of].sum(), now["shipped"][every].sum()])


def _price_home(world: World, key: Key, default: str = "") -> Reader:
    """As the table `prices` has it (home): asking prices by what was sold and is on sale, else what
    buyers are quoted at their usual suppliers.
    """
    links, offers, needs = world.links, world.offers, world.needs
    at, goods = places(key.state or default), kinds(key.good)
    rows = np.flatnonzero(
        among(offers.good, goods, G) & among(world.firms.state[offers.firm], at, S)
    )
    lanes = np.flatnonzero(among(links.good, goods, G))
    sales = lanes[among(links.offer[lanes], rows, len(offers))]
    seller = links.offer[sales]
    into = lanes[among(links.importer[lanes], at, S)]
    weight = usual_trade(links, needs, into)
    usual, weight = into[weight > 0], weight[weight > 0]

    def read(now: Month) -> FloatArray:
        ask, sold, stock = now["ask"], now["shipped"][sales], now["offer_stock"][rows]
        on_sale = sold.sum() + stock.sum()
        if on_sale > 0:
            return _one((sold @ ask[seller] + stock @ ask[rows]) / on_sale)
        return _one(now["cost"][usual] @ weight / weight.sum() if len(usual) else np.nan)

    return read


def _price_export(world: World, key: Key) -> Reader:
    """As the table `prices` has it (export): free on board, weighted by trade at the start."""
    links, border = world.links, world.border
    rows = crossing(world, key.state or "China", key.partner, key.good)
    base = usual_trade(links, world.needs, rows)
    rows, base = rows[base > 0], base[base > 0]
    offer, channel, taxed = links.offer[rows], border.channel[rows], 1.0 + links.vat[rows]

    def read(now: Month) -> FloatArray:
        if not len(rows):
            return _one(np.nan)
        paid = now["ask"][offer] * np.exp(now["premium"][channel]) * (
            taxed + now["duty"][channel]
        ) + now["rent"][0] * (now["quota_left"][channel] > 0)
        return _one(paid @ base / base.sum())

    return read


def _export_unit_value(world: World, key: Key) -> Reader:
    """USD thousand and tonnes declared; charges as Records.charges has them: premium and asking
    price of the month in which the order was placed.
    """
    links = world.links
    rows = crossing(world, key.state or "China", key.partner, key.good, RAW)
    offer, channel, taxed = links.offer[rows], world.border.channel[rows], 1.0 + links.vat[rows]

    def read(now: Month) -> FloatArray:
        tonnes = _declared_tonnes(now, rows)
        paid = now["listed"][offer] * np.exp(now["premium_charged"][channel]) * (
            taxed + now["duty"][channel]
        ) + now["rent"][0] * (now["quota_left"][channel] > 0)
        return np.array([paid @ tonnes, tonnes.sum()])

    return read


def _made(world: World, state: str, goods: str, default: str) -> IntArray:
    offers = world.offers
    return np.flatnonzero(
        among(offers.good, kinds(goods, default), G)
        & among(world.firms.state[offers.firm], places(state), S)
    )


def _output(world: World, key: Key, default: str) -> Reader:
    rows = _made(world, key.state, key.good, default)
    return lambda now: _one(now["made"][rows].sum())


def _output_share(world: World, key: Key, default: str) -> Reader:
    of, every = (_made(world, state, key.good, default) for state in (key.state, ""))
    return lambda now: np.array([now["made"][of].sum(), now["made"][every].sum()])


def _quota_use(world: World, key: Key) -> Reader:
    rows, owner = crossing(world, key.state, key.partner, key.good), key.state or "China"
    channel = world.border.channel[rows]
    terms = []
    for event in world.politics.script:
        if event.kind == "quota" and event.actor == owner:
            first, end = event.month_index(world.start_name), event.end_index(world.start_name)
            last = first + 11 if end is None else end
            terms.append((first, last, event.get("tonnes") / (last - first + 1)))

    def read(now: Month) -> FloatArray:
        under = rows[now["quota_left"][channel] > 0]
        month = int(now["month"][0])
        right = sum(tonnes for first, last, tonnes in terms if first <= month <= last)
        return np.array([_declared_tonnes(now, under).sum(), right])

    return read


def _illegal_share(world: World, key: Key) -> Reader:
    """Of the heavy mines under quota, what they may run beyond their legal base
    (model/politics/supply_policy.py) is illegal.
    """
    firms, offers = world.firms, world.offers
    heavy = world.firms.has_quota & (firms.process == PROCESS["mine_heavy"])
    mines = np.flatnonzero(heavy)
    every = _made(world, key.state or "China", key.good, ORES)
    beyond = every[heavy[offers.firm[every]]]

    def read(now: Month) -> FloatArray:
        legal = now["heavy_base"][0] * (1.0 - world.p.illegal_mining_share)
        room = float(now["mine_room"][mines].sum())
        part = max(0.0, 1.0 - legal / room) if 0.0 < room < np.inf else 0.0
        return np.array([part * now["made"][beyond].sum(), now["made"][every].sum()])

    return read


def _capacity(world: World, key: Key) -> Reader:
    firms = world.firms
    stage = processes().stage[firms.process] == STAGES.index(key.good)
    rows = np.flatnonzero(
        (firms.process < FIRST_SECTOR) & stage & among(firms.state, places(key.state), S)
    )
    return lambda now: _one(now["capacity"][rows].sum() * 12.0)


def _end_users(world: World, key: Key) -> IntArray:
    firms = world.firms
    sector = np.isin(
        firms.sector, [SECTOR[name] for name in (key.good.split("+") if key.good else SECTORS)]
    )
    return np.flatnonzero(world.firms.is_end & sector & among(firms.state, places(key.state), S))


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
        standing = lacking & (now["run"][rows] < world.p.stop_threshold * plan) & (plan > 0)
        begun, down = standing & ~down, standing
        return np.where(begun, now["lasts"][rows], np.nan)

    return read


def _output_lost(world: World, key: Key) -> Reader:
    rows, firms = _end_users(world, key), world.firms
    value = (
        dependent_value_added()[firms.state[rows], firms.sector[rows]]
        * firms.size[rows]
        * world.p.dependent_scale
        / 1000.0
    )
    return lambda now: _one(float(now["gone"][rows] @ value))


def _approvals(world: World, key: Key) -> Reader:
    """Approved, applied for, and what waits at the end of the month (t)."""
    border = world.border
    rows = crossing(world, key.state or "China", key.partner, key.good)
    channels = np.unique(border.channel[rows])
    return lambda now: np.array(
        [
            now["approved"][channels].sum(),
            now["applied"][channels].sum(),
            now["pending"][rows].sum(),
        ]
    )


def _intensity(world: World, key: Key) -> Reader:
    needs, firms = world.needs, world.firms
    oxide = "" if key.good.startswith("magnet_") else key.good
    rows = among(needs.good, kinds(oxide, "dysprosium_oxide"), G) & (
        firms.process[needs.firm] == PROCESS["make_magnet_heat_resistant"]
    )
    rows &= among(firms.state[needs.firm], places(key.state), S)
    at = np.flatnonzero(rows)
    recipe, weight = needs.recipe[at].copy(), needs.base_use[at].copy()
    return lambda now: _one(
        (now["coefficient"][at] / recipe) @ weight / weight.sum() if weight.sum() > 0 else np.nan
    )


SHIPPED: Final = ("shipped",)
DECLARED: Final = ("shipped", "smuggled")
BORDER: Final = ("duty", "rent", "quota_left")
STOPS: Final = ("run", "plan", "lacking", "lasts")
HOME: Final = ("ask", "shipped", "offer_stock", "cost")
ASKED: Final = "asking price without VAT, weighted by what is sold and on sale"
QUANTITIES: Final[dict[str, Quantity]] = {
    "import_share": Quantity(
        "share",
        "%",
        "tonnes that `partner` ships to `state` over all that it imports (oxides and metals)",
        SHIPPED,
        _import_share,
    ),
    "raw_imports": Quantity(
        "flow",
        "t",
        "shipped to `state` from `partner`, smuggled goods too (oxides and metals)",
        SHIPPED,
        lambda w, k: _arrivals(w, k, RAW),
    ),
    "raw_exports": Quantity(
        "flow",
        "t",
        "shipped from `state` to `partner` as customs of `state` count them (oxides and metals)",
        DECLARED,
        lambda w, k: _declared(w, k, RAW),
    ),
    "magnet_exports": Quantity(
        "flow",
        "t",
        "as raw_exports (all magnets)",
        DECLARED,
        lambda w, k: _declared(w, k, "magnets"),
    ),
    "magnet_imports": Quantity(
        "flow",
        "t",
        "as raw_imports (all magnets)",
        SHIPPED,
        lambda w, k: _arrivals(w, k, "magnets"),
    ),
    "price_home": Quantity(
        "level",
        "USD/kg",
        f"{ASKED}, in `state` (China); where nobody sells, what buyers are quoted",
        HOME,
        lambda w, k: _price_home(w, k, "China"),
    ),
    "price_abroad": Quantity(
        "level",
        "USD/kg",
        f"{ASKED}, in another state (everyone outside China)",
        HOME,
        lambda w, k: _price_home(w, k, "Outside China"),
    ),
    "price_export": Quantity(
        "level",
        "USD/kg",
        "what a buyer in `partner` is asked at the border of `state` (China), before freight",
        ("ask", "premium", *BORDER),
        _price_export,
    ),
    "export_unit_value": Quantity(
        "share",
        "USD/kg",
        "value over tonnes of what is declared at that border, at prices of the order",
        (*DECLARED, "listed", "premium_charged", *BORDER),
        _export_unit_value,
    ),
    "mine_output": Quantity(
        "flow",
        "t",
        "oxide in concentrate mined in `state`, legal or not (both concentrates)",
        ("made",),
        lambda w, k: _output(w, k, ORES),
    ),
    "quota_use": Quantity(
        "share",
        "share",
        "declared exports of `state` under its export quota over the quota, month by month",
        (*DECLARED, "quota_left", "month"),
        _quota_use,
    ),
    "illegal_share": Quantity(
        "share",
        "%",
        "mine output of `state` (China) beyond the legal base of its heavy mines over all of it",
        ("made", "mine_room", "heavy_base"),
        _illegal_share,
    ),
    "smuggled": Quantity(
        "flow",
        "t",
        "what leaves `state` for `partner` past a quota or a ban (everything)",
        ("smuggled",),
        _smuggled,
    ),
    "separation_share": Quantity(
        "share",
        "%",
        "the part of `state` in the world's separated oxides (all oxides)",
        ("made",),
        lambda w, k: _output_share(w, k, "oxides"),
    ),
    "magnet_share": Quantity(
        "share",
        "%",
        "the part of `state` in the world's magnets made (NdFeB magnets)",
        ("made",),
        lambda w, k: _output_share(w, k, NDFEB),
    ),
    "capacity": Quantity(
        "level",
        "t/year",
        "capacity in place in `state` at a stage, named in `good`",
        ("capacity",),
        _capacity,
    ),
    "first_stop": Quantity(
        "stop",
        "days",
        "from the first day of `from` to the first stop of a line (sector in `good`, or all)",
        STOPS,
        _stops,
    ),
    "firms_stopped_share": Quantity(
        "stop",
        "share",
        "share of these end users whose line begins to stand within the window",
        STOPS,
        _stops,
    ),
    "output_lost": Quantity(
        "flow",
        "USD bn",
        "value added of their output that customers took elsewhere for good",
        ("gone",),
        _output_lost,
    ),
    "approvals": Quantity(
        "share",
        "share",
        "tonnes of licences that `state` (China) approves for `partner` over what it has to decide",
        ("approved", "applied", "pending"),
        _approvals,
    ),
    "intensity": Quantity(
        "level",
        "relative",
        "use per heat-resistant magnet made in `state` over the start's recipe (dysprosium oxide)",
        ("coefficient",),
        _intensity,
    ),
}


def check_names(key: Key) -> None:
    """Raise InputError for a state, partner, good, stage or sector that is not known; the message
    names it.
    """
    from coercivity.model.basis.errors import InputError, suggest

    for name in (key.state, key.partner):
        places(name)
    options: tuple[str, ...] = ()
    if key.quantity == "capacity":
        options = STAGES
    elif key.quantity in ("first_stop", "firms_stopped_share", "output_lost"):
        options = ("", *SECTORS)
    for name in key.good.split("+"):
        if options and name not in options:
            raise InputError(
                f"good '{name}' of {key.quantity} is not known; {suggest(name, options)}"
            )
        if not options and name:
            expand_goods(name)
