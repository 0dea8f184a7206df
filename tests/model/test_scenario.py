"""A scenario is a text that a teacher can write; what is wrong with it costs one line to learn."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from coercivity.model.basis.calendar import month_name
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import load_table
from coercivity.model.basis.names import GOOD_GROUPS, STATES
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.basis.yaml_text import MAX_NODES, parse_yaml
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.event_checks import COMMON
from coercivity.model.scenario.files import list_scenarios, scenario_folder
from coercivity.model.scenario.kinds import KINDS
from coercivity.model.scenario.scenario import (
    MAX_EVENTS,
    Scenario,
    load_scenario,
    load_shipped,
    parse_scenario,
    scenario_from_dict,
    with_changes,
)
from coercivity.model.scenario.starter_file import new_scenario_text

SHIPPED = (
    "business-as-usual",
    "civilian-unaffected",
    "embargo-2010",
    "japan-2026",
    "japan-2026-extended",
    "japan-blanket-ban",
    "licensing-2025",
    "threat-2019",
)
BAN = {
    "date": "2026-01-06",
    "kind": "blanket_ban",
    "actor": "China",
    "targets": ["Japan"],
    "id": "ban",
}
PARAMETER = load_parameters().rows[0]
BETWEEN = (PARAMETER.low + PARAMETER.high) / 2


def small(**changes: Any) -> dict[str, Any]:
    return {"name": "small", "start": "2024-01", "events": [BAN], **changes}


def event(**changes: Any) -> dict[str, Any]:
    """A small scenario whose only event is the ban with these changes; None takes a key away."""
    return small(
        events=[{key: value for key, value in {**BAN, **changes}.items() if value is not None}]
    )


# ---------------------------------------------------------------- the shipped ones


def test_eight_scenarios_ship() -> None:
    assert set(SHIPPED) <= set(list_scenarios())


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_explains_itself_and_survives_its_own_yaml(name: str) -> None:
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


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_acts_are_those_of_the_timeline(name: str) -> None:
    """Each act that carries a number of the timeline has its actor, and its date to the month (the threat of 2019 is moved by five years)."""
    rows = {row["id"]: row for row in load_table("timeline")}
    for act in load_scenario(name).events:
        row = rows.get(act.id[:4])
        if row is None:
            assert act.id.startswith("hypothetical-extended-") or act.id in {
                "US301-2026",
                "hypothetical-blanket-ban",
            }
        elif "-" not in act.id and name != "threat-2019":
            assert act.date[:7] == row["date"][:7], act.id
            assert act.actor in row["actor"], act.id


def test_licensing_acts_are_the_same_in_every_scenario() -> None:
    acts = set(load_scenario("licensing-2025").events)
    for name in ("japan-2026", "japan-blanket-ban", "civilian-unaffected"):
        assert acts <= set(load_scenario(name).events)
    assert load_scenario("civilian-unaffected").events == load_scenario("japan-2026").events
    assert load_scenario("civilian-unaffected").parameters == (("over_compliance", 0.0),)


def test_the_quotas_of_2009_to_2014_are_those_of_the_table() -> None:
    quotas = [act for act in load_scenario("embargo-2010").events if act.kind == "quota"]
    yearly: dict[str, float] = {}
    for act in quotas:
        yearly[act.date[:4]] = yearly.get(act.date[:4], 0) + act.get("tonnes")
    assert yearly == {
        "2009": 50145,
        "2010": 30258,
        "2011": 30246,
        "2012": 30996,
        "2013": 30999,
        "2014": 30611,
    }
    assert all(act.goods == GOOD_GROUPS["raw_materials"] for act in quotas)


# ---------------------------------------------------------------- how it is read


def test_an_event_is_complete_once_read() -> None:
    scenario = scenario_from_dict(
        small(
            events=[
                {"date": "2025-04-04", "kind": "licensing", "actor": "China", "id": "rule"},
                {"date": "2025-05-01", "kind": "remark", "actor": "China", "targets": "EU"},
                {"date": "2026-01-01", "kind": "suspension", "actor": "China", "of": "rule"},
                {
                    "date": "2026-02-01",
                    "kind": "entity_list",
                    "actor": "China",
                    "targets": ["Japan"],
                    "share": 0.1,
                    "sectors": ["wind"],
                },
                {
                    "date": "2026-03-01",
                    "kind": "mine_closure",
                    "state": "Myanmar",
                    "good": "heavy_concentrate",
                },
            ]
        )
    )
    rule, remark, suspension, listed, closure = scenario.events
    assert rule.goods == GOOD_GROUPS["controlled_2025"]
    assert rule.target_states() == STATES[1:]
    assert (remark.id, remark.get("severity"), remark.target_states()) == (
        "E002",
        0.3,
        ("Germany", "France", "Rest of EU"),
    )
    assert suspension.get("of") == "rule"
    assert (listed.get("list"), listed.get("sectors"), listed.get("share")) == (
        "control",
        ("wind",),
        0.1,
    )
    assert (closure.actor, closure.get("share"), closure.get("nothing", 7)) == ("", 1.0, 7)
    assert (rule.month_index("2024-01"), rule.end_index("2024-01")) == (15, None)


def test_what_is_before_the_start_is_in_force_at_the_start() -> None:
    assert scenario_from_dict(event(date="2023-12-21")).events[0].month_index("2024-01") == -1


def test_dates_may_be_written_with_or_without_quotes() -> None:
    text = yaml.safe_dump(small())
    assert (
        parse_scenario(text)
        == parse_scenario(text.replace("'", ""))
        == scenario_from_dict(small(events=[{**BAN, "date": yaml.safe_load("2026-01-06")}]))
    )


def test_a_name_a_path_a_mapping_and_a_scenario_are_all_scenarios(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(load_scenario("japan-2026").to_yaml(), encoding="utf-8")
    scenario = load_scenario("japan-2026")
    assert (
        load_scenario(path)
        == load_scenario(str(path))
        == load_scenario(scenario.to_dict())
        == load_scenario(scenario)
        == scenario
    )


def test_the_text_for_a_new_scenario_passes_the_check() -> None:
    assert parse_scenario(new_scenario_text("mine")).name == "mine"


# ---------------------------------------------------------------- precedence


def test_shipped_then_file_then_keyword() -> None:
    name = PARAMETER.name
    shipped = scenario_from_dict(small())
    filed = scenario_from_dict(small(parameters={name: PARAMETER.low}))
    keyed = with_changes(filed, parameters={name: BETWEEN})
    assert getattr(shipped.parameter_values(), name) == PARAMETER.value
    assert getattr(filed.parameter_values(), name) == PARAMETER.low
    assert getattr(keyed.parameter_values(), name) == BETWEEN
    assert filed.parameters == ((name, PARAMETER.low),)


def test_keywords_change_length_switches_governments_and_choices() -> None:
    base = load_scenario("japan-2026")
    changed = with_changes(
        base,
        mechanisms={"M8": False},
        governments={"Japan": "played"},
        choices=[{**BAN, "date": "2027-01-01"}],
    )
    assert not changed.is_on("M8")
    assert changed.is_on("M7")
    assert (changed.mode_of("Japan"), changed.mode_of("China")) == ("played", "scripted")
    assert [choice.id for choice in changed.choices] == ["ban"]
    assert with_changes(changed, choices=[*changed.choices][:0]) == changed
    assert with_changes(base) == base
    shorter = with_changes(base, months=20)
    assert shorter.months == 20
    assert {act.id for act in shorter.events} == {
        act.id for act in base.events if act.date < "2025-09"
    }
    assert {"T033", "T041", "T049", "T076"} <= {act.id for act in shorter.events}
    assert load_scenario(shorter.to_dict()) == shorter


def test_a_wrong_keyword_is_refused_like_a_wrong_file() -> None:
    with pytest.raises(
        InputError, match="months '0' does not fit; use a whole number from 1 to 600"
    ):
        with_changes(scenario_from_dict(small()), months=0)
    with pytest.raises(
        InputError,
        match=f"parameter '{PARAMETER.name}x' is not known; did you mean '{PARAMETER.name}'",
    ):
        with_changes(scenario_from_dict(small()), parameters={PARAMETER.name + "x": 1})


# ---------------------------------------------------------------- identity


def test_a_scenario_is_frozen_and_hashable() -> None:
    first, second = scenario_from_dict(small()), scenario_from_dict(small())
    assert first is not second
    assert {first: 1}[second] == 1
    assert first.fingerprint() != with_changes(first, months=12).fingerprint()
    with pytest.raises(AttributeError):
        first.months = 1  # type: ignore[misc]


def test_the_fingerprint_is_the_same_in_every_process() -> None:
    code = "from coercivity.model.scenario.scenario import load_scenario, list_scenarios; print([load_scenario(n).fingerprint() for n in list_scenarios()])"
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert seen == {str([load_scenario(name).fingerprint() for name in list_scenarios()])}


# ---------------------------------------------------------------- what is refused

LAST = month_name("2024-01", 179)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (small(event=[]), "scenario: key 'event' is not known; did you mean 'events'?"),
        ({"start": "2024-01"}, "scenario: name is missing; write name: my-scenario"),
        ({"name": "x"}, "scenario: start is missing; write start: 2024-01"),
        (
            small(start="2019-01"),
            "scenario: start '2019-01' is not a start that exists; use one of: 2009-01, 2024-01",
        ),
        (small(months=0), "scenario: months '0' does not fit; use a whole number from 1 to 600"),
        (
            small(months=601),
            "scenario: months '601' does not fit; use a whole number from 1 to 600",
        ),
        (small(months="many"), "scenario: months 'many' does not fit"),
        (small(months=True), "scenario: months 'True' does not fit"),
        (small(months=12.5), "scenario: months '12.5' does not fit"),
        (small(title=["a"]), "scenario: title '['a']' is not text; put it in quotes"),
        (small(why="x" * 5001), "has 5001 characters; use at most 5000"),
        (small(sources={"a": 1}), "scenario: sources '{'a': 1}' is not a list"),
        (
            small(parameters={PARAMETER.name + "s": 1}),
            f"scenario: parameter '{PARAMETER.name}s' is not known; did you mean '{PARAMETER.name}'?",
        ),
        (
            small(parameters={PARAMETER.name: "much"}),
            f"scenario: parameter {PARAMETER.name} 'much' is not a number; use a number from",
        ),
        (
            small(parameters={PARAMETER.name: PARAMETER.high + 1}),
            f"scenario: parameter {PARAMETER.name} {PARAMETER.high + 1:g} is out of range",
        ),
        (small(parameters=["a"]), "scenario: parameters '['a']' is not a list of name: value"),
        (
            small(mechanisms={"M17": False}),
            "scenario: mechanism 'M17' is not known; did you mean 'M",
        ),
        (
            small(mechanisms={"M8": "off"}),
            "scenario: mechanism M8 'off' is neither on nor off; write M8: false or M8: true",
        ),
        (small(governments={"Germny": "played"}), "scenario: government 'Germny' is not known"),
        (
            small(governments={"Japan": "human"}),
            "scenario: government Japan 'human' is not known; use one of: scripted, autonomous, played",
        ),
        (
            small(events={"date": 1}),
            "scenario: events '{'date': 1}' is not a list; begin each entry with '- date:'",
        ),
        (small(events=["ban"]), "scenario, event 1: 'ban' is not an event"),
        (
            small(events=[BAN, BAN]),
            "scenario, event 2: id 'ban' is used twice; give each event its own id",
        ),
        (small(choices=[BAN]), "scenario, event 1: id 'ban' is used twice"),
        (event(date=None), "scenario, event 1 (ban): date is missing; write date: YYYY-MM-DD"),
        (
            event(date="2026-13-01"),
            "scenario, event 1 (ban): date '2026-13-01' is not a date; write a day that exists as YYYY-MM-DD",
        ),
        (event(date="2026-02-30"), "scenario, event 1 (ban): date '2026-02-30' is not a date"),
        (
            event(date="6 January 2026"),
            "scenario, event 1 (ban): date '6 January 2026' is not a date",
        ),
        (event(date=2026), "scenario, event 1 (ban): date '2026' is not a date"),
        (
            event(date="2039-01-01"),
            f"scenario, event ban: date '2039-01-01' is after the last month {LAST}; use an earlier date or more months",
        ),
        (
            event(end="2026-01-05"),
            "scenario, event 1 (ban): end '2026-01-05' is before date '2026-01-06'; an event ends on or after the day it begins",
        ),
        (event(end="soon"), "scenario, event 1 (ban): end 'soon' is not a date"),
        (
            event(kind="blanketban"),
            "scenario, event 1 (ban): kind 'blanketban' is not known; did you mean 'blanket_ban'?",
        ),
        (event(kind=None), "scenario, event 1 (ban): kind is missing; use one of: quota"),
        (
            event(actor="Chnia"),
            "scenario, event 1 (ban): actor 'Chnia' is not known; did you mean 'China'?",
        ),
        (event(actor=None), "scenario, event 1 (ban): actor is missing; use one of: China"),
        (
            event(actor="Germany"),
            "scenario, event 1 (ban): actor 'Germany' has no government of its own here; write actor: EU",
        ),
        (
            event(targets=["Jpan"]),
            "scenario, event 1 (ban): targets 'Jpan' is not known; did you mean 'Japan'?",
        ),
        (event(targets=[]), "scenario, event 1 (ban): targets '[]' is not a list of names"),
        (
            event(targets=7),
            "scenario, event 1 (ban): targets '7' is not a list of names; write targets: [China, Japan]",
        ),
        (
            event(targets=["China"]),
            "scenario, event 1 (ban): targets 'China' are the actor's own states; name another state, EU or World",
        ),
        (
            event(goods=["terbiun"]),
            "scenario, event 1 (ban): goods 'terbiun' is not known; did you mean 'terbium'?",
        ),
        (
            event(share=0.5),
            "scenario, event 1 (ban): key 'share' is not known for kind 'blanket_ban'; use one of: date, end, id",
        ),
        (
            event(kind="entity_list"),
            "scenario, event 1 (ban): share is missing; write share: a number from 0 to 1",
        ),
        (
            event(kind="entity_list", share=-0.1),
            "scenario, event 1 (ban): share '-0.1' does not fit; use a number from 0 to 1",
        ),
        (
            event(kind="entity_list", share=0.1, sectors=["cars"]),
            "scenario, event 1 (ban): sectors 'cars' is not known",
        ),
        (
            event(kind="entity_list", share=0.1, list="grey"),
            "scenario, event 1 (ban): list 'grey' is not known; use one of: control, watch",
        ),
        (
            event(kind="quota", tonnes=100),
            "scenario, event 1 (ban): end is missing; write end: YYYY-MM-DD, as kind 'quota' needs its last day",
        ),
        (
            event(kind="quota", end="2026-06-30"),
            "scenario, event 1 (ban): tonnes is missing; write tonnes: a number, 0 or more",
        ),
        (
            event(kind="quota", end="2026-06-30", tonnes=-1),
            "scenario, event 1 (ban): tonnes '-1' does not fit; use a number, 0 or more",
        ),
        (
            event(kind="quota", end="2026-06-30", tonnes=float("nan")),
            "scenario, event 1 (ban): tonnes 'nan' does not fit",
        ),
        (
            event(kind="export_duty", rate=25),
            "scenario, event 1 (ban): rate '25' does not fit; use a number from 0 to 2",
        ),
        (
            event(kind="threat", goods=["all"]),
            "scenario, event 1 (ban): key 'goods' is not known for kind 'threat'",
        ),
        (
            event(kind="truce", targets=None),
            "scenario, event 1 (ban): targets is missing; write for example targets: [Japan], as kind 'truce' needs them",
        ),
        (
            event(kind="suspension"),
            "scenario, event 1 (ban): of is missing; write of: the id of an earlier event",
        ),
        (
            event(kind="suspension", of="T41"),
            "scenario, event 1 (ban): of 'T41' is not the id of an earlier event",
        ),
        (
            event(kind="mine_closure", actor=None, targets=None),
            "scenario, event 1 (ban): state is missing; write state: one of China, Japan",
        ),
        (
            event(
                kind="plant_fire", actor=None, targets=None, state="Japan", process="make_magnets"
            ),
            "process 'make_magnets' is not known; did you mean",
        ),
        (event(text="x" * 2001), "has 2001 characters; use at most 2000"),
        (
            event(text="half a letter \ud83d"),
            r"text 'half a letter \ud83d' holds \ud83d, which is no character of a text; leave it out",
        ),
        (event(id="a\x1b[31m"), r"id 'a\x1b[31m' holds \x1b, which is no character of a text"),
        (
            event(kind="suspension", of=["a"]),
            "scenario, event 1 (ban): of '['a']' is not the id of an earlier event",
        ),
        (
            event(kind="suspension", of={"a": 1}),
            "scenario, event 1 (ban): of '{'a': 1}' is not the id of an earlier event",
        ),
        (
            event(kind="suspension", of="China-٢٠٢٦-٠١-licensing"),
            "is not the id of an earlier event",
        ),
        (event(actor=["EU"]), "scenario, event 1 (ban): actor '['EU']' is not known"),
        (event(date="٢٠٢٦-٠١-٠٦"), "scenario, event 1 (ban): date '٢٠٢٦-٠١-٠٦' is not a date"),
        (
            event(kind="quota", end="2026-06-30", tonnes=10**400),
            "scenario, event 1 (ban): tonnes '1000",
        ),
        (
            event(kind="quota", end="2026-06-30", tonnes=10**5000),
            "tonnes 'a whole number of about 5,000 digits' does not fit; use a number, 0 or more",
        ),
        (
            small(months=10**5000),
            "scenario: months 'a whole number of about 5,000 digits' does not fit",
        ),
        (small(name=10**5000), "scenario: name 'a whole number of about 5,000 digits' is not text"),
        (
            small(title=[10**5000]),
            "scenario: title 'a list that cannot be written out' is not text",
        ),
        (small(start=["2024-01"]), "scenario: start '['2024-01']' is not a start that exists"),
        (
            small(parameters={PARAMETER.name: 10**5000}),
            f"scenario: parameter {PARAMETER.name} inf is out of range",
        ),
        (
            small(parameters={10**5000: 1}),
            "scenario: parameter 'a whole number of about 5,000 digits' is not known",
        ),
        (
            small(governments={"Japan": ["played"]}),
            "scenario: government Japan '['played']' is not known",
        ),
        (
            small(mechanisms={10**5000: True}),
            "scenario: mechanism 'a whole number of about 5,000 digits' is not known",
        ),
        ({10**5000: 1}, "scenario: key 'a whole number of about 5,000 digits' is not known"),
    ],
)
def test_a_mistake_gets_one_line_with_field_value_and_fix(
    raw: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError) as caught:
        scenario_from_dict(raw)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_suspension_comes_after_what_it_suspends() -> None:
    earlier = {**BAN, "kind": "suspension", "id": "off", "date": "2026-01-01", "of": "ban"}
    with pytest.raises(
        InputError, match=r"event 2 \(off\): of 'ban' begins on 2026-01-06, after 2026-01-01"
    ):
        scenario_from_dict(small(events=[BAN, earlier]))


FIRE = {
    "date": "2025-03-01",
    "kind": "plant_fire",
    "id": "fire",
    "state": "China",
    "process": "make_metal",
}
MINE = {
    "date": "2025-03-01",
    "kind": "mine_closure",
    "id": "mine",
    "state": "Myanmar",
    "good": "heavy_concentrate",
}
CASE = {
    "date": "2025-03-01",
    "kind": "demand_case",
    "id": "case",
    "end": "2026-03-01",
    "sectors": ["wind"],
    "growth": 0.1,
}
REMARK = {"date": "2025-03-01", "kind": "remark", "id": "said", "actor": "China"}
OFF = {"date": "2025-03-01", "kind": "suspension", "id": "off", "actor": "China", "of": "rule"}
RULE = {"date": "2025-02-01", "kind": "licensing", "id": "rule", "actor": "China"}


def about(act: dict[str, Any], kind: str) -> dict[str, Any]:
    return {
        "date": "2026-02-01",
        "kind": kind,
        "id": "about",
        "actor": "Japan",
        "targets": ["China"],
        "of": act["id"],
    }


@pytest.mark.parametrize("act", [FIRE, MINE, CASE], ids=lambda act: act["kind"])
def test_a_case_at_the_wto_needs_a_government_that_acted(act: dict[str, Any]) -> None:
    told = f"of '{act['id']}' is of kind '{act['kind']}', behind which no government stands; name an act of another government"
    with pytest.raises(InputError, match=rf"^scenario, event 2 \(about\): {told}$"):
        scenario_from_dict(small(events=[act, about(act, "dispute")]))
    assert (
        scenario_from_dict(small(events=[act, about(act, "suspension")])).events[1].get("of")
        == act["id"]
    )  # a closure may be interrupted


def test_nor_does_a_name_that_a_government_could_give_let_such_a_case_in() -> None:
    """An id of the form of acts decided in a run is taken before the act is known; where it is that of a fire further down, it is refused all the same."""
    fire = {**FIRE, "id": "China-2025-03-plant_fire"}
    with pytest.raises(
        InputError,
        match=r"^scenario, event about: of 'China-2025-03-plant_fire' is of kind 'plant_fire', behind which no government stands",
    ):
        scenario_from_dict(small(events=[about(fire, "dispute"), fire]))
    own = {**RULE, "id": "Japan-2025-02-licensing", "actor": "Japan"}
    with pytest.raises(
        InputError,
        match=r"^scenario, event about: of 'Japan-2025-02-licensing' is an act of Japan itself",
    ):
        scenario_from_dict(small(events=[], choices=[about(own, "dispute"), own]))


@pytest.mark.parametrize("kind", ["dispute", "suspension"])
@pytest.mark.parametrize("act", [REMARK, OFF], ids=lambda act: act["kind"])
def test_what_is_never_in_force_can_be_neither_suspended_nor_brought_to_court(
    kind: str, act: dict[str, Any]
) -> None:
    with pytest.raises(
        InputError,
        match=rf"of '{act['id']}' is of kind '{act['kind']}', which is never in force, so nothing can end it; name a measure",
    ):
        scenario_from_dict(small(events=[RULE, act, about(act, kind)]))


def test_thousands_of_acts_are_refused_before_they_are_looked_at() -> None:
    many = [{**BAN, "id": f"e{number}"} for number in range(MAX_EVENTS)]
    found = scenario_from_dict(small(events=many[:-1], choices=many[-1:]))
    assert len(found.events) == MAX_EVENTS - 1
    with pytest.raises(
        InputError,
        match=r"^scenario: 2,001 events and choices are too many; use at most 2,000 together$",
    ):
        scenario_from_dict(small(events=many, choices=[None]))


@pytest.mark.parametrize("value", ["1", "[]", "{}", "a: b"])
def test_a_text_of_more_keys_and_values_than_a_scenario_needs_is_refused_early(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists and mappings count as what is in them does; it is said at the first one too many, before the rest is read."""
    monkeypatch.setattr("coercivity.model.basis.yaml_text.MAX_NODES", 100)
    with pytest.raises(
        InputError, match=r"^mine.yaml: more than 100 keys and values are too many; a scenario of "
    ):
        parse_scenario("name: [" + f"{value}, " * 100 + "'no end", "mine.yaml")
    parse_yaml("name: [" + "1, " * 96 + "1]", "mine.yaml")


def values_in(raw: Any) -> int:
    """Keys, values and lists."""
    if isinstance(raw, dict):
        return 1 + sum(1 + values_in(value) for value in raw.values())
    return 1 + sum(map(values_in, raw)) if isinstance(raw, list) else 1


def test_a_scenario_of_as_many_acts_as_may_be_has_room_for_each_to_be_the_fullest() -> None:
    raws = (
        yaml.safe_load((scenario_folder() / f"{name}.yaml").read_text(encoding="utf-8"))
        for name in list_scenarios()
    )
    fullest = max(values_in(act) for raw in raws for act in raw.get("events") or ())
    assert fullest > 20
    assert 1.5 * fullest * MAX_EVENTS < MAX_NODES


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: [x", "line 1, column 9: 'name: [x' is not YAML"),
        ("name: x\n\tstart: 2024-01", "mine.yaml line 2, column 1: 'start: 2024-01' is not YAML"),
        (
            "just words",
            "mine.yaml: 'just words' is not a scenario; write keys and values, at least name: and start:",
        ),
        ("- a\n- b", "is not a scenario"),
        ("", "mine.yaml: 'None' is not a scenario"),
        (
            "a: &a [x]\nb: *a",
            "mine.yaml line 2, column 4: 'b: *a' is not YAML (aliases (*name) are not allowed",
        ),
        (
            "name: x\nname: y",
            "mine.yaml line 2, column 1: 'name: y' is not YAML (the key name stands twice, keep one)",
        ),
        (
            "name: !!python/object/apply:os.system [ls]",
            "mine.yaml line 1, column 7: 'name: !!python/object/apply:os.system [ls]' is not YAML",
        ),
        ("[" * 5000, "mine.yaml: lists or mappings are nested too deeply"),
        (
            "x: " + "1" * 5000,
            "(a value cannot be read: a number of 5,000 digits, use a shorter one or put it in quotes)",
        ),
        ("a: b\0", "mine.yaml: the file is not YAML"),
        ("? [a, b]\n: c", "mine.yaml"),
        ("? {a: b}\n: c", "mine.yaml"),
        (
            "#" * 1_000_001,
            "mine.yaml: the file has more than 1,000,000 bytes; a scenario is a short text, use at most 1 MB",
        ),
    ],
)
def test_a_file_that_is_not_a_scenario_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_laughing_billion_is_refused_at_once() -> None:
    lines = ["a0: &a0 [ha, ha]", *(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60))]
    with pytest.raises(InputError, match="aliases"):
        parse_scenario("\n".join(lines))


def test_bytes_that_are_not_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match="upload: byte 0xff at 0 is not UTF-8 text; save the file as UTF-8"
    ):
        parse_scenario(b"\xff\xfe", "upload")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("japan-2025", "scenario 'japan-2025' is not known; did you mean 'japan-2026'"),
        (
            "nowhere.yaml",
            "scenario file 'nowhere.yaml' is not there; give the path of a .yaml file that exists",
        ),
        (7, "scenario '7' is a int; give a name, a path, a mapping or a Scenario"),
    ],
)
def test_what_is_neither_name_nor_path_is_refused(source: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        load_scenario(source)
    assert message in str(caught.value)


def test_a_folder_is_not_a_scenario(tmp_path: Path) -> None:
    folder = tmp_path / "folder.yaml"
    folder.mkdir()
    with pytest.raises(InputError, match="cannot be read"):
        load_scenario(folder)


def test_a_name_from_outside_never_opens_another_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(new_scenario_text("mine"), encoding="utf-8")
    for name in (str(path), "../parameters", "japan-2026.yaml"):
        with pytest.raises(InputError, match="is not known"):
            load_shipped(name)


def test_every_kind_says_what_it_does() -> None:
    for name, kind in KINDS.items():
        assert kind.description, name
        assert not set(kind.fields) & set(COMMON), name
    assert isinstance(load_scenario("embargo-2010").events[0], Event)
    assert isinstance(load_scenario("embargo-2010"), Scenario)
