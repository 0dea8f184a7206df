"""Headlines of a run that keeps no tables, equal to the last bit to those from its tables, at
little more than the cost of the run.

A watch records the columns that the headlines wanted need, and the formulas of
``experiments/quantities/headlines.py`` ask the catalogue for what they read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.quantities.catalogue import RecordedQuantities, columns_of
from coercivity.experiments.quantities.headlines import (
    FOCUS,
    focal_date,
    formulas,
    headline_table,
    headlines_of,
)
from coercivity.experiments.quantities.recording import Recording
from coercivity.model.basis.calendar import day_at, month_names, parse_date
from coercivity.model.basis.errors import InputError, unknown_value_error
from coercivity.model.basis.facts import Facts
from coercivity.model.results.event_tables import spells
from coercivity.model.world import World


def known_headlines(
    facts: Facts, wanted: Sequence[str] | None, target: str = FOCUS
) -> tuple[str, ...]:
    """Return the ids asked for, or all of a target state in the order of their table for None.
    Raises InputError for an unknown one.
    """
    ids = tuple(row.id for row in headline_table(facts, target))
    for name in wanted or ():
        if name not in ids:
            raise unknown_value_error("headline", name, ids)
    return ids if wanted is None else tuple(wanted)


def quantities_of(facts: Facts, headlines: Iterable[str], target: str = FOCUS) -> set[str]:
    """Names in the catalogue of what the formulas of some headlines read."""
    names: set[str] = set()
    for headline in headlines:
        for kind, of_which in formulas(facts, target)[headline].reads:
            names |= {
                "stops": {"stood", "lasts"},
                "firms": set[str](),
                "home_price": {"home_price"},
                "separation": {"separated"},
            }.get(kind, {of_which})
    return names


class HeadlineWatch:
    """Reads a world after each step; `values()` are its headlines so far.

    wanted: ids of the headlines, None for all; more: further quantities to record; target: the
    state that the headlines are of. Raises InputError for an unknown one, and ValueError for a
    world that has begun: a watch has to see every month.
    """

    def __init__(
        self,
        world: World,
        wanted: Sequence[str] | None = None,
        more: Iterable[str] = (),
        target: str = FOCUS,
    ) -> None:
        if world.month:
            raise ValueError(
                f"the world is {world.month} months old; a watch has to see every month "
                "from the first"
            )
        self.target, self.wanted = target, known_headlines(world.facts, wanted, target)
        names = sorted(quantities_of(world.facts, self.wanted, target))
        self.recording = Recording(world, columns_of([*names, *more]))
        self.read = self.recording.read

    def source(self) -> RecordedSource:
        """What was read so far, for the formulas."""
        world = self.recording.world
        months = month_names(world.start_name, world.month)
        return RecordedSource(RecordedQuantities(self.recording.records(), self.target), months)

    def values(self, since: str | None = None) -> dict[str, float | None]:
        """Return {id: value or None}, counted from the day *since* (YYYY-MM-DD), else from the
        focal day that the scenario gives.
        """
        source = self.source()
        day = since or focal_date(self.recording.world.scenario, source.months, self.target)
        return headlines_of(source, day, self.wanted)


def check_since(since: str, months: Sequence[str]) -> None:
    """Raise InputError unless *since* is a day within *months*."""
    parse_date(since, "since")
    if since[:7] not in months:
        raise InputError(
            "{field} '{value}' is not within the run",
            "use a day from {low} to {high}",
            field="since",
            value=since,
            low=months[0],
            high=months[-1],
        )


class RecordedSource:
    """What the formulas read (``headlines.Source``), from recorded quantities; seen from the
    target of the records.
    """

    def __init__(self, recorded: RecordedQuantities, months: tuple[str, ...]) -> None:
        self.recorded, self.months, self.facts = recorded, months, recorded.facts
        self.target = self.facts.states[recorded.target]

    def stops(self, of: str) -> list[tuple[str, str, str]]:
        who, users = self.recorded.structure, self.recorded.users
        firm, first, _ = spells(self.recorded["stood"][:, users])
        return [
            (
                self.facts.sectors[who.firm_sector[row]],
                who.names[row],
                day_at(self.months[at], float(self.recorded["lasts"][at, row])),
            )
            for row, at in zip(users[firm].tolist(), first.tolist(), strict=True)
        ]

    def firms(self, of: str) -> dict[str, int]:
        sector = self.recorded.structure.firm_sector[self.recorded.users]
        count = np.bincount(sector, minlength=len(self.facts.sectors))
        return {name: int(count[k]) for k, name in enumerate(self.facts.sectors) if count[k]}

    def flow(self, of: str) -> FloatArray:
        return np.asarray(self.recorded[of][:, self.recorded.target])

    def home_price(self, of: str) -> FloatArray:
        return np.asarray(self.recorded["home_price"][:, :, self.facts.good_row[of]])

    def dependence(self, of: str) -> FloatArray:
        return np.asarray(self.recorded[of][:, self.recorded.target])

    def separation(self, of: str) -> FloatArray:
        return np.asarray(self.recorded["separated"])
