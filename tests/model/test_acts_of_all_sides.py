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

BASED = {"name": "small", "start": "2024-01", "base": "licensing-2025"}
# published by June 2026, dated by their texts
NAMED_FOR_LATER = {"T085-reserve", "T089-China", "T080-credit"}


def test_what_was_done_to_japan_is_all_that_japan_2026_adds() -> None:
    base = set(load_scenario("licensing-2025").events)
    added = [act for act in load_scenario("japan-2026").events if act not in base]
    assert {(act.actor, act.targets) for act in added} == {
        ("China", ("Japan",)),
        ("Japan", ("China",)),
    }


def test_the_record_ends_in_june_2026_and_carries_the_acts_of_all_sides() -> None:
    acts = load_scenario("japan-2026").events
    late = {act.id for act in acts if act.date > "2026-06-30"}
    assert late == NAMED_FOR_LATER
    actors = {act.actor for act in acts if act.kind in SUPPORT}
    assert actors == {"Australia", "EU", "India", "Japan", "South Korea", "United States"}
    assert {act.get("state") for act in acts if act.kind == "sales_end"} == {
        "United States",
        "India",
        "Brazil",
    }
    assert [act.date for act in acts if act.kind == "ore_in_quota"] == ["2025-08-22"]


def test_the_branch_in_which_the_truce_is_extended_adds_just_that() -> None:
    """From the day after the suspension and the truce of Busan end, without an end."""
    base, extended = (load_scenario(name).events for name in ("japan-2026", "japan-2026-extended"))
    assert extended[: len(base)] == base
    ends = {act.end for act in base if act.id.startswith("T053")}
    assert ends == {"2026-11-10"}
    added = extended[len(base) :]
    assert [(act.kind, act.date, act.end) for act in added] == [
        ("suspension", "2026-11-11", ""),
        ("truce", "2026-11-11", ""),
    ]
    assert all("assumption" in act.text for act in added)


def test_a_scenario_takes_over_the_acts_of_its_base_before_its_own() -> None:
    """To the letter and only those that begin in time; what is written shows them all."""
    base = load_scenario("licensing-2025")
    own = {"date": "2026-12-01", "kind": "suspension", "actor": "China", "of": "T050", "id": "on"}
    based = scenario_from_dict({**BASED, "events": [own]})
    assert based.events[:-1] == base.events
    assert based.events[-1].get("of") == "T050"
    assert load_scenario(based.to_dict()) == based
    short = scenario_from_dict({**BASED, "months": 17})
    assert short.events == tuple(act for act in base.events if act.date < "2025-06")


def test_a_longer_run_takes_over_what_its_base_does_later() -> None:
    """In any order of keywords, and as if the file had asked for as many months; what is written
    has its acts and no base any more.
    """
    own = {"date": "2024-12-01", "kind": "threat", "actor": "China", "targets": ["Japan"]}
    raw = {**BASED, "events": [{**own, "id": "own"}]}
    short, whole = (scenario_from_dict({**raw, "months": months}) for months in (17, 180))
    assert len(short.events) < len(whole.events)
    assert with_changes(short, months=180) == whole
    assert with_changes(with_changes(short, mechanisms={"M4": False}), months=180).events == (
        whole.events
    )
    assert with_changes(with_changes(whole, months=17), months=180) == whole
    assert "base" not in short.to_dict()
    with_choice = with_changes(short, choices=[{**own, "id": "played"}])
    assert [act.id for act in with_changes(with_choice, months=180).choices] == ["played"]


def test_a_base_gives_parameters_switches_governments_and_choices_and_the_file_wins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    threat = {"kind": "threat", "actor": "China", "targets": ["Japan"]}
    base = scenario_from_dict(
        {
            "name": "all-of-it",
            "start": "2024-01",
            "parameters": {"enforcement": 0.8, "over_compliance": 0.0},
            "mechanisms": {"M4": False, "M5": False},
            "governments": {"China": "played", "Japan": "autonomous"},
            "choices": [{**threat, "date": "2024-05-01", "id": "first"}],
        }
    )
    monkeypatch.setattr(scenario_module, "list_scenarios", lambda _: ("all-of-it",))
    monkeypatch.setattr(scenario_module, "load_shipped", lambda *_: base)
    based = scenario_from_dict(
        {
            **BASED,
            "base": "all-of-it",
            "parameters": {"enforcement": 0.5},
            "mechanisms": {"M5": True},
            "governments": {"Japan": "scripted"},
            "choices": [{**threat, "date": "2024-03-01", "id": "second"}],
        }
    )
    assert dict(based.parameters) == {"enforcement": 0.5, "over_compliance": 0.0}
    assert dict(based.mechanisms) == {"M4": False, "M5": True}
    assert dict(based.governments) == {"China": "played", "Japan": "scripted"}
    assert [act.id for act in based.choices] == ["first", "second"]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"base": "licensing"}, "base 'licensing' is not known; did you mean 'licensing-2025'?"),
        (
            {"base": "embargo-2010"},
            "base 'embargo-2010' starts in 2009-01 and not in 2024-01; write start: 2009-01",
        ),
        (
            {"events": [{"date": "2026-01-06", "kind": "threat", "actor": "China", "id": "T041"}]},
            "event 1: id 'T041' is used twice; give each event its own id",
        ),
    ],
)
def test_a_wrong_base_costs_one_line(raw: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        scenario_from_dict({**BASED, **raw})
