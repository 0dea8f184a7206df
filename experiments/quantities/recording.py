"""A world recorded month by month, only the columns that are asked for: records of the same form as
those of a run that keeps its tables, at little more than the cost of the bare run.

What the ledger can write down, sums over lanes and the few columns of `BESIDE` are asked for by
name; which ones a quantity needs stands in `catalogue.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.model.basis.errors import unknown_value_error
from coercivity.model.books.ledger import COLUMNS, columns
from coercivity.model.parts.lanes import LANE_SUMS, Lanes
from coercivity.model.parts.programme import SUPPORT
from coercivity.model.results.records import Records, Rows, gather_rows
from coercivity.model.world import World


def _link_earnings(world: World) -> FloatArray:
    """USD million that each link brings its seller's state, as model/books/money.py settles it."""
    links, border = world.links, world.border
    charged = np.exp(border.premium_charged[border.channel])
    return np.asarray(world.offers.listed[links.offer] * charged * links.shipped / 1000.0)


def _smuggled_link_tonnes(world: World) -> FloatArray:
    """Tonnes over each link that left this month past a quota or a ban, as model/trade/leakage.py
    counts them.
    """
    border, links, leaks = world.border, world.links, world.leaks
    tonnes = np.zeros(len(links))
    if border.past.any():
        tonnes += links.shipped * border.past[border.channel]
    if leaks.smuggling is not None:
        rows, wanted = leaks.smuggling
        arrived = np.minimum(links.shipped[rows] / np.maximum(links.allowed[rows], 1e-300), 1.0)
        every = np.zeros(len(links))
        every[rows] = wanted * arrived
        tonnes += every
    return tonnes


def _support(world: World) -> FloatArray:
    """USD million that all governments pay this month for plants and stocks."""
    return np.array([sum(float(world.money.by_kind.get(kind, 0.0)) for kind in SUPPORT)])


def _public_money(world: World) -> FloatArray:
    """USD million by state: public money paid so far, less what came back."""
    spent = np.zeros(len(world.facts.states))
    for programme in world.support.programmes.values():
        spent += programme.payers * (programme.spent - programme.returned)
    return spent


BESIDE: Final[Mapping[str, Callable[[World], np.ndarray]]] = {  # what the ledger does not write
    "shipped": lambda world: world.links.shipped,
    "pending": lambda world: world.links.pending,
    "earned": _link_earnings,
    "smuggled": _smuggled_link_tonnes,
    "spot": lambda world: world.links.spot,
    "listed": lambda world: world.offers.listed,
    "orders": lambda world: world.offers.orders,
    "coming": lambda world: world.needs.pipeline,  # t on their way, by need
    "coefficient": lambda world: world.needs.coefficient,
    "under_quota": lambda world: world.border.quota,  # share of the month's days, by channel
    "illegal": lambda world: world.supply.illegal,
    "month": lambda world: np.array([world.month - 1]),
    "status": lambda world: world.firms.status,
    "pledged": lambda world: world.firms.pledged,
    "conversion": lambda world: world.firms.conversion,
    "quote": lambda world: world.market.quote,
    "support": _support,
    "public_money": _public_money,
    "alarm_about": lambda world: world.beliefs.alarm.reshape(-1),  # who, about whom
    "distrust_about": lambda world: world.beliefs.distrust.reshape(-1),
    "credibility": lambda world: world.beliefs.credibility,
    "tension": lambda world: world.politics.government_of_state[world.facts.china].tension,
}


def check_record_names(names: Iterable[str]) -> tuple[str, ...]:
    """The names, each once. Raises InputError for one that nothing is recorded under."""
    asked = tuple(dict.fromkeys(names))
    for name in asked:
        if name not in BESIDE and name not in COLUMNS and name not in LANE_SUMS:
            options = (*BESIDE, *COLUMNS, *LANE_SUMS)
            raise unknown_value_error("column", name, options)
    return asked


def month_of(world: World, names: Iterable[str]) -> dict[str, np.ndarray]:
    """Columns of the month that has passed, by name; most are the world's own and move on. Sums
    over lanes are left to `Recording`. Raises InputError for a column that there is not.
    """
    asked = check_record_names(names)
    beside = {name: BESIDE[name](world) for name in asked if name in BESIDE}
    return columns(world.seen, (name for name in asked if name in COLUMNS)) | beside


class Recording:
    """Copies the columns asked for after each step of a world; `records()` are what was copied.

    A page holds a column by month, with room for as many as the scenario has, and more when a world
    goes on.
    """

    def __init__(self, world: World, names: Iterable[str]) -> None:
        self.names = check_record_names(names)
        self.sums = tuple(name for name in self.names if name in LANE_SUMS)
        self.lanes = Lanes(
            world.links, world.needs, None if self.sums else np.zeros(0, dtype=np.int64)
        )
        self.pages: dict[str, np.ndarray] = {}
        self.acts: list[tuple[str, ...]] = []  # in force, month by month
        self.world, self.months = world, 0

    def read(self, world: World) -> None:
        """After a step."""
        values = month_of(world, self.names)
        values |= self.lanes.sums(world.links, world.offers, self.sums)
        for name, column in values.items():
            page = self.pages.get(name)
            if page is None or len(page) == self.months:
                page = self._longer(page, column, world.scenario.months)
                self.pages[name] = page
            page[self.months] = column
        self.acts.append(tuple(event.id for event in world.politics.in_force))
        self.world, self.months = world, self.months + 1

    def _longer(self, page: np.ndarray | None, column: np.ndarray, months: int) -> np.ndarray:
        longer = np.empty((max(months, self.months + 12), *column.shape), column.dtype)
        if page is not None:
            longer[: self.months] = page
        return longer

    def records(self) -> Records:
        """What was copied so far, months x rows by name, with who, what and where to read it by."""
        world = self.world
        tables = (world.firms, world.needs, world.offers)
        return gather_rows(
            world.seen,
            Rows(*(np.arange(len(table)) for table in tables)),
            self.lanes,
            {name: page[: self.months] for name, page in self.pages.items()},
            tuple(self.acts),
        )
