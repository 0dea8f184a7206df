"""The page of gallium and germanium: what it says in words is what its tables say."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = (DOCS / "second-mineral.md").read_text(encoding="utf-8")


@pytest.fixture
def script() -> ModuleType:
    """The module that writes the page."""
    return importlib.import_module("tools.docs.second_mineral")


def rows() -> list[list[str]]:
    """The cells of the targets: id, record, model, verdict and four errors."""
    found = re.findall(r"^\| `(\S+)` \| (.+) \|$", PAGE, re.MULTILINE)
    return [[name, *rest.split(" | ")] for name, rest in found]


def test_the_page_counts_the_rivals_beside_the_model() -> None:
    every = rows()
    assert len(every) == 29
    passed = [row for row in every if row[3].startswith("PASS")]
    rivals = [sum(float(row[at]) <= 1.0 for row in every) for at in (5, 6, 7)]
    assert f"Of {len(every)} targets {len(passed)} pass" in PAGE
    assert (
        f"{rivals[0]} for “no change”, {rivals[1]} for “in proportion to supply”, "
        f"{rivals[2]} for “an exponential return”"
    ) in PAGE
    telling = [row[0] for row in passed if "*" not in row[3] and float(row[5]) > 1.0]
    named = ", ".join(f"`{name}`" for name in telling)
    assert f"{len(telling)} carry information: {named}." in PAGE


def test_the_page_says_that_its_users_stop() -> None:
    every = re.search(r"^\| all \| (\d+) to (\d+) of (\d+), ", PAGE, re.MULTILINE)
    assert every is not None
    assert "## The worst known miss: its users stop" in PAGE
    assert "{" not in PAGE, "a number of the template was not filled in"


def target(name: str, verdict: str, error: float, rival: float, imposed: str = "") -> Any:
    said = {"verdict": "PASS" if rival <= 1.0 else "FAIL", "error": rival}
    naive = dict.fromkeys(("no_change", "proportional", "exponential"), said)
    return {
        "id": name,
        "sample": "kept_back",
        "verdict": verdict,
        "error": error,
        "imposed": imposed,
        "naive": naive,
    }


def test_a_pass_carries_information_where_not_every_world_and_no_change_has_it(
    script: ModuleType,
) -> None:
    targets = [
        target("told", "PASS", 0.5, 3.0),
        target("easy", "PASS", 0.2, 0.4),
        target("idle", "PASS", 0.0, 9.0, "by law"),
        target("missed", "FAIL", 4.0, 0.6),
        {"sample": "start"},
    ]
    wins = [{"sample": "kept_back", "benchmark": "no_change", "wins": 1, "series": 2}]
    said = script.counts({"targets": targets, "benchmarks": wins})
    assert "Of 4 targets 3 pass, 0 in part, 1 fail." in said
    assert "2 for “no change”" in said
    assert "1 pass in every world and 1 (`easy`)" in said
    assert "1 carry information: `told`." in said
    assert "0.3 tolerances away, against 1.8 for “no change”" in said


def test_stops_are_counted_by_state_over_the_seeds(script: ModuleType) -> None:
    of = [
        {
            "firm": f"{state} {n}",
            "state": state,
            "sector": sector,
            "seed": seed,
            "cover_months": 2.0,
        }
        for state in ("Japan", "United States", "South Korea", "Germany")
        for sector in script.stops.__globals__["SECTORS"]
        for n in (1, 2)
        for seed in (0, 1)
    ]
    sector = "fibre_optics"
    stood = pd.DataFrame(
        [
            {"firm": "Japan 1", "seed": 0, "first_day": "2024-02-03"},
            {"firm": "Japan 1", "seed": 0, "first_day": "2024-09-01"},
            {"firm": "Japan 1", "seed": 1, "first_day": "2024-04-01"},
            {"firm": "Japan 2", "seed": 1, "first_day": "2024-03-01"},
        ]
    ).assign(state="Japan", sector=sector, output_lost_share=0.25)
    world = {"stoppages": stood, "firms": pd.DataFrame(of).assign(cover_months=2.0)}
    told = script.stops.__globals__["table"](world).splitlines()
    line = next(line for line in told if line.startswith("| fibre optics"))
    assert line.startswith("| fibre optics | 1 to 2 of 2, 2024-02 to 2024-03 | 0 of 2 |")
    assert line.endswith("| 2.0 | 25% |")
    assert next(line for line in told if "infrared" in line).endswith("| 2.0 | – |")
