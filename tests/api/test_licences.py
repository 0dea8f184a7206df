"""The commands `licences` and `trace`: what they print and write, and one line for wrong input."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import typer.testing

from coercivity.cli import app
from coercivity.experiments.questions.licence_flows import QUANTITIES, licence_flows
from coercivity.model.scenario.scenario import load_scenario, with_changes

SHORT = ("--months", "18")
ASKED = ("licences", "licensing-2025", "--to", "Japan", "--good", "magnets", *SHORT)


def call(*arguments: str) -> typer.testing.Result:
    return typer.testing.CliRunner().invoke(app, list(arguments))


def test_the_table_names_units_the_base_and_what_above_one_means() -> None:
    shown = call(*ASKED, "--worlds", "2")
    assert shown.exit_code == 0, shown.output
    told = " ".join(shown.stdout.split())
    for words in (
        "China to Japan, 2 goods, under licences (licensing-2025)",
        "t/month",
        "of the twin",
        "no act restricts exports",
        "mean of 2024-04 to 2025-03 of the run itself",
        "2 worlds, seeds 1 to 2",
        "Above 1: more goes",
        "By good",
        "magnet_heat_resistant",
    ):
        assert words in told
    assert "By destination" not in told
    months = [line.split()[0] for line in shown.stdout.splitlines() if line.startswith(" 20")]
    assert months == ["2025-03", "2025-04", "2025-05", "2025-06"]
    rows = [line.rstrip() for line in shown.stdout.splitlines() if line.startswith(" 20")]
    assert max(map(len, rows)) <= 100


def test_all_is_told_by_destination_and_by_year() -> None:
    shown = call("licences", "licensing-2025", *SHORT, "--by", "year")
    assert shown.exit_code == 0, shown.output
    assert "By destination" in shown.stdout
    assert "Germany" in shown.stdout
    assert [line.split()[0] for line in shown.stdout.splitlines() if line.startswith(" 20")] == [
        "2024",
        "2025",
    ]


def test_what_was_asked_by_name_and_needs_none_is_told() -> None:
    shown = call(
        *("licences", "licensing-2025", "--to", "Vietnam,Australia", *SHORT),
        *("--good", "dysprosium_oxide,ndpr_oxide"),
    )
    assert "Nobody ever applies for a licence: Australia, ndpr_oxide." in shown.stdout


def test_the_file_is_read_back_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "japan.csv"
    shown = call(*ASKED, "--csv", str(file))
    assert shown.exit_code == 0, shown.output
    assert "japan.csv" in "".join(shown.stdout.split())
    read = pd.read_csv(file)
    scenario = with_changes(load_scenario("licensing-2025"), months=18)
    flows = licence_flows(scenario, seeds=[1], importers=["Japan"], goods=["magnets"])
    pd.testing.assert_frame_equal(
        read, flows.frame(), check_exact=True, check_dtype=False, check_names=False
    )
    again = call(*ASKED, "--csv", str(file))
    assert again.exit_code == 2
    assert "is there already" in again.stderr


def test_json_is_one_document_with_every_quantity() -> None:
    document = json.loads(call(*ASKED, "--worlds", "2", "--json").stdout)
    assert document["destinations"] == ["Japan"]
    assert document["seeds"] == [1, 2]
    assert [row["month"] for row in document["rows"]] == [
        "2025-03",
        "2025-04",
        "2025-05",
        "2025-06",
    ]
    row = document["rows"][1]
    assert set(QUANTITIES) < set(row)
    assert row["of_twin"]["low"] <= row["of_twin"]["median"] <= row["of_twin"]["high"] < 0.5
    assert document["rows"][0]["of_twin"] == {
        "median": 1.0,
        "low": 1.0,
        "high": 1.0,
        "worlds": 2,
    }
    assert np.isfinite(row["shipped_twin_t"]["median"])


def test_draws_are_runs_with_a_vector_each() -> None:
    shown = call(*ASKED, "--draws", "2", "--replications", "1", "--workers", "1")
    assert shown.exit_code == 0, shown.output
    told = " ".join(shown.stdout.split())
    assert "2 runs, each with a vector and a seed of its own" in told


def test_a_firm_is_followed_by_the_beginning_of_its_name() -> None:
    shown = call(
        "trace",
        "japan-2026",
        "JAPAN SEMICONDUCTORS CERAMICS 3",
        "--months",
        "26",
        "--month",
        "2025-06",
    )
    assert shown.exit_code == 0, shown.output
    told = " ".join(shown.stdout.split())
    for words in (
        "Japan semiconductors ceramics 3 (Japan, semiconductors ceramics), japan-2026, seed 1",
        "supplier",
        "yttrium oxide",
        "2025-04",
        "On a watch list: 2.7% of it since 2026-02.",
        "Open, decided or used in 2025-06",
        "What it saw:",
        "no answer for",
        "What it chose:",
        "What it rejected:",
    ):
        assert words in told


def test_a_trace_as_json_names_its_months() -> None:
    document = json.loads(
        call(
            *("trace", "japan-2026", "Shin-Etsu Chemical", "--months", "26", "--json"),
            *("--month", "2025-06"),
        ).stdout
    )
    first = document["applications"][0]
    assert first["filed"] == "2025-04"
    assert first["exporter"] == "China"
    assert all(month >= first["decided"] for month, _ in first["went"])
    assert len(document["watched"]) == 26
    assert document["month"] == "2025-06"
    assert document["saw"]


def test_without_a_firm_the_applicants_are_listed() -> None:
    shown = call("trace", "licensing-2025", *SHORT)
    assert shown.exit_code == 0, shown.output
    assert "Shin-Etsu Chemical" in shown.stdout
    assert "applications" in shown.stdout
    document = json.loads(call("trace", "licensing-2025", *SHORT, "--json").stdout)
    assert {"firm", "state", "applications", "granted_share"} <= set(document["firms"][0])


def test_help_says_what_they_ask() -> None:
    licences, trace = (call(name, "--help").stdout for name in ("licences", "trace"))
    for option in ("--from", "--to", "--good", "--draws", "--csv", "--by", "--json"):
        assert option in licences
    assert "twin" in licences
    assert "FIRM" in trace
    assert "--month" in trace


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("licences", "licensing-2025", "--to", "Jpan"), "did you mean 'Japan'?"),
        (("licences", "licensing-2025", "--to", "Japan,"), "--to 'Japan,' has an empty name"),
        (("licences", "licensing-2025", "--to", "China"), "is the exporter itself"),
        (("licences", "licensing-2025", "--since", "2055-01"), "--since '2055-01' is no month"),
        (("licences", "licensing-2025", "--since", "May"), "--since 'May'"),
        (("trace", "licensing-2025", "Zz"), "trace without a firm lists those that applied"),
        (("licences", "licensing-2025", "--from", "Chna"), "did you mean 'China'?"),
        (("licences", "licensing-2025", "--good", "magnet"), "good 'magnet' is not known"),
        (("licences", "licensing-2025", "--by", "week"), "--by 'week' is not known"),
        (("licences", "business-as-usual"), "nobody needs a licence"),
        (("licences", "licensing-2025", "--months", "12"), "nobody needs a licence"),
        (("licences", "nowhere"), "nowhere"),
        (("licences", "licensing-2025", "--draws", "4", "--seed", "2"), "--design-seed"),
        (("licences", "licensing-2025", "--draws", "4", "--worlds", "2"), "do not go together"),
        (("licences", "licensing-2025", "--workers", "2"), "goes with --draws"),
        (("licences", "licensing-2025", "--draws", "0"), "--draws '0'"),
        (("licences", "licensing-2025", "--draws", "900"), "asks for 1800 runs"),
        (("licences", "licensing-2025", "--worlds", "2000"), "asks for 2000 runs"),
        (("licences", "licensing-2025", "--csv", "a.txt"), "does not end in .csv"),
        (("licences", "licensing-2025", "--csv", "no/such/a.csv"), "make it first"),
        (("trace", "licensing-2025", "Japan"), "write more of it"),
        (("trace", "licensing-2025", "Shin-Etzu Chemical"), "did you mean 'Shin-Etsu Chemical'?"),
        (("trace", "licensing-2025", "--month", "2025-06"), "goes with a firm"),
        (("trace", "licensing-2025", "TDK", "--month", "June"), "--month 'June' is not a month"),
        (("trace", "licensing-2025", "TDK", "--month", "2051-01"), "is no month of scenario"),
        (("trace", "business-as-usual", "--months", "3"), "no firm applies for a licence"),
        (("trace", "licensing-2025", "--seed", "x"), "--seed 'x'"),
    ],
)
def test_wrong_input_costs_one_line(arguments: tuple[str, ...], says: str) -> None:
    shown = call(*arguments)
    assert shown.exit_code == 2
    assert shown.stdout == ""
    assert says in shown.stderr
    assert len(shown.stderr.strip().splitlines()) == 1
