"""Instruments of packages: a kind of act that stands for acts of shipped kinds, which the scenario
holds, so that it runs where the package is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.model.scenario.act_fields import Field
from coercivity.model.scenario.instrument import Instrument
from coercivity.model.scenario.scenario import load_scenario, parse_scenario, with_changes
from tests.plug_ins import forget, install, write_package
from tests.refusal import refusal

SOURCE = """
from coercivity import Field, Instrument

def twice(act):
    {body}

MADE = Instrument(
    "twofold", "Two quotas.", {{
        "tonnes": Field("number", high=9e4, required=True),
        "sector": Field("choice", ("wind", "automotive"), default="wind"),
    }}, twice,
)
"""
TWICE = """
    halves = ("2026-01-01", "2026-06-30"), ("2026-07-01", "2026-12-31")
    for half, (date, end) in enumerate(halves):
        yield {
            "kind": "quota", "date": date, "end": end, "actor": act["actor"],
            "tonnes": act["tonnes"] / (1 + half),
        }
"""
ACT = {"date": "2026-01-01", "id": "Q", "kind": "twofold", "actor": "China", "tonnes": 900}


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    yield
    forget()


def there(monkeypatch: pytest.MonkeyPatch, folder: Path, body: str = TWICE) -> None:
    write_package(folder, SOURCE.format(body=body), "instrument twofold MADE")
    install(monkeypatch, folder)


def scenario(*acts: Any, key: str = "events") -> dict[str, Any]:
    return {"name": "mine", "start": "2024-01", "months": 48, key: list(acts)}


def test_the_scenario_holds_what_the_act_stands_for_and_runs_anywhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    there(monkeypatch, tmp_path)
    made = load_scenario(scenario(ACT))
    told = [(act.id, act.kind, act.date, act.get("tonnes")) for act in made.events]
    assert told == [("Q-1", "quota", "2026-01-01", 900.0), ("Q-2", "quota", "2026-07-01", 450.0)]
    later = {"date": "2026-08-01", "id": "S", "kind": "suspension", "actor": "China", "of": "Q-2"}
    assert load_scenario(scenario(ACT, later)).events[-1].get("of") == "Q-2"
    chosen = with_changes(load_scenario(scenario()), choices=[{**ACT, "id": "C"}])
    assert [act.id for act in chosen.choices] == ["C-1", "C-2"]
    monkeypatch.undo()
    forget()
    again = parse_scenario(made.to_yaml())
    assert again == made
    assert again.fingerprint() == made.fingerprint()
    with pytest.raises(InputError, match="kind 'twofold' is not known"):
        load_scenario(scenario(ACT))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tonnes": -3}, r"event 2 \(Q\): tonnes '-3' does not fit; use a number from 0 to 90000"),
        ({"tons": 3}, "key 'tons' is not known for kind 'twofold'; did you mean 'tonnes'"),
        (
            {"actor": "Chna"},
            r"event 2 \(Q, instrument 'twofold' of a-package\), event 1 \(Q-1\): actor 'Chna'",
        ),
        ({"id": "O"}, "id 'O-1' is used twice"),
        ({"kind": "twofoldd"}, r"event 2 \(Q\): kind 'twofoldd'.*did you mean 'twofold'"),
    ],
)
def test_an_act_that_is_written_wrong_costs_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    there(monkeypatch, tmp_path)
    other = {"date": "2025-01-01", "id": "O-1", "kind": "remark", "actor": "China"}
    refusal(load_scenario, scenario(other, {**ACT, **change}), match=message)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("raise RuntimeError('no luck')", "fails with RuntimeError: no luck"),
        ("return []", "gives .*1 to 500 acts"),
        ("return [dict(act)] * 501", "1 to 500 acts"),
        ("return [dict(act)]", "kind 'twofold' is not known"),
        ("return [{'kind': 'quota', 'date': '2026-01-01', 'actor': 'China'}]", "end is missing"),
    ],
)
def test_an_instrument_that_fails_costs_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str, message: str
) -> None:
    there(monkeypatch, tmp_path, body)
    assert refusal(load_scenario, scenario(ACT), match=message).startswith("scenario, event 1 (Q")


def none(act: Any) -> list[Any]:
    return []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "Two"}, "lower-case"),
        ({"fields": {"date": Field("number")}}, "cannot be one of its own"),
        ({"fields": {"tonnes": Field("numbr")}}, "write Field"),
        ({"fields": {"of": Field("choice")}}, "no options"),
        ({"fields": [Field("number")]}, "is no mapping"),
        ({"expand": None}, "is no function"),
    ],
)
def test_an_instrument_that_is_written_wrong_costs_one_line(
    change: dict[str, Any], message: str
) -> None:
    good: dict[str, Any] = {"name": "mine", "says": "It says so.", "expand": none}
    good |= {"fields": {"tonnes": Field("number")}}
    assert Instrument(**good).fields["tonnes"].check == "number"
    with pytest.raises(InputError, match=message):
        Instrument(**{**good, **change})
