"""The leverage gauge: days to the first stop and the cost to both sides, from forks."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from coercivity.experiments.questions.gauge import ITEMS, gauge_data, one_cut_off
from coercivity.experiments.questions.leverage import CutOff, Leverage, ban_event
from coercivity.experiments.worlds.run import run
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import (
    Scenario,
    load_scenario,
    scenario_from_dict,
    with_changes,
)

AT = "2024-06"


@pytest.fixture(scope="module")
def calm() -> Scenario:
    return with_changes(load_scenario("business-as-usual"), months=60)


@pytest.fixture(scope="module")
def one(calm: Scenario) -> CutOff:
    return one_cut_off(calm, 1, AT, "Japan")


def test_the_first_stop_is_that_of_the_table_of_a_run_with_the_ban(
    calm: Scenario, one: CutOff
) -> None:
    act = ban_event(Facts.default(), calm.start, 5, "China", "Japan")
    raw = calm.to_dict()
    raw["events"] = [*raw.get("events", []), act.to_dict()]
    with_ban, without = (
        run(scenario, 1).table("stoppages")
        for scenario in (scenario_from_dict(raw, calm.name), calm)
    )
    spells = [
        frame[(frame["state"] == "Japan") & (frame["stage"] == "end_use")]
        for frame in (with_ban, without)
    ]
    assert not (
        spells[1]["first_day"] >= f"{AT}-01"
    ).any()  # nothing stops in the twin, so every stop is the ban's
    first = min(day for day in spells[0]["first_day"] if day >= f"{AT}-01")
    assert (
        one.first_stop_days
        == (dt.date.fromisoformat(first) - dt.date.fromisoformat(f"{AT}-01")).days
    )
    firms = run(calm, 1).table("firms").query("state == 'Japan' and stage == 'end_use'")
    in_a_year = spells[0][
        (spells[0]["first_day"] >= f"{AT}-01") & (spells[0]["first_day"] < "2025-06-01")
    ]
    assert one.firms_stopped == pytest.approx(in_a_year["firm"].nunique() / len(firms))


def test_no_controls_no_stop(calm: Scenario) -> None:
    off = with_changes(calm, mechanisms={"M6": False, "M7": False, "M12": False})
    found = gauge_data([one_cut_off(off, 1, AT, "Japan")])
    values = {item["id"]: item["value"] for item in found["items"]}
    assert values["first_stop_days"] is None
    assert values["firms_stopped"] == 0.0


def test_the_gauge_says_what_the_cut_offs_say(one: CutOff) -> None:
    later, never = (
        replace(one, seed=2, first_stop_days=300.0, output_lost=one.output_lost + 10.0),
        replace(one, seed=3, first_stop_days=None),
    )
    found = gauge_data([one, later, never])
    items = {item["id"]: item for item in found["items"]}
    assert list(items) == [item.id for item in ITEMS]
    assert found["seeds"] == [1, 2, 3]
    days = items["first_stop_days"]
    assert (days["value"], days["median"], days["p95"], days["came"]) == (
        one.first_stop_days,
        300.0,
        None,
        2,
    )
    two = {item["id"]: item for item in gauge_data([one, later])["items"]}["first_stop_days"]
    assert two["median"] == pytest.approx(((one.first_stop_days or 0.0) + 300.0) / 2.0)
    assert items["loss"]["value"] == pytest.approx(one.output_lost + one.cost_paid)
    assert items["output_lost"]["p95"] == pytest.approx(one.output_lost + 10.0)
    assert Leverage(
        load_scenario("business-as-usual"), AT, "China", "Japan", (one, later, never)
    ).days() == (300.0, one.first_stop_days, None)


@pytest.mark.parametrize(
    ("at", "target", "says"),
    [
        ("2031-01", "Japan", "after the last month"),
        (AT, "China", "own"),
        (AT, "Atlantis", "not known"),
    ],
)
def test_what_cannot_be_asked_costs_one_message(
    calm: Scenario, at: str, target: str, says: str
) -> None:
    with pytest.raises(InputError, match=says):
        one_cut_off(calm, 1, at, target)
