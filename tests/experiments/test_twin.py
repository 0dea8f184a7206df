"""Headlines against the twin without the measure (decision 0022). Written before the rule: what a
measure costs is never what the world would have lost, or caught up, without it.
"""

from __future__ import annotations

import json
from functools import lru_cache

import numpy as np
import pytest
from typer.testing import CliRunner

from coercivity.cli import app
from coercivity.experiments.findings.twin_run import measures_left_out
from coercivity.experiments.quantities.headlines import focal_date, headline_table, monthly_gdp
from coercivity.experiments.worlds.headline_tables import compute_headlines
from coercivity.experiments.worlds.run import run
from coercivity.experiments.worlds.twin import (
    against_twin,
    measures_in_question,
    without_measure,
)
from coercivity.model.basis.facts import Facts
from coercivity.model.results.result import Result
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import load_scenario, with_changes
from coercivity.viz.words.finding_text import said

MONTHS = 48  # to December 2027: a year and eleven months after the ban


@lru_cache(maxsize=1)
def pair() -> tuple[Result, Result]:
    scenario = with_changes(load_scenario("japan-2026"), months=MONTHS)
    other = without_measure(scenario)
    assert other is not None
    return run(scenario, 1), run(other, 1)


def test_the_twin_goes_without_the_measures_against_japan_and_without_nothing_else() -> None:
    scenario = load_scenario("japan-2026")
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
    assert said(measures_left_out(scenario)) == (
        "without the dual use ban of 6 January 2026 and 4 later measures of China against Japan"
    )


def test_a_measure_on_the_world_goes_with_the_later_ones_that_cover_japan() -> None:
    scenario = load_scenario("licensing-2025")
    gone = {event.kind for event in measures_in_question(scenario)}
    assert "licensing" in gone
    assert all("Japan" in event.target_states() for event in measures_in_question(scenario))


@pytest.mark.parametrize("name", list_scenarios())
def test_every_shipped_script_has_a_twin_that_is_a_scenario_or_no_measure(name: str) -> None:
    scenario = load_scenario(name)
    twin = without_measure(scenario)
    assert (twin is None) == (not measures_in_question(scenario))
    if twin is not None:
        assert not {event.id for event in twin.events} & {
            event.id for event in measures_in_question(scenario)
        }


def test_both_lived_the_same_until_the_measure() -> None:
    """Refuted where a difference comes of luck and not of the measure."""
    mine, twin = pair()
    tables = [result.table("macro") for result in (mine, twin)]
    before, other = (table[table["month"].astype(str) < "2026-01"] for table in tables)
    assert before.equals(other)
    assert not tables[0].equals(tables[1])


def test_a_loss_is_that_of_the_measure_and_not_of_what_came_before() -> None:
    """Japan in the first year of the ban of 2026: the level of GDP holds what is left of the
    licences of 2025, with its loss and its catch-up; against the twin it is another figure, a loss
    or nothing.
    """
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


def test_what_is_a_level_says_so_in_its_label() -> None:
    for row in headline_table(Facts.default()):
        loss = row.id.startswith(("output_lost", "cost_paid", "made_up", "gdp_effect"))
        assert row.label.endswith(", level") == (loss or row.id.startswith("firms_stopped")), row.id


def test_a_run_tells_the_loss_against_the_twin_and_says_which() -> None:
    done = CliRunner().invoke(app, ["run", "japan-2026", "--months", "40"])
    assert done.exit_code == 0, done.output
    words = " ".join(done.output.split())
    assert "without the dual use ban of 6 January 2026 and 4 later measures of China" in words
    assert "above the twin" in words
    assert "level" in words


def test_json_tells_both_and_names_the_twin() -> None:
    done = CliRunner().invoke(app, ["run", "japan-2026", "--months", "40", "--json"])
    told = json.loads(done.stdout)
    assert (
        told["twin"] == "without the dual use ban of 6 January 2026 and 4 later measures of China "
        "against Japan"
    )
    one = next(item for item in told["headlines"] if item["id"] == "gdp_effect_12m")
    assert set(one) == {"id", "unit", "median", "p05", "p95", "against_twin"}
    assert one["against_twin"]["median"] <= 0.0


def test_a_script_without_a_measure_has_no_twin_and_says_level() -> None:
    done = CliRunner().invoke(app, ["run", "business-as-usual", "--months", "30", "--json"])
    told = json.loads(done.stdout)
    assert told["twin"] is None
    assert "against_twin" not in told["headlines"][0]
    words = CliRunner().invoke(app, ["run", "business-as-usual", "--months", "30"]).output
    assert "level" in words
