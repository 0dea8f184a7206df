"""Ensembles: a scenario run over draws of parameter vector and seed, with its band, where the
band's width comes from, and a twin for each run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray, IntArray
from coercivity.experiments.quantities.headlines import FOCUS, Headline, focal_date, headline_table
from coercivity.experiments.quantities.series import series_table
from coercivity.experiments.worlds.asked_facts import Data, check_one_set, find_facts
from coercivity.experiments.worlds.draws import Draw, check_count, draws, load_collection
from coercivity.experiments.worlds.ensemble_runs import Task, run_tasks
from coercivity.experiments.worlds.run import (
    Progress,
    Source,
    count_workers,
    parameters_of_call,
    scenario_to_run,
)
from coercivity.experiments.worlds.spreads import Spread, spread
from coercivity.experiments.worlds.variance import Shares, parameter_share, shares
from coercivity.experiments.worlds.viewpoint import check_state
from coercivity.experiments.worlds.world_class import class_for, name_of
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.display import card_of, display_function
from coercivity.model.basis.errors import InputError, suggest, unknown_value_error
from coercivity.model.basis.facts import Facts
from coercivity.model.results.frames import with_dates
from coercivity.model.results.provenance import class_of
from coercivity.model.results.result import model_version
from coercivity.model.scenario.scenario import Scenario, with_changes

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

    from coercivity.model.world import World

QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
KINDS: Final = ("scenario", "base", "difference")
APART: Final = (
    100_000_000  # between the seeds of one vector: no two runs of any two designs share a seed
)
MOST_REPLICATIONS: Final = 40
MOST_DESIGN: Final = 9_000
MOST_RUNS: Final = 5_000  # all of them are held in memory; a sweep holds none


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Finished runs: vectors x replications of one scenario, and of a base with the same vectors
    and seeds where one was asked for.

    headlines: {kind: vectors x replications x headlines}, series: {kind: vectors x replications x
    months x series} (empty when not kept); kinds are scenario and, with a base, base and difference
    (scenario - base, run by run). NaN where undefined. seeds: vectors x replications.
    """

    scenario: Scenario
    base: Scenario | None
    design_seed: int
    draws: tuple[Draw, ...]
    calibrated_names: tuple[
        str, ...
    ]  # parameters that the draws took from the collection and no scenario sets
    seeds: IntArray
    since: str  # the day from which the headlines count, in both twins
    months: tuple[str, ...]
    version: str
    headlines: dict[str, FloatArray]
    series: dict[str, FloatArray]
    state: str = FOCUS  # the state that headlines and series are seen from
    world: str = "World"  # the class that ran; with its mark where it is not the shipped one
    # hashes of the facts and the code that made it; none for those of this installation
    made: tuple[tuple[str, str], ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """scenario; with a base: scenario, base, difference."""
        return tuple(kind for kind in KINDS if kind in self.headlines)

    @property
    def rows(self) -> tuple[Headline, ...]:
        """The headlines in their order."""
        return headline_table(self.scenario.facts, self.state)

    def _row(self, headline: str) -> int:
        """Place of a headline. Raises InputError for an unknown one."""
        return _place(headline, tuple(row.id for row in self.rows), "headline")

    @property
    def replications(self) -> int:
        """Seeds for each vector."""
        return int(self.seeds.shape[1])

    def values(self, headline: str, kind: str = "scenario") -> FloatArray:
        """One headline: vectors x replications. Raises InputError for an unknown name."""
        return self.headlines[self._kind(kind)][:, :, self._row(headline)]

    def spread(self, headline: str, kind: str = "scenario") -> Spread:
        """Median, 5th and 95th percentile of one headline over all runs.

        A stop that never comes counts as later than any day, as in `spreads.spread`; a difference
        is over the pairs in which both are defined.
        """
        values = [
            None if np.isnan(value) else float(value)
            for value in self.values(headline, kind).ravel()
        ]
        unit = self.rows[self._row(headline)].unit
        return spread(values, "" if kind == "difference" else unit)

    def shares(self, headline: str, kind: str = "scenario") -> Shares:
        """Where the variance of one headline comes from."""
        return shares(self.values(headline, kind), self.calibrated)

    def line(self, series: str, kind: str = "scenario") -> FloatArray:
        """One series: vectors x replications x months. Raises InputError for an unknown name, or
        where no series were kept.
        """
        if not self.series:
            raise InputError("series '{value}' was not kept", "ask for series=True", value=series)
        names = tuple(row.id for row in series_table(self.scenario.facts, self.state))
        return self.series[self._kind(kind)][:, :, :, _place(series, names, "series")]

    def band(self, series: str, kind: str = "scenario") -> FloatArray:
        """The band of one series over all runs: 5th, 25th, 50th, 75th and 95th percentile x months;
        NaN in a month in which no run defines it.
        """
        values = self.line(series, kind).reshape(-1, len(self.months))
        out = np.full((len(QUANTILES), len(self.months)), np.nan)
        known = np.isfinite(values).any(axis=0)
        out[:, known] = np.nanquantile(values[:, known], QUANTILES, axis=0)
        return out

    def parameter_share(self, series: str, kind: str = "scenario") -> FloatArray:
        """Share of the variance of a series that the parameters give, month by month; luck gives
        the rest. NaN where it cannot be told.
        """
        return parameter_share(self.line(series, kind))

    @cached_property
    def calibrated(self) -> FloatArray | None:
        """Vectors x calibrated parameters that the draws took from the collection; None where there
        is none.
        """
        if not self.calibrated_names:
            return None
        return np.array(
            [[dict(draw.parameters)[name] for name in self.calibrated_names] for draw in self.draws]
        )

    def table(self) -> pd.DataFrame:
        """One row a run: twin, draw, replication, seed, member, the parameters that were drawn, the
        headlines (null where undefined).
        """
        import pandas as pd

        count, seeds = self.seeds.shape
        at = np.repeat(np.arange(count), seeds)
        frames = []
        for kind in self.kinds[:2]:
            keys: dict[str, Any] = {
                "twin": [kind] * len(at),
                "draw": at,
                "replication": np.tile(np.arange(seeds), count),
                "seed": self.seeds.ravel(),
            }
            keys["member"] = [self.draws[draw].member for draw in at]
            scenario = self.scenario if kind == "scenario" else self.base
            assert scenario is not None
            vectors = [vector(scenario, self.draws[draw]) for draw in range(count)]
            keys |= {name: [vectors[draw][name] for draw in at] for name in sorted(vectors[0])}
            flat = self.headlines[kind].reshape(len(at), -1)
            frames.append(
                pd.DataFrame(
                    {
                        **keys,
                        **{row.id: flat[:, place] for place, row in enumerate(self.rows)},
                    }
                )
            )
        joined = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
        joined.attrs["units"] = {row.id: row.unit for row in self.rows}
        return joined

    def series_frame(self, dates: str = "text") -> pd.DataFrame:
        """One row a run and month: twin, draw, replication, seed, month, one column a series (null
        where undefined). dates: as for `Result.table`.
        """
        import pandas as pd

        count, seeds = self.seeds.shape
        length, table = len(self.months), series_table(self.scenario.facts, self.state)
        draw = np.repeat(np.arange(count), seeds * length)
        frames = []
        for kind in self.kinds[:2]:
            flat = self.series[kind].reshape(len(draw), -1)
            keys: dict[str, Any] = {
                "twin": [kind] * len(draw),
                "draw": draw,
                "replication": np.tile(np.repeat(np.arange(seeds), length), count),
            }
            keys |= {
                "seed": np.repeat(self.seeds.ravel(), length),
                "month": np.tile(np.array(self.months), count * seeds),
            }
            frames.append(
                pd.DataFrame(
                    {**keys, **{row.id: flat[:, place] for place, row in enumerate(table)}}
                )
            )
        joined = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
        joined.attrs["units"] = {row.id: row.unit for row in table}
        return with_dates(joined, dates)

    @property
    def plots(self) -> tuple[str, ...]:
        """Names of the figures that `plot` draws; those of differences too where there is a base,
        none where no series were kept.
        """
        names: tuple[str, ...] = display_function("plots of an ensemble")(self)
        return names

    def plot(self, name: str | None = None) -> Figure:
        """Draw one figure of `plots`, the first where none is named: fans of monthly series, below
        each what its width comes from.

        Returns a matplotlib Figure that pyplot knows nothing of, so that a notebook shows it once.
        Raises InputError for an unknown name, where no series were kept, and without matplotlib
        (`pip install "coercivity[plot]"`).
        """
        return display_function("figure of an ensemble")(self, name)

    def to_xarray(self) -> xr.Dataset:
        """Return headlines and series as an xarray.Dataset along seed (one a run, with its draw and
        replication), month (datetime64; series alone) and, with a base, twin (scenario, base);
        `units` in the attributes, NaN where undefined. Raises InputError without xarray (`pip
        install "coercivity[xarray]"`).
        """
        return display_function("grid of an ensemble")(self)

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the ensemble to a folder, or to one file where *path* ends in .zip;
        `coercivity.load` reads it back to the last bit. The rest is as for `Result.save`.
        """
        saved: Path = display_function("files of an ensemble")(self, path, overwrite)
        return saved

    def _repr_html_(self) -> str:
        """The card that a notebook shows."""
        return card_of(self, lambda: display_function("card of an ensemble")(self))

    def __repr__(self) -> str:
        against = f" against {self.base.name}" if self.base is not None else ""
        other = f"{self.world}, " if self.world != "World" else ""
        return (
            f"Ensemble({self.scenario.name}{against}, {other}{len(self.draws)} draws with "
            f"{self.replications} seeds each, {self.version})"
        )

    def _kind(self, kind: str) -> str:
        if kind not in self.headlines:
            raise InputError("kind '{value}' is not here", suggest(kind, self.kinds), value=kind)
        return kind


def ensemble(
    scenario: Source,
    draws: int = 32,
    replications: int = 1,
    *,
    base: Source | None = None,
    design_seed: int = 0,
    workers: int = 0,
    months: int | None = None,
    series: bool = True,
    progress: Progress | None = None,
    state: str = FOCUS,
    world: type[World] | str | None = None,
    data: Data = None,
    parameters: Mapping[str, Any] | None = None,
    **named: Any,
) -> Ensemble:
    """Run a scenario over `draws` parameter vectors, each with `replications` seeds, and where a
    `base` is named, beside each of these runs its twin: the base with the same vector and seed.

    Vectors are those of the shipped collection, and beyond it of a design that design_seed
    shuffles; what a scenario file or a keyword sets is not drawn. series=False keeps headlines and
    no monthly series. Two replications or more tell
    parameters from luck. workers: processes, 0 takes one for each usable core; results depend
    neither on it nor on the order of finishing. progress(done, total) counts runs. state: the one
    that headlines and series are seen from. world: as for `run_worlds`, for both twins. data: a
    data folder, as for `run`. Parameters as for `run`. Raises InputError, one line, before anything
    runs.
    """
    values = parameters_of_call(parameters, named)
    if data is None and base is not None:
        check_one_set(base=base, scenario=scenario)
    facts = find_facts(data, scenario, base)
    scenario_asked = scenario_to_run(scenario, months, values, facts)
    twin = None if base is None else scenario_to_run(base, months, values, facts)
    if twin is not None:
        from coercivity.experiments.worlds.compare import check_same_span

        check_same_span(twin, scenario_asked)
    chosen = _make_draws(draws, design_seed, facts)
    seeds = _seeds(chosen, replications)
    names = month_names(scenario_asked.start, scenario_asked.months)
    since = focal_date(scenario_asked, names, check_state(scenario_asked.facts, state, "state"))
    both = [scenario_asked] if twin is None else [scenario_asked, twin]
    kind = class_for(world)
    processes = count_workers(workers, len(both) * seeds.size)
    asked_for = kind if processes == 1 else name_of(world)
    tasks = _tasks(both, chosen, seeds, (since, series, state, asked_for))
    outcomes_of_runs = run_tasks(tasks, processes, progress)
    shape = (len(both), *seeds.shape)
    headlines = np.array([values for values, _ in outcomes_of_runs]).reshape(*shape, -1)
    lines = (
        np.array([kept for _, kept in outcomes_of_runs]).reshape(*shape, len(names), -1)
        if series
        else None
    )
    fixed = {name for values in both for name, _ in values.parameters}
    return Ensemble(
        scenario=scenario_asked,
        base=twin,
        design_seed=design_seed,
        draws=tuple(chosen),
        calibrated_names=tuple(
            name for name in load_collection(facts=facts).calibrated if name not in fixed
        ),
        seeds=seeds,
        since=since,
        months=names,
        version=model_version(),
        headlines=_by_kind(headlines),
        series={} if lines is None else _by_kind(lines),
        state=state,
        world=class_of(kind),
    )


def _tasks(
    scenarios: Sequence[Scenario],
    chosen: Sequence[Draw],
    seeds: IntArray,
    counted: tuple[str, bool, str, type[World] | str],
) -> list[Task]:
    """Every scenario with every vector and each of its seeds; counted: since, series, state and
    class of each (`Task`). Raises InputError where they are too many to hold.
    """
    runs = len(scenarios) * seeds.size
    if runs > MOST_RUNS:
        raise InputError(
            "draws '{count}' with {replications} replications are {runs} runs, twins "
            "included, and an ensemble holds {most_runs}",
            "use fewer, or write a sweep with method: collection",
            count=len(chosen),
            replications=seeds.shape[1],
            runs=runs,
            most_runs=MOST_RUNS,
        )
    return [
        Task(with_vector(scenario, draw), int(seed), *counted)
        for scenario in scenarios
        for draw, row in zip(chosen, seeds, strict=True)
        for seed in row
    ]


def vector(scenario: Scenario, draw: Draw) -> dict[str, float]:
    """The drawn parameters as this scenario runs them: what it sets itself stays."""
    return {
        **dict(draw.parameters),
        **{name: value for name, value in scenario.parameters if name in dict(draw.parameters)},
    }


def with_vector(scenario: Scenario, draw: Draw) -> Scenario:
    """The scenario with a drawn vector below what it sets itself."""
    return with_changes(scenario, parameters={**dict(draw.parameters), **dict(scenario.parameters)})


def _by_kind(values: FloatArray) -> dict[str, FloatArray]:
    """Twins by name; their difference is taken run by run."""
    if len(values) == 1:
        return {"scenario": values[0]}
    return {"scenario": values[0], "base": values[1], "difference": values[0] - values[1]}


def _make_draws(count: int, design_seed: int, facts: Facts) -> list[Draw]:
    check_count(count)
    if (
        isinstance(design_seed, bool)
        or not isinstance(design_seed, int)
        or not 0 <= design_seed <= MOST_DESIGN
    ):
        raise InputError(
            "design_seed '{value}' does not fit",
            "use a whole number from 0 to {high}",
            value=design_seed,
            high=MOST_DESIGN,
        )
    return draws(count, design_seed, facts=facts)


def _seeds(chosen: Sequence[Draw], replications: int) -> IntArray:
    """Vectors x replications: the seed of the draw, then others that no vector shares."""
    if (
        isinstance(replications, bool)
        or not isinstance(replications, int)
        or not 1 <= replications <= MOST_REPLICATIONS
    ):
        raise InputError(
            "replications '{value}' does not fit",
            "use a whole number from 1 to {high}",
            value=replications,
            high=MOST_REPLICATIONS,
        )
    first = np.array([draw.seed for draw in chosen], dtype=np.int64)
    return first[:, None] + APART * np.arange(replications, dtype=np.int64)[None, :]


def _place(name: str, known: tuple[str, ...], what: str) -> int:
    if name not in known:
        raise unknown_value_error(what, name, known)
    return known.index(name)
