"""Pasted rows: the text that a page offers, what is made of one that comes back, and the link."""

from __future__ import annotations

import base64
import json
import zlib

import pytest

from coercivity.experiments.lab.link import open_query, to_query
from coercivity.experiments.lab.own_rows import (
    SUFFIX,
    columns_of,
    own_rows,
    own_yaml,
    shipped_below,
    state_csv,
    with_csv,
    with_tables,
    without_row,
)
from coercivity.experiments.lab.own_scenario import decode_scenario, encode_scenario
from coercivity.experiments.lab.setting import LabSetting, check_setting, quiet_scenario
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.overlay import NO_ROWS, OWN_TABLES
from coercivity.model.scenario.scenario import (
    Scenario,
    load_scenario,
    load_shipped,
    parse_scenario,
    with_changes,
)
from coercivity.viz.words.lab_text import twin_words
from tests.refusal import refusal

PLANT = (
    "name,process,state,tonnes_per_year,first_month\n"
    "My plant,separate_heavy,Australia,5000,2026-01\n"
)


def shipped() -> Scenario:
    return load_shipped("japan-2026")


def with_cars(months: str = "4") -> Scenario:
    text = state_csv(shipped(), "cover", "Japan")
    changed = text.replace("automotive,Japan,0.3,1,2.5", f"automotive,Japan,0.3,{months},2.5")
    assert changed != text
    return with_csv(shipped(), "cover", changed)


@pytest.mark.parametrize("name", OWN_TABLES)
@pytest.mark.parametrize("start", ["japan-2026", "embargo-2010"])
def test_the_text_of_a_state_says_nothing_new(name: str, start: str) -> None:
    scenario = load_scenario(start)
    for state in ("Japan", "China", "Brazil"):
        text = state_csv(scenario, name, state)
        assert text.splitlines()[0] == ",".join(columns_of(name))
        assert with_csv(scenario, name, text) is scenario


def test_only_what_was_changed_is_kept() -> None:
    mine = with_cars()
    assert (mine.name, shipped_below(mine)) == (f"japan-2026{SUFFIX}", "japan-2026")
    row = (("kind", "automotive"), ("state", "Japan"), ("months_median", 4.0))
    assert mine.tables == (("cover", (row,)),)
    again = state_csv(mine, "cover", "Japan")
    assert "automotive,Japan,1.2,4,10\n" in again
    assert with_csv(mine, "cover", again) == mine
    assert with_csv(mine, "cover", state_csv(shipped(), "cover", "Japan")) == shipped()
    held = with_csv(mine, "cover", again.replace("1.2,4,10", "1,4,6"))
    assert dict(held.tables[0][1][0])["months_high"] == 6.0


def test_tables_are_pasted_one_after_the_other_and_taken_back() -> None:
    mine = with_csv(with_cars(), "projects", PLANT)
    assert [name for name, _, _ in own_rows(mine)] == ["cover", "projects"]
    assert own_rows(mine)[1][2] is None  # no shipped row
    wind = "kind\tstate\tmonths_median\nwind\tJapan\t5\n"  # as a spreadsheet copies
    more = with_csv(mine, "cover", wind)
    assert [dict(row)["kind"] for row in more.tables[0][1]] == ["wind", "automotive"]
    less = without_row(more, "cover", ("wind", "Japan"))
    assert less == mine
    plant = without_row(less, "projects", ("2026-01", "My plant", "separate_heavy"))
    assert plant == with_cars()
    assert with_tables(more, NO_ROWS) is shipped()


def test_semicolons_quotes_and_empty_cells_are_read() -> None:
    text = "\ufeffname;process;state;tonnes_per_year;first_month;patient;note\n"
    text += '"My; plant";separate_heavy;Australia;5000;2026-01;;a "good" one\n\n;;;;;;\n'
    rows = own_rows(with_csv(shipped(), "projects", text))
    assert (rows[0][1]["name"], rows[0][1]["patient"]) == ("My; plant", 0)


def test_a_scenario_of_ones_own_keeps_its_name() -> None:
    own = parse_scenario("name: mine\nstart: 2024-01\nmonths: 24\n")
    mine = with_csv(own, "projects", PLANT)
    assert (mine.name, shipped_below(mine)) == ("mine", "")
    assert with_tables(mine, NO_ROWS) == own
    assert decode_scenario(encode_scenario(mine)) == mine


def test_the_link_and_the_file_hold_the_rows() -> None:
    setting = check_setting(own=with_csv(with_cars(), "projects", PLANT), levers={"firms_stock": 2})
    query = to_query(setting)
    assert len(query) < 500  # a shipped scenario is named, not written out
    opened = open_query(query)
    assert opened == setting
    assert opened.asked().fingerprint() == setting.asked().fingerprint()
    assert parse_scenario(setting.asked().to_yaml()) == setting.asked()
    assert setting.asked().tables == setting.shipped.tables


def test_a_link_that_was_cut_or_changed_is_refused() -> None:
    with pytest.raises(InputError, match="was cut or changed"):
        decode_scenario(encode_scenario(with_cars())[:-20])
    for written, words in (
        ({"of": "nowhere"}, "'nowhere' is not known"),
        ({"of": ["japan-2026"]}, "is not known"),
        ({"of": "japan-2026", "tables": {"goods": []}}, "takes no rows of your own"),
        ({"of": "japan-2026", "tables": [1]}, "is not a mapping"),
    ):
        text = base64.urlsafe_b64encode(zlib.compress(json.dumps(written).encode())).decode()
        with pytest.raises(InputError, match=words):
            decode_scenario(text.rstrip("="))


def test_the_twin_of_own_rows_has_the_shipped_ones() -> None:
    mine = with_cars()
    setting = LabSetting().with_own(mine)
    assert twin_words(setting) == "with the shipped numbers"
    assert setting.base() == shipped()
    assert setting.base_setting() == setting.with_own(shipped()) == LabSetting()
    assert check_setting(own=mine, levers={"firms_stock": 2}).base() == mine
    changed = with_changes(mine, months=30, parameters={"share_speed": 0.2})
    assert quiet_scenario(mine).tables == changed.tables == mine.tables


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("cover", "", "it is empty; write the columns 'kind,state,months_low,"),
        ("cover", "hello", "the first line 'hello' names no column of cover"),
        ("cover", "kind,state,months\nwind,Japan,3\n", "column 'months' is not known"),
        ("cover", "kind,months_median\nwind,4\n", "row 1, column state: it is missing"),
        ("cover", "kind,state,months_median\nwind,Japan,1\nwind,China,400\n", "row 2, column mon"),
        ("cover", "kind,state,state\nwind,Japan,Japan\n", "column 'state' stands twice; keep one"),
        ("cover", "kind,state\n" + "wind,Japan\n" * 501, "501 rows are too many; use at most 500"),
        ("cover", "kind,state\n" + "wind,Japan\n" * 10_000, "at most 100,000"),
        ("projects", PLANT.replace("5000", "5,000"), "row 1: 6 cells"),
        ("plants", PLANT, "write a new plant under 'projects'"),
        ("stocks", PLANT, "takes no rows of your own"),
        ("projects", PLANT.replace("My plant", "Nolans"), "'Nolans' is a plant of the start"),
    ],
)
def test_a_text_that_does_not_fit_costs_one_sentence(name: str, text: str, words: str) -> None:
    caught = refusal(with_csv, with_cars(), name, text)
    assert caught.startswith("your table")
    assert words in caught


def test_rows_are_printed_as_a_scenario_file_has_them() -> None:
    own = parse_scenario(
        f"name: mine\nstart: 2024-01\n{own_yaml('projects', '2024-01', 'Australia')}"
    )
    assert [name for name, _ in own.tables] == ["projects"]
    assert set(own_yaml(None, "2009-01", "Japan").split()) > {"cover:", "trade_prior:"}
    for wrong in (("goods", "2024-01", "Japan"), ("cover", "2010-01", "Japan")):
        with pytest.raises(InputError, match=r"goods|2010-01"):
            own_yaml(*wrong)
