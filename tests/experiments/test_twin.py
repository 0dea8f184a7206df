"""Headlines against the twin without the measure (decision 0022)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from coercivity.experiments.findings.twin_run import measures_left_out
from coercivity.experiments.quantities.headlines import focal_date, monthly_gdp
from coercivity.experiments.worlds.headline_tables import compute_headlines
from coercivity.experiments.worlds.run import run
from coercivity.experiments.worlds.twin import against_twin, measures_in_question, without_measure
from coercivity.model.basis.facts import Facts
from coercivity.model.results.result import Result
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.viz.words.finding_text import finding_in_words

MONTHS = 48  # to December 2027: a year and eleven months after the ban


@lru_cache(maxsize=1)
def pair() -> tuple[Result, Result]:
    # an office as slow as that of 2023, so that Japan has lost before the ban
    slow = {"licence_office_full": 0.8}
    lived = load_scenario("japan-2026-from-2024")
    scenario = with_changes(lived, months=MONTHS, parameters=slow)
    other = without_measure(scenario)
    assert other is not None
    return run(scenario, 2), run(other, 2)


def test_the_twin_goes_without_the_measures_against_japan_and_without_nothing_else() -> None:
    scenario = load_scenario("japan-2026-from-2024")
    gone = [event.id for event in measures_in_question(scenario)]
    assert gone == ["T059", "T068-control", "T068-watch", "T074-control", "T074-watch"]
    twin = without_measure(scenario)
    assert twin is not None
    assert [event.id for event in twin.events] == [
        event.id for event in scenario.events if event.id not in gone
    ]
    assert "T059-threat" in {event.id for event in twin.events}  # a signal is no measure
    assert (twin.start, twin.months, twin.parameters) == (
        scenario.start,
        scenario.months,
        scenario.parameters,
    )
    assert finding_in_words(measures_left_out(scenario)) == (
        "without the dual use ban of 6 January 2026 and 4 later measures of China against Japan"
    )


def test_every_shipped_script_has_a_twin_that_is_a_scenario_or_no_measure() -> None:
    for name in list_scenarios():
        scenario = load_scenario(name)
        twin, gone = without_measure(scenario), measures_in_question(scenario)
        assert (twin is None) == (not gone), name
        assert twin is None or not {*twin.events} & {*gone}, name


def test_a_loss_is_that_of_the_measure_and_not_of_what_came_before() -> None:
    mine, twin = pair()
    since = focal_date(mine.scenario, mine.months)
    level, apart = compute_headlines(mine), against_twin(mine, twin, since)
    assert level["gdp_effect_12m"] is not None
    assert apart["gdp_effect_12m"] is not None
    assert apart["gdp_effect_12m"] <= 0.0
    before = abs(level["gdp_effect_12m"] - apart["gdp_effect_12m"])
    assert before > 0.001, "what came before leaves no trace in the level"
    assert apart["gdp_effect_worst"] is not None
    assert apart["gdp_effect_worst"] <= apart["gdp_effect_12m"]


def test_the_worst_year_is_the_worst_of_the_difference() -> None:
    mine, twin = pair()
    at = mine.months.index("2026-01")
    flows = [
        result.table("macro")
        .query("state == 'Japan'")
        .groupby("month", observed=True)["gdp_effect"]
        .sum()
        .to_numpy()[at:]
        for result in (mine, twin)
    ]
    year = np.ones(12)
    gap = np.convolve(flows[0] - flows[1], year, "valid")
    gdp = np.convolve(monthly_gdp(Facts.default(), "Japan", mine.months[at:]), year, "valid")
    found = against_twin(mine, twin, focal_date(mine.scenario, mine.months))
    assert found["gdp_effect_worst"] == pytest.approx(100.0 * (gap / gdp).min())


def test_a_world_against_itself_loses_nothing() -> None:
    mine, _ = pair()
    found = against_twin(mine, mine, focal_date(mine.scenario, mine.months))
    assert {value for value in found.values() if value is not None} == {0.0}
