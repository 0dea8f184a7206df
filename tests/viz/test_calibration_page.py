"""The page of the calibration, from the stored record and from others that say less."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from coercivity.experiments.paper.calibration import STORED
from coercivity.viz.pages.calibration import calibration_page
from coercivity.viz.pages.calibration_rows import parameter_rows, target_rows
from coercivity.viz.words.findings import short


@pytest.fixture
def found() -> dict[str, Any]:
    record: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))
    return copy.deepcopy(record)


def test_the_page_names_every_target_and_parameter_and_what_cannot_be_reached(
    found: dict[str, Any],
) -> None:
    found["targets"][0]["structural"] = True  # at least one that nothing reaches
    page = calibration_page(found)
    assert page.startswith(
        f"# Calibration by history matching\n\n**{found['passed']} of {found['runs']} parameter vectors are not ruled out**"
    )
    missed = [row["id"] for row in found["targets"] if row["structural"]]
    assert missed
    assert f"{len(missed)} of {len(found['targets'])} targets are met by no vector" in page
    for one in (*found["targets"], *({"id": row["name"]} for row in found["parameters"])):
        assert f"| {one['id']} |" in page


def test_a_calibration_without_a_miss_and_without_an_identified_parameter_says_so(
    found: dict[str, Any],
) -> None:
    for row in found["targets"]:
        row["structural"] = False
    for row in found["parameters"]:
        row["identified"] = False
    found["shipped"]["worst"] = found["cut"] + 0.1
    page = calibration_page(found)
    assert "Every target is met by some vector of the first wave." in page
    assert "No parameter is identified." in page
    assert f"implausibility {found['cut'] + 0.1:.2f} and is ruled out" in page


def test_what_is_not_defined_is_a_dash_and_never_a_number(found: dict[str, Any]) -> None:
    target, parameter = found["targets"][0], found["parameters"][0]
    del found["now"]  # what is shipped since has no value of its own then
    target |= {"shipped": None, "kept": None, "structural": True, "inside": False}
    parameter |= {"left": None, "p05": None, "profile": [None, *parameter["profile"][1:]]}
    assert target_rows(found)[0][2:] == ("undefined", "–", "no", "none: structural miss")
    assert parameter_rows(found)[0][3:] == (
        "undefined",
        short(parameter["median"]),
        short(parameter["p95"]),
        "–",
    )
