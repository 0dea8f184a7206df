"""What the lab draws is what the tables say: every series and every headline; and what a band
keeps, draws and shows.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from coercivity.experiments.lab.answer import answer
from coercivity.experiments.lab.bands import (
    DRAWS,
    FEWEST,
    SHOWN,
    Band,
    drawn_lines,
    drawn_scenario,
    lab_draws,
)
from coercivity.experiments.lab.history import ALL, BASES, GROUPS, History
from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.lab.setting import checked, quiet
from coercivity.experiments.worlds.draws import WORLD_SIZE, drawn_parameters
from coercivity.experiments.worlds.headlines import (
    EXPORTER,
    compute_headlines,
    focal_date,
    headline_table,
)
from coercivity.experiments.worlds.run import run_scenario
from coercivity.model.basis.names import GOODS, SECTORS, STATES
from coercivity.model.results.result import Result
from coercivity.model.scenario.scenario import Scenario, list_scenarios, load_shipped, with_changes
from coercivity.model.use.macro import dependent_value_added
from coercivity.viz.drawn.lab_charts import charts, history_data, history_json, main_series, number

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
        for g, group in enumerate(GROUPS):
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
                * dependent_value_added(records.start)[STATES.index(state), k]
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
    assert list(shown) == list(told) == [row.id for row in headline_table(target)]
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
    told = list(zip(table["month"].astype(str), table["text"].astype(str), strict=True))
    assert [(page["months"][event["at"]], event["text"]) for event in page["events"]] == told
    assert {item["id"]: item["value"] for item in page["headlines"]} == {
        name: number(value) for name, value in history.headlines(page["since"]).items()
    }
    assert sum(item["main"] for item in page["headlines"]) == 6
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


# ---------------------------------------------------------------- the answer in words


def test_the_answer_says_what_the_headlines_say() -> None:
    values = {
        "first_stop_days": 56.0,
        "firms_stopped": 19.0,
        "firms_stopped_share": 0.53,
        "output_lost_24m": 14.44,
        "cost_paid_24m": 17.35,
        "made_up_24m": 1.26,
        "price_multiple_dy_japan": 20.4,
        "dependence_separated_before": 0.86,
        "dependence_separated_60m": 0.71,
        "dependence_separated_end": 0.77,
    }
    assert answer(values, "2026-01-06") == (
        "The first maker in Japan stops after 56 days (counted from 2026-01-06); 19 stop in all, "
        "53% of them. In two years output worth USD 14.4 bn is lost "
        "and dearer inputs cost USD 17.4 bn; USD 1.3 bn is made up later. Dysprosium in Japan "
        "peaks at 20.4 times its price before. "
        "Of what Japan buys, 86% was separated in China before; 71% after five years and 77% at "
        "the end."
    )


def test_what_is_not_defined_leaves_its_sentence_out() -> None:
    assert answer({}, "2026-01-06") == "No maker in Japan has to stop a line."
    known = {
        "dependence_separated_before": 0.86,
        "dependence_separated_end": 0.77,
        "dependence_separated_60m": None,
    }
    assert answer(known, "2026-01-06").endswith(
        "Of what Japan buys, 86% was separated in China before; 77% at the end."
    )


# ---------------------------------------------------------------- bands


def test_a_draw_keeps_what_the_visitor_set_and_draws_the_rest() -> None:
    setting = checked(
        levers={"firms_stock": 3}, assumptions={"share_speed": 0.2, "cover_spread": 0.5}
    )
    asked, fixed = setting.asked(), tuple(name for name, _ in setting.assumptions)
    drawn = {row.name for row in drawn_parameters()}
    assert {"share_speed", "cover_spread"} <= drawn
    seen = []
    for at in range(DRAWS):
        scenario, seed = drawn_scenario(asked, fixed, at)
        values = dict(scenario.parameters)
        assert (values["share_speed"], values["cover_spread"]) == (0.2, 0.5)
        assert set(values) == drawn
        assert not set(WORLD_SIZE) & set(values)
        assert (scenario.events, scenario.choices, scenario.months) == (
            asked.events,
            asked.choices,
            asked.months,
        )  # the levers are in it
        seen.append((seed, tuple(value for name, value in values.items() if name not in fixed)))
    assert len({seed for seed, _ in seen}) == DRAWS
    assert len({values for _, values in seen}) == DRAWS


def test_a_draw_keeps_what_the_scenario_sets_itself() -> None:
    scenario = next(
        scenario for scenario in map(load_shipped, list_scenarios()) if scenario.parameters
    )
    drawn, _ = drawn_scenario(scenario, (), 0)
    assert dict(scenario.parameters).items() <= dict(drawn.parameters).items()


def test_two_settings_are_drawn_with_the_same_vectors_and_seeds() -> None:
    one, other = load_shipped("japan-2026"), quiet(load_shipped("japan-2026"))
    for at in (0, 7):
        (first, seed), (second, same) = drawn_scenario(one, (), at), drawn_scenario(other, (), at)
        assert (first.parameters, seed) == (second.parameters, same)
    assert lab_draws() is lab_draws()


def test_a_band_is_shown_from_four_draws_on_with_the_right_edges() -> None:
    band, rows = (
        Band(),
        np.array([[10.0 * draw + month for month in range(3)] for draw in range(11)]),
    )
    for count, row in enumerate(rows, start=1):
        band.add({"price": row, "rare": row} if count > 8 else {"price": row})
        assert len(band) == count
        assert (band.of("price") is None) == (count < FEWEST == 4)
    low, high = band.of("price") or ((), ())
    assert SHOWN == (0.1, 0.9)
    assert list(low) == [10.0, 11.0, 12.0]  # of eleven draws one is below and one above
    assert list(high) == [90.0, 91.0, 92.0]
    assert band.of("rare") is None  # only three draws have it
    assert band.of("nothing") is None


def test_a_month_that_a_draw_does_not_define_leaves_that_draw_out() -> None:
    band = Band()
    for value in (1.0, 2.0, 3.0, np.nan):
        band.add({"price": np.array([value, np.nan])})
    low, high = band.of("price") or ((), ())
    assert (low[0], high[0]) == pytest.approx((1.2, 2.8))
    assert np.isnan([low[1], high[1]]).all()


def test_a_draw_records_what_the_bands_need_and_gives_what_a_whole_run_gives() -> None:
    scenario: Scenario = with_changes(load_shipped("japan-2026"), months=30)
    months: list[int] = []
    lines = drawn_lines(scenario, ("share_speed",), 2, check=lambda: months.append(1))
    drawn, seed = drawn_scenario(scenario, ("share_speed",), 2)
    whole = main_series(History(run_scenario(drawn, seed)), "Japan")
    watched = main_series(lines, "Japan")
    assert watched.keys() == whole.keys()
    for name, values in whole.items():
        assert np.array_equal(watched[name], values, equal_nan=True), name
    assert len(months) == 30
    assert set(lines.records.arrays) < set(run_scenario(drawn, seed).records.arrays) | {
        "paid_lines"
    }


def test_a_draw_of_the_real_model_has_the_series_of_the_charts() -> None:
    scenario: Scenario = with_changes(load_shipped("japan-2026"), months=6)
    drawn, seed = drawn_scenario(scenario, (), 3)
    names = {
        name
        for name, values in main_series(History(run_scenario(drawn, seed)), "Japan").items()
        if np.isfinite(values).any()
    }
    assert names == {
        name
        for name, values in main_series(History(run_scenario(scenario, 1)), "Japan").items()
        if np.isfinite(values).any()
    }
