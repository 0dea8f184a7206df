"""What the play page draws is what the tables say."""

import json
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.findings.past_months import last_past_month
from coercivity.experiments.lab.history import History
from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.facts import Facts
from coercivity.model.results.event_tables import words
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.viz.page_data.lab_charts_of_one_history import charts
from coercivity.viz.page_data.map_data import MOST_FLOWS, groups_of, map_data, play_json
from tests.names import KINDS, STATES

MONTHS = 60


@pytest.fixture(scope="module")
def result() -> Result:
    return run_scenario(with_changes(load_scenario("japan-2026"), months=MONTHS), 2)


@pytest.fixture(scope="module")
def drawn(result: Result) -> dict[str, Any]:
    return map_data(History(result), "2026-01-06")


@pytest.fixture(scope="module")
def trade(result: Result) -> pd.DataFrame:
    table = result.table("trade")
    return table[table["origin"].astype(str) != table["destination"].astype(str)]


def months_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] * MONTHS


@pytest.mark.parametrize("group", groups_of(Facts.default()), ids=lambda group: group[0])
def test_flows_are_those_of_the_table_of_trade(
    drawn: dict[str, Any], trade: pd.DataFrame, group: tuple[str, str, tuple[str, ...]]
) -> None:
    shown = next(item for item in drawn["groups"] if item["id"] == group[0])
    rows = trade[trade["good"].isin(group[2])]
    total = rows.groupby(["origin", "destination"], observed=True)["tonnes"].sum()
    pairs = [(STATES[flow["from"]], STATES[flow["to"]]) for flow in shown["flows"]]
    assert set(pairs) == set(total[total > 0].nlargest(MOST_FLOWS).index)
    assert shown["covered"] == pytest.approx(
        sum(total[pair] for pair in pairs) / total.sum(), abs=1e-4
    )
    assert shown["most"] == pytest.approx(max(max(flow["tonnes"]) for flow in shown["flows"]))
    for flow, (here, there) in zip(shown["flows"], pairs, strict=True):
        lane = rows[(rows["origin"] == here) & (rows["destination"] == there)]
        by = lane.pivot_table(
            index="month", columns="separated_in", values="tonnes", aggfunc="sum", observed=True
        )
        tonnes = by.sum(axis=1).to_numpy()
        assert flow["tonnes"] == pytest.approx(tonnes, rel=6e-3, abs=1e-9)
        if not shown["separated"]:
            assert (list(by.columns), flow["other"]) == ([""], -1)
            continue
        share = (
            100.0
            * by.get("China", by.sum(axis=1) * 0.0).to_numpy()
            / np.where(tonnes > 0, tonnes, 1.0)
        )
        there_is = tonnes > 0
        assert np.array(months_of(flow["china"]))[there_is] == pytest.approx(
            share[there_is], abs=2.1
        )  # the table drops parts below 0.2%
        others = by.drop(columns="China", errors="ignore").sum()
        assert flow["other"] == -1 or STATES[flow["other"]] == others.idxmax()


@pytest.mark.parametrize("basis", ["separated_in", "last_origin"])
def test_dependence_is_that_of_the_table(result: Result, drawn: dict[str, Any], basis: str) -> None:
    table = result.table("dependence").query(
        f"supplier == 'China' and basis == '{basis}' and measure == 'tonnes' and group == 'all'"
    )
    for state in STATES[1:]:
        share = table[table["state"] == state]["share"].to_numpy()
        values = months_of(drawn["dependence"][basis][state])
        if not len(share):
            assert values == [None] * MONTHS
            continue
        assert [value is None for value in values] == np.isnan(share).tolist()
        assert [value for value in values if value is not None] == pytest.approx(
            100.0 * share[~np.isnan(share)], abs=0.51
        )
    assert "China" not in drawn["dependence"][basis]


def test_stops_are_the_stoppages(result: Result, drawn: dict[str, Any]) -> None:
    table, months = (
        result.table("stoppages").astype({"firm": str, "first_day": str}),
        list(result.months),
    )
    makers = table["stage"] == "end_use"  # the badges on the map count these
    assert makers.any()
    assert len(drawn["stops"]) == makers.sum()
    rows = [*table[makers].itertuples(), *table[~makers].itertuples()]
    for (first, last, firm, missing, lost), row in zip(
        [*drawn["stops"], *drawn["plant_stops"]], rows, strict=True
    ):
        assert (drawn["firms"][firm][0], STATES[drawn["firms"][firm][1]], months[first]) == (
            row.firm,
            row.state,
            row.first_day[:7],
        )
        assert (last is None) == (row.last_day is None or pd.isna(row.last_day))
        assert last is None or months[last] == str(row.last_day)[:7]
        assert lost == pytest.approx(100 * row.output_lost_share, abs=0.5)
        assert missing == words(str(row.missing))


def test_the_map_knows_which_months_are_past_and_from_which_the_measure_counts(
    drawn: dict[str, Any],
) -> None:
    assert (drawn["months"][drawn["measure"]], drawn["months"][drawn["past"]]) == (
        "2026-01",
        last_past_month(Facts.default()),
    )
    kinds = {name: kind for name, _, _, kind in drawn["firms"]}
    assert kinds["Shin-Etsu Chemical"] == "Heat-resistant magnets"
    assert (kinds["Japan wind 1"], kinds["MP Materials (Mountain Pass)"]) == ("Wind", "Mining")


def test_plants_open_once_and_the_rest_is_told_by_events(
    result: Result, drawn: dict[str, Any]
) -> None:
    names = [name for name, *_ in drawn["firms"]]
    opened = [(names[firm], month) for month, firm, what, _ in drawn["plants"] if what == "opens"]
    assert len(dict(opened)) == len(opened) > 5
    capacity = result.records["capacity"]
    for name, month in opened:
        column = capacity[:, names.index(name)]
        assert column[month] > 0
        assert not (column[:month] > 1e-6).any()
    events = result.table("events")["kind"].astype(str).value_counts()
    told = pd.Series([what for _, _, what, _ in drawn["plants"]]).value_counts()
    assert told["begins"] == events["project begins"]
    assert told.get("given up", 0) == events.get("project cancelled", 0)


def test_acts_hold_as_the_table_of_policy_says(result: Result, drawn: dict[str, Any]) -> None:
    table = result.table("policy").astype(str)
    shown: dict[tuple[str, str], int] = {}
    for first, last, kind, actor, _, _, _ in drawn["acts"]:
        assert kind in KINDS
        assert 0 <= first <= last < MONTHS
        for month in range(first, last + 1):
            key = (result.months[month], f"{actor}/{kind}")
            shown[key] = shown.get(key, 0) + 1
    rows = table[table["state_of"] != "ended"]
    counted = (rows["month"] + "|" + rows["actor"] + "/" + rows["kind"]).value_counts()
    assert {f"{month}|{name}": count for (month, name), count in shown.items()} == counted.to_dict()


def test_the_page_is_one_small_string(result: Result) -> None:
    text = play_json(result, "Japan", story_day(result.scenario))
    page = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    assert len(text) < 400_000
    assert page["charts"] == json.loads(json.dumps(charts(History(result), "Japan")))
    assert page["map"]["months"][page["look_at"]] == "2026-01"  # the run begins with the ban
    late = json.loads(play_json(result, "Japan", "2028-03-01"))
    assert late["map"]["months"][late["look_at"]] == "2027-03"  # a year before
    assert all(before["at"] <= after["at"] for before, after in pairwise(page["events"]))
