"""What a history keeps of its records so that many of them can say why: plants begun, opened and
given up, public money by act, what the stockpile of a state's government held and gave out, lines
that stop, answers of the exporter's office, what third countries re-sell, acts of governments.

A few kilobytes a history, read from the world while it runs. Months count from the start of the
scenario. The two years of the count are those of the headlines.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, NamedTuple

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray
from coercivity.agents.tables import OPEN
from coercivity.experiments.quantities.catalogue import RecordedQuantities
from coercivity.experiments.quantities.headlines import EXPORTER
from coercivity.model.parts.border import CASES
from coercivity.model.parts.programme import CAPEX, Programme
from coercivity.model.results.event_tables import spells
from coercivity.model.results.records import Records
from coercivity.model.scenario.event import decided_in_run
from coercivity.model.world import World

ENDS: Final = ("project cancelled", "plant bankrupt")  # kinds of event with which a plant ends
ANSWERS: Final = tuple(CASES.index(name) for name in ("filed", "granted", "refused"))
LEAST: Final = 0.005  # USD million or t; less is nothing
EMPTY: Final = 0.1  # of what a stockpile held at most: with less it is gone


class Plant(NamedTuple):
    """A plant that was begun: what it is, its announced size (t a year), when it was begun, opened
    and given up or bankrupt (None: not), and public money promised for it by act (USD million).
    """

    name: str
    state: str
    process: str
    tonnes: float
    begun: int
    opened: int | None
    ended: int | None
    promised: Mapping[str, float]


class Fund(NamedTuple):
    """An act of public support: its budget, the most that it has paid and promised together by the
    end of the two years and by the end of the run (USD million; a plant that is given up frees what
    was promised to it, and had it all the same), when it first paid (None: never), for a floor the
    months in which the price was below it, states and processes of the plants that it is for, and
    the numbers of its terms (share, rate, floor): an act that a setting moved in its own month
    keeps its id.
    """

    act: str
    kind: str
    actor: str
    begins: int
    budget: float
    soon: float
    whole: float
    first: int | None
    below: int
    covers: tuple[tuple[str, str], ...]
    terms: tuple[float, ...] = ()


class Store(NamedTuple):
    """What the stockpile of the state's government held of a good, in all states of that government
    together: at most by the end of the two years (t), whether what it held before them was gone
    when they began, what it gave out within them (t), and when first (None: never).
    """

    good: str
    most: float
    gone: bool
    given: float
    first: int | None


class Stop(NamedTuple):
    """A spell in which a line of an end user of the state stands within the two years: the month in
    which it stops, for want of what, and for how many of their months. It may have begun before.
    """

    sector: str
    month: int
    missing: str
    stands: int


class GovernmentChoice(NamedTuple):
    """An act that a government chose by itself."""

    actor: str
    kind: str
    month: int


@dataclass(frozen=True)
class Trail:
    """The records of one history that say why. `office`: applications for goods to the state by
    answer; `resold`: t that third countries sold to it past measures; `tariffs`: USD million of
    all import tariffs; `stopped`: month of the first stop by state; all within the two years.
    """

    months: int
    plants: tuple[Plant, ...] = ()
    funds: tuple[Fund, ...] = ()
    stores: tuple[Store, ...] = ()
    stops: tuple[Stop, ...] = ()
    chosen: tuple[GovernmentChoice, ...] = ()
    office: tuple[float, ...] = (0.0, 0.0, 0.0)
    resold: float = 0.0
    tariffs: float = 0.0
    stopped: Mapping[str, int] = field(default_factory=dict)

    def packed(self) -> bytes:
        """As bytes."""
        held = [getattr(self, one.name) for one in fields(self)]
        return json.dumps(held, separators=(",", ":"), allow_nan=False).encode()

    @classmethod
    def unpacked(cls, data: bytes) -> Trail:
        """What `packed` made. Raises ValueError for anything else."""
        months, plants, funds, stores, stops, chosen, office, *rest = json.loads(data)
        return cls(
            months,
            tuple(Plant(*row) for row in plants),
            tuple(
                Fund(*row)._replace(covers=tuple(map(tuple, row[-2])), terms=tuple(row[-1]))
                for row in funds
            ),
            tuple(Store(*row) for row in stores),
            tuple(Stop(*row) for row in stops),
            tuple(GovernmentChoice(*row) for row in chosen),
            tuple(office),
            *rest,
        )


class TrailWatch:
    """Reads a world after each step; `trail()` is what it has read. at: the month of the count;
    until: the month after its two years.
    """

    def __init__(self, world: World, state: str, at: int, until: int) -> None:
        self.facts = facts = world.facts
        self.state, self.at, self.until = facts.state_row[state], at, until
        own = facts.states_of(facts.government_of(state))
        self.own = [facts.state_row[name] for name in own]
        self.channels = world.border.channels("into", self.state, (EXPORTER,), facts.goods)
        self.buyers = np.flatnonzero(world.firms.state[world.needs.firm] == self.state)
        self.row_of = {name: row for row, name in enumerate(world.firms.names)}
        self.plants: list[dict[str, Any]] = []
        self.under_way: dict[int, dict[str, Any]] = {}  # begun and not yet ended, by row
        self.heard = 0  # events that were read
        self.first: dict[str, int] = {}  # payment, by act
        self.most: dict[str, float] = {}  # paid and promised together, by act
        self.soon: dict[str, float] = {}  # the same by the end of the two years
        self.below: dict[str, int] = {}
        self.held: list[FloatArray] = []  # of the government's stockpile, by month
        self.strain: list[FloatArray] = []  # on the state's lines, by month
        self.office, self.resold, self.tariffs = np.zeros(len(ANSWERS)), 0.0, 0.0
        self.cases = world.border.cases

    def read(self, world: World) -> None:
        """After a step."""
        month = world.month - 1
        self._plants(world, month)
        if world.support.programmes:
            self._money(world, month)
        if month < self.until:
            self.held.append(world.support.reserve[self.own].sum(axis=0))
            self.strain.append(world.needs.strain[self.buyers])
            if month >= self.at:
                self._count(world)

    def _count(self, world: World) -> None:
        """What is added up over the two years."""
        self.tariffs += world.money.by_kind.get("import_tariff", 0.0)
        if world.leaks.active:
            self.resold += float(world.leaks.bought[self.buyers].sum())
        if world.border.cases is not self.cases:  # else the figures of a month that is over
            self.cases = world.border.cases
            self.office += self.cases[list(ANSWERS)][:, self.channels].sum(axis=1)

    def _plants(self, world: World, month: int) -> None:
        """Plants that are begun, open and end."""
        events, firms = world.ledger.events, world.firms
        for _, actor, kind, _ in events[self.heard :]:
            row = self.row_of.get(actor)
            if row is None:
                continue
            if kind == "project begins":
                self.under_way[row] = self._begun(world, row, actor, month)
                self.plants.append(self.under_way[row])
            elif kind in ENDS and row in self.under_way:
                self.under_way.pop(row)["ended"] = month
        self.heard = len(events)
        for row, one in self.under_way.items():
            if one["opened"] is None and firms.status[row] == OPEN:
                one["opened"] = month

    def _begun(self, world: World, row: int, name: str, month: int) -> dict[str, Any]:
        firms = world.firms
        promised = {
            act: _four_digits(one.promised[row])
            for act, one in world.support.programmes.items()
            if one.kind in CAPEX and one.promised[row] > LEAST
        }
        return {
            "name": name,
            "state": self.facts.states[firms.state[row]],
            "process": self.facts.processes[firms.process[row]],
            "tonnes": _four_digits(12.0 * firms.option_size[row]),
            "begun": month,
            "opened": None,
            "ended": None,
            "promised": promised,
        }

    def _money(self, world: World, month: int) -> None:
        """When acts of support first pay, and the most that they have paid and promised."""
        for act, one in world.support.programmes.items():
            if act not in self.first and one.spent > LEAST:
                self.first[act] = month
            self.most[act] = max(self.most.get(act, 0.0), _money_drawn(one))
            if one.kind == "price_floor" and one.open:
                price = world.market.quote[self.facts.good_row[one.event.get("good")]]
                if price < one.event.get("floor"):
                    self.below[act] = self.below.get(act, 0) + 1
        if month < self.until:
            self.soon = dict(self.most)

    def trail(self, world: World, records: Records) -> Trail:
        """What was read so far; records: those of the same world, with the columns of the quantity
        `stood`.
        """
        stood = RecordedQuantities(records)["stood"][: self.until]
        return Trail(
            world.month,
            tuple(Plant(**one) for one in self.plants),
            tuple(self._fund(world, one) for one in world.support.programmes.values()),
            tuple(self._stores()),
            tuple(self._stops(stood, records)),
            tuple(_government_choices(world)),
            tuple(map(_four_digits, self.office.tolist())),
            _four_digits(self.resold),
            _four_digits(self.tariffs),
            self._stopped(stood, records),
        )

    def _fund(self, world: World, one: Programme) -> Fund:
        firms, act, facts = world.firms, one.event.id, self.facts
        rows = firms.option_rows[one.covered[firms.option_rows]]
        places = np.unique(np.column_stack([firms.state[rows], firms.process[rows]]), axis=0)
        return Fund(
            act,
            one.kind,
            one.event.actor,
            one.event.month_index(world.start_name),
            float(one.event.get("budget")),
            _four_digits(self.soon.get(act, 0.0)),
            _four_digits(self.most.get(act, 0.0)),
            self.first.get(act),
            self.below.get(act, 0),
            tuple((facts.states[state], facts.processes[does]) for state, does in places.tolist()),
            tuple(float(value) for _, value in one.event.fields if isinstance(value, int | float)),
        )

    def _stores(self) -> list[Store]:
        """What the stockpile of the state's government held, good by good."""
        held = np.array(self.held)
        if not held.any():
            return []
        given = np.maximum(-np.diff(held, axis=0, prepend=held[:1]), 0.0)
        given[: self.at] = 0.0
        found = []
        for good in np.flatnonzero(held.max(axis=0) > LEAST).tolist():
            out = given[:, good]
            first = int((out > LEAST).argmax()) if (out > LEAST).any() else None
            begun = held[: self.at + 1, good]
            found.append(
                Store(
                    self.facts.goods[good],
                    _four_digits(held[:, good].max()),
                    bool(begun.max() > LEAST and begun[-1] < EMPTY * begun.max()),
                    _four_digits(out.sum()),
                    first,
                )
            )
        return found

    def _stops(self, stood: BoolArray, records: Records) -> list[Stop]:
        """Lines of the state that stand within the two years, and for want of what."""
        who, facts = records.structure, self.facts
        users = np.flatnonzero((who.firm_sector >= 0) & (who.firm_state == self.state))
        firm, first, past = spells(stood[:, users])
        found = []
        for row, month, end in zip(
            users[firm].tolist(), first.tolist(), past.tolist(), strict=True
        ):
            if end <= self.at:
                continue
            needs = np.flatnonzero(who.need_firm[self.buyers] == row)
            lacking = records["lacking"][month, self.buyers[needs]]
            strain = np.where(lacking, self.strain[month][needs], -1.0)
            missing = who.need_good[self.buyers[needs[int(strain.argmax())]]]
            stands = end - max(month, self.at)
            sector = facts.sectors[who.firm_sector[row]]
            found.append(Stop(sector, month, facts.goods[missing], stands))
        return found

    def _stopped(self, stood: BoolArray, records: Records) -> dict[str, int]:
        """Month of the first line that stops within the two years, by state."""
        who, begins = records.structure, max(self.at, 1)
        users = np.flatnonzero(who.firm_sector >= 0)
        starts = stood[begins:, users] & ~stood[begins - 1 : -1, users]
        found: dict[str, int] = {}
        for state in np.unique(who.firm_state[users]).tolist():
            months = starts[:, who.firm_state[users] == state].any(axis=1)
            if months.any():
                found[self.facts.states[state]] = begins + int(months.argmax())
        return found


def _government_choices(world: World) -> list[GovernmentChoice]:
    """Acts that governments chose by themselves, in the order of time."""
    return [
        GovernmentChoice(event.actor, event.kind, event.month_index(world.start_name))
        for event in world.politics.script
        if decided_in_run(world.facts, event.id)
    ]


def _money_drawn(one: Programme) -> float:
    """USD million that an act of support has paid or promises now."""
    return one.spent + (float(one.promised.sum()) if one.kind in CAPEX else 0.0)


def _four_digits(value: float) -> float:
    """A number to four digits."""
    return float(f"{float(value):.4g}")
