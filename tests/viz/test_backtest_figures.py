"""The backtest as cells and figures, from a made-up document."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from coercivity.experiments.backtest.evidence import Target
from coercivity.experiments.backtest.score import against_naive, by_sample, score, to_dict
from coercivity.viz.figures.backtest_figures import (
    MARKS,
    episode_figure,
    naive_figure,
    title_of,
    write_figures,
)
from coercivity.viz.pages.backtest import figures, page
from coercivity.viz.words import backtest_text as cells


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


def test_a_panel_a_series_and_one_for_changes() -> None:
    figure = episode_figure(made_up(), "quotas")
    shown = [ax for ax in figure.axes if ax.get_visible()]
    assert [ax.get_title(loc="left") for ax in shown] == [
        "NdPr oxide, export price",
        "Changes and stops, in tolerances",
    ]
    assert shown[0].get_yscale() == "log"
    assert [tick.get_text() for tick in shown[1].get_yticklabels()] == ["change", "never"]
    assert any(text.get_text() == "never or undefined" for text in shown[1].texts)


def test_series_alone_fill_their_panels_and_the_rest_of_the_grid_is_empty() -> None:
    found = made_up()
    (line,) = found["lines"]
    found["targets"] = [one for one in found["targets"] if one["id"].startswith("level")]
    found["lines"] = [
        line | {"good": good} for good in ("ndpr_oxide", "dysprosium_oxide", "terbium_oxide")
    ] + [line | {"unit": "t", "flow": True}]
    figure = episode_figure(found, "quotas")
    assert [ax.get_visible() for ax in figure.axes] == [True] * 4 + [False] * 2
    tonnes = figure.axes[3]
    assert (tonnes.get_yscale(), tonnes.get_ylabel()) == (
        "linear",
        "t a year",
    )  # a logarithm is for prices alone
    assert tonnes.get_ylim()[0] <= 0.0  # far apart: from zero, so that their ratio is seen
    near = line | {
        "unit": "t",
        "p05": [90.0] * 16,
        "median": [95.0] * 16,
        "p95": [100.0] * 16,
        "points": [line["points"][2] | {"low": 80.0, "high": 99.0}],
    }
    (panel, *_) = episode_figure(found | {"lines": [near]}, "quotas").axes
    assert panel.get_ylim()[0] > 50.0


def test_each_sample_has_a_mark_of_its_own() -> None:
    figure = episode_figure(made_up(), "quotas")
    drawn = {
        (line.get_marker(), str(line.get_markerfacecolor()))
        for line in figure.axes[0].lines
        if line.get_marker() in ("o", "D", "s")
    }
    assert drawn == {(mark["marker"], mark["markerfacecolor"]) for mark in MARKS.values()}
    legend = {text.get_text() for text in figure.legends[0].texts}
    assert {mark["label"] for mark in MARKS.values()} < legend


def test_the_band_is_that_of_the_document() -> None:
    found = made_up()
    (band,) = figure_band(found)
    assert band[0] == pytest.approx(0.7 * 20.0)
    assert band[1] == pytest.approx(1.4 * 95.0)


def figure_band(found: dict[str, Any]) -> list[tuple[float, float]]:
    """Lowest and highest edge of each band."""
    figure = episode_figure(found, "quotas")
    corners = [
        collection.get_paths()[0].vertices[:, 1]
        for collection in figure.axes[0].collections
        if len(collection.get_paths()[0].vertices) > 20
    ]
    return [(float(each.min()), float(each.max())) for each in corners]


def test_the_benchmarks_are_shown_a_panel_a_sample() -> None:
    figure = naive_figure(made_up())
    assert [ax.get_title(loc="left").split(",")[0] for ax in figure.axes] == [
        "in sample",
        "kept back",
        "after 2024",
    ]
    model = figure.axes[0].lines[0]
    assert model.get_label() == "model"
    assert float(model.get_ydata()[-1]) == 1.0


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
    text = page(found)
    for words in (
        "balanced start, no test",
        "It is descriptive",
        "one vote an episode",
        "evidence.md#what-was-seen-before",
    ):
        assert words in text
    assert len(list(figures(found))) == 6


def test_an_episode_without_targets_is_refused() -> None:
    with pytest.raises(ValueError, match="no target of episode 'x'"):
        episode_figure(made_up(), "x")


def test_cells_for_terminal_and_page() -> None:
    found = made_up()
    rows = {
        row[0]: row
        for sample in cells.SAMPLES
        for row in cells.target_rows(found, "quotas", sample)
    }
    assert set(rows) == {"level-in", "level-kept", "level-out", "level-start", "change", "never"}
    assert all(len(row) == len(cells.COLUMNS) for row in rows.values())
    assert rows["level-in"][1:4] == ["50 ×1.22 USD/kg", "51.5 (48.4-54.6)", "PASS"]
    assert rows["change"][1] == "0.5 ± 0.2"
    assert rows["never"][2:4] == ["never", "FAIL"]
    assert rows["never"][4].split() == ["10", "-", "9.7", "10"]
    assert [row[0] for row in cells.sample_rows(found)] == ["in", "kept", "out", "all", "start"]
    assert {row[0] for row in cells.naive_rows(found)} == {"in", "kept", "out"}
    assert {len(row) for row in cells.naive_rows(found)} == {len(cells.NAIVE_COLUMNS)}
    assert max(len(line) for line in cells.LEGEND) <= 100


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        (
            {"quantity": "import_share", "state": "Japan", "partner": "China", "good": ""},
            "Imports of Japan, share of China",
        ),
        (
            {"quantity": "magnet_exports", "state": "China", "partner": "World", "good": ""},
            "Magnet exports of China",
        ),
        (
            {
                "quantity": "raw_exports",
                "state": "China",
                "partner": "Japan",
                "good": "terbium_oxide",
            },
            "Raw exports of China to Japan (terbium oxide)",
        ),
        (
            {"quantity": "price_abroad", "state": "EU", "partner": "", "good": "ndpr_oxide"},
            "NdPr oxide, price in EU",
        ),
    ],
)
def test_titles(fields: dict[str, str], title: str) -> None:
    assert title_of(fields) == title
