"""Worlds beside their twins without export controls, read by lane: what the table licences has of
both, and the base.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray
from coercivity.experiments.quantities.headlines import EXPORT_CONTROLS
from coercivity.experiments.worlds.class_loading import as_loaded
from coercivity.experiments.worlds.processes import helpers
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.calendar import month_name
from coercivity.model.results.records import by_group
from coercivity.model.scenario.scenario import Scenario

if TYPE_CHECKING:
    from coercivity.model.results.records import Records
    from coercivity.model.results.result import Result

YEAR: Final = 12  # months that the base is a mean of
COLUMNS: Final = {  # quantity: column of the table licences
    "applied_t": "applied",
    "waiting_t": "pending",
    "open_t": "open_tonnes",
    "approved_t": "approved",
    "shipped_t": "shipped",
    "under_licence_t": "under_licence",
    "refused_t": "refused_tonnes",
    "returned_t": "returned_tonnes",
    "passed_over_t": "passed_over_tonnes",
    "lapsed_t": "lapsed_tonnes",
}
TONNES: Final = (*COLUMNS, "shipped_twin_t")  # t a month; waiting, open: t at its end
SHIPPED, TWIN = (TONNES.index(name) for name in ("shipped_t", TONNES[-1]))


@dataclass(frozen=True)
class Base:
    """The months that the fixed base is a mean of: the first of them and how many, 'YYYY-MM', in
    the run itself or in the twin; act: month of the first export control ('' where none came).
    """

    first: str
    months: int
    of_twin: bool
    act: str

    def words(self) -> str:
        """'2024-04 to 2025-03 of the run itself'."""
        where = "the twin" if self.of_twin else "the run itself"
        return f"{self.first} to {month_name(self.first, self.months - 1)} of {where}"


@dataclass(frozen=True)
class Pair:
    """One world and its twin. tonnes: TONNES x months x importers x goods; base: t a month by
    importer and good; listed: lanes on which somebody ever needed a licence.
    """

    tonnes: FloatArray
    base_tonnes: FloatArray
    listed: BoolArray
    base: Base


@dataclass(frozen=True)
class Task:
    """A world to run beside its twin, and the lanes that are asked about."""

    scenario: Scenario
    twin: Scenario
    seed: int
    exporter: str
    importers: tuple[str, ...]
    goods: tuple[str, ...]


def read_pairs(tasks: Sequence[Task], workers: int) -> Iterator[Pair]:
    """Pairs in the order of the tasks, as they are done."""
    if workers == 1:
        yield from map(read_pair, tasks)
        return
    work = as_loaded(read_pair, (one for task in tasks for one in (task.scenario, task.twin)))
    with helpers(workers) as pool:
        yield from pool.map(work, tasks)


def read_pair(task: Task) -> Pair:
    """Run a world and its twin and keep what is asked about; at the top of the file, where worker
    processes find it.
    """
    result = run_scenario(task.scenario, task.seed)
    twin = run_scenario(task.twin, task.seed).records
    records = result.records
    assert records is not None
    assert twin is not None
    tonnes, listed = _licences(result, task)
    tonnes[SHIPPED], tonnes[TWIN] = _shipped_tonnes(records, task), _shipped_tonnes(twin, task)
    base = _base(records, result.months, records.facts.government_of(task.exporter))
    first = result.months.index(base.first)
    year = tonnes[TWIN if base.of_twin else SHIPPED, first : first + base.months]
    return Pair(tonnes, year.mean(axis=0), listed, base)


def _licences(result: Result, task: Task) -> tuple[FloatArray, BoolArray]:
    """TONNES x months x importers x goods as the table licences has them, and the lanes on which
    somebody ever applied: what only looks like a controlled good is held up without a licence.
    """
    import pandas as pd

    table = result.table("licences")
    table = table[
        (table["exporter"] == task.exporter)
        & table["importer"].isin(task.importers)
        & table["good"].isin(task.goods)
    ]
    axes = (result.months, task.importers, task.goods)
    month, state, good = (
        pd.Categorical(table[column].astype(str), categories=list(names)).codes
        for column, names in zip(("month", "importer", "good"), axes, strict=True)
    )
    tonnes = np.zeros((len(TONNES), *(len(names) for names in axes)))
    for place, column in enumerate(COLUMNS.values()):
        tonnes[place, month, state, good] = table[column]
    asked_for = [tuple(COLUMNS).index(name) for name in ("applied_t", "under_licence_t")]
    return tonnes, np.asarray((tonnes[asked_for] > 0.0).any(axis=(0, 1)), dtype=bool)


def _shipped_tonnes(records: Records, task: Task) -> FloatArray:
    """Months x importers x goods: t shipped any way."""
    structure, facts = records.structure, records.facts
    states, goods = len(facts.states), len(facts.goods)
    own = structure.exporter == facts.state_row[task.exporter]
    lane = structure.importer[own] * goods + structure.good[own]
    found = by_group(records["lane_tonnes"][:, own], lane, states * goods)
    rows, columns = (
        [row[name] for name in names]
        for row, names in ((facts.state_row, task.importers), (facts.good_row, task.goods))
    )
    return found.reshape(-1, states, goods)[:, rows][..., columns]


def _base(records: Records, months: Sequence[str], government: str) -> Base:
    """The year before the first export control of a government, of the run where it has one."""
    controlled = (
        at
        for at, acts in enumerate(records.acts)
        for act in acts
        if (event := records.event(act)) is not None
        and event.kind in EXPORT_CONTROLS
        and event.actor == government
    )
    act = next(controlled, None)
    name = "" if act is None else months[act]
    if act is not None and act >= YEAR:
        return Base(months[act - YEAR], YEAR, of_twin=False, act=name)
    return Base(months[0], min(YEAR, len(months)), of_twin=True, act=name)
