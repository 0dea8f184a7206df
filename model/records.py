"""What one run left behind: the ledger's columns gathered by trade lane, and the structure (who, what, where) that never changes.

A lane is an exporter, an importer and a good; home trade has lanes too. Links are many and their tables few, so links are summed to lanes
once, and a result stays small enough to keep a hundred of.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from coercivity.agents.columns import BoolArray, FloatArray, IntArray, group_sum
from coercivity.model.money import GROUPS
from coercivity.model.names import GOODS, STATES, states_of
from coercivity.model.parameters import Parameters

if TYPE_CHECKING:
    from coercivity.agents.state import Decision
    from coercivity.model.events import Event
    from coercivity.model.world import World

S, G = len(STATES), len(GOODS)
RESTRICTING = ("licensing", "dual_use_ban", "blanket_ban", "customs_halt", "extraterritorial")  # acts that make the border look at single orders
_LINK_ARRAYS = ("shipped", "pending", "cost")  # summed to lanes, then dropped
LANE_SUMS = ("sold", "lane_tonnes", "lane_value", "lane_listed", "lane_pending", "lane_quoted", "lane_asked")  # sums over links, by offer or lane


def by_group(values: FloatArray, group: IntArray, groups: int) -> FloatArray:
    """Sum columns of a months x columns array within each group: months x groups."""
    out = np.zeros((values.shape[0], groups))
    if values.shape[1]:
        order = np.argsort(group, kind="stable")
        ordered = group[order]
        first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
        out[:, ordered[first]] = np.add.reduceat(values[:, order], first, axis=1, dtype=np.float64)
    return out


def ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """above / below, NaN where below is zero."""
    return np.divide(above, below, out=np.full(np.broadcast(above, below).shape, np.nan), where=below > 0)


def one_month_ago(values: FloatArray, first: FloatArray) -> FloatArray:
    """The rows of the month before; `first` stands before the first month."""
    return np.vstack([first[None, :], values[:-1]])


@dataclass(frozen=True, eq=False)
class Structure:
    """Columns that do not change in a run: firms, needs, offers and lanes. Weights are the trade of the balanced start (t/month)."""

    names: tuple[str, ...]
    firm_state: IntArray
    firm_process: IntArray
    firm_sector: IntArray
    firm_size: FloatArray
    need_firm: IntArray
    need_good: IntArray
    need_cover: FloatArray
    recipe: FloatArray
    base_use: FloatArray
    offer_firm: IntArray
    offer_good: IntArray
    yields: FloatArray
    base_price: FloatArray
    exporter: IntArray
    importer: IntArray
    good: IntArray
    normal: FloatArray
    vat: FloatArray
    freight: FloatArray
    channel: IntArray
    pay_kinds: tuple[str, ...]
    pay_kind: IntArray  # of each column of `paid_lines`
    pay_code: IntArray  # payer group x GROUPS + payee group (model/money.py)


@dataclass(frozen=True, eq=False)
class Records:
    """Months x columns by name, and the structure, events and acts to read them by. Arrays are read-only, in a worker's copy too."""

    start: str
    structure: Structure
    arrays: dict[str, np.ndarray]
    events: tuple[tuple[int, str, str, str], ...]
    decisions: tuple[Decision, ...]
    acts: tuple[tuple[str, ...], ...]
    script: tuple[Event, ...]
    parameters: Parameters

    def __post_init__(self) -> None:
        self._lock()

    def __getstate__(self) -> dict[str, Any]:
        return {name: self.__dict__[name] for name in self.__dataclass_fields__}  # what was derived is derived again

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._lock()  # a pickled array forgets that it was read-only

    def _lock(self) -> None:
        for array in (*self.arrays.values(), *vars(self.structure).values()):
            if isinstance(array, np.ndarray):
                array.setflags(write=False)

    def __getitem__(self, name: str) -> Any:
        """One recorded array, months x columns."""
        return self.arrays[name]

    @property
    def months(self) -> int:
        """How many months were recorded."""
        return len(self.acts)

    def event(self, act: str) -> Event | None:
        """The act with this id, None when nobody wrote it down."""
        return self._by_id.get(act)

    @cached_property
    def _by_id(self) -> dict[str, Event]:
        return {event.id: event for event in self.script}

    @cached_property
    def kinds(self) -> tuple[frozenset[str], ...]:
        """Kinds of the acts in force, month by month."""
        return tuple(frozenset(event.kind for act in acts if (event := self.event(act))) for acts in self.acts)

    @cached_property
    def under_quota(self) -> BoolArray:
        """Months x lanes: whether an export quota of tonnes holds for the lane's exporter, importer and good."""
        of = self.structure
        held = np.zeros((self.months, len(of.good)), dtype=bool)
        lanes: dict[str, BoolArray] = {}
        for month, acts in enumerate(self.acts):
            for act in acts:
                event = self.event(act)
                if event and event.kind == "quota":
                    if act not in lanes:
                        exporters, importers = ([STATES.index(s) for s in states] for states in (states_of(event.actor), event.target_states()))
                        of_goods = np.isin(of.good, [GOODS.index(good) for good in event.goods])
                        lanes[act] = of_goods & np.isin(of.exporter, exporters) & np.isin(of.importer, importers) & (of.exporter != of.importer)
                    held[month] |= lanes[act]
        return held

    @cached_property
    def rent(self) -> FloatArray:
        """Months x lanes: scarcity rent of a quota, USD/kg."""
        return np.asarray(self.under_quota * self["rent"])

    @cached_property
    def fob(self) -> FloatArray:
        """Months x lanes: asking price with premium, duty, non-refunded tax and rent, before freight and tariff, USD/kg."""
        of = self.structure
        asked = ratio(self["lane_asked"], of.normal[None, :])
        return asked * np.exp(self["premium"][:, of.channel]) * (1.0 + of.vat + self["duty"][:, of.channel]) + self.rent

    @cached_property
    def charges(self) -> dict[str, FloatArray]:
        """Months x lanes, USD 1000: what was paid for what was shipped, in parts: sale, vat, duty, tariff, rent, freight; they add up to lane_value.

        A sale is the asking price of the month before, at which the order was placed, with the border's premium of that month.
        """
        of, tonnes = self.structure, self["lane_tonnes"]
        premium = one_month_ago(self["premium"], np.zeros(self["premium"].shape[1]))
        duty = self["duty"][:, of.channel]
        sale = self["lane_listed"] * np.exp(premium[:, of.channel])
        vat_paid, duty_paid, rent, freight = sale * of.vat, sale * duty, tonnes * self.rent, tonnes * of.freight
        tariff = self["lane_value"] - (sale + vat_paid + duty_paid + rent + freight)
        tariff[tariff < 1e-9 * self["lane_value"]] = 0.0
        return {"sale": sale, "vat": vat_paid, "duty": duty_paid, "tariff": tariff, "rent": rent, "freight": freight}


@dataclass(frozen=True, eq=False)
class Payments:
    """Kinds of payment, and for each kind and pair of groups that ever occurs a column of USD million by month."""

    kinds: tuple[str, ...]
    kind: IntArray
    code: IntArray
    paid: FloatArray


NO_PAYMENTS = Payments((), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 0)))


def gather(world: World) -> Records:
    """The records of a world that has run. Raises ValueError for a world that was told not to record."""
    if not world.ledger.record_columns:
        raise ValueError("this world did not record; make it with record=True")
    ledger = world.ledger
    every = Rows(*(np.arange(len(table)) for table in (world.firms, world.needs, world.offers, world.links)))
    acts = tuple(tuple(act for act, _ in month) for month in ledger.acts)
    return gather_rows(world, every, ledger.arrays(), acts, LANE_SUMS, _payments(ledger.payments), {"leaked": _leaks(ledger.leaks)})


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of a world's tables, in ascending order. The firms of all needs and offers among them are among them."""

    firms: IntArray
    needs: IntArray
    offers: IntArray
    links: IntArray


def gather_rows(
    world: World, rows: Rows, raw: dict[str, np.ndarray], acts: tuple[tuple[str, ...], ...], sums: Collection[str], payments: Payments = NO_PAYMENTS,
    further: Mapping[str, np.ndarray] | None = None,
) -> Records:  # fmt: skip
    """The records of some rows of a world, from columns of these rows (months x rows, as the ledger names them).

    acts: month by month; sums: which sums over links are made, of LANE_SUMS. A sum by offer needs the offers of all links among the rows.
    """
    firms, needs, offers, links, border = world.firms, world.needs, world.offers, world.links, world.border
    good, exporter, importer = links.good[rows.links], links.exporter[rows.links], links.importer[rows.links]
    code = (exporter * S + importer) * G + good
    lanes, first, lane = np.unique(code, return_index=True, return_inverse=True)
    size = len(lanes)
    base = np.where(links.qualify[rows.links] == 0, links.prior[rows.links], 0.0) * needs.base_use[links.need[rows.links]]
    offer, link = np.searchsorted(rows.offers, links.offer[rows.links]), rows.links[first]
    structure = _copied(
        pay_kinds=payments.kinds, pay_kind=payments.kind, pay_code=payments.code,
        names=tuple(world.names[row] for row in rows.firms), firm_state=firms.state[rows.firms], firm_process=firms.process[rows.firms],
        firm_sector=firms.sector[rows.firms], firm_size=firms.size[rows.firms], need_firm=np.searchsorted(rows.firms, needs.firm[rows.needs]),
        need_good=needs.good[rows.needs], need_cover=needs.cover[rows.needs], recipe=needs.recipe[rows.needs], base_use=needs.base_use[rows.needs],
        offer_firm=np.searchsorted(rows.firms, offers.firm[rows.offers]), offer_good=offers.good[rows.offers],
        yields=offers.yields[rows.offers], base_price=offers.base_price[rows.offers],
        exporter=lanes // (G * S), importer=lanes // G % S, good=lanes % G,
        normal=group_sum(base, lane, size), vat=links.vat[link], freight=links.freight[link], channel=border.channel[link],
    )  # fmt: skip
    made: dict[str, Callable[[], FloatArray]] = {
        "sold": lambda: by_group(raw["shipped"], offer, len(rows.offers)),
        "lane_tonnes": lambda: by_group(raw["shipped"], lane, size),
        "lane_value": lambda: by_group(raw["shipped"] * raw["cost"], lane, size),
        "lane_listed": lambda: by_group(raw["shipped"] * one_month_ago(raw["ask"], structure.base_price)[:, offer], lane, size),
        "lane_pending": lambda: by_group(raw["pending"], lane, size),
        "lane_quoted": lambda: by_group(base * raw["cost"], lane, size),
        "lane_asked": lambda: by_group(base * raw["ask"][:, offer], lane, size),
    }
    arrays = {name: values for name, values in raw.items() if name not in _LINK_ARRAYS}
    arrays.update(paid_lines=payments.paid, **(further or {}), **{name: made[name]() for name in sums})
    return Records(
        start=world.start_name, structure=structure, arrays=arrays, events=tuple(world.ledger.events), decisions=tuple(world.ledger.decisions),
        acts=acts, script=world.script, parameters=world.p,
    )  # fmt: skip


def _leaks(months: list[list[tuple[int, IntArray, FloatArray]]]) -> np.ndarray:
    """Rows of month, route, via, to, good and tonnes, of every leak that was seen."""
    rows = [np.zeros((0, 6))]
    for month, lines in enumerate(months):
        for route, code, tonnes in lines:
            rows.append(np.column_stack([np.full(len(code), month), np.full(len(code), route), code // (S * G), code // G % S, code % G, tonnes]))
    return np.vstack(rows)


def _payments(months: list[list[tuple[str, IntArray, FloatArray]]]) -> Payments:
    kinds = tuple(sorted({kind for lines in months for kind, _, _ in lines}))
    place = {kind: k for k, kind in enumerate(kinds)}
    parts = [(month, place[kind] * GROUPS * GROUPS + code, paid) for month, lines in enumerate(months) for kind, code, paid in lines]
    if not parts:
        return Payments(kinds, NO_PAYMENTS.kind, NO_PAYMENTS.code, np.zeros((len(months), 0)))
    month = np.concatenate([np.full(len(code), m) for m, code, _ in parts])
    used, column = np.unique(np.concatenate([code for _, code, _ in parts]), return_inverse=True)
    paid = group_sum(np.concatenate([paid for _, _, paid in parts]), month * len(used) + column, len(months) * len(used))
    return Payments(kinds, used // (GROUPS * GROUPS), used % (GROUPS * GROUPS), paid.reshape(len(months), len(used)))


def _copied(**columns: Any) -> Structure:
    """A structure with arrays of its own, as those of the world may move on."""
    own: dict[str, Any] = {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in columns.items()}
    return Structure(**own)
