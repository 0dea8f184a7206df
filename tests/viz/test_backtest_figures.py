"""The backtest as cells and figures, from a made-up document."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from coercivity.experiments.backtest.bands import band_rows
from coercivity.experiments.backtest.evidence_targets import Target
from coercivity.experiments.backtest.mixtures import mixture_rows
from coercivity.experiments.backtest.score import against_naive, by_sample, score, to_dict
from coercivity.viz.figures.backtest_figures import episode_figure, naive_figure, write_figures


def target(name: str, sample: str, **fields: Any) -> Target:
    given = {"id": name, "episode": "quotas", "sample": sample, "scenario": "embargo-2010"}
    given |= {"quantity": "price_export", "state": "China", "partner": "", "good": "ndpr_oxide"}
    given |= {"first": "2010-01", "last": "2010-12", "statistic": "mean", "event": "2010-01"}
    given |= {"tolerance_kind": "log", "unit": "USD/kg"}
    numbers = {"value": 50.0, "tolerance": 0.2, "before": 20.0, "hit": 0.4}
    return Target(**(given | numbers | fields))


def made_up() -> dict[str, Any]:
    later = {"first": "2011-01", "last": "2011-12"}
    change = {
        "statistic": "log_change",
        "unit": "log",
        "base_first": "2009-01",
        "base_last": "2009-12",
    }
    never = {"quantity": "first_stop", "statistic": "first_day", "tolerance_kind": "absolute"}
    never |= {"unit": "days", "good": ""}
    runs: tuple[tuple[Target, list[float | None]], ...] = (
        (target("level-in", "in"), [48.0, 55.0]),
        (target("level-kept", "kept_back", value=120.0, **later), [70.0, 80.0]),
        (target("level-out", "out", value=90.0), [60.0, 95.0]),
        (target("change", "kept_back", value=0.5, **change), [0.1, 0.2]),
        (target("level-start", "start", first="2012-01", last="2012-12", value=85.0), [80.0, 90.0]),
        (target("never", "out", value=55.0, tolerance=10.0, before=None, **never), [None, None]),
    )
    targets, values = zip(*runs, strict=True)
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
        "bands": band_rows(scores),
        "mixtures": mixture_rows(scores),
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
    targets = [one for one in found["targets"] if one["sample"] == "start"]
    alone = {**found, "targets": targets, "samples": found["samples"][-1:]}
    alone |= {"benchmarks": [], "lines": []}
    assert write_figures(alone, tmp_path, dpi=40) == ["quotas.png", "distance-start.png"]
    with pytest.raises(ValueError, match="no sample that is scored"):
        naive_figure(alone)
    with pytest.raises(ValueError, match="no target of episode 'embargo'"):
        episode_figure(found, "embargo")


def test_a_panel_that_no_series_needs_is_empty_and_an_axis_of_tonnes_begins_at_nothing() -> None:
    found = made_up()
    (line,) = found["lines"]
    on_it = {point["id"] for point in line["points"]}
    found["targets"] = [one for one in found["targets"] if one["id"] in on_it]
    found["lines"] = [line | {"unit": "t", "flow": True}] * 4
    panels = episode_figure(found, "quotas").axes
    assert [ax.get_visible() for ax in panels] == [True] * 4 + [False] * (len(panels) - 4)
    assert len(panels) > 4
    assert (panels[0].get_ylabel(), panels[0].get_yscale()) == ("t a year", "linear")
    assert panels[0].get_ylim()[0] <= 0.0
