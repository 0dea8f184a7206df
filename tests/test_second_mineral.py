"""The page of gallium and germanium: what it says in words is what its tables say."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = (DOCS / "second-mineral.md").read_text(encoding="utf-8")


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
