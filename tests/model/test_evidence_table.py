"""The targets of calibration and backtest: rows with a source, nothing recalled, nothing after 2025
in a fit, and windows that a run can reach.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from coercivity.experiments.backtest.evidence_targets import (
    SAMPLES,
    check_sample,
    load_bounds,
    load_evidence,
    seen_in_part,
    targets_from,
)
from coercivity.experiments.quantities.record_target import TARGETS
from coercivity.model.basis.calendar import month_index
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts, load_table
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.scenario.scenario import load_scenario

ROWS = load_table("evidence").rows
SCENARIOS = sorted({row["scenario"] for row in ROWS})
LINE = "2025-12"
LONGEST = 180  # months: fifteen years, as far as a scenario is run
AGAINST_BASE = ("log_change", "ratio")
# Kept back from the first row to the last, so that nothing of them was ever seen by a fit.
WHOLE_SERIES = (
    *({"quantity": quantity} for quantity in ("smuggled", "intensity", "raw_imports")),
    *({"good": f"{element}_oxide"} for element in ("terbium", "yttrium", "lanthanum", "cerium")),
    {"partner": "Malaysia"},
    {"quantity": "first_stop", "state": "United States"},
    {"good": "dysprosium_oxide", "partner": "South Korea"},
)


def windows(row: Mapping[str, Any]) -> list[str]:
    """Every month that a row names for its windows."""
    return [str(row[name]) for name in ("from", "to", "base_from", "base_to") if row[name]]


def test_every_row_names_its_source_and_only_the_sample_is_fitted() -> None:
    for row in ROWS:
        assert row["source"], row["id"]
        assert row["note"], row["id"]
        assert row["url"].startswith("http"), row["id"]
        assert row["confidence"] in ("high", "medium", "low"), row["id"]
        assert "recall" not in row["source"].lower(), row["id"]
        assert (row["fit_weight"] > 0) == (row["sample"] == "in"), row["id"]
        assert row["sample"] != "in" or row["confidence"] != "low", row["id"]


def test_a_series_counts_about_once_in_a_fit() -> None:
    weight: dict[tuple[str, ...], float] = defaultdict(float)
    for row in ROWS:
        change = str(row["statistic"] in (*AGAINST_BASE, "sd_yearly_log"))
        weight[
            row["episode"], row["quantity"], row["state"], row["partner"], row["good"], change
        ] += row["fit_weight"]
    assert max(weight.values()) <= 1.02


def test_only_what_is_out_reaches_beyond_2025() -> None:
    for row in ROWS:
        late = row["from"] if row["sample"] == "out" else max(windows(row))
        assert (late > LINE) == (row["sample"] == "out"), row["id"]


def test_kept_back_series_are_kept_back_whole() -> None:
    for series in WHOLE_SERIES:
        rows = [
            row
            for row in ROWS
            if row["sample"] not in ("out", "start")
            and all(row[name] == value for name, value in series.items())
        ]
        assert {row["sample"] for row in rows} == {"kept_back"}, series


def test_what_the_start_is_balanced_to_is_no_test() -> None:
    """A row of 2024 with the number of a balanced fact is `start`, and nothing else is."""
    facts = [
        row["fact"]
        for row in load_table("targets_start").where(start="2024-01")
        if row["tolerance_kind"] != "none" and row["fact"]
    ]
    for row in ROWS:
        calm = row["scenario"] == "business-as-usual"
        if row["sample"] == "start":
            assert (calm, row["from"][:4], row["fit_weight"]) == (True, "2024", 0.0), row["id"]
        elif calm and (row["from"], row["to"]) == ("2024-01", "2024-12"):
            assert all(abs(fact / row["value"] - 1.0) >= 0.001 for fact in facts), row["id"]


def test_the_page_counts_the_rows() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "evidence.md"
    text = page.read_text(encoding="utf-8")
    assert f"holds {len(ROWS)} targets" in text
    for sample in SAMPLES:
        assert f"| `{sample}` | {sum(row['sample'] == sample for row in ROWS)} |" in text
    known = {row["id"] for row in ROWS}
    seen_before = text.split("## What was seen before")[1].split("\n## ")[0]
    table = [line.split("|") for line in seen_before.splitlines() if line.startswith("| `")]
    assert len(table) >= 5
    for cells in table:
        assert set(re.findall(r"`([^`]+)`", cells[1])) <= {one.name for one in load_parameters()}
        assert set(re.findall(r"`([^`]+)`", cells[3])) <= known


def test_the_page_names_the_rows_of_which_a_fit_saw_a_longer_window() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "evidence.md"
    told = page.read_text(encoding="utf-8").split("## Bounds")[0].split("\n\n")[-2]
    named = re.findall(r"`([^`]+)`", told)
    assert sorted(named) == sorted(seen_in_part())
    assert f"{len(named)} rows" in told.replace("Seven", "7")


def test_scenarios_are_shipped_and_reach_the_windows() -> None:
    starts = {name: load_scenario(name).start for name in SCENARIOS}
    for row in ROWS:
        months = windows(row)
        assert month_index(starts[row["scenario"]], min(months)) >= 0, row["id"]
        assert month_index(starts[row["scenario"]], max(months)) < LONGEST, row["id"]
        for first, last in pairwise(months[:2]):
            assert first <= last, row["id"]
        assert (len(months) == 4) == (row["statistic"] in AGAINST_BASE), row["id"]


def test_names_tolerances_and_kinds_can_be_read() -> None:
    # raises for an unknown quantity, state, good or sector
    targets = targets_from(Facts.default(), load_table("evidence"))
    assert len({target.id for target in targets}) == len(ROWS)
    for target in targets:
        low, high = target.interval
        assert low < target.value < high, target.id
        if target.statistic == "log_change":  # a log of a log change means nothing
            assert target.tolerance_kind == "absolute", target.id
        if target.statistic == "mean":
            assert target.unit in (TARGETS[target.quantity].unit, "%", "share"), target.id


def test_bounds_rule_vectors_out_and_are_no_evidence() -> None:
    """They end before 2026, weigh in the fit, and share no id with a target that is scored."""
    bounds = load_bounds()
    assert {one.sample for one in bounds} == {"bound"}
    assert all(one.last <= LINE and one.fit_weight > 0 for one in bounds)
    assert not {one.id for one in bounds} & {row["id"] for row in ROWS}
    kept = [one for one in load_evidence() if one.sample == "kept_back"]
    mine, theirs = (
        {(one.key, one.first, one.last, one.statistic) for one in of} for of in (bounds, kept)
    )
    assert not mine & theirs, "what is kept back may not rule a vector out"


def test_a_bound_after_2025_is_refused_with_the_fix() -> None:
    row = replace(load_bounds()[0], last="2026-03")
    with pytest.raises(InputError, match=r"sample 'bound' does not fit to '2026-03'; write out"):
        check_sample(row)


def test_what_is_fitted_is_read_in_worlds_that_begin_by_the_line() -> None:
    fitted = [one for one in (*load_evidence("in"), *load_bounds()) if one.fit_weight > 0]
    assert fitted
    assert {load_scenario(one.scenario).start for one in fitted} <= {"2009-01", "2024-01"}
