"""A net under what is shown: documents of pages, tables and figures of made-up and of short results as they were in 0.4.0, in test_golden_shown/.

As tests/golden/: it tells that something moved. To write them anew after a change that is meant:
`python -m pytest tests/viz/test_golden_shown.py --force-regen`. Of a figure the data of lines, bars and bands count, its limits and its texts; not its looks.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from pytest_regressions.dataframe_regression import DataFrameRegressionFixture

import coercivity
from coercivity.experiments.worlds.run import run
from coercivity.model.basis.facts import Facts
from coercivity.model.results.result import Result
from coercivity.viz.figures.backtest_figures import distance_figure, episode_figure, naive_figure
from coercivity.viz.figures.ensemble_figures import caption, ensemble_figures
from coercivity.viz.figures.run_figures import FIGURES
from coercivity.viz.figures.sensitivity_figures import corner_figure, figures_of
from coercivity.viz.page_data.chain_data import chain_data, groups_for, label, periods
from coercivity.viz.page_data.lab_charts_of_one_history import history_json
from coercivity.viz.page_data.map_data import play_json
from coercivity.viz.server.exports import citation, headlines_csv, table_csv
from coercivity.viz.words import backtest_text
from coercivity.viz.words.compare_summary import compare_summary
from coercivity.viz.words.ensemble_summary import ensemble_lines, ensemble_rows, table_of
from coercivity.viz.words.report import changed_parameters, event_rows
from coercivity.viz.words.summary import headlines_of, number, run_summary
from tests.fake_result import fake_result
from tests.viz import test_backtest_figures, test_ensemble_figures, test_sensitivity_figures
from tools.docs.pages.claim_figures import claim_figure

CLOSE = {"rtol": 1e-6, "atol": 1e-9}
DAY = "2026-01-06"
FACTS = Facts.default()


@cache
def banned() -> Result:
    return run("japan-blanket-ban", 2, months=36)


def flat(
    found: Any, name: str = "", weight: float = 1.0, into: dict[str, float] | None = None
) -> dict[str, float]:
    """A document as sums by path: of numbers, of the letters of texts, and how many there are; in a list each place has a weight, so that order counts."""
    sums = {} if into is None else into
    if isinstance(found, dict):
        for key, value in found.items():
            flat(value, f"{name} {key}".strip(), weight, sums)
    elif isinstance(found, (list, tuple)):
        for place, value in enumerate(found):
            flat(value, name, weight * (1.0 + 0.1 * (place % 7)), sums)
    else:
        value = (
            float(sum(map(ord, found.replace(coercivity.__version__, ""))))
            if isinstance(found, str)
            else float(found or 0.0)
        )
        sums[name] = sums.get(name, 0.0) + weight * value
        sums[f"{name}: count"] = sums.get(f"{name}: count", 0.0) + (found is not None)
    return sums


def drawn(figure: Figure) -> dict[str, Any]:
    """What a figure says: of each panel the data of lines, bars and bands, limits and texts."""
    panels = []
    for ax in figure.axes:
        lines = [
            [
                float(v)
                for v in np.nan_to_num(np.asarray(line.get_xydata(), dtype=float)).sum(axis=0)
            ]
            for line in ax.lines
        ]
        bars = [
            [float(patch.get_x()), float(patch.get_width()), float(patch.get_height())]
            for patch in ax.patches
            if isinstance(patch, Rectangle)
        ]
        bands = [
            [float(np.nan_to_num(path.vertices).sum()) for path in of.get_paths()]
            + [float(np.ma.sum(of.get_offsets()))]
            for of in ax.collections
        ]
        texts = [text.get_text() for text in [*ax.texts, ax.title, ax.xaxis.label, ax.yaxis.label]]
        legend = ax.get_legend()
        panels.append(
            {
                "lines": lines,
                "bars": bars,
                "bands": bands,
                "x": list(ax.get_xlim()),
                "y": list(ax.get_ylim()),
                "texts": texts,
                "legend": [text.get_text() for text in legend.get_texts()] if legend else [],
                "shown": ax.get_visible(),
                "image": [
                    float(np.nan_to_num(np.ma.filled(image.get_array(), 0.0)).sum())
                    for image in ax.images
                ],
            }
        )
    return {"panels": panels, "title": figure.get_suptitle()}


def chains() -> Any:
    found = {
        f"{state} {element} {view}": chain_data(banned(), state, element, view)
        for state, element, view in (("Japan", "all", "world"), ("Germany", "Dy", "into"))
    }
    months = banned().months
    groups = [
        [label(FACTS, group) for group in groups_for(FACTS, state)]
        for state in ("Japan", "France", "India")
    ]
    return {"pages": found, "groups": groups, "quarters": periods(months[:8])}


def plays() -> Any:
    return {
        "play": json.loads(play_json(banned(), "Japan", DAY)),
        "lab": json.loads(history_json(banned(), "Germany", DAY)),
    }


def claims() -> Any:
    evidence = {
        "main": [0.1, 0.5, 0.9, None],
        "placebo": [0.2],
        "corner": [],
        "scan": [[0.0, [0.1, 0.3]], [1.0, [0.6, 0.8]], [2.0, []]],
    }
    found = {
        "id": "C0",
        "claim": "a claim",
        "unit": "share",
        "support": 0.5,
        "worlds": 4,
        "low": 0.5,
        "high": None,
        "flips_at": 0.7,
        "turns_on": "x",
        "flip_unit": "months",
        "evidence": evidence,
    }
    other = {**found, "low": None, "high": 0.4, "flips_at": None}
    return {"figures": [drawn(claim_figure(one)) for one in (found, other)]}


def backtests() -> Any:
    held = test_backtest_figures.made_up()
    record = [
        [
            backtest_text.record_cell(one),
            backtest_text.band_cell(one),
            backtest_text.errors_cell(one),
        ]
        for one in held["targets"]
    ]
    cells = [
        backtest_text.target_rows(held, "quotas", "kept_back"),
        backtest_text.sample_rows(held),
        backtest_text.naive_rows(held),
        record,
    ]
    figures = {
        "episode": episode_figure(held, "quotas"),
        "naive": naive_figure(held),
        "distance": distance_figure(held, "kept_back"),
    }
    return {
        "cells": cells,
        "short": [
            backtest_text.three_digits(value) for value in (0.0, 0.0123, 1.5, 99.4, 12_345.6)
        ],
        "figures": {name: drawn(figure) for name, figure in figures.items()},
    }


def ensembles() -> Any:
    found = test_ensemble_figures.made_up(2, twin=True)
    figures = {which: drawn(make()) for which, make in ensemble_figures(found).items()}
    return {
        "figures": figures,
        "lines": ensemble_lines(found),
        "rows": ensemble_rows(found),
        "table": table_of(found)[1],
        "caption": caption(found),
    }


def sensitivities() -> Any:
    of = test_sensitivity_figures
    points = np.linspace(0.0, 1.0, 60).reshape(20, 3)
    corner = {
        "condition": "x > 1",
        "found": True,
        "bounds": [{"parameter": "b", "side": "low", "value": 0.6}],
        "density": 0.9,
        "coverage": 0.7,
    }
    figures = {
        name: figure
        for found in (of.SOBOL, of.MORRIS, of.PAWN, of.TORNADO)
        for name, figure in figures_of(found)
    }
    figures["corner"] = corner_figure(corner, ["a", "b", "c"], points, points[:, 1] > 0.6)
    return {name: drawn(figure) for name, figure in figures.items()}


def summaries() -> Any:
    worlds, calm = (
        [fake_result(seed=seed, ban=ban) for seed in (1, 2, 3)] for ban in (True, False)
    )
    words = {
        "run": vars(run_summary(worlds, headlines_of(worlds))),
        "twins": vars(compare_summary(calm, worlds, headlines_of(calm), headlines_of(worlds))),
    }
    units = ("days", "share", "%", "USD bn", "ratio")
    numbers = [
        number(value, unit, signed)
        for unit in units
        for value in (None, 0.0, 0.1234, -12.5)
        for signed in (True, False)
    ]
    others = ("multiple", "USD/kg", "points", "% of GDP", "firms")
    values = (0.994, 4.04, 99.94, -100.0, 1234.0)
    return {
        "words": plain(words),
        "numbers": numbers,
        "other numbers": [[number(value, unit) for value in values] for unit in others],
        "figures": {name: drawn(draw(worlds[:2], calm[:2])) for name, draw in FIGURES.items()},
        "events": event_rows(worlds[0]),
        "changed": changed_parameters(worlds[0]),
    }


def taken_away() -> Any:
    scenario = banned().scenario
    return {
        "prices": table_csv(scenario, 2, "Japan", "prices").splitlines(),
        "headlines": headlines_csv(scenario, 2, DAY, "Japan").splitlines(),
        "citation": citation(scenario, 2, "?a=1").splitlines(),
    }


def plain(found: Any) -> Any:
    """Dataclasses and the like as mappings."""
    if isinstance(found, dict):
        return {key: plain(value) for key, value in found.items()}
    if isinstance(found, (list, tuple)):
        return [plain(value) for value in found]
    return plain(vars(found)) if hasattr(found, "__dict__") else found


SHOWN: dict[str, Callable[[], Any]] = {
    "chains": chains,
    "claims": claims,
    "plays": plays,
    "backtests": backtests,
    "ensembles": ensembles,
    "sensitivities": sensitivities,
    "summaries": summaries,
    "taken_away": taken_away,
}


@pytest.mark.parametrize("page", SHOWN)
def test_what_is_shown_stays(page: str, dataframe_regression: DataFrameRegressionFixture) -> None:
    found = flat(SHOWN[page]())
    dataframe_regression.check(
        pd.DataFrame({"what": list(found), "value": list(found.values())}), default_tolerance=CLOSE
    )
