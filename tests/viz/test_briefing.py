"""The briefing: what stands in it is what the histories say, and both files hold it."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape

import numpy as np
import pytest

from coercivity.experiments.lab.histories import Drawn, Histories
from coercivity.experiments.lab.setting import LabSetting, checked
from coercivity.viz.drawn.briefing_files import briefing_docx, briefing_html, chart_png
from coercivity.viz.words.briefing import Asked, Briefing, briefing, changes, misses
from coercivity.viz.words.lab_answer import beside, many_histories
from coercivity.viz.words.lab_text import question_of

RECORD = [
    {
        "verdict": verdict,
        "error": error,
        "what": what,
        "span": "2025-05",
        "record": "10 ± 2 %",
        "model": "50 (40 to 60)",
    }
    for verdict, error, what in (
        ("FAIL", 2.0, "Japan price dysprosium oxide"),
        ("FAIL", 7.0, "China exports magnet standard"),
        ("FAIL", 5.0, "EU price dysprosium oxide"),
        ("PASS", 0.1, "World price dysprosium oxide"),
    )
]
SETTING = checked(
    levers={"japan_stockpile": 2, "china_measure": 5},
    assumptions={"share_speed": 0.2},
    changes=[("2027-03", "firms_switch", 50)],
)


def histories(lost: float) -> Histories:
    found = Histories(at=24)
    for number in range(20):
        by = 1.0 + 0.02 * number
        line = np.full(180, 100.0 * by)
        found.add(
            number,
            Drawn(
                {
                    "first_stop_days": 90.0 * by,
                    "output_lost_24m": lost * by,
                    "cost_paid_24m": 1.0 * by,
                    "firms_stopped_share": 0.3 * by,
                    "dependence_separated_before": 0.7,
                    "dependence_separated_end": 0.4 * by,
                },
                {
                    "prices/dysprosium_oxide": line,
                    "output/all": line / 150,
                    "dependence/all": line / 200,
                },
                True,
                180,
            ),
        )
    return found


@pytest.fixture(scope="module")
def held() -> Briefing:
    asked = Asked(
        SETTING,
        question_of(SETTING),
        "dysprosium_oxide",
        "http://127.0.0.1:8765/?seed=1&lever=" + "x" * 400,  # as long as a link may be
        "Coercivity <cited>.",
    )
    why = ["No plant is begun for it."]
    return briefing(asked, histories(5.0), histories(10.0), why, RECORD)


def test_what_is_set_stands_in_a_table_of_what_differs() -> None:
    rows = {row.what: (row.shipped, row.here) for row in changes(SETTING)}
    assert rows["State stockpile, held since 2024-01"] == ("0 months of use", "2 months of use")
    assert rows["Measure against Japan, from 2026-01"] == (
        "as the scenario has it",
        "ban on everything",
    )
    assert rows["Turning away from Chinese suppliers, from 2027-03"] == ("", "50 %")
    assert any("share_speed" in what for what in rows)
    assert len(rows) == 4
    assert changes(LabSetting()) == ()


def test_answer_and_table_are_those_of_the_page(held: Briefing) -> None:
    question = question_of(SETTING)
    mine, twin = histories(5.0), histories(10.0)
    assert held.told == many_histories(mine, twin, question)
    assert [(row.what, row.here, row.twin, row.apart) for row in held.sure] == [
        (row.label, row.here, row.there, row.apart) for row in beside(mine, twin, question)
    ]
    assert "better in 20 of 20, worse in 0" in {row.how for row in held.sure}
    assert [chart.id for chart in held.charts] == ["prices", "output", "dependence"]
    assert all(chart.caption.endswith("scenario japan-2026.") for chart in held.charts)


def test_misses_are_those_of_the_good_and_the_worst_come_first() -> None:
    told = misses(RECORD, "dysprosium_oxide")
    assert [text.split(",")[0] for text in told] == [
        "EU price dysprosium oxide",
        "Japan price dysprosium oxide",
    ]
    assert told[0].endswith("on record 10 ± 2 %, in the model 50 (40 to 60).")
    assert len(misses(RECORD, "terbium_oxide")) == 3  # nothing of it was wrong: the worst of all


def test_the_word_file_holds_all_of_it(held: Briefing) -> None:
    from docx import Document

    document = Document(io.BytesIO(briefing_docx(held)))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    for sentence in (*held.told.sentences, *held.why, *held.misses, *held.limits, held.citation):
        assert sentence in text
    assert held.link in text
    for row in held.sure:
        assert {row.what, row.here, row.apart, row.how} <= set(cells)
    assert {"State stockpile, held since 2024-01", "2 months of use"} <= set(cells)
    assert held.why_of in text
    assert len(document.inline_shapes) == 3
    with zipfile.ZipFile(io.BytesIO(briefing_docx(held))) as parts:
        assert not any("http" in name for name in parts.namelist())


def test_the_html_file_holds_all_of_it_and_asks_nobody(held: Briefing) -> None:
    page = briefing_html(held)
    assert page == briefing_html(held)
    for sentence in (*held.told.sentences, *held.why, *held.misses):
        assert sentence.replace("'", "&#39;") in page
    assert "Coercivity &lt;cited&gt;." in page
    assert page.count("data:image/png;base64,") == 3
    assert re.findall(r'(?:src|href)="(?!data:)([^"]*)"', unescape(page)) == [held.link]


def test_a_chart_stands_alone(held: Briefing) -> None:
    picture = chart_png(held.charts[0])
    assert picture.startswith(b"\x89PNG")
    assert picture == chart_png(held.charts[0])
