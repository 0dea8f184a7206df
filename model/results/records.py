"""What a run left behind: the ledger's columns, links by trade lane, and what never changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray, group_sum
from coercivity.agents.governments.government_view import Decision
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.parameters import Parameters
from coercivity.model.parts.lanes import Lanes
from coercivity.model.parts.ledger import Happening
from coercivity.model.parts.money import NO_PAYMENTS, Payments
from coercivity.model.parts.world_view import WorldView
from coercivity.model.scenario.event import Event

# acts that make the border look at single orders
RESTRICTING = (
    "licensing",
    "dual_use_ban",
    "blanket_ban",
    "cut",
    "customs_halt",
    "extraterritorial",
)


def by_group(values: FloatArray, group: IntArray, groups: int) -> FloatArray:
    """Sum columns of a months x columns array within each group: months x groups."""
    out = np.zeros((values.shape[0], groups))
    if values.shape[1]:
        for month, row in enumerate(values):
            out[month] = group_sum(row, group, groups)
    return out


def ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """above / below, NaN where below is zero."""
    return np.divide(
        above, below, out=np.full(np.broadcast(above, below).shape, np.nan), where=below > 0
    )


def one_month_ago(values: FloatArray, first: FloatArray) -> FloatArray:
    """The rows of the month before; `first` stands before the first month."""
    return np.vstack([first[None, :], values[:-1]])


@dataclass(frozen=True, eq=False)
class Structure:
    """Columns that do not change in a run: firms, needs, offers and lanes. Weights are the trade of
    the balanced start (t/month).
    """

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
    pay_code: IntArray  # payer group x GROUPS + payee group (model/books/money.py)


@dataclass(frozen=True, eq=False)
class Records:
    """Months x columns by name, and the structure, events and acts to read them by. Arrays are
    read-only, in a worker's copy too.
    """

    start: str
    structure: Structure
    arrays: dict[str, np.ndarray]
    events: tuple[Happening, ...]
    decisions: tuple[Decision, ...]
    acts: tuple[tuple[str, ...], ...]
    script: tuple[Event, ...]
    parameters: Parameters

    def __post_init__(self) -> None:
        self._lock()

    @property
    def facts(self) -> Facts:
        """The facts that it rests on."""
        return self.parameters.facts

    def __getstate__(self) -> dict[str, Any]:
        # what was derived is derived again
        return {name: self.__dict__[name] for name in self.__dataclass_fields__}

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
        return tuple(
            frozenset(event.kind for act in acts if (event := self.event(act)))
            for acts in self.acts
        )

    @cached_property
    def rent(self) -> FloatArray:
        """Months x lanes: scarcity rent of the quotas that a lane is under, USD/kg."""
        return np.asarray(self["rent"][:, self.structure.channel])

    @cached_property
    def fob(self) -> FloatArray:
        """Months x lanes: asking price with premium, duty, non-refunded tax and rent, before
        freight and tariff, USD/kg.
        """
        structure = self.structure
        relative_ask = ratio(self["lane_asked"], structure.normal[None, :])
        return (
            relative_ask
            * np.exp(self["premium"][:, structure.channel])
            * (1.0 + structure.vat + self["duty"][:, structure.channel])
            + self.rent
        )


def gather(seen: WorldView) -> Records:
    """The records of a world that has run. Raises ValueError for one that did not record."""
    if not seen.ledger.record_columns:
        raise ValueError("this world did not record; make it with record=True")
    ledger, book = seen.ledger, seen.money.book
    every = Rows(*(np.arange(len(table)) for table in (seen.firms, seen.needs, seen.offers)))
    acts = tuple(tuple(act for act, _ in month) for month in ledger.acts)
    payments = book.gather(ledger.payments) if book is not None else NO_PAYMENTS
    return gather_rows(
        seen,
        every,
        ledger.lanes or Lanes(seen.links, seen.needs),
        {**ledger.arrays(), "leaked": _leaks(seen.facts, ledger.leaks)},
        acts,
        payments,
    )


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of a world's tables, ascending; firms of all needs and offers are among the firms."""

    firms: IntArray
    needs: IntArray
    offers: IntArray


def gather_rows(
    seen: WorldView,
    rows: Rows,
    lanes: Lanes,
    arrays: dict[str, np.ndarray],
    acts: tuple[tuple[str, ...], ...],
    payments: Payments = NO_PAYMENTS,
) -> Records:
    """The records of some rows and lanes of a world, from what was read of them (months x columns,
    by name); acts: month by month.
    """
    return Records(
        start=seen.clock.start,
        structure=_structure(seen, rows, lanes, payments),
        arrays={**arrays, "paid_lines": payments.paid},
        events=tuple(seen.ledger.events),
        decisions=tuple(seen.ledger.decisions),
        acts=acts,
        script=seen.politics.script,
        parameters=seen.p,
    )


def _structure(seen: WorldView, rows: Rows, lanes: Lanes, payments: Payments) -> Structure:
    """What does not change in a run, of these rows and lanes."""
    firms, needs, offers, links = seen.firms, seen.needs, seen.offers, seen.links
    every_name, border = firms.names, seen.border
    columns: dict[str, Any] = {
        "pay_kinds": payments.kinds,
        "pay_kind": payments.kind,
        "pay_code": payments.code,
        "names": tuple(every_name[row] for row in rows.firms),
        "firm_state": firms.state[rows.firms],
        "firm_process": firms.process[rows.firms],
        "firm_sector": firms.sector[rows.firms],
        "firm_size": firms.size[rows.firms],
        "need_firm": np.searchsorted(rows.firms, needs.firm[rows.needs]),
        "need_good": needs.good[rows.needs],
        "need_cover": needs.cover[rows.needs],
        "recipe": needs.recipe[rows.needs],
        "base_use": needs.base_use[rows.needs],
        "offer_firm": np.searchsorted(rows.firms, offers.firm[rows.offers]),
        "offer_good": offers.good[rows.offers],
        "yields": offers.yields[rows.offers],
        "base_price": offers.base_price[rows.offers],
        "exporter": lanes.exporter,
        "importer": lanes.importer,
        "good": lanes.good,
        "normal": lanes.normal,
        "vat": links.vat[lanes.link],
        "freight": links.freight[lanes.link],
        "channel": border.channel[lanes.link],
    }
    # with arrays of its own, as those of the world may move on
    own: dict[str, Any] = {
        n: v.copy() if isinstance(v, np.ndarray) else v for n, v in columns.items()
    }
    return Structure(**own)


def _leaks(facts: Facts, months: list[list[tuple[int, IntArray, FloatArray]]]) -> np.ndarray:
    """Rows of month, route, via, to, good and tonnes, of every leak that was seen."""
    S, G = len(facts.states), len(facts.goods)
    lines = [
        (month, route, code, tonnes)
        for month, seen in enumerate(months)
        for route, code, tonnes in seen
    ]
    size = np.array([len(code) for _, _, code, _ in lines], dtype=np.int64)
    month, route = (
        np.repeat(np.array([line[k] for line in lines], dtype=np.int64), size) for k in (0, 1)
    )
    code = np.concatenate([np.zeros(0, np.int64), *(line[2] for line in lines)])
    tonnes = np.concatenate([np.zeros(0), *(line[3] for line in lines)])
    return np.column_stack([month, route, code // (S * G), code // G % S, code % G, tonnes])
