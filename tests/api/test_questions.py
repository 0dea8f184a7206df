"""The commands `leverage`, `why-not`, `starts` and `claims`: tables, one document as JSON, one line
for wrong input.
"""

from __future__ import annotations

import json

import pytest

from tests.terminal import call, in_one_line


def test_leverage_as_json_is_one_document() -> None:
    shown = call(
        "leverage", "business-as-usual", "--at", "2024-02", "--worlds", "2", "--seed", "5", "--json"
    )
    document = json.loads(shown.stdout)
    assert [one["seed"] for one in document["worlds"]] == [5, 6]
    assert set(document["spread"]) <= set(document["units"])
    assert document["spread"]["output_lost"]["median"] > 0
    days = [one["first_stop_days"] for one in document["worlds"]]
    assert document["spread"]["first_stop_days"]["p05"] == min(
        day for day in days if day is not None
    )


def test_leverage_prints_what_it_costs_both() -> None:
    shown = call("leverage", "business-as-usual", "--at", "2024-02")
    assert shown.exit_code == 0, shown.output
    for words in ("Days to the first stop", "Output lost", "Sender"):
        assert words in shown.stdout


def test_why_not_has_the_same_looks_in_its_table_and_its_document() -> None:
    asked = ("why-not", "business-as-usual", "--months", "12")
    shown, looks = call(*asked), json.loads(call(*asked, "--json").stdout)["looks"]
    assert shown.exit_code == 0, shown.output
    assert "Looks at plants that could be built (business-as-usual, 1 worlds)" in shown.stdout
    assert {"margin", "use", "value", "hurdle", "bound"} <= set(looks[0])


def test_starts_prints_model_fact_and_source(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"id": "mine", "quantity": "world mine output", "model": 390.0, "fact": 390.0}
    row |= {"tolerance": 0.05, "unit": "kt", "verdict": "ok", "source": "USGS"}
    monkeypatch.setattr("coercivity.experiments.questions.starts.start_report", lambda _: [row])
    shown = call("starts", "2024-01").stdout
    for words in ("Start 2024-01", "world mine output", "390", "ok", "USGS"):
        assert words in shown
    assert [one["start"] for one in json.loads(call("starts", "--json").stdout)] == [
        "2009-01",
        "2024-01",
        "2026-01",
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("leverage", "business-as-usual"), "--at"),
        (("leverage", "business-as-usual", "--at", "2040-01"), "2040-01"),
        (("leverage", "business-as-usual", "--at", "2026-01", "--target", "Atlantis"), "Atlantis"),
        (("claims", "C17"), "C17"),
        (("claims", "--workers", "-1"), "-1"),
    ],
)
def test_wrong_input_costs_one_line(arguments: tuple[str, ...], says: str) -> None:
    assert says in in_one_line(*arguments)
