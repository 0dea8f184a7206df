"""Ensembles: the shares of a width on data whose shares are known, twins, workers, the collection,
and what a wrong input costs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.quantities.catalogue import RecordedQuantities
from coercivity.experiments.quantities.headlines import headline_table
from coercivity.experiments.quantities.series import join_series, series_table
from coercivity.experiments.worlds import draws as drawing
from coercivity.experiments.worlds import ensemble as run_together
from coercivity.experiments.worlds import ensemble_runs
from coercivity.experiments.worlds.compare import twins as compared
from coercivity.experiments.worlds.draws import (
    collection,
    corners,
    drawn_parameters,
    draws,
    triangular,
)
from coercivity.experiments.worlds.ensemble import Ensemble, ensemble, vector
from coercivity.experiments.worlds.ensemble_runs import Task, run_tasks
from coercivity.experiments.worlds.headline_tables import compute_headlines
from coercivity.experiments.worlds.run import run
from coercivity.experiments.worlds.variance import (
    FEWEST,
    interval,
    parameter_share,
    shares,
)
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.luck import normals, uniforms
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.scenario.scenario import load_scenario

SMALL: dict[str, Any] = {"months": 4, "firms_per_sector": 1}


@pytest.fixture(scope="module")
def twins() -> Ensemble:
    """Four vectors with two seeds each, and a twin that is the same scenario."""
    return ensemble("japan-2026-from-2024", 4, 2, base="japan-2026-from-2024", workers=1, **SMALL)


def synthetic(vectors: int, seeds: int, share: float) -> np.ndarray:
    """Outcomes of which the vectors give a known share of the variance."""
    return np.sqrt(share) * normals(1, "vectors", 0, (vectors, 1)) + np.sqrt(1.0 - share) * normals(
        1, "seeds", 0, (vectors, seeds)
    )


# ---------------------------------------------------------------- where the width comes from


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_known_share_is_found_and_lies_in_its_interval(share: float) -> None:
    found = shares(synthetic(2000, 4, share))
    assert found.parameters == pytest.approx(share, abs=0.04)
    assert found.luck == pytest.approx(1.0 - share, abs=0.04)
    assert found.low <= share + 1e-12
    assert found.high >= share - 1e-12


def test_the_interval_is_right_nineteen_times_in_twenty() -> None:
    hits = 0
    for trial in range(200):
        a, e = normals(trial, "vectors", 0, (16, 1)), normals(trial, "seeds", 0, (16, 2))
        low, high = interval(a + e)
        hits += low <= 0.5 <= high
    assert hits >= 185


def test_what_calibrated_parameters_explain_is_told_apart_from_the_rest() -> None:
    count, seeds = 400, 3
    calibrated = uniforms(2, "calibrated", 0, (count, 3))
    known = calibrated @ np.array([1.0, -2.0, 0.5])
    known = (known - known.mean()) / known.std()
    values = (
        np.sqrt(0.5) * known[:, None]
        + 0.5 * normals(2, "rest", 0, (count, 1))
        + 0.5 * normals(2, "luck", 0, (count, seeds))
    )
    found = shares(values, calibrated)
    assert found.calibrated == pytest.approx(0.5, abs=0.06)
    assert found.rest == pytest.approx(0.25, abs=0.06)
    assert shares(values, uniforms(3, "idle", 0, (count, 3))).calibrated == pytest.approx(
        0.0, abs=0.03
    )
    # too few vectors for a regression
    assert shares(values[:12], calibrated[:12]).calibrated is None


def test_what_cannot_be_told_is_said() -> None:
    assert "one seed" in shares(synthetic(50, 1, 0.5)).why
    assert "the same in every run" in shares(np.ones((8, 2))).why
    assert shares(np.full((8, 2), np.nan)).parameters is None
    half = synthetic(8, 2, 0.5)
    half[:5, 1] = np.nan
    assert (shares(half).vectors, shares(half).parameters) == (3, None)
    assert FEWEST > 3


def test_months_are_taken_apart_one_by_one() -> None:
    lines = [synthetic(500, 2, share) for share in (0.1, 0.8)]
    months = np.stack([*lines, np.ones((500, 2))], axis=2)
    months[0, 0, 1] = np.nan  # one vector is not defined in one month
    found = parameter_share(months)
    assert found[:2] == pytest.approx([0.1, 0.8], abs=0.08)
    assert np.isnan(found[2])
    assert np.isnan(parameter_share(months[:, :1])).all()


# ---------------------------------------------------------------- the runs


def test_a_twin_of_itself_differs_by_nothing(twins: Ensemble) -> None:
    assert twins.kinds == ("scenario", "base", "difference")
    assert np.nanmax(np.abs(twins.headlines["difference"])) == 0.0
    assert np.nanmax(np.abs(twins.series["difference"])) == 0.0
    assert twins.spread("cost_paid_total", "difference").p95 == 0.0
    assert twins.shares("cost_paid_total", "difference").why == "the same in every run"


def test_results_do_not_depend_on_the_number_of_workers(twins: Ensemble) -> None:
    again = ensemble("japan-2026-from-2024", 4, 2, workers=2, **SMALL)
    assert np.array_equal(again.headlines["scenario"], twins.headlines["scenario"], equal_nan=True)
    assert np.array_equal(again.series["scenario"], twins.series["scenario"], equal_nan=True)


def test_the_values_are_those_of_single_runs(twins: Ensemble) -> None:
    """Draw 2, second seed, made anew by `run` with keywords."""
    parameters = dict(twins.draws[2].parameters) | SMALL
    result = run("japan-2026-from-2024", int(twins.seeds[2, 1]), **parameters)
    found = compute_headlines(result, twins.since)
    wanted = np.array([found[row.id] for row in headline_table(Facts.default())], dtype=float)
    assert np.array_equal(twins.headlines["scenario"][2, 1], wanted, equal_nan=True)
    series = join_series(RecordedQuantities(result.records))
    assert np.array_equal(twins.series["scenario"][2, 1], series, equal_nan=True)


def test_tables_hold_one_row_a_run(twins: Ensemble) -> None:
    """Each vector has its own seeds, and a twin the same; the first is that of the draw."""
    assert twins.seeds.tolist() == [[1000 + at, 100_001_000 + at] for at in range(4)]
    table, lines = twins.table(), twins.series_frame()
    assert table["twin"].tolist() == ["scenario"] * 8 + ["base"] * 8
    assert table["draw"].tolist() == [0, 0, 1, 1, 2, 2, 3, 3] * 2
    assert table["replication"].tolist() == [0, 1] * 8
    assert lines["replication"].tolist()[:9] == [0] * 4 + [1] * 4 + [0]
    assert lines["month"].tolist()[:5] == ["2024-01", "2024-02", "2024-03", "2024-04", "2024-01"]
    assert len(lines) == len(table) * 4
    drawn = dict(twins.draws[0].parameters)["over_compliance"]
    assert table.iloc[0]["over_compliance"] == drawn
    assert {row.id for row in headline_table(Facts.default())} <= set(table.columns)
    assert {row.id for row in series_table(Facts.default())} <= set(lines.columns)
    assert (np.diff(twins.band("price_dy_japan"), axis=0) >= 0.0).all()


BARE: dict[str, Any] = {"workers": 1, "months": 1, "firms_per_sector": 1, "series": False}


def test_what_a_scenario_or_a_keyword_sets_stays_and_the_rest_is_drawn() -> None:
    found = ensemble("civilian-unaffected", 2, order_adjustment=2.5, **BARE)
    assert [vector(found.scenario, draw)["over_compliance"] for draw in found.draws] == [0.0, 0.0]
    assert set(found.table()["order_adjustment"]) == {2.5}
    assert found.table()["credibility_start"].nunique() == 2


def test_answers_stand_in_the_order_of_the_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = [Task(load_scenario("business-as-usual"), seed, "", False) for seed in range(3)]
    late = [(2, [("c", "")]), (0, [("a", ""), ("b", "")])]
    monkeypatch.setattr(ensemble_runs, "_iterate_batches", lambda tasks, workers: iter(late))
    told: list[tuple[int, int]] = []
    found: Any = run_tasks(tasks, 2, lambda *at: told.append(at))
    assert [one for one, _ in found] == ["a", "b", "c"]
    assert told == [(1, 3), (3, 3)]


def test_twins_are_joined_row_by_row_and_what_one_lacks_is_missing() -> None:
    columns = ["month", "state", "tonnes", "usd"]
    base = [("1", "J", 1.0, 10.0), ("1", "C", 2.0, 20.0), ("2", "J", 3.0, 30.0)]
    other = [("1", "J", 5.0, 50.0), ("2", "C", 7.0, 70.0)]
    found = compared(*(pd.DataFrame(rows, columns=columns) for rows in (base, other)), 0.0)
    rows = {
        (row.month, row.state, row.quantity): (row.base, row.scenario, row.difference)
        for row in found.itertuples()
    }
    assert rows == {
        ("1", "J", "tonnes"): (1.0, 5.0, 4.0),
        ("1", "C", "tonnes"): (2.0, 0.0, -2.0),
        ("2", "J", "tonnes"): (3.0, 0.0, -3.0),
        ("2", "C", "tonnes"): (0.0, 7.0, 7.0),
        ("1", "J", "usd"): (10.0, 50.0, 40.0),
        ("1", "C", "usd"): (20.0, 0.0, -20.0),
        ("2", "J", "usd"): (30.0, 0.0, -30.0),
        ("2", "C", "usd"): (0.0, 70.0, 70.0),
    }
    words = pd.DataFrame({"month": ["1", "1", "2"], "text": ["a", "a", "b"]})
    counted = compared(words, words.iloc[:1], 0.0)
    assert counted["base"].tolist() == [2.0, 1.0]
    assert counted["scenario"].tolist() == [1.0, 0.0]


def test_a_run_that_fails_says_which_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr("coercivity.experiments.worlds.bare_runs.run_headlines", broken)
    with pytest.raises(ZeroDivisionError) as raised:
        ensemble("japan-2026-from-2024", 1, workers=1, months=1, series=False)
    assert "seed 1000" in raised.value.__notes__[0]


# ---------------------------------------------------------------- the collection


PAIR = ("over_compliance", "order_adjustment")


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A collection of three vectors of two parameters, where the shipped one would be."""
    one, two = (load_parameters()[name] for name in PAIR)
    lines = [f"id,{','.join(PAIR)}"] + [
        f"v{k},{one.low + k * (one.high - one.low) / 2},{two.low + k * (two.high - two.low) / 4}"
        for k in range(3)
    ]
    (tmp_path / "collection.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.setattr(drawing, "shipped_folder", lambda: tmp_path)
    return tmp_path / "collection.csv"


def test_calibrated_parameters_come_from_the_collection_together(shipped: Path) -> None:
    """Members are used equally often."""
    names, values = collection()
    assert names == PAIR
    found = draws(7)
    pairs = [tuple(dict(draw.parameters)[name] for name in names) for draw in found]
    assert set(pairs) == {tuple(row) for row in values.tolist()}
    of = [draw.member for draw in found]
    assert sorted(of.count(f"v{at}") for at in range(3)) == [2, 2, 3]
    assert draws(7) == found
    assert [draw.member for draw in draws(7, design_seed=1)] != of


def test_all_other_parameters_and_the_seeds_stay_as_they_are(shipped: Path) -> None:
    with_members = draws(5)
    shipped.unlink()
    for one, other in zip(with_members, draws(5), strict=True):
        assert (one.seed, other.member) == (other.seed, "")
        kept = {name: value for name, value in other.parameters if name not in PAIR}
        assert kept.items() <= dict(one.parameters).items()


def test_an_ensemble_says_which_parameters_are_calibrated(shipped: Path) -> None:
    """The scenario sets the other one."""
    found = ensemble("civilian-unaffected", 3, **BARE)
    assert found.calibrated_names == ("order_adjustment",)
    assert found.calibrated is not None
    assert found.calibrated.shape == (3, 1)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("id,overcompliance\nv0,0.5\n", "overcompliance"),
        ("id,over_compliance\nv0,99\n", "99"),
    ],
)
def test_a_collection_that_does_not_fit_costs_one_message(
    shipped: Path, text: str, named: str
) -> None:
    shipped.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=named):
        draws(2)


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"draws": 0}, "draws '0'"),
        ({"replications": 41}, "a whole number from 1 to 40"),
        ({"design_seed": -1}, "design_seed '-1'.* a whole number from 0 to 9000"),
        ({"draws": 2501, "base": "business-as-usual"}, "are 5002 runs, twins included"),
        ({"base": "embargo-2010"}, "embargo-2010"),
        ({"order_ajustment": 0.5}, "order_ajustment"),
    ],
)
def test_bad_input_costs_one_message_before_anything_runs(
    wrong: dict[str, Any], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_together, "run_tasks", lambda *_: pytest.fail("something ran"))
    asked: dict[str, Any] = {"draws": 2, "months": 2, **wrong}
    with pytest.raises(InputError, match=named):
        ensemble("japan-2026-from-2024", asked.pop("draws"), **asked)


def test_an_unknown_headline_or_series_costs_one_message(twins: Ensemble) -> None:
    with pytest.raises(InputError, match="did you mean 'output_lost_24m'"):
        twins.spread("output_lost_24")
    with pytest.raises(InputError, match="series 'prices'"):
        twins.band("prices")
    with pytest.raises(InputError, match="kind 'bse'"):
        twins.band("output", "bse")
    with pytest.raises(InputError, match="was not kept; ask for series=True"):
        ensemble("japan-2026-from-2024", 1, **BARE).line("output")


# ---------------------------------------------------------------- draws of vector and seed


def test_draws_are_the_same_every_time_and_each_has_its_own_seed() -> None:
    assert draws(6) == draws(6)
    assert [draw.seed for draw in draws(3)] == [1000, 1001, 1002]
    assert [draw.seed for draw in draws(2, design_seed=3)] == [31_000, 31_001]
    assert len({one.seed for one in draws(40)} | {one.seed for one in corners(40)}) == 80


def test_measured_parameters_and_the_size_of_the_world_are_not_drawn() -> None:
    drawn = {row.name for row in drawn_parameters()}
    assert "firms_per_sector" not in drawn
    assert not {row.name for row in load_parameters() if row.status == "measured"} & drawn


def test_each_slice_of_a_range_is_used_once() -> None:
    """A Latin hypercube where no collection says more: of ten draws, one lies in each tenth."""
    rows = {row.name: row for row in drawn_parameters()}
    row = rows["over_compliance"]
    values = np.sort([dict(one.parameters)["over_compliance"] for one in draws(10, fitted=False)])
    edges = triangular(np.linspace(0.0, 1.0, 11), row.low, row.value, row.high)
    assert ((values >= edges[:-1]) & (values <= edges[1:])).all()
