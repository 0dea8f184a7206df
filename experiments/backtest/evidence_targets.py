"""Targets of the record, and a watch that reads from a world without tables just what they need.

    values = run_evidence(load_scenario("embargo-2010"), 7, targets_of("embargo-2010"))     #
    {target id: value or None}

Nothing here depends on which sample a target is in, or on its value: a target says what to read and
when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.quantities.record_target import TARGETS, Key, Reader, over_window
from coercivity.experiments.quantities.recording import month_of
from coercivity.experiments.quantities.target_catalogue import check_names
from coercivity.model.basis.calendar import day_at as day_in
from coercivity.model.basis.calendar import month_index, month_name, parse_date
from coercivity.model.basis.csv_tables import Table
from coercivity.model.basis.errors import InputError, Phrase, unknown_value_error
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import Scenario, with_changes
from coercivity.model.world import World

SAMPLES: Final = (
    "in",
    "kept_back",
    "out",
    "start",
)  # start: what the start is balanced to, shown and not scored
FITTED: Final = ("in", "bound")  # bound: rules vectors out, shown with the calibration alone
LINE: Final = "2025-12"  # what was seen after this month is in no fit
STATISTICS: Final = (
    "mean",
    "sum",
    "max",
    "min",
    "log_change",
    "ratio",
    "first_day",
    "sd_yearly_log",
)
AGAINST_BASE: Final = ("log_change", "ratio")
LOGS: Final = ("log_change", "sd_yearly_log")  # statistics in logs
PERCENT: Final = ("%", "percent")


@dataclass(frozen=True)
class Target:
    """One row of evidence: what to read (quantity, state, partner, good), when and how (first,
    last, statistic, base_first, base_last), and what was seen.

    tolerance is in the units of the value (absolute), a share of it (relative) or in logs (log);
    the value of a log_change is a log already, so there log and absolute are one. before, hit and
    event serve the benchmarks alone. imposed: why every world gives the same, '' where it may not;
    such a row is scored as any other and said to test nothing.
    """

    id: str
    episode: str
    sample: str
    scenario: str
    quantity: str
    state: str
    partner: str
    good: str
    first: str
    last: str
    statistic: str
    value: float
    tolerance: float
    tolerance_kind: str
    unit: str
    base_first: str = ""
    base_last: str = ""
    fit_weight: float = 0.0
    before: float | None = None
    hit: float | None = None
    event: str = ""
    source: str = ""
    url: str = ""
    confidence: str = ""
    imposed: str = ""
    note: str = ""

    @property
    def key(self) -> Key:
        """What series it is read from."""
        return Key(self.quantity, self.state, self.partner, self.good)

    @property
    def in_logs(self) -> bool:
        """Whether the tolerance is a factor on the value."""
        return self.tolerance_kind == "log" and self.statistic not in LOGS

    @property
    def never(self) -> float:
        """What an undefined value counts as where values are averaged: of a stop that never comes
        the day after its window, NaN of any other number.
        """
        if self.statistic != "first_day":
            return float("nan")
        after = parse_date(f"{month_name(self.last, 1)}-01")
        return float((after - parse_date(f"{self.first}-01")).days)

    @cached_property
    def interval(self) -> tuple[float, float]:
        """Lowest and highest value that agree with the record."""
        if self.in_logs:
            ends = self.value * np.exp(-self.tolerance), self.value * np.exp(self.tolerance)
            return float(min(ends)), float(max(ends))
        room = self.tolerance * (abs(self.value) if self.tolerance_kind == "relative" else 1.0)
        return self.value - room, self.value + room

    def distance(self, value: float) -> float:
        """Signed distance of a model's value from the record in tolerances: -1 to 1 agrees."""
        if self.in_logs:
            return (
                float(np.log(value / self.value)) / self.tolerance
                if value * self.value > 0
                else float("-inf")
            )
        room = self.tolerance * (abs(self.value) if self.tolerance_kind == "relative" else 1.0)
        return (value - self.value) / room


def load_evidence(sample: str | None = None, facts: Facts | None = None) -> tuple[Target, ...]:
    """Targets of model/data/evidence.csv, in the order of the file; of one sample of SAMPLES or
    all. facts: those of this process unless given. Raises InputError for a broken row.
    """
    if sample is not None and sample not in SAMPLES:
        raise unknown_value_error("sample", sample, SAMPLES)
    targets = _targets_in(facts, "evidence")
    return tuple(target for target in targets if sample is None or target.sample == sample)


def load_targets(facts: Facts | None = None) -> tuple[Target, ...]:
    """Everything that can be read from a run by its id: evidence and bounds."""
    return (*load_evidence(facts=facts), *load_bounds(facts))


def load_bounds(facts: Facts | None = None) -> tuple[Target, ...]:
    """What a vector of the collection may not break, of model/data/bounds.csv: where the world of
    2009 arrives, stocks along the chain, calm. They rule vectors out, and are no test: rules were
    written with an eye on them.

    Raises InputError for a broken row.
    """
    return _targets_in(facts, "bounds")


def _targets_in(facts: Facts | None, name: str) -> tuple[Target, ...]:
    facts = facts or Facts.default()
    return targets_from(facts, facts.table(name))


def targets_from(facts: Facts, table: Table) -> tuple[Target, ...]:
    """Targets of a table with the columns of evidence.csv. Raises InputError naming file, row,
    column, value and fix.
    """
    targets = []
    for row, line in zip(table.rows, table.lines, strict=True):
        target = _target(row)
        try:
            check_target(facts, target)
            check_sample(target)
        except InputError as error:
            place = Phrase.of(
                "{file} row {number}, id {id}", file=table.file, number=line, id=target.id
            )
            raise error.within(place) from None
        targets.append(target)
    return tuple(targets)


def _target(row: Mapping[str, Any]) -> Target:
    named = {"first": "from", "last": "to", "base_first": "base_from", "base_last": "base_to"}
    values = {name: row[named.get(name, name)] for name in Target.__dataclass_fields__}
    return Target(**(values | {"fit_weight": values["fit_weight"] or 0.0}))


def check_target(facts: Facts, target: Target) -> None:
    """Raise InputError, one line, for a target that cannot be read or judged."""
    if target.quantity not in TARGETS:
        raise unknown_value_error("quantity", target.quantity, TARGETS)
    if target.statistic not in STATISTICS:
        raise unknown_value_error("statistic", target.statistic, STATISTICS)
    if (target.quantity == "first_stop") != (target.statistic == "first_day"):
        raise InputError(
            "statistic '{value}' does not fit quantity {quantity}",
            "use first_day with first_stop, and only there",
            value=target.statistic,
            quantity=target.quantity,
        )
    check_names(facts, target.key)
    if month_index(target.first, target.last) < 0:
        raise InputError(
            "to '{last}' is before from '{first}'",
            "exchange the two",
            last=target.last,
            first=target.first,
        )
    if target.statistic in AGAINST_BASE and not (
        target.base_first
        and target.base_last
        and month_index(target.base_first, target.base_last) >= 0
    ):
        raise InputError(
            "base_from '{first}' and base_to '{last}' do not make a window",
            "write both months, the first one first",
            first=target.base_first,
            last=target.base_last,
        )
    if not target.tolerance > 0:
        raise InputError(
            "tolerance '{value}' does not fit", "use a number above 0", value=target.tolerance
        )
    if target.tolerance_kind not in ("absolute", "relative", "log"):
        raise unknown_value_error(
            "tolerance_kind", target.tolerance_kind, ("absolute", "relative", "log")
        )
    if (target.in_logs or target.tolerance_kind == "relative") and target.value == 0:
        raise InputError("value '0' has no relative tolerance", "use tolerance_kind absolute")
    if target.fit_weight and target.sample not in FITTED:
        raise InputError(
            "fit_weight '{value}' does not fit sample {sample}",
            "use 0: only what is in the sample is fitted",
            value=f"{target.fit_weight:g}",
            sample=target.sample,
        )


def check_sample(target: Target) -> None:
    """Raise InputError, one line, for a row on the wrong side of the line of evidence."""
    last = max(target.last, target.base_last or "")
    if target.sample in ("in", "kept_back", "bound") and last > LINE:
        raise InputError(
            "sample '{value}' does not fit to '{last}'",
            "write out: what was seen after {line} is neither fitted nor kept back",
            value=target.sample,
            last=last,
            line=LINE,
        )
    if target.sample == "out" and target.first <= LINE:
        raise InputError(
            "sample 'out' does not fit to '{first}'",
            "write in or kept_back, or a later window: what was seen to {line} belongs to them",
            first=target.first,
            line=LINE,
        )


def seen_in_part(facts: Facts | None = None) -> tuple[str, ...]:
    """Rows kept back whose window lies within that of a fitted row, or bound, of the same series: a
    month of its sum, a year of its spread.
    """
    rows = [*load_evidence(facts=facts), *load_bounds()]
    fitted = [row for row in rows if row.fit_weight > 0]
    return tuple(
        row.id
        for row in rows
        if row.sample == "kept_back"
        and any(
            (row.key, row.first >= one.first, row.last <= one.last) == (one.key, True, True)
            for one in fitted
        )
    )


def months_needed(start: str, targets: Iterable[Target]) -> int:
    """Length of a run from a start (YYYY-MM) that reaches the end of every window, at least 1."""
    ends = [
        month_index(start, end) + 1
        for target in targets
        for end in (target.last, target.base_last)
        if end
    ]
    return max([1, *ends])


class EvidenceWatch:
    """Reads a world after each step: each series once, in the months that a target needs (in all
    months with whole=True, for figures).

    Attach it to a new world. The world needs no tables (record=False), and is not touched. Raises
    InputError for a name that is not known.
    """

    def __init__(self, world: World, targets: Sequence[Target], *, whole: bool = False) -> None:
        self.targets, self.start = tuple(targets), world.start_name
        self.series: dict[Key, dict[int, FloatArray]] = {}
        readers: dict[Key, Reader] = {}
        self.due: dict[int, list[tuple[Reader, dict[int, FloatArray]]]] = {}
        self.columns: dict[int, set[str]] = {}  # what is due needs, by month
        needed: dict[Key, set[int]] = {}
        for target in self.targets:
            key = target.key
            if key not in readers:
                check_names(world.facts, key)
                readers[key], self.series[key] = TARGETS[key.quantity].make(world, key), {}
            windows = (
                [range(world.month, world.scenario.months)] if whole else self._windows(target)
            )
            needed.setdefault(key, set()).update(*windows)
        for key, months in needed.items():
            for month in months:
                self.due.setdefault(month, []).append((readers[key], self.series[key]))
                self.columns.setdefault(month, set()).update(TARGETS[key.quantity].columns)

    def _windows(self, target: Target) -> list[range]:
        last = month_index(self.start, target.last)
        if (
            TARGETS[target.quantity].kind == "stop"
        ):  # a spell is known to begin only from the month before
            return [range(last + 1)]
        windows = [range(month_index(self.start, target.first), last + 1)]
        if target.statistic in AGAINST_BASE:
            windows.append(
                range(
                    month_index(self.start, target.base_first),
                    month_index(self.start, target.base_last) + 1,
                )
            )
        return windows

    def read(self, world: World) -> None:
        """After a step."""
        month = world.month - 1
        now = month_of(world, self.columns.get(month, ()))
        for reader, values_kept in self.due.get(month, ()):
            values_kept[month] = reader(now)

    def values(self) -> dict[str, float | None]:
        """Each target's value in the model, in the target's unit; None where the run does not hold
        its window or the number is not defined.
        """
        return {target.id: self.value(target) for target in self.targets}

    def value(self, target: Target) -> float | None:
        """The value of one target."""
        window = self._window(target.key, target.first, target.last)
        if window is None:
            return None
        if target.statistic in AGAINST_BASE:
            base = self._window(target.key, target.base_first, target.base_last)
            if base is None:
                return None
            above, below = (
                statistic(target, "mean", months, self.start) for months in (window, base)
            )
            ratio = above / below if above is not None and below else None
            if ratio is None or target.statistic == "ratio":
                return ratio
            return float(np.log(ratio)) if ratio > 0 else None
        return statistic(target, target.statistic, window, self.start)

    def _window(self, key: Key, first: str, last: str) -> dict[int, FloatArray] | None:
        months = range(month_index(self.start, first), month_index(self.start, last) + 1)
        values = self.series[key]
        return (
            {month: values[month] for month in months}
            if all(month in values for month in months)
            else None
        )


def statistic(
    target: Target, name: str, window: Mapping[int, FloatArray], start: str
) -> float | None:
    """A statistic of a window (month after the start: what was read), in the target's unit; None
    where it is not defined.
    """
    kind, rows = TARGETS[target.quantity].kind, np.array(list(window.values()))
    scale = 100.0 if target.unit in PERCENT else 1.0
    if kind == "stop":
        begun = ~np.isnan(rows)
        if name != "first_day":
            return _finite_or_none(scale * begun.any(axis=0).mean() if begun.shape[1] else np.nan)
        return _first_day(rows, begun, list(window), start)
    if kind == "share":
        if name in ("mean", "sum"):
            return _finite_or_none(scale * over_window(kind, rows))
        months = scale * np.array([over_window(kind, row[None, :]) for row in rows])
    else:
        months = rows[:, 0]
    return _finite_or_none(RULES[name](months))


def _first_day(rows: FloatArray, begun: Any, months: list[int], start: str) -> float | None:
    origin = parse_date(f"{month_name(start, months[0])}-01")
    for month, row, some in zip(months, rows, begun, strict=True):
        if some.any():
            return float(
                (parse_date(day_in(month_name(start, month), float(np.nanmin(row)))) - origin).days
            )
    return None


def _sd_yearly_log(months: FloatArray) -> float:
    """Standard deviation of yearly changes of the log of twelve-month means, years counted from the
    first month; NaN for less than three whole years.
    """
    years = len(months) // 12
    means = months[: 12 * years].reshape(years, 12).mean(axis=1)
    return (
        float(np.diff(np.log(means)).std(ddof=1))
        if years >= 3 and (means > 0).all()
        else float("nan")
    )


def _finite_or_none(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


RULES: Final[Mapping[str, Callable[[FloatArray], float]]] = {
    "mean": lambda months: float(months.mean()),
    "sum": lambda months: float(months.sum()),
    "max": lambda months: float(months.max()),
    "min": lambda months: float(months.min()),
    "sd_yearly_log": _sd_yearly_log,
}


def run_evidence_watch(
    scenario: Scenario, seed: int, targets: Sequence[Target], *, whole: bool = False
) -> EvidenceWatch:
    """Run one world as long as the targets need, without tables, and return what was read. Raises
    InputError before it runs.
    """
    targets = tuple(targets)
    world = World(
        with_changes(scenario, months=months_needed(scenario.start, targets)),
        seed,
        record=False,
        collect=False,
    )
    watch = EvidenceWatch(world, targets, whole=whole)
    for _ in range(world.scenario.months):
        world.step()
        watch.read(world)
    return watch


def run_evidence(
    scenario: Scenario, seed: int, targets: Sequence[Target]
) -> dict[str, float | None]:
    """Values {target id: value or None} of a scenario and seed; all the targets given are read,
    whatever scenario they name (see targets_of).

    The run is as long as the targets need, whatever months the scenario has: the path of demand
    does not depend on its length.
    """
    return run_evidence_watch(scenario, seed, targets).values()
