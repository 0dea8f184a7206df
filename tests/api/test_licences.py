"""The commands `licences` and `trace`: what they print and write, and one line for wrong input."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.questions.licence_flows import QUANTITIES, licence_flows
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.viz.page_data import shown_results
from tests.terminal import call, in_one_line

SHORT = ("--months", "18")
MONTHS = ["2025-03", "2025-04", "2025-05", "2025-06"]
ASKED = ("licences", "licensing-2025", "--to", "Japan", "--good", "magnets", *SHORT)


def test_the_table_names_units_the_base_and_what_above_one_means() -> None:
    shown = call(*ASKED, "--worlds", "2")
    assert shown.exit_code == 0, shown.output
    told = " ".join(shown.stdout.split())
    for words in (
        "China to Japan, 2 goods, under licences (licensing-2025)",
        "t/month",
        "mean of 2024-04 to 2025-03 of the run itself",
        "2 worlds, seeds 1 to 2",
        "Above 1: more goes",
        "magnet_heat_resistant",
    ):
        assert words in told
    rows = [line.rstrip() for line in shown.stdout.splitlines() if line.startswith(" 20")]
    assert [row.split()[0] for row in rows] == MONTHS
    assert max(map(len, rows)) <= 100


def test_the_file_is_read_back_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "japan.csv"
    shown = call(*ASKED, "--csv", str(file))
    assert shown.exit_code == 0, shown.output
    assert "japan.csv" in "".join(shown.stdout.split())
    read = pd.read_csv(file)
    scenario = with_changes(load_scenario("licensing-2025"), months=18)
    flows = licence_flows(scenario, seeds=[1], importers=["Japan"], goods=["magnets"])
    how = {"check_exact": True, "check_dtype": False, "check_names": False}
    pd.testing.assert_frame_equal(read, flows.frame(), **how)
    again = call(*ASKED, "--csv", str(file))
    assert again.exit_code == 2
    assert "is there already" in again.stderr


def test_json_is_one_document_with_every_quantity() -> None:
    document = json.loads(call(*ASKED, "--worlds", "2", "--json").stdout)
    assert document["destinations"] == ["Japan"]
    assert document["seeds"] == [1, 2]
    assert [row["month"] for row in document["rows"]] == MONTHS
    row = document["rows"][1]
    assert set(QUANTITIES) < set(row)
    assert row["of_twin"]["low"] <= row["of_twin"]["median"] <= row["of_twin"]["high"] < 0.5
    first = {"median": 1.0, "low": 1.0, "high": 1.0, "worlds": 2}
    assert document["rows"][0]["of_twin"] == first
    assert np.isfinite(row["shipped_twin_t"]["median"])


def test_draws_have_vectors_of_their_own_and_the_record_stands_beside_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record = dict(shown_results.load_shown("backtest"), coercivity="0.1")
    monkeypatch.setattr(shown_results, "backtest_of", lambda scenario: record)
    luck = ("--draws", "2", "--replications", "1", "--design-seed", "3", "--workers", "1")
    shown = call("licences", "licensing-2025", "--to", "Japan", "--by", "year", *SHORT, *luck)
    assert shown.exit_code == 0, shown.output
    told = " ".join(shown.stdout.split())
    assert "2 runs, each with a vector and a seed of its own" in told
    assert "What is on record of these lanes, beside 30 draws of the backtest" in told
    assert "These results were made with version 0.1 of the model" in told


def test_a_firm_is_followed_by_the_beginning_of_its_name() -> None:
    name = "JAPAN SEMICONDUCTORS CERAMICS 3"
    shown = call("trace", "japan-2026", name, "--months", "8", "--month", "2026-06")
    assert shown.exit_code == 0, shown.output
    told = " ".join(shown.stdout.split())
    for words in (
        "Japan semiconductors ceramics 3 (Japan, semiconductors ceramics), japan-2026, seed 1",
        "yttrium oxide",
        "On a watch list: 2.7% of it since 2026-02, 15.0% of it since 2026-03.",
        "Open, decided or used in 2026-06",
        "What it saw:",
        "What it chose:",
        "What it rejected:",
    ):
        assert words in told


def test_all_applications_of_a_firm_are_listed_and_a_month_of_it_is_one_document() -> None:
    asked = ("trace", "licensing-2025", "TDK", *SHORT)
    shown = call(*asked)
    assert shown.exit_code == 0, shown.output
    whole = json.loads(call(*asked, "--json").stdout)
    assert f"seed 1: {len(whole['applications'])} applications for licences" in shown.stdout
    assert whole["applications"]
    assert not {"month", "saw"} & set(whole)
    early = json.loads(call(*asked, "--json", "--month", "2024-02").stdout)
    assert early["month"] == "2024-02"
    assert {"saw", "chose", "rejected"} <= set(early)
    told = call(*asked, "--month", "2024-02").stdout
    assert "Open, decided or used" not in told
    assert "What it saw:" in told


def test_without_a_firm_the_applicants_are_listed() -> None:
    shown = call("trace", "licensing-2025", *SHORT)
    assert shown.exit_code == 0, shown.output
    assert "Shin-Etsu Chemical" in shown.stdout
    assert "applications" in shown.stdout
    document = json.loads(call("trace", "licensing-2025", *SHORT, "--json").stdout)
    assert {"firm", "state", "applications", "granted_share"} <= set(document["firms"][0])


LICENSED = ("licences", "licensing-2025")
TRACED = ("trace", "licensing-2025")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((*LICENSED, "--to", "Jpan"), "did you mean 'Japan'?"),
        ((*LICENSED, "--to", "Japan,"), "--to 'Japan,' has an empty name"),
        ((*LICENSED, "--since", "2055-01"), "--since '2055-01' is no month"),
        ((*LICENSED, "--by", "week"), "--by 'week' is not known"),
        ((*LICENSED, "--workers", "2"), "goes with --draws"),
        ((*LICENSED, "--worlds", "2000"), "asks for 2000 runs"),
        ((*LICENSED, "--csv", "a.txt"), "does not end in .csv"),
        ((*TRACED, "Zz"), "trace without a firm lists those that applied"),
        ((*TRACED, "--month", "2025-06"), "goes with a firm"),
        ((*TRACED, "TDK", "--month", "June"), "--month 'June' is not a month"),
        (("trace", "business-as-usual", "--months", "3"), "no firm applies for a licence"),
    ],
)
def test_wrong_input_costs_one_line(arguments: tuple[str, ...], says: str) -> None:
    assert says in in_one_line(*arguments)
