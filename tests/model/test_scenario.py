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
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.basis.yaml_text import parse_yaml
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import (
    MAX_EVENTS,
    load_scenario,
    load_shipped,
    parse_scenario,
    scenario_from_dict,
    with_changes,
)
from coercivity.model.scenario.starter_file import new_scenario_text
from tests.names import GOOD_GROUPS, STATES
from tests.refusal import refusal

BAN = {
    "date": "2026-01-06",
    "kind": "blanket_ban",
    "actor": "China",
    "targets": ["Japan"],
    "id": "ban",
}
PARAMETER = load_parameters().rows[0]
NAME = PARAMETER.name
BETWEEN = (PARAMETER.low + PARAMETER.high) / 2


def small(**changes: Any) -> dict[str, Any]:
    return {"name": "small", "start": "2024-01", "events": [BAN], **changes}


def event(**changes: Any) -> dict[str, Any]:
    """A small scenario whose only event is the ban with these changes; None takes a key away."""
    return small(
        events=[{key: value for key, value in {**BAN, **changes}.items() if value is not None}]
    )


def test_an_event_is_complete_once_read() -> None:
    china = {"actor": "China"}
    listed = {"targets": ["Japan"], "share": 0.1, "sectors": ["wind"]}
    mine = {"state": "Myanmar", "good": "heavy_concentrate"}
    rule, remark, suspension, listing, closure = scenario_from_dict(
        small(
            events=[
                {"date": "2025-04-04", "kind": "licensing", "id": "rule", **china},
                {"date": "2025-05-01", "kind": "remark", "targets": "EU", **china},
                {"date": "2026-01-01", "kind": "suspension", "of": "rule", **china},
                {"date": "2026-02-01", "kind": "entity_list", **china, **listed},
                {"date": "2026-03-01", "kind": "mine_closure", **mine},
            ]
        )
    ).events
    assert rule.goods == GOOD_GROUPS["controlled_2025"]
    assert rule.target_states() == STATES[1:]
    assert (rule.month_index("2024-01"), rule.end_index("2024-01")) == (15, None)
    assert (remark.id, remark.get("severity")) == ("E002", 0.3)
    assert remark.target_states() == ("Germany", "France", "Rest of EU")
    assert suspension.get("of") == "rule"
    assert listing.get("list") == "control"
    assert (listing.get("sectors"), listing.get("share")) == (("wind",), 0.1)
    assert (closure.actor, closure.get("share"), closure.get("nothing", 7)) == ("", 1.0, 7)


def test_dates_may_be_written_with_or_without_quotes() -> None:
    text = yaml.safe_dump(small())
    typed = small(events=[{**BAN, "date": yaml.safe_load("2026-01-06")}])
    bare = parse_scenario(text.replace("'", ""))
    assert parse_scenario(text) == bare == scenario_from_dict(typed)


def test_a_name_a_path_a_mapping_and_a_scenario_are_all_scenarios(tmp_path: Path) -> None:
    scenario, path = load_scenario("japan-2026-from-2024"), tmp_path / "mine.yaml"
    path.write_text(scenario.to_yaml(), encoding="utf-8")
    for source in (path, str(path), scenario.to_dict(), scenario):
        assert load_scenario(source) == scenario


def test_the_text_for_a_new_scenario_passes_the_check() -> None:
    assert parse_scenario(new_scenario_text("mine")).name == "mine"


def test_shipped_then_file_then_keyword() -> None:
    shipped = scenario_from_dict(small())
    filed = scenario_from_dict(small(parameters={NAME: PARAMETER.low}))
    keyed = with_changes(filed, parameters={NAME: BETWEEN})
    found = [getattr(one.parameter_values(), NAME) for one in (shipped, filed, keyed)]
    assert found == [PARAMETER.value, PARAMETER.low, BETWEEN]
    assert filed.parameters == ((NAME, PARAMETER.low),)


def test_keywords_change_length_switches_governments_and_choices() -> None:
    base = load_scenario("japan-2026-from-2024")
    changed = with_changes(
        base,
        mechanisms={"M8": False},
        governments={"Japan": "played"},
        choices=[{**BAN, "date": "2027-01-01"}],
    )
    assert (changed.is_on("M8"), changed.is_on("M7")) == (False, True)
    assert (changed.mode_of("Japan"), changed.mode_of("China")) == ("played", "scripted")
    assert [choice.id for choice in changed.choices] == ["ban"]
    assert with_changes(base) == base
    shorter = with_changes(base, months=20)
    assert shorter.months == 20
    assert {act.id for act in shorter.events} == {
        act.id for act in base.events if act.date < "2025-09"
    }
    assert load_scenario(shorter.to_dict()) == shorter


def test_the_fingerprint_is_the_same_in_every_process() -> None:
    code = (
        "from coercivity.model.scenario.scenario import load_scenario, list_scenarios; "
        "print([load_scenario(n).fingerprint() for n in list_scenarios()])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    here = [load_scenario(name).fingerprint() for name in list_scenarios()]
    assert done.stdout.strip() == str(here)


def refused(raw: Any) -> str:
    return refusal(scenario_from_dict, raw)


HUGE = 10**5000
CLOSED = {
    "kind": "mine_closure",
    "id": "closed",
    "date": "2023-10-01",
    "state": "Myanmar",
    "good": "heavy_concentrate",
    "share": 0.5,
}
DIGITS = "'a whole number of about 5,000 digits'"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"event": []}, "key 'event' is not known; did you mean 'events'?"),
        ({"start": "2019-01"}, "start '2019-01' is not a start that exists; use one of: 2009-01, "),
        ({"months": HUGE}, f"months {DIGITS} does not fit"),
        ({"title": ["a"]}, "title '['a']' is not text; put it in quotes"),
        ({"parameters": {f"{NAME}s": 1}}, f"'{NAME}s' is not known; did you mean '{NAME}'?"),
        ({"parameters": {NAME: PARAMETER.high + 1}}, f"{PARAMETER.high + 1:g} is out of range"),
        ({"mechanisms": {"M17": False}}, "mechanism 'M17' is not known; did you mean 'M"),
        ({"mechanisms": {"M8": "off"}}, "M8 'off' is neither on nor off; write M8: false or"),
        ({"governments": {"Germny": "played"}}, "government 'Germny' is not known"),
        ({"governments": {"Japan": "human"}}, "'human' is not known; use one of: scripted, auto"),
        ({"events": {"date": 1}}, "is not a list; begin each entry with '- date:'"),
        ({HUGE: 1}, f"key {DIGITS} is not known"),
    ],
)
def test_a_mistake_gets_one_line_with_field_value_and_fix(
    changes: dict[Any, Any], message: str
) -> None:
    said = refused({**small(), **changes})
    assert said.startswith("scenario: ")
    assert message in said


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"start": "2024-01"}, "scenario: name is missing; write name: my-scenario"),
        (small(events=["ban"]), "scenario, event 1: 'ban' is not an event"),
        (small(events=[BAN, BAN]), "event 2: id 'ban' is used twice; give each event its own id"),
        (event(id="a\x1b[31m"), r"id 'a\x1b[31m' holds \x1b, which is no character of a text"),
        (
            event(date="2039-01-01"),
            f"event ban: date '2039-01-01' is after the last month {month_name('2024-01', 179)}; "
            "use an earlier date or more months",
        ),
        (
            small(events=[CLOSED]),
            "event closed: date '2023-10-01' is before the first month 2024-01, whose tables count "
            "it already; use a later date, or an earlier start",
        ),
    ],
)
def test_a_mistake_of_the_whole_names_its_place(raw: dict[str, Any], message: str) -> None:
    assert message in refused(raw)


def test_a_shock_that_is_over_by_the_start_is_no_mistake() -> None:
    over = scenario_from_dict(small(events=[{**CLOSED, "end": "2023-12-31"}]))
    assert [act.id for act in over.events] == ["closed"]


QUOTA = {"kind": "quota", "end": "2026-06-30"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"date": None}, "date is missing; write date: YYYY-MM-DD"),
        ({"date": "2026-02-30"}, "'2026-02-30' is not a date; write a day that exists as YYYY-MM"),
        ({"end": "2026-01-05"}, "end '2026-01-05' is before date '2026-01-06'; an event ends on"),
        ({"kind": "blanketban"}, "kind 'blanketban' is not known; did you mean 'blanket_ban'?"),
        ({"actor": "Chnia"}, "actor 'Chnia' is not known; did you mean 'China'?"),
        ({"actor": "Germany"}, "'Germany' has no government of its own here; write actor: EU"),
        ({"targets": ["Jpan"]}, "targets 'Jpan' is not known; did you mean 'Japan'?"),
        ({"targets": ["China"]}, "targets 'China' are the actor's own states; name another state"),
        ({"goods": ["terbiun"]}, "goods 'terbiun' is not known; did you mean 'terbium'?"),
        ({"share": 0.5}, "key 'share' is not known for kind 'blanket_ban'; use one of: date, end"),
        ({"kind": "entity_list"}, "share is missing; write share: a number from 0 to 1"),
        ({"kind": "quota", "tonnes": 1}, "end is missing; write end: YYYY-MM-DD, as kind 'quota'"),
        ({**QUOTA, "tonnes": HUGE}, f"tonnes {DIGITS} does not fit; use a number, 0 or more"),
        ({"kind": "suspension"}, "of is missing; write of: the id of an earlier event"),
        ({"kind": "suspension", "of": "China-٢٠٢٦-٠١-licensing"}, "is not the id of an earlier"),
        ({"text": "half \ud83d"}, r"holds \ud83d, which is no character of a text; leave it out"),
    ],
)
def test_a_mistake_in_an_event_names_the_event_the_field_the_value_and_the_fix(
    changes: dict[str, Any], message: str
) -> None:
    said = refused(event(**changes))
    assert said.startswith("scenario, event 1 (ban): ")
    assert message in said


def dated(kind: str, ident: str, **fields: Any) -> dict[str, Any]:
    return {"date": "2025-03-01", "kind": kind, "id": ident, **fields}


FIRE = dated("plant_fire", "fire", state="China", process="make_metal")
CASE = dated("demand_case", "case", end="2026-03-01", sectors=["wind"], growth=0.1)


def about(act: dict[str, Any], kind: str) -> dict[str, Any]:
    more = {"actor": "Japan", "targets": ["China"], "of": act["id"]}
    return dated(kind, "about", **more) | {"date": "2026-02-01"}


def test_a_suspension_comes_after_what_it_suspends() -> None:
    earlier = {**BAN, "kind": "suspension", "id": "off", "date": "2026-01-01", "of": "ban"}
    said = refused(small(events=[BAN, earlier]))
    assert "event 2 (off): of 'ban' begins on 2026-01-06, after 2026-01-01" in said


@pytest.mark.parametrize("act", [FIRE, CASE], ids=lambda act: act["kind"])
def test_a_case_at_the_wto_needs_a_government_that_acted(act: dict[str, Any]) -> None:
    assert refused(small(events=[act, about(act, "dispute")])) == (
        f"scenario, event 2 (about): of '{act['id']}' is of kind '{act['kind']}', behind which no "
        "government stands; name an act of another government"
    )
    interrupted = scenario_from_dict(small(events=[act, about(act, "suspension")]))
    assert interrupted.events[1].get("of") == act["id"]


def test_thousands_of_acts_are_refused_before_they_are_looked_at() -> None:
    many = [{**BAN, "id": f"e{number}"} for number in range(MAX_EVENTS)]
    found = scenario_from_dict(small(events=many[:-1], choices=many[-1:]))
    assert len(found.events) == MAX_EVENTS - 1
    assert refused(small(events=many, choices=[None])) == (
        "scenario: 2,001 events and choices are too many; use at most 2,000 together"
    )


@pytest.mark.parametrize("value", ["1", "[]", "{}", "a: b"])
def test_a_text_of_more_keys_and_values_than_a_scenario_needs_is_refused_early(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the first one too many, before the rest is read."""
    monkeypatch.setattr("coercivity.model.basis.yaml_text.MAX_NODES", 100)
    with pytest.raises(InputError, match=r"^mine.yaml: more than 100 keys and values are too many"):
        parse_scenario("name: [" + f"{value}, " * 100 + "'no end", "mine.yaml")
    parse_yaml("name: [" + "1, " * 96 + "1]", "mine.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: [x", "line 1, column 9: 'name: [x' is not YAML"),
        ("a: &a [x]\nb: *a", "column 4: 'b: *a' is not YAML (aliases (*name) are not allowed"),
        ("name: !!python/object/apply:os.system [ls]", "apply:os.system [ls]' is not YAML"),
        ("[" * 5000, "mine.yaml: lists or mappings are nested too deeply"),
        ("#" * 1_000_001, "the file has more than 1,000,000 bytes; a scenario is a short text"),
    ],
)
def test_a_file_that_is_not_a_scenario_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    assert message in refusal(load_scenario, path)


def test_a_laughing_billion_and_bytes_that_are_no_text_are_refused_at_once() -> None:
    lines = ["a0: &a0 [ha, ha]", *(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60))]
    with pytest.raises(InputError, match="aliases"):
        parse_scenario("\n".join(lines))
    with pytest.raises(InputError, match="upload: byte 0xff at 0 is not UTF-8 text; save the file"):
        parse_scenario(b"\xff\xfe", "upload")


def test_what_is_neither_name_nor_path_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    for source, message in (
        ("japan-2025", "scenario 'japan-2025' is not known; did you mean 'japan-2026'"),
        ("nowhere.yaml", "scenario file 'nowhere.yaml' is not there; give the path of a .yaml"),
        (7, "scenario '7' is a int; give a name, a path, a mapping or a Scenario"),
        (tmp_path / "folder.yaml", "cannot be read"),
    ):
        with pytest.raises(InputError, match=message):
            load_scenario(source)


def test_a_name_from_outside_never_opens_another_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(new_scenario_text("mine"), encoding="utf-8")
    for name in (str(path), "../parameters", "japan-2026.yaml"):
        with pytest.raises(InputError, match="is not known"):
            load_shipped(name)
