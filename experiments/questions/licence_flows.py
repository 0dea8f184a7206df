"""Tonnes under licences by month, destination and good, beside the twin in which no act restricts
exports: behind `coercivity licences`.

Every world is run twice with the same seed and parameter vector: as the scenario has it, and
without its export controls. What is shipped on a lane is set against what the twin ships there, and
against a fixed base: the mean of the twelve months before the first export control of the exporter,
in the run itself, or of the twin's first twelve months where the run has no such year before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray
from coercivity.experiments.quantities.headlines import EXPORT_CONTROLS, focal_event
from coercivity.experiments.questions.licence_pairs import (
    SHIPPED,
    TONNES,
    TWIN,
    Base,
    Task,
    read_pairs,
)
from coercivity.experiments.worlds.asked_facts import Data, find_facts
from coercivity.experiments.worlds.draws import Draw
from coercivity.experiments.worlds.ensemble import with_vector
from coercivity.experiments.worlds.run import (
    Progress,
    Source,
    count_workers,
    parameters_of_call,
    scenario_to_run,
)
from coercivity.experiments.worlds.twin import without_export_controls
from coercivity.model.basis.calendar import month_index, month_names, parse_month
from coercivity.model.basis.errors import InputError, Phrase, shorten, unknown_value_error
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import EU, WORLD
from coercivity.model.basis.luck import read_seeds
from coercivity.model.scenario.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd


ALL: Final = "all"
DUST: Final = 1e-6  # t a month; over less than this no share is told
PARTS: Final = ("of_twin", "of_base")  # of what is shipped
QUANTITIES: Final = (*TONNES, *PARTS)
AT_END: Final = [TONNES.index(name) for name in ("waiting_t", "open_t")]  # t, of no month's flow
FEW: Final = 20  # runs below which a band is told as the lowest and the highest


@dataclass(frozen=True, eq=False)
class LicenceFlows:
    """What one exporter sends under licences in several worlds. importers, goods: those asked about
    of which some lane ever needed a licence in one of the worlds; other lanes are zero.

    tonnes: worlds x TONNES x months x importers x goods; base_tonnes: worlds x importers x goods,
    t a month; listed: importers x goods; left_out: what was asked by name and needs no licence;
    since: month from which the months under the rule are counted in every world, None for each
    world's first export control; keeps_still: whether the exporter's government decides for itself,
    and takes no act in the twin.
    """

    scenario: Scenario
    exporter: str
    importers: tuple[str, ...]
    goods: tuple[str, ...]
    months: tuple[str, ...]
    seeds: tuple[int, ...]
    drawn: bool
    bases: tuple[Base, ...]
    tonnes: FloatArray
    base_tonnes: FloatArray
    listed: BoolArray
    left_out: tuple[str, ...] = ()
    since: int | None = None
    keeps_still: bool = False

    @cached_property
    def acts(self) -> tuple[int | None, ...]:
        """By world, month of its first export control, counted from the start; None without one."""
        return tuple(self.months.index(base.act) if base.act else None for base in self.bases)

    @cached_property
    def counted_from(self) -> tuple[int | None, ...]:
        """By world, month from which the months under the rule are counted."""
        return self.acts if self.since is None else (self.since,) * len(self.acts)

    @cached_property
    def act(self) -> int:
        """The earliest of them, 0 where no world has one."""
        return min((act for act in self.acts if act is not None), default=0)

    def over(
        self,
        importers: Sequence[str],
        goods: Sequence[str],
        periods: Iterable[range],
        *,
        since_act: bool = False,
    ) -> FloatArray:
        """Worlds x QUANTITIES x periods (ranges of months), summed over these lanes (all where none
        is named): t a month in the mean of a period, waiting and open at its end, shares of its
        sums; NaN where the twin, or the base, sends nothing. since_act: months are counted as
        `counted_from` says; NaN where a world has no such month, or ends before.
        """
        tonnes, base = self._lanes(importers, goods)
        if since_act:
            counted = zip(tonnes, self.counted_from, strict=True)
            tonnes = np.stack([_columns_from_month(one, month) for one, month in counted])
        found = []
        for period in periods:
            part = tonnes[:, :, list(period)]
            mean = part.mean(axis=2)
            mean[:, AT_END] = part[:, AT_END, -1]
            found.append(np.hstack([mean, self._parts(mean, base)]))
        return np.stack(found, axis=2)

    def by_month(self, importers: Sequence[str] = (), goods: Sequence[str] = ()) -> FloatArray:
        """Worlds x QUANTITIES x months, summed over these lanes (all where none is named)."""
        tonnes, base = self._lanes(importers, goods)
        return np.concatenate([tonnes, self._parts(tonnes, base[:, None])], axis=1)

    def _lanes(
        self, importers: Sequence[str], goods: Sequence[str]
    ) -> tuple[FloatArray, FloatArray]:
        """Worlds x TONNES x months, and worlds: t a month of the base."""
        rows = [self.importers.index(one) for one in importers or self.importers]
        columns = [self.goods.index(one) for one in goods or self.goods]
        tonnes = self.tonnes[..., rows, :][..., columns].sum(axis=(-2, -1))
        return tonnes, self.base_tonnes[:, rows][..., columns].sum(axis=(-2, -1))

    @staticmethod
    def _parts(tonnes: FloatArray, base: FloatArray) -> FloatArray:
        """Shares of the twin and of the base in what is shipped (second axis: TONNES)."""
        whole = (tonnes[:, TWIN], np.broadcast_to(base, tonnes[:, SHIPPED].shape))
        return np.stack([share(tonnes[:, SHIPPED], one) for one in whole], axis=1)

    def lanes(self) -> Iterator[tuple[str, str]]:
        """Importer and good of each row of lanes of the long table: each lane, and the sums over
        goods, over importers and over both, as `all`.
        """
        for i, state in enumerate(self.importers):
            for g, good in enumerate(self.goods):
                if self.listed[i, g]:
                    yield state, good
        yield from ((state, ALL) for state in self.importers if len(self.goods) > 1)
        yield from ((ALL, good) for good in self.goods if len(self.importers) > 1)
        if len(self.goods) > 1 and len(self.importers) > 1:
            yield ALL, ALL

    def frame(self) -> pd.DataFrame:
        """The long table: month, exporter, importer, good, quantity (its unit at its end: t a
        month, or a share), median, 5th and 95th percentile, and in how many worlds it is defined.

        Rows in which importer or good is `all` are sums over those asked about: medians of sums,
        which are not sums of medians.
        """
        import pandas as pd

        lanes, length = list(self.lanes()), len(self.months)
        bands = np.concatenate([self._band(*lane).reshape(4, -1) for lane in lanes], axis=1)
        each = len(QUANTITIES) * length
        table = pd.DataFrame(
            {
                "month": np.tile(np.array(self.months), len(lanes) * len(QUANTITIES)),
                "exporter": self.exporter,
                "importer": np.repeat([state for state, _ in lanes], each),
                "good": np.repeat([good for _, good in lanes], each),
                "quantity": np.tile(np.repeat(QUANTITIES, length), len(lanes)),
                "median": bands[0],
                "low": bands[1],
                "high": bands[2],
                "worlds": bands[3].astype(int),
            }
        )
        table.attrs["units"] = {
            name: "share"
            if name in PARTS
            else "t"
            if name in ("waiting_t", "open_t")
            else "t a month"
            for name in QUANTITIES
        }
        return table

    def _band(self, importer: str, good: str) -> FloatArray:
        """The band of a row of lanes: 4 x QUANTITIES x months."""
        return band(self.by_month(*(() if one == ALL else (one,) for one in (importer, good))))


def _columns_from_month(tonnes: FloatArray, act: int | None) -> FloatArray:
    """Columns from a month on, NaN behind their end; all NaN without a month."""
    out = np.full(tonnes.shape, np.nan)
    if act is not None:
        out[:, : tonnes.shape[1] - act] = tonnes[:, act:]
    return out


def licence_flows(
    scenario: Source,
    seeds: Iterable[int] = (1,),
    *,
    drawn: Sequence[Draw] = (),
    exporter: str = "China",
    importers: Sequence[str] = (),
    goods: Sequence[str] = (),
    months: int | None = None,
    since: str = "",
    workers: int = 1,
    progress: Progress | None = None,
    data: Data = None,
    parameters: Mapping[str, Any] | None = None,
    **named: Any,
) -> LicenceFlows:
    """What an exporter sends under licences (t a month), each world beside its twin without
    export controls. seeds: one world each; or drawn: draws of parameter vector and seed. importers,
    goods: states ("EU" means its three) and goods or groups of goods; all without any. since: month
    ("YYYY-MM") from which months under the rule are counted; without it, the month of the measure
    that the scenario asks about, else of the exporter's first measure on these channels, else of
    each world's first export control.

    workers: processes, 0 takes one for each usable core; the answer does not depend on it. data and
    parameters: as for `run`. Raises InputError, one line, for what is not known, and where nobody
    needs a licence.
    """
    values = parameters_of_call(parameters, named)
    alone = [] if drawn else read_seeds(seeds)
    facts = find_facts(data, scenario)
    asked = scenario_to_run(scenario, months, values, facts)
    to, of = check_lanes(facts, exporter, importers, goods)
    chosen = [(with_vector(asked, draw), draw.seed) for draw in drawn] or [
        (asked, seed) for seed in alone
    ]
    _check_controls(asked, exporter)
    counted = since_month(asked, exporter, since, to, of)
    tasks = [
        Task(one, without_export_controls(one, exporter), seed, exporter, to, of)
        for one, seed in chosen
    ]
    pairs = []
    for pair in read_pairs(tasks, count_workers(workers, len(tasks))):
        pairs.append(pair)
        if progress is not None:
            progress(len(pairs), len(tasks))
    listed = np.logical_or.reduce([pair.listed for pair in pairs])
    if not listed.any():
        raise _no_licence_error(asked, exporter, (importers, goods))
    rows, columns = np.flatnonzero(listed.any(axis=1)), np.flatnonzero(listed.any(axis=0))
    only = listed[np.ix_(rows, columns)]
    return LicenceFlows(
        scenario=asked,
        exporter=exporter,
        importers=tuple(to[row] for row in rows),
        goods=tuple(of[column] for column in columns),
        months=month_names(asked.start, asked.months),
        seeds=tuple(task.seed for task in tasks),
        drawn=bool(drawn),
        bases=tuple(pair.base for pair in pairs),
        tonnes=np.stack([pair.tonnes[:, :, rows][..., columns] for pair in pairs]) * only,
        base_tonnes=np.stack([pair.base_tonnes[np.ix_(rows, columns)] for pair in pairs]) * only,
        listed=only,
        left_out=(
            *(to[row] for row in np.flatnonzero(~listed.any(axis=1)) if importers),
            *(of[column] for column in np.flatnonzero(~listed.any(axis=0)) if goods),
        ),
        since=counted,
        keeps_still=asked.mode_of(facts.government_of(exporter)) == "autonomous",
    )


def since_month(
    scenario: Scenario,
    exporter: str,
    since: str = "",
    importers: Iterable[str] = (),
    goods: Iterable[str] = (),
) -> int | None:
    """Month from which the months under the rule are counted: the one that is asked for, else that
    of the measure in question (`focal_event`), else of the first export control, of those that the
    exporter lays on some of these lanes; None, for each world's first export control, where the
    file names none. Raises InputError for a month that the run does not have.
    """
    if since:
        return month_of_run(scenario, since, "since")
    facts = scenario.facts
    to, of = set(importers) or {*facts.states}, set(goods) or {*facts.goods}
    acts = [
        event
        for event in sorted(scenario.events, key=lambda event: event.date)
        if event.kind in EXPORT_CONTROLS
        and facts.government_of(exporter) == event.actor
        and to & {*event.target_states()}
        and of & ({*event.goods} or of)
    ]
    focal = focal_event(scenario, month_names(scenario.start, scenario.months))
    act = focal if focal in acts else next(iter(acts), None)
    return None if act is None else max(month_index(scenario.start, act.date), 0)


def month_of_run(scenario: Scenario, month: str, what: str) -> int:
    """Place of a month ('YYYY-MM') in the run. Raises InputError, which says *what* it is, for one
    that the run does not have.
    """
    parse_month(month, what)
    names = month_names(scenario.start, scenario.months)
    if month not in names:
        raise InputError(
            "{field} '{value}' is no month of scenario '{scenario}'",
            "use one from {low} to {high} (YYYY-MM)",
            field=what,
            value=month,
            scenario=scenario.name,
            low=names[0],
            high=names[-1],
        )
    return names.index(month)


def check_lanes(
    facts: Facts, exporter: str, importers: Sequence[str], goods: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """States and goods that are asked about, each once in the order of the lists of names. Raises
    InputError for an unknown name and for the exporter as its own destination.
    """
    states = facts.states
    if exporter not in states:
        raise unknown_value_error("exporter", exporter, states)
    wanted: set[str] = set()
    for name in importers or (WORLD,):
        if name == exporter:
            raise InputError(
                "destination '{value}' is the exporter itself", "name another state", value=name
            )
        if name in (WORLD, ALL):
            wanted |= {*states} - {exporter}
        elif name == EU:
            wanted |= {*facts.eu_states} - {exporter}
        elif name in states:
            wanted.add(name)
        else:
            raise unknown_value_error("destination", name, (*states, EU, ALL))
    return tuple(state for state in states if state in wanted), facts.expand_goods(goods or (ALL,))


def share(part: FloatArray, whole: FloatArray) -> FloatArray:
    """part / whole; NaN where the whole is nothing."""
    found = np.full(part.shape, np.nan)
    np.divide(part, whole, out=found, where=whole > DUST)
    return found


def band(values: FloatArray) -> FloatArray:
    """Median, 5th and 95th percentile over the worlds (first axis) in which a number is defined,
    and how many these are; NaN where there is none. Of few runs (FEW) the lowest and the highest.
    """
    ends = (0.5, 0.0, 1.0) if len(values) < FEW else (0.5, 0.05, 0.95)
    known = np.isfinite(values).sum(axis=0)
    found = np.full((4, *values.shape[1:]), np.nan)
    found[3] = known
    some = known > 0
    found[:3, some] = np.nanquantile(values[:, some], ends, axis=0)
    return found


def _check_controls(scenario: Scenario, exporter: str) -> None:
    """Raise InputError before anything runs where an exporter's script has no export control."""
    government = scenario.facts.government_of(exporter)
    scripted = any(
        event.kind in EXPORT_CONTROLS and event.actor == government
        for event in (*scenario.events, *scenario.choices)
    )
    if not scripted and scenario.mode_of(government) != "autonomous":
        raise _no_licence_error(scenario, exporter, ((), ()))


def _no_licence_error(
    scenario: Scenario, exporter: str, asked: tuple[Sequence[str], Sequence[str]]
) -> InputError:
    """The refusal where no lane that is asked about ever needs a licence."""
    states, goods = (shorten(", ".join(names)) for names in asked)
    return InputError(
        "nobody needs a licence for exports{of} from {exporter}{to} in its {months} months from "
        "{start}",
        "ask for other goods, for example controlled_2025, or destinations, or for more months"
        if goods or states
        else "take a scenario with licences, for example licensing-2025, or more months",
        where=Phrase.of("scenario '{scenario}'", scenario=scenario.name),
        of=Phrase.of(" of {goods}", goods=goods) if goods else "",
        exporter=exporter,
        to=Phrase.of(" to {states}", states=states) if states else "",
        months=scenario.months,
        start=scenario.start,
    )
