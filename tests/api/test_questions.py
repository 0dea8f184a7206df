"""The commands `leverage` and `claims`: one document as JSON, one line for wrong input."""

from __future__ import annotations

import json

import pytest
import typer.testing

from coercivity.cli import app


def call(*arguments: str) -> typer.testing.Result:
    return typer.testing.CliRunner().invoke(app, list(arguments))


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
    shown = call(*arguments)
    assert shown.exit_code == 2
    assert shown.stdout == ""
    assert says in shown.stderr
    assert len(shown.stderr.strip().splitlines()) == 1
