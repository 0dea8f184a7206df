"""Tables of a run, and runs of an ensemble, as an xarray.Dataset: numbers along named axes, with
units.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from coercivity.experiments.quantities.series import series_table
from coercivity.experiments.worlds.ensemble import Ensemble
from coercivity.model.basis.display import from_extra
from coercivity.model.basis.errors import InputError
from coercivity.model.results.provenance import provenance_hashes
from coercivity.model.results.result import Result

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

# tables with months and numbers; those of the second line are mostly empty as a grid (who sends
# what to whom, separated where), and are made when they are named
USUAL: Final = ("prices", "output", "stocks", "dependence", "capacity", "macro")
GRIDDED: Final = (*USUAL, "trade", "licences", "spending", "leaks")
MONTH: Final = "month"
ASKED: Final = "to_xarray()"


def run_grid(result: Result, tables: Sequence[str] | None = None) -> xr.Dataset:
    """Tables of a run as a Dataset; see `Result.to_xarray`."""
    wanted = USUAL if tables is None else (tables,) if isinstance(tables, str) else tuple(tables)
    for name in wanted:
        if name not in GRIDDED:
            raise InputError(
                "table '{value}' is no grid of numbers by month",
                "use some of: {names}",
                value=name,
                names=GRIDDED,
            )
    if not result.tables:
        raise InputError(
            "{asked} has no tables: this run did not record", "run with record=True", asked=ASKED
        )
    xarray = from_extra("xarray", "xarray", ASKED)
    frames = {name: result.table(name) for name in wanted}
    axes = _axes(frames.values())
    variables: dict[str, Any] = {}
    for name, frame in frames.items():
        variables |= _variables(name, frame, axes)
    coords: dict[str, Any] = {axis: names for axis, names in axes.items() if axis != MONTH}
    coords[MONTH] = _first_days(axes.get(MONTH, result.months))
    about = {name: str(value) for name, value in result.provenance().items()}
    where = {"title": result.scenario.title, "data": Path(result.scenario.data).name}
    return xarray.Dataset(variables, coords, {**where, **about})


def _keys(frame: pd.DataFrame) -> list[str]:
    """The columns that say what a row is: those that are no numbers."""
    import pandas as pd

    return [str(name) for name in frame if not pd.api.types.is_numeric_dtype(frame[name])]


def _axes(frames: Iterable[pd.DataFrame]) -> dict[str, list[str]]:
    """What stands along each axis: names that some row of some frame has, in the order of the
    model's lists; months all.
    """
    every: dict[str, dict[str, bool]] = {}
    for frame in frames:
        for key in _keys(frame):
            column = frame[key].astype("category").cat
            used = np.bincount(column.codes.to_numpy() + 1, minlength=len(column.categories) + 1)
            held = every.setdefault(key, {})
            for name, count in zip(column.categories, used[1:].tolist(), strict=True):
                held[str(name)] = held.get(str(name), False) or bool(count) or key == MONTH
    return {key: [name for name, used in held.items() if used] for key, held in every.items()}


def _variables(
    table: str, frame: pd.DataFrame, axes: Mapping[str, list[str]]
) -> dict[str, tuple[list[str], np.ndarray, dict[str, str]]]:
    """The columns of numbers of a table along its keys; NaN where there is no row. Payments and
    leaks that have all names alike are added up.
    """
    keys = _keys(frame)
    shape = [len(axes[key]) for key in keys]
    flat = np.ravel_multi_index([_places(frame[key], axes[key]) for key in keys], shape)
    notes, units = frame.attrs.get("notes", {}), frame.attrs["units"]
    found = {}
    for column in (name for name in frame if name not in keys):
        values = np.full(shape, np.nan)
        values.ravel()[flat] = 0.0
        np.add.at(values.ravel(), flat, frame[column].to_numpy(dtype=float))
        told = {"units": units[column], "table": table, "column": str(column)}
        if column in notes:
            told["note"] = notes[column]
        found[f"{table}_{column}"] = (keys, values, told)
    return found


def _places(column: pd.Series, axis: Sequence[str]) -> np.ndarray:
    """Where on an axis each row of a column of names stands."""
    held, known = column.astype("category").cat, {name: at for at, name in enumerate(axis)}
    places = np.array([known.get(str(name), -1) for name in held.categories], dtype=np.int64)
    return places[held.codes.to_numpy()] if len(column) else places[:0]


def _first_days(months: Iterable[str]) -> np.ndarray:
    """Months as the first day of each, as xarray keeps time."""
    return np.array(list(months), dtype="datetime64[M]").astype("datetime64[ns]")


# ---------------------------------------------------------------- ensembles


def ensemble_grid(ensemble: Ensemble) -> xr.Dataset:
    """Runs of an ensemble as a Dataset; see `Ensemble.to_xarray`."""
    xarray = from_extra("xarray", "xarray", ASKED)
    twins = [kind for kind in ensemble.kinds if kind != "difference"]
    series = series_table(ensemble.scenario.facts, ensemble.state) if ensemble.series else ()
    variables: dict[str, Any] = {}
    for at, row in enumerate(ensemble.rows):
        told = {"units": row.unit, "long_name": row.label, "formula": row.formula}
        variables[row.id] = _of_runs(ensemble.headlines, twins, at, told)
    for at, line in enumerate(series):
        told = {"units": line.unit, "long_name": line.of}
        variables[f"series_{line.id}"] = _of_runs(ensemble.series, twins, at, told)
    seeds, count = ensemble.replications, len(ensemble.draws)
    coords: dict[str, Any] = {
        "seed": ensemble.seeds.ravel(),
        "draw": ("seed", np.repeat(np.arange(count), seeds)),
        "replication": ("seed", np.tile(np.arange(seeds), count)),
        MONTH: _first_days(ensemble.months),
    }
    if len(twins) > 1:
        coords["twin"] = twins
    about = {
        "title": ensemble.scenario.title,
        "scenario": ensemble.scenario.name,
        "data": Path(ensemble.scenario.data).name,
        "fingerprint": ensemble.scenario.fingerprint(),
        "base": ensemble.base.name if ensemble.base is not None else "",
        "base_fingerprint": ensemble.base.fingerprint() if ensemble.base is not None else "",
        "version": ensemble.version,
        **(dict(ensemble.made) or provenance_hashes(ensemble.scenario.facts)),
        "state": ensemble.state,
        "since": ensemble.since,
    }
    return xarray.Dataset(variables, coords, about)


def _of_runs(
    by_kind: Mapping[str, np.ndarray], twins: Sequence[str], at: int, told: dict[str, str]
) -> tuple[list[str], np.ndarray, dict[str, str]]:
    """One headline or series: twin (where there are two) x seed, and x month for a series."""
    values = np.stack([by_kind[kind][..., at] for kind in twins])
    axes = ["twin", "seed", MONTH][: values.ndim - 1]
    values = values.reshape(len(twins), -1, *values.shape[3:])
    return (axes, values, told) if len(twins) > 1 else (axes[1:], values[0], told)
