"""Twins: two scenarios run with the same seeds, so that a difference is the scenario's and not
luck's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coercivity.experiments.quantities.headlines import FOCUS, focal_date
from coercivity.experiments.worlds.asked_facts import (
    Data,
    check_comparable_facts,
    check_one_set,
    find_facts,
    retell_results,
)
from coercivity.experiments.worlds.headline_tables import compute_headlines
from coercivity.experiments.worlds.idle_at_start import find_idle_at_start
from coercivity.experiments.worlds.run import (
    Progress,
    Source,
    parameters_of_call,
    run_worlds,
    scenario_to_run,
)
from coercivity.experiments.worlds.spreads import differences
from coercivity.experiments.worlds.viewpoint import check_state
from coercivity.model.basis.display import card_of, display_function
from coercivity.model.basis.errors import InputError, suggest, unknown_value_error
from coercivity.model.basis.luck import read_seeds
from coercivity.model.results.frames import category_of_names, with_dates
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from coercivity.model.results.explanation_form import Explanation
    from coercivity.model.world import World

UNDEFINED_WHEN_ABSENT: Final = (
    "prices",
    "stoppages",
    "firms",
)  # elsewhere a row that one twin lacks is a flow, stock or share of zero
COUNTED: Final = "rows"  # the quantity of tables that hold no numbers


@dataclass(frozen=True, eq=False)
class Comparison:
    """Worlds of a base and of a scenario, twin by twin in the order of the seeds."""

    base: tuple[Result, ...]
    scenario: tuple[Result, ...]

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds, one a pair of twins."""
        return tuple(result.seed for result in self.scenario)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that `table` makes."""
        return self.scenario[0].tables

    def table(self, name: str, dates: str = "text") -> pd.DataFrame:
        """Return one table of twins: the columns that say what a row is, then quantity, base,
        scenario, difference (scenario - base) and seed.

        quantity names the column of numbers that the row is about. A table without numbers (events,
        policy, decisions) counts its rows instead. dates: as for `Result.table`.
        Raises InputError for an unknown name.
        """
        import pandas as pd

        if name not in self.tables:
            raise unknown_value_error("table", name, self.tables)
        missing = np.nan if name in UNDEFINED_WHEN_ABSENT else 0.0
        frames, units = [], {}
        for base_run, other in zip(self.base, self.scenario, strict=True):
            first, second = base_run.table(name), other.table(name)
            units = second.attrs["units"]
            frames.append(twins(first, second, missing).assign(seed=base_run.seed))
        joined = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
        joined.attrs["units"] = {
            "base": "that of the quantity",
            "scenario": "that of the quantity",
            "difference": "that of the quantity",
        }
        joined.attrs["quantities"] = dict(units)
        return with_dates(joined, dates)

    def headlines(self) -> dict[str, dict[str, list[float | None]]]:
        """Return {id: {base, scenario, difference: one value a seed}}, counted from the scenario's
        measure in both worlds. Price multiples of both are over the scenario's usual price.
        """
        first = self.scenario[0]
        since = focal_date(first.scenario, first.months)
        base = [
            compute_headlines(one, since, usual=other)
            for one, other in zip(self.base, self.scenario, strict=True)
        ]
        scenario = [compute_headlines(result, since) for result in self.scenario]
        apart = differences(base, scenario)
        return {
            name: {
                "base": [of[name] for of in base],
                "scenario": [of[name] for of in scenario],
                "difference": [of[name] for of in apart],
            }
            for name in scenario[0]
        }

    def standing(self, state: str = FOCUS, sector: str = "") -> dict[str, list[int]]:
        """Return {base, scenario: one count a seed}: how many makers (end users) of a state, of one
        sector or of all, stood already on the day from which the headlines count.

        First stops are new stops: where the counts differ, they are those of other lines, and their
        difference is no effect. Raises InputError for an unknown state or sector.
        """
        first = self.scenario[0]
        check_state(first.facts, state, "state")
        if sector and sector not in first.facts.sectors:
            raise unknown_value_error("sector", sector, first.facts.sectors)
        since = focal_date(first.scenario, first.months, state)
        base, scenario = find_idle_at_start(self.base, self.scenario, since, state).of(sector)
        return {"base": base, "scenario": scenario}

    @property
    def plots(self) -> tuple[str, ...]:
        """Names of the figures that `plot` draws; none for runs that did not record."""
        names: tuple[str, ...] = display_function("plots of runs")(self.scenario[0])
        return names

    def plot(
        self,
        name: str | None = None,
        *,
        state: str | None = None,
        good: str | Sequence[str] = (),
    ) -> Figure:
        """Draw one figure of `plots`, the first where none is named: medians of the worlds with
        their 5th to 95th percentile, the base dashed. The rest is as for `Result.plot`.
        """
        return display_function("figure of runs")(
            self.scenario, name, self.base, state=state, good=good
        )

    def explain(
        self,
        headline: str = "first_stop_days",
        *,
        seed: int | None = None,
        state: str | None = None,
    ) -> Explanation:
        """Tell why a headline is what it is in one pair of twins, that of the first seed where none
        is named: the scenario against its base, as `Result.explain` tells it. Of plants it says in
        how many pairs they are begun with the one alone. Raises InputError for an unknown headline
        or a seed that no pair has.
        """
        at = 0 if seed is None else _pair(seed, self.seeds)
        pairs = tuple(zip(self.scenario, self.base, strict=True))
        return self.scenario[at].explain(headline, twin=self.base[at], state=state, pairs=pairs)

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write all runs to a folder of folders, or to one file where *path* ends in .zip;
        `coercivity.load` reads them back. The rest is as for `Result.save`.
        """
        saved: Path = display_function("files of a comparison")(self, path, overwrite)
        return saved

    def _repr_html_(self) -> str:
        """The card that a notebook shows."""
        return card_of(self, lambda: display_function("card of a comparison")(self))

    def __repr__(self) -> str:
        return (
            f"Comparison({self.scenario[0].scenario.name} against {self.base[0].scenario.name}, "
            f"{len(self.seeds)} seed{'s' * (len(self.seeds) > 1)}, {self.scenario[0].version})"
        )


def compare(
    base: Source,
    scenario: Source,
    seeds: Iterable[int] = range(16),
    *,
    months: int | None = None,
    workers: int = 1,
    progress: Progress | None = None,
    world: type[World] | str | None = None,
    data: Data = None,
    base_data: Data = None,
    parameters: Mapping[str, Any] | None = None,
    **named: Any,
) -> Comparison:
    """Run base and scenario with the same seeds; keywords as for `run`, for both of them. progress
    counts the worlds of both.

    base_data: other facts for the base alone, such as "" (the shipped tables) to see what a plant
    in your own `data` changes. Both must have the same states, goods and sectors; names and units
    of the answer are those of the scenario's facts.
    Raises InputError where they do not begin in the same month and last as long.
    """
    values = parameters_of_call(parameters, named)
    chosen = read_seeds(seeds)
    if base_data is None:
        if data is None:
            check_one_set(
                "give data={written} for both, or base_data='' for a base with the shipped tables",
                base=base,
                scenario=scenario,
            )
        facts = theirs = find_facts(data, base, scenario)
    else:
        facts, theirs = find_facts(data, scenario), find_facts(base_data, base)
        check_comparable_facts(theirs, facts)
    first, second = (
        scenario_to_run(base, months, values, theirs),
        scenario_to_run(scenario, months, values, facts),
    )
    check_same_span(first, second)

    def later(done: int, total: int) -> None:
        if progress is not None:
            progress(total + done, 2 * total)

    def sooner(done: int, total: int) -> None:
        if progress is not None:
            progress(done, 2 * total)

    base_runs = run_worlds(first, chosen, progress=sooner, workers=workers, world=world)
    return Comparison(
        base_runs if theirs == facts else retell_results(facts, base_runs),
        run_worlds(second, chosen, progress=later, workers=workers, world=world),
    )


def _pair(seed: int, seeds: tuple[int, ...]) -> int:
    """Place of a seed among those of the pairs. Raises InputError for one that is none of them."""
    if seed not in seeds:
        raise InputError(
            "seed '{value}' is of no pair", suggest(seed, [str(one) for one in seeds]), value=seed
        )
    return seeds.index(seed)


def check_same_span(base: Scenario, scenario: Scenario) -> None:
    """Raise InputError unless both cover the same months."""
    if (base.start, base.months) != (scenario.start, scenario.months):
        raise InputError(
            "scenario '{scenario}' runs {months} months from {start} and base '{base}' "
            "{base_months} from {base_start}",
            "compare scenarios with the same start, and give both the same months",
            scenario=scenario.name,
            months=scenario.months,
            start=scenario.start,
            base=base.name,
            base_months=base.months,
            base_start=base.start,
        )


def twins(base: pd.DataFrame, scenario: pd.DataFrame, missing: float) -> pd.DataFrame:
    """Two frames of one table joined row by row on everything that is not a number, in long form:
    keys, quantity, base, scenario, difference.

    missing: what stands for a row that only the other twin has.
    """
    import pandas as pd

    numbers = [name for name in base.columns if pd.api.types.is_numeric_dtype(base[name])]
    keys = [name for name in base.columns if name not in numbers]
    names, codes_base, codes_scenario = _codes(base, scenario, keys)
    every = np.unique(np.concatenate([codes_base, codes_scenario]))
    columns: dict[str, Any] = _names_of(every, names, keys)
    parts = []
    for name in numbers or [COUNTED]:
        base_values, two = (
            _values(every, codes, frame[name].to_numpy(dtype=float) if numbers else None, missing)
            for frame, codes in ((base, codes_base), (scenario, codes_scenario))
        )
        quantity = category_of_names(
            np.full(len(every), (numbers or [COUNTED]).index(name)), numbers or [COUNTED]
        )
        parts.append(
            pd.DataFrame(
                {
                    **columns,
                    "quantity": quantity,
                    "base": base_values,
                    "scenario": two,
                    "difference": two - base_values,
                }
            )
        )
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]


def _codes(
    base: pd.DataFrame, scenario: pd.DataFrame, keys: Sequence[str]
) -> tuple[list[list[Any]], np.ndarray, np.ndarray]:
    """Names of each key in both frames, and one whole number a row that stands for all of its keys
    (0 in a key is 'nothing there').
    """
    total_base, total_scenario = (
        np.zeros(len(base), dtype=np.int64),
        np.zeros(len(scenario), dtype=np.int64),
    )
    names: list[list[Any]] = []
    for key in keys:
        base_codes, two = base[key].astype("category").cat, scenario[key].astype("category").cat
        known = list(dict.fromkeys([*base_codes.categories, *two.categories]))
        names.append(known)
        total_base = (
            total_base * (len(known) + 1)
            + base_codes.set_categories(known).cat.codes.to_numpy()
            + 1
        )
        total_scenario = (
            total_scenario * (len(known) + 1) + two.set_categories(known).cat.codes.to_numpy() + 1
        )
    return names, total_base, total_scenario


def _names_of(codes: np.ndarray, names: list[list[Any]], keys: Sequence[str]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for key, known in zip(reversed(keys), reversed(names), strict=True):
        codes, digit = np.divmod(codes, len(known) + 1)
        columns[key] = category_of_names(digit - 1, known)
    return {key: columns[key] for key in keys}


def _values(
    every: np.ndarray, codes: np.ndarray, values: np.ndarray | None, missing: float
) -> np.ndarray:
    positions = np.searchsorted(every, codes)
    if values is None:
        return np.bincount(positions, minlength=len(every)).astype(float)
    out = np.full(len(every), missing)
    out[positions] = values
    return out
