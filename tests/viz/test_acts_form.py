"""The form for acts of one's own, without a browser: what it offers, what it sends, what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from coercivity.experiments.lab.act_words import BEGINS, ENDS, fields_of
from coercivity.model.basis.errors import InputError
from coercivity.model.scenario.scenario import load_shipped
from coercivity.viz.screens import lab
from coercivity.viz.screens.acts import as_typed, form_json, start_json
from tests.names import KINDS
from tests.viz.rendered import Desk, Shown, Timer, shown

FORM = {one["id"]: one for one in json.loads(form_json())}
JAPAN_2026 = load_shipped("japan-2026")
LICENCES = {
    "kind": "licensing",
    "fields": {
        "actor": "China",
        "targets": ["Germany"],
        "goods": ["dysprosium_terbium"],
        "days": "120",
        "from": "2026-03",
        "until": "",
    },
}


@pytest.fixture
def page(desk: Desk, timers: list[Timer]) -> Iterator[Shown]:
    with shown(lab.Page) as one:
        yield one


def written(page: Shown) -> list[dict[str, Any]]:
    return list(json.loads(page.part("write").written))


def problem(page: Shown) -> str:
    return str(page.part("write").answer["problem"])


def test_the_form_has_every_kind_with_the_fields_it_needs_and_no_other() -> None:
    assert set(FORM) == set(KINDS)
    for kind, one in FORM.items():
        assert [field["name"] for field in one["fields"]] == list(fields_of(kind))
        for field in one["fields"]:
            choices = [item["id"] for group in field["options"] for item in group["items"]]
            needs = field["check"] in ("choice", "names")
            assert bool(choices) == needs, (kind, field["name"])
    assert next(one["group"] for one in FORM.values()) == "Restrict"


def options(kind: str, name: str) -> list[str]:
    field = next(one for one in FORM[kind]["fields"] if one["name"] == name)
    return [item["id"] for group in field["options"] for item in group["items"]]


def test_what_stands_there_before_anything_is_typed() -> None:
    start = json.loads(start_json(JAPAN_2026, "Germany"))["values"]
    assert start["licensing"] == {
        "actor": "China",
        "targets": ["Germany"],
        "goods": ["controlled_2025"],
        "framing": "",
        "days": "",
        BEGINS: "2026-01",
        ENDS: "",
    }
    assert (start["grant"]["actor"], start["grant"]["share"]) == ("EU", "30")
    assert (start["firm_stock"]["states"], start["firm_stock"][BEGINS]) == (["Germany"], "2026-01")
    about = json.loads(start_json(JAPAN_2026, "Germany"))["about"]
    assert "T059" in {one["id"] for one in about}
    assert not {one["id"] for one in about} & {"T059-remark", "T059-threat"}


@pytest.mark.parametrize(
    ("kind", "name", "text", "value"),
    [
        ("import_tariff", "rate", "25", "0.25"),
        ("loan", "rate", "3", "0.03"),
        ("grant", "budget", "1,160", "1160"),
        ("licensing", "days", "", ""),
    ],
)
def test_numbers_are_counted_as_the_scenario_counts_them(
    kind: str, name: str, text: str, value: str
) -> None:
    assert as_typed({"kind": kind, "fields": {name: text}})[name] == value


@pytest.mark.parametrize(
    ("kind", "name", "text", "words"),
    [
        (
            "import_tariff",
            "rate",
            "250",
            "Rate '250' does not fit; use a number from 0 to 200 (% of the price)",
        ),
        (
            "import_tariff",
            "rate",
            "high",
            "Rate 'high' is not a number; write for example 25 (% of the price)",
        ),
    ],
)
def test_a_number_beyond_its_limits_is_refused_in_the_unit_that_was_typed(
    kind: str, name: str, text: str, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        as_typed({"kind": kind, "fields": {name: text}})
    assert str(caught.value) == words


def test_anything_may_be_sent() -> None:
    for entries in ({}, {"kind": 3}, {"kind": "licensing", "fields": [1]}, {"fields": None}):
        assert set(as_typed(entries)) == {"kind"}
    many = as_typed({"kind": "licensing", "fields": {"targets": ["x" * 500] * 500}})
    assert len(many["targets"]) == 40
    assert len(many["targets"][0]) == 120


def test_an_act_is_written_changed_and_taken_back(page: Shown) -> None:
    page.tell("write", {"number": 0, **LICENCES})
    (act,) = written(page)
    assert act["words"].endswith("120 calendar days to answer")
    assert act["beside"].endswith("4 April 2025 (T041).")
    assert "act=kind:licensing" in page.part("move").controls["query"]
    assert page.part("move").controls["moved"] == 1
    page.tell("write", {"number": 1, "kind": act["kind"], "fields": {**act["said"], "days": "30"}})
    assert written(page)[0]["said"]["days"] == "30"
    page.tell("revoke", 1)
    assert written(page) == []
    page.tell("undo", None)
    assert written(page)[0]["said"]["days"] == "30"
    page.tell("rest", "all")
    assert written(page) == []


def test_what_does_not_fit_is_said_in_the_card_and_nothing_is_lost(page: Shown) -> None:
    page.tell("write", {"number": 0, **LICENCES})
    done = page.part("write").answer["done"]
    page.tell("write", {"number": 0, **LICENCES})
    assert problem(page).startswith("Act 2, Export licences: From “2026-03” meets act 1")
    assert page.part("write").answer["done"] == done  # the form stays as it was typed
    assert len(written(page)) == 1
    page.tell("write", {"number": 0, "kind": "grant", "fields": {"actor": "EU", "budget": "a lot"}})
    assert problem(page) == ("Budget “a lot” is not a number. Write for example 500 (USD million).")
    page.tell("write", {"number": 7, "kind": "grant", "fields": {"actor": "EU", "budget": "5"}})
    assert (problem(page), len(written(page))) == ("", 2)
    page.tell("revoke", 9)
    assert len(written(page)) == 2


def test_a_lever_and_a_scenario_keep_what_was_written(page: Shown) -> None:
    page.tell("write", {"number": 0, **LICENCES})
    page.tell("move", {"lever": "firms_stock", "value": 6})
    assert len(written(page)) == 1
    page.tell("choose", {"scenario": "licensing-2025"})
    assert len(written(page)) == 1
    page.tell("choose", {"scenario": "embargo-2010"})
    assert "Acts of your own were not taken along" in page.part("move").controls["problem"]
    assert written(page) == []
    page.tell("undo", None)
    assert len(written(page)) == 1
