"""What `sensitivity` and `backtest` print of results that were made up."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from coercivity.experiments.sensitivity.analysis import OutcomeSensitivity
from coercivity.experiments.sensitivity.corner import Corner, CornerBound
from coercivity.experiments.sensitivity.indices import Index, Indices
from coercivity.experiments.sensitivity.tornado import Swing, Tornado
from coercivity.sensitivity_command import MOST_ROWS
from tests.terminal import call
from tests.viz.test_backtest_figures import made_up


def finding(method: str, *measures: str, count: int = 1, **more: Any) -> OutcomeSensitivity:
    rows = tuple(
        Index((f"p{at}",), measure, 0.5 - 0.01 * at, 0.1, 0.9)
        for at in range(count)
        for measure in measures
    )
    given = {"indices": Indices(method, 40, rows, None, 256) if rows else None} | more
    return OutcomeSensitivity(
        f"{method}_outcome", "Firms that stop", "", method, 1.0, 0.0, 2.0, ("a note",), **given
    )


SWING = Swing("clock", 1.0, 4.0, -0.25, (-0.5, -0.125), 0.75, (0.5, 1.0))
CORNER = Corner(
    "firms_stopped > 0.3",
    *(40, 20, (CornerBound("clock", "low", 2.5, 0.01, 0.95),)),
    *(0.9, 0.8, 0.5, 0.85, 0.75, 0.01, ("two halves",)),
)


def test_a_sensitivity_shows_the_largest_first_and_counts_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sample = SimpleNamespace(
        **{"scenario": "japan-2026", "months": 24, "method": "sobol", "points": [0] * 40},
        **{"names": ["a", "b"], "seeds": [1, 2], "other_model": True, "version": "0.1"},
    )
    findings = [
        finding("sobol", "total", "first", count=MOST_ROWS + 2, sentences=("A sentence.",)),
        finding("morris", "mu_star", "mu", "sigma"),
        finding("tornado", tornado=Tornado(0.5, 2, (SWING,))),
        finding("pawn", refused="no run of it varies"),
    ]
    found = SimpleNamespace(sample=sample, findings=findings, corner=CORNER)
    found.export_ema = lambda file: None
    study = "coercivity.experiments.studies.sensitivity.sensitivity"
    monkeypatch.setattr(study, lambda *_, **more: found)
    shown = call("sensitivity", "out", "--ema", "runs.tar.gz")
    assert shown.exit_code == 0, shown.output
    assert shown.stderr == (
        "coercivity: these rows were made by version 0.1, and the model here is another one\n"
    )
    told = " ".join(shown.stdout.split())
    for words in (
        "japan-2026, 24 months: 40 points (method sobol, 2 parameters) x 2 seeds",
        "Firms that stop (sobol_outcome, no unit), sobol",
        "2 more parameters: --json has them all",
        "note: a note A sentence.",
        "sigma",
        "not computed: no run of it varies",
        "Corner: firms_stopped > 0.3",
        "note: two halves",
        "Written: runs.tar.gz",
    ):
        assert words in told
    assert told.index("p0 ") < told.index("p1 ")
    assert f"p{MOST_ROWS + 1} " not in told
    lines = [line.split() for line in shown.stdout.splitlines()]
    assert ["clock", "1", "4", "-0.25", "-0.5", "-0.125", "0.75", "0.5", "1"] in lines
    assert ["clock", "low", "2.5", "0.01", "0.95"] in lines

    found.findings, found.corner = [], replace(CORNER, bounds=(), notes=("no box is believed",))
    shown = call("sensitivity", "out")
    assert "note: no box is believed" in shown.stdout
    assert "quasi-p" not in shown.stdout


def test_a_backtest_prints_targets_verdicts_and_benchmarks_where_there_are_any(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = made_up() | {"lines": []}
    study = "coercivity.experiments.studies.backtest.backtest"
    monkeypatch.setattr(study, lambda *_, **more: SimpleNamespace(to_dict=lambda: document))
    asked = ("backtest", "--draws", "2", "--workers", "1")
    shown = call(*asked)
    assert shown.exit_code == 0, shown.output
    for words in ("level-in", "Verdicts over 2 draws", "Nearer to the record"):
        assert words in shown.stdout
    printed = json.loads(call(*asked, "--json").stdout)
    assert "lines" not in printed
    assert (printed["files"], len(printed["targets"])) == ([], len(document["targets"]))
    document["benchmarks"] = []
    assert "Nearer to the record" not in call(*asked).stdout
