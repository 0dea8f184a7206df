"""JSON Schemas of scenarios and designs take what the readers take, and refuse what they can."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import jsonschema
import pytest

from coercivity.experiments.interchange.design_schema import design_schema
from coercivity.experiments.interchange.scenario_schema import scenario_schema
from coercivity.experiments.sweep.design import load_design
from coercivity.experiments.sweep.shipped_designs import design_path, list_designs
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.yaml_text import parse_yaml
from coercivity.model.scenario.files import list_scenarios, scenario_folder
from coercivity.model.scenario.scenario import load_scenario, scenario_from_dict
from coercivity.model.scenario.starter_file import new_scenario_text
from tests.experiments import test_sweep_refusals as wrong_designs
from tests.model import test_own_rows as own_rows
from tests.model import test_scenario as wrong_scenarios
from tests.names import KINDS
from tools.fuzz import legal, nasty
from tools.fuzz.verdict import luck

# what only the reader can know: ids, the calendar, two keys at once, other files, a whole world
ONLY_READ = (
    "id 'ban' is used twice",
    "'2026-02-30' is not a date",
    "is after the last month",
    "is before date",
    "targets 'China' are the actor's own states",
    "is not the id of an earlier",
    "which is no character of a text",
    "scenario file 'none.yaml' is not there",
    "parameters differ in length",
    "low 0.8 is not",
    "starts at 0",
    "runs are too many",
    "numbers are too many to hold",
    "does not lie between months_low",
    "is already in row 1",
    "cover row 2, column kind: kind 'automotive'",
    "sum to ",
    "which makes 2,417 at the start",
    "uses no dysprosium_oxide",
    "cannot be balanced",
    "is before the start",
    "whose tables count it already",
    "rows are too many",
    "is not the start of this scenario",
    "no shipped row has it",
)


@pytest.fixture(scope="module")
def scenarios() -> jsonschema.protocols.Validator:
    jsonschema.Draft202012Validator.check_schema(scenario_schema())
    return jsonschema.Draft202012Validator(scenario_schema())


@pytest.fixture(scope="module")
def designs() -> jsonschema.protocols.Validator:
    jsonschema.Draft202012Validator.check_schema(design_schema())
    return jsonschema.Draft202012Validator(design_schema())


def told(validator: jsonschema.protocols.Validator, raw: Any) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(raw)]


def cases(test: Any) -> list[tuple[Any, str]]:
    (mark,) = test.pytestmark
    return [*mark.args[1]]


def digits(raw: Any) -> int:
    """Digits of the longest whole number in an input: Python itself prints no more than 4,300."""
    if isinstance(raw, dict):
        return max((digits(one) for pair in raw.items() for one in pair), default=0)
    if isinstance(raw, list):
        return max((digits(one) for one in raw), default=0)
    return raw.bit_length() // 3 if isinstance(raw, int) else 0


def passed(
    validator: jsonschema.protocols.Validator, asked: Iterable[tuple[Any, str]]
) -> list[str]:
    return [words for raw, words in asked if digits(raw) < 4_000 and validator.is_valid(raw)]


def mistakes() -> list[tuple[Any, str]]:
    base = load_scenario("business-as-usual").to_dict()
    rows = cases(own_rows.test_a_row_that_does_not_fit_costs_one_sentence)
    asked = wrong_scenarios
    changed = cases(asked.test_a_mistake_gets_one_line_with_field_value_and_fix)
    of_events = cases(
        asked.test_a_mistake_in_an_event_names_the_event_the_field_the_value_and_the_fix
    )
    return [
        *(({**asked.small(), **raw}, words) for raw, words in changed),
        *cases(asked.test_a_mistake_of_the_whole_names_its_place),
        *((asked.event(**raw), words) for raw, words in of_events),
        *((base | {"tables": raw}, words) for raw, words in rows),
    ]


def wrong() -> list[tuple[Any, str]]:
    return [
        ({"scenario": "japan-2026-from-2024", **keys}, words)
        for keys, words in wrong_designs.REFUSED
    ]


# ---------------------------------------------------------------- what is right


def test_every_shipped_scenario_passes(scenarios: jsonschema.protocols.Validator) -> None:
    for path in sorted(scenario_folder().glob("*.yaml")):
        assert told(scenarios, parse_yaml(path.read_bytes(), path.name)) == [], path.name
    for name in list_scenarios():
        assert told(scenarios, load_scenario(name).to_dict()) == [], name
    assert told(scenarios, parse_yaml(new_scenario_text("mine"), "mine")) == []


def test_every_shipped_design_passes(designs: jsonschema.protocols.Validator) -> None:
    found = [design_path(name) for name in list_designs()]
    assert found
    for path in found:
        raw = parse_yaml(path.read_bytes(), path.name)
        assert told(designs, raw) == [], path.name
        assert told(designs, load_design(path).to_dict()) == [], path.name


SAID: dict[str, Any] = {  # what an act may say where it has to
    **{"of": "earlier", "good": "heavy_concentrate", "process": "make_metal", "state": "Japan"},
    **{"members": ["Japan"], "to": ["Japan"], "sectors": ["wind"]},
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_least_of_each_kind_passes_and_less_does_not(
    kind: str, scenarios: jsonschema.protocols.Validator
) -> None:
    of = KINDS[kind]
    needed = [name for name, one in of.fields.items() if one.required] + ["end"] * of.end
    needed += ["targets"] * (of.towards and not of.targets)
    raw = {"date": "2024-03-10", "kind": kind} | {name: SAID.get(name, 0.5) for name in needed}
    raw |= {"actor": "China"} if of.actor else {}
    raw |= {
        name: {"end": "2024-12-31", "targets": ["Japan"]}[name]
        for name in ("end", "targets")
        if name in needed
    }

    def scenario(act: dict[str, Any]) -> dict[str, Any]:
        return {"name": "one", "start": "2024-01", "events": [act]}

    assert told(scenarios, scenario(raw)) == []
    for key in (*needed, "date", "kind"):
        less = {name: value for name, value in raw.items() if name != key}
        assert told(scenarios, scenario(less)), key
    assert told(scenarios, scenario(raw | {"tonnage": 1}))


def test_what_the_reader_takes_the_schema_takes_too(
    scenarios: jsonschema.protocols.Validator, designs: jsonschema.protocols.Validator
) -> None:
    asked = {
        "scenario": "japan-2026-from-2024",
        "months": 12,
        "seeds": 3,
        "method": "grid",
        "parameters": {"licence_clock_months": [1, 2], "share_speed": 0.2},
        "outcomes": ["firms_stopped", "first_stop_days"],
        "keep": ["prices"],
    }
    taken = 0
    for number in range(120):
        rng = luck("taken", 0, number)
        good = legal.scenario_raw(rng, number) if number % 2 else asked
        raw = nasty.gone_bad(rng, good)
        try:
            scenario_from_dict(raw) if number % 2 else load_design(raw)
        except InputError:
            continue
        taken += 1
        assert told(scenarios if number % 2 else designs, raw) == [], raw
    assert taken > 5


# ---------------------------------------------------------------- what is wrong


def test_what_is_wrong_is_refused_where_a_schema_can_know_it(
    scenarios: jsonschema.protocols.Validator, designs: jsonschema.protocols.Validator
) -> None:
    for validator, asked in ((scenarios, mistakes()), (designs, wrong())):
        assert len(asked) > 40
        left = [
            words
            for words in passed(validator, asked)
            if not any(one in words for one in ONLY_READ)
        ]
        assert left == []


def test_nothing_is_called_unknowable_that_the_schema_knows(
    scenarios: jsonschema.protocols.Validator, designs: jsonschema.protocols.Validator
) -> None:
    left = [*passed(scenarios, mistakes()), *passed(designs, wrong())]
    assert [one for one in ONLY_READ if not any(one in words for words in left)] == []


# ---------------------------------------------------------------- what it tells
