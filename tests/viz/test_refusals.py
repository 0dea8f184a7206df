"""What a page refuses it says in the reader's words: the field, the value and what to write
instead, and no name of the code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coercivity.experiments.lab.act_words import kind_words, kinds_in_order
from coercivity.experiments.lab.acts import check_acts
from coercivity.experiments.lab.levers import all_levers, check_lever
from coercivity.experiments.lab.link import read_query
from coercivity.experiments.lab.link_reader import open_search
from coercivity.experiments.lab.own_rows import with_csv
from coercivity.experiments.lab.setting import check_setting
from coercivity.model.basis.errors import InputError, unknown_value_error
from coercivity.model.basis.parameters import load_parameters
from coercivity.model.scenario.scenario import load_shipped
from coercivity.viz.screens.acts import as_typed
from coercivity.viz.server.uploads import uploaded_scenario
from coercivity.viz.words.language import speaking
from coercivity.viz.words.link_text import left_out_in_words
from coercivity.viz.words.refusals import refusal_in_words
from tests.experiments.test_lab_link import BAD
from tests.names import KINDS

STORY = load_shipped("japan-2026")
SNAKE = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")
QUOTED = re.compile(r"“[^”]*”")  # what the reader wrote stays as it is
FIX = re.compile(
    r"(?:Use|Write|Choose|Did you mean|Keep|Leave|Name|Ask|Upload|Take|Fill|End|Add|Let|Put|Save|"
    r"Check|Unpack|Give|Quote|Paste|Begin|Its fields|An act of|Reload)\b"
)


def refused(act: Callable[[], object]) -> InputError:
    with pytest.raises(InputError) as error:
        act()
    return error.value


def check(error: InputError) -> str:
    """The refusal in the reader's words, which has what a refusal needs."""
    said = refusal_in_words(error)
    plain = QUOTED.sub("", said)
    assert not SNAKE.search(plain), said
    assert FIX.search(said), said
    assert said.rstrip()[-1] in ".?", said
    assert not re.search(r"\{\w*\}", plain), said
    return said


KIND = {
    "number": "abc",
    "choice": "Mars",
    "names": ["Mars"],
    "id": "no-such-act",
    "text": "x" * 200,
}
NO_ACT = (
    {"kind": "licencing"},
    {"kind": "licensing", "actor": "Germany"},
    {"kind": "licensing", "actor": "China", "from": "1999-01"},
    {"kind": "licensing", "actor": "China", "from": "soon"},
    {"kind": "licensing", "actor": "China", "targets": "China"},
    {"kind": "licensing", "actor": "China", "days": "9999"},
    {"kind": "quota", "actor": "China", "tonnes": "5"},
    {"kind": "quota", "actor": "Germany", "tonnes": "5", "until": "2027-01"},
    {"kind": "loan", "actor": "EU", "budget": "5", "firm": " "},
    {"kind": "coalition", "actor": "EU", "members": ["China", "EU"]},
    {"kind": "coalition", "actor": "EU", "members": ["EU", "Japan"], "outside": ["Japan"]},
    {"kind": "suspension", "actor": "China", "of": "T059", "from": "2024-02"},
    {"kind": "concession", "actor": "Japan"},
    "no act",
)


def act_refused(act: Any) -> InputError:
    return refused(lambda: check_setting(acts=[act]).asked())


@pytest.mark.parametrize("act", NO_ACT, ids=str)
def test_an_act_that_does_not_fit_is_refused_in_the_reader_s_words(act: Any) -> None:
    error = act_refused(act)
    said = check(error)
    assert said.startswith("Act 1")


@pytest.mark.parametrize("kind", kinds_in_order())
def test_each_field_of_each_kind_is_named_as_the_form_names_it(kind: str) -> None:
    for name, field in KINDS[kind].fields.items():
        whole: dict[str, Any] = {
            **(
                {"actor": "China" if kind in ("ore_in_quota", "supply_order") else "EU"}
                if KINDS[kind].actor
                else {}
            ),
            **({"until": "2028-01"} if KINDS[kind].end else {}),
        }
        for other, known in KINDS[kind].fields.items():
            if known.required:
                whole[other] = known.options[0] if known.options else 1
        error = refused(
            lambda whole=whole, name=name, field=field: check_acts(  # type: ignore[misc]
                STORY, [{"kind": kind, **whole, name: KIND[field.check]}]
            )
        )
        said = check(error)
        assert kind_words(kind).label in said


def test_what_the_form_sends_is_refused_in_its_own_units() -> None:
    error = refused(lambda: as_typed({"kind": "import_tariff", "fields": {"rate": "900"}}))
    assert check(error) == "Rate “900” does not fit. Use a number from 0 to 200 (% of the price)."
    error = refused(lambda: as_typed({"kind": "loan", "fields": {"budget": "much"}}))
    assert "“much” is not a number" in check(error)


def test_an_assumption_of_an_earlier_version_is_named_with_what_took_its_place() -> None:
    first, second = open_search("p.delay_months=99&p.price_eta=0.5")[1]
    now = refusal_in_words(first.problem).partition("”")[0]
    assert check(second.problem).startswith("Parameter “price_eta” is of an earlier version.")
    assert "Leave it out, or set “How fast holders think that use can do with less" in check(
        second.problem
    )
    assert now.startswith("Parameter “Mean delay")


@pytest.mark.parametrize("kind", ["licensing", "firm_stock"])
def test_two_acts_that_contradict_each_other(kind: str) -> None:
    act: Mapping[str, Any] = (
        {"kind": kind, "actor": "China", "from": "2027-01"}
        if kind == "licensing"
        else {"kind": kind, "cover": 3}
    )
    error = refused(lambda: check_acts(STORY, [act, act]))
    assert "meets act 1" in check(error)


@pytest.mark.parametrize("lever", list(all_levers()))
def test_a_lever_s_range_is_told(lever: str) -> None:
    said = check(refused(lambda: check_lever(lever, "99999")))
    assert "“99999”" in said


@pytest.mark.parametrize(("search", "_"), BAD, ids=[search[:40] for search, _ in BAD])
def test_each_bad_link_is_told_with_what_stands_now(search: str, _: str) -> None:
    error = refused(lambda: read_query(search))
    check(error)
    for said in left_out_in_words(open_search(search)[1]):
        assert re.search(
            r"(?:It (?:stands at .*|was left out)|1 act beyond them was left out)\.$", said
        ), said
        assert not SNAKE.search(QUOTED.sub("", said)), said


TABLES = (
    ("cover", ""),
    ("cover", "nothing,here\n1,2"),
    ("cover", "kind,state,months_medan\nautomotive,Japan,2"),
    ("cover", "kind,state,months_median\nautomotive,Japan,many"),
    ("cover", "kind,state,months_median\nautomotive,Japan,9999"),
    ("cover", "kind,state,months_median\nautomotive,Jpan,2"),
    ("cover", "kind,state,months_low,months_median,months_high\nautomotive,Japan,5,2,3"),
    ("cover", "kind,state,months_median\nautomotive,Japan,2\nautomotive,Japan,3"),
    ("trade_prior", "good,origin,destination,share\nmagnet_standard,China,Japan,0.99"),
    (
        "projects",
        "name,process,state,tonnes_per_year,first_month,patient\nMine,separate_heavy,"
        "Australia,5000,2020-01,0",
    ),
)


@pytest.mark.parametrize(("name", "text"), TABLES, ids=[f"{n} {t[-30:]}" for n, t in TABLES])
def test_a_table_that_does_not_fit(name: str, text: str) -> None:
    error = refused(lambda: with_csv(STORY, name, text))
    said = check(error)
    assert said[:5] in ("Your ", "Stock", "Trade", "Plant", "Table")


FILES = (
    "",
    "PK\x03\x04",
    "x: [",
    "name: a\nstart: 2024-01\nevil: 1",
    "name: a\nstart: 2024-01\nmonths: 9999",
    "name: a\nstart: 2024-01\nevents:\n- {date: 2025-01-01, kind: dual_use_bann, actor: China}",
    "name: a\nstart: 2024-01\nevents:\n- {date: soon, kind: licensing, actor: China}",
    "name: a\nstart: 2024-01\nparameters: {share_sped: 1}",
    "name: a\nstart: 2024-01\ngovernments: {China: bold}",
    "name: a\nstart: 2024-01\ntables: {plants: []}",
)


@pytest.mark.parametrize("text", FILES)
def test_a_file_that_does_not_fit(text: str) -> None:
    error = refused(lambda: uploaded_scenario("mine.yaml", text))
    check(error)


@given(st.text(max_size=80))
@settings(max_examples=100)
def test_whatever_was_written_is_quoted(text: str) -> None:
    error = unknown_value_error("state", text, ("Japan",))
    with speaking("de"):
        refusal_in_words(error)
    assert refusal_in_words(error).startswith("State “")


def test_what_is_said_is_said_in_the_language_of_the_page() -> None:
    error = act_refused({"kind": "loan", "actor": "China", "budget": "5"})
    with speaking("de"):
        said = refusal_in_words(error)
    assert said != refusal_in_words(error)
    assert "Choose" not in said


@pytest.mark.parametrize("language", ["en", "de", "ja"])
def test_a_list_of_long_names_ends_and_says_how_many_follow(language: str) -> None:
    with speaking(language):
        (told,) = left_out_in_words(open_search("p.zz=1")[1])
    assert len(told) < 800
    beyond = len(load_parameters()) - 20  # a list has twenty names at most
    assert str(beyond) in told, "it does not say how many follow"
