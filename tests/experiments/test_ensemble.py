"""Ensembles: the shares of a width on data whose shares are known, twins, workers, the collection,
and what a wrong input costs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.quantities.headlines import headline_table
from coercivity.experiments.quantities.series import series_table
from coercivity.experiments.worlds import draws as drawing
from coercivity.experiments.worlds.draws import collection, draws, members
from coercivity.experiments.worlds.ensemble import Ensemble, ensemble, vector
from coercivity.experiments.worlds.variance import (
    FEWEST,
    components,
    interval,
    parameter_share,
    shares,
)
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.luck import normals, uniforms
from coercivity.model.basis.parameters import load_parameters

SMALL: dict[str, Any] = {"months": 4, "firms_per_sector": 1}


@pytest.fixture(scope="module")
def twins() -> Ensemble:
    """Four vectors with two seeds each, and a twin that is the same scenario."""
    return ensemble("japan-2026", 4, 2, base="japan-2026", workers=1, **SMALL)


def synthetic(vectors: int, seeds: int, share: float) -> np.ndarray:
    """Outcomes of which the vectors give a known share of the variance."""
    return np.sqrt(share) * normals(1, "vectors", 0, (vectors, 1)) + np.sqrt(1.0 - share) * normals(
        1, "seeds", 0, (vectors, seeds)
    )


# ---------------------------------------------------------------- where the width comes from


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 1.0])
def test_a_known_share_is_found_and_lies_in_its_interval(share: float) -> None:
    found = shares(synthetic(2000, 4, share))
    assert found.parameters == pytest.approx(share, abs=0.04)
    assert found.luck == pytest.approx(1.0 - share, abs=0.04)
    assert found.low <= share + 1e-12
    assert found.high >= share - 1e-12


def test_the_interval_is_right_nineteen_times_in_twenty() -> None:
    """Small normal samples: the wider of two intervals may be right too often, never much too
    seldom.
    """
    hits = 0
    for trial in range(200):
        a, e = normals(trial, "vectors", 0, (16, 1)), normals(trial, "seeds", 0, (16, 2))
        low, high = interval(a + e)
        hits += low <= 0.5 <= high
    assert hits >= 185


def test_components_add_up_to_the_variance() -> None:
    between, within = components(synthetic(3000, 3, 0.6)[:, :, None])
    assert float(between[0] + within[0]) == pytest.approx(1.0, abs=0.06)


def test_what_calibrated_parameters_explain_is_told_apart_from_the_rest() -> None:
    """Half of the variance is from three calibrated parameters, a quarter from others, a quarter
    luck.
    """
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
    assert (
        shares(values[:12], calibrated[:12]).calibrated is None
    )  # too few vectors for a regression


def test_what_cannot_be_told_is_said() -> None:
    assert "one seed" in shares(synthetic(50, 1, 0.5)).why
    assert "the same in every run" in shares(np.ones((8, 2))).why
    never = np.full((8, 2), np.nan)
    assert shares(never).parameters is None
    half = synthetic(8, 2, 0.5)
    half[:5, 1] = np.nan
    assert shares(half).vectors == 3 < FEWEST
    assert shares(half).parameters is None


def test_months_are_taken_apart_one_by_one() -> None:
    months = np.stack(
        [synthetic(500, 2, share) for share in (0.1, 0.8)] + [np.ones((500, 2))], axis=2
    )
    months[0, 0, 1] = np.nan  # one vector is not defined in one month
    found = parameter_share(months)
    assert found[:2] == pytest.approx([0.1, 0.8], abs=0.08)
    assert np.isnan(found[2])
    assert np.isnan(parameter_share(months[:, :1])).all()


# ---------------------------------------------------------------- the runs


def test_a_twin_of_itself_differs_by_nothing(twins: Ensemble) -> None:
    assert twins.kinds == ("scenario", "base", "difference")
    apart = twins.headlines["difference"]
    assert np.nanmax(np.abs(apart)) == 0.0
    assert np.nanmax(np.abs(twins.series["difference"])) == 0.0
    assert twins.spread("cost_paid_total", "difference").p95 == 0.0
    assert twins.shares("cost_paid_total", "difference").why == "the same in every run"


def test_results_do_not_depend_on_the_number_of_workers(twins: Ensemble) -> None:
    again = ensemble("japan-2026", 4, 2, workers=2, **SMALL)
    assert np.array_equal(again.headlines["scenario"], twins.headlines["scenario"], equal_nan=True)
    assert np.array_equal(again.series["scenario"], twins.series["scenario"], equal_nan=True)


def test_every_run_has_a_seed_of_its_own_and_the_first_is_that_of_the_draw(twins: Ensemble) -> None:
    assert len(set(twins.seeds.ravel().tolist())) == twins.seeds.size
    assert twins.seeds[:, 0].tolist() == [draw.seed for draw in draws(4)]


def test_the_values_are_those_of_single_runs(twins: Ensemble) -> None:
    """Draw 2, second seed, made anew by `run` with keywords."""
    from coercivity.experiments.quantities.series import series_of
    from coercivity.experiments.worlds.headline_tables import compute_headlines
    from coercivity.experiments.worlds.run import run

    result = run(
        "japan-2026", int(twins.seeds[2, 1]), **{**dict(twins.draws[2].parameters), **SMALL}
    )
    found = compute_headlines(result, twins.since)
    wanted = np.array(
        [
            np.nan if found[row.id] is None else found[row.id]
            for row in headline_table(Facts.default())
        ]
    )
    assert np.array_equal(twins.headlines["scenario"][2, 1], wanted, equal_nan=True)
    assert np.array_equal(twins.series["scenario"][2, 1], series_of(result), equal_nan=True)


def test_tables_hold_one_row_a_run(twins: Ensemble) -> None:
    table, lines = twins.table(), twins.series_frame()
    assert len(table) == 2 * 4 * 2
    assert len(lines) == len(table) * 4
    first = table.iloc[0]
    assert first["over_compliance"] == dict(twins.draws[0].parameters)["over_compliance"]
    assert set(table["twin"]) == {"scenario", "base"}
    assert {row.id for row in headline_table(Facts.default())} <= set(table.columns)
    assert {row.id for row in series_table(Facts.default())} <= set(lines.columns)
    assert lines["price_dy_japan"].min() > 0.0
    assert lines["output"].between(0.0, 2.0).all()


def test_the_band_of_a_series_is_ordered(twins: Ensemble) -> None:
    band = twins.band("price_dy_japan")
    assert band.shape == (5, 4)
    assert (np.diff(band, axis=0) >= 0.0).all()


def test_what_a_scenario_or_a_keyword_sets_stays() -> None:
    """The official claim taken at its word has no over-compliance: a draw must not bring it
    back.
    """
    found = ensemble(
        "civilian-unaffected",
        2,
        workers=1,
        months=1,
        firms_per_sector=1,
        series=False,
        order_adjustment=2.5,
    )
    assert [vector(found.scenario, draw)["over_compliance"] for draw in found.draws] == [0.0, 0.0]
    assert set(found.table()["order_adjustment"]) == {2.5}
    assert found.table()["credibility_start"].nunique() == 2  # what nobody sets is drawn


def test_progress_counts_runs() -> None:
    seen: list[tuple[int, int]] = []
    ensemble(
        "japan-2026",
        2,
        2,
        workers=1,
        months=1,
        firms_per_sector=1,
        series=False,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_run_that_fails_says_which_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr("coercivity.experiments.worlds.bare_runs.run_headlines", broken)
    with pytest.raises(ZeroDivisionError) as raised:
        ensemble("japan-2026", 1, workers=1, months=1, series=False)
    assert "seed 1000" in raised.value.__notes__[0]


# ---------------------------------------------------------------- the collection


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A collection of three vectors of two parameters, where the shipped one would be."""
    rows = {row.name: row for row in load_parameters()}
    one, two = rows["over_compliance"], rows["order_adjustment"]
    lines = [
        f"v{k},{one.low + k * (one.high - one.low) / 2},{two.low + k * (two.high - two.low) / 4}"
        for k in range(3)
    ]
    (tmp_path / "collection.csv").write_text(
        "id,over_compliance,order_adjustment\n" + "\n".join(lines) + "\n", encoding="utf-8"
    )
    monkeypatch.setattr(drawing, "shipped_folder", lambda: tmp_path)
    return tmp_path / "collection.csv"


def test_calibrated_parameters_come_from_the_collection_together(shipped: Path) -> None:
    names, values = collection()
    assert names == ("over_compliance", "order_adjustment")
    found = draws(7)
    pairs = [tuple(dict(draw.parameters)[name] for name in names) for draw in found]
    assert set(pairs) == {tuple(row) for row in values.tolist()}
    counts = [sum(draw.member == f"v{k}" for draw in found) for k in range(3)]
    assert sorted(counts) == [2, 2, 3]
    assert draws(7) == found
    assert [draw.member for draw in draws(7, design_seed=1)] != [draw.member for draw in found]


def test_all_other_parameters_and_the_seeds_stay_as_they_are(shipped: Path) -> None:
    with_members = draws(5)
    shipped.unlink()
    without = draws(5)
    for one, other in zip(with_members, without, strict=True):
        assert one.seed == other.seed
        kept = {
            name: value
            for name, value in other.parameters
            if name not in ("over_compliance", "order_adjustment")
        }
        assert kept.items() <= dict(one.parameters).items()
        assert other.member == ""


def test_members_are_used_equally_often() -> None:
    used = np.bincount(members(25, 10, 3), minlength=10)
    assert used.max() - used.min() <= 1
    assert used.sum() == 25


def test_an_ensemble_says_which_parameters_are_calibrated(shipped: Path) -> None:
    found = ensemble(
        "civilian-unaffected", 3, workers=1, months=1, firms_per_sector=1, series=False
    )
    assert found.calibrated_names == ("order_adjustment",)  # the scenario sets the other one
    assert found.calibrated is not None
    assert found.calibrated.shape == (3, 1)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("id,overcompliance\nv0,0.5\n", "overcompliance"),
        ("id,over_compliance\nv0,99\n", "99"),
        ("id,over_compliance\nv0,\n", "over_compliance"),
        ("", "empty"),
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
        ({"draws": 2.5}, "draws '2.5'"),
        ({"replications": 0}, "replications '0'"),
        ({"replications": True}, "replications 'True'"),
        ({"design_seed": -1}, "design_seed '-1'"),
        ({"workers": -1}, "workers '-1'"),
        ({"draws": 1500, "replications": 2, "base": "business-as-usual"}, "6000 runs"),
        ({"scenario": "japan-2027"}, "japan-2027"),
        ({"base": "embargo-2010"}, "embargo-2010"),
        ({"order_ajustment": 0.5}, "order_ajustment"),
    ],
)
def test_bad_input_costs_one_message_before_anything_runs(
    wrong: dict[str, Any], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "coercivity.experiments.worlds.ensemble.run_tasks", lambda *_: pytest.fail("something ran")
    )
    asked: dict[str, Any] = {"scenario": "japan-2026", "draws": 2, "months": 2, **wrong}
    with pytest.raises(InputError, match=named):
        ensemble(asked.pop("scenario"), asked.pop("draws"), **asked)


def test_an_unknown_headline_or_series_costs_one_message(twins: Ensemble) -> None:
    with pytest.raises(InputError, match="did you mean 'output_lost_24m'"):
        twins.spread("output_lost_24")
    with pytest.raises(InputError, match="series 'prices'"):
        twins.band("prices")
    with pytest.raises(InputError, match="kind 'bse'"):
        twins.band("output", "bse")
