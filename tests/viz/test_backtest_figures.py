"""The backtest as cells and figures, from a made-up document."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes

from coercivity.experiments.backtest.evidence import Target
from coercivity.experiments.backtest.score import against_naive, by_sample, score, to_dict
from coercivity.viz.figures.backtest_figures import (
    EDGE,
    distance_figure,
    naive_figure,
    write_figures,
)
from coercivity.viz.figures.runs import GREEN, GREY, ORANGE, PURPLE
from tools.docs.pages.backtest import figures, pages


def target(name: str, sample: str, **fields: Any) -> Target:
    given: dict[str, Any] = {
        "id": name,
        "episode": "quotas",
        "sample": sample,
        "scenario": "embargo-2010",
        "quantity": "price_export",
        "state": "China",
        "partner": "",
        "good": "ndpr_oxide",
        "first": "2010-01",
        "last": "2010-12",
        "statistic": "mean",
        "value": 50.0,
        "tolerance": 0.2,
        "tolerance_kind": "log",
        "unit": "USD/kg",
        "before": 20.0,
        "hit": 0.4,
        "event": "2010-01",
    }
    return Target(**(given | fields))


def made_up() -> dict[str, Any]:
    targets = (
        target("level-in", "in"),
        target("level-kept", "kept_back", first="2011-01", last="2011-12", value=120.0),
        target("level-out", "out", value=90.0),
        target(
            "change",
            "kept_back",
            statistic="log_change",
            value=0.5,
            unit="log",
            base_first="2009-01",
            base_last="2009-12",
        ),
        target("level-start", "start", first="2012-01", last="2012-12", value=85.0),
        target(
            "never",
            "out",
            quantity="first_stop",
            statistic="first_day",
            value=55.0,
            tolerance=10.0,
            tolerance_kind="absolute",
            unit="days",
            good="",
            before=None,
        ),
    )
    values: tuple[list[float | None], ...] = (
        [48.0, 55.0],
        [70.0, 80.0],
        [60.0, 95.0],
        [0.1, 0.2],
        [80.0, 90.0],
        [None, None],
    )
    scores = [score(one, each) for one, each in zip(targets, values, strict=True)]
    points = []
    for one in targets[:3] + targets[4:5]:
        low, high = one.interval
        points.append(
            {
                "id": one.id,
                "from": one.first,
                "to": one.last,
                "sample": one.sample,
                "value": one.value,
                "low": low,
                "high": high,
            }
        )
    middle = [20.0 + 5.0 * at for at in range(16)]
    line = {
        "scenario": "embargo-2010",
        "quantity": "price_export",
        "state": "China",
        "partner": "",
        "good": "ndpr_oxide",
        "unit": "USD/kg",
        "flow": False,
        "episodes": ["quotas"],
        "start": "2009-01",
        "step": 3,
        "p05": [0.7 * v for v in middle],
        "median": middle,
        "p95": [1.4 * v for v in middle],
        "points": points,
    }
    return {
        "draws": 2,
        "targets": [to_dict(one) for one in scores],
        "samples": by_sample(scores),
        "benchmarks": against_naive(scores),
        "lines": [line],
    }


def test_figures_are_written_and_the_same_each_time(tmp_path: Path) -> None:
    found = made_up()
    kept = copy.deepcopy(found)
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
        names = write_figures(found, folder, dpi=40)
    assert names == [
        "quotas.png",
        "distance-in.png",
        "distance-kept_back.png",
        "distance-out.png",
        "distance-start.png",
        "benchmarks.png",
    ]
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)
    assert found == kept


def test_a_balanced_start_alone_has_no_figure_of_benchmarks(tmp_path: Path) -> None:
    found = made_up()
    alone = {
        **found,
        "targets": [one for one in found["targets"] if one["sample"] == "start"],
        "samples": found["samples"][-1:],
        "benchmarks": [],
        "lines": [],
    }
    assert write_figures(alone, tmp_path, dpi=40) == ["quotas.png", "distance-start.png"]
    with pytest.raises(ValueError, match="no sample that is scored"):
        naive_figure(alone)


def test_the_page_says_what_is_no_test_and_what_only_describes() -> None:
    found = {
        "part": "backtest",
        "coercivity": "0.3.0",
        "collection": "",
        "worlds": 2,
        "quick": False,
        "found": made_up(),
    }
    text = pages(found)["backtest.md"]
    for words in (
        "balanced start, no test",
        "It is descriptive",
        "one vote an episode",
        "evidence.md#what-was-seen-before",
    ):
        assert words in text
    assert len(list(figures(found))) == 6


def scored(name: str = "one", **fields: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "id": name,
        "episode": "quotas",
        "sample": "in",
        "verdict": "PASS",
        "error": 0.5,
        "distance": {"p05": -2.0, "median": 0.5, "p95": 3.0},
        "naive": {name: {"error": 2.0} for name in ("no_change", "proportional", "exponential")},
    }
    return given | fields


def distances(*targets: dict[str, Any]) -> Axes:
    return distance_figure({"targets": list(targets)}, "in").axes[0]


def test_a_row_a_target_with_its_band_and_its_median() -> None:
    ax = distances(
        scored("near"),
        scored("far", distance={"p05": None, "median": 9.0, "p95": None}, verdict="FAIL"),
        scored("never", distance={"p05": None, "median": None, "p95": None}, verdict="FAIL"),
    )
    bands = [
        one.get_segments()[0].tolist() for one in ax.collections if hasattr(one, "get_segments")
    ]
    assert bands == [
        [[-2.0, 0.0], [3.0, 0.0]],
        [[-EDGE, 1.0], [EDGE, 1.0]],  # draws of which nothing can be said lie beyond
    ]
    marks = [one for one in ax.lines if one.get_marker() == "o"]
    assert [(*one.get_xdata(), *one.get_ydata()) for one in marks] == [(0.5, 0.0), (9.0, 1.0)]
    (never,) = ax.texts
    assert (never.get_text(), never.get_position()) == ("never or undefined", (0.0, 2.0))
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["near", "far", "never"]
    assert list(ax.get_yticks()) == [0, 1, 2]
    assert ax.get_ylim() == (2.6, -0.6)  # the first on top
    assert ax.get_xlim() == (-10.5, 10.5)
    assert ax.get_xlabel() == "(model - record) / tolerance"
    assert ax.get_title(loc="left") == "Evidence in sample: the median agrees on 1 of 3 targets"


def test_shares_within_so_many_tolerances_are_steps() -> None:
    """Three targets with errors of 3, 0.5 and 1: a third is within 0.5, two thirds within 1, all within 3."""
    targets = [scored(str(error), error=error) for error in (3.0, 0.5, 1.0)]
    silent = scored("silent", naive={**scored()["naive"], "exponential": None})
    found = {
        "targets": [*targets, silent, scored("other", sample="out")],
        "benchmarks": [{"sample": "in"}, {"sample": "in"}],
    }
    figure = naive_figure(found)
    (ax,) = figure.axes
    model, *others = (one for one in ax.lines if one.get_color() != GREEN)
    assert list(model.get_xdata()) == [0.0, 0.5, 1.0, 3.0, 10.0]
    np.testing.assert_allclose(model.get_ydata(), [0.0, 1 / 3, 2 / 3, 1.0, 1.0])
    assert model.get_drawstyle() == "steps-post"
    assert [(one.get_label(), one.get_color()) for one in others] == [
        ("no change", GREY),
        ("proportional", ORANGE),
        ("exponential return", PURPLE),
    ]
    assert list(others[0].get_xdata()) == [0.0, 2.0, 2.0, 2.0, 10.0]
    assert [float(one.get_xdata()[0]) for one in ax.lines if one.get_color() == GREEN] == [1.0]
    assert ax.get_title(loc="left") == "in sample, 3 targets"  # one of which a benchmark is silent
    assert (ax.get_xlim(), ax.get_ylim()) == ((0.0, 10.0), (0.0, 1.02))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("error in tolerances", "share of targets within")
