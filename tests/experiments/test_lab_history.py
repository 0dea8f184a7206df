"""What the lab draws of one history is what the tables say: every series and every headline."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.lab.history import ALL, BASES, History
from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.quantities.headlines import EXPORTER, focal_date, headline_table
from coercivity.experiments.worlds.headline_tables import compute_headlines
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.names import GOODS, SECTORS, STATES
from coercivity.model.results.dependence import groups_of
from coercivity.model.results.result import Result
from coercivity.model.scenario.kinds import KINDS
from coercivity.model.scenario.scenario import load_shipped, with_changes
from coercivity.model.use.macro import dependent_value_added
from coercivity.viz.drawn.lab_charts import charts, history_data, history_json, main_series, number
from coercivity.viz.words.names import readable
from tests.facts import FACTS

RUNS = (
    ("japan-2026", 180, 1),
    ("japan-blanket-ban", 48, 2),
    ("embargo-2010", 84, 1),
    ("myanmar-closure", 40, 3),
    ("business-as-usual", 14, 1),
)
LOOKED_AT = ("Japan", "China", "United States", "Brazil", "Myanmar")


@cache
def result_of(name: str, months: int, seed: int) -> Result:
    return run_scenario(with_changes(load_shipped(name), months=months), seed)


@cache
def table_of(run: tuple[str, int, int], name: str) -> pd.DataFrame:
    return result_of(*run).table(name)


@pytest.fixture(scope="module", params=RUNS, ids=[name for name, *_ in RUNS])
def run(request: pytest.FixtureRequest) -> tuple[str, int, int]:
    return request.param


@pytest.fixture(scope="module")
def history(run: tuple[str, int, int]) -> History:
    return History(result_of(*run))


def column(table: pd.DataFrame, months: tuple[str, ...], value: str, **where: str) -> np.ndarray:
    """One column of the rows with these names, by month; NaN where there is no row. More than one
    row a month is an error.
    """
    rows = table[np.logical_and.reduce([table[name] == wanted for name, wanted in where.items()])]
    assert not rows["month"].duplicated().any()
    return (
        rows.set_index(rows["month"].astype(str))[value].reindex(list(months)).to_numpy(dtype=float)
    )


# ---------------------------------------------------------------- series


@pytest.mark.parametrize("state", LOOKED_AT)
def test_prices_are_those_of_the_table(
    run: tuple[str, int, int], history: History, state: str
) -> None:
    table, export = table_of(run, "prices"), history.exported(state)
    for g, good in enumerate(GOODS):
        np.testing.assert_array_equal(
            history.home[:, STATES.index(state), g],
            column(table, history.months, "home", state=state, good=good),
            good,
        )
        np.testing.assert_array_equal(
            export[:, g], column(table, history.months, "export", state=state, good=good), good
        )


@pytest.mark.parametrize("state", LOOKED_AT)
def test_dependence_is_that_of_the_table(
    run: tuple[str, int, int], history: History, state: str
) -> None:
    table = table_of(run, "dependence")
    for basis in BASES:
        for g, group in enumerate(groups_of(history.facts)):
            shown = history.bought(basis)[:, STATES.index(state), g]
            told = column(
                table,
                history.months,
                "share",
                state=state,
                supplier=EXPORTER,
                basis=basis,
                measure="tonnes",
                group=group,
            )
            np.testing.assert_array_equal(shown, told, f"{basis} {group}")


@pytest.mark.parametrize("state", LOOKED_AT)
def test_output_is_value_added_that_is_made_over_what_is_planned(
    run: tuple[str, int, int], history: History, state: str
) -> None:
    """Planned: the value added of each sector that needs these inputs, times the plan of each firm.
    Made: that, and the GDP effect of the table macro.
    """
    records, macro = history.records, table_of(run, "macro")
    firms = table_of(run, "firms")
    found = history.output(state)
    made_all, planned_all = np.zeros(len(history.months)), np.zeros(len(history.months))
    for k, sector in enumerate(SECTORS):
        rows = firms[(firms["state"] == state) & (firms["sector"] == sector)].index
        assert (sector in found) == bool(len(rows)), sector
        if len(rows):
            weight = (
                firms.loc[rows, "size"].to_numpy()
                * dependent_value_added(FACTS, records.start)[STATES.index(state), k]
                * records.parameters.dependent_scale
            )
            planned = records["plan"][:, rows] @ weight
            made = planned + column(macro, history.months, "gdp_effect", state=state, sector=sector)
            np.testing.assert_allclose(found[sector], made / planned, rtol=1e-12, err_msg=sector)
            made_all, planned_all = made_all + made, planned_all + planned
    if planned_all.any():
        np.testing.assert_allclose(found[ALL], made_all / planned_all, rtol=1e-12)
    else:
        assert not np.isfinite(found[ALL]).any()


@pytest.mark.parametrize("state", LOOKED_AT)
def test_cover_is_stock_over_expected_use_of_all_who_use_a_good(
    run: tuple[str, int, int], history: History, state: str
) -> None:
    """The table gives cover by stage; where a good is used at one stage only, the two are the same,
    and else the lab's is between the least and the most.
    """
    table = table_of(run, "stocks")
    table = table[(table["state"] == state) & table["cover_months"].notna()]
    found, once = history.cover(state), 0
    assert set(found) == set(table["good"].astype(str))
    for good, values in found.items():
        stages = table[table["good"] == good]["stage"].astype(str).unique()
        told = np.array(
            [
                column(table, history.months, "cover_months", good=good, stage=stage)
                for stage in stages
            ]
        )
        low, high = (np.full(len(history.months), np.nan) for _ in range(2))
        known = np.isfinite(told).any(axis=0)
        low[known], high[known] = (
            np.nanmin(told[:, known], axis=0),
            np.nanmax(told[:, known], axis=0),
        )
        np.testing.assert_array_equal(np.isfinite(values), known, good)
        assert (values[known] >= low[known] - 1e-9).all(), good
        assert (values[known] <= high[known] + 1e-9).all(), good
        once += len(stages) == 1
    assert once or not found


@pytest.mark.parametrize(
    ("measure", "target"), [(None, "Japan"), (4, "Japan"), (None, "Germany"), (4, "China")]
)
def test_headlines_are_those_of_the_tables(
    run: tuple[str, int, int], history: History, measure: int | None, target: str
) -> None:
    """Of any state, counted from the story's day, and for a twin from a day that its own scenario
    does not name.
    """
    since = (
        story_day(history.result.scenario) if measure is None else f"{history.months[measure]}-17"
    )
    told = compute_headlines(history.result, since, target)
    shown = history.headlines(since, target)
    assert list(shown) == list(told) == [row.id for row in headline_table(Facts.default(), target)]
    for name, value in told.items():
        assert shown[name] == (
            None if value is None else pytest.approx(value, rel=1e-12, abs=1e-12)
        ), name
    if (
        focal_date(history.result.scenario, history.months, target) == since
    ):  # else the scenario tells no story, and the terminal counts from its start
        assert compute_headlines(history.result, target=target) == told  # what the terminal prints


def test_a_run_without_records_is_refused() -> None:
    bare = run_scenario(with_changes(load_shipped("business-as-usual"), months=2), 1, record=False)
    with pytest.raises(ValueError, match="did not record; make it with record=True"):
        History(bare)


# ---------------------------------------------------------------- what the page gets


def lines(page: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {line["id"]: line for chart in page["charts"] for line in chart["series"]}


@pytest.mark.parametrize("state", LOOKED_AT)
def test_the_page_gets_what_the_history_holds_to_five_digits(
    run: tuple[str, int, int], history: History, state: str
) -> None:
    page = history_data(history.result, state, story_day(history.result.scenario))
    assert (
        json.loads(history_json(history.result, state, page["since"])) == page
    )  # plain JSON with no NaN
    drawn, main = lines(page), main_series(history, state)
    assert {line["id"] for line in drawn.values() if line["main"]} == {
        name for name, values in main.items() if np.isfinite(values).any()
    }
    for name, line in drawn.items():
        assert len(line["values"]) == len(page["months"]) == len(history.months)
        if line["main"]:
            told = [
                None if not np.isfinite(value) else pytest.approx(value, rel=5e-5)
                for value in main[name]
            ]
            assert line["values"] == told, name
    for chart in page["charts"]:
        assert {line["choice"] for line in chart["series"]} == {
            choice["id"] for choice in chart["choices"]
        }
        assert (
            chart["chosen"] in {choice["id"] for choice in chart["choices"]} or not chart["series"]
        )
    place = STATES.index(EXPORTER)
    for g, good in enumerate(GOODS):
        if f"prices/{good}/home" in drawn:
            assert drawn[f"prices/{good}/home"]["values"] == [
                number(value) for value in history.home[:, place, g]
            ]


def test_events_of_the_page_are_those_of_the_table(
    run: tuple[str, int, int], history: History
) -> None:
    page = history_data(history.result, "Japan", story_day(history.result.scenario))
    table = table_of(run, "events")
    acts = table[table["kind"].astype(str).str.removeprefix("end of ").isin(KINDS)]
    told = set(zip(acts["month"].astype(str), acts["text"].astype(str).map(readable), strict=True))
    shown = {(page["months"][one["at"]], one["text"]) for one in page["events"] if one["measure"]}
    assert shown == told
    rows = table[table["kind"].astype(str) == "stop"]
    stops = set(rows["month"].astype(str))
    assert stops <= {page["months"][event["at"]] for event in page["events"]}
    assert {item["id"]: item["value"] for item in page["headlines"]} == {
        name: number(value) for name, value in history.headlines(page["since"]).items()
    }
    assert sum(item["main"] for item in [*page["headlines"], page["peak"]]) == 6
    assert 0 <= page["look_at"] < len(page["months"])


def test_a_state_that_makes_nothing_has_charts_without_lines_and_no_choice() -> None:
    empty = [
        chart
        for state in STATES
        for chart in charts(History(result_of(*RUNS[-1])), state)
        if not chart["series"]
    ]
    assert empty
    assert all((chart["choices"], chart["chosen"]) == ([], "") for chart in empty)


def test_numbers_have_five_digits_and_what_is_undefined_is_null() -> None:
    assert [
        number(value) for value in (123.456789, 0.000123456, None, float("nan"), float("inf"))
    ] == [
        123.46,
        0.00012346,
        None,
        None,
        None,
    ]
