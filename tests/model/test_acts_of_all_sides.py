"""The modern scenarios carry the published acts of everybody to June 2026, and a scenario for each
branch of what lapses later.
"""

from __future__ import annotations

import re

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.model.scenario import scenario as scenario_module
from coercivity.model.scenario.scenario import load_scenario, scenario_from_dict, with_changes
from coercivity.model.scenario.support_checks import SUPPORT
from tests.model.lived import act

BASED = {"name": "small", "start": "2024-01", "base": "licensing-2025"}
THREAT = act("threat", "2024-12-01", targets=["Japan"])


def test_what_was_done_to_japan_is_all_that_japan_2026_adds() -> None:
    base = set(load_scenario("licensing-2025").events)
    added = [one for one in load_scenario("japan-2026-from-2024").events if one not in base]
    sides = {("China", ("Japan",)), ("Japan", ("China",))}
    assert {(one.actor, one.targets) for one in added} == sides


def test_the_record_ends_in_june_2026_and_carries_the_acts_of_all_sides() -> None:
    acts = load_scenario("japan-2026-from-2024").events
    late = {one.id for one in acts if one.date > "2026-06-30"}
    assert late == {"T085-reserve", "T089-China", "T080-credit"}  # dated by their texts
    actors = {one.actor for one in acts if one.kind in SUPPORT}
    assert actors == {"Australia", "EU", "India", "Japan", "South Korea", "United States"}
    sellers = {one.get("state") for one in acts if one.kind == "sales_end"}
    assert sellers == {"United States", "India", "Brazil"}
    assert [one.date for one in acts if one.kind == "ore_in_quota"] == ["2025-08-22"]


def test_the_branch_in_which_the_truce_is_extended_adds_just_that() -> None:
    """From the day after the suspension and the truce of Busan end, without an end."""
    base, extended = (
        load_scenario(name).events for name in ("japan-2026-from-2024", "japan-2026-extended")
    )
    assert extended[: len(base)] == base
    assert {one.end for one in base if one.id.startswith("T053")} == {"2026-11-10"}
    added = [(one.kind, one.date, one.end) for one in extended[len(base) :]]
    assert added == [("suspension", "2026-11-11", ""), ("truce", "2026-11-11", "")]


def test_a_scenario_takes_over_the_acts_of_its_base_before_its_own() -> None:
    """To the letter and only those that begin in time; what is written shows them all."""
    base = load_scenario("licensing-2025")
    based = scenario_from_dict({**BASED, "events": [act("suspension", "2026-12-01", of="T050")]})
    assert based.events[:-1] == base.events
    assert based.events[-1].get("of") == "T050"
    assert load_scenario(based.to_dict()) == based
    short = scenario_from_dict({**BASED, "months": 17})
    assert short.events == tuple(one for one in base.events if one.date < "2025-06")


def test_a_longer_run_takes_over_what_its_base_does_later() -> None:
    """In any order of keywords; what is written has its acts and no base any more."""
    raw = {**BASED, "events": [THREAT]}
    short, whole = (scenario_from_dict({**raw, "months": months}) for months in (17, 180))
    assert len(short.events) < len(whole.events)
    assert with_changes(short, months=180) == whole
    other = with_changes(with_changes(short, mechanisms={"M3": False}), months=180)
    assert other.events == whole.events
    assert with_changes(with_changes(whole, months=17), months=180) == whole
    assert "base" not in short.to_dict()
    with_choice = with_changes(short, choices=[{**THREAT, "id": "played"}])
    assert [one.id for one in with_changes(with_choice, months=180).choices] == ["played"]


def test_a_base_gives_parameters_switches_governments_and_choices_and_the_file_wins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    base = scenario_from_dict(
        {
            "name": "all-of-it",
            "start": "2024-01",
            "parameters": {"enforcement": 0.8, "over_compliance": 0.0},
            "mechanisms": {"M3": False, "M5": False},
            "governments": {"China": "played", "Japan": "autonomous"},
            "choices": [{**THREAT, "id": "first"}],
        }
    )
    monkeypatch.setattr(scenario_module, "list_scenarios", lambda _: ("all-of-it",))
    monkeypatch.setattr(scenario_module, "load_shipped", lambda *_: base)
    own = {"parameters": {"enforcement": 0.5}, "mechanisms": {"M5": True}}
    own |= {"governments": {"Japan": "scripted"}, "choices": [{**THREAT, "id": "second"}]}
    based = scenario_from_dict({**BASED, "base": "all-of-it", **own})
    assert dict(based.parameters) == {"enforcement": 0.5, "over_compliance": 0.0}
    assert dict(based.mechanisms) == {"M3": False, "M5": True}
    assert dict(based.governments) == {"China": "played", "Japan": "scripted"}
    assert [one.id for one in based.choices] == ["first", "second"]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"base": "licensing"}, "base 'licensing' is not known; did you mean 'licensing-2025'?"),
        (
            {"base": "licences-2026"},
            "base 'licences-2026' starts in 2026-01 and not in 2024-01; write start: 2026-01",
        ),
        (
            {"events": [{**THREAT, "id": "T041"}]},
            "event 1: id 'T041' is used twice; give each event its own id",
        ),
    ],
)
def test_a_wrong_base_costs_one_line(raw: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        scenario_from_dict({**BASED, **raw})
