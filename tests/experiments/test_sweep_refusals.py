"""What a design may not ask: each mistake costs one line, before anything runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coercivity.experiments.sweep.design import KEYS, TEXT_KEY, Design, load_design
from coercivity.experiments.sweep.outcome_checks import check_defined, doubts
from coercivity.experiments.sweep.sampling import LEAST_SAMPLES
from coercivity.experiments.worlds.draws import drawn_parameters
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.basis.yaml_text import parse_yaml
from coercivity.model.scenario.scenario import load_scenario
from tests.refusal import refusal

DOCS = Path(__file__).resolve().parents[2] / "docs"
THREE = ["licence_clock_months", "over_compliance", "cover_spread"]
TABLE = load_parameters()


def design(**keys: Any) -> Design:
    return load_design({"scenario": "japan-2026", "months": 12, **keys})


OVER, ANSWER = "over_compliance", "first_answer"
LHS: dict[str, Any] = {"method": "lhs", "samples": 4}
SOBOL: dict[str, Any] = {"method": "sobol", "samples": 4, "parameters": THREE}
TOGETHER: dict[str, Any] = {"method": "collection", "samples": 4}
TWO = ["japan-2026", "civilian-unaffected"]
SPACES = {name: np.linspace(TABLE[name].low, TABLE[name].high, 200).tolist() for name in THREE[:2]}
# what is asked, and how the line begins
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"scenaro": "x"}, "key 'scenaro' is not known; did you mean 'scenario'?"),
    ({"scenario": []}, "scenario is missing; write scenario: japan-2026, a path, or a list of"),
    ({"scenario": "japan-2027"}, "scenario 'japan-2027' is not known; did you mean 'japan-2026'?"),
    ({"scenario": "none.yaml"}, "scenario file 'none.yaml' is not there; give the path of a .yaml"),
    ({"scenario": ["japan-2026", "japan-2026"]}, "scenario 'japan-2026' stands twice; keep one"),
    ({"months": 0}, "months '0' does not fit; use a whole number from 1 to 600, or leave it out"),
    ({"months": [1, 2]}, "months '[1, 2]' does not fit; use a whole number from 1 to 600"),
    ({"seeds": 0}, "seeds '0' does not fit; use a number of seeds from 1 to 10,000,000, or a list"),
    ({"seeds": []}, "seeds '[]' is empty; write seeds: 16 for seeds 0 to 15, or give at least one"),
    ({"seeds": [4, 4]}, "seed 4 stands twice; keep one, or write seeds: 2 for seeds 0 to 1"),
    ({"seeds": [-1]}, "seed '-1' is not a whole number from 0 to 4294967295; use e.g. 1"),
    ({"method": "sobl"}, "method 'sobl' is not known; did you mean 'sobol'?"),
    (
        {"design_seed": -1},
        "design_seed '-1' is not a whole number from 0 to 4294967295; use e.g. 0",
    ),
    ({"samples": 8}, "samples '8' has no meaning for method list; leave it out, or use method lhs"),
    ({"method": "lhs", "parameters": "table"}, "samples is missing; method lhs needs it, for exam"),
    ({**SOBOL, "samples": 100}, "samples 100 is not a power of two, which method sobol needs; the"),
    ({**TOGETHER, "samples": 20_000}, "samples 20000 does not fit; method collection takes 1 to"),
    (
        {"second_order": True},
        "second_order 'True' has no meaning for method list; leave it out, or",
    ),
    ({**SOBOL, "second_order": "yes"}, "second_order 'yes' is neither on nor off; write second_o"),
    (
        {"parameters": {"first_answr": [1]}},
        "parameter 'first_answr' is not known; did you mean 'first_",
    ),
    (
        {"parameters": {"hoard_gain": [1]}},
        "parameter hoard_gain is of an earlier version; leave i",
    ),
    ({"parameters": {OVER: []}}, f"parameter {OVER} '[]' is empty; give at least one value from 0"),
    ({"parameters": {OVER: [2]}}, f"parameter {OVER} 2 is out of range; use a number from 0 to 1"),
    ({"parameters": {OVER: {"low": 0}}}, f"parameter {OVER} '{{'low': 0}}' gives bounds, but me"),
    (
        {"parameters": {OVER: [0, 1], ANSWER: [0.7] * 3}},
        f"parameters differ in length ({OVER} has 2",
    ),
    ({"parameters": {"firms_per_sector": [2.5]}}, "parameter firms_per_sector 2.5 is not a whole"),
    ({**LHS, "parameters": {OVER: {"low": 0.8, "high": 0.2}}}, f"parameter {OVER}: low 0.8 is not"),
    ({**LHS, "parameters": {OVER: [0, 1]}}, f"parameter {OVER} '[0, 1]' gives no bounds, which"),
    ({**LHS, "parameters": {OVER: {"lo": 0}}}, f"parameter {OVER}: key 'lo' is not known; did"),
    ({**LHS, "parameters": ["firms_per_sector"]}, "parameter firms_per_sector is a whole number,"),
    ({**LHS, "parameters": [ANSWER, ANSWER]}, "parameter 'first_answer' stands twice; keep one"),
    ({**LHS, "parameters": [[1, 2]]}, "parameter '[1, 2]' is not known; use one of: "),
    ({"method": "oat", "parameters": {}}, "parameters '{}' moves nothing, but method oat needs"),
    ({"method": "oat", "parameters": {OVER: {"high": 0.5}}}, f"parameter {OVER} starts at 0.7,"),
    ({"scenario": TWO, "method": "oat", "parameters": [OVER]}, f"parameter {OVER} starts at 0 and"),
    ({**TOGETHER, "parameters": {OVER: 0.5}}, f"parameter {OVER} '0.5' does not fit method coll"),
    ({**TOGETHER, "parameters": [OVER]}, f"parameters '['{OVER}']' does not fit method collectio"),
    ({"outcomes": ["firms_stopped"] * 2}, "outcome 'firms_stopped' stands twice; keep one"),
    ({"outcomes": []}, "outcomes '[]' is empty; leave outcomes out for all headlines, or name at"),
    ({"outcomes": ["first_stop"]}, "outcome 'first_stop' is not known; did you mean 'first_stop_"),
    ({"keep": ["price"]}, "table 'price' is not known; did you mean 'prices'?"),
    (
        {"method": "grid", "seeds": 1000, "parameters": SPACES},
        "1 scenario(s) x 40,000 points x 1,000 seeds = 40,000,000 runs are too many; use at most",
    ),
    (
        {"method": "lhs", "samples": 5_000_000, "parameters": "table"},
        f"5,000,000 points x {len(drawn_parameters())} parameters = "
        f"{5_000_000 * len(drawn_parameters()):,} numbers are too many to hold; use at most",
    ),
]


@pytest.mark.parametrize(("keys", "message"), REFUSED, ids=[message[:40] for _, message in REFUSED])
def test_what_does_not_fit_costs_one_line(keys: dict[str, Any], message: str) -> None:
    caught = refusal(load_design, {"scenario": "japan-2026", **keys})
    assert caught.startswith(f"design: {message}")
    assert "; " in caught  # the fix


# YAML of a kind that does not belong behind a key
WRONG = [
    "[[1, 2]]",
    "{a: [1]}",
    ".nan",
    "1" + 400 * "0",
    "text",
    "[{}]",
    "{null: 1}",
    "!!set {a}",
    "!!timestamp 2001-01-01",
    '"\\0"',
    "{over_compliance: {low: [1]}}",
    "{over_compliance: {low: 1" + 400 * "0" + "}}",
    "{over_compliance: !!set {low}}",
    "{firms_per_sector: .inf}",
    "{name: a, start: 2024-01, parameters: [[1]]}",
    "[evidence:[1]]",
    5000 * "b",
]


def refused_text(text: str) -> str:
    try:
        load_design(parse_yaml(text, "design"))
    except InputError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("method", ["list", "lhs"])
@pytest.mark.parametrize("key", sorted({*KEYS, TEXT_KEY} - {"method"}))
def test_whatever_yaml_holds_costs_one_line_or_is_accepted(key: str, method: str) -> None:
    drawn = {"samples": "4", "parameters": "[cover_spread]"} if method == "lhs" else {}
    lines = [{"scenario": "japan-2026", "method": method, **drawn, key: value} for value in WRONG]
    told = [
        refused_text("\n".join(f"{name}: {text}" for name, text in one.items())) for one in lines
    ]
    assert all(not message or message.startswith("design") for message in told)
    assert "\n" not in "".join(told)
    accepted = [value for value, message in zip(WRONG, told, strict=True) if not message]
    assert not accepted or key in ("name", "why")  # these take any plain value as words


# outcomes that a design cannot define


@pytest.mark.parametrize(
    ("keys", "fix"),
    [
        (
            {"scenario": "japan-2026", "outcomes": "evidence:japan-china-2010"},
            "use scenario embargo",
        ),
        (
            {"scenario": "embargo-2010", "outcomes": "evidence:japan-china-2010"},
            "use months: 24 or",
        ),
    ],
    ids=["start", "months"],
)
def test_a_target_whose_window_no_run_holds_is_refused(keys: dict[str, Any], fix: str) -> None:
    with pytest.raises(InputError) as caught:
        check_defined(design(**keys))
    assert str(caught.value).startswith(f"design: outcome {keys['outcomes']} reads ")
    assert fix in str(caught.value)


def test_each_target_is_defined_by_its_own_scenario_and_another_one_is_a_doubt() -> None:
    from coercivity.experiments.backtest.evidence_targets import (
        load_evidence,
        months_needed,
    )

    for name in sorted({target.scenario for target in load_evidence()}):
        of = [target for target in load_evidence() if target.scenario == name]
        own = design(
            scenario=name,
            months=months_needed(load_scenario(name).start, of),
            outcomes=[f"evidence:{target.id}" for target in of],
        )
        check_defined(own)
        assert doubts(own) == []
    lived = "japan-2026-from-2024"
    both = design(
        scenario=[lived, "embargo-2010"],
        months=24,
        outcomes=["evidence:japan-china-2010", "evidence:threat-ndpr"],
    )
    check_defined(both)
    assert doubts(both) == [
        f"evidence:japan-china-2010: empty in scenario {lived}, which does not hold the months",
        f"evidence:threat-ndpr: of the record for threat-2019, and asked of scenario {lived}",
        "evidence:threat-ndpr: empty in scenario embargo-2010, which does not hold the months",
    ]


@pytest.mark.parametrize("method", LEAST_SAMPLES)
def test_too_few_samples_for_sensitivity_are_a_doubt(method: str) -> None:
    least = LEAST_SAMPLES[method]
    keys: dict[str, Any] = {"method": method, "months": 24, "outcomes": ["output_lost_24m"]}
    if method != "collection":
        keys["parameters"] = ["over_compliance", "cover_spread"]
    few = least // 2 if method == "sobol" else least - 1
    assert doubts(design(samples=least, **keys)) == []
    (line,) = doubts(design(samples=few, **keys))
    assert line.startswith(
        f"samples {few}: `sensitivity` says nothing of a sweep of method {method}"
    )
    assert f"use samples: {least} or more" in line
    guide = (DOCS / "sweeps.md").read_text(encoding="utf-8")
    said = guide.split("`coercivity sensitivity` says nothing of fewer than")[1]
    assert str(least) in said.split("standard error")[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n", r"d\.yaml: '\['a'\]' is not a design; write keys and values, at least scenario:"),
        ("scenario: [\n", r"d\.yaml line 2.* is not YAML"),
        ("scenario: japan-2026\nseeds: 0\n", r"d\.yaml: seeds '0' does not fit"),
    ],
)
def test_a_file_is_named_in_its_message(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "d.yaml"
    file.write_text(text)
    with pytest.raises(InputError, match=message):
        load_design(file)
