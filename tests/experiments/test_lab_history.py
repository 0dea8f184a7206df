"""What the lab draws of one history is what the tables say: every series and every headline."""

from __future__ import annotations

import itertools
import json
from functools import cache

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.lab.history import ALL, BASES, History
from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.quantities.headlines import EXPORTER, focal_date, headline_table
from coercivity.experiments.worlds.headline_tables import compute_headlines
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.facts import Facts
from coercivity.model.results.dependence_table import groups_of
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import load_shipped, with_changes
from coercivity.model.use.macro import dependent_value_added
from coercivity.viz.page_data.lab_charts_of_one_history import (
    history_data,
    history_json,
    main_series,
    number,
)
from coercivity.viz.words.names import readable_text
from tests.facts import FACTS
from tests.names import GOODS, KINDS, SECTORS, STATES

RUNS = (("japan-2026-from-2024", 40, 1), ("embargo-2010", 30, 1))
LOOKED_AT = ("Japan", "China", "Myanmar")


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


def test_prices_are_those_of_the_table(run: tuple[str, int, int], history: History) -> None:
    table, months = table_of(run, "prices"), history.months
    for state in LOOKED_AT:
        home, export = history.home[:, STATES.index(state)], history.exported(state)
        for g, good in enumerate(GOODS):
            told = (column(table, months, at, state=state, good=good) for at in ("home", "export"))
            for shown, values in zip((home[:, g], export[:, g]), told, strict=True):
                np.testing.assert_array_equal(shown, values, good)


def test_dependence_is_that_of_the_table(run: tuple[str, int, int], history: History) -> None:
    table = table_of(run, "dependence")
    where = {"supplier": EXPORTER, "measure": "tonnes"}
    for state, basis in itertools.product(LOOKED_AT, BASES):
        bought = history.bought(basis)[:, STATES.index(state)]
        for g, group in enumerate(groups_of(history.facts)):
            of = {"state": state, "basis": basis, "group": group}
            told = column(table, history.months, "share", **where, **of)
            np.testing.assert_array_equal(bought[:, g], told, f"{basis} {group}")


@pytest.mark.parametrize("state", LOOKED_AT)
def test_output_is_value_added_that_is_made_over_what_is_planned(
    run: tuple[str, int, int], history: History, state: str
) -> None:
    """Planned: the value added of each sector that needs these inputs, times the plan of each firm.
    Made: that, and the GDP effect of the table macro.
    """
    records, macro, firms = history.records, table_of(run, "macro"), table_of(run, "firms")
    value = dependent_value_added(FACTS, records.start)[STATES.index(state)]
    value = value * records.parameters.dependent_scale
    found = history.output(state)
    made_all, planned_all = np.zeros(len(history.months)), np.zeros(len(history.months))
    for k, sector in enumerate(SECTORS):
        rows = firms[(firms["state"] == state) & (firms["sector"] == sector)].index
        assert (sector in found) == bool(len(rows)), sector
        if len(rows):
            planned = records["plan"][:, rows] @ (firms.loc[rows, "size"].to_numpy() * value[k])
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
    table, months = table_of(run, "stocks"), history.months
    table = table[(table["state"] == state) & table["cover_months"].notna()]
    found = history.cover(state)
    assert set(found) == set(table["good"].astype(str))
    for good, values in found.items():
        stages = table[table["good"] == good]["stage"].astype(str).unique()
        where = ({"good": good, "stage": stage} for stage in stages)
        told = np.array([column(table, months, "cover_months", **one) for one in where])
        known = np.isfinite(told).any(axis=0)
        np.testing.assert_array_equal(np.isfinite(values), known, good)
        assert (values[known] >= np.nanmin(told[:, known], axis=0) - 1e-9).all(), good
        assert (values[known] <= np.nanmax(told[:, known], axis=0) + 1e-9).all(), good


@pytest.mark.parametrize(("measure", "target"), [(None, "Japan"), (4, "China")])
def test_headlines_are_those_of_the_tables(
    run: tuple[str, int, int], history: History, measure: int | None, target: str
) -> None:
    """Of any state, counted from the story's day, and for a twin from a day that its own scenario
    does not name. Where it tells no story, the terminal counts from its start.
    """
    result = history.result
    day = None if measure is None else f"{history.months[measure]}-17"
    since = day or story_day(result.scenario)
    told, shown = compute_headlines(result, since, target), history.headlines(since, target)
    assert list(shown) == list(told) == [row.id for row in headline_table(Facts.default(), target)]
    for name, value in told.items():
        close = None if value is None else pytest.approx(value, rel=1e-12, abs=1e-12)
        assert shown[name] == close, name
    if focal_date(result.scenario, history.months, target) == since:
        assert compute_headlines(result, target=target) == told


# ---------------------------------------------------------------- what the page gets


@pytest.mark.parametrize("state", ["Japan", "Myanmar"])
def test_the_page_gets_what_the_history_holds_to_five_digits(
    run: tuple[str, int, int], history: History, state: str
) -> None:
    """In plain JSON with no NaN."""
    page = history_data(history.result, state, story_day(history.result.scenario))
    assert json.loads(history_json(history.result, state, page["since"])) == page
    main = main_series(history, state)
    drawn = {line["id"]: line for chart in page["charts"] for line in chart["series"]}
    shown = {name for name, line in drawn.items() if line["main"]}
    assert shown == {name for name, values in main.items() if np.isfinite(values).any()}
    assert {len(line["values"]) for line in drawn.values()} <= {len(history.months)}
    for name in shown:
        told = [pytest.approx(v, rel=5e-5) if np.isfinite(v) else None for v in main[name]]
        assert drawn[name]["values"] == told, name
    for chart in page["charts"]:
        choices = {choice["id"] for choice in chart["choices"]}
        assert {line["choice"] for line in chart["series"]} == choices
        assert chart["chosen"] in choices or (not choices and chart["chosen"] == "")
    table = table_of(run, "events")
    acts = table[table["kind"].astype(str).str.removeprefix("end of ").isin(KINDS)]
    said = set(
        zip(acts["month"].astype(str), acts["text"].astype(str).map(readable_text), strict=True)
    )
    measures = [one for one in page["events"] if one["measure"]]
    assert {(page["months"][one["at"]], one["text"]) for one in measures} == said


def test_numbers_have_five_digits_and_what_is_undefined_is_null() -> None:
    undefined = (None, float("nan"), float("inf"))
    assert [number(value) for value in undefined] == [None, None, None]
    assert [number(value) for value in (123.456789, 0.000123456)] == [123.46, 0.00012346]
