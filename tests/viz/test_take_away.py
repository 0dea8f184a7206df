"""What a visitor takes away holds what the page shows: tables, the scenario file, the report, the words to cite."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from coercivity.experiments.lab.history import History
from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.experiments.quantities.headlines import headline_table
from coercivity.experiments.worlds.spreadsheet_cells import as_written
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.results.result import TABLES, model_version
from coercivity.model.scenario.scenario import Scenario, parse_scenario
from coercivity.viz.server import exports, lab_jobs
from coercivity.viz.server.lab_jobs import result_of
from coercivity.viz.server.uploads import uploaded_scenario
from tests.viz.test_briefing import histories
from tests.viz.test_briefing_language import picture

SEED = 5


@cache
def setting() -> LabSetting:
    """Two years of a scenario of the visitor's own, with levers moved."""
    shipped = LabSetting().shipped.to_dict() | {"months": 30, "title": "A <b>bold</b> ban"}
    shipped["events"] = [event for event in shipped["events"] if event["date"] < "2026-06"]
    own = uploaded_scenario("mine.yaml", json.dumps(shipped))
    return check_setting(
        own=own,
        seed=SEED,
        levers={"china_measure": 5, "firms_stock": 1},
        assumptions={"share_speed": 0.2},
    )


@cache
def asked() -> Scenario:
    return setting().asked()


def read(text: str) -> tuple[str, pd.DataFrame]:
    head, _, rest = text.partition("\n")
    return head, pd.read_csv(io.StringIO(rest), keep_default_na=False, na_values=[""])


def texts(values: pd.Series) -> list[str]:
    """A column as text, nothing for what is missing."""
    return values.astype(object).where(values.notna(), "").astype(str).tolist()


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_that_of_the_run(name: str) -> None:
    head, shown = read(exports.table_csv(asked(), SEED, "Japan", name))
    table = result_of(asked(), SEED).table(name)
    if name == "trade":
        table = table[(table["origin"] == "Japan") | (table["destination"] == "Japan")]
    elif name in exports.BY_STATE:
        table = table[table["state"] == "Japan"]
    assert list(shown.columns) == list(table.columns)
    assert len(shown) == len(table) > 0 or name == "decisions"
    for column in table:
        told, given = table[column].reset_index(drop=True), shown[column]
        if pd.api.types.is_numeric_dtype(told):
            pd.testing.assert_series_equal(
                given.astype(float), told.astype(float), rtol=1e-8, check_exact=False
            )
        else:
            assert texts(given) == texts(told), column
    only = ", rows of Japan only" if name in exports.BY_STATE else ""
    assert head.startswith(
        f"# coercivity {model_version()}, scenario {asked().name} ({asked().fingerprint()}), seed {SEED}, table {name}{only}; units: "
    )


@cache
def hostile() -> Scenario:
    """A short scenario of a visitor whose words a spreadsheet would compute."""
    act = {
        "date": "2024-02-01",
        "kind": "remark",
        "actor": "China",
        "targets": ["Japan"],
        "id": "=1+1",
        "text": "=HYPERLINK(1)",
        "severity": 0.3,
    }
    raw = {
        "name": "x,=cmd()",
        "title": "=1+1",
        "why": "@why",
        "start": "2024-01",
        "months": 3,
        "events": [act, {**act, "id": "-x", "text": "-said, and more"}],
    }
    return parse_scenario(json.dumps(raw))


def test_no_cell_of_a_table_is_a_formula_and_each_is_read_back() -> None:
    head, shown = read(exports.table_csv(hostile(), SEED, "Japan", "events"))
    texts = [str(one) for name in shown for one in shown[name] if isinstance(one, str)]
    assert [one for one in texts if "HYPERLINK" in one or "said" in one]
    assert not [one for one in texts if one.startswith(("=", "+", "-", "@"))]
    table = result_of(hostile(), SEED).table("events")
    for name in shown:
        assert [as_written(one) for one in shown[name].dropna()] == list(table[name].dropna()), name
    assert ",=" not in head
    signed = [
        name
        for name in TABLES
        if "-"
        in exports.table_csv(hostile(), SEED, "Japan", name).partition("\n")[2].replace("e-", "")
    ]
    assert signed, "no table holds a negative number, so this shows nothing"


@pytest.mark.parametrize("state", ["Japan", "Germany"])
def test_headlines_are_those_of_the_page(state: str) -> None:
    since = story_day(setting().shipped)
    values = History(result_of(asked(), SEED)).headlines(since, state)
    shown = pd.read_csv(io.StringIO(exports.headlines_csv(asked(), SEED, since, state)))
    assert list(shown["id"]) == [row.id for row in headline_table(Facts.default(), state)]
    for name, value in zip(shown["id"], shown["value"], strict=True):
        assert (
            pd.isna(value)
            if values[name] is None
            else value == pytest.approx(values[name], rel=1e-8)
        )
    assert shown["value"].notna().sum() > 20


def test_the_scenario_file_gives_the_same_headlines_in_a_terminal(tmp_path: Path) -> None:
    text = exports.scenario_yaml(asked(), SEED, story_day(setting().shipped))
    assert f"coercivity run FILE --seed {SEED}" in text.splitlines()[0]
    assert parse_scenario(text) == asked()
    file = tmp_path / "taken.yaml"
    file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "coercivity", "run", str(file), "--seed", str(SEED), "--json"]
    told = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    document = json.loads(told.stdout)
    found = {row["id"]: row["median"] for row in document["headlines"]}
    assert (document["seeds"], document["version"]) == ([SEED], model_version())
    shown = History(result_of(asked(), SEED)).headlines(story_day(setting().shipped))
    assert found == {
        name: None if value is None else pytest.approx(value, rel=1e-9, abs=1e-12)
        for name, value in shown.items()
    }


def test_the_report_has_the_link_and_the_ranges_where_histories_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shipped = check_setting(levers={"japan_stockpile": 4}, seed=SEED)
    short = (result_of(asked(), SEED), result_of(setting().base(), SEED))
    given = iter(short)
    monkeypatch.setattr(exports, "result_of", lambda scenario, seed: next(given))
    held = {number: one.packed() for number, one in histories(5.0).drawn.items()}
    monkeypatch.setattr(
        lab_jobs, "stored_draw", lambda scenario, fixed, number, state, since: held[number]
    )
    page = exports.report(shipped, "http://127.0.0.1:8765")
    told = re.sub(r"<[^>]*>", "|", page)
    assert ": State stockpile at 4 months of use, against the same with no lever" in told
    assert "Japan: many histories" in told
    assert "The first table is of 20 histories; the second, figures and events are of" in told
    assert "|?scenario=japan-2026&amp;seed=5" in told
    assert "127.0.0.1" not in told


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("docx", b"PK"),
        ("pdf", b"%PDF-"),
        ("pptx", b"PK"),
        ("html", b"<!doctype html>"),
        ("zip", b"PK"),
    ],
)
def test_a_briefing_is_made_in_every_form(
    monkeypatch: pytest.MonkeyPatch, form: str, begins: bytes
) -> None:
    for module in ("briefing_charts", "briefing_slides"):  # drawn in test_briefing.py
        monkeypatch.setattr(
            f"coercivity.viz.documents.{module}.chart_png", lambda *_, **__: picture()
        )
    held = {number: one.packed() for number, one in histories(5.0, 30).drawn.items()}
    monkeypatch.setattr(lab_jobs, "draw", lambda scenario, fixed, number, *_: held[number])
    data = exports.briefing(setting(), "dysprosium_oxide", "", form, "2026-11-28")
    assert data.startswith(begins)
    if form == "html":
        assert "Made on 28 November 2026 with Coercivity" in data.decode()


def test_a_report_whose_histories_are_not_all_kept_says_that_it_is_one_history(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lab_jobs, "stored_draw", lambda *_: None)
    page = exports.report(setting())
    assert "One history, seed 5" in page
    assert "many histories" not in page.replace("Ranges of many histories stand on the page", "")
    assert "A &lt;b&gt;bold&lt;/b&gt; ban" in page


def test_a_table_that_is_none_or_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"table 'price' is not known; did you mean 'prices'"):
        exports.table_csv(asked(), SEED, "Japan", "price")
    monkeypatch.setattr(exports, "MOST_BYTES", 1000)
    with pytest.raises(
        InputError, match=r"table prices has 0 MB; take the scenario file and write"
    ):
        exports.table_csv(asked(), SEED, "Japan", "prices")


def test_a_scenario_file_says_what_a_terminal_would_tell_otherwise() -> None:
    told = exports.scenario_yaml(asked(), SEED, "2026-01-06", "United States").splitlines()[:2]
    assert told[0].endswith(f'coercivity run FILE --seed {SEED} --state "United States"')
    assert "the page counts headline numbers from 2026-01-06, the terminal from " in told[1]
