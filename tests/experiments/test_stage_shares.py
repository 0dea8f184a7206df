"""Who mines and separates has one reckoning, and what is written by hand says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coercivity.experiments.quantities.stage_shares import STEPS, shares
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import load_scenario

SOURCES = Path(__file__).resolve().parents[2] / "docs" / "sources.md"


@pytest.mark.parametrize(
    "text",
    [
        SOURCES.read_text(encoding="utf-8"),
        " ".join(load_scenario("mines-without-processing").sources),
    ],
    ids=["docs/sources.md", "mines-without-processing"],
)
def test_what_is_written_of_chinas_shares_is_what_is_reckoned(text: str) -> None:
    found = re.search(r"China mined (\d+)% and separated (\d+)%", text)
    assert found is not None
    reckoned = (
        dict(shares(Facts.default(), STEPS[step], "2024-01"))["China"]
        for step in ("mines", "separation")
    )
    assert [int(share) for share in found.groups()] == [round(100 * share) for share in reckoned]
