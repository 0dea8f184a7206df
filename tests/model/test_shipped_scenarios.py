"""Every scenario that ships explains itself, names its sources, plays acts of the record at their
dates, and says what is hypothetical.

That each of them runs with nothing lost is in test_conservation.py, month by month.
"""

from __future__ import annotations

import pytest

from coercivity.model.basis.facts import load_table
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import load_scenario, parse_scenario
from tests.names import GOOD_GROUPS

NAMES = list_scenarios()
TIMELINE = {row["id"]: row for row in load_table("timeline")}
ON_RECORD = (
    *("embargo-2010", "japan-2026", "japan-2026-extended", "japan-blanket-ban", "licensing-2025"),
    *("civilian-unaffected", "all-sectors-at-once", "blunt-instrument", "central-discipline"),
    *("humanoid-boom", "licence-bureaucracy", "myanmar-closure", "targeted-pressure", "truce"),
    "japan-2026-from-2024",
)


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_read_by_a_teacher_and_written_back(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.title
    assert len(scenario.why) > 100
    assert scenario.sources
    assert all(act.text and act.source for act in scenario.events)
    again = parse_scenario(scenario.to_yaml(), "again")
    assert again == scenario
    assert hash(again) == hash(scenario)
    assert again.fingerprint() == scenario.fingerprint()


@pytest.mark.parametrize("name", ON_RECORD)
def test_an_act_is_on_record_or_says_that_it_is_hypothetical(name: str) -> None:
    """Parts of a row of the timeline have its number and a word: T059-remark."""
    for act in load_scenario(name).events:
        row = TIMELINE.get(act.id[:4])
        if row is None:
            assert (
                act.id.startswith("hypothetical-")
                or act.kind == "demand_case"
                or (act.id == "US301-2026")
            ), act.id
        elif "-" not in act.id:
            assert act.date[:7] == row["date"][:7], act.id
            assert act.actor in row["actor"], act.id


def test_targeted_and_blunt_differ_only_in_the_instrument() -> None:
    """Same acts before, same signals, same day, same twelve months, same target."""
    targeted, blunt = load_scenario("targeted-pressure"), load_scenario("blunt-instrument")
    pressure = [act for act in targeted.events if act not in blunt.events]
    ban = [act for act in blunt.events if act not in targeted.events]
    assert {act.kind for act in pressure} == {"dual_use_ban", "entity_list"}
    assert {act.kind for act in ban} == {"blanket_ban"}
    assert {(act.date, act.end, act.targets) for act in (*pressure, *ban)} == {
        ("2026-01-06", "2027-01-05", ("Japan",))
    }
    assert targeted.parameters == blunt.parameters == ()


@pytest.mark.parametrize(
    ("base", "names"),
    [
        (
            "japan-2026",
            "all-sectors-at-once humanoid-boom central-discipline truce japan-2026-from-2024 "
            "civilian-unaffected",
        ),
        ("licensing-2025", "japan-2026 japan-blanket-ban myanmar-closure civilian-unaffected"),
    ],
)
def test_what_is_compared_with_another_scenario_plays_its_acts(base: str, names: str) -> None:
    for name in names.split():
        assert set(load_scenario(base).events) <= set(load_scenario(name).events), name


def test_the_truce_keeps_the_base_and_drops_what_was_laid_on_it() -> None:
    """After November 2026 only the licensing and the technology ban of China still stand; every
    later measure is suspended without an end.
    """
    events = load_scenario("truce").events
    suspended = {act.get("of") for act in events if act.kind == "suspension" and not act.end}
    measures = {
        act.id
        for act in events
        if act.kind in ("extraterritorial", "dual_use_ban", "entity_list") and act.actor == "China"
    }
    assert suspended == measures
    assert "T041" not in suspended


def test_the_quotas_of_2009_to_2014_are_those_of_the_table() -> None:
    quotas = [act for act in load_scenario("embargo-2010").events if act.kind == "quota"]
    yearly: dict[str, float] = {}
    for act in quotas:
        yearly[act.date[:4]] = yearly.get(act.date[:4], 0) + act.get("tonnes")
    assert list(yearly.values()) == [50145, 30258, 30246, 30996, 30999, 30611]
    assert list(yearly) == ["2009", "2010", "2011", "2012", "2013", "2014"]
    assert all(act.goods == GOOD_GROUPS["raw_materials"] for act in quotas)
