"""The page of the calibration, from the stored record and from others that say less."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from coercivity.experiments.paper.calibration import STORED
from coercivity.viz.pages.calibration import calibration_page
from coercivity.viz.pages.calibration_rows import parameter_rows, recovery_rows, target_rows
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


def test_a_parameter_says_that_its_own_bound_stops_it(found: dict[str, Any]) -> None:
    found["parameters"][0] |= {"left": 0.4, "identified": True, "at_bound": "high"}
    found["parameters"][1] |= {"left": 0.7, "identified": False, "at_bound": ""}
    assert [row[-1] for row in parameter_rows(found)[:2]] == [
        "40% (identified, at its high bound)",
        "70%",
    ]


def test_a_truth_that_moves_nothing_has_a_dash_for_its_correlation(found: dict[str, Any]) -> None:
    found["recovery"]["correlation"][0] = None
    names = [row["name"] for row in found["parameters"]]
    assert recovery_rows(names, found["recovery"])[0][-1] == "–"


def test_the_page_tells_of_fresh_seeds_and_of_what_no_target_feels_where_the_record_does(
    found: dict[str, Any],
) -> None:
    for name in ("judged", "unfelt"):
        found.pop(name, None)
    silent = calibration_page(found)
    assert "fresh seeds" not in silent
    assert "drawn anew" not in silent
    found["judged"] = {"before": 27, "alone": 16, "together": 12, "runs": 71}
    found["unfelt"] = ["brownfield_cost", "licence_easy"]
    page = calibration_page(found)
    assert (
        "The seeds of the waves alone do not rule out 27; of these 16 are not ruled out by as many "
        "fresh seeds alone, and 12 vectors by all of them (71 were run again)."
    ) in page
    assert (
        "2 parameters that no target feels at either end of their ranges are drawn anew for each "
        "member: brownfield_cost, licence_easy."
    ) in page
    found["unfelt"] = ["brownfield_cost"]
    assert "1 parameter that no target feels at either end of its range is drawn" in (
        calibration_page(found)
    )
    found["unfelt"] = []
    assert "No parameter is drawn anew for a member" in calibration_page(found)


def test_what_was_shipped_before_the_fit_is_called_so(found: dict[str, Any]) -> None:
    """The office is told by the vector of before alone; all else by the one shipped now where the
    record judges it.
    """
    before = "| target | record | vector shipped before the fit |"
    targets, office = calibration_page(found).split("## The licensing office")
    assert before not in targets
    assert (
        "share of usual trade | record | tolerance (95%) | vector shipped before the fit |"
        in office
    )
    assert "| number | shipped before the fit |" in office
    del found["now"]
    assert before in calibration_page(found)


def test_the_page_says_what_the_record_of_licences_asks_of_the_office(
    found: dict[str, Any],
) -> None:
    found["office"].pop("asked", None)
    assert "sum of squared implausibilities S" not in calibration_page(found)
    tried = {"name": "licence_room", "value": 1.06, "fall": 0.8, "error": 0.4}
    found["office"]["asked"] = {
        "seeds": [11, 12],
        "version": "0.5.0",
        "table": {"licence_room": 1.15},
        "before": 12.0,
        "taken": [],
        "nearest": [tried],
    }
    page = calibration_page(found)
    assert "S of 12.0 over all targets" in page
    assert "None is. Nearest to it" in page
    assert "| licence_room | 1.15 | 1.06 | 0.8 (0.4) |" in page
    found["office"]["asked"]["taken"] = [tried]
    assert "Asked for: licence_room 1.06." in calibration_page(found)
