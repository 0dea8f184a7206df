"""The start of January 2026: what stood then goes on, and nothing that a measure has not done yet
is there before it.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from coercivity.experiments.worlds.run import run
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.parts.beliefs import Beliefs
from coercivity.model.politics.news import remember_acts, weight_of_news
from coercivity.model.results.result import Result
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.scenario import load_scenario, scenario_from_dict
from coercivity.model.world import World
from tests.model.lived import act
from tests.names import CHINA, GOOD, STATE

BAN, GO_ON = "japan-2026", "licences-2026"
JAPAN, KOREA = STATE["Japan"], STATE["South Korea"]
P = load_parameters().defaults()


@cache
def lived(name: str, seed: int) -> Result:
    return run(name, seed=seed, months=12)


def stood(name: str, seed: int, last: str) -> set[tuple[str, str]]:
    """State and name of end users outside China whose lines stopped by a day."""
    table = lived(name, seed).table("stoppages")
    table = table[(table["stage"] == "end_use") & (table["state"] != "China")]
    table = table[table["first_day"].astype(str) <= last]
    return set(zip(table["state"].astype(str), table["firm"].astype(str), strict=True))


def test_a_base_may_begin_earlier_and_goes_on_with_its_acts() -> None:
    before, now = load_scenario("japan-2026-from-2024"), load_scenario(BAN)
    assert now.events == before.events
    assert [now.start, now.months] == ["2026-01", 156]
    again = scenario_from_dict(now.to_dict())
    assert again.events == now.events
    longest = {"name": "mine", "base": "japan-2026", "start": "2026-01", "months": 600}
    assert scenario_from_dict(longest).months == 600


def test_what_names_an_act_that_has_ended_still_finds_it() -> None:
    raw = {"name": "mine", "base": "embargo-2010", "start": "2024-01", "months": 12}
    made = scenario_from_dict(raw)
    assert scenario_from_dict(made.to_dict()).events == made.events


def test_an_old_rule_on_lanes_that_nobody_uses_has_no_office() -> None:
    """Of the EU's states some sell no dysprosium."""
    old = act("licensing", "2023-01-01", "EU", targets=["India"], goods=["dysprosium_oxide"])
    raw = {"name": "mine", "start": "2024-01", "months": 2, "events": [old]}
    World(scenario_from_dict(raw), 1, collect=False).step()


@pytest.mark.parametrize("seed", [1, 2])
def test_no_line_stands_in_the_quarter_in_which_nothing_is_new(seed: int) -> None:
    """Refuted by any: 98 lines stood by April where the office had to begin anew."""
    assert stood(GO_ON, seed, "2026-03-31") == set()


@pytest.mark.parametrize("seed", [1, 2])
def test_the_ban_on_japan_stops_lines_in_japan_and_hardly_any_elsewhere(seed: int) -> None:
    added = stood(BAN, seed, "2026-10-31") - stood(GO_ON, seed, "2026-10-31")
    assert sum(state == "Japan" for state, _ in added) >= 2
    assert sum(state != "Japan" for state, _ in added) <= 2


def test_a_new_ban_leaves_lanes_under_an_old_rule_licences() -> None:
    """Those of Japan in part, for the ban recalls some."""
    world = World(BAN, 1, collect=False)
    world.step()
    links = world.links
    lane = (links.exporter == CHINA) & (links.good == GOOD["dysprosium_oxide"])
    for importer in (JAPAN, KOREA):
        assert links.licence[lane & (links.importer == importer)].sum() > 0.0
    assert world.border.offices["China"].complete.any()


def test_a_rule_of_before_is_no_news_to_traders() -> None:
    """Refuted by a gap: as on the day of an act, makers abroad asked 6% more for magnets."""
    world = World(GO_ON, 1, collect=False)
    world.step()
    old = world.border.good[np.isfinite(world.expected.since) & (world.expected.since > 0.0)]
    assert {GOOD["dysprosium_oxide"], GOOD["yttrium_oxide"]} <= set(old.tolist())
    assert world.expected.since[np.isfinite(world.expected.since)].max() == 9.0  # since April 2025
    assert world.expected.abroad == pytest.approx(np.ones(len(GOOD)), abs=0.005)


def test_of_two_rules_on_a_lane_the_older_is_what_traders_know() -> None:
    """By hand: two months to answer, so of ten months' age eight have taught what passes."""
    old, young = (
        act("licensing", date, targets=["Japan"], goods=["dysprosium_oxide"])
        for date in ("2023-02-01", "2023-12-01")
    )
    raw = {"name": "x", "start": "2024-01", "months": 2, "events": [old, {**young, "id": "b"}]}
    world = World(scenario_from_dict(raw), 1, collect=False)
    world.step()
    lane = world.border.channels("from", CHINA, ("Japan",), ("dysprosium_oxide",))
    assert set(world.expected.since[lane]) == {11.0}
    left = (1.0 - P.first_answer) * (1.0 - P.belief_speed) ** (10.0 - P.licence_clock_months)
    passed = 1.0 - left + P.belief_speed * left  # and the first month, in which all passed
    assert world.expected.passes[lane] == pytest.approx(passed, abs=1e-9)


def test_prices_of_the_first_month_are_those_of_the_table() -> None:
    prices = lived(GO_ON, 1).table("prices")
    first = prices[(prices["month"] == "2026-01") & (prices["state"] == "China")]
    home = first.set_index("good")["home"]
    assert home["dysprosium_oxide"] == pytest.approx(170.5, rel=0.05)
    assert home["ndpr_oxide"] == pytest.approx(73.9, rel=0.05)


def test_buyers_remember_what_was_held_back_before_the_start() -> None:
    beliefs = World(BAN, 1, collect=False).beliefs
    distrust = beliefs.withheld[JAPAN, CHINA]
    assert beliefs.alarm[JAPAN, CHINA] > 0.05
    assert distrust[GOOD["dysprosium_oxide"]] > 0.1
    assert distrust[GOOD["dysprosium_oxide"]] > 5.0 * distrust[GOOD["ndpr_oxide"]]


def remembered(*acts: Event) -> Beliefs:
    beliefs = Beliefs(Facts.default(), P.credibility_start)
    remember_acts(beliefs, acts, "2024-01", p=P)
    return beliefs


def test_an_act_of_before_is_news_of_its_month_that_has_faded_since() -> None:
    """Licences of severity 0.6 three months before: faded by three months."""
    raw = act("licensing", "2023-10-01", targets=["Japan"], goods=["dysprosium_oxide"])
    whole = {"name": "x", "start": "2024-01", "months": 3, "events": [raw]}
    (event,) = scenario_from_dict(whole).events
    weight = weight_of_news(event, 0.6, np.ones(len(STATE)), facts=Facts.default(), p=P)
    assert weight[JAPAN] == pytest.approx(0.6 * P.measure_alarm)
    assert 0.0 < weight[KOREA] < weight[JAPAN]
    assert weight[CHINA] == 0.0
    beliefs = remembered(event)
    fades = 0.5 ** (3.0 / P.alarm_half_life)
    assert beliefs.alarm[JAPAN, CHINA] == pytest.approx(weight[JAPAN] * fades)
    assert beliefs.withheld[JAPAN, CHINA, GOOD["ndpr_oxide"]] == 0.0


def test_signals_of_before_are_remembered_by_whom_they_meant() -> None:
    (threat,) = (one for one in load_scenario(BAN).events if one.id == "T059-threat")
    beliefs = Beliefs(Facts.default(), P.credibility_start)
    remember_acts(beliefs, (threat,), "2026-01", p=P)
    assert beliefs.alarm[JAPAN, CHINA] > 0.0 == beliefs.alarm[KOREA, CHINA]


def test_a_ban_on_technology_of_before_is_no_news() -> None:
    events = load_scenario("licensing-2025").events
    early = [one for one in events if one.date < "2024" and one.kind == "technology_ban"]
    assert early
    assert not remembered(*early).alarm.any()
