"""The simpler reckonings beside the headlines: a stock-and-cover sheet and the world with naive
rules.
"""

from __future__ import annotations

from coercivity.experiments.quantities.headlines import headline_table
from coercivity.experiments.questions.simpler_models import (
    NAIVE,
    SHOWN,
    adds_nothing,
    medians,
    naive_scenario,
    spreadsheet,
)
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import load_scenario, with_changes


def test_without_a_measure_the_sheet_loses_nothing() -> None:
    known = {row.id for row in headline_table(Facts.default())}
    found = spreadsheet(load_scenario("business-as-usual"))
    assert {*SHOWN, *found} <= known
    assert found["first_stop_days"] is None
    assert found["firms_stopped_share"] == found["output_lost_24m"] == 0.0


def test_a_ban_stops_more_in_the_sheet_when_stocks_are_shorter() -> None:
    """Loss falls with cover: the sheet has nothing but stock and cover in it."""
    ban = load_scenario("japan-blanket-ban")
    short = spreadsheet(ban)
    long = spreadsheet(with_changes(ban, parameters={"shelf_scale": 1.5}))
    assert short["first_stop_days"] is not None
    assert (long["output_lost_24m"] or 0.0) < (short["output_lost_24m"] or 0.0)


def test_the_naive_world_has_the_rules_off_and_the_measures_on() -> None:
    naive = naive_scenario(load_scenario("japan-blanket-ban"))
    assert all(not naive.is_on(rule) for rule in NAIVE)
    assert naive.is_on("M6")
    assert naive.events == load_scenario("japan-blanket-ban").events


def test_agreement_is_within_a_tenth() -> None:
    assert adds_nothing(100.0, 91.0)
    assert not adds_nothing(100.0, 80.0)
    assert adds_nothing(None, None)
    assert not adds_nothing(None, None, "USD bn")  # a run too short to tell
    assert not adds_nothing(None, 5.0)
    assert medians([{"x": 3.0}, {"x": None}, {"x": 1.0}], "x") == 3.0
    assert medians([{"x": 3.0}, {"x": 2.0}], "x", "ratio") == 2.5  # as the ranges above it
