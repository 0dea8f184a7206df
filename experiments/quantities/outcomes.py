"""Headlines of a run that keeps no tables, equal to the last bit to those from its tables, at
little more than the cost of the run.

A watch copies each month only the columns and rows that the headlines wanted read. At the end these
become records of a part of the world, and the functions behind the tables and the formulas of
``experiments/worlds/headlines.py`` are applied to them: no number is defined twice. Rows are chosen
so that every sum runs over the same numbers in the same order as in the whole table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray
from coercivity.experiments.worlds.headlines import (
    EXPORTER,
    FOCUS,
    FORMULAS,
    focal_date,
    headline_table,
    headlines_of,
)
from coercivity.model.basis.calendar import day_at, month_names, parse_date
from coercivity.model.basis.errors import InputError, shorten, suggest
from coercivity.model.basis.goods import GOOD, OXIDES, STATE
from coercivity.model.basis.names import GOODS, SECTORS, STATES
from coercivity.model.books.ledger import columns
from coercivity.model.parts.lanes import Lanes
from coercivity.model.results.dependence import RAW, by_last_origin, by_separation, shares
from coercivity.model.results.events import spells, stopped
from coercivity.model.results.frames import ever
from coercivity.model.results.output import flow, made_and_possible
from coercivity.model.results.records import Records, Rows, gather_rows
from coercivity.model.results.tracer import MADE_FROM, separated_in
from coercivity.model.results.trade import home_and_quoted
from coercivity.model.scenario.scenario import Scenario
from coercivity.model.world import World

S, G, K = len(STATES), len(GOODS), len(SECTORS)
JAPAN, CHINA = STATE[FOCUS], STATE[EXPORTER]
FLOWS: Final = {  # columns of firms and needs behind each flow of the table macro
    "output_lost": ("gone",),
    "made_up": ("made_up",),
    "gdp_effect": ("run", "plan"),
    "cost_paid": ("used", "paid", "reference"),
}
NOTHING: Final = np.zeros(0, dtype=np.int64)
STOPS: Final = ("run", "plan", "lasts", "lacking")
TABLE_OF: Final = {  # which table of the world a column belongs to
    **dict.fromkeys(("run", "plan", "lasts", "gone", "made_up", "capacity"), "firms"),
    **dict.fromkeys(("lacking", "used", "paid", "reference", "need_stock"), "needs"),
    **dict.fromkeys(("made", "sold", "offer_stock", "ask"), "offers"),
}
FOLLOWED: Final = np.array(
    sorted(
        {
            *RAW,
            *(GOOD[name] for name in MADE_FROM if name.startswith("magnet")),
            *(GOOD[name] for name in MADE_FROM.values()),
        }
    )
)


def known_headlines(wanted: Sequence[str] | None) -> tuple[str, ...]:
    """Return the ids asked for, or all in the order of their table for None. Raises InputError for
    an unknown one.
    """
    ids = tuple(row.id for row in headline_table())
    for name in wanted or ():
        if name not in ids:
            raise InputError(f"headline '{shorten(name)}' is not known; {suggest(name, ids)}")
    return ids if wanted is None else tuple(wanted)


@dataclass(eq=False)
class Part:
    """Some rows and lanes of a world, and what was read of them so far (by column or sum over
    links, a copy a month).
    """

    rows: Rows
    lanes: Lanes
    columns: tuple[str, ...]
    sums: tuple[str, ...]
    months: dict[str, list[np.ndarray]]

    def read(self, world: World, now: dict[str, np.ndarray]) -> None:
        """Copy what is needed of the month; now: the columns that the ledger would keep."""
        for name in self.columns:
            self.months[name].append(now[name][getattr(self.rows, TABLE_OF[name])])
        for name, values in self.lanes.sums(world.links, world.offers, self.sums).items():
            self.months[name].append(values)

    def records(self, world: World) -> Records:
        """What was read, as records of these rows."""
        arrays = {name: np.array(values) for name, values in self.months.items()}
        return gather_rows(
            world.seen, self.rows, self.lanes, arrays, ((),) * len(next(iter(arrays.values())))
        )


class HeadlineWatch:
    """Reads a world after each step; `values()` are its headlines so far.

    wanted: ids of the headlines, None for all; raises InputError for an unknown one, and ValueError
    for a world that has begun: a watch has to see every month.
    """

    def __init__(self, world: World, wanted: Sequence[str] | None = None) -> None:
        if world.month:
            raise ValueError(
                f"the world is {world.month} months old; a watch has to see every month "
                "from the first"
            )
        self.wanted = known_headlines(wanted)
        self.world = world
        reads: dict[str, set[str]] = {}
        for name in self.wanted:
            for kind, of in FORMULAS[name].reads:
                reads.setdefault(kind, set()).add(of)
        self.parts = _parts(world, reads)

    def read(self, world: World) -> None:
        """After a step: copy what is needed of the month."""
        self.world = world
        now = columns(world.seen)
        for part in self.parts.values():
            part.read(world, now)

    def values(self, since: str | None = None) -> dict[str, float | None]:
        """Return {id: value or None}, counted from the day *since* (YYYY-MM-DD), else from the
        focal day that the scenario gives.
        """
        source = WatchSource(self.world, self.parts)
        return headlines_of(
            source, since or focal_date(self.world.scenario, source.months), self.wanted
        )


def run_headlines(
    scenario: Scenario, seed: int, wanted: Sequence[str] | None = None, since: str | None = None
) -> dict[str, float | None]:
    """Run one world of a checked scenario without tables and return {id: value or None}, equal to
    those of ``run(...).headlines()``.

    Raises InputError before the run for an unknown headline, or a day *since* that lies outside of
    the run.
    """
    if since is not None:
        check_since(since, month_names(scenario.start, scenario.months))
    world = World(scenario, seed, record=False, collect=False)
    watch = HeadlineWatch(world, wanted)
    for _ in range(scenario.months):
        world.step()
        watch.read(world)
    return watch.values(since)


def check_since(since: str, months: Sequence[str]) -> None:
    """Raise InputError unless *since* is a day within *months*."""
    parse_date(since, "since")
    if since[:7] not in months:
        raise InputError(
            f"since '{since}' is not within the run; use a day from {months[0]} to {months[-1]}"
        )


def _parts(world: World, reads: dict[str, set[str]]) -> dict[str, Part]:
    """The parts of a world that hold what is read: (kind, which) as the formulas declare it."""
    links, offers = world.links, world.offers
    found: dict[str, Part] = {}
    if "flow" in reads or "stops" in reads:
        names = [column for of in sorted(reads.get("flow", ())) for column in FLOWS[of]]
        found["firms"] = _firms_at_home(world, [*names, *(STOPS if "stops" in reads else ())])
    if "home_price" in reads:
        goods = np.array(sorted(GOOD[of] for of in reads["home_price"]))
        sellers = Rows(np.arange(len(world.firms)), NOTHING, _of_goods(offers.good, goods))
        lanes = _of_goods(links.good, goods)
        found["prices"] = _part(
            world, sellers, lanes, ("sold", "offer_stock", "ask"), "lane_quoted"
        )
    if "last_origin" in reads.get("dependence", ()):
        into = np.flatnonzero((links.importer == JAPAN) & (links.exporter != JAPAN))
        nobody = Rows(NOTHING, NOTHING, NOTHING)
        found["last_origin"] = _part(world, nobody, into, (), "lane_tonnes")
    if "separated_in" in reads.get("dependence", ()):
        both = Rows(
            np.arange(len(world.firms)),
            _of_goods(world.needs.good, FOLLOWED),
            _of_goods(offers.good, FOLLOWED),
        )
        columns = ("made", "offer_stock", "need_stock")
        lanes = _of_goods(links.good, FOLLOWED)
        found["separated_in"] = _part(world, both, lanes, columns, "lane_tonnes")
    if "separation" in reads:
        made = _of_goods(offers.good, OXIDES)
        separators = Rows(np.unique(offers.firm[made]), NOTHING, made)
        found["separation"] = _part(world, separators, NOTHING, ("made", "capacity"))
    return found


def _part(world: World, rows: Rows, of_links: IntArray, names: Iterable[str], *sums: str) -> Part:
    """A part of which nothing was read yet."""
    columns = tuple(dict.fromkeys(names))
    return Part(
        rows,
        Lanes(world.links, world.needs, of_links),
        columns,
        sums,
        {name: [] for name in (*columns, *sums)},
    )


def _firms_at_home(world: World, columns: Iterable[str]) -> Part:
    """All firms of the focus state with their needs: makers stand in the sums of the table too,
    with zeros.
    """
    home = np.flatnonzero(world.firms.state == JAPAN)
    needs = np.flatnonzero(np.isin(world.needs.firm, home))
    return _part(world, Rows(home, needs, NOTHING), NOTHING, columns)


def _of_goods(column: IntArray, goods: Sequence[int] | np.ndarray) -> IntArray:
    """Rows whose good is one of these."""
    return np.flatnonzero(np.isin(column, goods))


class WatchSource:
    """What the formulas read (``headlines.Source``), from the parts of a watch."""

    def __init__(self, world: World, parts: dict[str, Part]) -> None:
        self.world, self.months = world, month_names(world.start_name, world.month)
        self.records = {name: part.records(world) for name, part in parts.items()}
        self.prices: FloatArray | None = None

    def stops(self, of: str) -> list[tuple[str, str, str]]:
        records = self.records["firms"]
        structure, lasts = records.structure, records["lasts"]
        down: BoolArray = stopped(records)[0] & (structure.firm_sector >= 0)
        firm, first, _ = spells(down)
        spell = zip(firm.tolist(), first.tolist(), strict=True)
        return [
            (
                SECTORS[structure.firm_sector[who]],
                structure.names[who],
                day_at(self.months[at], lasts[at, who]),
            )
            for who, at in spell
        ]

    def firms(self, of: str) -> dict[str, int]:
        firms = self.world.firms
        count = np.bincount(firms.sector[(firms.state == JAPAN) & (firms.sector >= 0)], minlength=K)
        return {sector: int(count[k]) for k, sector in enumerate(SECTORS) if count[k]}

    def flow(self, of: str) -> FloatArray:
        return flow(self.records["firms"], of)[:, JAPAN * K : (JAPAN + 1) * K]

    def home_price(self, of: str) -> FloatArray:
        if self.prices is None:
            self.prices = home_and_quoted(self.records["prices"])[0].reshape(-1, S, G)
        return self.prices[:, :, GOOD[of]]

    def dependence(self, of: str) -> FloatArray:
        records = self.records[of]
        if of == "last_origin":
            bought = by_last_origin(records, "tonnes", ("all",))
        else:
            bought = by_separation(records, "tonnes", separated_in(records))
        share, counts = shares(bought[:, JAPAN : JAPAN + 1, :1])
        return np.asarray(np.where(counts[0, 0, CHINA], share[:, 0, 0, CHINA], np.nan))

    def separation(self, of: str) -> FloatArray:
        made, possible = made_and_possible(self.records["separation"])
        return np.where(ever(made) | ever(possible), made, np.nan).reshape(-1, S, G)
