"""Tables and ensembles as xarray Datasets: every number of a table stands where its names say."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.quantities.series import series_table
from coercivity.experiments.worlds import xarray_export
from coercivity.experiments.worlds.ensemble import Ensemble, ensemble
from coercivity.experiments.worlds.run import run
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.results.result import Result

SMALL: dict[str, Any] = {"months": 6, "firms_per_sector": 1}


class StandIn:
    """As much of xarray as is asked for, where it is not installed."""

    class Dataset:
        def __init__(self, variables: Any, coords: Any, attrs: Any) -> None:
            self.variables, self.coords, self.attrs = variables, coords, attrs


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xarray", StandIn)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def result() -> Result:
    return run("japan-2026-from-2024", 2, months=26, firms_per_sector=1)


@pytest.fixture(scope="module")
def many() -> Ensemble:
    return ensemble("japan-2026-from-2024", 2, 2, base="business-as-usual", workers=1, **SMALL)


@pytest.mark.parametrize("table", xarray_export.GRIDDED)
def test_every_row_of_a_table_has_its_place(result: Result, stand_in: None, table: str) -> None:
    grid: Any = result.to_xarray([table])
    frame = result.table(table)
    assert len(frame)
    units = frame.attrs["units"]
    numbers = {name.removeprefix(f"{table}_"): one for name, one in grid.variables.items()}
    keys = [name for name in frame if name not in numbers]
    assert {"month"} < set(keys)
    summed = frame.groupby([frame[key].astype(str) for key in keys], dropna=False)
    for column, (axes, values, told) in numbers.items():
        assert axes == keys
        assert told["units"] == units[column]
        names = [result.months if key == "month" else grid.coords[key] for key in axes]
        assert values.shape == tuple(map(len, names))
        expected = summed[column].sum(min_count=0)
        for row in range(0, len(expected), max(1, len(expected) // 300)):
            at = expected.index[row] if len(keys) > 1 else (expected.index[row],)
            place = tuple(list(held).index(one) for held, one in zip(names, at, strict=True))
            found = values[place]
            assert np.nan_to_num(found) == pytest.approx(expected.iloc[row], rel=1e-12, abs=1e-12)
        assert np.isfinite(values).sum() <= len(frame)
        assert np.nansum(values) == pytest.approx(frame[column].sum(), rel=1e-9, abs=1e-9)


def test_a_table_that_is_no_grid_costs_one_line(result: Result) -> None:
    for wrong in ("events", "nothing"):
        with pytest.raises(InputError, match=f"table '{wrong}' is no grid of numbers by month"):
            result.to_xarray([wrong])


def test_an_ensemble_has_a_seed_for_each_run_and_its_twin(many: Ensemble, stand_in: None) -> None:
    grid: Any = many.to_xarray()
    assert grid.coords["seed"].tolist() == many.seeds.ravel().tolist()
    assert grid.coords["twin"] == ["scenario", "base"]
    axes, values, told = grid.variables["output_lost_total"]
    assert (axes, told["units"]) == (["twin", "seed"], "USD bn")
    assert values[1].tolist() == many.values("output_lost_total", "base").ravel().tolist()
    for row in series_table(Facts.default()):
        axes, values, told = grid.variables[f"series_{row.id}"]
        assert (axes, told["units"]) == (["twin", "seed", "month"], row.unit)
        np.testing.assert_array_equal(values[0], many.line(row.id).reshape(4, 6))
    one = run("japan-2026-from-2024", 1, **SMALL)
    own: Any = one.to_xarray()
    for name in ("facts", "code", "data", "version"):
        assert grid.attrs[name] == own.attrs[name], name
    assert grid.attrs["fingerprint"] == own.attrs["fingerprint"] == many.scenario.fingerprint()
    assert many.base is not None
    assert grid.attrs["base_fingerprint"] == many.base.fingerprint()
    draw, replication = (grid.coords[name][1].tolist() for name in ("draw", "replication"))
    assert list(zip(draw, replication, strict=True)) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_xarray_itself_takes_it(result: Result, many: Ensemble) -> None:
    xarray = pytest.importorskip("xarray")
    grid = result.to_xarray()
    assert isinstance(grid, xarray.Dataset)
    assert grid["prices_home"].attrs["units"] == "USD/kg"
    yearly = grid["macro_output_lost"].sel(state="Japan").sum("sector").resample(month="YS").sum()
    frame = result.table("macro")
    lost = frame[frame["state"] == "Japan"]["output_lost"].sum()
    assert float(yearly.sum()) == pytest.approx(lost)
    line = many.to_xarray()["series_output"].sel(twin="scenario")
    assert line.dims == ("seed", "month")
